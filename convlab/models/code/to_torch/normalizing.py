"""Normalizations in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlab.layers import config
from convlab.layers.base import Layer
from convlab.layers.batch_normalization import BatchNormalization
from convlab.layers.elementwise import axes_within
from convlab.layers.group_normalization import GroupNormalization
from convlab.layers.layer_normalization import LayerNormalization
from convlab.layers.normalization import Normalization
from convlab.layers.scaling import LayerScale, Rescaling
from convlab.layers.unit_normalization import RMSNormalization, UnitNormalization
from convlab.models.code.python_text import call, literal
from convlab.models.code.refused import no_equal, unknown_shape
from convlab.models.code.to_torch.piece import (
    FIRST,
    IN_ORDER,
    Piece,
    Place,
    Step,
    plain,
    state,
)


def batch_normalization(layer: BatchNormalization, place: Place) -> Piece:
    """BatchNormalization: Keras's momentum is what PyTorch's leaves of 1."""
    axis, channels = _channels(layer, layer.axis, place)
    rank = len(place.shape or ())
    takes = FIRST if axis == rank - 1 > 1 else IN_ORDER
    dim = Place(place.shape, takes).dim(axis)
    affine = bool(layer.scale or layer.center)
    made = call(
        f"nn.BatchNorm{max(rank - 2, 1)}d",
        channels,
        eps=float(layer.epsilon),
        momentum=round(1 - float(layer.momentum), 12),
        **({} if affine else {"affine": False}),
    )
    names = {"weight": layer.scale, "bias": layer.center, "running_mean": 1, "running_var": 1}
    weights = [state(**{name: "{w}" for name, there in names.items() if there})]
    weights[0] = weights[0][:-1] + ", strict=False)"
    if layer.renorm:
        weights.append("next(w), next(w), next(w)  # of use in training alone")
    steps: tuple[Step, ...] = (Step("{self}({x})"),)
    if dim != 1:
        steps = (
            Step(f"{{x}}.movedim({dim}, 1)", "PyTorch normalizes axis 1."),
            *steps,
            Step(f"{{x}}.movedim(1, {dim})"),
        )
    return Piece(steps, made, tuple(weights), (takes,), (takes,))


def group_normalization(layer: GroupNormalization, place: Place) -> Piece:
    """GroupNormalization."""
    axis, channels = _channels(layer, layer.axis, place)
    takes = FIRST if axis == len(place.shape or ()) - 1 > 1 else IN_ORDER
    dim = Place(place.shape, takes).dim(axis)
    groups = channels if layer.groups == -1 else layer.groups
    affine = {} if layer.scale or layer.center else {"affine": False}
    made = call("nn.GroupNorm", groups, channels, eps=layer.added_epsilon, **affine)
    steps: tuple[Step, ...] = (Step("{self}({x})"),)
    if dim != 1:
        steps = (Step(f"{{x}}.movedim({dim}, 1)"), *steps, Step(f"{{x}}.movedim(1, {dim})"))
    return Piece(steps, made, _affine_weights(layer), (takes,), (takes,))


def layer_normalization(layer: LayerNormalization, place: Place) -> Piece:
    """LayerNormalization over the last axes."""
    shape = _shape(layer, place)
    axes = axes_within(layer.axis, shape)
    if layer.rms_scaling or axes != tuple(range(len(shape) - len(axes), len(shape))):
        raise no_equal(
            layer,
            "torch",
            "it normalizes the last axes alone, by mean and deviation",
            "Use axis=-1, or the last axes; and no rms_scaling.",
        )
    sizes = [_size(layer, shape, axis) for axis in axes]
    affine = {} if layer.scale or layer.center else {"elementwise_affine": False}
    made = call("nn.LayerNorm", sizes, eps=layer.added_epsilon, **affine)
    weights = _affine_weights(layer, f".reshape({literal(sizes)})")
    return Piece((Step("{self}({x})"),), made, weights, (IN_ORDER,))


def unit_normalization(layer: UnitNormalization, place: Place) -> Piece:
    """UnitNormalization."""
    shape = _shape(layer, place)
    dims = literal(tuple(place.dim(axis) for axis in axes_within(layer.axis, shape)))
    length = f"{{x}}.square().sum(dim={dims}, keepdim=True).sqrt()"
    return plain(f"{{x}} / {length}.clamp(min=1e-12)", place)


def rms_normalization(layer: RMSNormalization, place: Place) -> Piece:
    """RMSNormalization."""
    shape = _shape(layer, place)
    dims = literal(axes_within(layer.axis, shape))
    sizes = tuple(weight.shape for weight in layer.weights[:1]) or (
        tuple(_size(layer, shape, axis) for axis in axes_within(layer.axis, shape)),
    )
    mean = f"{{x}}.square().mean(dim={dims}, keepdim=True)"
    expression = f"{{x}} * torch.rsqrt({mean} + {literal(layer.added_epsilon)}) * {{self}}.scale"
    made = f'nn.ParameterDict({{"scale": {call("torch.ones", *sizes[0])}}})'
    return Piece((Step(expression),), made, (state(scale="{w}"),), (IN_ORDER,))


def normalization(layer: Normalization, place: Place) -> Piece:
    """Normalization by known statistics."""
    shape = _shape(layer, place)
    axes = layer.kept_axes(shape)
    sizes = tuple(_size(layer, shape, a) if a in axes else 1 for a in range(len(shape)))
    least = literal(config.epsilon())
    deviation = f"{{self}}.variance.sqrt().clamp(min={least})"
    expression = (
        f"{{x}} * {deviation} + {{self}}.mean"
        if layer.invert
        else f"({{x}} - {{self}}.mean) / {deviation}"
    )
    given = layer.mean is not None
    mean = _given(layer.mean, axes, sizes) if given else call("torch.zeros", *sizes)
    variance = _given(layer.variance, axes, sizes) if given else call("torch.ones", *sizes)
    made = f'nn.ParameterDict({{"mean": {mean}, "variance": {variance}}})'
    shaped = call("{w}.reshape", *sizes)
    weights = (state(mean=shaped, variance=shaped), "next(w)  # how many examples it has seen")
    return Piece((Step(expression),), made, () if given else weights, (IN_ORDER,))


def _given(value: Any, axes: tuple[int, ...], sizes: tuple[int, ...]) -> str:
    """A given statistic, aligned from the right with the axes that it is of."""
    x = np.asarray(value, "float64")
    shape = [1] * len(sizes)
    for place in range(1, x.ndim + 1):
        shape[axes[-place]] = x.shape[-place]
    return call(f"torch.tensor({literal(x.tolist())}).reshape", *shape)


def rescaling(layer: Rescaling, place: Place) -> Piece:
    """Rescaling."""
    numbers = [np.asarray(value) for value in (layer.scale, layer.offset)]
    if all(value.ndim == 0 for value in numbers):
        scale, offset = (literal(float(value)) for value in numbers)
        return plain(f"{{x}} * {scale} + {offset}", place)
    each = [call("torch.tensor", value.astype("float64").tolist()) for value in numbers]
    return Piece((Step(f"{{x}} * {each[0]} + {each[1]}"),), takes=(IN_ORDER,))


def layer_scale(layer: LayerScale, place: Place) -> Piece:  # noqa: ARG001
    """LayerScale."""
    made = f'nn.ParameterDict({{"gamma": torch.ones({int(layer.projection_dim)})}})'
    return Piece((Step("{x} * {self}.gamma"),), made, (state(gamma="{w}"),), (IN_ORDER,))


def _shape(layer: Layer, place: Place) -> Any:
    if place.shape is None:
        raise unknown_shape(layer, "the shape of its input")
    return place.shape


def _size(layer: Layer, shape: Any, axis: int) -> int:
    if shape[axis] is None:
        raise unknown_shape(layer, "known sizes")
    return int(shape[axis])


def _channels(layer: Layer, axis: int, place: Place) -> tuple[int, int]:
    shape = _shape(layer, place)
    axis %= len(shape)
    return axis, _size(layer, shape, axis)


def _affine_weights(layer: Any, shaped: str = "") -> tuple[str, ...]:
    """The statement that sets gamma and beta, as far as there are any."""
    names = {"weight": layer.scale, "bias": layer.center}
    given = {name: f"{{w}}{shaped}" for name, there in names.items() if there}
    return (state(**given)[:-1] + ", strict=False)",) if given else ()
