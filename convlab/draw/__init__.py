"""A scene through matplotlib: still pictures, animations, files."""

from convlab.draw.animation import Animation, animate, as_batch
from convlab.draw.exported import exported

__all__ = ["Animation", "animate", "as_batch", "exported"]
