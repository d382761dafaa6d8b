"""What is written beside the pictures of a step, and how their values become colours."""

from __future__ import annotations

from convlab.draw.reading.looks import Reading
from convlab.scene import Grid, LayerStep, Norm


def titles(step: LayerStep, reading: Reading) -> tuple[str, str, str]:
    """The titles of input, kernel and output: sizes, and which channel is shown."""
    deep = len(step.axes) > 1  # of one axis, all channels are seen at once
    channels, filters = step.input.values.shape[-1], step.output.values.shape[-1]
    depth = step.channels.shape[1]
    kernel = " × ".join(str(axis.kernel) for axis in step.axes)
    pick = f", channel {reading.shown_channel}" if deep else ""
    whole = f" × {depth}" if not deep else ""
    so_far = " so far" if reading.grows else ""
    colour = step.input.colour
    return (
        f"input {_sizes(step, step.input)} × {channels}"
        + (pick if channels > 1 and not colour else ""),
        f"{step.weight_name} {kernel}{whole}" + (pick if depth > 1 else ""),
        f"output{so_far} {_sizes(step, step.output)} × {filters}"
        + (f", filter {reading.filter}" if filters > 1 else ""),
    )


def _sizes(step: LayerStep, grid: Grid) -> str:
    return " × ".join(map(str, grid.values.shape[: len(step.axes)]))


def norms(step: LayerStep, reading: Reading) -> tuple[Norm | None, Norm | None, Norm]:
    """How the values of input, kernel and output become colours; None where they are colours."""
    output = step.output.norm
    if reading.grows:
        output = Norm.of(step.linear[..., reading.filter])
    return (
        None if step.input.colour else step.input.norm,
        None if step.kernel is None else step.kernel.norm,
        output,
    )


def notes(step: LayerStep, reading: Reading) -> tuple[str, str]:
    """What the patterns on the input and on the output mean."""
    axes = step.axes
    padded = any(axis.pad_before or axis.pad_after for axis in axes)
    cropped = any(axis.crop_before or axis.crop_after for axis in axes)
    added = any(axis.added_before or axis.added_after for axis in axes)
    outside = "beyond the input" if axes[0].transposed else "padding"
    inputs = [
        f"hatched: {outside}" if padded and not reading.grows else "",
        "dotted: never read" if any(axis.never_read for axis in axes) else "",
    ]
    output = [
        "crossed: cropped" if cropped else "",
        "dashed: added" if added else "",
        f"before {step.activation}" if reading.grows and step.activation != "linear" else "",
    ]
    return ",  ".join(filter(None, inputs)), ",  ".join(filter(None, output))
