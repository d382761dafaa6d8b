"""The module in which older Keras kept its convolutional layers: the same layers, by that path."""

from convlab.layers.conv import Conv2D, Convolution2D

__all__ = ["Conv2D", "Convolution2D"]
