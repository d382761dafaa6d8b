"""Two layers on one input: the same numbers as by themselves, one picture of each."""

import numpy as np
import pytest

from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.models import Sequential
from convlab.widgets import compare
from convlab.widgets.families import SHOWN


def test_valid_beside_same():
    both = compare(layers.Conv2D(2, 3, padding="same"), layers.Conv2D(2, 3))
    same, valid = both.outputs
    assert np.allclose(same[1:-1, 1:-1], valid)
    assert both.error is None
    shown = [stage.scene.steps[-1].output.values for stage in both.stages]
    assert np.array_equal(shown[0], same)
    assert np.array_equal(shown[1], valid)
    assert both.stages[0].group == both.stages[1].group is not None


def test_pytorchs_padding_beside_keras():
    strided = layers.Conv2D(1, 3, strides=2)
    both = compare(
        layers.Conv2D(1, 3, strides=2, padding="same"),
        [layers.ZeroPadding2D(1), strided],
        np.arange(64.0).reshape(8, 8),
    )
    keras, torch = both.outputs
    assert keras.shape == torch.shape == (4, 4, 1)
    assert not np.allclose(keras, torch)
    assert [step.name for step in both.stages[1].scene.steps] == ["padding", "convolution"]
    padded = np.pad(np.arange(64.0).reshape(8, 8), 1)
    taps = both.stages[1].scene.steps[1].kernel.values[..., 0, 0]
    assert torch[1, 2, 0] == pytest.approx((padded[2:5, 4:7] * taps).sum())


def test_a_built_layer_keeps_its_weights():
    one = layers.Conv2D(1, 1, kernel_initializer="ones")
    one.build((None, 4, 4, 3))
    both = compare(layers.MaxPooling2D(2), one)
    assert both.x.shape[-1] == 3
    assert np.allclose(both.outputs[1][..., 0], both.x.sum(axis=-1), atol=1e-5)


def test_chains_may_be_models():
    chain = Sequential([layers.Input((6, 6, 1)), layers.MaxPooling2D(2)])
    both = compare(chain, layers.AveragePooling2D(2), np.arange(36.0).reshape(6, 6))
    assert both.outputs[0][0, 0, 0] == 7
    assert both.outputs[1][0, 0, 0] == 3.5


@pytest.mark.parametrize("name", SHOWN)
def test_every_layer_beside_a_cropped_input(name):
    cls = SHOWN[name]
    if cls.rank == 3 or "LSTM" in name:
        pytest.skip("takes long, and is the same")
    arguments = {"MaxPooling": {"pool_size": 2}, "AveragePooling": {"pool_size": 2}}
    given = next((told for start, told in arguments.items() if name.startswith(start)), {})
    given |= {"filters": 2} if "filters" in cls.__init__.__annotations__ else {}
    given |= {"kernel_size": 3} if "kernel_size" in cls.__init__.__annotations__ else {}
    crop = getattr(layers, f"Cropping{cls.rank}D")
    both = compare(cls(**given), [crop(2), cls(**given)])
    whole, cropped = both.outputs
    assert whole.ndim == cropped.ndim
    assert both.stages[1].scene.steps[0].name == "cropping"


def test_another_input_changes_both_and_one_that_is_refused_neither():
    both = compare(layers.Conv2D(1, 3, padding="same"), layers.Conv2D(1, 5))
    both._input._kind.value = "counting"
    assert [output.shape for output in both.outputs] == [(7, 7, 1), (3, 3, 1)]
    shown = [stage.scene for stage in both.stages]
    both._input._size.value = 4
    assert "the kernel reaches 5 but the padded input has 4" in both.error.rule
    assert [stage.scene for stage in both.stages] == shown
    assert both.stages[0].error["remedy"]
    assert both.x.shape == (7, 7, 1)
    both._input._size.value = 9
    assert both.error is None
    assert both.stages[0].error is None
    both.x = np.ones((6, 8))
    assert both.outputs[1].shape == (2, 4, 1)


def test_the_theme_is_that_of_both():
    both = compare(layers.MaxPooling1D(2), layers.AveragePooling1D(2))
    both.theme = "dark"
    assert [stage.theme for stage in both.stages] == ["dark", "dark"]


@pytest.mark.parametrize(
    ("one", "other", "error", "words"),
    [
        (layers.Conv1D(1, 3), layers.Conv2D(1, 3), ShapeError, "compared on one input"),
        (layers.Conv2D(1, 3), layers.ConvLSTM1D(1, 3), ShapeError, "compared on one input"),
        (layers.Conv2D(1, 3), layers.Dense(3), ArgumentTypeError, "The explorer shows the layers"),
        ("Conv2D", layers.Conv2D(1, 3), ArgumentTypeError, "The explorer shows the layers"),
        ([], layers.Conv2D(1, 3), ArgumentError, "at least one layer"),
    ],
)
def test_what_cannot_be_compared_is_refused(one, other, error, words):
    with pytest.raises(error, match=words):
        compare(one, other)
