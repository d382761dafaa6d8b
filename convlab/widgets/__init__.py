"""The stage, the explorer, the comparison and the debugger as Jupyter widgets."""

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
