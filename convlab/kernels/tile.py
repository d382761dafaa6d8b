"""The micro-kernel: one tile of outputs, held in vector registers.

    out[m, v] = sum over runs of sum over r < length of
                x[positions[m] + offset + r] * weights[start + row + r, v]

for `TILE.pixels` pixels m and `TILE.vectors` vectors of filters v. Numba alone would keep the sums
in memory; written as vector instructions, they stay in registers and the multiply-adds are fused.
Without the JIT, the same function is a plain loop.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

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


def _plain_tile(x, positions, runs, count, weights, start, out):
    """The same sums without vector instructions: for `NUMBA_DISABLE_JIT`."""
    out[:] = 0
    for offset, row, length in runs[:count]:
        for r in range(length):
            out += x[positions + offset + r][:, None] * weights[start + row + r]


@intrinsic
def _vector_tile(typing_context, x, positions, runs, count, weights, start, out):
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

    def codegen(context, builder, signature, arguments):
        def data(i):
            return context.make_array(signature.args[i])(context, builder, arguments[i]).data

        emit = _Emitter(builder, scalar, lanes)
        x, weights, out = data(0), data(4), data(6)
        starts = [
            builder.gep(x, [builder.load(builder.gep(data(1), [emit.int(m)]))])
            for m in range(TILE.pixels)
        ]

        def add_run(i, sums):
            offset, row, length = (
                builder.load(
                    builder.gep(data(2), [builder.add(builder.mul(i, emit.int(3)), emit.int(j))])
                )
                for j in range(3)
            )
            cells = [builder.gep(pointer, [offset]) for pointer in starts]
            row = builder.add(arguments[5], row)

            def add_steps(n):
                def step(r, sums):
                    for u in range(n):
                        sums = emit.step(cells, weights, builder.add(r, emit.int(u)), row, sums)
                    return sums

                return step

            whole = builder.and_(length, emit.int(-UNROLL))
            sums = emit.loop(emit.int(0), whole, UNROLL, sums, add_steps(UNROLL))
            return emit.loop(whole, length, 1, sums, add_steps(1))

        zero = ir.Constant(emit.vector, None)
        sums = [zero] * (TILE.pixels * TILE.vectors)
        sums = emit.loop(emit.int(0), arguments[3], 1, sums, add_run)
        for i, total in enumerate(sums):
            emit.store(total, out, emit.int(i * lanes))
        return context.get_dummy_value()

    return signature, codegen


class _Emitter:
    """The few shapes of IR that the tile is made of."""

    def __init__(self, builder: ir.IRBuilder, scalar: ir.Type, lanes: int) -> None:
        self.builder = builder
        self.lanes = lanes
        self.vector = ir.VectorType(scalar, lanes)
        self.align = 4 if isinstance(scalar, ir.FloatType) else 8
        name = f"llvm.fmuladd.v{lanes}f{8 * self.align}"
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        self.fma = cgutils.get_or_insert_function(builder.module, kind, name)

    def int(self, value: int) -> ir.Constant:
        return ir.Constant(_INT, value)

    def store(self, value, base, index) -> None:
        pointer = self.builder.gep(base, [index])
        pointer = self.builder.bitcast(pointer, self.vector.as_pointer())
        self.builder.store(value, pointer, align=self.align)

    def load(self, base, index):
        pointer = self.builder.gep(base, [index])
        pointer = self.builder.bitcast(pointer, self.vector.as_pointer())
        return self.builder.load(pointer, align=self.align)

    def splat(self, value):
        undefined = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(one, undefined, zeros)

    def step(self, cells, weights, r, row, sums):
        """One number of each pixel times one row of weights, added to the sums."""
        b = self.builder
        first = b.mul(b.add(row, r), self.int(TILE.vectors * self.lanes))
        vectors = [
            self.load(weights, b.add(first, self.int(v * self.lanes))) for v in range(TILE.vectors)
        ]
        values = [self.splat(b.load(b.gep(cell, [r]))) for cell in cells]
        pairs = [(value, vector) for value in values for vector in vectors]
        return [b.call(self.fma, [*pair, total]) for pair, total in zip(pairs, sums, strict=True)]

    def loop(self, first, end, step, carried, body):
        """`for i in range(first, end, step): carried = body(i, carried)`."""
        b = self.builder
        before = b.block
        head, inside, after = (b.append_basic_block(n) for n in ("loop", "body", "end"))
        b.branch(head)
        b.position_at_end(head)
        index, values = b.phi(_INT), [b.phi(value.type) for value in carried]
        b.cbranch(b.icmp_signed("<", index, end), inside, after)
        b.position_at_end(inside)
        new = [b.add(index, self.int(step)), *body(index, values)]
        new[0] = b.add(index, self.int(step))
        for phi, old, value in zip([index, *values], [first, *carried], new, strict=True):
            phi.add_incoming(old, before)
            phi.add_incoming(value, b.block)
        b.branch(head)
        b.position_at_end(after)
        return values


sum_tile = _plain_tile if config.DISABLE_JIT else _vector_tile
