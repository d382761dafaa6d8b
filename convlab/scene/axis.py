"""The tables of one spatial axis: which inputs each output reads, as arrays for the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry import HOLE, AxisGeometry, Resampling
from convlab.geometry.transposed import added
from convlab.inspector.notes import axis_notes

Geometry = AxisGeometry | Resampling
"""What relates the input and the output along an axis."""


@dataclass(frozen=True)
class Line:
    """One line of the arithmetic of an axis.

    Args:
        name: what the line finds, such as "output size".
        parts: what stands between the equals signs: symbol, formula, numbers, result.
        reason: why the line is so, in a sentence.
        terms: the symbols of the formula: (symbol, value, meaning).
    """

    name: str
    parts: tuple[str, ...]
    reason: str
    terms: tuple[tuple[str, int | None, str], ...]

    @classmethod
    def of(cls, step: Any) -> Line:
        """The line that `convlab.geometry.Step` tells."""
        return cls(step.name, step.parts(), step.reason, step.terms)


@dataclass(frozen=True, eq=False)
class Axis:
    """One spatial axis: which input each output reads, as tables.

    Args:
        name: "height", "width", "depth" or "steps".
        size_in: the number of input cells.
        size_out: the number of output cells.
        kernel: the number of taps.
        pad_before: how many cells before the first input cell some tap reads.
        pad_after: the same behind the last input cell.
        taps: int32 `(size_out, kernel)`, the input index, -1 where none is read.
        positions: int32 `(size_out, kernel)`, the coordinate, which may lie in the padding.
        marks: uint8 `(size_out, kernel)`, 0 an input cell, 1 padding, 2 a hole: nothing is there.
        readers: int32 `(size_in, most)`, the outputs that read the input, one for each tap through
            which they do, -1 for none; the column is the tap, unless there are weights.
        never_read: the inputs that no output reads.
        derivation: the arithmetic from `size_in` to `size_out`, line by line.
        notes: what is worth knowing about the axis, in sentences.
        weights: float64 `(size_out, kernel)`, what each tap is multiplied by along this axis, where
            it is resampled; None means 1.
        stride: the step of the window, or the distance between two stamps.
        dilation: the distance between neighbouring taps.
        transposed: whether each input stamps the kernel onto the output.
        stamps: int32 `(size_in, kernel)` of a transposed axis: the output coordinate onto which an
            input's tap falls; below 0 or from `size_out` on it is cropped. Else None.
        crop_before: how many cells of the stamps lie before the first output cell.
        crop_after: how many lie behind the last.
        added_before: how many first output cells there are by output_padding alone.
        added_after: how many last ones; those that no stamp reaches too.
    """

    name: str
    size_in: int
    size_out: int
    kernel: int
    pad_before: int
    pad_after: int
    taps: NDArray[np.int32]
    positions: NDArray[np.int32]
    marks: NDArray[np.uint8]
    readers: NDArray[np.int32]
    never_read: tuple[int, ...]
    derivation: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    weights: NDArray[np.float64] | None = None
    stride: int = 1
    dilation: int = 1
    transposed: bool = False
    stamps: NDArray[np.int32] | None = None
    crop_before: int = 0
    crop_after: int = 0
    added_before: int = 0
    added_after: int = 0

    @classmethod
    def of(cls, name: str, geometry: Geometry, padding: str = "zeros") -> Axis:
        """The tables of an axis whose sizes are known.

        Args:
            name: what the axis is called.
            geometry: the relation between its inputs and outputs.
            padding: what the cells beyond the edge hold, for the notes.

        Returns:
            The axis as plain data.

        Raises:
            ShapeError: the input's size is not known.

        Example:
            >>> axis = Axis.of("height", AxisGeometry(4, kernel=3, stride=2, pad_after=1))
            >>> axis.size_out, axis.pad_before, axis.pad_after
            (2, 0, 1)
            >>> axis.positions.tolist()
            [[0, 1, 2], [2, 3, 4]]
        """
        readers = geometry.readers().astype(np.int32)
        positions, marks = geometry.positions()
        size_in = len(readers)
        touched = positions[marks != HOLE]
        return cls(
            name=name,
            size_in=size_in,
            size_out=len(positions),
            kernel=geometry.kernel,
            pad_before=int(max(0, -touched.min(initial=0))),
            pad_after=int(max(0, touched.max(initial=0) + 1 - size_in)),
            taps=geometry.taps().astype(np.int32),
            positions=positions.astype(np.int32),
            marks=marks.astype(np.uint8),
            readers=readers,
            never_read=geometry.never_read(),
            derivation=tuple(Line.of(step) for step in geometry.derivation()),
            notes=tuple(axis_notes(name, geometry, padding)),
            **_particulars(geometry),
        )

    def read_counts(self) -> NDArray[np.int64]:
        """How many (output, tap) pairs read each input cell; int64 `(size_in,)`."""
        return np.asarray((self.readers >= 0).sum(axis=1), dtype=np.int64)

    def tap_counts(self) -> NDArray[np.int64]:
        """How many taps of each output read an input cell; int64 `(size_out,)`."""
        return np.asarray((self.taps >= 0).sum(axis=1), dtype=np.int64)


def _particulars(geometry: Geometry) -> dict[str, Any]:
    """What only a resampled, or a transposed, axis has."""
    if isinstance(geometry, Resampling):
        return {"weights": geometry.weights()}
    found: dict[str, Any] = {"stride": geometry.stride, "dilation": geometry.dilation}
    if geometry.transposed:
        before, after = added(geometry)
        found |= {
            "transposed": True,
            "stamps": geometry.transpose().positions()[0].astype(np.int32),
            "crop_before": geometry.crop_before,
            "crop_after": max(0, geometry.crop_after),
            "added_before": before,
            "added_after": after,
        }
    return found
