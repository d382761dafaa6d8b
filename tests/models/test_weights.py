"""Weights from files: when they are read, which array goes where, and what does not fit."""

import io
import json
import zipfile

import h5py
import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import FileRefused
from convlab.models import weights as weights_module

X = np.random.default_rng(0).normal(size=(2, 8, 3)).astype("float32")


def model():
    """A chain, with a layer in which trainable and other weights alternate, and a nested one."""
    inner = cl.Sequential([cl.Input((6, 4)), layers.Dense(4, name="deep")], name="inner")
    return cl.Sequential(
        [
            cl.Input((8, 3), name="in"),
            layers.Conv1D(4, 3, name="conv"),
            layers.BatchNormalization(name="norm"),
            inner,
            layers.Conv1D(2, 3, name="last"),
        ],
        name="whole",
    )


def values(made, seed=0):
    random = np.random.default_rng(seed)
    return [random.uniform(0.5, 1.5, w.shape).astype("float32") for w in made.weights]


def entry(layer, **config):
    config = layer.get_config() | config
    return {"module": "keras.layers", "class_name": layer.class_name, "config": config}


def config_of(made):
    """What Keras writes of a chain, in plain JSON."""

    def plain(value):
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list | tuple) else value

    begin = {"batch_shape": made.inputs[0].shape, "dtype": "float32", "name": made.inputs[0].name}
    listed = [{"module": "keras.layers", "class_name": "InputLayer", "config": begin}]
    listed += [config_of(one) if isinstance(one, cl.Model) else entry(one) for one in made.layers]
    config = {"name": made.name, "layers": listed}
    return plain({"module": "keras", "class_name": "Sequential", "config": config})


PLACES = {  # in a .keras file, by the layer's class
    "layers/conv1d/vars": 2,
    "layers/batch_normalization/vars": 4,
    "layers/sequential/layers/dense/vars": 2,
    "layers/conv1d_1/vars": 2,
}


def keras_archive(made, arrays, places=PLACES):
    stored = io.BytesIO()
    with h5py.File(stored, "w") as file:
        given = iter(arrays)
        for place, count in places.items():
            for number in range(count):
                file[f"{place}/{number}"] = next(given)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("config.json", json.dumps(config_of(made)))
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.9.0"}))
        archive.writestr("model.weights.h5", stored.getvalue())
    return out.getvalue()


def legacy_h5(made, arrays, whole=True, version="2.15.0"):
    """A .h5 file: for each layer of the outer model the arrays of all that is in it."""
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        group = file
        if whole:
            file.attrs["model_config"] = json.dumps(config_of(made))
            group = file.create_group("model_weights")
        for target in (file, group):
            target.attrs["keras_version"], target.attrs["backend"] = version, "tensorflow"
        given = iter(arrays)
        group.attrs["layer_names"] = np.array([layer.name.encode() for layer in made.layers])
        for layer in made.layers:
            part = group.create_group(layer.name)
            names = []
            for weight in layer.weights:
                names.append(f"{layer.name}/{weight.name}:0".encode())
                part[names[-1].decode()] = next(given)
            part.attrs["weight_names"] = np.array(names)
    return out.getvalue()


FORMS = {".keras": keras_archive, ".h5": legacy_h5}


@pytest.fixture
def reads(monkeypatch):
    """How often values were read from a file."""
    counted = []

    def counting(*arguments):
        counted.append(arguments)
        return original(*arguments)

    original = weights_module.read_weights
    monkeypatch.setattr(weights_module, "read_weights", counting)
    return counted


@pytest.fixture(params=FORMS)
def file(request, tmp_path):
    made = model()
    arrays = values(made)
    path = tmp_path / f"whole{request.param}"
    path.write_bytes(FORMS[request.param](made, arrays))
    made.set_weights(arrays)
    return path, made, arrays


def same(found, expected):
    return len(found) == len(expected) and all(map(np.array_equal, found, expected))


# When


def test_weights_are_read_when_they_are_first_asked_for(file, reads):
    path, made, arrays = file
    found = cl.load_model(path)
    assert found.count_params() == made.count_params()
    assert cl.trace(found).params == made.count_params()
    assert cl.receptive_field(found).size == (5,)
    found.summary(print_fn=lambda text: None)
    assert [w.shape for w in found.weights] == [a.shape for a in arrays]
    assert not reads, "nobody has asked for a value"
    np.testing.assert_array_equal(found(X), made(X))
    assert same(found.get_weights(), arrays)
    assert len(reads) == 1, "one pass over the file, whatever is asked for"


def test_true_reads_them_now(file, reads):
    path, _, arrays = file
    found = cl.load_model(path, weights=True)
    assert len(reads) == 1
    path.unlink()
    assert same(found.get_weights(), arrays)
    assert len(reads) == 1


def test_false_never_reads_them(file, reads):
    path, made, arrays = file
    found = cl.load_model(path, weights=False)
    path.unlink()
    assert found(X).shape == made(X).shape
    assert not reads
    kernels = [0, 6, 8]
    for place in kernels:
        assert np.abs(found.get_weights()[place] - arrays[place]).max() > 0.1, "they are drawn"


def test_a_file_that_is_gone_when_its_weights_are_asked_for(file):
    path, made, _ = file
    found = cl.load_model(path)
    path.unlink()
    assert cl.trace(found).params == made.count_params()
    with pytest.raises((FileRefused, OSError)):
        found.get_weights()


def test_new_values_take_the_place_of_those_in_the_file(file, reads):
    path, _, arrays = file
    found = cl.load_model(path)
    others = values(found, seed=1)
    found.set_weights(others)
    assert same(found.get_weights(), others)
    assert not reads
    found.load_weights(path)
    assert same(found.get_weights(), arrays)


# Into a model of one's own


def test_load_weights(file):
    path, made, arrays = file
    for source in (path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes())):
        new = model()
        assert not same(new.get_weights(), arrays)
        new.load_weights(source)
        assert same(new.get_weights(), arrays)
        np.testing.assert_array_equal(new(X), made(X))


def test_load_weights_of_a_file_of_weights_alone(tmp_path):
    made = model()
    arrays = values(made)
    path = tmp_path / "weights.h5"
    path.write_bytes(legacy_h5(made, arrays, whole=False))
    made.load_weights(path)
    assert same(made.get_weights(), arrays)
    words = r"has the configuration of the model.\n.*weights alone.*model.load_weights\(path\)"
    with pytest.raises(FileRefused, match=words):
        cl.load_model(path)


def test_load_weights_of_an_archive_without_weights():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("config.json", json.dumps(config_of(model())))
    with pytest.raises(
        FileRefused, match=r"has the weights of its model.\n.*without model.weights"
    ):
        model().load_weights(out.getvalue())
    assert cl.load_model(out.getvalue()).count_params() == model().count_params()


# Which goes where


def test_trainable_weights_come_first_in_a_layer_of_a_keras_file():
    """BatchNormalization: gamma, beta, then the statistics, whatever order the layer has."""
    made = cl.Sequential([cl.Input((8, 3)), layers.BatchNormalization(name="norm")])
    arrays = [np.full(3, 1.0 + i, "float32") for i in range(4)]
    content = keras_archive(made, arrays, {"layers/batch_normalization/vars": 4})
    found = {w.name: w.numpy()[0] for w in cl.load_model(content).weights}
    assert found == {"gamma": 1, "beta": 2, "moving_mean": 3, "moving_variance": 4}


def test_a_layer_whose_input_is_not_known_takes_its_weights_when_it_is_built():
    made = cl.Sequential([layers.Conv1D(4, 3, name="conv")], name="deferred")
    built = cl.Sequential([cl.Input((8, 3)), layers.Conv1D(4, 3, name="conv")], name="deferred")
    arrays = values(built)
    stored = io.BytesIO()
    with h5py.File(stored, "w") as file:
        for number, array in enumerate(arrays):
            file[f"layers/conv1d/vars/{number}"] = array
    listed = [entry(layer) for layer in made.layers]
    written = {"class_name": "Sequential", "config": {"name": "deferred", "layers": listed}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("config.json", json.dumps(written))
        archive.writestr("model.weights.h5", stored.getvalue())
    found = cl.load_model(out.getvalue())
    assert not found.built
    built.set_weights(arrays)
    np.testing.assert_array_equal(found(X), built(X))


# What does not fit


def test_an_array_of_another_shape(file):
    path, made, arrays = file
    arrays[0] = np.zeros((3, 3, 5), "float32")
    content = FORMS[path.suffix](made, arrays)
    words = (
        r"has the shape of its weight.\n.*shape \(3, 3, 5\) for 'kernel' of Conv1D 'conv', which "
        r"has the shape \(3, 3, 4\).*weights=False"
    )
    with pytest.raises(FileRefused, match=words):
        cl.load_model(content)
    assert cl.load_model(content, weights=False).count_params() == made.count_params()


def test_too_few_and_too_many_arrays(file):
    path, made, arrays = file
    if path.suffix == ".keras":
        few = keras_archive(made, arrays, PLACES | {"layers/conv1d_1/vars": 1})
        many = keras_archive(made, [*arrays, arrays[-1]], PLACES | {"layers/conv1d_1/vars": 3})
    else:
        few, many = (legacy_h5(Counted(made, by), [*arrays, arrays[-1]]) for by in (-1, 1))
    for content, number in ((few, 1), (many, 3)):
        words = rf"an array for each weight of a layer.\n.*{number} arrays for the 2 weights of Con"
        with pytest.raises(FileRefused, match=words):
            cl.load_model(content)


class Counted:
    """A chain whose last layer says that it has more or fewer weights than it has."""

    def __init__(self, made, by):
        self.inner, self.name, self.inputs = made, made.name, made.inputs
        *before, last = made.layers
        self.layers = [*before, _Last(last, by)]


class _Last:
    def __init__(self, layer, by):
        self.layer, self.name, self.class_name = layer, layer.name, layer.class_name
        self.weights = [*layer.weights, Extra()][: 2 + by]

    def get_config(self):
        return self.layer.get_config()


class Extra:
    name = "extra"


def test_weights_of_another_network():
    made = model()
    other = cl.Sequential([cl.Input((8, 3)), layers.Conv1D(4, 5, name="conv")], name="other")
    with pytest.raises(FileRefused, match="has the shape of its weight|array for each weight"):
        other.load_weights(keras_archive(made, values(made)))


# Keras's own files


@pytest.mark.keras
@pytest.mark.parametrize("ending", [".keras", ".h5", ".weights.h5"])
def test_files_that_keras_writes_of_the_same_network(keras, tmp_path, ending):
    inner = keras.Sequential(
        [keras.Input((6, 4)), keras.layers.Dense(4, name="deep")], name="inner"
    )
    theirs = keras.Sequential(
        [
            keras.Input((8, 3)),
            keras.layers.Conv1D(4, 3, name="conv"),
            keras.layers.BatchNormalization(name="norm"),
            inner,
            keras.layers.Conv1D(2, 3, name="last"),
        ],
        name="whole",
    )
    arrays = values(model())
    theirs.set_weights(arrays)
    path = tmp_path / f"whole{ending}"
    (theirs.save_weights if ending == ".weights.h5" else theirs.save)(path)
    ours = model()
    ours.load_weights(path)
    assert same(ours.get_weights(), arrays)
    np.testing.assert_allclose(ours(X), theirs(X), rtol=1e-5, atol=1e-5)


@pytest.mark.keras
def test_keras_reads_the_files_of_these_tests(keras, tmp_path):
    """The form is Keras's, and no invention."""
    made = model()
    arrays = values(made)
    for ending, form in FORMS.items():
        path = tmp_path / f"whole{ending}"
        path.write_bytes(form(made, arrays))
        theirs = keras.models.load_model(path)
        assert same(theirs.get_weights(), arrays)
