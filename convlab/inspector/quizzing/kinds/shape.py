"""Which shape comes out of a layer?"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from convlab.errors import ConvlabError
from convlab.geometry import AxisGeometry
from convlab.inspector.quizzing import drawing
from convlab.inspector.quizzing.derivations import of_shape
from convlab.inspector.quizzing.question import Mistake, Question, without_the_right
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.cropping import BaseCropping
from convlab.layers.spatial import Spatial
from convlab.layers.zero_padding import BaseZeroPadding


def ask(draw: Random, level: int) -> Question:
    """A layer and an input: what comes out?"""
    layer = drawing.any_layer(draw, level)
    shape = drawing.input_shape(draw, layer)
    return question(layer, shape)


def question(layer: Spatial, shape: tuple[Any, ...]) -> Question:
    """The question of what a layer makes of a shape."""
    accepted = (_out(layer, shape),)
    first = layer.geometry(shape)[0][0]
    return Question(
        kind="shape",
        prompt=f"The input has the shape {shape}. Which shape has the output?",
        code=(repr(layer),),
        form="shape",
        accepted=accepted,
        derivation=of_shape(layer, shape),
        mistakes=without_the_right(list(_mistakes(layer, shape)), accepted),
        axis=first if isinstance(first, AxisGeometry) else None,
    )


def _out(layer: Spatial, shape: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(size or 0 for size in layer.compute_output_shape(shape)[1:])


def _mistakes(layer: Spatial, shape: tuple[Any, ...]) -> Iterator[Mistake]:
    right = _out(layer, shape)
    for changes, words in _forgotten(layer):
        try:
            yield Mistake(_out(layer.replace(name=layer.name, **changes), shape), words)
        except ConvlabError:
            continue  # what was forgotten cannot be done here
    channels = shape[layer.channel_axis]
    if right[-1] != channels:
        yield Mistake(
            (*right[:-1], channels), "The sizes are right. The output's channels are the filters."
        )
    if isinstance(layer, BaseConvTranspose):
        yield from _as_a_convolution(layer, shape)
    yield from _rounded(layer, shape, right)
    if layer.rank == 2 and right[0] != right[1]:
        yield Mistake((right[1], right[0], right[2]), "Height comes before width.")


def _forgotten(layer: Spatial) -> Iterator[tuple[dict[str, Any], str]]:
    """Arguments that may be overlooked, and the words for it."""
    if isinstance(layer, BaseCropping | BaseZeroPadding):
        name = "cropping" if isinstance(layer, BaseCropping) else "padding"
        sides = getattr(layer, name)
        one = tuple((before, 0) for before, _ in sides)
        yield {name: one}, f"That counts the front of each axis alone: {name} has two ends."
        yield {name: 0}, f"{layer.class_name} changes the sizes by what it says for both ends."
        return
    padding = str(getattr(layer, "padding", ""))
    if padding == "same":
        yield {"padding": "valid"}, 'That is without padding: the layer has padding="same".'
    elif padding in ("valid", "causal"):
        same = "causal pads too, so that it" if padding == "causal" else "this layer pads nothing"
        yield (
            {"padding": "same" if padding == "valid" else "valid"},
            (
                f'That is not what padding="{padding}" gives: {same}'
                f"{' reads no later step' if padding == 'causal' else ''}."
            ),
        )
    if _over_one(layer, "strides"):
        yield {"strides": 1, **_no_extra(layer)}, "The stride is forgotten: the window jumps."
    if _over_one(layer, "dilation_rate"):
        yield (
            {"dilation_rate": 1},
            "The dilation is forgotten: the kernel reaches (k - 1)*d + 1 cells.",
        )
    if getattr(layer, "output_padding", None) is not None:
        yield (
            {"output_padding": None},
            "output_padding is given here: it counts from the least size.",
        )
    elif isinstance(layer, BaseConvTranspose):
        yield {"output_padding": 0}, "output_padding=None is not 0: Keras then chooses the size."


def _no_extra(layer: Spatial) -> dict[str, Any]:
    return {"output_padding": None} if hasattr(layer, "output_padding") else {}


def _over_one(layer: Spatial, name: str) -> bool:
    values = getattr(layer, name, 1)
    return max(values) > 1 if isinstance(values, tuple) else values > 1


def _as_a_convolution(layer: BaseConvTranspose, shape: tuple[Any, ...]) -> Iterator[Mistake]:
    """What a convolution with these arguments would give."""
    from convlab.layers import Conv1D, Conv2D, Conv3D

    cls: type[BaseConv] = {1: Conv1D, 2: Conv2D, 3: Conv3D}[layer.rank]
    try:
        forward = cls(
            layer.filters,
            layer.kernel_size,
            strides=layer.strides,
            padding=layer.padding,
            name=layer.name,
        )
        yield Mistake(
            _out(forward, shape),
            "That is what a convolution gives. A transposed one goes the other way.",
        )
    except ConvlabError:
        return


def _rounded(layer: Spatial, shape: tuple[Any, ...], right: tuple[int, ...]) -> Iterator[Mistake]:
    """Sizes one off: a division that is rounded the other way, or a window that is not counted."""
    axes = layer.geometry(shape)[0]
    if not all(isinstance(axis, AxisGeometry) and not axis.transposed for axis in axes):
        return
    if any(axis.padding not in ("valid", "same", "causal") for axis in axes):
        return
    formula = next(step.formula for step in axes[0].derivation() if step.symbol == "m")
    rounding = "ceil rounds up" if str(formula).startswith("ceil") else "// rounds down"
    words = (
        f"One too few: m = {formula}; {rounding}.",
        f"One too many: m = {formula}; {rounding}.",
    )
    for off, why in zip((-1, 1), words, strict=True):
        yield Mistake((*(size + off for size in right[:-1]), right[-1]), why)
