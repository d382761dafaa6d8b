"""Which of the twins computes: vector code, or plain loops."""

from __future__ import annotations

import os
from functools import cache

from convlab.errors import ArgumentError

KINDS = ("vector", "portable")


@cache
def portable() -> bool:
    """Whether plain loops compute: with `CONVLAB_KERNELS=portable`, or where Numba's JIT is off.

    Raises:
        ArgumentError: `CONVLAB_KERNELS` is set to something else.
    """
    kind = os.environ.get("CONVLAB_KERNELS", "") or KINDS[0]
    if kind not in KINDS:
        raise ArgumentError(
            "CONVLAB_KERNELS says which kernels compute: vector or portable.",
            received=f"CONVLAB_KERNELS={kind}",
            remedy="Unset it, or set it to one of the two.",
            argument="CONVLAB_KERNELS",
        )
    return kind == "portable" or os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
