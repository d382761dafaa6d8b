"""What a framework says of a layer's arguments, as data that prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from convlab.layers.naming import printable

NAMES = {
    "tensorflow": "TensorFlow",
    "tensorflow-plain": "TensorFlow without oneDNN",
    "jax": "JAX",
    "torch": "PyTorch",
}
"""What the backends are called. Without oneDNN is TensorFlow on a processor other than Intel's and
AMD's, and with `TF_ENABLE_ONEDNN_OPTS=0`."""

_WHEN = {
    "constructor": "when the layer is made",
    "symbols": "when the layer is called on an Input",
    "call": "when the layer is called on numbers",
    "gradient": "when the gradient is taken",
}


@dataclass(frozen=True)
class Verdict:
    """What one backend says of one layer's arguments.

    Attributes:
        backend: "tensorflow", "tensorflow-plain", "jax" or "torch".
        accepted: whether the layer is made and called, and its gradient taken.
        differs: whether it is accepted, but gives other numbers than Keras documents, at least for
            some sizes of the input.
        stage: when it is refused: "constructor", "symbols", "call" or "gradient"; else "".
        reason: what the arguments have that is refused, or that differs.
        arguments: the names of those arguments.
        error: the class of the exception.
        message: what it said, of an example.
        versions: of Keras and of the framework that were asked, and the machine.
    """

    backend: str
    accepted: bool
    differs: bool = False
    stage: str = ""
    reason: str = ""
    arguments: tuple[str, ...] = ()
    error: str = ""
    message: str = ""
    versions: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """What the backend is called, with its version."""
        version = next((v for k, v in self.versions.items() if k not in ("keras", "machine")), "")
        return f"{NAMES[self.backend]} {version.partition('+')[0]}".rstrip()

    @property
    def short(self) -> str:
        """The verdict in a few words."""
        if self.differs:
            return f"accepted, but with other numbers: {self.reason}"
        return "accepted" if self.accepted else f"refused: {self.reason}"

    @property
    def long(self) -> str:
        """The verdict in a sentence or two, with what the framework said."""
        if self.accepted:
            return f"{self.name}: {self.short}."
        said = f" {self.error}: {self.message}" if self.error else f" {self.message}"
        return f"{self.name}: {self.short}, {_WHEN[self.stage]}.{said}"

    def __str__(self) -> str:
        return self.long


class Verdicts(dict[str, Verdict]):
    """The verdicts of all backends about one layer's arguments, by the backend's name. Print it.

    A class of layers of which nothing is recorded has none.
    """

    @property
    def refused(self) -> tuple[Verdict, ...]:
        """Those that refuse."""
        return tuple(verdict for verdict in self.values() if not verdict.accepted)

    @property
    def remarkable(self) -> tuple[Verdict, ...]:
        """Those that refuse, or give other numbers."""
        return tuple(
            verdict for verdict in self.values() if not verdict.accepted or verdict.differs
        )

    @property
    def keras(self) -> str:
        """The version of Keras that was asked."""
        return next((verdict.versions.get("keras", "") for verdict in self.values()), "")

    def text(self) -> str:
        """One line for each backend."""
        if not self:
            return "Nothing is recorded of this layer."
        lines = [f"Keras {self.keras} on", *(f"  {printable(v.long)}" for v in self.values())]
        return "\n".join(lines)

    def html(self) -> str:
        """A small table, which takes the colours of its page."""
        if not self:
            return f"<p>{self.text()}</p>"
        rows = "".join(_row(verdict) for verdict in self.values())
        return (
            f'<table class="convlab-legality"><caption>Keras {escape(self.keras)} on</caption>'
            f"<tbody>{rows}</tbody></table>"
        )

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()


def _row(verdict: Verdict) -> str:
    said = f"{verdict.error}: {verdict.message}" if verdict.error else verdict.message
    return (
        f'<tr><th scope="row">{escape(verdict.name)}</th><td>{escape(verdict.short)}</td>'
        f"<td>{escape(said)}</td></tr>"
    )
