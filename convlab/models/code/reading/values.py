"""What names stand for while a text is read, beside plain values, layers and tensors."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Unknown:
    """A value that the text does not tell.

    Attributes:
        why: what it comes from.
        line: where that stands.
    """

    why: str
    line: int


@dataclass(frozen=True)
class Name:
    """A name of a library, such as `keras.layers.Conv2D`; nothing is imported for it."""

    path: str

    @property
    def last(self) -> str:
        """Its last part."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Data:
    """An array of which only the shape is told, such as `np.zeros((1, 28, 28, 1))`."""

    shape: Shape


@dataclass(eq=False)
class Scope:
    """The names of a function's body, or of the whole text."""

    names: dict[str, Any] = field(default_factory=dict)
    outer: Scope | None = None

    def find(self, name: str) -> tuple[bool, Any]:
        """Whether a name is known, and what it stands for."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True, scope.names[name]
            scope = scope.outer
        return False, None


@dataclass(eq=False)
class Function:
    """A function of the text's own, or a lambda."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    owner: Instance | None = None


@dataclass(eq=False)
class UserClass:
    """A class of the text's own."""

    name: str
    bases: tuple[Any, ...]
    body: Mapping[str, Any]
    line: int

    def find(self, name: str) -> Any:
        """What stands under a name in the class or in those of the text from which it is made."""
        seen: set[int] = set()
        left: list[Any] = [self]
        while left:  # depth first, as Python nearly does it, and each class once
            one = left.pop()
            if isinstance(one, UserClass) and id(one) not in seen:
                seen.add(id(one))
                if name in one.body:
                    return one.body[name]
                left += reversed(one.bases)
        return None


@dataclass(eq=False)
class Instance:
    """An object of a class of the text's own."""

    cls: UserClass
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Method:
    """A method of a plain value, a layer or a tensor, that is about to be called."""

    owner: Any
    name: str


@dataclass(frozen=True)
class Partial:
    """Something that is called with arguments of which some are given: `functools.partial`."""

    callee: Any
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


@dataclass(frozen=True)
class Inline:
    """A `Lambda` layer whose function is the text's own: calling it reads the function."""

    function: Function
    input_shape: Any = None


def unknown_in(structure: Any) -> Unknown | None:
    """The first value that is not known, in nested lists, tuples and dictionaries."""
    if isinstance(structure, Unknown):
        return structure
    if isinstance(structure, Mapping):
        structure = list(structure.values())
    if isinstance(structure, slice):
        structure = [structure.start, structure.stop, structure.step]
    if isinstance(structure, list | tuple):
        return next((found for one in structure if (found := unknown_in(one))), None)
    return None
