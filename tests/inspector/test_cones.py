"""What a unit sees of every layer: as the receptive field has it, and as a gradient tells."""

import numpy as np
import pytest

import convlab as cl
from convlab.errors import ArgumentError, ShapeError
from convlab.inspector.cones import Cones
from convlab.inspector.given import given_specs
from convlab.models.calls import calls_of
from convlab.models.examples import EXAMPLES

L = cl.layers


def cones_of(model, input_shape=None):
    return Cones(calls_of(model, given_specs(model, input_shape)))


def small():
    """Strides, dilation, a branch, an upsampling and a join."""
    x = cl.Input((17, 13, 2), name="image")
    a = L.Conv2D(3, 3, dilation_rate=2, padding="same", name="dilated")(x)
    b = L.MaxPooling2D(2, padding="same", name="pool")(a)
    c = L.Conv2D(3, (3, 2), padding="same", name="conv")(b)
    d = L.UpSampling2D(2, name="up")(c)
    e = L.Cropping2D(((0, 1), (0, 1)), name="crop")(d)
    return cl.Model(x, L.Concatenate(name="join")([a, e]))


def number_of(cones, name):
    return next(at for at, call in enumerate(cones.calls.calls) if call.name == name)


@pytest.mark.parametrize(("layer", "unit"), [("join", (0, 0)), ("conv", (4, 3)), ("up", (9, 12))])
def test_the_cone_at_the_input_is_the_receptive_field(layer, unit):
    model = small()
    cones = cones_of(model)
    found = cones.of(number_of(cones, layer), unit)
    mask = cl.receptive_field(model, layer, unit).mask.any(axis=-1)
    assert np.array_equal(found[0].mask, mask)


def test_the_cone_at_a_layer_between_is_the_field_in_the_network_behind_it():
    model = small()
    cones = cones_of(model)
    found = cones.of(number_of(cones, "crop"), (7, 5))[number_of(cones, "pool")]
    x = cl.Input((9, 7, 3))
    y = x
    for name in ("conv", "up", "crop"):
        y = model.get_layer(name)(y)
    mask = cl.receptive_field(cl.Model(x, y), "crop", (7, 5)).mask.any(axis=-1)
    assert np.array_equal(found.mask, mask)


def test_only_what_the_unit_is_made_of_has_a_cone():
    cones = cones_of(small())
    found = cones.of(number_of(cones, "conv"), (0, 0))
    assert {cones.calls.calls[at].name for at in found} == {"conv", "pool", "dilated", "image"}


def test_a_changed_cell_changes_the_unit_only_within_its_cone():
    model = small()
    cones = cones_of(model)
    unit = (8, 4)
    seen = cones.of(number_of(cones, "join"), unit)[0].mask
    x = np.random.default_rng(0).standard_normal((1, 17, 13, 2)).astype(np.float32)
    before = model(x)[0][unit]
    for row, column in np.ndindex(17, 13):
        if seen[row, column]:
            continue
        changed = x.copy()
        changed[0, row, column] += 100
        assert np.array_equal(model(changed)[0][unit], before)


def test_channels_first():
    x = cl.Input((2, 12, 10), name="image")
    y = L.Conv2D(3, 3, data_format="channels_first", name="conv")(x)
    cones = cones_of(cl.Model(x, y))
    assert cones.places(1) == (1, 2)
    assert cones.of(1, (9, 0))[0].spans == ((9, 11), (0, 2))


def test_before_the_place_where_a_network_fails():
    example = EXAMPLES["unet-100"]
    cones = cones_of(example.make(), example.input_shape)
    found = cones.of(number_of(cones, "down2_conv1"), (10, 20))
    assert found[0].spans == ((16, 25), (36, 45))  # 9 to 11, 18 to 23, 17 to 24, 16 to 25
    assert found[0].size == (10, 10)
    with pytest.raises(ArgumentError, match="where the sizes are known"):
        cones.of(number_of(cones, "join3"), (0, 0))


@pytest.mark.parametrize("unit", [(17, 0), (0,), (-1, 0), (0.5, 0), ("0", "0"), (0, 0, 0)])
def test_a_unit_that_does_not_exist_is_refused(unit):
    with pytest.raises(ArgumentError, match=r"(?s)A unit is named.*below \(17, 13\)"):
        cones_of(small()).of(1, unit)


def test_unknown_sizes_are_refused():
    x = cl.Input((None, 4, 1))
    cones = cones_of(cl.Model(x, L.GlobalAveragePooling2D(keepdims=True)(x)))
    with pytest.raises(ShapeError, match="inputs of known sizes"):
        cones.of(1, (0, 0))
