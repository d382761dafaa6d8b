"""`trace`: costs counted by hand, every attribute of a row, conflicts, formulas, and its forms."""

import csv
import io
import json
from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ShapeError
from convlab.inspector.tracing import Row

COUNTED = ("params", "trainable_params", "macs", "executed_macs", "flops", "activation_bytes")


def last(layer, *shapes):
    """The row of one layer called on inputs of some shapes."""
    inputs = [cl.Input(shape) for shape in shapes]
    return cl.trace(cl.Model(inputs, layer(inputs if len(inputs) > 1 else inputs[0]))).rows[-1]


# Counted by hand

# A layer, its input; parameters, those trained, MACs, executed MACs, FLOPs, bytes of the output.
COSTS = [
    # 14 outputs of 3 taps and 4 filters; of the 42 taps one falls on padding. Biases: 14 x 4.
    (layers.Conv1D(4, 3, strides=2, padding="same"), (28, 1),
     (16, 16, 14 * 3 * 4, 41 * 4, 2 * 168 + 56, 14 * 4 * 4)),
    (layers.Conv2D(8, 3, use_bias=False), (28, 28, 1),
     (72, 72, 26 * 26 * 9 * 8, 26 * 26 * 9 * 8, 2 * 48672, 26 * 26 * 8 * 4)),
    (layers.Conv2D(8, 3, activation="relu"), (28, 28, 1),
     (80, 80, 48672, 48672, 2 * 48672 + 2 * 5408, 5408 * 4)),
    # Each of the 6 filters reads the 2 channels of its group; 22 of 24 taps of an axis are inside.
    (layers.Conv2D(6, 3, groups=2, padding="same"), (8, 8, 4),
     (9 * 2 * 6 + 6, 114, 64 * 9 * 2 * 6, 22 * 22 * 2 * 6, 2 * 6912 + 384, 64 * 6 * 4)),
    (layers.Conv3D(2, 2, dilation_rate=2), (4, 4, 4, 3),
     (8 * 3 * 2 + 2, 50, 8 * 8 * 3 * 2, 384, 768 + 16, 8 * 2 * 4)),
    # A transposed convolution multiplies each input cell by each weight.
    (layers.Conv2DTranspose(2, 3, strides=2), (4, 4, 3),
     (9 * 3 * 2 + 2, 56, 16 * 9 * 3 * 2, 864, 2 * 864 + 81 * 2, 81 * 2 * 4)),
    # Of the 12 pairs of an axis one lands in the cell that `same` crops.
    (layers.Conv2DTranspose(2, 3, strides=2, padding="same"), (4, 4, 3),
     (56, 56, 864, 11 * 11 * 3 * 2, 2 * 864 + 64 * 2, 64 * 2 * 4)),
    (layers.DepthwiseConv2D(3, depth_multiplier=2), (8, 8, 3),
     (9 * 3 * 2 + 6, 60, 36 * 9 * 6, 1944, 2 * 1944 + 216, 36 * 6 * 4)),
    # The depthwise step has 6 channels; two of its taps fall on padding. The second: 6 to 5.
    (layers.SeparableConv1D(5, 3, depth_multiplier=2, padding="same"), (10, 3),
     (18 + 30 + 5, 53, 180 + 300, 168 + 300, 2 * 480 + 50, 200)),
    # 4 steps; 4 gates of 2 filters; the state's convolution is padded: 10 of 12 taps of an axis.
    (layers.ConvLSTM2D(2, 3), (4, 6, 6, 1),
     (72 + 144 + 8, 224, 4 * 16 * 9 * (1 + 2) * 8, 4 * (16 * 9 * 8 + 10 * 10 * 2 * 8),
      2 * 13824 + 4 * 32 * 9, 16 * 2 * 4)),
    (layers.ConvLSTM2D(2, 3, return_sequences=True), (4, 6, 6, 1),
     (224, 224, 13824, 11008, 28800, 4 * 16 * 2 * 4)),
    (layers.LocallyConnected1D(4, 3), (8, 2),
     (6 * 6 * 4 + 24, 168, 6 * 6 * 4, 144, 2 * 144 + 24, 96)),
    (layers.Dense(10, activation="relu"), (784,), (7850, 7850, 7840, 7840, 15680 + 20, 40)),
    (layers.Dense(3), (4, 5, 6), (21, 21, 20 * 6 * 3, 360, 720 + 60, 240)),
    (layers.MaxPooling2D(2), (8, 8, 3), (0, 0, 0, 0, 48 * 4, 192)),
    (layers.AveragePooling1D(3, 2, "same"), (8, 3), (0, 0, 0, 0, 12 * 3, 48)),
    (layers.GlobalAveragePooling2D(), (7, 7, 5), (0, 0, 0, 0, 245, 20)),
    (layers.BatchNormalization(), (4, 4, 3), (12, 6, 0, 0, 96, 192)),
    (layers.LayerNormalization(), (4, 4, 3), (6, 6, 0, 0, 96, 192)),
    (layers.Rescaling(1 / 255), (4, 4, 3), (0, 0, 0, 0, 96, 192)),
    (layers.ReLU(), (4, 4, 3), (0, 0, 0, 0, 48, 192)),
    (layers.PReLU(shared_axes=[1, 2]), (4, 4, 3), (3, 3, 0, 0, 48, 192)),
    (layers.Activation("linear"), (4, 4, 3), (0, 0, 0, 0, 0, 192)),
    (layers.Softmax(), (4, 4, 3), (0, 0, 0, 0, 48, 192)),
    *((layer, (4, 4, 3), (0, 0, 0, 0, 0, 192)) for layer in (
        layers.Dropout(0.5), layers.Flatten(), layers.Permute((2, 1, 3)), layers.GaussianNoise(1),
        layers.SpatialDropout2D(0.5), layers.RandomFlip(), layers.Identity())),
    (layers.ZeroPadding2D(1), (4, 4, 3), (0, 0, 0, 0, 0, 36 * 12)),
    (layers.Cropping2D(1), (4, 4, 3), (0, 0, 0, 0, 0, 48)),
    (layers.UpSampling2D(2), (4, 4, 3), (0, 0, 0, 0, 0, 768)),
    (layers.Conv1D(4, 3, dtype="float64"), (5, 1), (16, 16, 36, 36, 84, 96)),
    (layers.Conv1D(4, 3, dtype="mixed_float16"), (5, 1), (16, 16, 36, 36, 84, 24)),
    (layers.Conv1D(4, 3, trainable=False), (5, 1), (16, 0, 36, 36, 84, 48)),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shape", "expected"), COSTS, ids=lambda v: str(v)[:40])
def test_costs_counted_by_hand(layer, shape, expected):
    row = last(layer, shape)
    assert tuple(getattr(row, name) for name in COUNTED) == expected
    assert row.class_name == type(layer).__name__
    assert row.name == layer.name
    assert row.input_shape == (None, *shape)
    assert row.output_shape == layer.compute_output_shape((None, *shape))
    assert row.params == layer.count_params()


@pytest.mark.parametrize(
    ("join", "flops"),
    [
        (layers.Add(), 2 * 32),
        (layers.Multiply(), 2 * 32),
        (layers.Average(), 2 * 32),
        (layers.Maximum(), 2 * 32),
        (layers.Concatenate(), 0),
    ],
)
def test_three_inputs_are_joined_twice(join, flops):
    row = last(join, *[(4, 4, 2)] * 3)
    assert (row.macs, row.flops, row.params) == (0, flops, 0)
    assert row.input_shape == [(None, 4, 4, 2)] * 3
    assert row.activation_bytes == (3 if flops == 0 else 1) * 128


@pytest.mark.parametrize(
    ("operation", "class_name", "flops"),
    [
        (lambda x: x * 2, "Multiply", 32),
        (lambda x: x + x, "Add", 32),
        (lambda x: x[:, 1:], "GetItem", 0),
        (lambda x: -x, "Negative", 32),
    ],
)
def test_operators_are_rows(operation, class_name, flops):
    row = last(operation, (4, 4, 2))
    assert (row.class_name, row.flops, row.params) == (class_name, flops, 0)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3, 5])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
@pytest.mark.parametrize("family", [layers.Conv1D, layers.Conv1DTranspose])
def test_executed_macs_are_the_products_that_reach_the_output(family, kernel, strides, padding):
    """Counted by a convolution of ones: an output is the number of products in it."""
    layer = family(2, kernel, strides=strides, padding=padding, use_bias=False)
    layer.build((None, 9, 3))
    layer.set_weights([np.ones(weight.shape) for weight in layer.weights])
    row = last(layer, (9, 3))
    assert row.executed_macs == layer(np.ones((1, 9, 3), "float32")).sum()
    places = 9 if family is layers.Conv1DTranspose else row.output_shape[1]
    assert row.macs == places * kernel * 3 * 2


# Rows


@pytest.fixture
def network():
    """Branches of unlike padding, a nested model, and a layer that is called twice."""
    x = cl.Input((15, 16, 3), name="image")
    a = layers.Conv2D(4, 3, strides=2, padding="same", name="a")(x)
    b = layers.MaxPooling2D(2, padding="same", name="b")(x)
    joined = layers.Concatenate(name="join")([a, b])
    z = cl.Input((None, None, 7), name="in")
    inner = cl.Model(z, layers.BatchNormalization(name="norm")(z), name="inner")
    y = inner(joined)
    shared = layers.Conv2D(7, 3, padding="same", name="shared")
    y = layers.GlobalAveragePooling2D(name="mean")(shared(shared(y)))
    return cl.Model(x, layers.Dense(2, name="dense")(y), name="network")


def test_rows_of_a_network(network):
    found = cl.trace(network)
    assert found.name == "network"
    assert [(row.name, row.class_name, row.output_shape) for row in found.rows] == [
        ("image", "InputLayer", (None, 15, 16, 3)),
        ("a", "Conv2D", (None, 8, 8, 4)),
        ("b", "MaxPooling2D", (None, 8, 8, 3)),
        ("join", "Concatenate", (None, 8, 8, 7)),
        ("inner/in", "InputLayer", (None, 8, 8, 7)),
        ("inner/norm", "BatchNormalization", (None, 8, 8, 7)),
        ("shared", "Conv2D", (None, 8, 8, 7)),
        ("shared", "Conv2D", (None, 8, 8, 7)),
        ("mean", "GlobalAveragePooling2D", (None, 7)),
        ("dense", "Dense", (None, 2)),
    ]
    assert found.output_shape == (None, 2)
    assert found["join"].input_shape == [(None, 8, 8, 4), (None, 8, 8, 3)]
    assert found["join"].reads == ("a", "b")
    assert found["inner/norm"].reads == ("inner/in",)
    assert found["image"].reads == ()
    assert not found.conflicts


def test_pads_that_same_chose(network):
    found = cl.trace(network)
    assert found["a"].pads == ((1, 1), (0, 1)), "15 rows: one on either side; 16: one behind"
    assert found["b"].pads == ((0, 1), (0, 0))
    assert found["image"].pads is None
    assert found["mean"].pads is None
    assert (
        'width: "same" adds 1 column of zeros: 0 at the left, 1 at the right.' in found["a"].notes
    )
    other = cl.trace(network, (16, 15, 3))
    assert other["a"].pads == ((0, 1), (1, 1))
    assert last(layers.Conv1D(1, 3, padding="causal", dilation_rate=2), (9, 1)).pads == ((4, 0),)
    assert last(layers.ZeroPadding2D(((1, 2), (3, 4))), (9, 9, 1)).pads == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (layers.Conv2D(1, 3, strides=2), (8, 9, 1), ((range(7, 8),), ())),
        (layers.Conv1D(1, 1, strides=3), (8, 1), ((range(1, 3), range(4, 6), range(7, 8)),)),
        (layers.Conv1D(1, 2, dilation_rate=3, strides=1), (5, 1), ((range(2, 3),),)),
        (layers.MaxPooling1D(2), (5, 1), ((range(4, 5),),)),
        (layers.Cropping1D((2, 1)), (6, 1), ((range(2), range(5, 6)),)),
        (layers.Conv1D(1, 3), (8, 1), ((),)),
        (layers.Dense(1), (8,), ()),
    ],
)
def test_what_is_never_read(layer, shape, expected):
    assert last(layer, shape).never_read == expected


def test_what_is_never_read_is_read_by_no_output():
    """The gradient of the sum of the outputs is 0 there, and nowhere else."""
    for layer in (layers.Conv1D(2, 2, strides=3), layers.Conv1D(2, 3, dilation_rate=4)):
        model = cl.Sequential([cl.Input((12, 1)), layer])
        model.set_weights([np.ones(weight.shape) for weight in model.weights])
        x = np.ones((1, 12, 1))
        (dx, _) = model.vjp(x, np.ones(model(x).shape))
        unread = {i for run in cl.trace(model).rows[-1].never_read[0] for i in run}
        assert unread == set(np.flatnonzero(dx.ravel() == 0))


def test_receptive_fields_are_those_of_receptive_field(network):
    for row in cl.trace(network).rows[:-4]:
        field = cl.receptive_field(network, row.name)
        assert (row.receptive_field.size, row.receptive_field.stride) == (field.size, field.stride)
        assert row.receptive_field.center == field.center
    rows = cl.trace(network).rows
    assert [row.receptive_field.size for row in rows if row.name == "shared"] == [(7, 7), (11, 11)]
    assert rows[-1].receptive_field.reads_all == ("mean", "mean")
    assert rows[1].receptive_field.padding == (1, 0)
    assert rows[1].receptive_field.center == (0, 1)
    pools = cl.Sequential([cl.Input((32, 1)), *(layers.UpSampling1D(2) for _ in range(2))])
    assert cl.trace(pools).rows[-1].receptive_field.stride == (Fraction(1, 4),)


def test_misaligned_branches_are_noted(network):
    found = cl.trace(network)
    (note,) = found["join"].notes
    assert note == (
        "the branches that it joins are not aligned: their centres are 0.5 input cells apart"
    )
    x = cl.Input((16, 16, 1))
    aligned = cl.Model(x, layers.Add(name="sum")([layers.Conv2D(1, 3, padding="same")(x), x]))
    assert cl.trace(aligned)["sum"].notes == ()


def test_a_layer_that_is_called_twice_counts_its_weights_once(network):
    found = cl.trace(network)
    rows = [row for row in found.rows if row.name == "shared"]
    assert [row.repeated for row in rows] == [False, True]
    assert "shares the weights of an earlier call" in rows[1].notes
    assert found.params == network.count_params() == 112 + 28 + 448 + 16
    assert found.trainable_params == 604 - 14
    assert found.macs == 6912 + 2 * 28224 + 14, "computed twice"
    for column in COUNTED[2:]:
        assert found.total(column) == sum(getattr(row, column) for row in found.rows)
    assert (found.flops, found.activation_bytes) == (
        found.total("flops"),
        found.total("activation_bytes"),
    )


def test_freezing_shows(network):
    network.get_layer("shared").trainable = False
    found = cl.trace(network)
    assert found["shared"].trainable_params == 0
    assert found.trainable_params == 604 - 14 - 448
    network.trainable = False
    assert cl.trace(network).trainable_params == 0


def test_weights_are_not_drawn_to_count_them():
    model = cl.model_from_json(
        '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": '
        '{"units": 1000000, "batch_input_shape": [null, 1000000]}}]}}'
    )
    assert cl.trace(model).params == 10**12 + 10**6


def test_attributes_are_documented():
    for name in Row.__dataclass_fields__:
        assert f"        {name}: " in Row.__doc__


# Other shapes


@pytest.mark.parametrize(
    "shape",
    [(33, 20, 3), [33, 20, 3], (None, 33, 20, 3), [(33, 20, 3)], {"image": (33, 20, 3)}],
    ids=str,
)
def test_an_input_shape_of_ones_own(network, shape):
    found = cl.trace(network, shape)
    assert found["join"].output_shape == (None, 17, 10, 7)
    assert cl.trace(network)["join"].output_shape == (None, 8, 8, 7), "the model is as before"


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((8, 8), r"The input 'image' has 4 axes with the batch.\n.*\(8, 8\).*\(15, 16, 3\)"),
        ([(8, 8, 3)] * 2, r"There is a shape for each input.\n.*for the inputs image"),
        ({"other": (8, 8, 3)}, "There is a shape for each input"),
        ("8x8x3", "Cannot convert '8x8x3' to a shape"),
        ((8.5, 8, 3), "Cannot convert"),
    ],
)
def test_input_shapes_that_are_none(network, shape, words):
    with pytest.raises(ShapeError, match=words):
        cl.trace(network, shape)


@pytest.mark.parametrize("thing", [3, None, "model.keras", layers.Conv2D(1, 1)])
def test_what_is_no_model(thing):
    with pytest.raises(ArgumentError, match="from_keras takes a live Keras model"):
        cl.trace(thing)


def test_a_chain_that_knows_no_input():
    chain = cl.Sequential([layers.Conv1D(4, 3, name="conv"), layers.ReLU(name="relu")])
    unknown = cl.trace(chain)
    assert [row.output_shape for row in unknown.rows] == [None] * 3
    assert unknown["conv"].params is None
    assert unknown.macs is None
    for shape in ((None, 8, 2), (8, 2)):
        known = cl.trace(chain, shape)
        assert known["conv"].output_shape == (None, 6, 4)
        assert known.params == 28


# Sizes that are not known


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Conv1D(4, 3, strides=2, padding="same"), "(None, (n+1)//2, 4)"),
        (layers.Conv1D(4, 3), "(None, n-2, 4)"),
        (layers.Conv1D(4, 3, strides=2), "(None, (n-1)//2, 4)"),
        (layers.Conv1D(4, 3, padding="same"), "(None, n, 4)"),
        (layers.MaxPooling1D(2), "(None, n//2, 1)"),
        (layers.UpSampling1D(3), "(None, 3*n, 1)"),
        (layers.Conv1DTranspose(4, 3, strides=2), "(None, 2*n+1, 4)"),
        (layers.Conv1DTranspose(4, 3, strides=2, padding="same"), "(None, 2*n, 4)"),
        (layers.ZeroPadding1D((1, 2)), "(None, n+3, 1)"),
        (layers.Cropping1D(2), "(None, n-4, 1)"),
        (layers.GlobalMaxPooling1D(), "(None, 1)"),
        (layers.Dense(4), "(None, n, 4)"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_formulas_of_one_layer(layer, expected):
    row = last(layer, (None, 1))
    assert row.shape_text == expected
    size = row.output_shape[1]
    formula = row.shape_text.split(", ")[1].strip(")") if row.shape_text.count(",") == 2 else None
    if formula and size is None:  # the formula is right at every size
        formula = row.shape_text.removeprefix("(None, ").rsplit(", ", 1)[0]
        for n in range(6, 40):
            known = layer.compute_output_shape((None, n, 1))[1]
            assert eval(formula, {"n": n}) == known, n
    assert row.macs in (None, 0)
    assert row.activation_bytes is None or size == 1


def test_formulas_along_a_chain_are_right_at_every_size():
    model = cl.Sequential(
        [
            cl.Input((None, None, 3)),
            layers.Conv2D(4, 3, strides=2, padding="same"),
            layers.MaxPooling2D(3, strides=2),
            layers.UpSampling2D(2),
            layers.Conv2DTranspose(4, 5, strides=3),
            layers.ZeroPadding2D(2),
            layers.Conv2D(2, 3, strides=4),
        ]
    )
    rows = cl.trace(model).rows
    assert rows[1].shape_text == "(None, (n+1)//2, (n+1)//2, 4)"
    for n in (17, 18, 19, 20, 31, 64, 225):
        known = cl.trace(model, (n, n + 3, 3)).rows
        for row, other in zip(rows, known, strict=True):
            height, width = (
                eval(text, {"n": size})
                for text, size in zip(row.shape_text.split(", ")[1:3], (n, n + 3), strict=True)
            )
            assert (height, width) == other.output_shape[1:3], (row.shape_text, n)


def test_two_unknown_sizes_have_names_of_their_own():
    x = cl.Input((None, None, 3), name="x")
    y = cl.Input((None, None, 3), name="y")
    model = cl.Model([x, y], [layers.Permute((2, 1, 3), name="p")(x), layers.ReLU(name="r")(y)])
    found = cl.trace(model)
    assert found["p"].shape_text == "(None, n_2, n_1, 3)"
    assert found["r"].shape_text == "(None, n_1_1, n_1_2, 3)"


def test_what_is_known_of_a_network_whose_sizes_are_not():
    model = cl.Sequential(
        [cl.Input((None, None, 3)), layers.Conv2D(4, 3, strides=2), layers.GlobalMaxPooling2D()]
    )
    found = cl.trace(model)
    assert found.params == 112
    assert found.macs is None
    assert found.rows[1].executed_macs is None
    assert found.rows[1].receptive_field.size == (3, 3)
    assert found.rows[1].never_read == ()
    assert found.rows[2].output_shape == (None, 4)


# Conflicts


def test_a_conflict_is_marked_and_the_trace_goes_on(network):
    x = cl.Input((16, 16, 1), name="x")
    a = layers.Conv2D(2, 3, strides=2, padding="same", name="a")(x)
    b = layers.MaxPooling2D(2, name="b")(x)
    y = layers.Concatenate(name="join")([a, b])
    y = layers.Conv2D(4, 3, name="after")(y)
    model = cl.Model(x, layers.Dense(3, name="end")(layers.GlobalMaxPooling2D(name="max")(y)))
    assert not cl.trace(model).conflicts
    found = cl.trace(model, (15, 16, 1))
    (row,) = found.conflicts
    assert row.name == "join"
    assert row.conflict.startswith("A `Concatenate` layer requires inputs with matching shapes")
    assert "(None, 8, 8, 2), (None, 7, 8, 1)" in row.conflict
    assert "Crop or pad one of them" in row.conflict
    assert row.output_shape == (None, None, 8, 3)
    assert (row.macs, row.flops, row.activation_bytes) == (None, None, None)
    assert found["after"].output_shape == (None, None, 6, 4)
    assert found["after"].params == 9 * 3 * 4 + 4
    assert found["end"].output_shape == (None, 3)
    assert found["end"].macs == 12
    assert found.output_shape == (None, 3)
    assert found.macs is None
    assert cl.trace(model).rows[-1].conflict is None, "the model is as before"


def test_every_conflict_is_marked():
    x = cl.Input((None, None, 1), name="x")
    towers = [layers.Conv2D(1, size, name=f"conv{size}")(x) for size in (3, 5, 7)]
    model = cl.Model(x, [layers.GlobalMaxPooling2D()(tower) for tower in towers])
    found = cl.trace(model, (4, 9, 1))
    assert [row.name for row in found.conflicts] == ["conv5", "conv7"]
    assert "on axis 'height': the kernel reaches 5" in found["conv5"].conflict
    assert found["conv5"].output_shape == (None, None, 5, 1)
    assert found.output_shape == [(None, 1)] * 3


def test_what_an_opaque_layer_gives_is_not_known_and_said_so():
    text = json.dumps(
        {
            "class_name": "Sequential",
            "config": {
                "layers": [
                    {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 3]}},
                    {"class_name": "Mine", "registered_name": "own>Mine", "config": {"name": "m"}},
                    {"class_name": "ReLU", "config": {"name": "relu"}},
                ]
            },
        }
    )
    found = cl.trace(cl.model_from_json(text))
    assert not found.conflicts
    assert found["m"].class_name == "Mine"
    assert found["m"].notes == ("what it computes is not known here",)
    assert found["relu"].notes == ("its shape is not known, since what it reads is not",)
    assert found["relu"].output_shape is None
    assert "not known" in found.text()
    ruled = cl.trace(cl.model_from_json(text, {"Mine": lambda shape: shape}))
    assert ruled["relu"].output_shape == (None, 8, 3)


# Forms


class Table(HTMLParser):
    """The cells of an HTML table, the tags that are in it, and their classes."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.tags, self._within = [], [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append((dict(attributes).get("class", ""), []))
        elif tag in ("td", "th"):
            self.rows[-1][1].append("")
            self._within = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._within = False

    def handle_data(self, data):
        if self._within:
            self.rows[-1][1][-1] += data


def test_csv_parses_back(network):
    found = cl.trace(network)
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert [row["name"] for row in rows] == [row.name for row in found.rows]
    for told, row in zip(rows, found.rows, strict=True):
        assert told["class_name"] == row.class_name
        for name in COUNTED:
            assert told[name] == str(getattr(row, name))
        assert told["receptive_field"] == "x".join(map(str, row.receptive_field.size))
        assert told["conflict"] == ""
    assert rows[3]["input_shape"] == "Nonex8x8x4 Nonex8x8x3"
    assert rows[1]["output_shape"] == "Nonex8x8x4"
    assert (rows[2]["stride"], rows[2]["padding"], rows[2]["center"]) == ("2x2", "0x0", "0.5x0.5")


def test_json_parses_back(network):
    found = cl.trace(network)
    told = json.loads(found.to_json())
    assert told == json.loads(found.to_json(indent=None))
    assert told["model"] == "network"
    assert told["output_shape"] == [None, 2]
    assert told["conflicts"] == []
    assert told["totals"] == {name: found.total(name) for name in COUNTED}
    for entry, row in zip(told["rows"], found.rows, strict=True):
        for name in (*COUNTED, "name", "class_name", "conflict", "shape_text", "repeated"):
            assert entry[name] == getattr(row, name)
        for name in ("input_shape", "output_shape", "pads", "reads", "notes"):
            assert entry[name] == json.loads(json.dumps(getattr(row, name)))
        assert entry["receptive_field"] == list(row.receptive_field.size)
        assert entry["stride"] == [
            None if one is None else one for one in row.receptive_field.stride
        ]
        assert entry["never_read"] == [
            [[run.start, run.stop] for run in runs] for runs in row.never_read
        ]


def test_json_of_unknown_sizes_and_fractions_is_strict():
    model = cl.Sequential([cl.Input((None, 1)), layers.UpSampling1D(2), layers.Conv1D(1, 9)])

    def never(word):
        raise AssertionError(word)

    for found in (cl.trace(model), cl.trace(model, (3, 1))):
        told = json.loads(found.to_json(), parse_constant=never)
        assert told["rows"][1]["stride"] == [0.5]
        assert told["conflicts"] == [row.name for row in found.conflicts]


def test_text_shows_the_same_numbers(network):
    found = cl.trace(network)
    text = found.text()
    assert text == str(found) == repr(found)
    assert "\x1b" not in text
    lines = [line for line in text.splitlines() if " (" in line and line.startswith(" ")]
    for line, row in zip(lines[: len(found.rows)], found.rows, strict=True):
        assert line.strip().startswith(f"{row.name} ({row.class_name})")
        assert row.shape_text in line
        assert f"  {row.receptive_field.short}" in line
        assert f"  {row.macs:,}" in line
    first, second = (line for line in lines if line.strip().startswith("shared ("))
    assert "448   28,224" in first
    assert "shared   28,224" in second
    assert "centres are 0.5 input cells apart" in text
    assert text.splitlines()[-1] == (
        "604 parameters, 590 of them trainable, 63,374 multiply-adds, "
        f"{found.flops:,} operations, 13.3 KiB of activations for one example"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
def test_text_keeps_its_width(network, width):
    lines = cl.trace(network).text(width).splitlines()
    assert max(map(len, lines[:-1])) <= width


def test_html_shows_the_same_numbers(network):
    found = cl.trace(network)
    html = found.html()
    assert html == found._repr_html_()
    table = Table(html)
    layer_rows = [cells for kind, cells in table.rows if kind.startswith("layer")]
    assert len(layer_rows) == len(found.rows)
    for cells, row in zip(layer_rows, found.rows, strict=True):
        assert cells[0] == f"{row.name} {row.class_name}"
        assert cells[1] == row.shape_text
        assert cells[2] == ("shared" if row.repeated else f"{row.params:,}")
        assert cells[3] == f"{row.macs:,}"
        assert cells[5] == row.receptive_field.short
    remarks = [cells for kind, cells in table.rows if kind.startswith("remark")]
    assert ["uneven padding: 0 before and 1 after"] in remarks
    assert table.rows[-1][1][0].startswith("604 parameters, 590 of them trainable")
    assert "http" not in html, "nothing is fetched"


def test_a_conflict_in_each_form(network):
    model = cl.Sequential([cl.Input((8, 1)), layers.Conv1D(2, 5, name="wide")], name="bad")
    found = cl.trace(model, (3, 1))
    assert "the kernel reaches 5 but the padded input has 3" in found.text()
    marked = [cells for kind, cells in Table(found.html()).rows if "conflict" in kind]
    assert marked[0][0].split()[0] == "wide"
    assert "the kernel reaches 5" in marked[1][0]
    (row,) = list(csv.DictReader(io.StringIO(found.to_csv())))[1:]
    assert "the kernel reaches 5" in row["conflict"]
    assert row["macs"] == ""
    assert json.loads(found.to_json())["conflicts"] == ["wide"]
    assert found.text().splitlines()[-1].endswith("multiply-adds not known, operations not known")


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)<',
    "[bold red]not bold",
    ":smile:",
    "a (b) <c>",
    "\x1b[31mred",
    "two\nlines",
    "&lt;&amp;",
    "a,b\"c'",
    "‮backwards",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name):
    layer = {"class_name": "<b>Mine", "registered_name": "own>Mine", "config": {"name": name}}
    config = {"name": name, "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 3]}}, layer]}  # fmt: skip
    model = cl.model_from_json(json.dumps({"class_name": "Sequential", "config": config}))
    found = cl.trace(model)
    plain = Table(cl.trace(cl.Sequential([cl.Input((3,)), layers.ReLU()])).html())
    table = Table(found.html())
    assert set(table.tags) == set(plain.tags)
    cells = table.rows[2][1]
    assert cells[0] == f"{name} <b>Mine"
    (_, row) = csv.DictReader(io.StringIO(found.to_csv()))
    assert row["name"] == name
    assert json.loads(found.to_json())["rows"][1]["name"] == name
    text = found.text()
    assert "\x1b" not in text
    assert (
        len(text.splitlines())
        == len(cl.trace(cl.Sequential([cl.Input((3,))])).text().splitlines()) + 1
    )
    if name.isprintable():
        assert f"{name} (<b>Mine)" in text


@pytest.mark.keras
def test_a_live_keras_model(keras):
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3, name="conv")])
    found = cl.trace(model)
    assert found["conv"].output_shape == (None, 6, 6, 2)
    assert found.params == model.count_params()


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK('x')"])
def test_no_name_is_a_formula_of_a_spreadsheet(name):
    model = cl.Sequential([cl.Input((8, 1)), layers.Conv1D(1, 3, name=name)])
    found = cl.trace(model)
    (_, row) = csv.DictReader(io.StringIO(found.to_csv()))
    assert row["name"] == f"'{name}"
    assert found.rows[1].name == name
