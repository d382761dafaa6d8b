"""How large a file from a stranger may be: every bound that its readers hold, in one place."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 2**20
_GIB = 2**30


@dataclass(frozen=True)
class Limits:
    """The bounds that a file must keep; beyond any of them it is refused, never cut short.

    The defaults suit a person who opens a file of their own: the largest configuration of
    `keras.applications` is 1.5 MiB of text, 10 levels deep. A service that takes uploads passes
    smaller ones: `Limits(file_bytes=16 * 2**20, weights_bytes=64 * 2**20)`.

    Args:
        file_bytes: size of the file as it lies on the disk.
        config_bytes: size of the model's configuration, as UTF-8.
        depth: nesting of the configuration, and of the groups in an HDF5 file.
        nodes: values in the configuration: dictionaries, lists, numbers and texts together.
        integer: largest magnitude of an integer, the seeds excepted (see `json_text`).
        layers: layers of the model, nested ones included.
        rank: axes of a shape or of an array of weights.
        members: files in an archive.
        archive_bytes: size of all files in an archive, unpacked.
        ratio: how many times larger than its stored bytes a packed file or array may be; what
            is smaller than 1 MiB unpacked may be packed tighter.
        weights_bytes: size of the arrays that are read, together.
        objects: groups and datasets in an HDF5 file.
        child_seconds: processor time of the process that reads HDF5; on the clock it may take
            three times as long, for a machine has other work, too.
        child_memory: bytes that this process may claim beyond those of its start.

    >>> Limits(file_bytes=16 * 2**20).depth
    64
    """

    file_bytes: int = 2 * _GIB
    config_bytes: int = 4 * _MIB
    depth: int = 64
    nodes: int = 500_000
    integer: int = 2**31 - 1
    layers: int = 10_000
    rank: int = 8
    members: int = 10_000
    archive_bytes: int = 4 * _GIB
    ratio: int = 200
    weights_bytes: int = 4 * _GIB
    objects: int = 100_000
    child_seconds: float = 20.0
    child_memory: int = _GIB

    def packs_too_well(self, unpacked: int, stored: int) -> bool:
        """Whether so many bytes out of so few are a bomb and no file.

        >>> Limits().packs_too_well(2**30, stored=2**20)
        True
        """
        return unpacked > max(_MIB, self.ratio * stored)
