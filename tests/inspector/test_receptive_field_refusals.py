"""What receptive fields are refused for, and what the messages say."""

import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ShapeError

MODEL = cl.Sequential(
    [cl.Input((8, 8, 3), name="image"), layers.Conv2D(4, 3, name="conv")], name="model"
)


@pytest.mark.parametrize("layer", ["other", "con"])
def test_no_such_layer(layer):
    with pytest.raises(
        ArgumentError, match=f"(?s)No such layer: {layer}.*The layers are: image, conv"
    ):
        cl.receptive_field(MODEL, layer)


@pytest.mark.parametrize(
    "index", [(6, 0), (0, -7), (1,), (1, 2, 3, 4), (1, 2, 4), 3, "ab", (1.5, 2), ()]
)
def test_no_such_unit(index):
    with pytest.raises(
        ArgumentError, match=r"(?s)named by its place.*units of shape \(6, 6, 4\)"
    ) as error:
        cl.receptive_field(MODEL, "conv", index)
    assert error.value.argument == "index"
    assert "below (6, 6)" in error.value.remedy


def test_shapes_that_do_not_fit_the_inputs():
    with pytest.raises(ShapeError, match=r"(?s)'image' has 4 axes.*\(8, 8\).*such as \(8, 8, 3\)"):
        cl.receptive_field(MODEL, input_shape=(8, 8))
    for shapes in [[(8, 8, 3), (8, 8, 3)], {"picture": (8, 8, 3)}, {"image": (8, 8, 3), "b": (1,)}]:
        with pytest.raises(ShapeError, match="(?s)a shape for each input.*for the inputs image"):
            cl.receptive_field(MODEL, input_shape=shapes)


def test_a_layer_that_reads_no_axis_of_an_input():
    x = cl.Input(())
    model = cl.Model(x, layers.Reshape((1,), name="one")(x))
    with pytest.raises(ShapeError, match="(?s)which reads an input.*the layer 'one'.*conflict"):
        cl.receptive_field(model)


def test_a_layer_behind_a_conflict():
    x = cl.Input((8, 8, 1))
    y = layers.Add(name="sum")(
        [layers.Conv2D(1, 3)(x), layers.Conv2D(1, 5, padding="same")(x[:, 1:-1, 1:-1])]
    )
    model = cl.Model(x, layers.Conv2D(1, 1)(y))
    assert cl.receptive_field(model).size == (5, 5)
    found = cl.receptive_field(model, input_shape=(4, 2, 1))
    assert (found.size, found.short) == ((None, None), "?")
    with pytest.raises(ShapeError, match="(?s)inputs of known sizes.*input_shape"):
        _ = found.mask


def test_cells_need_sizes():
    x = cl.Input((None, 1))
    found = cl.receptive_field(cl.Model(x, layers.Conv1D(1, 3)(x)))
    for ask in ("mask", "indices", "paths"):
        with pytest.raises(
            ShapeError, match=r"(?s)inputs of known sizes.*\(None, 1\).*input_shape="
        ):
            getattr(found, ask)


def test_too_many_cells():
    found = cl.receptive_field(MODEL, input_shape=(20_000, 20_000, 3))
    assert found.size == (3, 3)
    with pytest.raises(ShapeError, match="(?s)at most 268,435,456 cells.*smaller input_shape"):
        _ = found.mask


def test_what_a_summary_does_not_tell():
    summary = cl.trace(MODEL)["conv"].receptive_field
    assert summary.size == (3, 3)
    with pytest.raises(ArgumentError, match=r"(?s)'conv'.*receptive_field\(model, 'conv', index="):
        _ = summary.mask


def test_a_layer_that_does_not_tell_what_it_reads():
    x = cl.Input((8, 1))
    double = layers.Lambda(lambda x: 2 * x, output_shape=(8, 1), name="double")
    found = cl.receptive_field(cl.Model(x, layers.Conv1D(1, 3)(double(x))))
    assert (found.size, found.stride, found.short) == ((None,), (None,), "?")
    with pytest.raises(ArgumentError, match="(?s)What Lambda reads is not known.*'double'"):
        _ = found.mask
