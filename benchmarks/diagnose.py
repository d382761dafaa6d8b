"""How long it takes to find what is wrong with a large network: `python benchmarks/diagnose.py`.

Networks of 500 layers, each with one mistake, are read anew and diagnosed: where it shows, what
led there, and fixes that were tried. The bound is a second. `--layers` asks for other sizes, to
see how the time grows.

    python benchmarks/diagnose.py [--runs 5] [--layers 125 250 500 1000]
"""

import argparse
import sys
import time
from pathlib import Path

import convlab as cl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "inspector"))
import large_networks

BOUND = 1.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--layers", type=int, nargs="*", default=[large_networks.LARGE])
    options = parser.parse_args()
    cl.diagnose(cl.model_from_json(large_networks.residual(30)[0]))  # imports
    print(f"{'network':<10}{'layers':>8}{'trace, s':>10}{'diagnosis, s':>14}{'fixes':>7}  finds")
    slowest = 0.0
    for count in options.layers:
        for name, make in large_networks.NETWORKS.items():
            text, layer, _ = make(count)
            traced = best(cl.trace, text, options.runs)[0]
            diagnosed, found = best(cl.diagnose, text, options.runs)
            first = found.findings[0]
            right = "the right layer" if first.layer == layer else f"{first.layer}, not {layer}"
            layers = len(cl.model_from_json(text).layers)
            told = f"{traced:>10.3f}{diagnosed:>14.3f}{len(first.fixes):>7}  {right}"
            print(f"{name:<10}{layers:>8}{told}")
            if count == large_networks.LARGE:
                slowest = max(slowest, diagnosed)
    if slowest:
        print(f"slowest of {large_networks.LARGE} layers: {slowest:.3f} s (at most {BOUND:g})")


def best(function, text, runs):
    """The best time of some runs, each on a network read anew, and what came of the last."""
    times = []
    for _ in range(runs):
        model = cl.model_from_json(text)
        begun = time.perf_counter()
        found = function(model)
        times.append(time.perf_counter() - begun)
    return min(times), found


if __name__ == "__main__":
    main()
