"""`convlab animate`: the files it writes, and how it refuses."""

import base64
import re
import zlib

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from convlab.app.commands.animate import animate
from convlab.errors import ArgumentError, ConvlabError

program = typer.Typer()
program.command()(animate)


def run(*arguments):
    return CliRunner().invoke(program, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def photograph(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


def test_a_picture_becomes_a_gif(photograph, tmp_path):
    target = tmp_path / "slide.gif"
    result = run("Conv2D(1, 3)", "-i", photograph, "--size", 8, "-o", target, "-k", "sobel x")
    assert result.exit_code == 0
    assert f"Saved {target}" in result.stdout
    with Image.open(target) as gif:
        assert gif.n_frames == (8 - 2) * (6 - 2)


def test_channels_first_reads_the_same_picture(photograph, tmp_path):
    target = tmp_path / "still.png"
    layer = 'Conv2D(2, 3, data_format="channels_first")'
    assert run(layer, "-i", photograph, "--size", 8, "-o", target).exit_code == 0
    with Image.open(target) as picture:
        assert picture.width == 1000


def test_sizes_make_a_random_input_the_same_for_the_same_seed(tmp_path):
    names = ["a.png", "b.png", "c.png"]
    for name, seed in zip(names, [1, 1, 2], strict=True):
        run("Conv2D(1, 2)", "-i", "5,6,2", "-o", tmp_path / name, "--seed", seed)
    first, same, other = ((tmp_path / name).read_bytes() for name in names)
    assert first == same
    assert first != other


def test_without_an_input_there_is_a_ring(tmp_path):
    target = tmp_path / "still.svg"
    assert run("Conv2D(1, 3)", "-o", target, "--step", 0, "--theme", "dark").exit_code == 0
    assert target.read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("layer", "options"),
    [
        ('Conv1D(2, 3, padding="causal")', []),
        ("Conv3D(1, 2)", ["-i", "3,4,4,1", "--theme", "projector"]),
        ("Conv2DTranspose(1, 3, strides=2)", ["-i", "3,3,1", "--reading", "scatter"]),
        ("MaxPooling2D(2)", []),
        ("SeparableConv2D(2, 3)", ["-i", "6,6,2", "-k", "sobel x"]),
        ("ConvLSTM2D(1, 2)", ["--time", 0, "-k", "box blur"]),
        ("UpSampling1D(2)", []),
    ],
)
def test_every_family_becomes_a_picture(layer, options, tmp_path):
    target = tmp_path / "still.png"
    assert run(layer, "-o", target, *options).exit_code == 0
    with Image.open(target) as picture:
        assert picture.width == 1000


@pytest.mark.parametrize(
    "layer", ["Conv1D(1, 3)", "Conv2D(1, 2)", "Conv1D(1, 2, data_format='channels_first')"]
)
def test_a_table_is_read(layer, tmp_path):
    table = tmp_path / "signal.csv"
    table.write_text("time,volt\n" + "".join(f"{i},{i * 0.5}\n" for i in range(6)))
    assert run(layer, "-i", table, "-o", tmp_path / "x.png").exit_code == 0


def test_a_kernel_by_name_is_every_filter_s(tmp_path):
    page = tmp_path / "x.html"
    run("DepthwiseConv2D(3)", "-i", "5,5,2", "-k", "sobel x", "-o", page)
    packed = re.search(r'id="packed">([^<]*)<', page.read_text(encoding="utf-8"))[1]
    content = zlib.decompress(base64.b64decode(packed))
    sobel = np.repeat(np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1], "<f4"), 2)
    planes = sobel.view(np.uint8).reshape(-1, 4).T.tobytes()
    assert planes in content


def test_a_page_is_written(tmp_path):
    target = tmp_path / "slide.html"
    assert run("Conv2D(2, 3)", "-i", "6,6,1", "-o", target).exit_code == 0
    assert "<title>Conv2D(2, 3)</title>" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Conv2D(1, 3", "-o", "x.gif"], "was never closed"),
        (["Conv2D(1, 3)", "-i", "nowhere.png"], r"no such file(.|\n)*nowhere\.png"),
        (["Conv2D(1, 3)", "-i", "five"], "each a whole number or None"),
        (["Conv2D(1, 3)", "-k", "wobble"], "No kernel has that name(.|\n)*sobel x"),
        (["Conv2D(1, 3)", "-o", "x.webp"], "suffix says what to write"),
        (["Conv2D(1, 3)", "--filter", "4"], "no filter 4: there are 1"),
        (["Conv2D(1, 3)", "--theme", "pink"], "theme is one of"),
        (["Conv2D(1, 3)", "--reading", "scatter"], "Only a transposed convolution scatters"),
        (["Conv3D(1, 3)", "-i", "HERE/photo.png"], "picture has two spatial axes, a table one"),
        (["ConvLSTM2D(1, 3)", "-i", "HERE/photo.png"], "for ConvLSTM2D"),
        (["MaxPooling2D(2)", "-k", "sobel x"], "MaxPooling2D has no kernel"),
        (["Dense(3)"], "A scene shows convolutional layers"),
        (["ConvLSTM1D(1, 2)", "--time", 9], "one time step of the sequence"),
    ],
)
def test_refusals_have_their_remedy(arguments, message, photograph, monkeypatch):
    monkeypatch.chdir(photograph.parent)
    arguments = [str(one).replace("HERE", str(photograph.parent)) for one in arguments]
    with pytest.raises(ConvlabError, match=message) as caught:
        run(*arguments)
    assert caught.value.remedy


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(b"not a picture")
    with pytest.raises(ConvlabError, match="must be a PNG or a JPEG"):
        run("Conv2D(1, 3)", "-i", path, "-o", tmp_path / "x.gif")
    assert issubclass(ArgumentError, ConvlabError)
