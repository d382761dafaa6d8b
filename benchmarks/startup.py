"""How long a newcomer waits: fresh processes, from their start to the first result.

Once, to make a virtual environment for each peer (4 GB; convlab's is without SciPy, which Numba
would import where it finds it):

    python benchmarks/startup.py --make FOLDER

then

    python benchmarks/startup.py FOLDER [--runs 7] [--layers] [--peers torch,jax] [--json out.json]

Each figure is the median of processes that take turns: one run of every case, then the next. "cold"
has an empty cache of compiled kernels. With --layers, every layer with a kernel is timed as well.
"processor" is the time that processors spent on it, whatever else kept them busy. Memory is the
process's own when it has its result: resident, and at its peak.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from startup_cases import HOMES, PEERS, Case, cases

PACKAGES = {
    "convlab": ["-e", str(Path(__file__).parents[1])],
    "torch": ["torch==2.13.0", "numpy"],
    "tensorflow": ["tensorflow-cpu", "keras"],
    "jax": ["jax"],
}
REPORT = """
import time
now, spent = time.monotonic(), time.process_time()
import json
try:
    with open("/proc/self/status") as status:
        memory = {line.split()[0][:-1]: int(line.split()[1]) for line in status if "kB" in line}
except OSError:
    memory = {}
print(json.dumps([now, spent, memory.get("VmRSS", 0), memory.get("VmHWM", 0)]))
"""
OVER_TRIVIAL, OVER_NUMBA = 0.15, 0.8  # seconds, at most: warm, and cold


class Run(NamedTuple):
    """One process: seconds to its result, and of processors; MiB then, and at the most."""

    seconds: float
    processor: float
    resident: float
    peak: float


class Target(NamedTuple):
    """What is to hold: `value` at most `limit`, in seconds."""

    said: str
    value: float
    limit: float


def make(folder: Path) -> None:
    """Make the virtual environments."""
    for name, packages in PACKAGES.items():
        print(f"{folder / name}: {' '.join(packages)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        subprocess.run([python(folder, name), "-m", "pip", "install", "-q", *packages], check=True)


def python(folder: Path, home: str) -> Path:
    return folder / home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(folder: Path, case: Case) -> Run:
    with tempfile.TemporaryDirectory() as scratch, case.variables() as variables:
        script = Path(scratch) / "script.py"
        script.write_text(case.code + REPORT)
        start = time.monotonic()
        done = subprocess.run(
            [python(folder, case.home), script],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=os.environ | variables,
        )  # fmt: skip
    end, spent, resident, peak = json.loads(done.stdout.splitlines()[-1])
    return Run(end - start, spent, resident / 1024, peak / 1024)


def present(folder: Path, names: list[str]) -> list[str]:
    """The peers that have an environment; of another, a line says that it has none."""
    found = []
    for name in names:
        if python(folder, HOMES.get(name, name)).exists():
            found.append(name)
        else:
            print(f"{name} is left out: no environment of its own")
    return found


def in_turn(folder: Path, todo: dict[str, Case], runs: int) -> dict[str, Run]:
    """The medians of each case."""
    for case in todo.values():
        run(folder, case)  # fills the caches: convlab's, Numba's, the system's of files
    done: dict[str, list[Run]] = {name: [] for name in todo}
    for _ in range(runs):
        for name, case in todo.items():
            done[name].append(run(folder, case))
    return {
        name: Run(*map(statistics.median, zip(*kept, strict=True))) for name, kept in done.items()
    }


def targets(medians: dict[str, Run], peers: list[str]) -> list[Target]:
    seconds = {name: median.seconds for name, median in medians.items()}
    found = [
        Target(
            f"{name} over a trivial cached @njit",
            seconds[name] - seconds["trivial @njit, warm"],
            OVER_TRIVIAL,
        )
        for name in seconds
        if name == "convlab, warm" or name.endswith(": warm")
    ]
    found += [
        Target(f"{name} over import numba", seconds[name] - seconds["import numba"], OVER_NUMBA)
        for name in seconds
        if name == "convlab, cold" or name.endswith(": cold")
    ]
    for peer in peers:
        found.append(Target(f"warm, and {peer}", seconds["convlab, warm"], seconds[peer]))
        if peer != "jax":
            found.append(Target(f"cold, and {peer}", seconds["convlab, cold"], seconds[peer]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="of the virtual environments")
    parser.add_argument("--make", action="store_true", help="make them")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--layers", action="store_true", help="time every layer")
    parser.add_argument("--peers", default=",".join(PEERS), help="which; none: ''")
    parser.add_argument("--json", type=Path, help="where all figures go")
    options = parser.parse_args()
    folder = options.folder.absolute()
    if options.make:
        make(folder)
        return
    peers = present(folder, [name for name in options.peers.split(",") if name])
    with tempfile.TemporaryDirectory() as scratch:
        todo = cases(Path(scratch), peers, options.layers)
        medians = in_turn(folder, todo, options.runs)
    heads = ("seconds", "processor", "MiB", "peak MiB")
    print(f"{'to the first result':<32}{''.join(f'{head:>11}' for head in heads)}")
    for name, (seconds, spent, resident, peak) in medians.items():
        print(f"{name:<32}{seconds:>11.3f}{spent:>11.3f}{resident:>11.0f}{peak:>11.0f}")
    added = medians["import convlab"].seconds - medians["import numpy"].seconds
    print(f"\nimport convlab over numpy: {added:.3f} s")
    judged = targets(medians, peers)
    print(f"\n{'target':<56}{'seconds':>9}{'at most':>9}")
    for said, value, limit in judged:
        print(f"{said:<56}{value:>9.3f}{limit:>9.3f}{'' if value <= limit else ' !'}")
    if options.json:
        told = {name: median._asdict() for name, median in medians.items()}
        kept = {"runs": options.runs, "medians": told, "targets": [t._asdict() for t in judged]}
        options.json.write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
