"""Operations as layers: worked examples, refusals, what they read, gradients, config."""

import json

import numpy as np
import pytest
from operator_calls import CALLS, X, Y, inputs_for, named

from convlab.errors import ArgumentError, ArgumentTypeError, ConvlabError, DataError, ShapeError
from convlab.geometry.links import Product
from convlab.layers.naming import reset_names
from convlab.layers.node import Node, Spec, Tensor
from convlab.layers.operators import Operator, Slot, from_keras3, from_tf, known, operate


def symbol(*shape, dtype="float32"):
    return Tensor(Node(Operator("identity", [X], name="source")), spec=Spec(shape, dtype))


# Worked examples


def test_the_operators_of_a_symbol_are_layers():
    reset_names()
    x = symbol(None, 6, 6, 4)
    y = 2 - (x + 1.5) * x / 2
    assert (y.shape, y.dtype, y.name) == ((None, 6, 6, 4), "float32", "subtract")
    assert repr(y.node.layer) == "Operator('subtract', [2, Slot(0)])"
    assert [t.name for t in y.node.inputs] == ["true_divide"]
    assert (x + 1).name == "add_1"
    assert (-x).node.layer.class_name == "Negative"
    assert x[:, 1:, ::2, 0].shape == (None, 5, 3)
    assert (x + np.ones((2, 1, 6, 4), "float32")).shape == (2, 6, 6, 4)


def test_constants_may_come_first():
    half = Operator("power", [2, X])
    assert half([np.array([[1.0, 3.0]], "float32")]).tolist() == [[2.0, 8.0]]


@pytest.mark.parametrize(
    ("operation", "args", "dtypes", "expected"),
    [
        ("add", [X, 1], ["float16"], "float16"),
        ("add", [X, 1.5], ["int32"], "float32"),
        ("add", [X, np.float64(1)], ["float32"], "float64"),
        ("add", [X, Y], ["int32", "float16"], "float16"),
        ("true_divide", [X, 2], ["int32"], "float32"),
        ("greater", [X, 0], ["float32"], "bool"),
        ("sum", [X], ["int8"], "int32"),
        ("mean", [X], ["uint8"], "float32"),
        ("cast", [X, "uint8"], ["float32"], "uint8"),
        ("exp", [X], ["bool"], "float32"),
    ],
)
def test_dtypes_are_promoted_as_in_keras(operation, args, dtypes, expected):
    layer = Operator(operation, args)
    assert layer.infer([Spec((None, 2), dtype) for dtype in dtypes]).dtype == expected
    assert layer([np.ones((1, 2), dtype) for dtype in dtypes]).dtype == expected


def test_several_outputs():
    first, second = operate("split", symbol(None, 8, 4), 2, axis=1)
    assert first.shape == second.shape == (None, 4, 4)
    assert second.index == 1
    parts = Operator("split", [X, [1, 3]], {"axis": 1})([np.arange(4.0)[None]])
    assert [part.tolist() for part in parts] == [[[0.0]], [[1.0, 2.0]], [[3.0]]]


@pytest.mark.parametrize(
    ("operation", "args", "kwargs", "shapes", "expected"),
    [
        ("add", [X, Y], {}, [(None, None, 4), (None, 6, 1)], (None, 6, 4)),
        ("reshape", [X, (-1, 36, 8)], {}, [(None, 6, 6, 8)], (None, 36, 8)),
        ("mean", [X], {"axis": [1, 2]}, [(None, None, None, 4)], (None, 4)),
        ("get_item", [X, (slice(None), slice(1, None), 0)], {}, [(None, None, 4)], (None, None)),
        ("concatenate", [[X, Y]], {"axis": 1}, [(None, 2, 3), (None, None, 3)], (None, None, 3)),
        ("pad", [X, ((0, 0), (1, 1))], {}, [(None, None)], (None, None)),
        ("pad", [X, 1], {}, [(3, 4)], (5, 6)),
        ("squeeze", [X], {}, [(None, 1, 4, 1)], (None, 4)),
        ("stack", [[X, Y]], {"axis": -1}, [(None, 3), (2, 3)], (2, 3, 2)),
        ("unstack", [X], {"num": 2, "axis": 1}, [(None, None)], [(None,), (None,)]),
        ("matmul", [X, Y], {"transpose_b": True}, [(None, 7, 4), (None, 9, 4)], (None, 7, 9)),
        ("sum", [X], {}, [(None, 3)], ()),
    ],
)
def test_shapes_may_hold_none(operation, args, kwargs, shapes, expected):
    assert Operator(operation, args, kwargs).compute_output_shape(shapes) == expected


def test_costs_nothing_but_a_product_of_matrices_does():
    assert Operator("add", [X, 1]).cost([(None, 3)]) == (Operator("mean", [X]).cost([(None, 3)]))
    product = Operator("matmul", [X, Y])
    assert product.cost([(None, 5, 7, 4), (None, 5, 4, 3)]).macs == 5 * 7 * 3 * 4
    assert product.cost([(None, None, 4), (None, 4, 3)]).macs is None


# What is read


@pytest.mark.parametrize(("operation", "args", "kwargs", "shapes"), CALLS, ids=named(CALLS))
def test_dependence_is_what_an_impulse_moves(operation, args, kwargs, shapes):
    layer = Operator(operation, args, kwargs)
    inputs = inputs_for(shapes)
    outputs = layer(inputs)
    for which, y in enumerate(outputs if isinstance(outputs, tuple) else [outputs]):
        found = layer.dependence(shapes, which)
        for slot, dependence in enumerate(found):
            moved = _moved(layer, inputs, slot, which)
            pulled = [
                np.broadcast_to(
                    dependence.pull(unit.reshape(y.shape[1:]), shapes[slot][1:]), shapes[slot][1:]
                ).ravel()
                for unit in np.eye(y[0].size, dtype=bool)
            ]
            read = np.array(pulled).reshape(moved.shape)
            assert np.array_equal(read, moved | read if operation == "where" else moved)


def _moved(layer, inputs, slot, which):
    """For each output, which cells of an input move it."""

    def output(values):
        outputs = layer(values)
        return (outputs[which] if isinstance(outputs, tuple) else outputs).ravel()

    still = output(inputs)
    columns = []
    for cell in range(inputs[slot].size):
        column = np.zeros(still.size, bool)
        for push in (101.37, -101.37, 0.137):
            pushed = [x.copy() for x in inputs]
            pushed[slot].ravel()[cell] += push
            column |= output(pushed) != still
        columns.append(column)
    return np.array(columns).T


@pytest.mark.parametrize(
    ("operation", "args", "shapes"),
    [
        ("mean", [X], [(None, 3)]),
        ("flip", [X, 0], [(None, 3)]),
        ("transpose", [X], [(None, 3, 3)]),
        ("reshape", [X, (-1, 2)], [(None, 4)]),
        ("get_item", [X, 0], [(2, 3)]),
        ("get_item", [X, slice(1, None)], [(None, 3)]),
        ("add", [X, np.zeros((2, 3, 3))], [(None, 3)]),
        ("concatenate", [[X, np.zeros((1, 3))]], [(None, 3)]),
        ("split", [X, 1], [(None, 3)]),
    ],
)
def test_dependence_is_not_told_where_examples_meet(operation, args, shapes):
    assert Operator(operation, args).dependence(shapes) == (None,)


def test_a_slice_of_an_unknown_size_keeps_its_stride():
    layer = Operator("get_item", [X, (slice(None), slice(3, None, 2))])
    (dependence,) = layer.dependence([(None, None, 4)])
    relation = dependence.links[0].relation
    assert isinstance(dependence, Product)
    assert (relation.stride, relation.pad_before) == (2, -3)
    layer = Operator("get_item", [X, (slice(None), slice(0, 5))])
    assert layer.dependence([(None, None, 4)]) == (None,)


# Gradients


_KINKED = ("floor_divide", "mod", "greater", "less_equal", "floor", "ceil", "sign")


@pytest.mark.parametrize(("operation", "args", "kwargs", "shapes"), CALLS, ids=named(CALLS))
def test_gradients_are_finite_differences(operation, args, kwargs, shapes):
    layer = Operator(operation, args, kwargs)
    inputs = inputs_for(shapes)
    outputs = layer(inputs)
    several = isinstance(outputs, tuple)
    rng = np.random.default_rng(1)
    dy = [rng.normal(size=y.shape) for y in (outputs if several else [outputs])]

    def total(values):
        given = layer(values)
        return sum((y * d).sum() for y, d in zip(given if several else [given], dy, strict=True))

    for slot, gradient in enumerate(layer.vjp(inputs, dy if several else dy[0]).inputs):
        assert gradient.dtype == inputs[slot].dtype
        for cell in range(inputs[slot].size):
            sides = []
            for push in (1e-6, -1e-6):
                pushed = [x.copy() for x in inputs]
                pushed[slot].ravel()[cell] += push
                sides.append(total(pushed))
            slope = (sides[0] - sides[1]) / 2e-6
            assert gradient.ravel()[cell] == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_a_product_with_a_zero_has_a_gradient():
    x = np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 5.0]])
    (dx,) = Operator("prod", [X], {"axis": 1}).vjp([x], np.ones(2)).inputs
    assert dx.tolist() == [[0.0, 6.0, 0.0], [0.0, 0.0, 0.0]]


def test_nothing_flows_back_through_a_stop():
    (dx,) = Operator("stop_gradient", [X]).vjp([np.ones((1, 2))], np.ones((1, 2))).inputs
    assert dx.tolist() == [[0.0, 0.0]]


# Config


@pytest.mark.parametrize(("operation", "args", "kwargs", "shapes"), CALLS, ids=named(CALLS))
def test_the_config_is_json_and_makes_the_operator_again(operation, args, kwargs, shapes):
    layer = Operator(operation, args, kwargs, class_name="TFOpLambda")
    again = Operator.from_config(json.loads(json.dumps(layer.get_config())))
    assert (again.name, again.class_name) == (layer.name, "TFOpLambda")
    assert again.get_config() == layer.get_config()
    inputs = inputs_for(shapes)
    one, two = layer(inputs), again(inputs)
    assert all(map(np.array_equal, one, two))
    assert np.array_equal(layer.replace(name="other")(inputs)[0], one[0])


def test_repr_is_the_call():
    assert repr(Operator("add", [X, 1.5])) == "Operator('add', [Slot(0), 1.5])"
    assert repr(Operator("mean", [X], {"axis": 1}, name="m")) == (
        "Operator('mean', [Slot(0)], kwargs={'axis': 1}, name='m')"
    )


# Refusals


def _written_array(value, dtype):
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": dtype}}


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: Operator("fft", [X]), ArgumentError, "Keras's operations that convlab knows"),
        (lambda: Operator("add", [X]), ArgumentTypeError, "add lacks `x2`"),
        (lambda: Operator("add", [X, 1, 2]), ArgumentTypeError, "got too many arguments"),
        (lambda: Operator("mean", [X], {"axes": 1}), ArgumentTypeError, "no place for `axes`"),
        (lambda: Operator("mean", [X], {"x": 1}), ArgumentTypeError, "no place for `x`"),
        (lambda: Operator("concatenate", [X]), ArgumentTypeError, "takes a list of arrays"),
        (lambda: Operator("add", [1, 2]), ArgumentError, "The inputs of the operation add"),
        (lambda: Operator("add", [X, X]), ArgumentError, "each once"),
        (lambda: Operator("add", [X, Slot(2)]), ArgumentError, "each once"),
        (lambda: Operator("mean", [X], {"axis": Y}), ArgumentError, "stand where arrays do"),
        (lambda: Operator("cast", [X, "text"]), ArgumentError, "cast to a dtype of numbers"),
        (
            lambda: Operator("add", [X, {"class_name": "__numpy__", "config": {}}]),
            ArgumentError,
            "could not be read",
        ),
        (
            lambda: Operator("add", [X, _written_array([{}], "object")]),
            ArgumentError,
            "object is no dtype of numbers",
        ),
    ],
)
def test_an_operator_that_cannot_be(make, error, match):
    with pytest.raises(error, match=match) as caught:
        make()
    assert caught.value.received
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("operation", "args", "shapes", "match"),
    [
        (
            "add",
            [X, Y],
            [(None, 4), (None, 5)],
            "Cannot broadcast shape, the failure dim has value",
        ),
        ("add", [X, Y], [(None, 4)], "called on a list of 2 inputs"),
        ("add", [X, 1], (None, 4), "should be called on a list"),
        ("mean", [X, 4], [(None, 4)], "An axis of 2 is from -2 to 1"),
        ("reshape", [X, (2, 5)], [(2, 4)], "total size of the tensor must be unchanged"),
        ("reshape", [X, (-1, -1)], [(2, 4)], "total size of the tensor must be unchanged"),
        ("reshape", [X, (-1, 0)], [(2, 4)], "total size of the tensor must be unchanged"),
        ("reshape", [X, ("a",)], [(2, 4)], "`newshape` is of whole numbers"),
        ("transpose", [X, (0, 0)], [(2, 4)], "The axes of a transpose are those of its input"),
        ("moveaxis", [X, (0, 1), 1], [(2, 4)], "As many axes are moved"),
        ("squeeze", [X, 1], [(2, 4)], "Cannot squeeze axis=1"),
        ("get_item", [X, (0, 0, 0)], [(2, 4)], "slice has to many indices"),
        ("get_item", [X, (..., ...)], [(2, 4)], "slice has to many indices"),
        ("get_item", [X, (0, 4)], [(2, 4)], "out-of-bounds index 4"),
        ("get_item", [X, "a"], [(2, 4)], "Unsupported key type"),
        ("get_item", [X, True], [(2, 4)], "Unsupported key type"),
        ("get_item", [X, slice("a")], [(2, 4)], "`key` is of whole numbers"),
        ("get_item", [X, slice(None, None, 0)], [(2, 4)], "step of a slice"),
        ("concatenate", [[X, Y]], [(2, 4), (2, 4, 1)], "matching shapes except"),
        ("stack", [[X, Y]], [(2, 4), (2, 5)], "Only arrays of one shape are stacked"),
        ("split", [X, 3, 1], [(2, 4)], "split into equal parts"),
        ("split", [X, 0, 1], [(2, 4)], "split into equal parts"),
        ("unstack", [X], [(None, 4)], "number of slices is the size of the axis"),
        ("unstack", [X, 3, 1], [(None, 4)], "number of slices is the size of the axis"),
        ("roll", [X, (1, 2), 1], [(2, 4)], "one shift for each axis"),
        ("repeat", [X, [1, 2], 1], [(2, 4)], "repeated the same number of times"),
        ("repeat", [X, 2], [(2, 4)], "An axis of 2"),
        ("tile", [X, (1, 1, 1)], [(2, 4)], "A tile has a number"),
        ("take", [X, [4], 1], [(2, 4)], "places on an axis of 4"),
        ("pad", [X, ((0, 0), (4, 0)), "reflect"], [(2, 4)], "A pad has for each axis a pair"),
        ("pad", [X, ((0, 0), (1, 0)), "wrap"], [(2, 4)], "A pad has for each axis a pair"),
        ("pad", [X, ((0, 0, 0),)], [(2, 4)], "A pad has for each axis a pair"),
        ("matmul", [X, Y], [(2, 4), (5, 3)], "Inner dimensions"),
        ("matmul", [X, Y], [(2,), (2, 3)], "Inner dimensions"),
        ("max_pool", [X, 2], [(2, 4)], "One, two or three axes are pooled"),
        ("max_pool", [X, 5], [(2, 4, 4, 1)], "the window spans 5"),
        ("resize", [X, (2, 2)], [(2, 4)], "Expected image tensor to have rank 3"),
        ("softmax", [X, 2], [(2, 4)], "An axis of 2 is from"),
        ("flip", [X, 2], [(2, 4)], "An axis of 2 is from"),
    ],
)
def test_inputs_that_do_not_fit(operation, args, shapes, match):
    with pytest.raises(ConvlabError, match=match) as caught:
        Operator(operation, args).compute_output_shape(shapes)
    assert caught.value.received
    assert caught.value.remedy


def test_a_call_needs_a_list_of_arrays():
    add = Operator("add", [X, 1])
    with pytest.raises(DataError, match="called on a list of arrays"):
        add(np.ones((1, 2)))
    with pytest.raises(DataError, match="Only input tensors may be passed"):
        add([3])
    with pytest.raises(DataError, match="Only floats have a gradient"):
        add.vjp([np.ones((1, 2), int)], np.ones((1, 2)))
    with pytest.raises(ShapeError, match="has the output's shape"):
        add.vjp([np.ones((1, 2))], np.ones((1, 3)))
    halves = Operator("split", [X, 2, 1])
    with pytest.raises(ShapeError, match="a list of 2 gradients"):
        halves.vjp([np.ones((1, 2))], [np.ones((1, 1))])


def test_an_output_larger_than_the_memory_is_refused():
    with pytest.raises(ShapeError, match="more than half of this machine's"):
        Operator("tile", [X, (1, 10**15)])([np.ones((1, 2))])


# Files


def test_what_is_not_known_is_none():
    assert known("Cholesky") is None
    assert from_keras3("Cholesky", {"name": "c"}, [X], {}) is None
    assert from_keras3("Max", {"name": "m", "axis": 1, "initial": 3.0}, [X], {}) is None
    assert from_keras3("GetItem", {"name": "g"}, [X, slice(Y)], {}) is None
    assert from_tf("strings.split", [X], {}, {}) is None
    assert from_tf("nn.silu", [X], {"beta": 2.0}, {}) is None
    assert from_tf("nn.silu", [X, 2.0], {}, {}) is None
    assert from_tf("gather", [X, [0]], {"axis": 1, "batch_dims": 1}, {}) is None
    assert from_tf("linalg.matmul", [X, Y], {"adjoint_a": True, "adjoint_b": False}, {}) is None
    assert from_tf("nn.max_pool", [X, 2, 2, "SAME"], {"data_format": "NCHW"}, {}) is None
    assert from_tf("image.resize", [X, (2, 2)], {"preserve_aspect_ratio": True}, {}) is None
    assert from_tf("split", [X], {"num_or_size_splits": [-1, 2], "axis": 1}, {}) is None
    assert from_tf("reshape", [X], {"shape": [Y, 4]}, {}) is None
    assert from_tf("math.add", [X, Y, 1, 2], {}, {}) is None


def test_settings_come_from_the_config_of_keras_3():
    layer = from_keras3(
        "Max", {"name": "top", "axis": 1, "keepdims": True, "initial": None}, [X], {}
    )
    assert (layer.name, layer.class_name) == ("top", "Max")
    assert layer.compute_output_shape([(None, 5, 2)]) == (None, 1, 2)
    assert from_keras3("Amax", {"name": "a", "axis": 1}, [X], {}).class_name == "Amax"


@pytest.mark.parametrize(
    ("node", "constants", "expected"),
    [
        ({"op": "AddV2"}, {"1": 2.0}, [[3.0, 4.0, 5.0]]),
        ({"op": "Sub"}, {"0": 2.0}, [[1.0, 0.0, -1.0]]),
        ({"op": "Mean", "attr": {"keep_dims": {"b": True}}}, {"1": [1]}, [[2.0]]),
        ({"op": "Reshape"}, {"1": [1, 3, 1]}, [[[1.0], [2.0], [3.0]]]),
        ({"op": "ConcatV2"}, {"1": [[9.0]], "2": 1}, [[1.0, 2.0, 3.0, 9.0]]),
        (
            {"op": "StridedSlice", "attr": {"begin_mask": {"i": "1"}, "end_mask": {"i": "3"}}},
            {"1": [0, 1], "2": [0, 0], "3": [1, 1]},
            [[2.0, 3.0]],
        ),
    ],
)
def test_nodes_of_tf_keras_2_0(node, constants, expected):
    config = {"name": "tf_op_layer", "node_def": json.dumps(node), "constants": constants}
    layer = from_tf("None", [X], {}, config)
    assert layer([np.array([[1.0, 2.0, 3.0]], "float32")]).tolist() == expected
    assert layer.class_name == "TensorFlowOpLayer"


@pytest.mark.parametrize("node", ["{", "[" * 10**5, "\n\x0badd", 3, None, "[]", '{"op": []}', "{}"])
def test_a_node_that_cannot_be_read_is_none(node):
    assert from_tf("None", [X], {}, {"node_def": node, "constants": {}}) is None
