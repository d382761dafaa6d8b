"""Which layer a traceback speaks of: its class, its name, and the call in the user's own line."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from convlab import layers
from convlab.errors import ConvlabError
from convlab.inspector.failing.failure import SourceLine
from convlab.layers.base import Layer
from convlab.models.source import parse_call

_NAMED = (
    re.compile(r"layer [\"'`]([\w./-]{1,200})[\"'`] \(type (\w{1,100})\)"),
    re.compile(r"Exception encountered when calling (\w{1,100})\.(?:call|build|symbolic_call)\(\)"),
)
_ONLY_NAME = re.compile(
    r"(?:of layer|downsampling in|calling layer|layer) [\"'`]?([\w./-]{1,200}?)[\"'`]?(?=[\s.,:]|$)"
)
_NODE = re.compile(r"\{\{node (?:[\w.-]{1,100}/)*?([\w.-]{1,100})/\w{1,100}\}\}")
_OLDER_NODE = re.compile(r"for '(?:[\w.-]{1,100}/)*?([\w.-]{1,100})/\w{1,100}' \(op: ")
_CLASS = re.compile(r"`(\w{1,60})` layer")


def class_and_name(text: str) -> tuple[str | None, str | None]:
    """The class and the name of the layer of which a message speaks, each None if it is not told.

    >>> class_and_name('Exception encountered when calling layer "pool" (type MaxPooling2D).')
    ('MaxPooling2D', 'pool')
    """
    told = _NAMED[0].search(text)
    if told:
        return told[2], told[1]
    called = _NAMED[1].search(text)
    of_class = called or _CLASS.search(text)
    node = _NODE.search(text) or _OLDER_NODE.search(text)
    named = _ONLY_NAME.search(text)
    name = named[1] if named and named[1] not in ("is", "requires", "should") else None
    return of_class[1] if of_class else None, name or (node[1] if node else None)


def layer_in(lines: Sequence[SourceLine]) -> Layer | None:
    """The layer that the innermost of the user's lines makes and calls, if it is written there."""
    for line in reversed(lines[-3:]):
        for call in _calls_in(line.text):
            try:
                return parse_call(call)
            except (ConvlabError, RecursionError):
                continue
    return None


def _calls_in(text: str) -> Iterator[str]:
    """The layer calls in a line, the outermost first; a line cut off at its end is completed."""
    text = text[:1000].strip().rstrip(",")
    for tail in ("", ")", "])", "))"):
        tree = _parsed(text + tail)
        if tree is not None:
            yield from (
                ast.unparse(node)
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and _class_of(node) is not None
            )
            return


def _parsed(text: str) -> ast.AST | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _class_of(node: ast.Call) -> type[Layer] | None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else None
    name = node.func.id if isinstance(node.func, ast.Name) else name
    return known_class(name)


def known_class(name: Any) -> type[Layer] | None:
    """The class of ours with a name of Keras's; None if there is none."""
    found = getattr(layers, name, None) if isinstance(name, str) and name[:1].isupper() else None
    return found if isinstance(found, type) and issubclass(found, Layer) else None
