"""Work items with an address: compiled for this processor, or plain loops."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def dense_item(dtype: str, vectors: int) -> int:
    """The address of the work item of a convolution.

    Args:
        dtype: "float32" or "float64".
        vectors: how many vectors of filters a block has.
    """
    from convlab.kernels.vector.assembling import assembled
    from convlab.kernels.vector.dense import write_item
    from convlab.kernels.vector.target import host

    def write(module: Any) -> None:
        write_item(module, dtype, vectors, host())

    return assembled(f"dense-{dtype}-{vectors}", write)["item"]
