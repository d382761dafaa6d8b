"""How long to read and to trace a network, and how it grows: `python benchmarks/models.py`.

The first table reads the JSON of every network of keras.applications, made by the installed Keras
(without Keras: of those that tests/models/recorded keeps), and traces it. The second grows a chain
and a branching graph: the time per layer stays the same when the time is linear.

    python benchmarks/models.py [--runs 3] [--only ResNet] [--files FOLDER]

With --files it reads, too, the structure of the .keras and .h5 files of a folder, which
`python tests/models/applications.py save FOLDER` makes: their weights stay on the disk.

Each figure is the best of the runs, each on a model read anew: nothing is cached between them.
"""

import argparse
import math
import os
import sys
import time
from pathlib import Path

import convlab as cl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "models"))
import applications

SIZES = [125, 250, 500, 1000, 2000, 4000]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="only networks whose name contains this")
    parser.add_argument("--files", type=Path, help="a folder of .keras and .h5 files to read")
    options = parser.parse_args()
    texts = structures(options.only)
    cl.trace(cl.model_from_json(next(iter(texts.values()))))  # imports
    networks(texts, options.runs)
    if options.files:
        files(options.files, options.runs)
    growth("chain", chain, options.runs)
    growth("branching graph", branching, options.runs)


def structures(only):
    """The names and the JSON of networks."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    try:
        import keras  # noqa: F401
    except ImportError:
        return {n: applications.read_json(n) for n in applications.KEPT if only in n}
    chosen = (name for name in applications.names() if only in name)
    return {name: applications.structure(name).to_json() for name in chosen}


def networks(texts, runs):
    print(f"{'network':<22}{'layers':>8}{'kB':>8}{'read, s':>10}{'trace, s':>10}")
    slowest = 0.0
    for name, text in texts.items():
        read, trace, layers = measured(lambda text=text: cl.model_from_json(text), runs)
        slowest = max(slowest, read)
        print(f"{name:<22}{layers:>8}{len(text) // 1000:>8}{read:>10.3f}{trace:>10.3f}")
    print(f"slowest to read: {slowest:.3f} s (at most 2); ResNet152's trace is to take 0.5 s\n")


def files(folder, runs):
    print(f"{'file':<30}{'MiB':>8}{'read, s':>10}{'trace, s':>10}")
    for path in sorted(folder.iterdir()):
        if path.suffix in (".keras", ".h5"):
            read, trace, _ = measured(lambda path=path: cl.load_model(path), runs)
            size = path.stat().st_size / 2**20
            print(f"{path.name:<30}{size:>8.1f}{read:>10.3f}{trace:>10.3f}")
    print()


def measured(make, runs):
    """The best times to make a model and to trace it, and how many rows the trace has."""
    reads, traces = [], []
    for _ in range(runs):
        start = time.perf_counter()
        model = make()
        middle = time.perf_counter()
        rows = cl.trace(model).rows
        reads.append(middle - start)
        traces.append(time.perf_counter() - middle)
    return min(reads), min(traces), len(rows)


def growth(title, make, runs):
    print(f"{title:<22}{'layers':>8}{'build, s':>10}{'trace, s':>10}{'us a layer':>12}")
    seconds = []
    for size in SIZES:
        build, trace, layers = measured(lambda size=size: make(size), runs)
        seconds.append((layers, trace))
        print(f"{'':<22}{layers:>8}{build:>10.3f}{trace:>10.3f}{trace / layers * 1e6:>12.0f}")
    (few, fast), (many, slow) = seconds[-3], seconds[-1]
    power = math.log(slow / fast) / math.log(many / few)
    print(f"time grows as layers to the power {power:.2f} from {few} to {many} layers\n")


def chain(layers):
    """Convolutions one after another."""
    x = y = cl.Input((224, 224, 8))
    for place in range(layers - 1):
        stride = 2 if place in (5, 10, 15) else 1
        y = cl.layers.Conv2D(8, 3, strides=stride, padding="same")(y)
    return cl.Model(x, y)


def branching(layers):
    """Blocks of three branches, concatenated and added: the paths double with every block."""
    x = y = cl.Input((64, 64, 8))
    for _ in range((layers - 1) // 6):
        branches = [cl.layers.Conv2D(8, size, padding="same")(y) for size in (1, 3, 5)]
        joined = cl.layers.Concatenate()(branches)
        y = cl.layers.Add()([y, cl.layers.Conv2D(8, 1)(joined)])
    return cl.Model(x, y)


if __name__ == "__main__":
    main()
