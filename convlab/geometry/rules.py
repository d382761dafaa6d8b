"""From Keras's arguments to an `AxisGeometry`: one function a rule."""

from __future__ import annotations

from convlab.errors import ArgumentError, ShapeError
from convlab.geometry import sizes
from convlab.geometry.axis import AxisGeometry

CONVOLUTION_PADDINGS = ("valid", "same", "causal")


def convolution(
    size_in: int | None,
    kernel: int,
    stride: int = 1,
    dilation: int = 1,
    padding: str = "valid",
) -> AxisGeometry:
    """The axis of a convolution or a pooling.

    Args:
        size_in: the number of input cells, or None when it is not known.
        kernel: the number of taps.
        stride: the step of the window, in input cells.
        dilation: the distance between taps, in input cells.
        padding: "valid" (none), "same" (the output has `ceil(size_in / stride)` cells; an odd
            cell of padding goes to the end) or "causal" (all padding before the first cell, so
            that no output reads ahead).

    Returns:
        The geometry; its `size_out` is None exactly when `size_in` is.

    Raises:
        ShapeError: the kernel reaches further than the padded input, so that no output is left.
        ArgumentError: the padding has another name, or a count is below 1.

    Source: Keras 3, `keras/src/ops/operation_utils.py`, `compute_conv_output_shape`.

    Example:
        >>> axis = convolution(28, kernel=3, stride=2, padding="same")
        >>> axis.size_out, axis.pads
        (14, (0, 1))
        >>> convolution(None, kernel=3).size_out is None
        True
    """
    if padding not in CONVOLUTION_PADDINGS:
        raise ArgumentError(
            f"The padding of an axis is one of {', '.join(map(repr, CONVOLUTION_PADDINGS))}.",
            received=f"padding={padding!r}",
            remedy="Use padding='same' or padding='valid'.",
            argument="padding",
        )
    AxisGeometry(None, kernel, stride, dilation)  # refuses a count below 1, before it is divided by
    reach = sizes.REACH.value(k=kernel, d=dilation)
    before, after = _pads(size_in, reach, stride, padding)
    axis = AxisGeometry(
        size_in,
        kernel,
        stride,
        dilation,
        pad_before=before,
        pad_after=after,
        padding=padding,
    )
    if size_in is not None and not axis.size_out:
        raise _no_output(axis)
    return axis


def _pads(
    size_in: int | None, reach: int, stride: int, padding: str
) -> tuple[int | None, int | None]:
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return sizes.CAUSAL_BEFORE.value(K=reach), 0
    if size_in is None:
        if stride > 1:
            return None, None  # they depend on how the stride divides the input
        size_in = 1  # at stride 1 the padding of `same` is the same for every input
    size_out = sizes.SAME_SIZE.value(n=size_in, s=stride)
    total = sizes.SAME_PADDING.value(m=size_out, s=stride, K=reach, n=size_in)
    before = sizes.SAME_BEFORE.value(P=total)
    return before, sizes.SAME_AFTER.value(P=total, P_before=before)


def _no_output(axis: AxisGeometry) -> ShapeError:
    """The refusal, with the smallest changes that mend it."""
    size_in, (before, after) = axis.size_in or 0, axis.pads
    room = size_in + before + after
    if not size_in:
        return ShapeError(
            "The input has no cell along this axis.",
            received=f"size {size_in}",
            remedy="Use an input of size 1 or more.",
            argument="input_shape",
        )
    fixes: list[dict[str, int | str]] = [{"padding": "same"}]
    largest = largest_kernel(room, axis.dilation)
    remedies = ["padding='same'", f"kernel_size <= {largest}"]
    fixes.append({"kernel_size": largest})
    if axis.dilation > 1 and axis.kernel <= room:
        remedies.append("dilation_rate=1")
        fixes.append({"dilation_rate": 1})
    return ShapeError(
        f"the kernel reaches {axis.reach} but the padded input has {room}.",
        received=f"size {size_in}, kernel_size={axis.kernel}, dilation_rate={axis.dilation}, "
        f"padding={axis.padding!r}",
        remedy=f"Use {', '.join(remedies)}, or an input of size >= {axis.reach - before - after}.",
        argument="kernel_size",
        fixes=fixes,
    )


def largest_kernel(room: int, dilation: int) -> int:
    """The largest kernel whose reach, `(kernel - 1)*dilation + 1`, fits into `room` cells.

    >>> largest_kernel(room=5, dilation=2)
    3
    """
    return (room - 1) // dilation + 1
