"""Branches that lie beside one another."""

import pytest
from advised import advised

import convlab as cl
from convlab import layers
from convlab.inspector.diagnosis import diagnose


def cropped(cropping):
    x = cl.Input((64, 64, 1), name="x")
    y = layers.Conv2D(4, 5, name="conv")(x)
    return cl.Model(
        x, layers.Concatenate(name="join")([y, layers.Cropping2D(cropping, name="crop")(x)])
    )


def test_a_crop_from_one_side():
    model = cropped(((0, 4), (2, 2)))
    (finding,) = advised("misaligned", model)
    assert (finding.layer, finding.axes) == ("join", ("height",))
    assert "2 cells apart" in finding.message
    (fix,) = finding.fixes
    mended = fix.apply()
    assert mended.get_layer("crop").cropping == ((2, 2), (2, 2))
    field = cl.receptive_field(mended, "join")
    assert all(field.joins[0].aligned)
    assert not diagnose(mended).findings


def test_a_unet_that_crops_from_one_side_behind_its_way_down_and_up():
    x = cl.Input((68, 68, 1))
    skip = layers.Conv2D(4, 3, name="skip")(x)
    y = layers.MaxPooling2D()(skip)
    y = layers.UpSampling2D(name="up")(layers.Conv2D(4, 3)(y))
    aside = layers.Cropping2D(((0, 4), (0, 4)), name="aside")(skip)
    (finding,) = advised("misaligned", cl.Model(x, layers.Concatenate(name="join")([aside, y])))
    assert finding.axes == ("height", "width")
    assert finding.fixes[0].apply().get_layer("aside").cropping == ((2, 2), (2, 2))


def strided_shortcut():
    x = cl.Input((32, 32, 4))
    y = layers.Conv2D(4, 3, strides=2, padding="same")(x)
    return cl.Model(x, layers.Add()([y, layers.Conv2D(4, 1, strides=2, padding="same")(x)]))


def causal():
    x = cl.Input((64, 4))
    y = x
    for rate in (1, 2, 4, 8):
        y = layers.Add()([y, layers.Conv1D(4, 3, padding="causal", dilation_rate=rate)(y)])
    return cl.Model(x, y)


def unet():
    x = cl.Input((64, 64, 1))
    one = layers.Conv2D(4, 3, padding="same")(x)
    two = layers.Conv2D(4, 3, padding="same")(layers.MaxPooling2D()(one))
    y = layers.UpSampling2D()(layers.Conv2D(4, 3, padding="same")(layers.MaxPooling2D()(two)))
    y = layers.UpSampling2D()(layers.Concatenate()([y, two]))
    return cl.Model(x, layers.Concatenate()([y, one]))


@pytest.mark.parametrize("make", [strided_shortcut, causal, unet, lambda: cropped(2)])
def test_what_is_usual_is_not_told(make):
    assert not advised("misaligned", make())
