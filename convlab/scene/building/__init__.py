"""From a layer, or several in a row, and an input to a scene."""

from convlab.scene.building.chain import build_scene

__all__ = ["build_scene"]
