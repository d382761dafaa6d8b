"""No file harms whoever opens it: each is refused in words, in time, in little memory."""

import concurrent.futures
import contextlib
import random
import time
from pathlib import Path

import hostile_hdf5
import hostile_models
import pytest
from hostile import GENUINE, HOSTILE, MIB, archive, of

from convlab.errors import FileRefused
from convlab.models import json_text
from convlab.models.archive import read_keras_archive
from convlab.models.hdf5 import read_attributes, read_weights
from convlab.models.limits import Limits
from convlab.models.span import kind_of

# What a service would allow; the HDF5 process has no more memory than this, either.
LIMITS = Limits(
    file_bytes=16 * MIB, weights_bytes=64 * MIB, child_seconds=5, child_memory=256 * MIB
)
SECONDS = 10
MEMORY = 256 * MIB


def read(data):
    """All that the readers make of the bytes of a file: its configuration and its weights."""
    kind = kind_of(data[:64])
    if kind == "json":
        return json_text.parse(data, LIMITS), {}
    if kind == "zip":
        config, weights, _ = read_keras_archive(data, LIMITS)
        return json_text.parse(config, LIMITS), weights and read_weights(weights, LIMITS)
    config = read_attributes(data, LIMITS)["model_config"]
    return config and json_text.parse(config, LIMITS), read_weights(data, LIMITS)


@contextlib.contextmanager
def bounded():
    """Fail when the block takes long or much: of this process, on a clock that waits for none."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    with contextlib.suppress(OSError):
        reset.write_text("5")
    before, begin = _peak(status), time.process_time()
    yield
    assert time.process_time() - begin < SECONDS
    assert _peak(status) - before < MEMORY


def _peak(status):
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_there_are_enough():
    assert len({case.name for case in HOSTILE}) == len(HOSTILE) >= 60


@pytest.mark.parametrize(
    "case", [*of("text"), *of("archive"), *of("hdf5"), *of("weights")], ids=lambda case: case.name
)
def test_a_hostile_file_is_refused(case):
    data = case.make()
    with bounded(), pytest.raises(FileRefused, match=case.match) as caught:
        read(data)
    error = caught.value
    assert error.rule.endswith(".")
    assert error.received
    assert error.remedy.endswith(".")
    assert len(str(error)) < 1000


@pytest.mark.parametrize("case", [*of("model"), *of("nobody")], ids=lambda case: case.name)
def test_a_configuration_that_is_well_formed_is_read_as_data(case):
    with bounded():
        json_text.parse(case.make(), LIMITS)
    assert not hostile_models.CANARY.exists()


def mutations(data, count, seed, cut=True):
    """The bytes with some of them flipped or overwritten and, when `cut`, removed or doubled."""
    rng = random.Random(seed)
    for _ in range(count):
        mutant = bytearray(data)
        for _ in range(rng.choice([1, 1, 2, 5, 20])):
            start = rng.randrange(len(mutant))
            size = rng.choice([1, 1, 1, 2, 4, 8, 64])
            match rng.randrange(6 if cut else 4):
                case 0 | 1:
                    mutant[start] ^= 1 << rng.randrange(8)
                case 2:
                    mutant[start : start + size] = rng.randbytes(size)
                case 3:
                    mutant[start : start + size] = b"\xff" * size
                case 4:
                    mutant[start : start + size] = b""
                case 5:
                    mutant[start:start] = mutant[start : start + size]
        yield bytes(mutant[: len(data)] or b"x")


def outcome(data):
    try:
        read(data)
    except FileRefused:
        return "refused"
    return "read"


PACKED = {"compression": "gzip", "shuffle": True, "fletcher32": True}
HDF5 = hostile_hdf5.written(lambda file: file.create_dataset("x", data=range(99), **PACKED))


@pytest.mark.parametrize(
    ("data", "count"),
    [
        pytest.param(GENUINE, 1000, id="text"),
        pytest.param(archive(metadata_json=b"{}"), 1000, id="archive"),
        pytest.param(archive(GENUINE, 8, metadata_json=b"{}"), 1000, id="packed archive"),
    ],
)
def test_a_damaged_file_is_read_or_refused(data, count):
    with bounded():
        outcomes = [outcome(mutant) for mutant in mutations(data, count, seed=4)]
    assert "refused" in outcomes


def test_a_damaged_hdf5_file_is_read_or_refused():
    """Bytes where the structure lies; libhdf5 may crash on them, in a process of its own."""
    mutants = list(mutations(HDF5, 150, seed=4, cut=False))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(outcome, mutants))
    assert {"read", "refused"} == set(outcomes)


def test_no_process_is_left():
    children = Path(f"/proc/self/task/{_thread()}/children")
    before = children.read_text() if children.exists() else ""
    with pytest.raises(FileRefused):
        read(hostile_hdf5.hdf5_of_noise())
    assert (children.read_text() if children.exists() else "") == before


def _thread():
    import threading

    return threading.get_native_id()
