"""One module per kind of finding: `find(context)` gives what it finds, in graph order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from convlab.inspector.diagnosis.finders import (
    channels,
    checkerboard,
    data_formats,
    idle_taps,
    illegal_arguments,
    join_sizes,
    misaligned,
    negative_size,
    nested_inputs,
    never_read,
    others,
    output_sizes,
    ranks,
    receptive_field,
    reshapes,
    unknown_sizes,
)
from convlab.inspector.diagnosis.finding import Finding

if TYPE_CHECKING:
    from convlab.inspector.diagnosis.context import Context

Finder = Callable[["Context"], Iterator[Finding]]

FINDERS: tuple[Finder, ...] = (
    data_formats.find,
    nested_inputs.find,
    join_sizes.find,
    ranks.find,
    negative_size.find,
    channels.find,
    reshapes.find,
    unknown_sizes.find,
    others.find,
    illegal_arguments.find,
    output_sizes.find,
    misaligned.find,
    never_read.find,
    checkerboard.find,
    receptive_field.find,
    idle_taps.find,
)
"""All of them. A call of a layer that raises belongs to the first that tells of it."""
