"""What the recorded table says of layers, and how it is told."""

import pytest
from made_situations import arguments_of, situations

from convlab import layers
from convlab.inspector.legality import verdicts
from convlab.inspector.legality.features import class_names, features_of, situation_of
from convlab.inspector.legality.mending import EVERYWHERE, mending
from convlab.inspector.legality.table import STAGES, recorded

STRIDED = {"filters": 8, "kernel_size": 3, "strides": 2, "dilation_rate": 2}
ALL = {"tensorflow", "tensorflow-plain", "jax", "torch"}


def refusing(class_name, **given):
    return {name for name, one in verdicts(class_name, given).items() if not one.accepted}


def test_strides_with_dilation():
    found = verdicts("Conv2D", STRIDED)
    assert set(found) == ALL
    assert refusing("Conv2D", **STRIDED) == ALL
    assert found["jax"].stage == "constructor"
    assert found["jax"].arguments == ("strides", "dilation_rate")
    assert found["jax"].reason == "strides > 1 with dilation_rate > 1"
    assert "not supported in conjunction" in found["jax"].message
    assert not refusing("DepthwiseConv2D", kernel_size=3, strides=2, dilation_rate=2) & {"jax"}


def test_an_even_kernel_without_output_padding():
    given = {"filters": 8, "kernel_size": 4, "strides": 2, "padding": "same", "output_padding": 0}
    for name in ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"):
        refused = refusing(name, **given)
        assert {"tensorflow", "tensorflow-plain"} <= refused
        assert not refused & {"jax", "torch"}
        assert not refusing(name, **given | {"kernel_size": 3}) & set(EVERYWHERE)


@pytest.mark.parametrize(
    ("interpolation", "refused"),
    [("lanczos3", {"torch"}), ("area", {"jax", "torch"}), ("bilinear", set()), ("nearest", set())],
)
def test_interpolations(interpolation, refused):
    assert {"jax", "torch"} & refusing("UpSampling2D", interpolation=interpolation) == refused
    reasons = {
        v.reason for v in verdicts("UpSampling2D", {"interpolation": interpolation}).values()
    }
    assert reasons <= {"", f"interpolation={interpolation!r}"}


def test_channels_first_without_onednn():
    given = {"filters": 8, "kernel_size": 3, "data_format": "channels_first"}
    assert refusing("Conv2D", **given) == {"tensorflow-plain"}


def test_numbers_that_differ():
    found = verdicts("UpSampling2D", {"interpolation": "bicubic"})["torch"]
    assert found.accepted
    assert found.differs
    assert "other numbers" in found.short


def test_a_form_that_no_framework_takes():
    found = verdicts("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 0})
    assert {one.stage for one in found.values()} == {"constructor"}
    assert found["torch"].arguments == ("strides",)
    assert "must be a tuple of 2 integers" in found["torch"].message


def test_a_layer_of_which_nothing_is_recorded():
    found = verdicts("Dense", {"units": 3})
    assert found == {}
    assert str(found) == "Nothing is recorded of this layer."
    assert "Nothing is recorded" in found._repr_html_()


def test_it_prints_with_versions():
    found = verdicts("Conv2D", STRIDED)
    text = str(found)
    assert text.startswith("Keras 3.")
    for name in ("TensorFlow 2.", "JAX 0.", "PyTorch 2.", "TensorFlow without oneDNN 2."):
        assert name in text
    assert text.count("refused: strides > 1 with dilation_rate > 1") == 4
    assert found.html().count("<tr>") == 4
    assert "&gt;" in found.html()


def test_every_class_of_the_family_is_there():
    spatial = {
        name
        for name in layers.__all__
        if isinstance(getattr(layers, name), type)
        and any(word in name for word in ("Conv", "Pooling", "Cropping", "ZeroPadding"))
    }
    aliases = {name for name in spatial if getattr(layers, name).__name__ != name}
    assert spatial - aliases <= {*class_names()}


def test_every_rule_can_be_met_and_is_in_words():
    met = set()
    for name in class_names():
        for situation in situations(name):
            for at, rule in enumerate(recorded().rules):
                if rule.covers(name, situation):
                    met.add(at)
                    assert rule.words(name, situation)
    assert met == set(range(len(recorded().rules)))
    assert {rule.stage for rule in recorded().rules} <= set(STAGES)


def test_arguments_are_sorted_into_the_situation_they_were_made_for():
    for name in class_names():
        made = [s for s in situations(name) for v in (0, 1) if arguments_of(name, s, v)]
        assert len(made) > len(situations(name)) / 4 or "Transpose" in name
        labels = [{situation[at] for situation in made} for at in range(len(features_of(name)))]
        for feature, found in zip(features_of(name), labels, strict=True):
            impossible = {"unequal"} if layers.__dict__[name].rank == 1 else set()
            assert set(feature.labels) - found <= impossible


def test_defaults_are_the_first_situation_of_each_feature():
    plain = situation_of("Conv2D", {"filters": 8, "kernel_size": 3})
    assert plain == tuple(feature.labels[0] for feature in features_of("Conv2D"))


@pytest.mark.parametrize(
    ("class_name", "given", "changes"),
    [
        ("Conv2D", STRIDED, [{"dilation_rate": 1}, {"strides": 1}]),
        ("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 4}, [{"groups": 2}, {"groups": 1}]),
        ("MaxPooling2D", {"padding": "SAME"}, [{"padding": "same"}, {"padding": "valid"}]),
        ("ZeroPadding2D", {"padding": -1}, [{"padding": 0}]),
        ("Conv2D", {"filters": 6, "kernel_size": 3}, []),
        ("Dense", {"units": 3}, []),
    ],
)
def test_mending(class_name, given, changes):
    assert mending(class_name, given) == changes


def test_what_mends_is_taken_everywhere():
    for name in class_names():
        for situation in situations(name)[::7]:
            given = arguments_of(name, situation)
            for change in mending(name, given) if given else ():
                assert not refusing(name, **given | change) & set(EVERYWHERE)
                getattr(layers, name)(**given | change)
