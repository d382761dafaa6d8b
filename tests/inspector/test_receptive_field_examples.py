"""Receptive fields worked out by hand."""

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError

LINE = (32, 1)


def field(shape, *chain, index=None, **more):
    """The field of a chain of layers."""
    return cl.receptive_field(cl.Sequential([cl.Input(shape), *chain]), index=index, **more)


def cells(found):
    return [axis.tolist() for axis in found.indices]


def test_two_strided_convolutions():
    found = field(LINE, layers.Conv1D(1, 3, strides=2), layers.Conv1D(1, 3, strides=2), index=0)
    assert (found.size, found.stride, found.padding, found.center) == ((7,), (4,), (0,), (3.0,))
    assert cells(found) == [[0, 1, 2, 3, 4, 5, 6]]
    assert found.paths[:8].tolist() == [1, 1, 2, 1, 2, 1, 1, 0]


def test_dilation_behind_a_stride_leaves_holes():
    found = field(LINE, layers.Conv1D(1, 1, strides=2), layers.Conv1D(1, 3, dilation_rate=2))
    assert (found.size, found.stride) == ((9,), (2,))
    middle = found.mask.shape[0] // 4 - 2  # of 12 units
    assert cells(found) == [[2 * middle, 2 * middle + 4, 2 * middle + 8]]


def test_a_transposed_convolution_reads_one_cell_or_two():
    layer = layers.Conv1DTranspose(1, 3, strides=2)
    assert [cells(field((4, 1), layer, index=o))[0] for o in range(9)] == [
        [0],
        [0],
        [0, 1],
        [1],
        [1, 2],
        [2],
        [2, 3],
        [3],
        [3],
    ]
    assert (field((4, 1), layer).size, field((4, 1), layer).stride) == ((2,), (0.5,))
    assert field((4, 1), layer, index=4).center == (1.5,)


def test_a_stride_beyond_the_kernel_leaves_units_that_read_nothing():
    found = field((4, 1), layers.Conv1DTranspose(1, 1, strides=2), index=1)
    assert cells(found) == [[]]
    assert not found.paths.any()
    assert not found.effective().any()
    assert found.center == (None,)


def test_a_convolution_of_repeated_cells():
    chain = layers.UpSampling1D(2), layers.Conv1D(1, 3)
    assert field((5, 1), *chain, index=0).paths.tolist() == [2, 1, 0, 0, 0]
    assert field((5, 1), *chain, index=1).paths.tolist() == [1, 2, 0, 0, 0]
    assert (field((5, 1), *chain).size, field((5, 1), *chain).stride) == ((2,), (0.5,))


def test_cropping_moves_the_field_inwards():
    found = field(LINE, layers.Cropping1D((2, 1)), layers.Conv1D(1, 3), index=0)
    assert (found.padding, found.center) == ((-2,), (3.0,))
    assert cells(found) == [[2, 3, 4]]


def test_padding_is_not_read():
    found = field((9, 9, 1), layers.Conv2D(1, 5, padding="same"), index=(0, 8))
    assert (found.padding, found.center) == ((2, 2), (0.0, 8.0))
    assert cells(found) == [[0, 1, 2], [6, 7, 8]]
    padded = field(LINE, layers.ZeroPadding1D(3), index=0)
    assert (cells(padded), padded.padding, padded.center) == ([[]], (3,), (-3.0,))


def test_what_padding_lies_before_a_global_layer_is_no_part_of_what_it_reads():
    found = field((4, 1), layers.ZeroPadding1D((3, 1)), layers.GlobalAveragePooling1D(name="all"))
    assert (found.reads_all, found.size, found.center) == (
        ("all",),
        (4,),
        (1.5,),
    )
    strided = field((8, 1), layers.Conv1D(1, 3, strides=4), layers.GlobalAveragePooling1D())
    assert (strided.size, cells(strided)) == ((7,), [[0, 1, 2, 4, 5, 6]])


@pytest.mark.parametrize(
    ("size", "pads", "reads"), [(9, (3, 0), [1, 5]), (8, (0, 5), [0, 4]), (3, (2, 3), [2])]
)
def test_a_global_layer_behind_strides_that_begin_or_end_in_padding(size, pads, reads):
    chain = layers.ZeroPadding1D(pads), layers.Conv1D(1, 1, strides=4)
    found = field((size, 1), *chain, layers.GlobalAveragePooling1D())
    assert cells(found) == [reads]
    assert (found.size, found.padding) == ((reads[-1] - reads[0] + 1,), (-reads[0],))
    assert found.center == ((reads[0] + reads[-1]) / 2,)


def test_two_inputs():
    small, large = cl.Input((8, 1), name="small"), cl.Input((12, 1), name="large")
    joined = layers.Add()([layers.Conv1D(1, 3)(small), layers.Conv1D(1, 7)(large)])
    found = cl.receptive_field(cl.Model([small, large], joined), index=2)
    assert (found.input, list(found.inputs)) == ("small", ["small", "large"])
    assert cells(found.inputs["small"]) == [[2, 3, 4]]
    assert cells(found.inputs["large"]) == [[2, 3, 4, 5, 6, 7, 8]]
    assert found.joins == ()  # nothing of one input comes together
    effective = found.inputs["large"].effective()
    np.testing.assert_array_equal(effective > 0, found.inputs["large"].mask[:, 0])


def test_a_recurrent_layer_reads_the_steps_before_and_spreads_with_each():
    model = cl.Sequential(
        [
            cl.Input((5, 9, 1)),
            layers.ConvLSTM1D(1, 3, padding="same", return_sequences=True, name="lstm"),
        ]
    )
    found = cl.receptive_field(model, index=(2, 4))
    assert found.axes == ("time", "steps")
    assert found.mask[..., 0].astype(int).tolist() == [
        [0, 1, 1, 1, 1, 1, 1, 1, 0],
        [0, 0, 1, 1, 1, 1, 1, 0, 0],
        [0, 0, 0, 1, 1, 1, 0, 0, 0],
        [0] * 9,
        [0] * 9,
    ]
    assert found.reads_all == ("lstm", "")
    assert found.size == (5, 11)


@pytest.mark.parametrize(
    ("chain", "reader"),
    [
        ((layers.Flatten(), layers.Dense(2, name="all")), "all"),
        ((layers.GlobalMaxPooling2D(name="all"),), "all"),
        ((layers.Conv2D(2, 3), layers.GlobalAveragePooling2D(name="all"), layers.Dense(3)), "all"),
    ],
)
def test_layers_that_read_everything_say_so(chain, reader):
    found = field((7, 9, 2), *chain)
    assert (found.reads_all, found.size, found.stride) == ((reader,) * 2, (7, 9), (None, None))
    assert (found.center, found.short) == ((3.0, 4.0), "all")
    assert found.mask.all()
    assert f"height: reads everything, through {reader}" in str(found)


def test_behind_a_gate_the_rest_has_a_size_of_its_own():
    x = cl.Input((9, 9, 2))
    y = layers.Conv2D(2, 3)(x)
    gate = layers.GlobalAveragePooling2D(keepdims=True, name="squeeze")(y)
    found = cl.receptive_field(cl.Model(x, layers.Multiply()([y, gate])))
    assert (found.reads_all, found.size, found.local_size) == (("squeeze",) * 2, (9, 9), (3, 3))
    assert "reads everything, through squeeze; other paths read 3 cells" in str(found)


def test_branches_that_are_not_aligned():
    x = cl.Input((16, 16, 1))
    one = layers.Conv2D(1, 3, strides=2, padding="same")(x)  # pads 0 before, 1 after
    two = layers.Conv2D(1, (1, 3), strides=2, padding="same")(x)
    model = cl.Model(x, layers.Add(name="join")([one, two]))
    found = cl.receptive_field(model)
    assert (found.aligned, found.offset) == ((False, True), (1, 0))
    assert [(join.layer, join.aligned, join.offset) for join in found.joins] == [
        ("join", (False, True), (1, 0))
    ]
    assert "centres 1 apart" in str(found)
    odd = cl.receptive_field(model, input_shape=(15, 15, 1))  # then it pads 1 before, 1 after
    assert (odd.aligned, odd.offset) == ((True, True), (0, 0))


def test_paths_of_several_strides():
    x = cl.Input((8, 1))
    fast, slow = layers.MaxPooling1D(2)(x), layers.Cropping1D((0, 4))(x)
    found = cl.receptive_field(cl.Model(x, layers.Add()([fast, slow])), index=3)
    assert (found.aligned, found.offset, found.size, found.center) == (
        (False,),
        (None,),
        (None,),
        (None,),
    )
    assert cells(found) == [[3, 6, 7]]
    assert str(found).endswith("steps: paths of several strides")
    whole = layers.GlobalMaxPooling1D()(layers.Add()([slow, fast]))
    assert cl.receptive_field(cl.Model(x, whole)).size == (8,)


def test_inputs_side_by_side():
    x = cl.Input((8, 1))
    narrow, wide = layers.Conv1D(1, 3)(x), layers.Conv1D(1, 5)(x)  # of 6 and 4 units
    model = cl.Model(x, layers.Concatenate(axis=1)([narrow, wide]))
    assert [cells(cl.receptive_field(model, index=u))[0] for u in (0, 5, 6, 9)] == [
        [0, 1, 2],
        [5, 6, 7],
        [0, 1, 2, 3, 4],
        [3, 4, 5, 6, 7],
    ]
    found = cl.receptive_field(model)
    assert (found.size, found.stride, found.aligned) == ((5,), (None,), (None,))


@pytest.mark.parametrize(
    ("layer", "size"),
    [
        (layers.Conv1D(2, 3), (3,)),
        (layers.Conv1DTranspose(2, 3, strides=2), (None,)),  # one cell or two: not known of which
    ],
)
def test_units_in_another_order_keep_their_size_if_it_is_one(layer, size):
    x = cl.Input((9, 2))
    flat = layers.Flatten()(layer(x))
    for y in (layer(x)[:, ::-1], flat[:, ::-1]):
        found = cl.receptive_field(cl.Model(x, y))
        assert (found.size, found.stride) == (size, (None,))
    last = cl.receptive_field(cl.Model(x, layer(x)[:, ::-1]), index=0)
    assert cells(last)[0][-1] == 8


def test_an_axis_of_one_unit_may_move():
    x = cl.Input((5, 4))
    y = layers.Reshape((1, 3, 1))(layers.Conv1D(3, 5)(x))
    found = cl.receptive_field(cl.Model(x, layers.Conv1D(1, 2)(layers.Reshape((3, 1))(y))))
    assert (found.size, found.stride, found.padding, found.center) == ((5,), (None,), (0,), (2.0,))
    assert cells(found) == [[0, 1, 2, 3, 4]]


def test_heads_at_several_scales_side_by_side():
    x = cl.Input((9, 9, 1))
    fine = layers.Conv2D(2, 3, name="fine")(x)
    coarse = layers.Conv2D(2, 3, strides=2, name="coarse")(fine)
    heads = [layers.Reshape((-1, 2))(y) for y in (fine, coarse)]  # of 49 and 9 units
    model = cl.Model(x, layers.Concatenate(axis=1)(heads))
    assert cells(cl.receptive_field(model, index=(48, 0))) == [[6, 7, 8], [6, 7, 8]]
    found = cl.receptive_field(model, index=(49 + 5, 0))  # the one at (1, 2)
    assert cells(found) == [[2, 3, 4, 5, 6], [4, 5, 6, 7, 8]]
    assert (found.size, found.stride, found.offset) == ((5, 5), (None, None), (None, None))


@pytest.mark.parametrize("width", [1, 2, 5])
def test_channels_do_not_multiply_the_paths(width):
    x = cl.Input((8, width))
    both = layers.Concatenate()([layers.Conv1D(width, 3)(x), layers.Conv1D(2 * width, 3)(x)])
    found = cl.receptive_field(cl.Model(x, layers.Conv1D(width, 2)(both)), index=2)
    assert found.paths.tolist() == [0, 0, 2, 4, 4, 2, 0, 0]


def test_a_part_of_the_channels_counts_once():
    x = cl.Input((8, 3))
    some = layers.Conv1D(6, 3)(x)[..., 1:4]
    found = cl.receptive_field(cl.Model(x, layers.Conv1D(2, 2)(some)), index=2)
    assert found.paths.tolist() == [0, 0, 1, 2, 2, 1, 0, 0]


def test_more_paths_than_64_bits_hold():
    chain = [layers.Conv1D(1, 3, padding="same") for _ in range(60)]
    found = field((121, 1), *chain, index=60)
    assert sum(found.paths.tolist()) == 3**60
    assert found.effective(weights=False).sum() == pytest.approx(1)


def test_a_channel_can_be_named_and_negative_places_count_from_the_end():
    x = cl.Input((8, 2))
    model = cl.Model(x, layers.DepthwiseConv1D(3)(x))
    found = cl.receptive_field(model, index=(2, 1))
    assert found.mask.astype(int).T.tolist() == [[0] * 8, [0, 0, 1, 1, 1, 0, 0, 0]]
    assert found.index == (2, 1)
    final = cl.receptive_field(model, index=-1)
    assert (cells(final), final.index, final.center) == ([[5, 6, 7]], (5,), (6.0,))


def test_the_effective_field_of_one_input_and_of_noise():
    x = cl.Input((6, 1))
    model = cl.Model(x, layers.Conv1D(1, 3, name="conv")(x))
    model.set_weights([np.array([1.0, -2.0, 1.0]).reshape(3, 1, 1), np.zeros(1)])
    found = cl.receptive_field(model, "conv", index=1)
    assert found.effective().tolist() == [0, 0.25, 0.5, 0.25, 0, 0]
    relu = cl.Model(x, layers.ReLU()(model(x)))
    dead = np.array([0, 0, 1, 0, 0, 0], float).reshape(1, 6, 1)  # the unit is cut off below 0
    assert not cl.receptive_field(relu, index=1).effective(dead).any()
    assert cl.receptive_field(relu, index=1).effective(-dead).tolist() == [0, 0.25, 0.5, 0.25, 0, 0]


# Other inputs than the model's own


def test_another_input_shape():
    x = cl.Input((None, None, 3))
    model = cl.Model(x, layers.Conv2D(4, 3, strides=2, padding="same")(x))
    found = cl.receptive_field(model)
    assert (found.size, found.stride) == ((3, 3), (2, 2))
    assert (found.padding, found.center) == ((None, None), (None, None))
    assert cl.receptive_field(model, index=(4, 2)).center == (None, None)
    for shape in [(8, 7, 3), (None, 8, 7, 3), [8, 7, 3]]:
        known = cl.receptive_field(model, input_shape=shape)
        assert (known.padding, known.center) == ((0, 1), (1.0, 0.0))
        assert known.mask.shape == (8, 7, 3)


def test_other_shapes_for_several_inputs():
    a, b = cl.Input((8, 1), name="a"), cl.Input((9, 1), name="b")
    model = cl.Model([a, b], [layers.Conv1D(1, 3, name="c")(a), layers.Conv1D(1, 3, name="d")(b)])
    for shapes in [[(8, 1), (5, 1)], {"b": (5, 1), "a": (8, 1)}]:
        assert cl.receptive_field(model, "d", input_shape=shapes).mask.shape == (5, 1)


def test_the_size_that_a_global_layer_reads_is_not_known_of_an_unknown_input():
    x = cl.Input((None, 2))
    model = cl.Model(x, layers.GlobalAveragePooling1D(name="all")(x))
    found = cl.receptive_field(model)
    assert (found.size, found.reads_all) == ((None,), ("all",))
    assert cl.receptive_field(model, input_shape=(5, 2)).size == (5,)


def test_a_layer_of_a_nested_model():
    convs = [layers.Conv1D(1, 3, name="one"), layers.Conv1D(1, 3, name="two")]
    inner = cl.Sequential([cl.Input((8, 1)), *convs], name="inner")
    x = cl.Input((10, 1))
    model = cl.Model(x, inner(layers.Conv1D(1, 3)(x)))
    found = cl.receptive_field(model, "inner/one", index=0)
    assert (found.layer, cells(found)) == ("inner/one", [[0, 1, 2, 3, 4]])
    assert cells(cl.receptive_field(model, "inner", index=0)) == [[0, 1, 2, 3, 4, 5, 6]]
    with pytest.raises(ArgumentError, match="(?s)of the model itself.*'inner/one'.*get_layer"):
        found.effective()


def test_the_effective_field_of_a_nested_model_and_of_the_last_call_of_a_layer():
    x = cl.Input((9, 1))
    conv = layers.Conv1D(1, 3, kernel_initializer="ones", name="conv")
    inner = cl.Sequential([cl.Input((7, 1)), conv], name="inner")
    model = cl.Model(x, inner(layers.Dense(1, name="dense")(conv(x))))
    first = cl.receptive_field(model, "conv", index=0)
    np.testing.assert_array_equal(first.effective(), np.array([1, 1, 1, 0, 0, 0, 0, 0, 0]) / 3)
    for found in (cl.receptive_field(model, index=0), cl.receptive_field(model, "inner", index=0)):
        expected = np.array([1, 2, 3, 2, 1, 0, 0, 0, 0]) / 9
        np.testing.assert_allclose(found.effective(), expected, rtol=1e-6)
    again = cl.Model(x, conv(conv(x)))
    twice = cl.receptive_field(again, "conv", index=0)
    assert cells(twice) == [[0, 1, 2, 3, 4]]
    np.testing.assert_allclose(twice.effective(), expected, rtol=1e-6)
    assert cl.receptive_field(again, 0, index=4).effective().tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
