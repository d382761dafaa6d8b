"""HDF5 read in another process: what h5py and Keras write comes back, and nothing else happens."""

import io
import os
import subprocess
import sys
import textwrap

import h5py
import ml_dtypes
import numpy as np
import pytest
from hostile_hdf5 import written

from convlab.errors import FileRefused
from convlab.models import hdf5_child
from convlab.models.hdf5 import read_attributes, read_weights
from convlab.models.limits import Limits
from convlab.models.span import Span

GENUINE = written(lambda file: None)
KERAS_3_PATHS = [
    *(f"sequential/layers/conv2d/vars/{number}" for number in range(2)),
    *(f"batch_normalization/vars/{number}" for number in range(4)),
]
TYPES = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]


def stored(**arrays):
    """The bytes of an HDF5 file with these arrays; a dictionary has arguments of create_dataset."""
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        for name, array in arrays.items():
            given = array if isinstance(array, dict) else {"data": array}
            opened.create_dataset(name, **given)
    return file.getvalue()


@pytest.fixture(params=["path", "bytes", "file", "span", "span of bytes"])
def source(request, tmp_path):
    """A function from bytes to each kind of source."""

    def make(data):
        path = tmp_path / "model.h5"
        path.write_bytes(data)
        longer = tmp_path / "longer"
        longer.write_bytes(b"x" * 77 + data + b"y" * 99)
        return {
            "path": path,
            "bytes": data,
            "file": io.BytesIO(data),
            "span": Span(longer, 77, len(data)),
            "span of bytes": Span(longer.read_bytes(), 77, len(data)),
        }[request.param]

    return make


def test_attributes_and_the_order_of_the_weights(source):
    found = read_attributes(source(GENUINE))
    assert '"class_name": "Conv2D"' in found["model_config"]
    assert found["keras_version"] == "2.15.0"
    assert found["backend"] == "tensorflow"
    kernel, bias = "model_weights/conv/conv/kernel:0", "model_weights/conv/conv/bias:0"
    assert found["layer_weights"] == {"image": [], "conv": [kernel, bias]}
    assert found["shapes"] == {kernel: (3, 3, 3, 8), bias: (8,)}


def test_weights_by_their_paths(source):
    kernel, bias = "model_weights/conv/conv/kernel:0", "model_weights/conv/conv/bias:0"
    found = read_weights(source(GENUINE))
    np.testing.assert_array_equal(found[kernel], np.ones((3, 3, 3, 8), np.float32))
    np.testing.assert_array_equal(found[bias], np.ones(8, np.float32))
    assert list(read_weights(source(GENUINE), names=[bias])) == [bias]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packed", [{}, {"compression": "gzip", "shuffle": True}])
def test_every_type_of_number_comes_back(order, packed):
    rng = np.random.default_rng(0)
    arrays = {code: rng.integers(0, 100, (3, 4, 5)).astype(order + code) for code in TYPES}
    data = stored(**{code: {"data": array, **packed} for code, array in arrays.items()})
    found = read_weights(data)
    for code, array in arrays.items():
        np.testing.assert_array_equal(found[code], array)
        assert found[code].dtype == np.dtype(code)
        assert found[code].flags.writeable
        assert found[code].flags.aligned


@pytest.mark.parametrize(
    "packed",
    [
        {"compression": "lzf"},
        {"compression": "gzip", "fletcher32": True},
        {"chunks": (7,)},
        {"maxshape": (None,)},
    ],
)
def test_every_packing_is_unpacked(packed):
    array = np.arange(10_000.0) % 100
    np.testing.assert_array_equal(read_weights(stored(x={"data": array, **packed}))["x"], array)


def test_scalars_truths_and_empty_arrays():
    arrays = {
        "scalar": np.float32(3),
        "truth": np.array([True, False]),
        "empty": np.zeros((0, 3), np.float32),
    }
    found = read_weights(stored(**arrays))
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert (found[name].shape, found[name].dtype) == (array.shape, array.dtype)


def test_values_that_were_not_written_are_the_fill_value():
    data = stored(x={"shape": (3,), "dtype": "f4", "fillvalue": 7})
    np.testing.assert_array_equal(read_weights(data)["x"], [7, 7, 7])


def test_bfloat16_is_widened():
    array = np.asarray([1, -2.5, 3e38, 1e-40, np.inf], ml_dtypes.bfloat16)
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        opened.create_dataset("x", data=array).attrs["dtype"] = "bfloat16"
    found = read_weights(file.getvalue())["x"]
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, array.astype(np.float32))


def test_a_file_behind_a_user_block():
    file = io.BytesIO()
    with h5py.File(file, "w", userblock_size=1024) as opened:
        opened["x"] = np.arange(5.0)
    np.testing.assert_array_equal(read_weights(file.getvalue())["x"], np.arange(5.0))


def test_names_in_parts_as_keras_splits_them():
    names = [f"layer_{i}" for i in range(3000)]

    def write(file):
        weights = file["model_weights"]
        del weights.attrs["layer_names"]
        for part in range(3):
            chunk = [name.encode() for name in names[part * 1000 : part * 1000 + 1000]]
            weights.attrs[f"layer_names{part}"] = np.asarray(chunk)
        for name in names:
            weights.create_group(name)
        for part, name in enumerate(["b/w:0", "a/w:0"]):
            weights["layer_7"].attrs[f"weight_names{part}"] = [name]
            weights["layer_7"][name] = np.ones(1)

    found = read_attributes(written(write))["layer_weights"]
    assert list(found) == names
    assert found["layer_7"] == ["model_weights/layer_7/b/w:0", "model_weights/layer_7/a/w:0"]


def test_a_file_of_weights_alone_has_its_layers_at_the_root():
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        opened.attrs["layer_names"] = [b"dense"]
        opened.attrs["backend"] = b"theano"
        opened.create_group("dense").attrs["weight_names"] = [b"dense_W", b"dense_b"]
        opened["dense/dense_W"], opened["dense/dense_b"] = np.ones((2, 3)), np.ones(3)
    found = read_attributes(file.getvalue())
    assert found["layer_weights"] == {"dense": ["dense/dense_W", "dense/dense_b"]}
    assert (found["model_config"], found["backend"]) == (None, "theano")


def test_a_file_without_an_order_has_none():
    assert read_attributes(stored(x=np.ones(3)))["layer_weights"] is None


def test_damage_in_a_span_with_a_checksum_is_found():
    data = stored(x=np.ones(3))
    with pytest.raises(FileRefused, match="checksum"):
        read_weights(Span(data, 0, len(data), crc=1))


@pytest.mark.parametrize(
    ("limits", "match"),
    [
        (Limits(file_bytes=1000), "may have 1,000 bytes"),
        (Limits(weights_bytes=800), "Weights may have 800 bytes"),
        (Limits(objects=5), "may hold 5 objects"),
        (Limits(depth=2), "nest 2 levels deep"),
        (Limits(rank=3), "may have 3 axes"),
        (Limits(config_bytes=100), "more in 'model_config'"),
        (Limits(child_seconds=0.01), "ran for 0.03 s"),
        (Limits(child_memory=1000), "no HDF5 file that can be read|limits of time and memory"),
    ],
)
def test_limits_are_the_callers(limits, match):
    with pytest.raises(FileRefused, match=match):
        read_weights(GENUINE, limits)


def test_an_array_that_is_not_there():
    with pytest.raises(FileRefused, match=r"asked for is in the file.\nReceived no 'kernel'"):
        read_weights(GENUINE, names=["kernel"])


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_weights(tmp_path / "nothing.h5")


def test_a_large_file_is_read_quickly_and_its_structure_more_so(tmp_path):
    path, array = tmp_path / "large.h5", np.zeros((25, 2**20), np.float32)
    with h5py.File(path, "w") as file:
        file["x"] = array
    begin = processor_seconds()
    assert read_attributes(path)["shapes"] == {"x": array.shape}
    assert processor_seconds() - begin < 2
    begin = processor_seconds()
    assert read_weights(path)["x"].nbytes == 100 * 2**20
    assert processor_seconds() - begin < 3


def processor_seconds():
    """What this process and its children have computed: a stall of the machine is not counted."""
    return sum(os.times()[:4])


def test_h5py_is_not_loaded_into_this_process(tmp_path):
    path = tmp_path / "model.h5"
    path.write_bytes(GENUINE)
    code = "import sys, convlab.models.hdf5 as h; h.read_weights(sys.argv[1]); "
    code += "print([name for name in sys.modules if name.startswith('h5py')])"
    command = [sys.executable, "-c", code, path]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="limits are the system's")
def test_the_child_gives_up_files_processes_and_memory(tmp_path):
    """Run the child's own `restrict`, then try what a taken-over parser would."""
    code = f"""
        import os, runpy
        restrict = runpy.run_path({hdf5_child.__file__!r}, run_name="child")["restrict"]
        restrict(5, 2**28)
        def attempt(what):
            try:
                return what()
            except (OSError, MemoryError) as error:
                return type(error).__name__
        print(attempt(lambda: open("/etc/hostname")))
        print(attempt(lambda: open({str(tmp_path / "x")!r}, "w")))
        print(attempt(lambda: os.pipe()))
        print(attempt(lambda: len(bytes(2**29))))
        print(attempt(lambda: len(bytes(2**20))))
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["OSError", "OSError", "OSError", "MemoryError", str(2**20)]


@pytest.mark.keras
@pytest.mark.parametrize("suffix", [".h5", ".weights.h5"])
def test_what_keras_saves_is_read(keras, tmp_path, suffix):
    inner = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)], name="inner")
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), inner, keras.layers.BatchNormalization(name="norm")]
    )
    path = tmp_path / f"model{suffix}"
    model.save(path) if suffix == ".h5" else model.save_weights(path)
    attributes, found = read_attributes(path), read_weights(path)
    expected = [
        np.asarray(weight)
        for layer in model.layers
        for weight in layer.trainable_weights + layer.non_trainable_weights
    ]
    if suffix == ".h5":
        assert attributes["keras_version"] == keras.__version__
        assert list(attributes["layer_weights"]) == ["inner", "norm"]
        values = [found[path] for paths in attributes["layer_weights"].values() for path in paths]
    else:
        assert attributes["layer_weights"] is None
        values = [found[f"layers/{path}"] for path in KERAS_3_PATHS]
    for value, other in zip(values, expected, strict=True):
        np.testing.assert_array_equal(value, other)


@pytest.mark.keras
def test_the_bfloat16_of_keras_is_read(keras, tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, dtype="bfloat16")])
    model.save_weights(tmp_path / "model.weights.h5")
    found = read_weights(tmp_path / "model.weights.h5")
    kernel = next(value for value in found.values() if value.ndim == 2)
    expected = keras.ops.cast(model.weights[0], "float32")
    np.testing.assert_array_equal(kernel, expected)
