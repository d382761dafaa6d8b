"""The stage, the explorer, the comparison and the debugger as Jupyter widgets.

Each is imported when it is first used: the IPython extension lives here, too, and costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlab.widgets.comparison import Comparison, compare
    from convlab.widgets.debugger import Debugger, debug, debug_state
    from convlab.widgets.explorer import Explorer
    from convlab.widgets.exploring import explore, explore_state
    from convlab.widgets.stage import Stage

__all__ = [
    "Comparison",
    "Debugger",
    "Explorer",
    "Stage",
    "compare",
    "debug",
    "debug_state",
    "explore",
    "explore_state",
]

_HOME = {
    "Comparison": "comparison",
    "compare": "comparison",
    "Debugger": "debugger",
    "debug": "debugger",
    "debug_state": "debugger",
    "Explorer": "explorer",
    "explore": "exploring",
    "explore_state": "exploring",
    "Stage": "stage",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'convlab.widgets' has no attribute {name!r}")
    value = getattr(import_module(f"convlab.widgets.{_HOME[name]}"), name)
    globals()[name] = value
    return value
