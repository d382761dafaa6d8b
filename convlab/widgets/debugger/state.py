"""A debugger's state as plain data, for links.

A state may come from a stranger, in an address: whatever is read is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab.errors import ConvlabError, DataError
from convlab.models import Limits, model_from_json
from convlab.models.examples import EXAMPLES
from convlab.widgets.debugger.case import Case, example_case, text_case
from convlab.widgets.debugger.debugger import Debugger
from convlab.widgets.debugger.opening import shape_of, told_shape
from convlab.widgets.stage import THEMES
from convlab.widgets.state import decoded, encoded

VERSION = 1
MAX_STRUCTURE = 200_000
"""Characters of a network's structure that go into a link at most."""

_KEYS = (
    "version", "example", "model", "text", "title", "input_shape", "output_shape", "layer",
    "selection", "maps", "theme", "left out",
)  # fmt: skip


def told(debugger: Debugger) -> dict[str, Any]:
    """What is shown, as plain data; what it cannot hold is named under "left out"."""
    case = debugger.case
    state: dict[str, Any] = {"version": VERSION, "theme": debugger.theme, "maps": debugger.maps}
    left = []
    if case.example:
        state["example"] = case.example
    elif isinstance(case.subject, str):
        state["text"] = case.subject
    else:
        structure = _structure(case)
        if structure and len(structure) <= MAX_STRUCTURE:
            state["model"], left = structure, ["the weights"]
        else:
            left.append("the network, which has no structure that a link can hold")
    state["title"] = case.title
    for name in ("input_shape", "output_shape"):
        state[name] = told_shape(getattr(case, name))
    state["layer"], state["selection"] = debugger.view.graph.selected, list(debugger.selection)
    return {**state, "left out": left} if left else state


def _structure(case: Case) -> str:
    model = case.diagnosis.model
    try:
        return model.to_json() if model is not None else ""
    except (ConvlabError, ValueError, TypeError):
        return ""  # a function of one's own is no text


def link_of(state: Mapping[str, Any]) -> str:
    """What stands behind `?state=` in the address of the app."""
    return f"{encoded(state)}&page=debug"


def debug_state(state: Mapping[str, Any] | str) -> Debugger:
    """The debugger in a state that was saved.

    Args:
        state: what `Debugger.state` gave, or the text of a link. It may come from a stranger:
            names, types and sizes are checked before anything is computed.

    Raises:
        DataError: it is no such state.
        ConvlabError: the network in it cannot be read.

    Example:
        >>> from convlab.widgets.debugger import debug
        >>> debugger = debug("autoencoder")
        >>> debugger.layer = "encode2"
        >>> debug_state(debugger.link).layer.name
        'encode2'
    """
    plain: Any = decoded(state.partition("&")[0]) if isinstance(state, str) else state
    if not isinstance(plain, Mapping) or plain.get("version") != VERSION:
        raise _refused("version", plain)
    unknown = [key for key in plain if key not in _KEYS]
    if unknown:
        raise _refused("state", unknown[0])
    debugger = Debugger(_case(plain))
    layer, selection = plain.get("layer"), plain.get("selection")
    if isinstance(layer, str) and layer:
        debugger.layer = layer
        if isinstance(selection, list) and selection:
            debugger.selection = selection
    if plain.get("maps") is True:
        debugger.maps = True
    if plain.get("theme", "auto") not in THEMES:
        raise _refused("theme", plain["theme"])
    debugger.theme = plain.get("theme", "auto")
    return debugger


def _case(plain: Mapping[str, Any]) -> Case:
    title = str(plain.get("title") or "a network")[:80]
    example, text, structure = (plain.get(name) for name in ("example", "text", "model"))
    if isinstance(example, str) and example in EXAMPLES:
        case = example_case(example)
    elif isinstance(structure, str) and len(structure) <= MAX_STRUCTURE:
        limits = Limits(config_bytes=MAX_STRUCTURE, layers=2_000)
        case = Case(model_from_json(structure, limits=limits), title)
    elif isinstance(text, str) and len(text) <= MAX_STRUCTURE:
        case = text_case(text, title)
    else:
        raise _refused("network", example or title)
    for name in ("input_shape", "output_shape"):
        written = plain.get(name)
        if isinstance(written, str) and len(written) < 400:
            case = case.asked(name, shape_of(written, name))
    return case


def _refused(name: str, value: Any) -> DataError:
    return DataError(
        f"A saved state has no such {name}.",
        received=f"{name}={value!r:.80}",
        remedy="Copy the link anew from the app.",
        argument=name,
    )
