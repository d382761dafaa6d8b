"""Code that computes the same as a layer or a model: for Keras, for PyTorch, for R."""

from convlab.models.code.writing import to_code

__all__ = ["to_code"]
