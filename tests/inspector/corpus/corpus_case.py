"""What a case of the corpus is: a failing model from a public question, and what was right to say.

The expectations were written from the threads, before any answer of the program was looked at.
"""

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ANY = object()
"""Stands in a pattern for what does not matter."""


@dataclass(frozen=True)
class Pattern:
    """One change of a fix, as far as it matters: the attributes that a change must have."""

    kind: str
    values: Mapping[str, Any]


def argument(layer, name, *new):
    """Another value of one argument; of any layer of a tuple, and any of several values."""
    return Pattern("argument", {"layer": layer, "name": name, "new": new})


def feed(*shapes):
    """Another input, without the batch: one of these, or none of whose sizes is farther off."""
    return Pattern("input_shape", {"new": shapes})


def insert(*class_names):
    """A layer of one of these classes put in."""
    return Pattern("insert", {"class_name": class_names})


def remove(*layers):
    """One of these layers taken out."""
    return Pattern("remove", {"layer": layers})


def replace(layer, *class_names):
    """A layer replaced by one of another class."""
    return Pattern("replace", {"layer": (layer,), "class_name": class_names})


def permute(*layers):
    """The axes of what these layers read put in another order."""
    return Pattern("permute", {"layer": layers})


@dataclass(frozen=True)
class Case:
    """A failing model.

    Attributes:
        id: a short name.
        thread: where it was asked: "owner/repository#number", or an address.
        title: the thread's title.
        code: plain layer calls, as the thread has them, in Keras 3's spelling. They raise, or
            leave `model`.
        kinds: what kind of finding it is; several where more than one word is right.
        layer: the layer where it shows.
        axes: the words of the axes on which it shows, any of which may be named; empty where it
            is no matter of an axis.
        first: the smallest fixes that may stand first, each a tuple of changes: what the thread
            accepted, and what is smaller.
        accepted: texts of the code and what they become in a fix that works, most often the
            thread's own; Keras itself is asked whether it does. Empty where no edit of the code
            mends it.
        given: another input than the model says, without the batch, when the failure is that.
        wanted: the output's shape, without the batch, when the failure is that it is another.
        asked: the text as it was asked, where Keras 3 does not run it; of the same places.
    """

    id: str
    thread: str
    title: str
    code: str
    kinds: tuple[str, ...]
    layer: str
    axes: tuple[str, ...]
    first: tuple[tuple[Pattern, ...], ...]
    accepted: Mapping[str, str] = field(default_factory=dict)
    given: tuple[int | None, ...] | None = None
    wanted: tuple[int | None, ...] | None = None
    asked: str = ""

    @property
    def mended(self):
        """The code after the accepted fix."""
        code = self.code
        for old, new in self.accepted.items():
            if old not in code:
                raise ValueError(f"{self.id}: {old!r} is not in the code")
            code = code.replace(old, new)
        return code


def namespace(library):
    """The names that the codes use, of Keras or of convlab."""
    layers = library.layers
    names = {name: getattr(layers, name) for name in dir(layers) if not name.startswith("_")}
    keras = types.SimpleNamespace(
        layers=layers,
        models=library,
        Input=library.Input,
        Model=library.Model,
        Sequential=library.Sequential,
        applications=getattr(getattr(library, "keras", None), "applications", None),
    )
    names |= {"layers": layers, "keras": keras, "models": library}
    names |= {"tf": types.SimpleNamespace(keras=keras)}
    return names | {name: getattr(library, name) for name in ("Input", "Model", "Sequential")}


def run(code, library):
    """Run plain layer calls, and give `model`."""
    names = namespace(library)
    exec(compile(code, "<case>", "exec"), names)
    return names["model"]
