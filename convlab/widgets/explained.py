"""What appears under a traceback: the explanation, the fixes, and the network up to the failure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlab.inspector.diagnosis import Diagnosis

_OPEN = 16
"""Layers up to which the picture of the network is shown at once."""

_MOST = 200
"""Layers beyond which the debugger shows the network, where it can be zoomed and folded."""

_BOX = "overflow:auto; max-height:32em"


class Explained:
    """A diagnosis as a notebook shows it, with a picture of the network; as text elsewhere.

    Args:
        diagnosis: what was found.
    """

    def __init__(self, diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

    def __repr__(self) -> str:
        return self.text()

    def text(self) -> str:
        """What was found, as text."""
        return self.diagnosis.text()

    def html(self) -> str:
        """What was found, and the network, in HTML."""
        return self.diagnosis.html() + self._picture()

    def _picture(self) -> str:
        """The network as SVG; nothing where there is none."""
        from convlab.models.calls import calls_of
        from convlab.scene.graph import Network, build_drawing
        from convlab.scene.graph.still import still
        from convlab.widgets.debugger.marks import marks_of

        subject, trace = self.diagnosis.subject, self.diagnosis.trace
        if subject.model is None or trace is None:
            return ""
        if len(trace.rows) > _MOST:
            return (
                f"<p>The network has {len(trace.rows)} layers: "
                "<code>convlab.debug(sys.last_value)</code> shows it.</p>"
            )
        network = Network(calls_of(subject.model, list(subject.specs)), trace)
        count = len(network.calls.calls)
        drawing = build_drawing(network, marks_of(network, self.diagnosis.findings))
        open_ = " open" if count <= _OPEN else ""
        layers = f"{count} layer{'' if count == 1 else 's'}"
        name = escape(network.trace.name.replace("_", " "))
        return (
            f"<details{open_}><summary>{name}: {layers}</summary>"
            f'<div style="{_BOX}">{still(drawing)}</div></details>'
        )
