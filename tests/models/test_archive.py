"""`.keras` archives: the three files in them found, in place, whoever zipped them."""

import io
import json
import zipfile

import pytest
from hostile import archive

from convlab.errors import FileRefused
from convlab.models.archive import read_keras_archive
from convlab.models.limits import Limits
from convlab.models.span import kind_of, span_of

CONFIG, WEIGHTS = b'{"class_name": "Sequential"}', b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 40
MEMBERS = {"metadata_json": b'{"keras_version": "3.15.1"}'}


def packed(method=zipfile.ZIP_STORED):
    file = io.BytesIO(archive(CONFIG, method, **MEMBERS))
    with zipfile.ZipFile(file, "a", method) as zip_file:
        zip_file.writestr("model.weights.h5", WEIGHTS)
        zip_file.writestr("assets/", b"")
        zip_file.writestr("assets/words.txt", b"a\nb")
    return file.getvalue()


@pytest.fixture(params=["path", "text of a path", "bytes", "file"])
def source(request, tmp_path):
    """A function from bytes to each kind of source."""

    def make(data):
        path = tmp_path / "model.keras"
        path.write_bytes(data)
        kinds = {"path": path, "text of a path": str(path), "bytes": data, "file": io.BytesIO(data)}
        return kinds[request.param]

    return make


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_three_files_are_found(source, method):
    found = read_keras_archive(source(packed(method)))
    assert found.config == CONFIG
    assert found.metadata == {"keras_version": "3.15.1"}
    assert found.weights.read() == WEIGHTS
    found.weights.verify()


def test_stored_weights_are_not_read(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(packed())
    found = read_keras_archive(path)
    assert found.weights.origin == path
    assert found.weights.start == packed().index(WEIGHTS)


def test_an_archive_without_weights_or_metadata():
    assert read_keras_archive(archive(CONFIG)) == (CONFIG, None, {})


def test_damaged_weights_are_found_when_they_are_verified():
    data = packed()
    place = data.index(WEIGHTS) + 1000
    found = read_keras_archive(data[:place] + b"\xff\xff" + data[place + 2 :])
    with pytest.raises(
        FileRefused, match=r"checksum that it states\.\nReceived CRC-32 [0-9a-f]{8}"
    ):
        found.weights.verify()


def test_a_file_that_shrinks_after_it_was_found(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(packed())
    weights = read_keras_archive(path).weights
    path.write_bytes(packed()[:2000])
    with pytest.raises(FileRefused, match="as many bytes as it says"):
        weights.read()


@pytest.mark.parametrize(
    ("limits", "match"),
    [
        (Limits(file_bytes=1000), "A file may have 1,000 bytes"),
        (Limits(config_bytes=20), "'config.json' may have 20 bytes"),
        (Limits(members=2), "may have 2 members"),
        (Limits(archive_bytes=5000), "unpack to 5,000 bytes"),
    ],
)
def test_limits_are_the_callers(source, limits, match):
    with pytest.raises(FileRefused, match=match):
        read_keras_archive(source(packed()), limits)


def test_packed_weights_keep_the_limit_on_weights():
    with pytest.raises(FileRefused, match="'model.weights.h5' may have 5,000 bytes"):
        read_keras_archive(packed(zipfile.ZIP_DEFLATED), Limits(weights_bytes=5000))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(FileRefused, match="regular file"):
        read_keras_archive(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_keras_archive(tmp_path / "nothing.keras")


def test_a_part_lies_within_its_span():
    span = span_of(b"0123456789", Limits())
    assert span.part(2, 5).part(1, 2).read() == b"34"
    with pytest.raises(FileRefused, match="8 bytes at 3 of 10"):
        span.part(3, 8)
    with pytest.raises(FileRefused, match="lies within it"):
        span.part(-1, 2)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04....", "zip"),
        (b"PK\x05\x06....", "zip"),
        (b"\x89HDF\r\n\x1a\n....", "hdf5"),
        (b'{"class_name"', "json"),
        (b'\xef\xbb\xbf \r\n\t{"class_name"', "json"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head, kind):
    assert kind_of(head) == kind


@pytest.mark.parametrize("head", [b"", b"\x80\x04\x95", b"<html>", b"[1]", b"\x1f\x8b", b"GIF89a"])
def test_another_kind_of_file_is_refused(head):
    with pytest.raises(FileRefused, match="an empty file|a file that begins with b"):
        kind_of(head)


@pytest.mark.keras
def test_what_keras_saves_is_read(keras, tmp_path):
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)])
    model.save(tmp_path / "model.keras")
    found = read_keras_archive(tmp_path / "model.keras")
    assert json.loads(found.config)["class_name"] == "Sequential"
    assert found.metadata["keras_version"] == keras.__version__
    assert kind_of(found.weights.read()) == "hdf5"
    found.weights.verify()
