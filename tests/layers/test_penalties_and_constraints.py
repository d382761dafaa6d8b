"""Regularizers and constraints, computed by hand; global settings from keras.json."""

import json

import numpy as np
import pytest

from convlab.layers import Conv2D, config, constraints, regularizers

W = np.array([[3.0, 0.0], [4.0, -2.0]])


@pytest.mark.parametrize(
    ("regularizer", "penalty"),
    [
        ("l1", 0.01 * 9),
        ("L2", 0.01 * 29),
        ("l1l2", 0),
        (regularizers.L1L2(0.5, 2), 0.5 * 9 + 2 * 29),
        (regularizers.L1(None), 0.01 * 9),
        (lambda w: w.sum(), 5),
        (regularizers.Regularizer, 0),
    ],
)
def test_penalties(regularizer, penalty):
    assert regularizers.get(regularizer)(W) == pytest.approx(penalty)


def test_orthogonal_penalty():
    rows = np.array([[3.0, 0.0], [4.0, -3.0]])  # cosine 0.8
    assert regularizers.OrthogonalRegularizer(0.5)(rows) == pytest.approx(0.5 * 0.8)
    columns = regularizers.OrthogonalRegularizer(0.5, mode="columns")
    assert columns(rows.T) == pytest.approx(0.5 * 0.8)


@pytest.mark.parametrize("value", [-0.1, float("inf"), float("nan"), "a"])
def test_bad_factors(value):
    for make in (regularizers.L1, regularizers.L2, regularizers.L1L2):
        with pytest.raises(ValueError, match="expected a non-negative float"):
            make(value)


def test_bad_identifiers():
    with pytest.raises(ValueError, match="Could not interpret regularizer identifier: l1_l2"):
        regularizers.get("l1_l2")
    with pytest.raises(ValueError, match="Could not interpret constraint identifier: maxnorm"):
        constraints.get("maxnorm")
    with pytest.raises(ValueError, match="Invalid value for argument `mode`"):
        regularizers.OrthogonalRegularizer(mode="diagonal")


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("max_norm", [[3 * 2 / 5, 0], [4 * 2 / 5, -2]]),
        (constraints.MaxNorm(9), W),
        ("UnitNorm", [[0.6, 0], [0.8, -1]]),
        (constraints.UnitNorm(axis=1), [[1, 0], [4 / 20**0.5, -2 / 20**0.5]]),
        (constraints.UnitNorm(axis=[0, 1]), W / 29**0.5),
        ("non_neg", [[3, 0], [4, 0]]),
        (constraints.MinMaxNorm(0, 1, rate=0.5), [[3 * 3 / 5, 0], [4 * 3 / 5, -1.5]]),
        (constraints.Constraint, W),
    ],
)
def test_constraints(constraint, expected):
    np.testing.assert_allclose(constraints.get(constraint)(W), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("module", "item"),
    [
        (regularizers, regularizers.L1L2(0.5, 0.25)),
        (regularizers, regularizers.L1(0.5)),
        (regularizers, regularizers.OrthogonalRegularizer(0.5, "columns")),
        (constraints, constraints.MinMaxNorm(1, 2, 0.5, axis=[0, 1])),
        (constraints, constraints.NonNeg()),
    ],
)
def test_round_trips(module, item):
    written = module.serialize(item)
    assert written["module"] == module.__name__.replace("convlab.layers", "keras")
    assert json.loads(json.dumps(written)) == written
    assert repr(module.deserialize(written)) == repr(item)
    assert module.serialize(None) is None
    assert module.get(None) is None


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(config, "_chosen", {})
    config._keras_json.cache_clear()
    yield tmp_path
    config._keras_json.cache_clear()


def test_keras_json_is_read(keras_home):
    settings = {"image_data_format": "channels_first", "floatx": "float64", "epsilon": 0.5}
    (keras_home / "keras.json").write_text(json.dumps(settings))
    assert Conv2D(2, 3).compute_output_shape((1, 1, 5, 6)) == (1, 2, 3, 4)
    assert Conv2D(2, 3).dtype == "float64"
    assert config.epsilon() == 0.5
    assert repr(Conv2D(2, 3)) == "Conv2D(2, 3)"
    config.set_image_data_format("Channels_Last")
    config.set_floatx("float16")
    config.set_epsilon(1e-3)
    assert (config.image_data_format(), config.floatx()) == ("channels_last", "float16")
    assert config.epsilon() == 1e-3
    assert json.loads((keras_home / "keras.json").read_text()) == settings


@pytest.mark.parametrize(
    "text", [None, "", "{", "[1]", '{"image_data_format": "nhwc", "floatx": 3, "epsilon": "x"}']
)
def test_a_missing_or_odd_file_means_the_defaults(keras_home, text):
    if text is not None:
        (keras_home / "keras.json").write_text(text)
    assert config.image_data_format() == "channels_last"
    assert (config.floatx(), config.epsilon()) == ("float32", 1e-7)
    assert len(list(keras_home.iterdir())) == (text is not None)


def test_bad_settings():
    with pytest.raises(ValueError, match="The `data_format` argument must be one of"):
        config.set_image_data_format("nchw")
    with pytest.raises(ValueError, match="Unknown `floatx` value: int8"):
        config.set_floatx("int8")
