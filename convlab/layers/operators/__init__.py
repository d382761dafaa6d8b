"""Operations on arrays as layers: what Keras makes of `x + 1`, `x[:, 0]` or `ops.mean(x)`."""

from convlab.layers.operators.layer import Operator, operate
from convlab.layers.operators.table import known
from convlab.layers.operators.template import Slot

__all__ = ["Operator", "Slot", "known", "operate"]
