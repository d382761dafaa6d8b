"""The few shapes of LLVM IR of which the vector code is made.

Addresses are 64-bit integers, in bytes; nothing checks them: the plans have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir

Value = Any  # of LLVM
Values = Sequence[Value]
Body = Callable[[Value, Values], Values]

INT = ir.IntType(64)
_INT32 = ir.IntType(32)
_POINTER = ir.PointerType()


class Emitter:
    """Writes a function of 64-bit integers, with vectors of one float type.

    Args:
        module: where the function goes.
        name: its name.
        arguments: the names of its arguments.
        dtype: "float32" or "float64".
        bytes: of one vector.

    Attributes:
        arguments: the values of the arguments.
    """

    def __init__(
        self,
        module: Any,
        name: str,
        arguments: Sequence[str],
        dtype: str = "float32",
        bytes: int = 16,
    ) -> None:
        kind = ir.FunctionType(ir.VoidType(), [INT] * len(arguments))
        function = ir.Function(module, kind, name)
        self.builder = ir.IRBuilder(function.append_basic_block())
        self.arguments: Values = function.args
        for value, argument in zip(function.args, arguments, strict=True):
            value.name = argument
        self.size = np.dtype(dtype).itemsize
        self.bytes = bytes
        self.lanes = bytes // self.size
        self.scalar = ir.FloatType() if dtype == "float32" else ir.DoubleType()
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self._mask = ir.VectorType(ir.IntType(1), self.lanes)
        self._kind = f"v{self.lanes}f{8 * self.size}"

    def end(self) -> None:
        """Return from the function."""
        self.builder.ret_void()

    # Integers

    def integer(self, value: int) -> Value:
        """A constant."""
        return ir.Constant(INT, value)

    def times(self, a: Value, b: Value | int) -> Value:
        """`a * b`."""
        return self.builder.mul(a, self.integer(b) if isinstance(b, int) else b)

    def plus(self, a: Value, b: Value | int) -> Value:
        """`a + b`."""
        return self.builder.add(a, self.integer(b) if isinstance(b, int) else b)

    def divided(self, a: Value, b: Value) -> tuple[Value, Value]:
        """`divmod(a, b)` of numbers that are not negative."""
        return self.builder.udiv(a, b), self.builder.urem(a, b)

    def part(self, total: Value, number: Value, parts: Value) -> Value:
        """Where part `number` of so many equal ones begins."""
        return self.builder.udiv(self.builder.mul(total, number), parts)

    def smaller(self, a: Value, b: Value) -> Value:
        """`min(a, b)`."""
        return self.builder.select(self.builder.icmp_signed("<", a, b), a, b)

    def larger(self, a: Value, b: Value) -> Value:
        """`max(a, b)`."""
        return self.builder.select(self.builder.icmp_signed(">", a, b), a, b)

    def choose(self, condition: Value, a: Value, b: Value) -> Value:
        """`a if condition else b`."""
        return self.builder.select(condition, a, b)

    def less(self, a: Value, b: Value) -> Value:
        """`a < b`."""
        return self.builder.icmp_signed("<", a, b)

    # Memory

    def after(self, address: Value, numbers: Value) -> Value:
        """The address so many numbers further on."""
        return self.builder.add(address, self.times(numbers, self.size))

    def further(self, address: Value, vectors: int) -> Value:
        """The address so many vectors further on."""
        return self.plus(address, vectors * self.bytes) if vectors else address

    def field(self, address: Value, index: int | Value) -> Value:
        """The 64-bit integer at an index behind an address."""
        place = self.builder.add(
            address, self.integer(8 * index) if isinstance(index, int) else self.times(index, 8)
        )
        return self.builder.load(self.pointer(place), align=8, typ=INT)

    def load_number(self, address: Value) -> Value:
        """The number at an address."""
        return self.builder.load(self.pointer(address), align=self.size, typ=self.scalar)

    def load(self, address: Value, mask: Value = None) -> Value:
        """The vector at an address; zeros in the lanes that a mask leaves out."""
        if mask is None:
            return self.builder.load(self.pointer(address), align=self.size, typ=self.vector)
        kind = [_POINTER, _INT32, self._mask, self.vector]
        align = ir.Constant(_INT32, self.size)
        given = [self.pointer(address), align, mask, self.zero()]
        return self.call(f"llvm.masked.load.{self._kind}.p0", self.vector, kind, given)

    def store(self, value: Value, address: Value, mask: Value = None) -> None:
        """Write a vector, or those of its lanes that a mask names."""
        if mask is None:
            self.builder.store(value, self.pointer(address), align=self.size)
            return
        kind = [self.vector, _POINTER, _INT32, self._mask]
        given = [value, self.pointer(address), ir.Constant(_INT32, self.size), mask]
        self.call(f"llvm.masked.store.{self._kind}.p0", ir.VoidType(), kind, given)

    def scratch(self, vectors: int) -> Value:
        """The address of memory for some vectors that lasts as long as the function runs."""
        memory = self.builder.alloca(self.vector, vectors)
        memory.align = self.bytes
        return self.builder.ptrtoint(memory, INT)

    def pointer(self, address: Value) -> Value:
        """An address as LLVM wants it."""
        return self.builder.inttoptr(address, _POINTER)

    # Vectors

    def zero(self) -> Value:
        """A vector of zeros."""
        return ir.Constant(self.vector, None)

    def mask(self, count: Value) -> Value:
        """The first `count` lanes."""
        wide = ir.VectorType(INT, self.lanes)
        numbers = ir.Constant(wide, [ir.Constant(INT, lane) for lane in range(self.lanes)])
        return self.builder.icmp_signed("<", numbers, self.splat(count, wide))

    def splat(self, value: Value, kind: Any = None) -> Value:
        """A vector of one value in every lane."""
        kind = kind or self.vector
        undefined = ir.Constant(kind, ir.Undefined)
        one = self.builder.insert_element(undefined, value, ir.Constant(_INT32, 0))
        zeros = ir.Constant(ir.VectorType(_INT32, self.lanes), None)
        return self.builder.shuffle_vector(one, undefined, zeros)

    def fma(self, a: Value, b: Value, c: Value) -> Value:
        """`a * b + c`, rounded once."""
        return self.call(f"llvm.fma.{self._kind}", self.vector, [self.vector] * 3, [a, b, c])

    # Control

    def loop(self, first: Value, end: Value, step: int, carried: Values, body: Body) -> Values:
        """`for i in range(first, end, step): carried = body(i, carried)`; gives what is carried."""
        b = self.builder
        before = b.block
        head, inside, behind = (b.append_basic_block(n) for n in ("loop", "body", "end"))
        b.branch(head)
        b.position_at_end(head)
        index, values = b.phi(INT), [b.phi(value.type) for value in carried]
        b.cbranch(b.icmp_signed("<", index, end), inside, behind)
        b.position_at_end(inside)
        results = body(index, values)
        new = [b.add(index, self.integer(step)), *results]
        for phi, old, value in zip([index, *values], [first, *carried], new, strict=True):
            phi.add_incoming(old, before)
            phi.add_incoming(value, b.block)
        b.branch(head)
        b.position_at_end(behind)
        return values

    def call(self, name: str, result: Any, kinds: Sequence[Any], given: Values) -> Value:
        """Call a function of the module, or one that LLVM has."""
        module = self.builder.module
        known = module.globals.get(name)
        function = known or ir.Function(module, ir.FunctionType(result, kinds), name)
        return self.builder.call(function, given)
