"""What code cannot say, in three parts."""

from __future__ import annotations

from typing import Any

from convlab.errors import ArgumentError, DataError
from convlab.layers.base import Layer

FRAMEWORKS = {"keras": "Keras 3", "torch": "PyTorch", "r": "R's keras3"}


def unknown_framework(framework: Any) -> ArgumentError:
    """Code is asked for in a language that is not among them."""
    return ArgumentError(
        f"Code is written for one of {', '.join(map(repr, FRAMEWORKS))}.",
        received=f"framework={framework!r:.80}",
        remedy="Use to_code(layer, 'keras').",
        argument="framework",
        fixes=[{"framework": name} for name in FRAMEWORKS],
    )


def no_layer(subject: Any) -> ArgumentError:
    """What is to be written is neither a layer nor a model."""
    return ArgumentError(
        "Code is written of a layer or a model.",
        received=f"{subject!r:.80} (of type {type(subject).__name__})",
        remedy="Use e.g. to_code(Conv2D(8, 3), 'keras').",
        argument="subject",
    )


def no_equal(layer: Layer, framework: str, why: str, remedy: str) -> DataError:
    """A framework has nothing that computes the same.

    Args:
        layer: what has no equal.
        framework: its key in `FRAMEWORKS`.
        why: what it lacks, as a clause without a full stop.
        remedy: what to do instead, as a sentence.
    """
    return DataError(
        f"{FRAMEWORKS[framework]} has no equal of {layer.class_name}: {why}.",
        received=f"the layer '{layer.name}', {layer!r:.200}",
        remedy=remedy,
    )


def unknown_shape(layer: Layer, needed: str) -> DataError:
    """PyTorch's layers are made for a shape, which is not known yet.

    Args:
        layer: the layer.
        needed: what of the input has to be known.
    """
    return DataError(
        f"In PyTorch, {layer.class_name} is made for {needed}.",
        received=f"the layer '{layer.name}', whose input is not known yet",
        remedy="Call the layer first, or give the shape: to_code(layer, 'torch', input_shape=...).",
        argument="input_shape",
    )
