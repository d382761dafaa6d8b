"""One change of a network, as plain data and as a short sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["argument", "input_shape", "insert", "remove", "replace", "permute"]


@dataclass(frozen=True)
class Change:
    """One change of a network.

    Attributes:
        kind: "argument" (of the constructor of `layer`, from `old` to `new`), "input_shape" (of
            the input `layer`), "insert" (a layer between `source` and `target`), "permute" (the
            same for a `Permute`), "replace" (the layer by another) or "remove".
        layer: the name of the layer that changes; of one that is inserted, its new name.
        name: the argument's name.
        old: what was there: an argument's value, a shape.
        new: what is there then.
        class_name: the class of what is inserted or put in the place of `layer`.
        config: its arguments.
        source: the name of the layer after which it is inserted.
        target: the name of the layer before which; None before the end of the network.
        branch: which of the target's inputs (or of the network's outputs) is meant.
        call: which call of the target is meant, where it is called more than once.
        text: the change as a short sentence.
    """

    kind: Kind
    layer: str
    name: str | None = None
    old: Any = None
    new: Any = None
    class_name: str | None = None
    config: tuple[tuple[str, Any], ...] = ()
    source: str | None = None
    target: str | None = None
    branch: int = 0
    call: int = 0
    text: str = ""

    def __str__(self) -> str:
        return self.text

    def plain(self) -> dict[str, Any]:
        """The change as JSON has it: what says something."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        told["config"] = dict(self.config)
        default = {"branch": 0, "call": 0, "config": {}}
        return {
            name: value for name, value in told.items() if value not in (None, default.get(name))
        }


def argument(layer: str, name: str, old: Any, new: Any) -> Change:
    """Give an argument of a layer another value.

    >>> str(argument("pool", "padding", "valid", "same"))
    "padding='same' in pool"
    """
    return Change("argument", layer, name, old, new, text=f"{name}={new!r} in {layer}")


def input_shape(layer: str, old: Sequence[int | None], new: Sequence[int | None]) -> Change:
    """Feed another shape; both with the batch.

    >>> str(input_shape("image", (None, 100, 100, 3), (None, 96, 96, 3)))
    'feed 96 x 96 x 3 instead of 100 x 100 x 3'
    """
    text = f"feed {_sizes(new)} instead of {_sizes(old)}"
    return Change("input_shape", layer, None, tuple(old), tuple(new), text=text)


def insert(
    class_name: str,
    config: Mapping[str, Any],
    *,
    name: str,
    source: str,
    target: str | None,
    branch: int = 0,
    call: int = 0,
    text: str = "",
) -> Change:
    """Put a layer between two others, or between the last one and the output."""
    kind: Kind = "permute" if class_name == "Permute" else "insert"
    return Change(
        kind,
        name,
        class_name=class_name,
        config=tuple(config.items()),
        source=source,
        target=target,
        branch=branch,
        call=call,
        text=text or f"{class_name} after {source}",
    )


def exchange(layer: str, class_name: str, config: Mapping[str, Any], text: str = "") -> Change:
    """Put another layer in the place of one, under its name."""
    return Change(
        "replace",
        layer,
        class_name=class_name,
        config=tuple(config.items()),
        text=text or f"{class_name} in the place of {layer}",
    )


def remove(layer: str) -> Change:
    """Leave a layer of one input out.

    >>> str(remove("flatten"))
    'leave out flatten'
    """
    return Change("remove", layer, text=f"leave out {layer}")


def _sizes(shape: Sequence[int | None]) -> str:
    return " x ".join(str(size) for size in shape[1:])
