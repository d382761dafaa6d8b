"""The stage and the explorer as Jupyter widgets."""

from convlab.widgets.explorer import Explorer
from convlab.widgets.exploring import explore, explore_state
from convlab.widgets.stage import Stage

__all__ = ["Explorer", "Stage", "explore", "explore_state"]
