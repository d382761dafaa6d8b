"""Uneven overlap of transposed convolutions, and the kernels that are even."""

import numpy as np
import pytest
from advised import advised, summaries

import convlab as cl
from convlab import layers
from convlab.geometry.transposed import transposed
from convlab.inspector.diagnosis.finders.checkerboard import overlaps


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5, 6, 8])
def test_overlaps_are_the_counts_far_from_the_edges(kernel, stride, padding):
    axis = transposed(30, kernel, stride, padding=padding)
    counts = np.count_nonzero(axis.taps() >= 0, axis=1)
    middle = counts[5 * stride * 2 : 5 * stride * 2 + stride]
    assert sorted(overlaps(axis)) == sorted(middle.tolist())
    assert (len(set(overlaps(axis))) == 1) == (kernel % stride == 0)


@pytest.mark.parametrize(
    ("layer", "axes"),
    [
        (layers.Conv2DTranspose(4, 3, strides=2, padding="same"), ("height", "width")),
        (layers.Conv2DTranspose(4, (4, 3), strides=2, padding="same"), ("width",)),
        (layers.Conv3DTranspose(4, 5, strides=(1, 2, 1)), ("height",)),
        (layers.Conv1DTranspose(4, 2, strides=3), ("steps",)),
    ],
)
def test_uneven_overlap_is_told(layer, axes):
    shape = (9,) * layer.rank + (3,)
    (finding,) = advised("checkerboard", layer, shape)
    assert finding.axes == axes
    assert "in turn" in finding.message


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2DTranspose(4, 4, strides=2, padding="same"),
        layers.Conv2DTranspose(4, 2, strides=2),
        layers.Conv2DTranspose(4, 3),
        layers.Conv2DTranspose(4, 3, dilation_rate=2),
        layers.Conv2D(4, 3, strides=2),
        layers.UpSampling2D(2),
    ],
)
def test_even_overlap_is_not(layer):
    assert not advised("checkerboard", layer, (9, 9, 3))


def test_the_next_even_kernel_keeps_the_size():
    layer = layers.Conv2DTranspose(4, 3, strides=2, padding="same")
    (finding,) = advised("checkerboard", layer, (8, 8, 3))
    assert summaries(finding)[0].startswith("kernel_size=4")
    mended = finding.fixes[0].apply()
    assert mended.kernel_size == (4, 4)
    assert mended.compute_output_shape((1, 8, 8, 3)) == (1, 16, 16, 4)
    assert not advised("checkerboard", mended, (8, 8, 3))


def test_of_an_output_padding_that_then_would_be_too_much():
    layer = layers.Conv2DTranspose(4, 5, strides=2, padding="same", output_padding=1)
    (finding,) = advised("checkerboard", layer, (8, 8, 3))
    mended = finding.fixes[0].apply()
    assert (mended.kernel_size, mended.output_padding) == ((6, 6), None)
    assert mended.compute_output_shape((1, 8, 8, 3)) == (1, 16, 16, 4)


def test_upsampling_and_a_convolution_give_every_output_as_many_taps():
    x = cl.Input((8, 8, 3))
    y = layers.Conv2DTranspose(4, 5, strides=2, padding="same", activation="relu", name="up")(x)
    model = cl.Model(x, layers.Conv2D(1, 3, padding="same")(y))
    (finding,) = advised("checkerboard", model)
    resized = next(fix for fix in finding.fixes if "UpSampling2D" in fix.summary).apply()
    assert resized.output_shape == model.output_shape
    up, conv = resized.layers[1:3]
    assert (type(up), type(conv)) == (layers.UpSampling2D, layers.Conv2D)
    assert (up.size, conv.kernel_size, conv.activation) == (
        (2, 2),
        (5, 5),
        model.layers[1].activation,
    )


def test_where_every_even_kernel_changes_the_size_it_is_said():
    layer = layers.Conv2DTranspose(4, 3, strides=2)
    (finding,) = advised("checkerboard", layer, (8, 8, 3))
    assert finding.fixes
    assert all("another size" in fix.note for fix in finding.fixes)
