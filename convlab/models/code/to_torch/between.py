"""Layers between the convolutions: dense, reshaping, activations, and what acts in training."""

from __future__ import annotations

from typing import Any

from convlab.layers.base import Layer
from convlab.layers.core import Activation
from convlab.layers.dense import Dense
from convlab.layers.dropout import Dropout
from convlab.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU, ThresholdedReLU
from convlab.layers.reshaping import Flatten, Permute, RepeatVector, Reshape
from convlab.layers.softmax import Softmax
from convlab.models.code.python_text import call, literal
from convlab.models.code.refused import no_equal, unknown_shape
from convlab.models.code.to_torch import activations
from convlab.models.code.to_torch.piece import (
    FIRST,
    IN_ORDER,
    Piece,
    Place,
    Step,
    plain,
    state,
)


def dense(layer: Dense, place: Place) -> Piece:
    """Dense."""
    if layer.lora_rank:
        raise no_equal(
            layer,
            "torch",
            "its kernel has a low-rank update",
            "Add the update to the kernel of a layer without lora_rank.",
        )
    features = None if place.shape is None else place.shape[-1]
    bias = {} if layer.use_bias else {"bias": False}
    lazy = features is None
    sizes = (layer.units,) if lazy else (features, layer.units)
    return Piece(
        (Step("{self}({x})"), *activations.steps(layer, layer.activation, IN_ORDER)),
        call("nn.LazyLinear" if lazy else "nn.Linear", *sizes, **bias),
        (state(weight="{w}.T", **({"bias": "{w}"} if layer.use_bias else {})),),
        (IN_ORDER,),
        (IN_ORDER,),
        activations.helpers(layer, layer.activation),
    )


def flatten(layer: Flatten, place: Place) -> Piece:
    """Flatten, in Keras's order: the channels vary fastest, in either data format."""
    if layer.data_format == "channels_first" and place.rank is None:
        raise unknown_shape(layer, "a number of axes")
    moved = layer.data_format == "channels_first" and (place.rank or 0) > 2
    first = (Step("{x}.movedim(1, -1)", "Keras flattens channels last."),) if moved else ()
    return _in_order(*first, Step("{x}.reshape(len({x}), -1)"))


def reshape(layer: Reshape, place: Place) -> Piece:  # noqa: ARG001
    """Reshape."""
    sizes = "".join(f", {int(size)}" for size in layer.target_shape)
    return _in_order(Step(f"{{x}}.reshape(len({{x}}){sizes})"))


def permute(layer: Permute, place: Place) -> Piece:  # noqa: ARG001
    """Permute."""
    return _in_order(Step(f"{{x}}.permute{(0, *layer.dims)}"))


def repeat_vector(layer: RepeatVector, place: Place) -> Piece:  # noqa: ARG001
    """RepeatVector."""
    return _in_order(Step(f"{{x}}[:, None].repeat(1, {int(layer.n)}, 1)"))


def _in_order(*steps: Step) -> Piece:
    return Piece(steps, takes=(IN_ORDER,))


# Activations as layers


def activation(layer: Activation, place: Place) -> Piece:
    """Activation."""
    steps = activations.steps(layer, layer.activation, place.dim(-1))
    helpers = activations.helpers(layer, layer.activation)
    return Piece(steps, gives=(place.last,), helpers=helpers)


def relu(layer: ReLU, place: Place) -> Piece:
    """ReLU, with its slope, threshold and largest value."""
    slope, threshold, most = layer.negative_slope, layer.threshold, layer.max_value
    if not threshold and most is None:
        slanted = f"F.leaky_relu({{x}}, {literal(float(slope))})"
        return plain(slanted if slope else "F.relu({x})", place)
    above = f"torch.where({{x}} > {literal(threshold)}, {{x}}, 0)" if threshold else "F.relu({x})"
    positive = above if most is None else f"{above}.clamp(max={literal(most)})"
    below = f" - {literal(slope)} * F.relu({literal(threshold)} - {{x}})" if slope else ""
    return plain(positive + below, place)


def leaky_relu(layer: LeakyReLU, place: Place) -> Piece:
    """LeakyReLU."""
    return plain(f"F.leaky_relu({{x}}, {literal(float(layer.negative_slope))})", place)


def elu(layer: ELU, place: Place) -> Piece:
    """ELU."""
    return plain(f"F.elu({{x}}, {literal(float(layer.alpha))})", place)


def thresholded_relu(layer: ThresholdedReLU, place: Place) -> Piece:
    """ThresholdedReLU."""
    return plain(f"F.threshold({{x}}, {literal(float(layer.theta))}, 0.0)", place)


def prelu(layer: PReLU, place: Place) -> Piece:
    """PReLU, whose slopes have a place in every cell unless axes share them."""
    if place.shape is None or None in layer.alpha_shape(place.shape):
        raise unknown_shape(layer, "the sizes of its input")
    shape = tuple(int(size or 0) for size in layer.alpha_shape(place.shape))
    return Piece(
        (Step("torch.where({x} > 0, {x}, {self}.alpha * {x})"),),
        f'nn.ParameterDict({{"alpha": {call("torch.zeros", *shape)}}})',
        (state(alpha="{w}"),),
        (IN_ORDER,),
    )


def softmax(layer: Softmax, place: Place) -> Piece:
    """Softmax, along one axis or over several."""
    axes = layer.axis if isinstance(layer.axis, list | tuple) else [layer.axis]
    if len(axes) == 1 and axes[0] is not None:
        why = "" if place.last == IN_ORDER else "Along Keras's axis, which stands here in PyTorch."
        return plain(f"F.softmax({{x}}, dim={place.dim(int(axes[0]))})", place, why=why)
    if place.shape is None:
        raise unknown_shape(layer, "a number of axes")
    dims = literal(tuple(place.dim(axis) for axis in layer.mixed_axes(place.shape)))
    return plain(f"({{x}} - {{x}}.logsumexp(dim={dims}, keepdim=True)).exp()", place)


# What acts in training alone


def dropout(layer: Dropout, place: Place) -> Piece:
    """Dropout."""
    return Piece((Step("{self}({x})"),), call("nn.Dropout", float(layer.rate)), gives=(place.last,))


def spatial_dropout(layer: Any, place: Place) -> Piece:  # noqa: ARG001
    """SpatialDropout1D, SpatialDropout2D, SpatialDropout3D: whole channels."""
    format_ = getattr(layer, "data_format", "channels_last")  # in one dimension it has none
    last = IN_ORDER if format_ == "channels_first" else FIRST
    made = call(f"nn.Dropout{layer.rank}d", float(layer.rate))
    return Piece((Step("{self}({x})"),), made, takes=(last,), gives=(last,))


def in_training_alone(layer: Layer, place: Place) -> Piece:  # noqa: ARG001
    """What does nothing once a network is trained."""
    return Piece(gives=(place.last,))
