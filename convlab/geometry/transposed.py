"""The axis of a transposed convolution: a scatter, cropped to the size that Keras gives it."""

from __future__ import annotations

from convlab.errors import ArgumentError
from convlab.geometry import sizes
from convlab.geometry.axis import AxisGeometry
from convlab.geometry.formula import Expression

TRANSPOSED_PADDINGS = ("valid", "same")


def transposed(
    size_in: int | None,
    kernel: int,
    stride: int = 1,
    dilation: int = 1,
    padding: str = "valid",
    output_padding: int | None = None,
) -> AxisGeometry:
    """The axis of a transposed convolution.

    Every input cell stamps the kernel onto the output, `stride` cells after its neighbour's stamp;
    where stamps overlap, they add up. Of this full scatter, the first and last cells are cropped;
    a negative crop adds cells behind it, which no stamp reaches.

    Args:
        size_in: the number of input cells, or None when it is not known.
        kernel: the number of taps.
        stride: the distance between two stamps, in output cells.
        dilation: the distance between taps, in output cells.
        padding: "valid" (nothing is cropped) or "same" (the output has `size_in * stride` cells).
        output_padding: the size is then counted from the smallest one; None is not 0.

    Returns:
        The geometry; its `size_out` is None exactly when `size_in` is.

    Raises:
        ArgumentError: the padding has another name, or a count is below 1.
        ShapeError: the output would have a negative size.

    Source: Keras 3, `keras/src/backend/common/backend_utils.py`,
    `compute_conv_transpose_output_shape` and `compute_conv_transpose_padding_args_for_jax`.

    Example:
        >>> axis = transposed(14, kernel=3, stride=2, padding="same")
        >>> axis.size_out, axis.crop_before, axis.crop_after
        (28, 0, 1)
        >>> transposed(2, kernel=3, stride=2, padding="same", output_padding=0).taps()
        array([[-1,  0, -1],
               [ 1, -1,  0],
               [-1,  1, -1]])
        >>> transposed(None, kernel=3, stride=2).size_out is None
        True
    """
    if padding not in TRANSPOSED_PADDINGS:
        raise ArgumentError(
            f"The padding of a transposed axis is one of {_named(TRANSPOSED_PADDINGS)}.",
            received=f"padding={padding!r}",
            remedy="Use padding='same' or padding='valid'.",
            argument="padding",
        )
    # the excess is the same for every input, so that an unknown size may stand for any
    known = {"n": 1 if size_in is None else size_in, "s": stride}
    known["K"] = sizes.REACH.value(k=kernel, d=dilation)
    size = size_rule(padding, output_padding).value(**known, p=output_padding or 0)
    excess = sizes.EXCESS.value(f=sizes.FULL_SIZE.value(**known), m=size)
    before = sizes.SAME_CROP_BEFORE.value(E=excess) if padding == "same" else 0
    return AxisGeometry(
        size_in,
        kernel,
        stride,
        dilation,
        crop_before=before,
        crop_after=sizes.CROP_AFTER.value(E=excess, C_before=before),
        transposed=True,
        output_padding=output_padding,
        padding=padding,
    )


def added(axis: AxisGeometry) -> tuple[int, int]:
    """How many cells at either end of the output are there by `output_padding` alone.

    Compared is the output of `output_padding=0`; where none was given, the full scatter. As `same`
    crops half at the front, a cell that is asked for may come first.

    Args:
        axis: a scatter.

    Returns:
        The cells before and after.

    Example:
        >>> added(transposed(2, kernel=3, stride=2, output_padding=1))
        (0, 1)
        >>> added(transposed(2, kernel=3, stride=2, padding="same", output_padding=1))
        (1, 0)
        >>> added(transposed(2, kernel=2, stride=3))  # behind the last stamp
        (0, 1)
    """
    if axis.output_padding is None:
        return 0, max(0, -axis.crop_after)
    # with an unknown size, the smallest output may be one that cannot be
    least = transposed(None, axis.kernel, axis.stride, axis.dilation, axis.padding, 0)
    return least.crop_before - axis.crop_before, least.crop_after - axis.crop_after


def size_rule(padding: str, output_padding: int | None) -> Expression:
    """The formula of the output's size.

    >>> str(size_rule("same", None)), str(size_rule("valid", 1))
    ('n*s', '(n - 1)*s + K + p')
    """
    if padding == "same":
        return sizes.TRANSPOSED_SAME_SIZE if output_padding is None else sizes.PADDED_SAME_SIZE
    return sizes.TRANSPOSED_VALID_SIZE if output_padding is None else sizes.PADDED_VALID_SIZE


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names))
