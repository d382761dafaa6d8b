"""Keras's layers, under Keras's names, with Keras's arguments and numbers."""

from convlab.layers import (
    activations,
    config,
    constraints,
    convolutional,
    initializers,
    regularizers,
)
from convlab.layers.base import Cost, Layer
from convlab.layers.conv import Conv2D, Convolution2D

__all__ = [
    "Conv2D",
    "Convolution2D",
    "Cost",
    "Layer",
    "activations",
    "config",
    "constraints",
    "convolutional",
    "initializers",
    "regularizers",
]
