"""The debugger of networks as a widget."""

from convlab.widgets.debugger.debugger import Debugger
from convlab.widgets.debugger.debugging import debug, debug_example
from convlab.widgets.debugger.state import debug_state

__all__ = ["Debugger", "debug", "debug_example", "debug_state"]
