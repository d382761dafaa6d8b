"""Where in a text of code something stands, and the text with something else there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from convlab import layers


@dataclass(frozen=True)
class Source:
    """A text of code with its syntax tree.

    Attributes:
        text: the text.
        tree: what `ast.parse` makes of it.
    """

    text: str
    tree: ast.Module

    @classmethod
    def of(cls, text: str) -> Source | None:
        """The text with its tree; None where it is no Python."""
        try:
            return cls(text, ast.parse(text))
        except (SyntaxError, ValueError, RecursionError):
            return None

    def offset(self, line: int, column: int) -> int:
        """The place of a character; columns count bytes, as `ast` has them."""
        lines = self.text.split("\n")
        before = sum(len(one) + 1 for one in lines[: line - 1])
        return before + len(lines[line - 1].encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where an expression or a statement begins and ends."""
        return (
            self.offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def segment(self, node: ast.AST) -> str:
        """The text of an expression."""
        begin, end = self.span(node)
        return self.text[begin:end]

    def replaced(self, node: ast.AST, text: str) -> str:
        """The text with something in the place of an expression."""
        begin, end = self.span(node)
        return self.text[:begin] + text + self.text[end:]

    def calls(self, line: int) -> list[ast.Call]:
        """The calls that touch a line, in the order in which Python makes them."""
        found = []
        for statement in ast.walk(self.tree):
            if isinstance(statement, ast.stmt) and not _is_block(statement):
                found += [call for call in _in_order(statement) if _touches(call, line)]
        return found

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement in which an expression stands."""
        holding = [
            one
            for one in ast.walk(self.tree)
            if isinstance(one, ast.stmt) and any(inner is node for inner in ast.walk(one))
        ]
        return min(holding, key=lambda one: self.span(one)[1] - self.span(one)[0], default=None)

    def indent(self, node: ast.stmt) -> str:
        """What stands before a statement on its line."""
        line = self.text.split("\n")[node.lineno - 1]
        return line[: len(line) - len(line.lstrip())]


def _is_block(statement: ast.stmt) -> bool:
    return bool(getattr(statement, "body", None))


def _touches(call: ast.Call, line: int) -> bool:
    return call.lineno <= line <= (call.end_lineno or call.lineno)


def _in_order(node: ast.AST) -> Iterator[ast.Call]:
    """The calls of an expression as they are made: what is called, then the arguments."""
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)
    if isinstance(node, ast.Call):
        yield node


def last_name(call: ast.Call) -> str:
    """The last word of what is called: of `layers.Conv2D(...)` "Conv2D"."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def makes(call: ast.Call, class_name: str) -> bool:
    """Whether a call makes a layer of a class, under any of its names.

    >>> makes(ast.parse("keras.layers.MaxPool2D(2)").body[0].value, "MaxPooling2D")
    True
    """
    name = last_name(call)
    if name.lower() == class_name.lower():
        return True
    return bool(name) and getattr(layers, name, None) is getattr(layers, class_name, name)


def prefix(source: Source, call: ast.Call) -> str:
    """What stands before a class's name: of `tf.keras.layers.Conv2D(...)` "tf.keras.layers."."""
    text = source.segment(call.func)
    return text[: len(text) - len(last_name(call))]
