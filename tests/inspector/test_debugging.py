"""`cl.debugging()`: every shape error of the code inside, shown at its end."""

import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ShapeError
from convlab.inspector.debugging import explained_error, was_explained
from convlab.layers.node import watched_by
from convlab.models.forgiving import Forgiving


def two_errors():
    x = cl.Input((9, 9, 3), name="image")
    y = layers.UpSampling2D(2, name="double")(layers.MaxPooling2D(2, name="half")(x))
    y = layers.Concatenate(name="skip")([x, y])
    return layers.Conv2D(4, 3, groups=4, name="grouped")(y)


def errors(found):
    return [(one.layer, one.kind) for one in found.findings if one.severity == "error"]


def test_a_network_goes_on_and_all_errors_are_shown(capsys):
    with cl.debugging() as found:
        y = two_errors()
    assert y.shape == (None, None, None, 4)
    assert errors(found) == [("skip", "join-sizes"), ("grouped", "groups")]
    assert not found.ok
    assert found.findings[0].fixes[0].verified
    printed = capsys.readouterr().out
    assert printed == found.text() + "\n"
    assert "skip" in printed
    assert "grouped" in printed


def test_outside_the_block_the_first_error_stops():
    with pytest.raises(ShapeError, match="matching shapes"):
        two_errors()
    with cl.debugging(show=False):
        two_errors()
    with pytest.raises(ShapeError, match="matching shapes"):
        two_errors()


def test_nothing_is_shown_where_nothing_is_wrong(capsys):
    with cl.debugging() as found:
        layers.Conv2D(4, 3)(cl.Input((9, 9, 3)))
    assert (found.ok, found.findings, capsys.readouterr().out) == (True, (), "")
    assert str(found) == "No shape error."


def test_a_sequential_and_a_model_of_it_are_told_of_once():
    with cl.debugging(show=False) as found:
        chain = [cl.Input((4, 4, 1)), layers.Conv2D(2, 5, name="wide"), layers.Flatten()]
        inner = cl.Sequential(chain, name="inner")
        x = cl.Input((4, 4, 1))
        cl.Model(x, layers.Dense(3)(inner(x)))
    assert errors(found) == [("inner/wide", "negative-size")]


def test_networks_that_share_nothing_are_told_apart():
    with cl.debugging(show=False) as found:
        layers.Conv2D(2, 5, name="a")(cl.Input((3, 3, 1)))
        layers.Conv2D(2, 5, name="fits")(cl.Input((9, 9, 1)))
        layers.Conv2D(2, 5, name="b")(cl.Input((3, 3, 1)))
    assert [errors(one) for one in found.diagnoses] == [
        [("a", "negative-size")],
        [("b", "negative-size")],
    ]


def test_two_layers_of_one_name_are_told_all_the_same():
    with cl.debugging(show=False) as found:
        y = layers.Conv2D(2, 5, name="same")(cl.Input((3, 3, 1)))
        layers.Conv2D(2, 3, name="same")(y)
    assert found.diagnoses
    assert not found.ok


def test_an_exception_goes_on_with_the_explanation_as_a_note(capsys):
    layer = layers.Conv2D(4, 5, name="c")
    with pytest.raises(ShapeError, match="zero or negative") as caught, cl.debugging() as found:
        layer.compute_output_shape((None, 3, 3, 1))
    assert not found.ok
    assert caught.value.__notes__ == [found.text()]
    assert was_explained(caught.value)
    assert capsys.readouterr().out == found.text() + "\n"


def test_an_exception_about_something_else_goes_on_alone(capsys):
    with pytest.raises(ZeroDivisionError) as caught, cl.debugging() as found:
        1 / 0  # noqa: B018
    assert found.diagnoses == ()
    assert not hasattr(caught.value, "__notes__")
    assert capsys.readouterr().out == ""


@pytest.mark.keras
def test_an_exception_of_keras_is_shown_and_goes_on(capsys):
    keras = pytest.importorskip("keras")
    x = keras.Input((9, 9, 3), name="image")
    y = keras.layers.MaxPooling2D(2, name="half")(x)
    y, skip = keras.layers.UpSampling2D(2, name="up")(y), keras.layers.Concatenate(name="skip")
    with pytest.raises(ValueError, match="matching shapes") as caught, cl.debugging() as found:
        skip([x, y])
    assert errors(found) == [("skip", "join-sizes")]
    assert found.text() in capsys.readouterr().out
    assert caught.value.__notes__ == [found.text()]
    assert was_explained(caught.value)


def test_an_explanation_never_raises(monkeypatch):
    def broken(subject):
        raise RuntimeError("a defect of ours")

    monkeypatch.setattr("convlab.inspector.diagnosis.diagnose", broken)
    assert explained_error(ValueError("Negative dimension size caused by subtracting")) is None


def test_what_stands_behind_an_unknown_shape_is_no_error():
    watcher = Forgiving()
    with watched_by(watcher):
        y = layers.Reshape((3, 5))(cl.Input((4, 4)))  # 16 are no 15: nobody knows what comes out
        z = layers.Conv1D(2, 3)(y)
    assert len(watcher.errors) == 1
    assert [node.layer for node in watcher.refused_nodes] == [y.node.layer]
    assert z.spec is None or z.shape[-1] == 2


def test_blocks_within_blocks_keep_their_own():
    with cl.debugging(show=False) as outer:
        layers.Conv2D(2, 5, name="a")(cl.Input((3, 3, 1)))
        with cl.debugging(show=False) as inner:
            layers.Conv2D(2, 5, name="b")(cl.Input((3, 3, 1)))
        layers.Conv2D(2, 5, name="c")(cl.Input((3, 3, 1)))
    assert [layer for layer, _ in errors(outer)] == ["a", "c"]
    assert [layer for layer, _ in errors(inner)] == ["b"]
