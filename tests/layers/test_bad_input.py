"""Bad and unusual input of every kind, for every layer: refused in words, or answered rightly."""

import made_up
import numpy as np
import pytest

from convlab import layers
from convlab.errors import ConvlabError, DataError, ShapeError

NAMES = [*made_up.CLASSES, "LocallyConnected1D", "LocallyConnected2D"]


def usual(name, **more):
    """A layer with usual arguments, and the shape of an input for it."""
    rank = int(name[-2]) if name[-1] == "D" else int(name[4])
    arguments = {}
    if "Conv" in name or "Local" in name:
        arguments["kernel_size"] = 2
        if "Depthwise" not in name:
            arguments["filters"] = 3
    if name.startswith("AveragePooling"):
        arguments["pool_size"] = 2
    lead = (2, 2) if "LSTM" in name else (2,)
    return getattr(layers, name)(**arguments | more), (*lead, *(6, 5, 4)[:rank], 2)


def outcome(use):
    """What a use gives, and the refusal, of which one is None; another exception goes on."""
    try:
        return use(), None
    except ConvlabError as error:
        return None, error


@pytest.mark.parametrize("name", NAMES)
def test_wrong_rank(name):
    layer, shape = usual(name)
    for wrong in (shape[1:], (*shape, 1), (3,), ()):
        for use in (layer.build, layer.compute_output_shape, lambda s: layer(np.ones(s))):
            with pytest.raises(ShapeError, match=r"(?s)(ndim|same length).*shape.*needs an input"):
                use(wrong)


@pytest.mark.parametrize("name", [n for n in NAMES if "Conv" in n or "Local" in n])
def test_other_channels_than_at_build(name):
    layer, shape = usual(name)
    layer.build(shape)
    with pytest.raises(ShapeError, match="expected axis -1 of input shape to have value 2"):
        layer(np.ones((*shape[:-1], 3), "float32"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value",
    [None, "text", 3, [[[1.0, 2.0]]], {"a": 1}, object(), lambda: 1],
    ids=["None", "str", "int", "list", "dict", "object", "function"],
)
def test_what_is_no_array(name, value):
    layer, _ = usual(name)
    with pytest.raises(DataError, match=r"(?s)Only input tensors.*Use an array"):
        layer(value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["complex64", "object", "U3", "datetime64[s]"])
def test_dtypes_that_no_layer_takes(name, dtype):
    layer, shape = usual(name)
    with pytest.raises(DataError, match=r'(?s)needs (floats|numbers).*Use x.astype\("float32"\)'):
        layer(np.zeros(shape, dtype))


@pytest.mark.parametrize("name", NAMES)
def test_unusual_memory_gives_the_usual_answer(name):
    layer, shape = usual(name)
    x = np.random.default_rng(0).integers(-9, 10, shape).astype("float32")
    y = layer(x)
    readonly = x.copy()
    readonly.setflags(write=False)
    padded = np.zeros((*shape[:-1], 2 * shape[-1]), "float32")[..., ::2]
    padded[...] = x
    others = [
        np.asfortranarray(x),
        readonly,
        padded,
        x[::-1][::-1],
        x.astype(">f4"),
        x.astype("float64"),
        x.astype("float16"),
        x.astype("longdouble"),
        np.ma.masked_array(x),
        memoryview_like(x),
    ]
    before = x.copy()
    for other in others:
        np.testing.assert_array_equal(layer(other), y)
    np.testing.assert_array_equal(x, before)  # nothing writes into the input


def memoryview_like(x):
    """An object that is no array but gives one."""

    class Gives:
        def __array__(self, dtype=None, copy=None):
            return np.array(x, dtype)

    return Gives()


@pytest.mark.parametrize("name", NAMES)
def test_an_output_is_the_callers_own(name):
    """Writing into an output changes neither the input nor what the layer gives next."""
    layer, shape = usual(name)
    x = np.random.default_rng(0).standard_normal(shape).astype("float32")
    kept = x.copy()
    y = layer(x)
    expected = y.copy()
    y[...] = 7
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_array_equal(layer(x), expected)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_batch(name):
    layer, shape = usual(name)
    x = np.ones(shape, "float32")
    y = layer(x)
    empty = layer(x[:0])
    assert empty.shape == (0, *y.shape[1:])
    assert empty.dtype == y.dtype


@pytest.mark.parametrize("name", [n for n in NAMES if "LSTM" not in n])
def test_no_spatial_cell(name):
    """Nothing to read: refused in words, or an output of the size that the arithmetic gives."""
    layer, shape = usual(name)
    for axis in range(1, len(shape) - 1):
        size = [*shape]
        size[axis] = 0
        y, refusal = outcome(lambda s=size: layer(np.ones(s, "float32")))
        assert refusal.remedy if refusal else y.shape == tuple(layer.compute_output_shape(size))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_stay_where_they_are_read(name, value):
    """One odd cell: outputs that do not read it are as before; some that do are not finite."""
    layer, shape = usual(name)
    x = np.random.default_rng(0).integers(1, 9, shape).astype("float32")
    y = layer(x)
    odd = x.copy()
    odd[(0,) * len(shape)] = value
    found = layer(odd)
    np.testing.assert_array_equal(found[1:], y[1:])  # the other example
    drops = name.startswith("Cropping3D") or ("Max" in name and value != np.inf)
    if drops or "LSTM" in name or name.startswith("Cropping1D"):
        return  # it may be cut off, or lose against numbers; a gate bounds what is infinite
    assert not np.isfinite(found[0]).all()
    if not name.startswith("Global"):
        assert np.isfinite(found[0]).any()


def test_nan_loses_in_max_pooling_as_in_tensorflow():
    nan = np.nan
    x = np.array([1, nan, 3, 2, nan, nan, 5, 4], "float32").reshape(1, 8, 1)
    np.testing.assert_array_equal(layers.MaxPooling1D(2)(x).ravel(), [1, 3, nan, 5])
    np.testing.assert_array_equal(layers.GlobalMaxPooling1D()(x).ravel(), [nan])


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        (name, argument, value)
        for name in made_up.CLASSES
        for argument in made_up.ARGUMENTS[made_up.CLASSES[name][0]].split()
        for value in [0, -1, 2.5, "x", None, (), object()]
    ],
    ids=str,
)
def test_every_argument_with_every_kind_of_value(name, argument, value):
    """It works, or the refusal has the rule, the values received and the remedy."""

    def use():
        layer, shape = usual(name, **{argument: value})
        return layer(np.ones(shape, "float32"))

    _, refusal = outcome(use)
    if refusal:
        assert isinstance(refusal, (ValueError, TypeError))
        assert refusal.rule, refusal
        assert refusal.received or "eceived" in refusal.rule, refusal
        assert refusal.remedy, refusal


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_argument_is_named_with_those_that_there_are(name):
    with pytest.raises(ValueError, match=r"(?s)Unrecognized key.*nonsense.*arguments are .*name"):
        usual(name, nonsense=1)
    layer, shape = usual(name)
    with pytest.raises(TypeError, match=r"(?s)no argument `nonsense`.*training"):
        layer(np.ones(shape), nonsense=1)
    assert np.array_equal(layer(np.ones(shape), training=False), layer(np.ones(shape)))
