"""Time every workload against PyTorch, TensorFlow, Keras and JAX, in turn, in one process.

    python benchmarks/layers.py [--seconds 2] [--only 3x3] [--peers torch,tf,keras,jax]
                                [--threads 2] [--best] [--load 2] [--json out.json]

The table has the median microseconds of a call: ours is the public `layer(x)`, a peer's the fastest
of its ways (benchmarks/peers). "ratio" is ours over the best peer's: below 1, convlab is faster.
"peak" is the part of the processor's peak that ours reaches, measured just before (peak.py); taps
in the padding count as work. An exclamation mark says that a workload's target is missed. Before
anything is timed, all results are compared. On a machine that others keep busy, the medians are
unfair to who uses more threads: --best takes everyone's best turn instead.

With --load, so many processes that never rest share the processors meanwhile, and one more column
tells our time over our own time with a single thread.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import statistics
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import peers
from timing import Timer, interleaved, timer
from workloads import WORKLOADS, Workload

TOLERANCE = {"float32": 1e-4, "float64": 1e-12}  # of the largest value
SERIAL = "serial"
OVER_SERIAL = 1.2  # at most, on a busy machine
WORST = 5  # workloads that the summary names


def measured(
    work: Workload, found: dict[str, ModuleType], serial: Any, options: argparse.Namespace
) -> dict[str, Any]:
    """One workload, timed: what goes into the JSON."""
    from ours import layer_call

    x, weights = work.arrays()
    call = layer_call(work, x, weights)
    expected = call()
    timers: dict[str, Timer] = {"convlab": timer(call)}
    with contextlib.ExitStack() as contexts:
        for name, module in found.items():
            contexts.enter_context(module.running())
            for way, peer in module.calls(work, x, weights).items():
                compare(work, f"{name} ({way})", peer.to_numpy(peer.run()), expected)
                timers[f"{name} ({way})"] = timer(peer.run)
        if serial:
            timers[SERIAL] = serial.timer(work)
        times = interleaved(timers, options.seconds)
    medians = {way: statistics.median(kept) * 1e6 for way, kept in times.items()}
    best = {way: min(kept) * 1e6 for way, kept in times.items()}
    return {
        "name": work.name,
        "group": work.group,
        "layer": work.layer,
        "arguments": work.arguments,
        "shape": work.shape,
        "dtype": work.dtype,
        "operations": work.operations(expected.shape),
        "turns": len(times["convlab"]),
        "median_us": medians,
        "best_us": best,
        **summed_up(best if options.best else medians, work.operations(expected.shape)),
    }


def compare(work: Workload, name: str, result: np.ndarray, expected: np.ndarray) -> None:
    if result.shape != expected.shape:
        raise SystemExit(f"{work.name}: {name} gives {result.shape}, convlab {expected.shape}")
    error = np.abs(result - expected).max() / np.abs(expected).max()
    if not error < TOLERANCE[work.dtype]:
        raise SystemExit(f"{work.name}: {name} and convlab differ by {error:.1e} of the largest")


def summed_up(times: dict[str, float], operations: int) -> dict[str, Any]:
    """What the microseconds of all ways say: every peer's fastest, and how ours compares."""
    fastest: dict[str, float] = {}
    for way, time in times.items():
        peer = way.partition(" ")[0]
        fastest[peer] = min(time, fastest.get(peer, time))
    ours = fastest.pop("convlab")
    alone = fastest.pop(SERIAL, None)
    return {
        "convlab_us": ours,
        "peers_us": fastest,
        "ratio": ours / min(fastest.values()) if fastest else None,
        "gflops": operations / ours / 1e3 if operations else None,
        "over_serial": ours / alone if alone else None,
    }


def missed(work: Workload, row: dict[str, Any]) -> list[str]:
    """Which of a workload's targets are missed: "time", "ratio", "peak", "serial"."""
    target = work.target
    return [
        name
        for name, miss in {
            "time": row["convlab_us"] > target.microseconds,
            "ratio": row["ratio"] is not None and row["ratio"] > target.ratio,
            "peak": target.peak is not None and row["peak"] < target.peak,
            "serial": (row["over_serial"] or 0) > OVER_SERIAL,
        }.items()
        if miss
    ]


class Table:
    """Printed line by line, as the workloads are done."""

    def __init__(self, found: dict[str, ModuleType], load: int) -> None:
        self._peers, self._load = list(found), load

    def head(self) -> None:
        names = "".join(f"{name:>10}" for name in ("convlab", *self._peers))
        more = f"{'/ serial':>10}" if self._load else ""
        print(f"{'microseconds':<38}{names}{'ratio':>9}{'GFLOP/s':>9}{'peak':>8}{more}")

    def line(self, row: dict[str, Any]) -> None:
        def shown(value: float | None, form: str, name: str = "") -> str:
            return "" if value is None else f"{value:{form}}{'!' if name in row['missed'] else ' '}"

        text = f"{row['name']:<38}{shown(row['convlab_us'], '.1f', 'time'):>10}"
        text += "".join(f"{shown(row['peers_us'].get(name), '.1f'):>10}" for name in self._peers)
        text += f"{shown(row['ratio'], '.2f', 'ratio'):>9}{shown(row['gflops'], '.0f'):>9}"
        text += f"{shown(row['peak'], '.0%', 'peak'):>8}"
        text += f"{shown(row['over_serial'], '.2f', 'serial'):>10}"
        print(text.rstrip(), flush=True)


def means(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The geometric mean of the ratios: of each group, and of all."""
    groups: dict[str, list[float]] = {}
    for row in rows:
        for name in (row["group"], "all"):
            groups.setdefault(name, []).append(row["ratio"])
    groups["all"] = groups.pop("all")  # the last line
    return {name: statistics.geometric_mean(ratios) for name, ratios in groups.items()}


def print_summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    summary: dict[str, Any] = {}
    if all(row["ratio"] for row in rows):
        summary["geometric_means"] = means(rows)
        slower = sorted((row for row in rows if row["ratio"] > 1), key=lambda row: -row["ratio"])
        summary["above_1"] = [row["name"] for row in slower]
        shown = ", ".join(f"{n} {mean:.2f}" for n, mean in summary["geometric_means"].items())
        print(f"\ngeometric means of the ratios: {shown}")
        print(f"slower than the best peer: {len(slower)} of {len(rows)}")
        for row in slower[:WORST]:
            print(f"    {row['name']:<38}{row['ratio']:6.2f}")
    if all(row["over_serial"] for row in rows):
        summary["over_serial"] = statistics.median(row["over_serial"] for row in rows)
        print(f"median over our serial time: {summary['over_serial']:.2f}")
    return summary


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a workload is timed")
    parser.add_argument("--only", default="", help="only workloads or groups whose name has this")
    parser.add_argument("--peers", default="torch,tf,keras,jax", help="which; none: ''")
    parser.add_argument("--threads", type=int, choices=(1, 2), default=2)
    parser.add_argument("--best", action="store_true", help="the best turns, not the medians")
    parser.add_argument("--load", type=int, default=0, help="how many busy processes beside it")
    parser.add_argument("--json", type=Path, help="where all figures go")
    return parser.parse_args()


def machine(found: dict[str, ModuleType], options: argparse.Namespace) -> dict[str, Any]:
    """What the figures depend on: the processor, its peak as measured now, the versions."""
    import numba
    from peak import peak, processor, vector_bits

    versions = {"numpy": np.__version__, "numba": numba.__version__}
    return {
        "processor": processor(),
        "vector_bits": vector_bits(),
        "threads": options.threads,
        "figures": "best" if options.best else "median",
        "busy_processes": options.load,
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "peak_gflops": {dtype: peak(dtype, options.threads) for dtype in TOLERANCE},
        "versions": versions | {name: module.version() for name, module in found.items()},
    }


def main() -> None:
    options = arguments()
    peers.limit_threads(options.threads)  # before anything imports Numba or a peer
    found = peers.installed([name for name in options.peers.split(",") if name], options.threads)
    from loaded import Serial, busy

    about = machine(found, options)
    peaks = about["peak_gflops"]
    told = ", ".join(f"{dtype} {value:.0f}" for dtype, value in peaks.items())
    print(f"{about['processor']}, threads: {options.threads}; peak in GFLOP/s: {told}")
    print(f"load of the machine before the start: {about['load_average'] or math.nan:.1f}")
    print(", ".join(f"{name} {version}" for name, version in about["versions"].items()))
    table = Table(found, options.load)
    table.head()
    rows = []
    with contextlib.ExitStack() as contexts:
        contexts.enter_context(busy(options.load))
        serial = contexts.enter_context(contextlib.closing(Serial())) if options.load else None
        for work in WORKLOADS:
            if options.only in f"{work.group}: {work.name}":
                row = measured(work, found, serial, options)
                row["peak"] = row["gflops"] and row["gflops"] / peaks[work.dtype]
                row["missed"] = missed(work, row)
                table.line(row)
                rows.append(row)
    summary = print_summary(rows)
    if options.json:
        options.json.write_text(json.dumps({**about, **summary, "workloads": rows}, indent=1))


if __name__ == "__main__":
    main()
