"""Arrays too large for this machine's memory are refused before they are made.

An operating system may promise more memory than there is, and end the process that uses it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

from convlab.errors import ShapeError


def _memory() -> int:
    """The bytes of this machine's memory; 128 GiB where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 2**37


MEMORY = _memory()


def check(what: str, shape: Sequence[int], itemsize: int) -> None:
    """Refuse an array that would take more than half of the memory.

    Args:
        what: which array, such as "weight 'kernel'".
        shape: its shape.
        itemsize: the bytes of each number.

    Raises:
        ShapeError: it is too large.

    Example:
        >>> check("output", (1, 28, 28, 8), 4)
    """
    needed = math.prod(shape) * itemsize
    if needed > MEMORY // 2:
        raise ShapeError(
            f"The {what} would take more than half of this machine's {_binary(MEMORY)} of memory.",
            received=f"its shape {tuple(shape)}, which needs {_binary(needed)}",
            remedy="Use smaller sizes, or fewer channels.",
        )


def _binary(count: int) -> str:
    """A number of bytes in words.

    >>> _binary(3 * 2**29)
    '1.5 GiB'
    """
    power = min(max(count.bit_length() - 1, 0) // 10, 6)
    return f"{count / 2 ** (10 * power):.3g} {['bytes', *(f'{c}iB' for c in 'KMGTPE')][power]}"
