"""`exported`: files as bytes, of every kind."""

import io
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

import convlab as cl
from convlab.draw import animate, exported
from convlab.errors import ArgumentError

X = np.arange(20, dtype="float32").reshape(4, 5)


def _layer():
    return cl.Conv2D(2, 3, kernel_initializer="ones")


def test_a_picture_is_that_of_the_animation(tmp_path):
    layer = _layer()
    data = exported(layer, X, "png", step=1, theme="dark", filter=1, dpi=50)
    movie = animate(layer, X, theme="dark", filter=1)
    assert data == movie.save(tmp_path / "x.png", step=1, dpi=50).read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.width == 500


def test_every_kind_is_what_it_says(capsys):
    layer = _layer()
    assert ElementTree.fromstring(exported(layer, X, "svg")).tag.endswith("svg")
    assert exported(layer, X, "pdf").startswith(b"%PDF-")
    with Image.open(io.BytesIO(exported(layer, X, "gif", steps=[0, 1, 2], fps=10))) as gif:
        assert (gif.n_frames, gif.info["duration"]) == (3, 100)
    assert exported(layer, X, "html").startswith(b"<!doctype html>")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("webp", {}, r"kind of a file is one of 'png'(.|\n)*kind='webp'"),
        (".png", {}, r"kind='\.png'"),
        ("png", {"dpi": 5}, "10 to 1200 dots"),
        ("gif", {"fps": 0}, r"0\.1 to 50 frames"),
        ("png", {"filter": 2}, "no filter 2"),
        ("html", {"theme": "pink"}, "theme is one of"),
    ],
)
def test_what_cannot_be_exported_is_refused(kind, options, message):
    with pytest.raises(ArgumentError, match=message):
        exported(_layer(), X, kind, **options)


def test_a_film_without_ffmpeg_is_refused_with_a_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ArgumentError, match=r"ffmpeg, which is not installed(.|\n)*a '\.gif'"):
        exported(_layer(), X, "mp4")
