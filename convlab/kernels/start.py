"""Compiling ahead of time, so that a page can say that it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from convlab.geometry import AxisGeometry
from convlab.kernels import cache, work
from convlab.kernels.convolution import convolve


def is_compiled() -> bool:
    """Whether the first computation will find its kernel compiled, in this process or on disk.

    Importing nothing, it looks for a file; on a processor of another kind the answer may be wrong,
    and the first computation then takes a few seconds.
    """
    if work.dense_item.cache_info().currsize:
        return True
    return any(cache.folder().glob("dense-*.bin"))


def warm_up(dtype: DTypeLike = "float32") -> None:
    """Import Numba and compile the kernel for a dtype, or load it from the disk.

    Example:
        >>> warm_up()
        >>> is_compiled()
        True
    """
    one = np.ones((1, 1, 1, 1), dtype)
    convolve(one, one, None, (AxisGeometry(1, kernel=1),) * 2)
