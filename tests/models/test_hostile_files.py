"""No file harms whoever opens it: each is refused in words, in time, in little memory."""

import base64
import concurrent.futures
import contextlib
import marshal
import random
import signal
import sys
from pathlib import Path

import hostile_hdf5
import hostile_models
import pytest
from hostile import GENUINE, HOSTILE, MIB, archive, of

import convlab as cl
from convlab.errors import FileRefused
from convlab.models import json_text
from convlab.models.archive import read_keras_archive
from convlab.models.hdf5 import read_attributes, read_weights
from convlab.models.limits import Limits
from convlab.models.span import kind_of

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are the system's")

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
    """Stop the block when it has computed for long, and let it claim little memory."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    heard = signal.signal(signal.SIGVTALRM, _late)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, before[1]))
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, before)
        signal.signal(signal.SIGVTALRM, heard)


def _late(*_):
    pytest.fail(f"more than {SECONDS} s")


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


REFUSED = [*of("text"), *of("archive"), *of("hdf5")]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_no_model_is_loaded_from_a_hostile_file(case):
    data = case.make()
    with bounded(), pytest.raises(FileRefused, match=case.match):
        cl.load_model(data, limits=LIMITS)


@pytest.mark.parametrize("case", of("text"), ids=lambda case: case.name)
def test_an_archive_is_no_better_than_its_configuration(case):
    data = case.make()
    if not data.startswith(b"{"):
        pytest.skip("a file of another kind around the text")
    with bounded(), pytest.raises(FileRefused, match=case.match):
        cl.load_model(archive(data), limits=LIMITS)


@pytest.mark.parametrize("case", of("model"), ids=lambda case: case.name)
def test_a_configuration_of_no_network_is_refused(case):
    data = case.make()
    with bounded(), pytest.raises(FileRefused, match=case.match) as caught:
        cl.model_from_json(data, limits=LIMITS)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("case", of("nobody"), ids=lambda case: case.name)
def test_what_nobody_refuses_harms_nobody(case):
    """It is opened, or refused in words; traced; and nothing that it names is run."""
    data = case.make()
    with bounded():
        try:
            str(cl.trace(cl.model_from_json(data, limits=LIMITS)))
        except FileRefused as error:
            assert error.remedy  # noqa: PT017 - either outcome is harmless
    assert not hostile_models.CANARY.exists()


def test_the_canary_would_sing():
    """The code in the hostile Lambda layers is real: whoever ran it would leave a file."""
    code = marshal.loads(base64.b64decode(hostile_models.marshalled()))
    try:
        eval(code)
        assert hostile_models.CANARY.exists()
    finally:
        hostile_models.CANARY.unlink(missing_ok=True)


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
    mutants = list(mutations(HDF5, 120, seed=4, cut=False))
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
