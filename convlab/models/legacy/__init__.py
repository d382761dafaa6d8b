"""Layers of Keras 1 and Keras 2, as their files have them, in the terms of Keras 3.

Pure functions over dictionaries and arrays: no name in a file is imported, nothing in it is run.
What has no modern counterpart is left as it is, so that the layer refuses it or the class is not
found; nothing is dropped in silence but what has no effect on shapes, weights and inference.

The rules are those by which Keras 2 read Keras 1 (`keras/legacy/interfaces.py`, and
`preprocess_weights_for_loading` of `keras/engine/saving.py`) and Keras 3 reads Keras 2; where
Keras's own reading changes what a model computes, the model is kept and the place says so.
"""

from convlab.models.legacy.branches import as_graph
from convlab.models.legacy.era import data_format_of, is_keras1
from convlab.models.legacy.keras2 import modern_name
from convlab.models.legacy.layers import modern
from convlab.models.legacy.weights import modern_weights

__all__ = ["as_graph", "data_format_of", "is_keras1", "modern", "modern_name", "modern_weights"]
