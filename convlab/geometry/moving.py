"""Axes whose outputs each copy one input: cropping, padding with zeros, nearest upsampling."""

from __future__ import annotations

from convlab.errors import ShapeError
from convlab.geometry.axis import AxisGeometry


def cropping(size_in: int | None, before: int, after: int) -> AxisGeometry:
    """The axis of a cropping: a gather through one tap, with negative padding.

    Args:
        size_in: the number of input cells, or None when it is not known.
        before: how many cells are cut from the front.
        after: how many are cut from the end.

    Raises:
        ShapeError: nothing is left.

    Example:
        >>> cropping(5, 1, 2).taps().ravel()
        array([1, 2])
    """
    if size_in is not None and before + after >= size_in:
        raise ShapeError(
            f"the cropping takes {before + after} cells and the input has {size_in}.",
            received=f"size {size_in}, cropping=({before}, {after})",
            remedy=f"Crop less, or use an input of size >= {before + after + 1}.",
            argument="cropping",
        )
    return AxisGeometry(size_in, kernel=1, pad_before=-before, pad_after=-after, padding="cropping")


def zero_padding(size_in: int | None, before: int, after: int) -> AxisGeometry:
    """The axis of a padding with zeros.

    Args:
        size_in: the number of input cells, or None when it is not known.
        before: how many zeros are put before the first cell.
        after: how many are put behind the last.

    Raises:
        ShapeError: negative numbers leave less than nothing.

    Example:
        >>> zero_padding(2, 1, 2).taps().ravel()
        array([-1,  0,  1, -1, -1])
    """
    return AxisGeometry(
        size_in, kernel=1, pad_before=before, pad_after=after, padding="zero_padding"
    )


def nearest(size_in: int | None, factor: int) -> AxisGeometry:
    """The axis of an upsampling that repeats each cell: a scatter whose stamps lie side by side.

    Args:
        size_in: the number of input cells, or None when it is not known.
        factor: how often each is repeated.

    Example:
        >>> nearest(2, 3).taps().max(axis=1)
        array([0, 0, 0, 1, 1, 1])
    """
    return AxisGeometry(size_in, kernel=factor, stride=factor, transposed=True, padding="nearest")
