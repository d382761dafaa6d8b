"""The stage and the explorer as Jupyter widgets."""

from convlab.widgets.explorer import Explorer, explore
from convlab.widgets.stage import Stage

__all__ = ["Explorer", "Stage", "explore"]
