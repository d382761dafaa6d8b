"""Layers that act otherwise while a network is trained: here they act as in a trained one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from convlab.errors import ArgumentError

if TYPE_CHECKING:
    from convlab.layers.base import Layer


def refuse_training(layer: Layer, what: str, fix: Mapping[str, Any] | None = None) -> NoReturn:
    """Refuse `training=True` where it would give other numbers.

    Args:
        layer: the layer called.
        what: what it does in training, in the third person.
        fix: an argument with which the layer is the same in training and after it.

    Raises:
        ArgumentError: always.
    """
    fixes = [dict(fix)] if fix else []
    words = [f"{name}={value!r}" for one in fixes for name, value in one.items()]
    raise ArgumentError(
        f"In training, {type(layer).__name__} {what}; convlab computes trained networks.",
        received=f"training=True, {layer!r}",
        remedy=" or ".join(["Use training=False", *(f"make the layer with {w}" for w in words)])
        + ".",
        argument="training",
        fixes=fixes,
    )
