"""`convlab.solve`: from the sizes that are wanted to what gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from convlab.errors import ArgumentError, ConvlabError
from convlab.inspector.solving.layer import solve_layer
from convlab.inspector.solving.solved import Solved
from convlab.layers.base import Layer
from convlab.layers.construction import required
from convlab.layers.spatial import Spatial
from convlab.models.model import Model

if TYPE_CHECKING:
    from convlab.inspector.solving.network.solved import NetworkSolved

PLACEHOLDERS: Mapping[str, Any] = {
    "filters": 1,
    "kernel_size": 3,
    "pool_size": 2,
    "height": 1,
    "width": 1,
}
"""What a class's required arguments are where no layer is given."""


def solve(
    subject: Any,
    *,
    size_in: Any = None,
    size_out: Any = None,
    input_shape: Any = None,
    output_shape: Any = None,
    bounds: Mapping[str, Any] | None = None,
    vary: Iterable[str] | None = None,
) -> Solved | NetworkSolved:
    """Find the arguments of a layer, or the input sizes of a network, that give a wanted size.

    Args:
        subject: a layer; a layer's class, whose defaults are then compared with; or a network.
        size_in: of a layer, the input's size along its spatial axes: a number for all of them or
            one for each; None looks for every size that works, with the layer as it is.
        size_out: the output's size, likewise.
        input_shape: of a network, the shape that goes in; None is its own.
        output_shape: of a network, the shape that is wanted; None, or a size None, is any.
        bounds: the values to try of some arguments, such as `{"kernel_size": range(1, 8)}`; of
            "size_in" the sizes to try.
        vary: the arguments of the layer that may change; None is all of them.

    Returns:
        The answers inside the bounds, all of them: `.solutions`, the smallest change first, each
        with `.changes`, `.size_in`, `.size_out`, `.code` and `.apply()`; `.proof`, words that say
        why there is none; `.bounds`.

    Raises:
        ArgumentError: the subject, a size or a bound cannot be used.

    Example:
        >>> import convlab as cl
        >>> found = solve(cl.Conv2D(8, 3), size_in=28, size_out=14)
        >>> found.solutions[0]
        <strides=2, padding='same': 28 -> 14>
        >>> found.solutions[0].apply()
        Conv2D(8, 3, strides=2, padding='same')
        >>> up = cl.Conv2DTranspose(8, 4, strides=2, padding="same", output_padding=0)
        >>> found = solve(up, size_in=14, size_out=28, vary=["output_padding"])
        >>> [solution.changes for solution in found.solutions]
        [{'output_padding': None}]
        >>> print(found.proof)
        padding="same", a number for output_padding and an even kernel: ... at most 27, never 28...
        >>> [s.size_in for s in solve(cl.MaxPooling2D(2), size_out=14).solutions]
        [28, 29]
    """
    model = _model(subject)
    if model is not None:
        from convlab.inspector.solving.network.solving import solve_network

        _refuse(size_in=size_in, size_out=size_out, bounds=bounds, vary=vary)
        return solve_network(model, input_shape, output_shape)
    layer = _layer(subject)
    if layer is None:
        raise ArgumentError(
            "solve takes a layer over spatial axes, its class, or a network.",
            received=f"{subject!r:.80}",
            remedy="Use e.g. solve(Conv2D(8, 3), size_in=28, size_out=14).",
            argument="subject",
        )
    _refuse(input_shape=input_shape, output_shape=output_shape)
    of_class = isinstance(subject, type)
    return solve_layer(layer, size_in, size_out, bounds or {}, vary, of_class=of_class)


def _model(subject: Any) -> Model | None:
    """The network that is meant: itself, or a live Keras model's."""
    if isinstance(subject, Model):
        return subject
    if isinstance(subject, type | Layer) or not hasattr(subject, "get_config"):
        return None
    from convlab.models import from_keras

    found = from_keras(subject, weights=False)
    return found if isinstance(found, Model) else None


def _refuse(**given: Any) -> None:
    """Refuse what is told of layers for a network, and the other way round."""
    names = [name for name, value in given.items() if value is not None]
    if names:
        of_layer = "size_in" in given
        raise ArgumentError(
            "A network is asked for whole shapes."
            if of_layer
            else "A layer is asked for the sizes along its axes, not for whole shapes.",
            received=", ".join(f"{name}={given[name]!r:.60}" for name in names),
            remedy="Use solve(model, output_shape=(458, 690, 1))."
            if of_layer
            else "Use solve(layer, size_in=28, size_out=14).",
            argument=names[0],
        )


def _layer(subject: Any) -> Spatial | None:
    """The layer that is meant: itself, or one of the class, with placeholders where need be."""
    if isinstance(subject, Spatial):
        return subject
    if not (isinstance(subject, type) and issubclass(subject, Spatial)):
        return None
    try:
        return subject(**{name: PLACEHOLDERS[name] for name in required(subject)})
    except (ConvlabError, KeyError):
        return None
