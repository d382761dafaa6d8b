"""Operations on arrays as layers: what Keras makes of `x + 1`, `x[:, 0]` or `ops.mean(x)`."""

from convlab.layers.operators.layer import Operator, operate
from convlab.layers.operators.reading import from_keras3
from convlab.layers.operators.table import known
from convlab.layers.operators.template import Slot
from convlab.layers.operators.tensorflow import from_tf, known_tf

__all__ = ["Operator", "Slot", "from_keras3", "from_tf", "known", "known_tf", "operate"]
