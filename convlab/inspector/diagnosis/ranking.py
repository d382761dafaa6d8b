"""How little a fix changes, as a number: the smallest cost comes first.

A cost counts what a user has to accept. The order follows what was accepted where people asked:

1. one argument of one layer, in favour of one that keeps every weight (`padding="same"`,
   `output_padding=1`, `data_format`, `axis`);
2. one layer that pads zeros or crops, a little more for each cell, and more for what it crops
   than for what it pads, since that is lost;
3. another input size, the nearer the better;
4. a `Resizing`, another kernel or stride, a layer in the place of another;
5. several changes: the sum of them, a little less where it is one decision ("padding='same' in
   every pooling").

Weights that do not fit any more cost most, since what was trained is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import TYPE_CHECKING, Any

from convlab.inspector.diagnosis.change import Change

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.network import Tried

FREE = frozenset(
    {
        "padding",
        "output_padding",
        "data_format",
        "axis",
        "keepdims",
        "return_sequences",
        "target_shape",
        "interpolation",
        "cropping",
        "size",
        "dims",
        "n",
    }
)
"""Arguments that change no weight."""

_ARGUMENT, _WINDOW, _WEIGHTS = 1.0, 4.0, 5.0
_PAD, _CROP, _OTHER, _INPUT = 2.0, 2.2, 4.0, 3.0
_LEFT = 2.5
_AGAIN = 0.5
"""What each further change costs that is of the same kind and class as one before."""


def cost_of(tried: Tried, left: int = 0) -> tuple[float, str]:
    """What a user has to accept, as a number and in words.

    Args:
        tried: the network with the changes.
        left: how many places behind what is mended are as wrong as before.
    """
    seen: set[Any] = set()
    total, words = 0.0, []
    for change in tried.changes:
        cost, why = _of(change)
        decision = (change.kind, change.name, change.class_name, _class_of(tried, change))
        total += cost * (_AGAIN if decision in seen else 1.0)
        seen.add(decision)
        words.append(why)
    total += _WEIGHTS * len(tried.rebuilt) + _LEFT * left
    counted = [f"{words.count(why)} x {why}" for why in dict.fromkeys(words)]
    if tried.rebuilt:
        counted.append(f"{len(tried.rebuilt)} x weights lost")
    if left:
        counted.append(f"{left} x an error behind it is left")
    return round(total, 3), ", ".join(counted)


def _of(change: Change) -> tuple[float, str]:
    match change.kind:
        case "argument" if change.name in FREE:
            return _ARGUMENT, "an argument"
        case "argument":
            return _WINDOW, "a window or a weight of another size"
        case "insert" if change.class_name and change.class_name.startswith("ZeroPadding"):
            return _PAD + _cells(dict(change.config)["padding"]), "zeros"
        case "insert" if change.class_name and change.class_name.startswith("Cropping"):
            return _CROP + _cells(dict(change.config)["cropping"]), "cropped cells"
        case "input_shape":
            return _INPUT + _distance(change.old, change.new), "another input"
    return _OTHER, "a layer more, less, or another"


def _cells(amounts: Any) -> float:
    """A little for each cell."""
    flat: list[int] = []
    for amount in amounts if isinstance(amounts, tuple) else (amounts,):
        flat += amount if isinstance(amount, tuple) else [amount]
    return 0.05 * log2(1 + sum(flat))


def _distance(old: Sequence[int | None], new: Sequence[int | None]) -> float:
    """How far two input shapes are apart: a little for each cell, more for another rank."""
    if len(old) != len(new):
        return -1.5  # an axis that was forgotten: what is fed is the same
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if None not in (a, b)]
    apart = sum(abs((a or 0) - (b or 0)) for a, b in pairs)
    return 0.02 * log2(1 + apart)


def _class_of(tried: Tried, change: Change) -> str | None:
    if change.kind != "argument":
        return None
    return tried.network.model.get_layer(change.layer).class_name
