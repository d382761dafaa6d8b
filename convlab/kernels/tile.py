"""The micro-kernel: one tile of outputs, held in vector registers.

    out[m, v] = sum over runs of sum over r < length of
                x[positions[m] + offset + r] * weights[start + row + r, v]

for `TILE.pixels` pixels m and `TILE.vectors` vectors of filters v. Numba alone would keep the sums
in memory; written as vector instructions, they stay in registers and the multiply-adds are fused.
Without the JIT, the same function is a plain loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from llvmlite import binding, ir
from numba import types
from numba.core import config
from numba.extending import intrinsic
from numpy.typing import NDArray

Array = NDArray[Any]
Value = Any  # of LLVM
Values = Sequence[Value]
Body = Callable[[Value, Values], Values]

UNROLL = 4
_INT = ir.IntType(64)


class Tile(NamedTuple):
    """How much of the output one call computes: as much as the registers of the processor hold."""

    pixels: int
    vectors: int
    bytes: int  # of one vector

    def lanes(self, dtype: Any) -> int:
        """How many filters of this dtype one tile spans."""
        return self.vectors * self.bytes // int(np.dtype(dtype).itemsize)


def _host_tile() -> Tile:
    try:
        features = binding.get_host_cpu_features()
    except RuntimeError:
        features = {}
    if features.get("avx512f"):
        return Tile(pixels=14, vectors=2, bytes=64)
    if features.get("avx2"):
        return Tile(pixels=6, vectors=2, bytes=32)
    return Tile(pixels=6, vectors=2, bytes=16)


TILE = _host_tile()


def _plain_tile(
    x: Array,
    positions: Array,
    runs: Array,
    count: int,
    weights: Array,
    start: int,
    out: Array,
) -> None:
    """The same sums without vector instructions: for `NUMBA_DISABLE_JIT`."""
    out[:] = 0
    with np.errstate(all="ignore"):
        for offset, row, length in runs[:count]:
            for r in range(length):
                out += x[positions + offset + r][:, None] * weights[start + row + r]


def _vector_tile(
    _typing: Any,
    x: Any,
    positions: Any,
    runs: Any,
    _count: Any,
    weights: Any,
    _start: Any,
    out: Any,
) -> Any:
    """Emit the tile as LLVM IR.

    Args (all arrays C-contiguous; nothing checks the indices, the plan has):
        x: float `(cells * channels,)`.
        positions: int64 `(TILE.pixels,)`, where each pixel begins in x.
        runs: int64 `(n, 3)`: offset in x, row of the weights, length.
        count: how many of the runs to take.
        weights: float `(rows, lanes)`.
        start: the row that row 0 of the runs means.
        out: float `(TILE.pixels, lanes)`, overwritten.
    """
    scalar = ir.FloatType() if x.dtype == types.float32 else ir.DoubleType()
    lanes = TILE.bytes // (4 if x.dtype == types.float32 else 8)
    signature = types.void(x, positions, runs, types.int64, weights, types.int64, out)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def data(i: int) -> Value:
            return context.make_array(signature.args[i])(context, builder, arguments[i]).data

        emit = _Emitter(builder, scalar, lanes)
        x, weights, out = data(0), data(4), data(6)
        starts = [
            builder.gep(x, [builder.load(builder.gep(data(1), [emit.integer(m)]))])
            for m in range(TILE.pixels)
        ]

        def add_run(i: Value, sums: Values) -> Values:
            run = builder.gep(data(2), [builder.mul(i, emit.integer(3))])
            offset, row, length = (
                builder.load(builder.gep(run, [emit.integer(column)])) for column in range(3)
            )
            cells = [builder.gep(pointer, [offset]) for pointer in starts]
            row = builder.add(arguments[5], row)

            def add_numbers(n: int) -> Body:
                def add(r: Value, sums: Values) -> Values:
                    for u in range(n):
                        at = builder.add(r, emit.integer(u))
                        sums = emit.multiply_add(cells, weights, at, row, sums)
                    return sums

                return add

            whole = builder.and_(length, emit.integer(-UNROLL))
            sums = emit.loop(emit.integer(0), whole, UNROLL, sums, add_numbers(UNROLL))
            return emit.loop(whole, length, 1, sums, add_numbers(1))

        zero = ir.Constant(emit.vector, None)
        sums: Values = [zero] * (TILE.pixels * TILE.vectors)
        sums = emit.loop(emit.integer(0), arguments[3], 1, sums, add_run)
        for i, total in enumerate(sums):
            emit.store(total, out, emit.integer(i * lanes))
        return context.get_dummy_value()

    return signature, codegen


class _Emitter:
    """The few shapes of IR that the tile is made of."""

    def __init__(self, builder: Any, scalar: Any, lanes: int) -> None:
        self.builder = builder
        self.lanes = lanes
        self.vector = ir.VectorType(scalar, lanes)
        self.align = 4 if isinstance(scalar, ir.FloatType) else 8
        name = f"llvm.fmuladd.v{lanes}f{8 * self.align}"
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        self.fma = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)

    def integer(self, value: int) -> Value:
        return ir.Constant(_INT, value)

    def store(self, value: Value, base: Value, index: Value) -> None:
        pointer = self.builder.gep(base, [index])
        pointer = self.builder.bitcast(pointer, self.vector.as_pointer())
        self.builder.store(value, pointer, align=self.align)

    def load(self, base: Value, index: Value) -> Value:
        pointer = self.builder.gep(base, [index])
        pointer = self.builder.bitcast(pointer, self.vector.as_pointer())
        return self.builder.load(pointer, align=self.align)

    def splat(self, value: Value) -> Value:
        undefined = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(one, undefined, zeros)

    def multiply_add(
        self, cells: Values, weights: Value, r: Value, row: Value, sums: Values
    ) -> Values:
        """One number of each pixel times one row of weights, added to the sums."""
        b = self.builder
        first = b.mul(b.add(row, r), self.integer(TILE.vectors * self.lanes))
        starts = [b.add(first, self.integer(v * self.lanes)) for v in range(TILE.vectors)]
        vectors = [self.load(weights, start) for start in starts]
        new: list[Value] = []
        for cell in cells:  # in this order, or the values would push the sums out of the registers
            value = self.splat(b.load(b.gep(cell, [r])))
            new += [b.call(self.fma, [value, v, sums[len(new) + i]]) for i, v in enumerate(vectors)]
        return new

    def loop(self, first: Value, end: Value, step: int, carried: Values, body: Body) -> Values:
        """`for i in range(first, end, step): carried = body(i, carried)`."""
        b = self.builder
        before = b.block
        head, inside, after = (b.append_basic_block(n) for n in ("loop", "body", "end"))
        b.branch(head)
        b.position_at_end(head)
        index, values = b.phi(_INT), [b.phi(value.type) for value in carried]
        b.cbranch(b.icmp_signed("<", index, end), inside, after)
        b.position_at_end(inside)
        results = body(index, values)
        new = [b.add(index, self.integer(step)), *results]
        for phi, old, value in zip([index, *values], [first, *carried], new, strict=True):
            phi.add_incoming(old, before)
            phi.add_incoming(value, b.block)
        b.branch(head)
        b.position_at_end(after)
        return values


numba_config: Any = config  # Numba makes its names at run time
sum_tile: Any = _plain_tile if numba_config.DISABLE_JIT else intrinsic(_vector_tile)
