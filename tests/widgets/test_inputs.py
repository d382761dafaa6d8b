"""Inputs: pictures are 0-1, typed numbers are what was typed, uploads are bounded."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from convlab.errors import DataError
from convlab.widgets import inputs


def uploaded(content, size):
    return inputs.scaled(inputs.decoded(content), size)


def encoded(pixels, kind="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("name", inputs.PICTURES)
def test_pictures_are_scaled_to_zero_one(name):
    pixels = inputs.picture(name, 28)
    assert pixels.shape == (28, 28, 3 if name == "photograph" else 1)
    assert pixels.dtype == np.float32
    assert pixels.min() >= 0
    assert 0.7 < pixels.max() <= 1
    assert pixels.std() > 0.1  # a real picture, not a flat one


@pytest.mark.parametrize("name", inputs.GRIDS)
@pytest.mark.parametrize("size", [5, 8])
def test_grids(name, size):
    assert inputs.grid(name, size).shape == (size, size, 1)


def test_one_cell_is_one_cell():
    assert inputs.grid("one cell", 5).sum() == 1


@given(st.lists(st.lists(st.floats(-1e30, 1e30), min_size=3, max_size=3), min_size=1, max_size=4))
def test_typed_numbers_come_back(rows):
    text = "\n".join(" ".join(map(repr, row)) for row in rows)
    assert np.array_equal(inputs.typed(text)[..., 0], np.array(rows, dtype=np.float32))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Received 0 numbers. Type 1 to 4096"),
        ("1 2\n3", "Received rows of 2, 1. Make them equal"),
        ("1 two", "Received 'two'. Use plain numbers"),
        ("1e39", "Received a number beyond float32"),
        ("1 " * 4097, "Received 4097 numbers"),
        ("__import__('os')", "Use plain numbers"),
        ("1_0", "Received 'no number: .1_0.'|Use plain numbers"),
        ("nan inf 1e300", "Received a number beyond float32"),
        ("1" * 300_000, "Received 300,000 characters"),
    ],
)
def test_typed_refuses(text, words):
    with pytest.raises(DataError, match="An input is a rectangle of numbers") as error:
        inputs.typed(text)
    error.match(words)


def test_not_a_number_and_infinity_may_be_typed():
    assert np.isnan(inputs.typed("nan inf")[0, 0, 0])


@given(st.text())
def test_typed_never_fails_otherwise(text):
    with contextlib.suppress(DataError):
        assert inputs.typed(text).ndim == 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_upload_keeps_its_colours_and_shape(kind):
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, :40] = (255, 0, 0)
    picture = uploaded(encoded(pixels, kind), 20)
    assert picture.shape == (10, 20, 3)
    assert np.allclose(picture[5, 2], (1, 0, 0), atol=0.02)
    assert np.allclose(picture[5, 17], (0, 0, 0), atol=0.02)


def test_a_grey_upload_has_one_channel_and_a_deep_one_keeps_its_range():
    grey = np.full((6, 6), 51, np.uint8)
    assert np.allclose(uploaded(encoded(grey), 28)[..., 0], 0.2)
    deep = np.full((6, 6), 13107, np.uint16)
    assert np.allclose(uploaded(encoded(deep), 28)[..., 0], 0.2)


def test_transparent_parts_stand_on_white():
    clear = np.zeros((6, 6, 4), np.uint8)
    clear[..., 0] = 255
    clear[:3, :, 3] = 255
    picture = uploaded(encoded(clear), 28)
    assert picture[0, 0].tolist() == [1, 0, 0]
    assert picture[5, 5].tolist() == [1, 1, 1]


def test_semicolons_end_rows():
    assert inputs.typed("1,2,3;4,5,6")[..., 0].tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_transparent_or_indexed_upload_is_read_as_colour():
    clear = np.full((6, 6, 4), 255, np.uint8)
    assert uploaded(encoded(clear), 28).shape == (6, 6, 3)
    palette = io.BytesIO()
    Image.new("P", (6, 6)).save(palette, "PNG")
    assert uploaded(palette.getvalue(), 28).shape == (6, 6, 3)


def test_a_phones_upload_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    picture = uploaded(encoded(np.zeros((30, 40, 3), np.uint8), "JPEG", exif=exif), 28)
    assert picture.shape == (28, 21, 3)


def test_no_more_is_kept_of_an_upload_than_is_shown():
    image = inputs.decoded(encoded(np.zeros((3000, 4000, 3), np.uint8), "JPEG"))
    assert image.size == (224, 168)


def png_claiming(width, height):
    """A small PNG whose header promises a huge picture."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "PNG or a JPEG"),
        (b"not a picture at all", "PNG or a JPEG"),
        (encoded(np.zeros((4, 4, 3), np.uint8), "GIF"), "PNG or a JPEG"),
        (encoded(np.zeros((40, 40, 3), np.uint8))[:60], "PNG or a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG or a JPEG"),
        (png_claiming(4001, 4000), r"16 million pixels at most.\nReceived 4001 x 4000"),
        (png_claiming(60000, 60000), "16 million pixels"),
        (bytes(16 * 2**20 + 1), "16 MiB at most"),
    ],
)
def test_uploads_are_refused_before_they_cost_anything(content, words):
    with pytest.raises(DataError, match=words) as error:
        uploaded(content, 28)
    assert error.value.argument == "input"
    assert error.value.remedy


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(content):
    with pytest.raises(DataError):
        uploaded(b"\x89PNG\r\n\x1a\n" + content, 28)
