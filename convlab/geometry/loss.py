"""How many cells a layer drops or adds, beyond what its stride asks for."""

from __future__ import annotations

from convlab.geometry.axis import AxisGeometry
from convlab.geometry.resampling import Resampling


def lost(axis: AxisGeometry | Resampling) -> int:
    """The cells by which a size cannot come back: dropped ones, or, negative, added ones.

    Of a gather with stride s, `n - s*m`: a floor drops cells, a ceiling adds some. Of a scatter
    or an upsampling, `n*s - m`. Where both sizes keep that proportion, nothing is lost, and
    layers that go down and up again meet at the size at which they parted.

    Args:
        axis: the axis of a layer.

    Returns:
        0 where nothing is lost, or a size is not known.

    Example:
        >>> from convlab.geometry import convolution, transposed
        >>> lost(convolution(25, 2, stride=2)), lost(convolution(25, 2, 2, padding="same"))
        (1, -1)
        >>> lost(convolution(64, 3)), lost(transposed(12, 3, stride=2))
        (2, -1)
    """
    if axis.size_in is None or axis.size_out is None:
        return 0
    if isinstance(axis, Resampling):
        return 0 if axis.factor is None else axis.size_in * axis.factor - axis.size_out
    if axis.padding == "nearest":
        return axis.size_in * axis.kernel - axis.size_out
    if axis.transposed:
        return axis.size_in * axis.stride - axis.size_out
    return axis.size_in - axis.size_out * axis.stride


def rounds(axis: AxisGeometry | Resampling) -> bool:
    """Whether a stride does not divide the input, so that the size is rounded.

    >>> from convlab.geometry import convolution
    >>> rounds(convolution(25, 2, stride=2)), rounds(convolution(24, 3))
    (True, False)
    """
    if isinstance(axis, Resampling) or axis.transposed or axis.padding == "nearest":
        return False
    return axis.stride > 1 and lost(axis) != 0
