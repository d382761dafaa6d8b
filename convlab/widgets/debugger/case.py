"""What is debugged, as one frozen value: what undo goes back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from convlab.inspector.cones import Cones
from convlab.inspector.diagnosis import Diagnosis, Fix, diagnose
from convlab.inspector.diagnosis.subjects import Text
from convlab.layers.base import Layer
from convlab.models.calls import calls_of
from convlab.models.examples import example
from convlab.models.model import Model
from convlab.models.reading import model_from_json
from convlab.scene.graph import Network


@dataclass(frozen=True)
class Case:
    """A network or a piece of text, on an input, with what is wanted of it.

    Args:
        subject: what `convlab.diagnose` takes.
        title: what it is called.
        about: what to see in it, in a sentence.
        input_shape: what goes in, instead of what the model says.
        output_shape: what shall come out; None is whatever does.
        example: the name of the example that it began as, or "".
        applied: the fixes that are in it, in the order in which they were taken.
    """

    subject: Any
    title: str
    about: str = ""
    input_shape: Any = None
    output_shape: Any = None
    example: str = ""
    applied: tuple[Fix, ...] = ()

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What is wrong with it, and what mends that.

        Raises:
            ConvlabError: it cannot be diagnosed.
        """
        return diagnose(self.subject, self.input_shape, output_shape=self.output_shape)

    @cached_property
    def network(self) -> Network | None:
        """Its calls and their trace; None where only text was read."""
        found = self.diagnosis
        if found.model is None or found.trace is None:
            return None
        return Network(calls_of(found.model, list(found.subject.specs)), found.trace)

    @cached_property
    def cones(self) -> Cones | None:
        """What its units see."""
        return None if self.network is None else Cones(self.network.calls)

    @property
    def nothing(self) -> str:
        """What to say where no network could be read."""
        refusal = self.diagnosis.subject.refusal
        if self.network is not None:
            return ""
        return str(refusal) if refusal else "The text tells of no network that can be drawn."

    def asked(self, name: str, shape: Any) -> Case:
        """The case for another "input_shape" or "output_shape"; None is the network's own."""
        return replace(self, **{name: shape})

    def mended(self, fix: Fix) -> Case:
        """The case with the changes of a fix in it; what is wanted stays."""
        made = fix.apply()
        shape = None
        if isinstance(made, Layer) and not isinstance(made, Model):
            fed = [change.new for change in fix.changes if change.kind == "input_shape"]
            shape = fed[0] if fed else self.input_shape
        applied = (*self.applied, fix)
        return replace(self, subject=made, input_shape=shape, example="", applied=applied)


def example_case(name: str) -> Case:
    """The case of an example.

    Raises:
        ArgumentError: there is none of this name.
    """
    told = example(name)
    return Case(
        told.make(), told.title, told.about, told.input_shape, told.output_shape, example=name
    )


def text_case(text: str, title: str) -> Case:
    """The case of a text: JSON, a traceback, or code; no file is opened, and nothing is run.

    Raises:
        ConvlabError: nothing can be read from it.
    """
    if text.lstrip().startswith("{"):
        return Case(model_from_json(text), title)
    return Case(Text(text), title)
