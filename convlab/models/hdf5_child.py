"""The process that parses HDF5 from strangers: run on its own, never imported by convlab.

libhdf5 can be crashed and kept busy by a file. So this script alone opens one, after it has
given up most of what a process may do: claim memory, use the processor for long, open another
file, write one. It imports h5py and NumPy and nothing of convlab.

It reads one line of JSON from stdin (`path`, `start`, `size` and the limits; with no path, the
bytes of the file follow), and answers on stdout with a length of 8 bytes and as much JSON: either
`{"refused": rule, "received": what}` or the structure,

    {"text": {"model_config": ...}, "layers": [[name, [path, ...]], ...] | null,
     "arrays": [[path, shape, dtype, offset | null], ...]}

An array with an offset lies in the file there, little-endian and in one piece; whoever asks reads
it himself. For the others stdin then gives lines of JSON, each the indices of arrays, and their
bytes follow on stdout, little-endian, in that order.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

if __name__ == "__main__":
    sys.path.extend(sys.argv[1:])  # where h5py lies: this process looks in few places itself

import h5py
import numpy as np

TEXTS = ("model_config", "keras_version", "backend")
FILTERS = {1: "gzip", 2: "shuffle", 3: "fletcher32", 32000: "lzf"}
NAMES = (
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64"),
)
NUMBERS = {
    kind: (name, h5py.h5t.py_create(np.dtype(name).newbyteorder("<")))
    for name in NAMES
    for kind in (np.dtype(name).newbyteorder("<"), np.dtype(name).newbyteorder(">"))
}


class RefusedError(Exception):
    """The file breaks a rule."""

    def __init__(self, rule: str, received: str) -> None:
        super().__init__(rule)
        self.rule, self.received = rule, received


def main() -> None:
    """Answer the request on stdin, then those for arrays, until stdin ends."""
    request = json.loads(sys.stdin.buffer.readline())
    try:
        structure = opened(request)
        answer = structure.answer()
    except RefusedError as error:
        answer = {"refused": error.rule, "received": error.received}
    except Exception as error:  # whatever h5py makes of the bytes
        rule = "The file is no HDF5 file that can be read."
        answer = {"refused": rule, "received": f"{type(error).__name__}: {error}"}
    body = json.dumps(answer).encode()
    out = sys.stdout.buffer
    out.write(len(body).to_bytes(8, "little") + body)
    out.flush()
    for line in sys.stdin.buffer:
        for index in json.loads(line):
            out.write(values(structure.root[answer["arrays"][index][0]]))
        out.flush()
    os._exit(0)  # a damaged file is not closed in an orderly way


def opened(request: dict[str, Any]) -> Structure:
    """The structure of the file, which stays open."""
    codecs.lookup("ascii")  # loaded while files can be opened
    file = Window(request)
    restrict(request["seconds"], request["memory"])
    return Structure(h5py.File(file, "r"), request)


class Window:
    """A run of bytes in a file, as a file of its own that h5py reads; reading beyond it fails."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.start, self.size, self.position = request["start"], request["size"], 0
        path = request["path"]
        self.file = io.FileIO(path) if path else io.BytesIO(sys.stdin.buffer.read(self.size))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move within the run."""
        self.position = offset + (self.size if whence == os.SEEK_END else 0)
        return self.position

    def tell(self) -> int:
        """Where reading goes on."""
        return self.position

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer."""
        wanted = memoryview(buffer)
        self.file.seek(self.start + self.position)
        if self.position + len(wanted) > self.size or self.file.readinto(wanted) != len(wanted):
            raise EOFError("the file ends before")
        self.position += len(wanted)
        return len(wanted)

    read = None


def restrict(seconds: float, memory: int) -> None:
    """Give up what a parser of one open file does not need; unless the system has no limits."""
    try:
        import resource
    except ImportError:
        return
    try:
        pages = Path("/proc/self/statm").read_text().split()[0]
        memory += int(pages) * resource.getpagesize()
    except OSError:
        memory *= 2
    seconds = int(seconds) + 1
    bounds = {"AS": memory, "CPU": seconds, "FSIZE": 0, "CORE": 0, "NOFILE": 0, "NPROC": 0}
    for name, bound in bounds.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bound, bound))


class Structure:
    """Every group, array and text of a file, once each, by hard links alone."""

    def __init__(self, root: Any, limits: dict[str, Any]) -> None:
        self.root, self.limits = root, limits
        self.groups: set[str] = set()
        self.arrays: dict[str, list[Any]] = {}
        self.seen: set[int] = set()
        self.visit(root.id, h5py.h5o.get_info(root.id).addr, "", 0)

    def answer(self) -> dict[str, Any]:
        """What is reported of the file."""
        holder = self.root["model_weights"] if "model_weights" in self.groups else self.root
        texts = {name: self.text(self.root, name) or self.text(holder, name) for name in TEXTS}
        return {
            "text": texts,
            "layers": self.layers(holder),
            "arrays": list(self.arrays.values()),
        }

    def visit(self, handle: Any, address: int, path: str, depth: int) -> None:
        """Note an object and, of a group, all that it holds."""
        if address in self.seen:
            refuse("An HDF5 file leads to each object in one way.", f"a second link {path!r}")
        self.seen.add(address)
        if len(self.seen) > self.limits["objects"]:
            refuse(f"An HDF5 file may hold {self.limits['objects']:,} objects.", "more of them")
        if depth > self.limits["depth"]:
            refuse(f"Groups may nest {self.limits['depth']} levels deep.", "deeper groups")
        if isinstance(handle, h5py.h5d.DatasetID):
            self.arrays[path] = [path, *self.array(handle, path)]
        elif isinstance(handle, h5py.h5g.GroupID):
            self.groups.add(path)
            for name, place in self.links(handle, path):
                child = f"{path}/{name}" if path else name
                self.visit(h5py.h5o.open(handle, name.encode()), place, child, depth + 1)
        else:
            refuse("An HDF5 file holds groups and arrays.", f"a named type {path!r}")

    def links(self, group: Any, path: str) -> list[tuple[str, int]]:
        """The names in a group, each of a hard link, and the addresses where these lead."""
        found: list[tuple[bytes, int, int]] = []

        def note(name: bytes, link: Any) -> bool | None:  # an exception here is lost in libhdf5
            found.append((name, link.type, link.u))
            return len(found) > self.limits["objects"] or None

        group.links.iterate(note, info=True)
        for name, kind, _ in found:
            if kind != h5py.h5l.TYPE_HARD:
                named = {h5py.h5l.TYPE_SOFT: "soft", h5py.h5l.TYPE_EXTERNAL: "external"}
                received = f"the {named.get(kind, 'user-defined')} link {name!r} in {path!r}"
                refuse("An HDF5 file has hard links alone.", received)
            if b"/" in name or name == b".":
                refuse("The name of an object is no path.", f"{name!r} in {path!r}")
        return [(name.decode(), address) for name, _, address in found]

    def array(self, dataset: Any, path: str) -> tuple[list[int], str, int | None]:
        """Shape, type and place of an array that is plain numbers within the limits."""
        plan, space = dataset.get_create_plist(), dataset.get_space()
        layout = plan.get_layout()
        if plan.get_external_count():
            refuse("Arrays lie in the file itself.", f"{path!r}, which lies in another file")
        if layout == h5py.h5d.VIRTUAL:
            refuse("Arrays lie in the file itself.", f"{path!r}, a virtual array")
        filters = [plan.get_filter(i)[0] for i in range(plan.get_nfilters())]
        if unknown := [code for code in filters if code not in FILTERS]:
            named = f"filter {unknown[0]} of {path!r}"
            refuse("Arrays are plain, or packed with gzip, shuffle, fletcher32 or lzf.", named)
        if space.get_simple_extent_type() == h5py.h5s.NULL:
            refuse("An array has a shape.", f"none for {path!r}")
        shape = [int(size) for size in space.get_simple_extent_dims()]
        if len(shape) > self.limits["rank"]:
            refuse(f"An array may have {self.limits['rank']} axes.", f"{len(shape)} of {path!r}")
        name, item, exact = self.kind(dataset, path)
        declared = item
        for size in shape:
            declared *= size
        stored = dataset.get_storage_size()
        if declared > max(2**20, self.limits["ratio"] * stored):
            bytes_ = f"{declared:,} bytes of {path!r} out of {stored:,}"
            refuse(f"An array unpacks to at most {self.limits['ratio']} times its size.", bytes_)
        plain = exact and layout == h5py.h5d.CONTIGUOUS and stored == declared and not filters
        return shape, name, dataset.get_offset() if plain and declared else None

    def kind(self, dataset: Any, path: str) -> tuple[str, int, bool]:
        """Name and size of an array's type, and whether its bytes are as NumPy has them."""
        stored = dataset.get_type()
        code = stored.get_class()
        if code == h5py.h5t.OPAQUE and stored.get_size() == 2:
            if self.text(h5py.Dataset(dataset), "dtype") == "bfloat16":
                return "bfloat16", 2, True
        elif code in (h5py.h5t.INTEGER, h5py.h5t.FLOAT, h5py.h5t.ENUM):
            kind = stored.dtype
            if kind in NUMBERS and code != h5py.h5t.ENUM:
                name, little_endian = NUMBERS[kind]
                return name, kind.itemsize, stored.equal(little_endian)
            if kind.kind == "b":
                return "bool", 1, False
        raise RefusedError("Arrays are plain numbers.", f"{path!r} of another type")

    def layers(self, holder: Any) -> list[list[Any]] | None:
        """The arrays of each layer in order, in the files that say so: all but Keras 3's own."""
        prefix = holder.name.strip("/")
        names = self.texts(holder, "layer_names")
        if names is None:
            return None
        found = []
        for name in names:
            path = "/".join(filter(None, (prefix, name.strip("/"))))
            if path not in self.groups:
                refuse("A layer that is named has a group.", f"none for {name!r}")
            weights = self.texts(self.root[path], "weight_names") or []
            paths = [f"{path}/{weight.strip('/')}" for weight in weights]
            for weight in paths:
                if weight not in self.arrays:
                    refuse("A weight that is named has an array.", f"none for {weight!r}")
            found.append([name, paths])
        return found

    def text(self, holder: Any, name: str) -> str | None:
        """An attribute that is one text."""
        if not has(holder, name):
            return None
        value = self.attribute(holder, name)
        if isinstance(value, list):
            refuse(f"The attribute {name!r} is one text.", "a list of them")
        return str(value)

    def texts(self, holder: Any, name: str) -> list[str] | None:
        """An attribute that is a list of texts: whole, or in the parts that Keras makes of one."""
        if has(holder, name):
            parts = [name]
        else:
            parts = []
            while has(holder, f"{name}{len(parts)}"):
                parts.append(f"{name}{len(parts)}")
            if not parts:
                return None
        found: list[str] = []
        for part in parts:
            value = self.attribute(holder, part)
            if not isinstance(value, list):
                refuse(f"The attribute {name!r} is a list of texts.", "one text")
            found += value
            if len(found) > self.limits["objects"]:
                refuse(f"An HDF5 file may hold {self.limits['objects']:,} objects.", "more names")
        return found

    def attribute(self, holder: Any, name: str) -> Any:
        """The text or the list of texts of an attribute."""
        handle = h5py.h5a.open(holder.id, name.encode())
        space = handle.get_space()
        sizes = space.get_simple_extent_dims() if space.get_simple_extent_ndims() else ()
        if space.get_simple_extent_type() != h5py.h5s.NULL and 0 in sizes:
            return []  # Keras writes an empty list as an array of no numbers
        if handle.get_type().get_class() != h5py.h5t.STRING or len(sizes) > 1:
            refuse(f"The attribute {name!r} is text.", "another type")
        if handle.get_storage_size() > self.limits["text"]:
            refuse(f"An attribute may have {self.limits['text']:,} bytes.", f"more in {name!r}")
        value = holder.attrs[name]
        found = [decoded(item) for item in value] if sizes else decoded(value)
        if sum(map(len, found)) > self.limits["text"]:
            refuse(f"An attribute may have {self.limits['text']:,} bytes.", f"more in {name!r}")
        return found


def has(holder: Any, name: str) -> bool:
    """Whether an object has an attribute."""
    return bool(h5py.h5a.exists(holder.id, name.encode()))


def decoded(value: Any) -> str:
    """A text, however HDF5 stores it."""
    return value.decode() if isinstance(value, bytes) else str(value)


def values(dataset: Any) -> memoryview:
    """The bytes of an array, little-endian."""
    found = np.asarray(dataset[()])
    little = np.ascontiguousarray(found, found.dtype.newbyteorder("<"))
    return little.reshape(-1).view(np.uint8).data


def refuse(rule: str, received: str) -> NoReturn:
    """End with a rule and what broke it."""
    raise RefusedError(rule, received)


if __name__ == "__main__":
    main()
