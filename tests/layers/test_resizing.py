"""Resizing: worked examples, windows, integers, refusals."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.layers import Resizing

ROW = np.array([0.0, 2.0, 4.0, 6.0]).reshape(1, 1, 4, 1)


@pytest.mark.parametrize(
    ("interpolation", "width", "expected"),
    [
        ("nearest", 2, [2, 6]),
        ("nearest", 6, [0, 2, 2, 4, 6, 6]),
        ("nearest", 3, [0, 4, 6]),
        ("bilinear", 2, [1, 5]),
        ("bilinear", 1, [3]),
        ("bilinear", 8, [0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6]),
        ("area", 2, [1, 5]),
        ("area", 1, [3]),
        ("area", 3, [0.5, 3, 5.5]),
    ],
)
def test_worked_examples(interpolation, width, expected):
    layer = Resizing(1, width, interpolation)
    np.testing.assert_allclose(layer(ROW).ravel(), expected, atol=1e-6)
    assert layer.compute_output_shape((None, None, 4, 1)) == (None, 1, width, 1)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "lanczos3", "lanczos5", "area"])
@pytest.mark.parametrize("antialias", [False, True])
def test_a_plain_image_stays_plain(interpolation, antialias):
    x = np.full((1, 9, 7, 2), 3.0)
    y = Resizing(4, 11, interpolation, antialias=antialias)(x)
    np.testing.assert_allclose(y, 3, rtol=1e-5)


def test_smoothing_reads_every_cell():
    x = np.zeros((1, 1, 16, 1))
    x[0, 0, 0] = 1
    assert Resizing(1, 2)(x).sum() == 0  # between cells 3 and 4
    assert Resizing(1, 2, antialias=True)(x).sum() > 0.01


def test_a_crop_and_a_pad():
    x = np.arange(32.0).reshape(1, 4, 8, 1)
    cropped = Resizing(4, 4, "nearest", crop_to_aspect_ratio=True)
    assert cropped(x)[..., 0].tolist() == x[:, :, 2:6, 0].tolist()
    back = cropped.vjp(x, np.ones((1, 4, 4, 1))).inputs[0, 0, :, 0]
    assert back.tolist() == [0, 0, 1, 1, 1, 1, 0, 0]
    padded = Resizing(8, 8, "nearest", pad_to_aspect_ratio=True, fill_value=-1)
    y = padded(x)[0, :, :, 0]
    assert y[:2].tolist() == y[6:].tolist() == [[-1] * 8] * 2
    assert y[2:6].tolist() == x[0, :, :, 0].tolist()
    assert padded.vjp(x, np.ones((1, 8, 8, 1))).inputs.tolist() == np.ones(x.shape).tolist()
    (height, width) = padded.geometry(x.shape)[0]
    assert height.taps().ravel().tolist() == [-1, -1, 0, 1, 2, 3, -1, -1]
    assert width.never_read() == ()
    assert cropped.geometry(x.shape)[0][1].never_read() == (0, 1, 6, 7)


def test_formats_and_single_images():
    x = np.random.default_rng(1).standard_normal((2, 5, 6, 3)).astype("float32")
    last = Resizing(3, 4)(x)
    first = Resizing(3, 4, data_format="channels_first")
    np.testing.assert_array_equal(first(np.moveaxis(x, -1, 1)), np.moveaxis(last, -1, 1))
    np.testing.assert_array_equal(Resizing(3, 4)(x[0]), last[0])
    assert first.compute_output_shape((3, None, None)) == (3, 3, 4)


def test_integers_are_rounded_half_to_even():
    x = np.array([0, 1, 2, 3], "uint8").reshape(1, 1, 4, 1)
    y = Resizing(1, 2)(x)
    assert y.dtype == np.uint8
    assert y.ravel().tolist() == [0, 2]  # of 0.5 and 2.5


def test_costs():
    assert Resizing(4, 4, "nearest").cost((None, 8, 8, 3)).macs == 0
    assert Resizing(4, 4).cost((None, None, 8, 3)).macs is None
    assert Resizing(4, 4).cost((None, 8, 8, 3)).macs == 3 * 2 * (8 * 4 + 4 * 4)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"interpolation": "cubic"}, "Invalid value for argument `interpolation`"),
        ({"fill_mode": "wrap"}, "Only `'constant'` is supported"),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "Only one of"),
        ({"height": 0}, "`height` of the output is a whole number"),
        ({"width": 2.5}, "`width` of the output is a whole number"),
    ],
)
def test_refusals(arguments, part):
    layer = Resizing(**{"height": 2, "width": 2} | arguments)
    with pytest.raises(ArgumentError, match=part) as info:
        layer(ROW)
    assert info.value.received
    assert info.value.remedy
    assert info.value.fixes


def test_what_is_no_image():
    with pytest.raises(ShapeError, match=r"(?s)rank 3 \(single image\) or 4.*needs an input"):
        Resizing(2, 2)(np.ones((2, 2)))
    with pytest.raises(ShapeError, match=r"(?s)depends on its height and width.*Give both"):
        Resizing(2, 2, crop_to_aspect_ratio=True).geometry((None, None, 4, 1))
    with pytest.raises(ShapeError, match=r"(?s)no cells cannot be resized.*1 or more"):
        Resizing(2, 2)(np.ones((1, 0, 2, 1)))
    with pytest.raises(DataError, match="needs numbers"):
        Resizing(2, 2)(np.ones((1, 2, 2, 1), bool))
