"""HDF5 files from strangers: parsed in a process of its own, checked again, handed over as arrays.

`hdf5_child.py` parses; here it is started with little to do harm with, watched, and its answer
read as if it came from a stranger, too. What it says of an array that lies in the file in one
piece is where: those bytes are read straight from the file, once.
"""

from __future__ import annotations

import importlib.util
import json
import math
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypedDict, cast

import numpy as np
from numpy.typing import NDArray

from convlab.errors import FileRefused
from convlab.models import json_text
from convlab.models.limits import Limits
from convlab.models.span import Source, Span, fill, span_of

_CHILD = Path(__file__).with_name("hdf5_child.py")
_ANSWER_BYTES = 2**25
_PATIENCE = 3  # seconds on the clock for one of the processor
_NUMBERS = (
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64"),
)
_STORED = {name: np.dtype(name).newbyteorder("<") for name in _NUMBERS} | {
    "bool": np.dtype("u1"),
    "bfloat16": np.dtype("<u2"),
}


class Attributes(TypedDict):
    """What an HDF5 file says of a model, apart from the values of its weights.

    `model_config` is the configuration as JSON, None in a file of weights alone. `layer_weights`
    gives for each layer, in the file's order, the paths of its arrays in the layer's order, those
    of nested models included; it is None in the files in which the path says where an array
    belongs (`.weights.h5` of Keras 3). `shapes` has every array of the file by its path.
    """

    model_config: str | None
    keras_version: str | None
    backend: str | None
    layer_weights: dict[str, list[str]] | None
    shapes: dict[str, tuple[int, ...]]


def read_attributes(source: Source | Span, limits: Limits | None = None) -> Attributes:
    """Read all that an HDF5 file says of a model, but no weight.

    Args:
        source: path, bytes, binary file object, or a part of a file.
        limits: bounds on sizes, objects, and the reading process.

    Raises:
        FileRefused: the file is damaged, breaks a limit, or holds what Keras never writes: links,
            arrays in other files, objects, packed in an unknown way.
    """
    with _reading(source, limits or Limits()) as reader:
        attributes: Attributes = reader.attributes
    return attributes


def read_weights(
    source: Source | Span, limits: Limits | None = None, names: Collection[str] | None = None
) -> dict[str, NDArray[Any]]:
    """Read the arrays of an HDF5 file, by their paths; bfloat16 is widened to float32.

    Args:
        source: path, bytes, binary file object, or a part of a file.
        limits: bounds on sizes, objects, and the reading process.
        names: the paths of the arrays to read; all when None.

    Raises:
        FileRefused: as `read_attributes`; an array that is named is not there.
    """
    with _reading(source, limits or Limits()) as reader:
        return reader.values(names)


class _Array(NamedTuple):
    """One array as the child describes it; without an offset, the child hands its bytes over."""

    number: int
    shape: tuple[int, ...]
    dtype: str
    offset: int | None

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * _STORED[self.dtype].itemsize


class _Reader:
    """The parent's end of the conversation."""

    def __init__(self, span: Span, limits: Limits, pipes: _Pipes) -> None:
        self.span, self.limits, self.pipes = span, limits, pipes
        answer = pipes.answer()
        try:
            self._take(answer)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            if isinstance(error, FileRefused):
                raise
            received = f"{type(error).__name__}: {error}"[:200]
            raise _refused("The structure of an HDF5 file has a fixed form.", received) from None

    def _take(self, answer: dict[str, Any]) -> None:
        """Check what the child says: a file may have made it say anything."""
        if "refused" in answer:
            raise _refused(str(answer["refused"])[:200], str(answer["received"])[:300])
        self.arrays = {
            str(path): self._array(number, *rest)
            for number, (path, *rest) in enumerate(answer["arrays"])
        }
        layers = answer["layers"]
        self.attributes = Attributes(
            model_config=_text(answer["text"]["model_config"]),
            keras_version=_text(answer["text"]["keras_version"]),
            backend=_text(answer["text"]["backend"]),
            layer_weights=None if layers is None else _layer_weights(layers),
            shapes={path: array.shape for path, array in self.arrays.items()},
        )

    def _array(self, number: int, shape: list[int], dtype: str, offset: int | None) -> _Array:
        sizes = tuple(map(operator.index, shape))
        place = None if offset is None else operator.index(offset)
        array = _Array(number, sizes, dtype, place)
        extent = math.prod(max(1, abs(size)) for size in sizes) * _STORED[dtype].itemsize
        if len(sizes) > self.limits.rank or min(sizes, default=0) < 0 or extent > sys.maxsize:
            raise _refused("An array has a shape that memory can hold.", f"the shape {sizes[:9]}")
        if offset is not None:
            self.span.part(offset, array.nbytes)
        return array

    def values(self, names: Collection[str] | None) -> dict[str, NDArray[Any]]:
        if missing := set(names or ()) - set(self.arrays):
            raise _refused("An array that is asked for is in the file.", f"no {min(missing)!r}")
        chosen = [name for name in self.arrays if names is None or name in names]
        arrays = [self.arrays[name] for name in chosen]
        self._check_sizes(arrays)
        self.span.verify()
        self.pipes.send([array.number for array in arrays if array.offset is None])
        return {name: self._values(array) for name, array in zip(chosen, arrays, strict=True)}

    def _check_sizes(self, arrays: list[_Array]) -> None:
        total = sum(array.nbytes for array in arrays)
        if total > self.limits.weights_bytes:
            raise _refused(
                f"Weights may have {self.limits.weights_bytes:,} bytes.", f"{total:,} bytes"
            )
        plain = sum(array.nbytes for array in arrays if array.offset is not None)
        if plain > self.span.size:
            raise _refused(
                "Arrays do not share their bytes.", f"{plain:,} bytes of {self.span.size:,}"
            )

    def _values(self, array: _Array) -> NDArray[Any]:
        stored = _STORED[array.dtype]
        if array.offset is not None:
            found = self.span.part(array.offset, array.nbytes).array(stored, array.shape)
        else:
            found = self.pipes.array(stored, array.shape)
        if array.dtype == "bfloat16":  # the upper half of a float32
            return (found.astype("<u4") << 16).view("<f4")
        return found != 0 if array.dtype == "bool" else found


class _Pipes:
    """The child process, and what goes to it and comes from it."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self.process, self.limits = process, limits
        self.input = cast(BinaryIO, process.stdin)
        self.output = cast(BinaryIO, process.stdout)
        self.deadline = time.monotonic() + _PATIENCE * limits.child_seconds

    def send(self, message: Any, data: bytes = b"") -> None:
        with suppress(OSError):  # a child that has ended is noticed when its answer is read
            self.input.write(json.dumps(message).encode() + b"\n")
            self.input.write(data)
            self.input.flush()

    def answer(self) -> dict[str, Any]:
        size = int(self.array(np.dtype("<u8"), ()))
        if size > _ANSWER_BYTES:
            raise _refused("The structure of an HDF5 file is small.", f"{size:,} bytes")
        body = self.array(np.dtype("u1"), (size,)).tobytes()
        wide = Limits(config_bytes=_ANSWER_BYTES, nodes=20 * self.limits.objects, integer=2**63)
        answer = json_text.parse(body, wide)
        return cast(dict[str, Any], answer)

    def array(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        values = np.empty(shape, dtype)
        try:
            fill(self.output, values)
        except FileRefused:
            raise self._ended() from None
        return values

    def _ended(self) -> FileRefused:
        """Why the child ended before it had said all."""
        late = time.monotonic() >= self.deadline
        code = self.process.wait()
        if not late and code >= 0:
            return _refused("An array of an HDF5 file is read to its end.", "a damaged one")
        ran = f"ran for {_PATIENCE * self.limits.child_seconds:g} s"
        how = ran if late else f"ended by {signal.Signals(-code).name}"
        rule = "An HDF5 file is read within limits of time and memory."
        return _refused(rule, f"a process that {how}")


@contextmanager
def _reading(source: Source | Span, limits: Limits) -> Iterator[_Reader]:
    """A child process that has parsed the file; it is gone when the block is left."""
    span = source if isinstance(source, Span) else span_of(source, limits)
    file = isinstance(span.origin, Path)
    request = {
        "path": str(span.origin) if file else None,
        "start": span.start if file else 0,
        "size": span.size,
        "text": limits.config_bytes,
        "depth": limits.depth,
        "rank": limits.rank,
        "objects": limits.objects,
        "ratio": limits.ratio,
        "seconds": limits.child_seconds,
        "memory": limits.child_memory,
    }
    with _child() as process:
        pipes = _Pipes(process, limits)
        timer = threading.Timer(_PATIENCE * limits.child_seconds, process.kill)
        timer.start()
        try:
            pipes.send(request, b"" if file else span.read())
            yield _Reader(span, limits, pipes)
        finally:
            timer.cancel()
            timer.join()


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-I", "-B", str(_CHILD), *_folders()]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as process:
        try:
            yield process
        finally:
            process.kill()
            with suppress(OSError):
                cast(BinaryIO, process.stdin).close()


def _folders() -> list[str]:
    """Where NumPy and h5py lie, for a child that is not told of PYTHONPATH or the user's site."""
    specs = [importlib.util.find_spec(name) for name in ("numpy", "h5py")]
    origins = [spec.origin for spec in specs if spec and spec.origin]
    return list(dict.fromkeys(str(Path(origin).parent.parent) for origin in origins))


def _environment() -> dict[str, str]:
    """What a process needs to start and load its libraries; single threads, no HDF5 plugins."""
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return (
        {name: os.environ[name] for name in kept if name in os.environ}
        | dict.fromkeys(threads, "1")
        | {"HDF5_PLUGIN_PRELOAD": "::"}
    )


def _layer_weights(layers: list[Any]) -> dict[str, list[str]]:
    found = {str(name): list(map(str, paths)) for name, paths in layers}
    if len(found) < len(layers):
        raise _refused("A layer's name is its own.", "two layers of one name")
    return found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _refused(rule: str, received: str) -> FileRefused:
    remedy = "Save the model again with Keras; a file of your own may be given wider Limits."
    return FileRefused(rule, received=received, remedy=remedy)
