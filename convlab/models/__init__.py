"""Networks: made of layers, or read from files."""

from convlab.layers.input_layer import Input
from convlab.models.code import to_code
from convlab.models.limits import Limits
from convlab.models.model import Model
from convlab.models.reading import from_keras, load_model, model_from_json
from convlab.models.sequential import Sequential

__all__ = [
    "Input",
    "Limits",
    "Model",
    "Sequential",
    "from_keras",
    "load_model",
    "model_from_json",
    "to_code",
]
