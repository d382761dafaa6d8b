"""A scene through matplotlib: still pictures, animations, files."""

from convlab.draw.animation import Animation, animate, as_batch

__all__ = ["Animation", "animate", "as_batch"]
