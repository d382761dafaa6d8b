"""A scene through matplotlib: still pictures, animations, files."""

from convlab.draw.animating import animate
from convlab.draw.animation import Animation
from convlab.draw.export import exported
from convlab.draw.inputs import as_batch

__all__ = ["Animation", "animate", "as_batch", "exported"]
