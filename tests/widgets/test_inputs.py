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

from convlab.errors import ArgumentError, DataError
from convlab.widgets.inputs import (
    BOUNDS,
    KINDS,
    TYPED,
    Input,
    Room,
    feature_maps,
    named_input,
    numbers,
    pictures,
)
from convlab.widgets.inputs.patterns import PATTERNS, pattern


def uploaded(content, size):
    return pictures.scaled(pictures.decoded(content), size)


def encoded(pixels, kind="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_pictures_are_scaled_to_zero_one(name):
    pixels = pictures.picture(name, 28)
    assert pixels.shape == (28, 28, 3 if name == "photograph" else 1)
    assert pixels.dtype == np.float32
    assert pixels.min() >= 0
    assert 0.7 < pixels.max() <= 1
    assert pixels.std() > 0.1  # a real picture, not a flat one


EVERY = [(room, name) for room in KINDS for name in KINDS[room]]


@pytest.mark.parametrize(("room", "name"), EVERY)
def test_every_input_fills_its_room(room, name):
    chosen = named_input(name, room)
    values = chosen.values()
    sizes = values.shape[int(room.timed) : -1]
    assert values.dtype == np.float32
    assert sizes == (chosen.size,) * room.rank
    assert values.shape[:1] == (chosen.frames,) or not room.timed
    assert np.isfinite(values).all()
    assert values.std() > 0 or name == "ones"
    assert KINDS[room][name].about
    if chosen.is_picture:
        assert values.min() >= 0
        assert values.max() <= 1


@pytest.mark.parametrize(("room", "name"), EVERY)
def test_every_input_exists_at_its_smallest_and_largest(room, name):
    bounds = BOUNDS[room]
    for size in (bounds.smallest, bounds.largest):
        values = Input(name, size, room, frames=bounds.frames or 1).values()
        assert values.shape[int(room.timed)] == size


@pytest.mark.parametrize(("room", "name"), EVERY)
@pytest.mark.parametrize("size", [0, 1000])
def test_a_size_out_of_bounds_is_refused(room, name, size):
    with pytest.raises(ArgumentError, match="cells along each axis") as error:
        Input(name, size, room).values()
    assert error.value.argument == "size"


def test_a_film_moves_by_one_cell_a_frame_and_turns():
    film = Input("moving pulse", 6, Room(1, True), frames=12).values()[..., 0]
    starts = film.argmax(axis=1).tolist()
    assert starts == [0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, 3]
    assert (film.sum(axis=1) == 2).all()


def test_the_heartbeat_beats_and_the_brain_waves_are_recorded():
    beat = named_input("heartbeat", Room(1)).values()[:, 0]
    assert np.argmax(beat[:48]) == 24
    waves = Input("brain waves, 4 channels", 300, Room(1)).values()
    assert waves.shape == (300, 4)
    assert np.abs(np.corrcoef(waves.T)[0, 1:]).max() < 0.99  # four electrodes, not one


MAPS = [(room, KINDS[room]["feature maps"]) for room in KINDS if "feature maps" in KINDS[room]]


@pytest.mark.parametrize(("room", "kind"), MAPS)
def test_feature_maps_have_as_many_channels_as_chosen(room, kind):
    most = BOUNDS[room].channels
    for channels in (1, most):
        values = Input("feature maps", kind.size, room, channels=channels).values()
        assert values.shape[-1] == channels
        assert values.reshape(-1, channels).max(axis=0) == pytest.approx(1)  # no empty map
    flat = values.reshape(-1, most).T
    if room.rank > 1:  # along one axis there are two directions, and smooth maps grow alike
        assert len(np.unique(flat, axis=0)) == most
    for channels in (0, most + 1):
        with pytest.raises(ArgumentError, match=f"1 to {most} channels") as error:
            Input("feature maps", kind.size, room, channels=channels).values()
        assert error.value.argument == "channels"


def test_a_feature_map_is_the_rising_edge_towards_its_direction():
    cells = np.zeros((5, 6), np.float32)
    cells[:, 3:] = 2
    maps = feature_maps.feature_maps(cells, 2, 4)
    right = feature_maps.directions(2).index((0, 1))
    assert maps[2, :, right].tolist() == [0, 0, 1, 1, 0, 0]
    assert not maps[..., [way for way in range(4) if way != right]].any()


def test_the_phantom_is_a_skull_with_something_in_it():
    head = named_input("head phantom", Room(3)).values()[..., 0]
    middle = head[len(head) // 2]
    assert middle.max() == 1
    assert middle[6, 6] == pytest.approx(0.2)
    assert not head[0, 0].any()


def test_typed_in_every_room():
    for room, (read, example, about) in TYPED.items():
        values = read(example)
        assert values.ndim == room.rank + room.timed + 1
        assert about
    assert numbers.typed_signal("1 2 3\n4 5 6").shape == (3, 2)
    with pytest.raises(DataError, match=r"blocks of 1 x 1, 1 x 2"):
        numbers.typed_blocks("1 2\n\n3")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"1,2\n3,4\n", [[1, 2], [3, 4]]),
        (b"time;volt\n0;0.5\n\n1;-2e3\n", [[0, 0.5], [1, -2000]]),
        (b"1\n2\n3", [[1], [2], [3]]),
        ("\ufeffa\tb\n1\t2".encode(), [[1, 2]]),
    ],
)
def test_tables(content, expected):
    assert numbers.table(content).tolist() == expected


def test_a_long_table_is_cut():
    assert numbers.table(b"1\n" * 5000).shape == (512, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no line of numbers"),
        (b"a,b\n", "no line of numbers"),
        (b"1,2\n3\n", "lines of 1, 2 columns"),
        (b"1\nx\n", "'x'. Use plain numbers"),
        (b"1\n1_0\n", "Use plain numbers"),
        (b"\xff\xfe\x00", "bytes that are no text"),
        (b"1," * 20 + b"1\n", "lines of 21 columns"),
        (b"1\n1e39\n", "beyond float32"),
        (bytes(2**20 + 1), "1.0 MiB"),
    ],
)
def test_tables_are_refused_in_words(content, words):
    with pytest.raises(DataError, match="A table is a text of numbers") as error:
        numbers.table(content)
    error.match(words)
    assert error.value.argument == "input"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(content):
    with contextlib.suppress(DataError):
        assert numbers.table(content).ndim == 2


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("size", [5, 8])
def test_patterns(name, rank, size):
    assert pattern(name, rank, size).shape == (*(size,) * rank, 1)


def test_one_cell_is_one_cell():
    assert pattern("one cell", 2, 5).sum() == 1


@given(st.lists(st.lists(st.floats(-1e30, 1e30), min_size=3, max_size=3), min_size=1, max_size=4))
def test_typed_numbers_come_back(rows):
    text = "\n".join(" ".join(map(repr, row)) for row in rows)
    assert np.array_equal(numbers.typed(text)[..., 0], np.array(rows, dtype=np.float32))


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
        numbers.typed(text)
    error.match(words)


def test_not_a_number_and_infinity_may_be_typed():
    assert np.isnan(numbers.typed("nan inf")[0, 0, 0])


@given(st.text())
def test_typed_never_fails_otherwise(text):
    with contextlib.suppress(DataError):
        assert numbers.typed(text).ndim == 3


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
    assert numbers.typed("1,2,3;4,5,6")[..., 0].tolist() == [[1, 2, 3], [4, 5, 6]]


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
    image = pictures.decoded(encoded(np.zeros((3000, 4000, 3), np.uint8), "JPEG"))
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
