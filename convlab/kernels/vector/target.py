"""The processor for which code is made, and how many numbers its registers hold.

`NUMBA_CPU_NAME` and `NUMBA_CPU_FEATURES` name another processor than this one, as for Numba.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from llvmlite import binding, ir


class Target(NamedTuple):
    """What vector code is written for.

    Attributes:
        bytes: of one vector.
        pixels: how many outputs a tile has along the axes, so that its sums fill the registers.
        few: the same of a small tile, for what is left over.
    """

    bytes: int
    pixels: int
    few: int

    def lanes(self, dtype: Any) -> int:
        """How many numbers of a dtype one vector holds."""
        return self.bytes // int(np.dtype(dtype).itemsize)


AVX512 = Target(bytes=64, pixels=12, few=4)  # 14 addresses more would not fit the registers
AVX2 = Target(bytes=32, pixels=6, few=3)
NARROW = Target(bytes=16, pixels=6, few=3)  # SSE 2 has 16 registers, NEON has 32


@cache
def machine() -> Any:
    """LLVM's view of the processor."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_triple(binding.get_process_triple())
    cpu, features = processor()
    return target.create_target_machine(
        cpu=cpu, features=features, opt=3, reloc="default", codemodel="jitdefault"
    )


@cache
def processor() -> tuple[str, str]:
    """The processor's name and features, as LLVM spells them."""
    name = os.environ.get("NUMBA_CPU_NAME", "")
    if name and name != "host":
        return ("" if name == "generic" else name), os.environ.get("NUMBA_CPU_FEATURES", "")
    try:
        return binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    except RuntimeError:  # LLVM does not know this machine
        return binding.get_host_cpu_name(), ""


@cache
def host() -> Target:
    """The target of this process.

    LLVM is asked by compiling one product of 16 numbers: it alone knows what a processor has that
    is only named.
    """
    code = machine().emit_assembly(binding.parse_assembly(_product()))
    if "zmm" in code:
        return AVX512
    return AVX2 if "ymm" in code and "vfm" in code else NARROW


def _product() -> str:
    """A module with `a * b + c` in 16 lanes."""
    vector = ir.VectorType(ir.FloatType(), 16)
    module = ir.Module("width")
    module.triple = binding.get_process_triple()
    kind = ir.FunctionType(vector, [vector] * 3)
    function = ir.Function(module, kind, "product")
    builder = ir.IRBuilder(function.append_basic_block())
    fma = ir.Function(module, kind, "llvm.fma.v16f32")
    builder.ret(builder.call(fma, function.args))
    return str(module)
