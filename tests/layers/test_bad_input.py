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
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "int64", "bool"])
def test_integers(name, dtype):
    """Refused with the remedy, or taken: then with the values that floats give."""
    layer, shape = usual(name)
    x = np.random.default_rng(0).integers(0, 100, shape).astype(dtype)
    y, refusal = outcome(lambda: layer(x))
    weighted = "Conv" in name or "Local" in name
    taken = not (weighted or name.startswith("AveragePooling"))
    if name.startswith("MaxPooling"):  # as TensorFlow's kernels
        taken = dtype != "bool" and "3D" not in name
    if not taken:
        assert isinstance(refusal, DataError)
        assert "needs " in refusal.rule
        assert 'x.astype("float32")' in refusal.remedy
        return
    assert y.dtype == ("float32" if "Average" in name else dtype)
    np.testing.assert_array_equal(y, layer(x.astype("float64")).astype(y.dtype))


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


@pytest.mark.parametrize("name", NAMES)
def test_unusual_memory_gives_the_usual_gradients(name):
    layer, shape = usual(name)
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, shape).astype("float32")
    dy = rng.integers(-9, 10, layer(x).shape).astype("float32")
    dx, gradients = layer.vjp(x, dy)
    kept = x.copy(), dy.copy()
    for change in (
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
        lambda a: a[::-1].copy()[::-1],
        lambda a: a.astype(">f4"),
        lambda a: a.astype("float64"),
        memoryview_like,
    ):
        again = layer.vjp(change(x), change(dy))
        for found, expected in zip([again.inputs, *again.weights], [dx, *gradients], strict=True):
            np.testing.assert_array_equal(found, expected)
    for array in (x, dy):
        array.setflags(write=False)
    dx = layer.vjp(x, dy).inputs
    dx[...] = 7  # the caller's own
    np.testing.assert_array_equal(x, kept[0])
    np.testing.assert_array_equal(dy, kept[1])


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


MIXED = [n for n in NAMES if "Max" not in n and "LSTM" not in n and "Separable" not in n]


@pytest.mark.parametrize("name", MIXED)
def test_nan_is_in_every_output_that_reads_it_and_in_no_other(name):
    """A weight of 0 does not hide it: 0 times NaN is NaN. The geometry says what is read."""
    padded = {"padding": "same"} if "padding" in arguments_of(name) else {}
    more = {"keepdims": True} if "Global" in name else padded
    layer, shape = usual(name, **more if "Zero" not in name and "Local" not in name else {})
    layer.build(shape)
    layer.set_weights([np.zeros(weight.shape) for weight in layer.weights])
    cell = (1, *(size // 2 for size in shape[1:-1]), 1)
    x = np.ones(shape, "float32")
    x[cell] = np.nan
    reads = np.ones(1, bool)
    for axis, place in zip(layer.geometry(shape)[0], cell[1:-1], strict=True):
        reads = np.multiply.outer(reads, (axis.taps() == place).any(axis=1))
    y = layer(x)
    mixes = "Local" in name or ("Conv" in name and "Depthwise" not in name)
    channels = slice(None) if mixes else 1
    expected = np.zeros(y.shape, bool)
    expected[1, ..., channels] = reads.reshape(*y.shape[1:-1], *[1] * mixes)
    np.testing.assert_array_equal(np.isnan(y), expected)


@pytest.mark.keras
@pytest.mark.parametrize("name", made_up.CLASSES)
def test_nan_and_infinity_as_in_keras(keras, name):
    checked = 0
    for seed in range(12):
        rng = np.random.default_rng([seed, *name.encode(), 3])
        family, rank = made_up.CLASSES[name]
        arguments, channels = made_up.MAKE[family](rng, rank)
        arguments |= {"activation": "relu"} if "activation" in arguments else {}
        # TensorFlow multiplies by weights of 0 beyond the taps of these, too
        if arguments.get("interpolation") in ("bicubic", "lanczos3", "lanczos5", "area"):
            continue
        lead = [2, 2] if "LSTM" in name else [2]
        shape = (*lead, *(int(size) for size in rng.integers(4, 7, rank)), channels)
        case = {"class": name, "arguments": arguments, "shape": shape, "dtype": "float32"}
        x = rng.integers(-3, 4, shape).astype("float32")
        place = tuple(int(rng.integers(size)) for size in shape)
        mixes = arguments.get("interpolation") == "bilinear"
        x[place] = np.nan if mixes else (np.nan, np.inf, -np.inf)[seed % 3]

        def data(shapes, x=x, rng=rng):
            return x, [rng.integers(-2, 3, shape).astype("float32") for shape in shapes]

        case |= {"integers": True, "layout": "C"}
        state = rng.bit_generator.state
        ours = made_up.outcome(layers, case, data)
        rng.bit_generator.state = state
        theirs = made_up.outcome(keras.layers, case, data)
        if "refused" in (ours["kind"], theirs["kind"]) or made_up.is_exception(case, theirs):
            continue
        for found, expected in zip(ours["y"], theirs["y"], strict=True):
            if "Max" in name:  # TensorFlow gives the lowest number where no other stands
                expected = np.where(expected == np.finfo("float32").min, found, expected)
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5, err_msg=str(case))
        checked += 1
    assert checked >= 3


def test_nan_loses_in_max_pooling_as_in_tensorflow():
    nan = np.nan
    x = np.array([1, nan, 3, 2, nan, nan, 5, 4], "float32").reshape(1, 8, 1)
    np.testing.assert_array_equal(layers.MaxPooling1D(2)(x).ravel(), [1, 3, nan, 5])
    np.testing.assert_array_equal(layers.GlobalMaxPooling1D()(x).ravel(), [nan])


def arguments_of(name):
    """The names of the arguments that a class has of its own."""
    if name in made_up.CLASSES:
        return made_up.ARGUMENTS[made_up.CLASSES[name][0]].split()
    return made_up.ARGUMENTS["Conv"].replace("dilation_rate groups", "").split()


ODD = [
    *[0, -1, 2.5, float("nan"), float("inf"), True, False, None, "x", b"x", "", (), [], {"a": 1}],
    *[object(), lambda: 1, int, np.int64(2), np.float32(2), np.bool_(True), np.array(2)],
    *[np.array([2, 2]), np.array([0.5]), (2, None), ("a", "b", "c"), ((1, 2), (3, 4), (5, 6)), 1j],
    *[(odd,) * rank for odd in (2.5, np.nan, np.inf, None, "2", 2.0) for rank in (1, 2, 3)],
]


def odd_values(argument):
    """What an argument is tried with; a function of one's own may raise what it likes."""
    functions = argument.rpartition("_")[2] in ("activation", "initializer", "regularizer")
    flags = argument in ("use_bias", "keepdims")  # an array has no truth value
    return [
        value
        for value in ODD
        if not (functions and callable(value)) and not (flags and isinstance(value, np.ndarray))
    ]


@pytest.mark.parametrize(
    ("name", "argument"),
    [(name, argument) for name in NAMES for argument in arguments_of(name)],
    ids=str,
)
def test_every_argument_with_every_kind_of_value(name, argument):
    """It works, or the refusal has the rule, the values received and the remedy."""
    for value in odd_values(argument):

        def use(value=value):
            layer, shape = usual(name, **{argument: value})
            return layer(np.ones(shape, "float32")), repr(layer), layer.get_config()

        _, refusal = outcome(use)
        if refusal:
            assert isinstance(refusal, (ValueError, TypeError))
            assert refusal.rule, value
            assert refusal.received or "eceived" in refusal.rule, (value, refusal)
            assert refusal.remedy, (value, refusal)
            assert not refusal.told["received"] or refusal.received not in refusal.rule, refusal


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        (n, a)
        for n in NAMES
        for a in arguments_of(n)
        if a in ("kernel_size", "pool_size", "strides")
    ],
)
def test_numpy_integers_in_a_tuple_are_integers(name, argument):
    """A bare one is refused, as in Keras."""
    rank = made_up.CLASSES[name][1] if name in made_up.CLASSES else int(name[-2])
    layer, shape = usual(name, **{argument: (np.int64(2),) * rank})
    same, _ = usual(name, **{argument: (2,) * rank})
    assert layer.get_config() | {"name": ""} == same.get_config() | {"name": ""}
    assert layer.compute_output_shape(shape) == same.compute_output_shape(shape)
    with pytest.raises(ValueError, match=rf"`{argument}` argument must be a tuple of {rank} int"):
        usual(name, **{argument: np.int64(2)})


HUGE = [10**9, 10**12, 2**63 - 1, 10**19]
SIZED = ["filters", "kernel_size", "strides", "dilation_rate", "depth_multiplier", "pool_size"]
SIZED += ["size", "cropping", "padding", "output_padding"]


@pytest.mark.parametrize("name", NAMES)
def test_sizes_that_no_memory_holds(name):
    """An answer where one is small, else a refusal in words: no MemoryError, and no long wait."""
    for argument in arguments_of(name) + ["output_padding"] * ("Transpose" in name):
        for value in HUGE if argument in SIZED else []:
            for padding in ["valid", "same"] if "padding" in arguments_of(name) else [None]:
                more = {} if padding is None or argument == "padding" else {"padding": padding}

                def use(argument=argument, value=value, more=more):
                    layer, shape = usual(name, **{argument: value} | more)
                    y = layer(np.ones(shape, "float32"))
                    assert y.shape == tuple(layer.compute_output_shape(shape))
                    assert y.size < 10**6

                _, refusal = outcome(use)
                assert refusal is None or refusal.remedy, (argument, value)


def test_what_does_not_fit_is_named():
    x = np.ones((1, 5, 5, 1), "float32")
    with pytest.raises(
        ShapeError, match=r"(?s)weight 'kernel' would.*memory.*\(3, 3, 1, 10+\).*TiB"
    ):
        layers.Conv2D(10**12, 3)(x)
    with pytest.raises(ShapeError, match=r"(?s)output would.*memory.*\(1, 500000, 500000, 1\)"):
        layers.UpSampling2D(10**5)(x)
    with pytest.raises(ShapeError, match=r"(?s)index table.*5 cells, 1000000000 taps.*smaller ker"):
        layers.MaxPooling2D(10**9, padding="same")(x)


def test_a_window_much_wider_than_the_input():
    """It reads the whole input, in no more time than that takes."""
    x = np.random.default_rng(0).integers(-9, 10, (2, 6, 5, 3)).astype("float32")
    wide = {"pool_size": 10**5, "strides": 1, "padding": "same"}
    highest, mean = layers.MaxPooling2D(**wide), layers.AveragePooling2D(**wide)
    whole = np.broadcast_to(x.max(axis=(1, 2), keepdims=True), x.shape)
    np.testing.assert_array_equal(highest(x), whole)
    np.testing.assert_allclose(mean(x)[:, 0, 0], x.mean(axis=(1, 2)), rtol=1e-6)
    share = mean.vjp(x, np.ones(x.shape)).inputs
    np.testing.assert_allclose(share, np.ones(x.shape), rtol=1e-6)
    dx = highest.vjp(x, np.ones(x.shape)).inputs
    assert (dx[x < whole] == 0).all()
    assert dx.sum() == x.size


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_argument_is_named_with_those_that_there_are(name):
    with pytest.raises(ValueError, match=r"(?s)Unrecognized key.*nonsense.*arguments are .*name"):
        usual(name, nonsense=1)
    layer, shape = usual(name)
    with pytest.raises(TypeError, match=r"(?s)no argument `nonsense`.*training"):
        layer(np.ones(shape), nonsense=1)
    assert np.array_equal(layer(np.ones(shape), training=False), layer(np.ones(shape)))


def parts(refusal):
    """Whether a refusal says the rule, what was received, and what to do."""
    received = refusal.received or "eceived" in refusal.rule
    return bool(refusal.rule and received and refusal.remedy)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_shape(name):
    _, shape = usual(name)
    rank = len(shape)
    wrong = [None, "abc", 5, {}, (1.5,) * rank, (-1,) * rank, ("a",) * rank, (shape,) * rank]
    wrong += [(np.nan,) * rank, (*shape[:-1], "2"), (*shape[:-1], -2), [[*shape]]]
    for value in wrong:
        for method in ("build", "compute_output_shape", "geometry", "cost"):
            layer, _ = usual(name)
            with pytest.raises(ShapeError) as caught:
                getattr(layer, method)(value)
            assert parts(caught.value), (method, value)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_that_fit_no_output(name):
    layer, shape = usual(name)
    x = np.ones(shape, "float32")
    dy = np.ones(layer(x).shape, "float32")
    for wrong in (None, "a", dy * 1j, dy.astype(object), dy.astype(str)):
        with pytest.raises(DataError, match="A gradient holds real numbers") as caught:
            layer.vjp(x, wrong)
        assert parts(caught.value)
    for wrong in (1.0, [1.0], dy[None], dy[..., None], dy[:1]):
        with pytest.raises(
            ShapeError, match="gradient of the output has the output's sh"
        ) as caught:
            layer.vjp(x, wrong)
        assert parts(caught.value)
    for wrong in (x.astype("int32"), x * 1j, x.tolist(), None):
        with pytest.raises(
            DataError, match=r"needs (floats|numbers)|Only floats|Only input"
        ) as caught:
            layer.vjp(wrong, dy)
        assert parts(caught.value)
    for same in (dy.astype("int64"), dy > 0):
        np.testing.assert_array_equal(layer.vjp(x, same).inputs, layer.vjp(x, dy).inputs)


@pytest.mark.parametrize("name", [n for n in NAMES if "Conv" in n or "Local" in n])
def test_weights_that_do_not_fit(name):
    layer, shape = usual(name)
    layer.build(shape)
    kept = layer.get_weights()
    wrong = [None, 3, "ab", [], kept[:-1], [*kept, kept[0]], [w[..., :1, None] for w in kept]]
    wrong += [["a"] * len(kept), [None] * len(kept), [1.0] * len(kept)]
    wrong += [[w * 1j for w in kept], [w.astype(str) for w in kept]]
    wrong += [[kept[0] + 1, *(w * 1j for w in kept[1:])]]
    for value in wrong:
        with pytest.raises(ValueError) as caught:
            layer.set_weights(value)
        assert isinstance(caught.value, ConvlabError), value
        assert parts(caught.value), value
        for found, expected in zip(layer.get_weights(), kept, strict=True):
            np.testing.assert_array_equal(found, expected)  # a refused set changes nothing


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_config(name):
    for wrong in (None, 3, "text", [("name", "x")]):
        with pytest.raises(TypeError, match="A config is a dictionary") as caught:
            getattr(layers, name).from_config(wrong)
        assert parts(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_no_channel(name):
    """Nothing to sum: outputs without channels, or of the bias alone."""
    layer, shape = usual(name)
    y = layer(np.ones((*shape[:-1], 0), "float32"))
    assert y.shape == tuple(layer.compute_output_shape((*shape[:-1], 0)))
    assert not y.any()
