"""Keras's layers of which the shapes alone are known: real Keras gives the same."""

import json

import numpy as np
import pytest

import convlab as cl
from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.layers import Conv2D, Dense
from convlab.layers.outline import ARGUMENTS, Outline

CASES = {
    "Embedding": (Outline("Embedding", {"input_dim": 9, "output_dim": 4}), (None, 7)),
    "Masking": (Outline("Masking"), (None, 7, 3)),
    "TimeDistributed": (Outline("TimeDistributed", inner=Conv2D(4, 3)), (None, 5, 9, 8, 2)),
    "each step a number": (Outline("TimeDistributed", inner=Dense(4)), (None, 5, 3)),
    "Bidirectional": (Outline("Bidirectional", inner=Outline("LSTM", {"units": 4})), (None, 5, 3)),
    "the sum both ways": (
        Outline("Bidirectional", {"merge_mode": "sum"}, Outline("GRU", {"units": 4})),
        (None, 5, 3),
    ),
    **{
        f"{name} {steps}": (Outline(name, {"units": 4, "return_sequences": steps}), (None, 7, 3))
        for name in ("SimpleRNN", "GRU", "LSTM")
        for steps in (False, True)
    },
}


@pytest.mark.keras
@pytest.mark.parametrize("name", CASES)
def test_the_shape_is_keras_s_own_also_after_reading_it_again(name):
    keras = pytest.importorskip("keras")
    layer, shape = CASES[name]
    x = cl.Input(batch_shape=shape)
    model = cl.Model(x, layer.replace(name="it")(x))
    live = keras.models.model_from_json(model.to_json())
    assert tuple(live.output_shape) == tuple(model.output_shape)
    for again in (cl.from_keras(live), cl.model_from_json(json.dumps(json.loads(live.to_json())))):
        assert cl.trace(again).output_shape == tuple(live.output_shape)
        assert isinstance(again.get_layer("it"), Outline)


@pytest.mark.keras
def test_attention_is_keras_s_own():
    keras = pytest.importorskip("keras")
    query, value = np.zeros((2, 7, 3), "float32"), np.zeros((2, 5, 6), "float32")
    layer = Outline("MultiHeadAttention", {"num_heads": 2, "key_dim": 4})
    theirs = keras.layers.MultiHeadAttention(2, 4)(query, value)
    assert layer.compute_output_shape([query.shape, value.shape]) == tuple(theirs.shape)
    theirs = keras.layers.Attention()([query, np.zeros((2, 5, 3), "float32")])
    assert Outline("Attention").compute_output_shape([(2, 7, 3), (2, 5, 3)]) == tuple(theirs.shape)


@pytest.mark.keras
@pytest.mark.parametrize("axes", [-1, 1, (2, 1), [1, 2]])
def test_a_dot_product_is_keras_s_own(axes):
    keras = pytest.importorskip("keras")
    shapes = [(2, 7, 7), (2, 7, 7)]
    theirs = keras.layers.Dot(axes)([np.zeros(shape, "float32") for shape in shapes])
    assert Outline("Dot", {"axes": axes}).compute_output_shape(shapes) == tuple(theirs.shape)
    ends = keras.layers.Dot(1)([np.zeros((2, 4), "float32")] * 2)
    assert Outline("Dot", {"axes": 1}).compute_output_shape([(2, 4)] * 2) == tuple(ends.shape)


def test_a_dot_product_of_other_sizes_is_refused():
    layer = Outline("Dot", {"axes": (2, 1)})
    with pytest.raises(ShapeError, match=r"axis values 32 \(at axis 2\) != 12 \(at axis 1\)"):
        layer.compute_output_shape([(None, 10, 32), (None, 12, 16)])
    with pytest.raises(ShapeError, match="axes of its inputs"):
        layer.compute_output_shape([(None, 10), (None, 12, 16)])
    with pytest.raises(ShapeError, match="a list of 2 inputs"):
        layer.compute_output_shape((None, 10, 32))


def test_the_states_come_behind_the_output():
    layer = Outline("LSTM", {"units": 4, "return_state": True})
    assert layer.compute_output_shape((None, 7, 3)) == [(None, 4)] * 3


def test_a_changed_copy_changes_the_layer_within():
    both = Outline("Bidirectional", inner=Outline("LSTM", {"units": 4, "return_sequences": True}))
    assert both.return_sequences
    assert both.replace(return_sequences=False).compute_output_shape((None, 7, 3)) == (None, 8)


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - {"Masking", "Attention"}))
def test_what_decides_upon_the_shape_must_be_told(name):
    if name == "AdditiveAttention":
        return
    with pytest.raises(ArgumentTypeError, match=f"{name} needs its argument"):
        Outline(name)


def test_refusals_are_keras_s_words():
    with pytest.raises(ShapeError, match="expected ndim=3, found ndim=4"):
        Outline("LSTM", {"units": 4}).compute_output_shape((None, 7, 3, 2))
    with pytest.raises(ShapeError, match=r"expected ndim=5, found ndim=4"):
        Outline("TimeDistributed", inner=Conv2D(4, 3)).compute_output_shape((None, 9, 8, 2))
    with pytest.raises(ShapeError, match=r"namely \[query, value\]"):
        Outline("Attention").compute_output_shape((None, 7, 3))
    with pytest.raises(ArgumentError, match="What LSTM computes is not known here"):
        Outline("LSTM", {"units": 4})(np.zeros((1, 7, 3)))


def test_the_code_for_keras_makes_it_again():
    x = cl.Input((5, 9, 8, 2))
    y = Outline("TimeDistributed", inner=Conv2D(4, 3, padding="same"))(x)
    code = cl.to_code(cl.Model(x, y), "keras")
    assert 'layers.TimeDistributed(layers.Conv2D(4, 3, padding="same"))' in code
