"""What a layer is in PyTorch: a module, statements that use it, and how its weights are set.

PyTorch's layers want the channels first. So a value of a program stands there with its last Keras
axis, the channels, moved to the front where such a layer reads it, and is moved back where Keras's
order matters: a `Place` tells where an axis stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from convlab.layers.base import Shape

IN_ORDER = -1
"""The axes stand as Keras has them."""

FIRST = 1
"""The last axis stands behind the batch: channels first."""

SECOND = 2
"""The last axis stands behind batch and time."""


@dataclass(frozen=True)
class Place:
    """How a value stands in PyTorch.

    Attributes:
        shape: its shape in Keras; None where it is not known.
        last: where Keras's last axis stands: `IN_ORDER`, `FIRST` or `SECOND`.

    Example:
        >>> place = Place((None, 28, 28, 3), FIRST)
        >>> place.dim(-1), place.dim(1), place.dim(2)
        (1, 2, 3)
    """

    shape: Shape | None
    last: int = IN_ORDER

    @property
    def rank(self) -> int | None:
        """The number of axes, batch included."""
        return None if self.shape is None else len(self.shape)

    def dim(self, axis: int) -> int:
        """Where one of Keras's axes stands; one that is counted from the end stays so if it can."""
        if self.last == IN_ORDER or self.shape is None:
            return axis
        axis %= len(self.shape)
        if axis == len(self.shape) - 1:
            return self.last
        return axis + 1 if axis >= self.last else axis


@dataclass(frozen=True)
class Step:
    """A statement `x = expression`.

    Attributes:
        expression: a template: `{x}` is what goes in, `{xs}` all of it where there is more,
            `{self}` the layer's module.
        why: a comment above it.
    """

    expression: str
    why: str = ""


@dataclass(frozen=True)
class Piece:
    """What a layer is in PyTorch.

    Attributes:
        steps: what `forward` does, one statement after another.
        module: the expression that makes the layer's module; None where it has none.
        weights: the statements that set its weights; `w` gives them one by one, in Keras's order.
        takes: for each input, where its last axis must stand; None takes it as it stands.
        gives: for each output, where its last axis stands.
        helpers: the functions that it calls, by name.
        definition: the text of a class of its own, in which `{cls}` is the name it gets.
    """

    steps: tuple[Step, ...] = ()
    module: str | None = None
    weights: tuple[str, ...] = ()
    takes: tuple[int | None, ...] = (None,)
    gives: tuple[int, ...] = (IN_ORDER,)
    helpers: tuple[str, ...] = ()
    definition: str = ""


def plain(expression: str, place: Place, *, why: str = "", helpers: tuple[str, ...] = ()) -> Piece:
    """A layer that is one expression, whatever the order of the axes, and keeps it."""
    steps = (Step(expression, why),) if expression != "{x}" else ()
    return Piece(steps, gives=(place.last,), helpers=helpers)


def state(**names: str) -> str:
    """The statement that loads weights, in the order in which Keras has them.

    >>> state(weight="{w}.T", bias="{w}")
    '{self}.load_state_dict({{"weight": next(w).T, "bias": next(w)}})'
    """
    pairs = (f'"{name}": {value.replace("{w}", "next(w)")}' for name, value in names.items())
    return f"{{self}}.load_state_dict({{{{{', '.join(pairs)}}}}})"
