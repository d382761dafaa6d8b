"""Rows and columns that no layer reads, and what has all of them read."""

import pytest
from advised import advised, summaries

import convlab as cl
from convlab import layers


def test_the_row_that_a_pooling_leaves_over():
    (finding,) = advised("never-read", layers.MaxPooling2D(2), (25, 24, 3))
    assert finding.axes == ("height",)
    assert "row 24 is never read" in finding.message
    assert "padding='same'" in summaries(finding)[0]
    for fix in finding.fixes:
        changed = fix.changes[0]
        shape = changed.new[1:] if changed.kind == "input_shape" else (25, 24, 3)
        layer = fix.apply()
        assert not layer.geometry((None, *shape))[0][0].never_read()


def test_gaps_between_windows():
    (finding,) = advised("never-read", layers.Conv2D(4, 2, strides=3), (8, 8, 3))
    assert "rows 2 and 5" in finding.message
    mended = finding.fixes[0].apply()
    assert mended.strides == (2, 2)


def test_sizes_near_the_given_one_that_lose_nothing_through_several_layers():
    x = cl.Input((30, 30, 1))
    y = layers.MaxPooling2D(name="one")(x)
    y = layers.MaxPooling2D(name="two")(y)
    (finding,) = advised("never-read", cl.Model(x, y))
    assert finding.layer == "two"
    fed = [fix.changes[0].new for fix in finding.fixes if fix.changes[0].kind == "input_shape"]
    assert fed == [(None, 28, 28, 1), (None, 32, 32, 1)]


def test_what_another_layer_reads_is_read():
    x = cl.Input((25, 25, 1))
    pooled = layers.MaxPooling2D(padding="same")(x)
    strided = layers.Conv2D(1, 2, strides=2, name="conv")(x)
    model = cl.Model(x, [pooled, strided])
    assert not advised("never-read", model)


def test_padding_that_is_not_read_is_no_loss():
    x = cl.Input((224, 224, 3))
    y = layers.ZeroPadding2D(3)(x)  # ResNet's first layers: row 229 is padding
    assert not advised("never-read", cl.Model(x, layers.Conv2D(8, 7, strides=2)(y)))


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(4, 1, strides=2),
        layers.Cropping2D(2),
        layers.MaxPooling2D(2, padding="same"),
        layers.MaxPooling2D(3, strides=2),
        layers.Conv2DTranspose(4, 3, strides=2),
    ],
)
def test_what_is_left_out_on_purpose_or_not_at_all(layer):
    assert not advised("never-read", layer, (25, 25, 3))


def test_an_unknown_size_is_not_judged():
    assert not advised("never-read", layers.MaxPooling2D(), (None, None, 3))
