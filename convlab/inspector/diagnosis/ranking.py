"""How little a fix changes, as a number: the smallest cost comes first.

A cost counts what a user has to accept. The order follows what was accepted where people asked:

1. one argument of one layer, in favour of one that keeps every weight (`padding="same"`,
   `output_padding=1`, `data_format`, `axis`);
2. one layer that pads zeros or crops, more for a larger share of what it is put behind, and more
   for what it crops than for what it pads, since that is lost;
3. another input size, the nearer the better;
4. a `Resizing`, another kernel or stride, a layer in the place of another;
5. changes at several places: the sum of them and something on top; a second argument of the same
   layer, or the same layer put in at each of several joins, counts half.

Weights that do not fit any more cost most, since what was trained is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
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

_ARGUMENT, _CHANNELS, _WINDOW, _WEIGHTS = 1.0, 3.5, 4.0, 5.0
_PAD, _CROP, _OTHER, _INPUT = 2.0, 2.2, 4.2, 3.0
_LEFT = 2.5
_AGAIN = 0.5
"""What a further change costs, as a share, that belongs to the decision of one before."""

_EVERYWHERE = 0.1
"""And of the data format, which one line of code says for all layers."""

_PROJECTED = 2.5
"""The stride of a layer of one tap, as a residual network has it on its shortcut."""

_PLACES = 1.5
"""What it costs that there are several places to change in the code."""

_SHARE = 4.0
"""What it costs to pad, crop or feed as many cells more or less as there are."""

_FIXED = 1.5
"""What it costs that a size of the input that was open is no longer."""


def cost_of(tried: Tried, left: int = 0) -> tuple[float, str]:
    """What a user has to accept, as a number and in words.

    Args:
        tried: the network with the changes.
        left: how many places behind what is mended are as wrong as before.
    """
    seen: set[Any] = set()
    total, words = 0.0, []
    for change in tried.changes:
        cost, why = _of(change, tried)
        decision = _decision(change)
        again = _EVERYWHERE if decision == "data_format" else _AGAIN
        total += cost * (again if decision in seen else 1.0)
        seen.add(decision)
        words.append(why)
    total += _PLACES * (len(seen) > 1)
    total += _WEIGHTS * len(tried.rebuilt) + _LEFT * left
    counted = [f"{words.count(why)} x {why}" for why in dict.fromkeys(words)]
    if tried.rebuilt:
        counted.append(f"{len(tried.rebuilt)} x weights lost")
    if left:
        counted.append(f"{left} x an error behind it is left")
    return round(total, 3), ", ".join(counted)


def _decision(change: Change) -> str:
    """What is decided: a layer put in, where channels stand, a stride, or how one layer works."""
    if change.kind == "argument" and change.name in ("data_format", "axis"):
        return change.name
    if change.kind == "argument" and change.name == "strides":
        return f"strides={change.new}"
    return change.class_name or change.layer


def _of(change: Change, tried: Tried) -> tuple[float, str]:
    match change.kind:
        case "argument" if change.name in FREE:
            return _ARGUMENT, "an argument"
        case "argument" if change.name in ("filters", "units"):
            return _CHANNELS, "another number of channels"
        case "argument" if change.name == "strides" and _is_projection(change, tried):
            return _PROJECTED, "a stride of a layer of one tap"
        case "argument":
            return _WINDOW, "a window or a weight of another size"
        case "insert" if change.class_name and change.class_name.startswith("ZeroPadding"):
            return _PAD + _SHARE * _part(tried, change), "zeros"
        case "insert" if change.class_name and change.class_name.startswith("Cropping"):
            return _CROP + _SHARE * _part(tried, change), "cropped cells"
        case "input_shape":
            return _INPUT + _distance(change.old, change.new), "another input"
    return _OTHER, "a layer more, less, or another"


def _is_projection(change: Change, tried: Tried) -> bool:
    """Whether a change is one of a convolution of one tap."""
    layer = tried.network.calls[tried.network.row(change.layer)].layer
    taps = getattr(layer, "kernel_size", ())
    return bool(taps) and all(tap == 1 for tap in taps)


def _part(tried: Tried, change: Change) -> float:
    """Which part of a tensor a change crops, or adds to it, along the worst axis."""
    config = dict(change.config)
    amounts = config.get("cropping", config.get("padding"))
    if change.kind != "insert" or not isinstance(amounts, tuple):
        return 0.0
    calls = (*tried.network.calls,)
    wire = next(
        (one.outputs[0] for one in calls if one.name == change.source and one.outputs), None
    )
    spec = tried.spec(wire) if wire is not None else None
    if spec is None:
        return 0.0
    pairs = amounts if isinstance(amounts[0], tuple) else (amounts,)
    begin = 2 if config.get("data_format") == "channels_first" else 1
    sizes = spec.shape[begin : begin + len(pairs)]
    parts = [sum(pair) / size for pair, size in zip(pairs, sizes, strict=False) if size]
    return max(parts, default=0.0)


def _distance(old: Sequence[int | None], new: Sequence[int | None]) -> float:
    """How far two input shapes are apart: by the share of the axis that changes most."""
    if len(old) != len(new) or (old != new and sorted(map(str, old)) == sorted(map(str, new))):
        return -2.5  # an axis that was forgotten, or stands elsewhere: what is fed is the same
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a is not None and b is not None]
    fixed = any(a is None and b is not None for a, b in zip(old[1:], new[1:], strict=True))
    apart = max((abs(a - b) / max(a, 1) for a, b in pairs), default=0.0)
    return _SHARE * apart + _FIXED * fixed
