"""How a layer's time grows with the size of its work: linearly, as these curves show.

    python benchmarks/sizes.py [--seconds 4] [--into FOLDER] [--json out.json]

One quantity grows at a time: the pixels, the input's channels, the taps of the kernel, the batch.
Each figure is the best of its turns: what else runs on the machine only adds to it, and to the long
ones more. "power" is that of the quantity by which the time grows over the upper half of the sizes,
fitted: 1 is linear. With --into, the curves are drawn there as sizes.png and sizes.svg, both axes
logarithmic.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ours import layer_call
from timing import interleaved, timer
from workloads import Workload

BASE = {"side": 56, "channels": 32, "kernel": 3, "batch": 1}
LAYERS = ("Conv2D", "Conv2DTranspose", "DepthwiseConv2D", "UpSampling2D")
FILTERS = 32


class Growth(NamedTuple):
    """One quantity that grows.

    Args:
        changes: which entry of `BASE`.
        sizes: what it becomes.
        power: of that entry, which makes the quantity: a side of 10 is 100 pixels.
    """

    changes: str
    sizes: tuple[int, ...]
    power: int = 1

    def quantities(self) -> list[int]:
        return [size**self.power for size in self.sizes]


GROWTHS = {
    "pixels": Growth("side", (8, 16, 32, 64, 128, 256, 512), power=2),
    "channels": Growth("channels", (4, 8, 16, 32, 64, 128, 256, 512)),
    "taps": Growth("kernel", (1, 2, 3, 5, 7, 9, 11), power=2),
    "batch": Growth("batch", (1, 2, 4, 8, 16, 32)),
}


def workload(layer: str, side: int, channels: int, kernel: int, batch: int) -> Workload:
    if layer == "UpSampling2D":
        arguments: dict[str, Any] = {"size": 2, "interpolation": "bilinear"}
    else:
        arguments = {"kernel_size": kernel, "padding": "same"}
    if layer in ("Conv2D", "Conv2DTranspose"):
        arguments["filters"] = FILTERS
    if layer == "Conv2DTranspose":
        arguments["strides"] = 2
    return Workload(layer, layer, arguments, (batch, side, side, channels))


def seconds_at(layer: str, growth: Growth, seconds: float) -> list[float]:
    """The seconds of a call at each size."""
    timers = {}
    for size in growth.sizes:
        work = workload(layer, **BASE | {growth.changes: size})
        timers[str(size)] = timer(layer_call(work, *work.arrays()))
    times = interleaved(timers, seconds, behind=math.inf)
    return [min(times[str(size)]) for size in growth.sizes]


def fitted_power(quantities: list[int], times: list[float]) -> float:
    half = len(times) // 2
    return float(np.polyfit(np.log(quantities[half:]), np.log(times[half:]), 1)[0])


def draw(curves: dict[str, dict[str, list[float]]], folder: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure((11, 3.4), layout="constrained")
    panels = figure.subplots(1, len(curves), sharey=True)
    for axes, (name, layers) in zip(panels, curves.items(), strict=True):
        quantities = GROWTHS[name].quantities()
        for layer, times in layers.items():
            axes.loglog(quantities, [t * 1e6 for t in times], ".-", label=layer)
        ends = quantities[0], quantities[-1]
        last = max(times[-1] for times in layers.values()) * 1e6
        axes.loglog(ends, (last * ends[0] / ends[1], last), ":", color="grey", label="linear")
        axes.set_xlabel(name)
        axes.grid(alpha=0.3)
    panels[0].set_ylabel("microseconds")
    panels[0].legend(fontsize="small")
    for suffix in ("png", "svg"):
        figure.savefig(folder / f"sizes.{suffix}", dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4.0, help="how long a curve is timed")
    parser.add_argument("--into", type=Path, help="a folder for the drawn curves")
    parser.add_argument("--json", type=Path, help="where all figures go")
    options = parser.parse_args()
    curves: dict[str, dict[str, list[float]]] = {}
    for name, growth in GROWTHS.items():
        heads = "".join(f"{quantity:>9}" for quantity in growth.quantities())
        print(f"{name + ', microseconds':<24}{heads}{'power':>8}")
        curves[name] = {}
        for layer in LAYERS:
            if name == "taps" and layer == "UpSampling2D":
                continue
            times = seconds_at(layer, growth, options.seconds)
            curves[name][layer] = times
            shown = "".join(f"{t * 1e6:>9.0f}" for t in times)
            print(f"{layer:<24}{shown}{fitted_power(growth.quantities(), times):>8.2f}", flush=True)
        print()
    if options.into:
        draw(curves, options.into)
    if options.json:
        options.json.write_text(json.dumps({"base": BASE, "seconds": curves}, indent=1))


if __name__ == "__main__":
    main()
