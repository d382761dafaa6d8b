"""How much memory a call takes at the most, beside what it cannot do without.

    python benchmarks/memory.py [--only Conv3D] [--json out.json]

Each workload has a fresh process. What it cannot do without is the input, the output and the
weights in the form that the kernels use, which is kept for the next call: those of a 3x3
convolution with stride 1 may be transformed from 3x3 to 4x4. "ratio" is the input and all that the
process grew by at any moment of the first call, over that; at most 1.2. "kept" is what it still has
when the output is dropped: weights in their form, plans, pooled buffers. Linux only: it reads and
resets the peak that /proc tells.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
from pathlib import Path
from typing import Any

from workloads import Workload

LIMIT = 1.2
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
MIB = 2**20

THREE = {"filters": 64, "kernel_size": 3, "padding": "same"}
ACROSS = {"kernel_size": 3, "padding": "same"}
WORKLOADS = [
    Workload("Conv2D 3x3", "Conv2D", THREE, (1, 512, 512, 64)),
    Workload("Conv2D 3x3, 62 filters", "Conv2D", THREE | {"filters": 62}, (1, 512, 512, 64)),
    Workload("Conv2D 3x3, mostly weights", "Conv2D", THREE | {"filters": 1024}, (1, 8, 8, 1024)),
    Workload("Conv2D 1x1", "Conv2D", THREE | {"kernel_size": 1}, (1, 512, 512, 64)),
    Workload("Conv2D 7x7/2", "Conv2D", THREE | {"kernel_size": 7, "strides": 2}, (8, 448, 448, 3)),
    Workload("Conv2D, dilated", "Conv2D", THREE | {"dilation_rate": 4}, (1, 512, 512, 64)),
    Workload("Conv2D, float64", "Conv2D", THREE, (1, 384, 384, 64), "float64"),
    Workload("Conv1D, causal", "Conv1D", THREE | {"padding": "causal"}, (1, 200_000, 64)),
    Workload("Conv3D", "Conv3D", THREE, (1, 16, 112, 112, 64)),
    Workload("DepthwiseConv2D", "DepthwiseConv2D", ACROSS, (1, 512, 512, 64)),
    Workload("SeparableConv2D", "SeparableConv2D", THREE, (1, 512, 512, 64)),
    Workload("Conv2DTranspose", "Conv2DTranspose", THREE | {"strides": 2}, (1, 256, 256, 64)),
    Workload("UpSampling2D", "UpSampling2D", {"size": 2}, (1, 256, 256, 64)),
    Workload(
        "UpSampling2D, bilinear",
        "UpSampling2D",
        {"size": 2, "interpolation": "bilinear"},
        (1, 256, 256, 64),
    ),
    Workload("ZeroPadding2D", "ZeroPadding2D", {"padding": 3}, (1, 512, 512, 64)),
    Workload("MaxPooling2D", "MaxPooling2D", {"pool_size": 2}, (1, 512, 512, 64)),
]


def status(entry: str) -> int:
    """A number of bytes of the process's own status: "VmRSS", "VmHWM"."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(entry))
    return int(line.split()[1]) * 1024


def measured(work: Workload) -> dict[str, Any]:
    """One workload, in this process: bytes."""
    from ours import layer_call

    small = (1, *(min(size, 12) for size in work.shape[1:-1]), work.shape[-1])
    warm_up = Workload("", work.layer, work.arguments, small, work.dtype)
    layer_call(warm_up, *warm_up.arrays())()  # compiles, starts the threads
    x, weights = work.arrays()
    call = layer_call(work, x, weights)
    gc.collect()
    before = status("VmRSS")
    RESET.write_text("5")  # the peak becomes what the process has now
    y = call()
    grown = status("VmHWM") - before
    output = y.nbytes
    del y
    gc.collect()
    return {
        "name": work.name,
        "input": x.nbytes,
        "output": output,
        "weights": sum(w.nbytes for w in weights),
        "form": round(sum(w.nbytes for w in weights) * form(work)),
        "grown": grown,
        "kept": status("VmRSS") - before,
    }


def form(work: Workload) -> float:
    """How much larger the weights are in the form used."""
    plain = all(n == 1 for name in ("strides", "dilation_rate") for n in work.each_axis(name))
    winograd = work.layer == "Conv2D" and work.arguments["kernel_size"] == 3 and plain
    return 16 / 9 if winograd else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="only workloads whose name has this")
    parser.add_argument("--json", type=Path, help="where all figures go")
    options = parser.parse_args()
    if not RESET.exists():
        raise SystemExit(f"there is no {RESET} here: Linux only")
    heads = ("input", "output", "weights", "grown", "kept", "ratio")
    print(f"{'MiB':<28}{''.join(f'{head:>9}' for head in heads)}")
    rows = []
    chosen = [work for work in WORKLOADS if options.only in work.name]
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as fresh:
        for row in fresh.imap(measured, chosen):
            row["ratio"] = (row["input"] + row["grown"]) / sum(
                row[name] for name in ("input", "output", "form")
            )
            shown = "".join(f"{row[name] / MIB:>9.1f}" for name in heads[:-1])
            miss = " !" if row["ratio"] > LIMIT else ""
            print(f"{row['name']:<28}{shown}{row['ratio']:>9.2f}{miss}", flush=True)
            rows.append(row)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
