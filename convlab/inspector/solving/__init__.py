"""From sizes back to arguments: what makes a layer or a network give the size that is wanted."""

from convlab.inspector.solving.asking import solve
from convlab.inspector.solving.solution import Solution
from convlab.inspector.solving.solved import Solved

__all__ = ["Solution", "Solved", "solve"]
