"""The arithmetic behind an answer, as few lines as will do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from convlab.geometry.sizing import size_steps
from convlab.inspector.explanation import explain
from convlab.layers.spatial import Spatial


def of_shape(layer: Spatial, shape: tuple[Any, ...]) -> str:
    """How a layer's output shape comes about.

    >>> from convlab.layers import Conv2D
    >>> print(of_shape(Conv2D(8, 3, strides=2), (None, 28, 28, 1)))
    height and width, 28 -> 13
      reach of the kernel: K = (k - 1)*d + 1 = (3 - 1)*1 + 1 = 3
      output size: m = (n - K)//s + 1 = (28 - 3)//2 + 1 = 13
    channels, 1 -> 8
    Conv2D(8, 3, strides=2): (None, 28, 28, 1) -> (None, 13, 13, 8)
    """
    explained = explain(layer, shape)
    lines = list(_axes(explained))
    lines.append(f"channels, {explained.channels} -> {explained.channels_out}")
    lines.append(f"{explained.layer}: {explained.input_shape} -> {explained.output_shape}")
    return "\n".join(lines)


def _axes(explained: Any) -> Iterator[str]:
    """The sizes of the axes; those of one arithmetic together."""
    groups: dict[Any, list[str]] = {}
    for axis in explained.axes:
        groups.setdefault((axis.step, axis.geometry), []).append(axis.title)
    for (_, geometry), names in groups.items():
        yield f"{' and '.join(names)}, {geometry.size_in} -> {geometry.size_out}"
        yield from (f"  {step.name}: {step}" for step in size_steps(geometry))


def of_parameters(layer: Spatial, shape: tuple[Any, ...]) -> str:
    """How the number of a layer's parameters comes about.

    >>> from convlab.layers import Conv2D
    >>> print(of_parameters(Conv2D(8, 3), (None, 28, 28, 1)))
    weights of the kernel: W = k_h*k_w*C*F = 3*3*1*8 = 72
    biases: B = F = 8
    parameters: N = W + B = 72 + 8 = 80
    """
    counts = explain(layer, shape).counts
    end = next(place for place, count in enumerate(counts) if count.symbol == "N")
    return "\n".join(f"{count.name}: {count}" for count in counts[: end + 1])
