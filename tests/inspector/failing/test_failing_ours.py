"""Exceptions of convlab's own layers, and what is no failure at all."""

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ShapeError
from convlab.inspector.failing import failure_of


def caught(do):
    with pytest.raises(ShapeError) as error:
        do()
    return error.value


def test_the_graph_up_to_a_call_on_symbols():
    x = cl.Input((9, 9, 3), name="image")
    y = layers.UpSampling2D(2, name="double")(layers.MaxPooling2D(2, name="half")(x))
    join = layers.Concatenate(name="skip")
    found = failure_of(caught(lambda: join([x, y])))
    assert (found.framework, found.kind, found.layer_name) == ("convlab", "join-sizes", "skip")
    assert found.argument_shapes == ((None, 9, 9, 3), (None, 8, 8, 3))
    assert [row.name for row in cl.trace(found.model).conflicts] == ["skip"]
    assert join.inbound_nodes == []  # as if nobody had asked
    assert found.lines[-1].text.startswith("found = failure_of(caught(lambda: join([x, y])))")


def test_a_sequential_that_cannot_be_built():
    begin = [cl.Input((4, 4, 1)), layers.Conv2D(2, 3, name="one")]
    found = failure_of(caught(lambda: cl.Sequential([*begin, layers.Conv2D(2, 3, name="two")])))
    assert (found.layer_class, found.kind) == ("Conv2D", "negative-size")
    assert [row.name for row in cl.trace(found.model).rows][1:] == ["one", "two"]


def test_a_layer_called_on_an_array():
    found = failure_of(caught(lambda: layers.Conv2D(4, 5)(np.zeros((1, 3, 3, 1), "float32"))))
    assert (found.layer_class, found.argument_shapes) == ("Conv2D", ((1, 3, 3, 1),))


@pytest.mark.parametrize("subject", [None, 3, ["ValueError: no"]])
def test_what_is_neither_an_exception_nor_text_is_refused(subject):
    with pytest.raises(ArgumentError, match="A failure is an exception, or the text"):
        failure_of(subject)


def test_an_exception_without_a_traceback():
    found = failure_of(ValueError("Negative dimension size caused by subtracting 3 from 2"))
    assert (found.kind, found.model, found.lines) == ("negative-size", None, ())
