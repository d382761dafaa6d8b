"""A scene through matplotlib: still pictures, animations, files."""

from convlab.draw.animation import Animation, animate

__all__ = ["Animation", "animate"]
