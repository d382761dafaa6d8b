"""How fast this processor multiplies and adds at most, measured: `python benchmarks/peak.py`.

Independent chains of fused multiply-adds on vectors as wide as the processor has them, in
registers alone: no memory, no loop to speak of. What a kernel reaches is told as a part of it.
"""

from __future__ import annotations

import argparse
import math
import platform
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import llvmlite.binding as llvm
import llvmlite.ir as ir
from numba import njit, types
from numba.extending import intrinsic

ROUNDS = 20_000  # of a burst: long beside a look at the clock, short beside a scheduler's tick
BITS = {"float32": 32, "float64": 64}


def processor() -> str:
    """The processor's name, as the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name} ({llvm.get_host_cpu_name()})"


def vector_bits() -> int:
    """The width of the widest vectors of the processor."""
    features = llvm.get_host_cpu_features()
    return 512 if features.get("avx512f") else 256 if features.get("avx") else 128


def _chains() -> int:
    """Enough to keep every unit busy, and few enough for the registers: 32 of them, or 16."""
    return 12 if vector_bits() == 256 else 24


def _burst(dtype: str) -> Callable[[int], float]:
    """A jitted function that makes so many rounds: one multiply-add in every lane of each chain."""
    lanes = vector_bits() // BITS[dtype]
    scalar = ir.FloatType() if dtype == "float32" else ir.DoubleType()
    vector = ir.VectorType(scalar, lanes)
    name = f"llvm.fma.v{lanes}f{BITS[dtype]}"

    @intrinsic
    def chains(_, _rounds):
        def generate(_, builder, __, arguments):
            return _emit_chains(builder, arguments[0], vector, name)

        return getattr(types, dtype)(types.int64), generate

    @njit(f"{dtype}(int64)", nogil=True)
    def burst(rounds):
        return chains(rounds)

    return burst


def _emit_chains(builder: ir.IRBuilder, rounds: ir.Value, vector: ir.VectorType, name: str):
    """`rounds` times `a = a * factor + factor` for every chain; one lane of their sum.

    The factor is below 1 and not known to the compiler: nothing folds, overflows or is denormal.
    """
    integer = rounds.type
    fma = builder.module.declare_intrinsic(name, fnty=ir.FunctionType(vector, [vector] * 3))
    whole = builder.sitofp(rounds, vector.element)
    factor = builder.fdiv(whole, builder.fadd(whole, ir.Constant(vector.element, 1)))
    factors = ir.Constant(vector, ir.Undefined)
    for lane in range(vector.count):
        factors = builder.insert_element(factors, factor, ir.Constant(ir.IntType(32), lane))
    before = builder.block
    loop, after = builder.append_basic_block("round"), builder.append_basic_block("after")
    builder.branch(loop)
    builder.position_at_end(loop)
    count = builder.phi(integer)
    count.add_incoming(ir.Constant(integer, 0), before)
    chains = [builder.phi(vector) for _ in range(_chains())]
    results = [builder.call(fma, [chain, factors, factors]) for chain in chains]
    for number, (chain, result) in enumerate(zip(chains, results, strict=True)):
        chain.add_incoming(ir.Constant(vector, [number] * vector.count), before)
        chain.add_incoming(result, loop)
    following = builder.add(count, ir.Constant(integer, 1))
    count.add_incoming(following, loop)
    builder.cbranch(builder.icmp_signed("<", following, rounds), loop, after)
    builder.position_at_end(after)
    total = results[0]
    for result in results[1:]:
        total = builder.fadd(total, result)
    return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))


def peak(dtype: str, threads: int, seconds: float = 1.0) -> float:
    """GFLOP/s of so many threads at once.

    Each is timed by its own processor time, and its best burst counts: what else the machine does
    takes nothing away.

    Args:
        dtype: "float32" or "float64".
        threads: how many make bursts at once.
        seconds: how long they do.
    """
    burst = _burst(dtype)
    operations = 2 * ROUNDS * _chains() * vector_bits() // BITS[dtype]

    def best(_: int) -> float:
        fastest, end = math.inf, time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.thread_time()
            burst(ROUNDS)
            fastest = min(fastest, time.thread_time() - start)
        return operations / fastest / 1e9

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(best, range(threads)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each figure")
    seconds = parser.parse_args().seconds
    print(f"{processor()}, vectors of {vector_bits()} bits")
    for dtype in BITS:
        for threads in (1, 2):
            print(f"{dtype}, {threads} threads: {peak(dtype, threads, seconds):6.1f} GFLOP/s")


if __name__ == "__main__":
    main()
