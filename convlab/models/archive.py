"""`.keras` archives from strangers: every member checked before one is read.

A `.keras` file is a zip archive of `config.json`, `metadata.json` and `model.weights.h5`, stored
without compression. Nothing is ever unpacked to the disk, and only these three are read; yet an
archive with a single suspicious member is refused as a whole.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple, cast

from convlab.errors import FileRefused
from convlab.models import json_text
from convlab.models.limits import Limits
from convlab.models.span import Source, Span, span_of

_CONFIG, _METADATA, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others expand without a bound
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f\\]|^[A-Za-z]:|(^|/)\.{0,2}(/|$)")
_COMMENT_BYTES = 2**17  # the archive's own comment has 2**16 at most
_ENTRY_BYTES = 256  # a member's entry in the directory, its name and extras included
_BLOCK = 2**16

# What zipfile raises on bytes that no archive has.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


class KerasArchive(NamedTuple):
    """What a `.keras` file holds.

    `config` is the model's configuration, as JSON; `weights` where the HDF5 file with the
    weights lies, or None; `metadata` says which Keras wrote it and when, or is empty.
    """

    config: bytes
    weights: Span | None
    metadata: dict[str, Any]


def read_keras_archive(source: Source, limits: Limits | None = None) -> KerasArchive:
    """Read a `.keras` archive; the weights are found, and read only when they are packed.

    Args:
        source: path, bytes or binary file object.
        limits: bounds on sizes, number of members and compression.

    Raises:
        FileRefused: it is no zip archive, is damaged, breaks a limit, lacks `config.json`, or
            has a member that is a link, is encrypted, lies over another one, has the name of
            another one, or a name that leads out of the archive.
    """
    limits = limits or Limits()
    span = span_of(source, limits)
    try:
        with span.opened() as file:
            guarded = _ShortReads(file, _COMMENT_BYTES + limits.members * _ENTRY_BYTES)
            with zipfile.ZipFile(cast(BinaryIO, guarded)) as archive:
                return _read(span, archive, limits)
    except FileRefused:
        raise
    except _DAMAGED as error:
        raise _refused(
            "The file is no zip archive that can be read.",
            repr(str(error))[:200],
            "It is damaged or cut short: copy or download it again.",
        ) from None


class _ShortReads:
    """A file that gives no more at a time than it should: a directory of 2 GiB is not read."""

    def __init__(self, file: BinaryIO, longest: int) -> None:
        self.file, self.longest = file, longest
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(min(size, self.longest + 1) if size >= 0 else self.longest + 1)
        if len(data) > self.longest:
            raise _refused(
                f"The directory of an archive may have {self.longest:,} bytes.",
                "a longer one",
                "Raise Limits.members if you trust the file.",
            )
        return data


def _read(span: Span, archive: zipfile.ZipFile, limits: Limits) -> KerasArchive:
    members = archive.infolist()
    _check_totals(members, limits)
    for member in members:
        _check_member(member, limits)
    starts = _data_starts(archive, members)
    found = {member.filename: member for member in members}
    if _CONFIG not in found:
        raise _refused(
            "A .keras archive holds a config.json.",
            f"{len(members)} members without it",
            "Save the model with model.save('model.keras').",
        )
    config = _unpacked(archive, found[_CONFIG], limits.config_bytes)
    metadata = {}
    if _METADATA in found:
        metadata = json_text.parse(
            _unpacked(archive, found[_METADATA], limits.config_bytes), limits
        )
    weights = None
    if _WEIGHTS in found:
        member = found[_WEIGHTS]
        if member.compress_type == zipfile.ZIP_STORED:
            weights = span.part(starts[_WEIGHTS], member.file_size, member.CRC)
        else:
            data = _unpacked(archive, member, limits.weights_bytes)
            weights = Span(data, 0, len(data))
    return KerasArchive(config, weights, metadata if isinstance(metadata, dict) else {})


def _check_totals(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise _refused(
            f"An archive may have {limits.members:,} members.",
            f"{len(members):,} members",
            "Raise Limits.members if you trust the file.",
        )
    total = sum(member.file_size for member in members)
    if total > limits.archive_bytes:
        raise _refused(
            f"An archive may unpack to {limits.archive_bytes:,} bytes.",
            f"{total:,} bytes",
            "Raise Limits.archive_bytes if you trust the file.",
        )
    for name, count in Counter(member.filename for member in members).most_common(1):
        if count > 1:
            raise _refused(
                "Each member of an archive has a name of its own.",
                f"{count} times {name[:80]!r}",
                "Save the model again with Keras.",
            )


def _check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    name = repr(member.orig_filename[:80])
    if _BAD_NAME.search(member.orig_filename.removesuffix("/")):
        rule = "The name of a member is a plain path within the archive."
    elif stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        rule = "A member of an archive is a file or a folder, not a link or a device."
    elif member.flag_bits & _ENCRYPTED:
        rule = "A member of an archive is not encrypted."
    elif member.compress_type not in _METHODS:
        rule, name = "A member is stored or deflated.", f"{name}, method {member.compress_type}"
    elif member.compress_type == zipfile.ZIP_STORED and member.file_size != member.compress_size:
        rule = "A stored member has one size."
    elif limits.packs_too_well(member.file_size, member.compress_size):
        rule = f"A member unpacks to at most {limits.ratio} times its size."
        name = f"{name}, {member.file_size:,} bytes out of {member.compress_size:,}"
    else:
        return
    raise _refused(rule, name, "Save the model again with Keras: it writes none of these.")


def _data_starts(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, int]:
    """Where the bytes of each member begin; two members, or one and the directory, never meet."""
    file = cast(BinaryIO, archive.fp)
    starts, runs = {}, [(archive.start_dir, archive.start_dir)]
    for member in members:
        file.seek(member.header_offset)
        header = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        signature, _, flags, method, *_, name_size, extra_size = header
        name = file.read(name_size)
        encoding = "utf-8" if member.flag_bits & _UTF8 else "cp437"
        if (
            signature != _LOCAL_SIGNATURE
            or flags & _ENCRYPTED
            or method != member.compress_type
            or name != member.orig_filename.encode(encoding)
        ):
            raise _refused(
                "The directory of an archive agrees with its members.",
                f"another header before {member.orig_filename[:80]!r}",
                "Save the model again with Keras.",
            )
        start = member.header_offset + _LOCAL_HEADER.size + name_size + extra_size
        starts[member.filename] = start
        runs.append((member.header_offset, start + member.compress_size))
    for (_, end), (start, _) in pairwise(sorted(runs)):
        if end > start:
            raise _refused(
                "No two members of an archive share bytes.",
                f"one that ends at {end:,} and one that begins at {start:,}",
                "Save the model again with Keras.",
            )
    return starts


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, largest: int) -> bytes:
    """The bytes of a member, in blocks: the size that it declares may be a lie."""
    if member.file_size > largest:
        raise _refused(
            f"The member {member.filename!r} may have {largest:,} bytes.",
            f"{member.file_size:,} bytes",
            "Raise the limit if you trust the file.",
        )
    with archive.open(member) as file:
        blocks = list(iter(lambda: file.read(_BLOCK), b""))
    data = b"".join(blocks)
    if len(data) != member.file_size:
        raise _refused(
            "A member has the size that the archive states.",
            f"{len(data):,} bytes of {member.filename!r} in place of {member.file_size:,}",
            "The file is damaged or cut short: copy or download it again.",
        )
    return data


def _refused(rule: str, received: str, remedy: str) -> FileRefused:
    return FileRefused(rule, received=received, remedy=remedy)
