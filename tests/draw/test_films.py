"""MP4 by the real ffmpeg: every frame, the size, the duration, the colours."""

import io

import numpy as np
import pytest
from films import decoded, needs_ffmpeg, probed
from PIL import Image

import convlab as cl
from convlab.draw import exported


@pytest.fixture(autouse=True)
def _ffmpeg():
    needs_ffmpeg()


def test_a_film_has_every_frame_of_the_play(tmp_path):
    movie = cl.animate(cl.Conv2D(2, 3), np.random.default_rng(0).random((5, 6, 1)))
    first = next(movie.frames())
    film = probed(movie.save(tmp_path / "x.mp4", fps=12, progress=False))
    assert (film["codec_name"], film["pix_fmt"]) == ("h264", "yuv420p")  # what every player plays
    assert film["width"] == first.width
    assert film["height"] == first.height + first.height % 2
    assert int(film["nb_read_frames"]) == len(movie) == 12
    assert film["r_frame_rate"] == "12/1"
    assert float(film["duration"]) == pytest.approx(1, abs=0.01)
    assert film["color_space"] == film["color_primaries"] == film["color_transfer"] == "bt709"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_those_of_the_pictures(tmp_path, theme):
    movie = cl.animate(cl.Conv2D(1, 2), np.arange(9.0).reshape(3, 3), theme=theme)
    path = movie.save(tmp_path / "x.mp4", progress=False)
    for number, frame in enumerate(movie.frames()):
        wide = (frame.width, frame.height + frame.height % 2)
        pixels = np.frombuffer(decoded(path, number, wide), np.uint8).reshape(*wide[::-1], 3)
        error = np.abs(pixels[: frame.height].astype(int) - np.asarray(frame))
        assert np.median(error) <= 2
        assert error.mean() < 4  # colours have half the resolution in a film
        assert np.abs(pixels[-1].astype(int) - np.asarray(frame)[-1]).max() < 12  # no line below


CHAIN = [cl.ZeroPadding2D(1), cl.Conv2D(2, 3, strides=2)]
KINDS = {
    "1D": (cl.Conv1D(2, 3, padding="causal"), (6, 2), {}),
    "3D": (cl.Conv3D(1, 2), (3, 3, 3, 1), {}),
    "gathered": (cl.Conv2DTranspose(1, 3, strides=2), (3, 3, 1), {}),
    "scattered": (cl.Conv2DTranspose(1, 3, strides=2), (3, 3, 1), {"reading": "scatter"}),
    "two steps": (cl.SeparableConv2D(2, 2), (4, 4, 2), {}),
    "gates": (cl.ConvLSTM2D(1, 2), (2, 4, 4, 1), {}),
    "chain": (CHAIN, (6, 6, 1), {}),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_makes_a_film_and_a_gif(name, tmp_path):
    layer, shape, options = KINDS[name]
    x = np.random.default_rng(0).random(shape)
    steps = [0, 1, 2]
    path = tmp_path / "x.mp4"
    path.write_bytes(exported(layer, x, "mp4", steps=steps, fps=10, **options))
    film = probed(path)
    assert int(film["nb_read_frames"]) == len(steps)
    with Image.open(io.BytesIO(exported(layer, x, "gif", steps=steps, fps=10, **options))) as gif:
        assert gif.n_frames == len(steps)
        assert (film["width"], film["height"]) == (gif.width, gif.height + gif.height % 2)
