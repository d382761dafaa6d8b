"""Which arguments Keras takes on TensorFlow, JAX and PyTorch: recorded from the frameworks."""

from convlab.inspector.legality.reading import verdicts
from convlab.inspector.legality.verdict import Verdict, Verdicts

__all__ = ["Verdict", "Verdicts", "verdicts"]
