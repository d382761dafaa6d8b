"""Weights that the viewer edited, in a layer of other sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def centred(kernel: Array, shape: tuple[int, ...]) -> Array:
    """The kernel's middle laid on the middle of zeros of another shape.

    Args:
        kernel: the taps along each axis, then the channels, which have no middle.
        shape: the sizes that it is to have.

    Example:
        >>> centred(np.ones((1, 1)), (3, 1)).ravel()
        array([0., 1., 0.])
    """
    fitted = np.zeros(shape, dtype=kernel.dtype)
    shifts = [(new - 1) // 2 - (old - 1) // 2 for old, new in zip(kernel.shape, shape, strict=True)]
    shifts[-1] = 0
    source = tuple(
        slice(max(0, -shift), max(0, min(old, new - shift)))
        for shift, old, new in zip(shifts, kernel.shape, shape, strict=True)
    )
    target = tuple(
        slice(part.start + shift, part.stop + shift)
        for part, shift in zip(source, shifts, strict=True)
    )
    fitted[target] = kernel[source]
    return fitted


def fitted_bias(bias: Array | None, begun: Array) -> Array:
    """The biases where they fit; beyond them, and else, as the layer begins."""
    if bias is None or bias.ndim != begun.ndim or bias.shape[:-1] != begun.shape[:-1]:
        return begun
    fitted = begun.astype(float)
    shared = min(bias.shape[-1], fitted.shape[-1])
    fitted[..., :shared] = bias[..., :shared]
    return fitted
