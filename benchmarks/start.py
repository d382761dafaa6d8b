"""How long a newcomer waits: the import, and the first convolution of a fresh process.

Each figure is the median of fresh processes, taken in turns so that a busy machine is unfair to
none. "over numpy" is what `import convlab` adds to `import numpy`.

    python benchmarks/start.py [--runs 7]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

FIRST = (
    "import numpy as np, convlab as cl;"
    "print(cl.Conv2D(8, 3)(np.ones((1, 28, 28, 1), 'float32')).shape)"
)
CASES = {
    "import numpy": "import numpy",
    "import convlab": "import numpy, convlab",
    "first convolution, warm cache": FIRST,
}


def seconds(code: str, **environment: str) -> float:
    """From the start of a process to the moment at which its code has run."""
    code = f"{code}; import time; print(time.time())"
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )
    return float(done.stdout.split()[-1]) - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    seconds(FIRST)  # fills the cache
    times: dict[str, list[float]] = {name: [] for name in CASES}
    cold = []
    for _ in range(runs):
        for name, code in CASES.items():
            times[name].append(seconds(code))
        with tempfile.TemporaryDirectory() as folder:
            cold.append(seconds(FIRST, CONVLAB_CACHE_DIR=folder))
    times["first convolution, cold cache"] = cold
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:32s} {median:6.3f} s")
    over = medians["import convlab"] - medians["import numpy"]
    print(f"{'import convlab over numpy':32s} {over:6.3f} s")


if __name__ == "__main__":
    main()
