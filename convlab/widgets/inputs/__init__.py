"""What a layer reads in the explorer: signals, pictures, volumes, films, typed numbers, files."""

from convlab.widgets.inputs.choice import Input, input_of, input_with, named_input, opening_input
from convlab.widgets.inputs.kinds import BOUNDS, KINDS, TYPED, Kind, Room

__all__ = [
    "BOUNDS",
    "KINDS",
    "TYPED",
    "Input",
    "Kind",
    "Room",
    "input_of",
    "input_with",
    "named_input",
    "opening_input",
]
