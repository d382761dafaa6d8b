"""The stage, the explorer and the comparison as Jupyter widgets."""

from convlab.widgets.comparison import Comparison, compare
from convlab.widgets.explorer import Explorer
from convlab.widgets.exploring import explore, explore_state
from convlab.widgets.stage import Stage

__all__ = ["Comparison", "Explorer", "Stage", "compare", "explore", "explore_state"]
