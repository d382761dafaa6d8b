"""Bytes that lie in a file or in memory: bounded at once, opened and read when asked."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from convlab.errors import FileRefused
from convlab.models.limits import Limits

Source = str | os.PathLike[str] | bytes | BinaryIO

_BLOCK = 2**20
_SIGNATURES = {b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"\x89HDF\r\n\x1a\n": "hdf5"}


@dataclass(frozen=True)
class Span:
    """A run of bytes: `size` of them from `start`, in a file or in a bytes object.

    Args:
        origin: the file's path, or the bytes.
        start: where the run begins.
        size: how long it is.
        crc: the CRC-32 that the bytes must have, when it is known.
    """

    origin: Path | bytes
    start: int
    size: int
    crc: int | None = None

    def part(self, start: int, size: int, crc: int | None = None) -> Span:
        """The run of `size` bytes that begins `start` bytes into this one."""
        if not 0 <= start <= start + size <= self.size:
            raise FileRefused(
                "A part of a file lies within it.",
                received=f"{size:,} bytes at {start:,} of {self.size:,}",
                remedy="The file is damaged or cut short: copy or download it again.",
            )
        return replace(self, start=self.start + start, size=size, crc=crc)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The origin as a binary file at `start`; it does not end where the span does."""
        origin = self.origin
        with origin.open("rb") if isinstance(origin, Path) else io.BytesIO(origin) as file:
            file.seek(self.start)
            yield file

    def read(self) -> bytes:
        """All of the bytes; a file that has become shorter is refused."""
        return self.array(np.dtype(np.uint8), (self.size,)).tobytes()

    def array(self, dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> NDArray[np.generic]:
        """The bytes as a new array of this type and shape, whose size they have."""
        values = np.empty(shape, dtype)
        if values.nbytes != self.size:
            raise ValueError(f"an array of {values.nbytes} bytes from {self.size}")
        with self.opened() as file:
            fill(file, values)
        return values

    def verify(self) -> None:
        """Compare the bytes with `crc`, when it is known.

        Raises:
            FileRefused: they differ.
        """
        if self.crc is None:
            return
        found = 0
        with self.opened() as file:
            for left in range(self.size, 0, -_BLOCK):
                found = zlib.crc32(file.read(min(left, _BLOCK)), found)
        if found != self.crc:
            raise FileRefused(
                "The bytes in an archive have the checksum that it states.",
                received=f"CRC-32 {found:08x} in place of {self.crc:08x}",
                remedy="The file is damaged: copy or download it again.",
            )


def span_of(source: Source, limits: Limits) -> Span:
    """The whole of a file: its path, its bytes, or a binary file object, which is read.

    Raises:
        FileRefused: it is larger than `limits.file_bytes`, or no regular file.
        OSError: it cannot be opened.

    >>> span_of(b"abc", Limits()).size
    3
    """
    if isinstance(source, bytes):
        return Span(source, 0, _bounded(len(source), limits))
    if isinstance(source, str | os.PathLike):
        path = Path(source).absolute()
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise FileRefused(
                "A model is read from a regular file.",
                received=f"{str(source)!r}, which is a directory, a device or a pipe",
                remedy="Name the .keras, .h5 or .json file itself.",
            )
        return Span(path, 0, _bounded(status.st_size, limits))
    data = source.read(limits.file_bytes + 1)
    return Span(data, 0, _bounded(len(data), limits))


def kind_of(head: bytes) -> str:
    """What a file is, by its first bytes and never by its name: "zip", "hdf5" or "json".

    Args:
        head: the first bytes of the file, 64 suffice.

    Raises:
        FileRefused: it is none of these.

    >>> kind_of(b'{"class_name": "Sequential"')
    'json'
    """
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            return kind
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] == b"{":
        return "json"
    raise FileRefused(
        "A model file is a .keras archive, an HDF5 file or JSON text.",
        received=f"a file that begins with {head[:8]!r}" if head else "an empty file",
        remedy="Save the model with model.save('model.keras'), or write model.to_json().",
    )


def fill(file: BinaryIO, values: NDArray[np.generic]) -> None:
    """Read as many bytes as the array has into it.

    Raises:
        FileRefused: the file ends before.
    """
    left = values.reshape(-1).view(np.uint8).data
    while left:
        count = cast(io.BufferedIOBase, file).readinto(left)
        if not count:
            raise FileRefused(
                "A file holds as many bytes as it says.",
                received=f"an end {len(left):,} bytes early",
                remedy="The file is damaged or cut short: copy or download it again.",
            )
        left = left[count:]


def _bounded(size: int, limits: Limits) -> int:
    if size > limits.file_bytes:
        raise FileRefused(
            f"A file may have {limits.file_bytes:,} bytes.",
            received=f"{size:,} bytes or more",
            remedy="Raise Limits.file_bytes if you trust the file.",
        )
    return size
