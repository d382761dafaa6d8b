"""Axes too few or too many, channels that do not fit, formats, and shapes that are not filled."""

import pytest
from networks_to_diagnose import changes, read

import convlab as cl


def first(model, *args, **more):
    return cl.diagnose(model, *args, **more).errors[0]


@pytest.mark.parametrize(
    ("code", "kind", "axis", "smallest"),
    [
        (
            "model = Sequential([Input((28, 28)), Conv2D(4, 3, name='conv')])",
            "missing-channel-axis",
            "channels",
            ("input_shape", "input_layer", None, (None, 28, 28, 1)),
        ),
        (
            "model = Sequential([Input((60, 28, 28, 1)), Conv2D(4, 3, name='conv')])",
            "rank",
            "batch",
            ("input_shape", "input_layer", None, (None, 28, 28, 1)),
        ),
        (
            "model = Sequential([Input((8, 8, 1)), Flatten(name='flat'),"
            " Conv2D(4, 3, name='conv')])",
            "rank",
            None,
            ("remove", "flat", None, None),
        ),
        (
            "model = Sequential([Input((8, 8, 1)), GlobalMaxPooling2D(name='pool'),"
            " Conv2D(4, 1, name='conv')])",
            "rank",
            None,
            ("argument", "pool", "keepdims", True),
        ),
        (
            "model = Sequential([Input((35,)), Reshape((7, 5), name='shape'),"
            " Conv2D(4, 3, name='conv')])",
            "missing-channel-axis",
            "channels",
            ("argument", "shape", "target_shape", (7, 5, 1)),
        ),
        (
            "model = Sequential([Input((4, 8, 8, 1)), ConvLSTM2D(2, 3, name='lstm'),"
            " ConvLSTM2D(2, 3, name='conv')])",
            "rank",
            "time",
            ("argument", "lstm", "return_sequences", True),
        ),
        (
            "model = Sequential([Input((8, 8, 1)), ConvLSTM2D(2, 3, name='conv')])",
            "rank",
            "time",
            ("input_shape", "input_layer", None, (None, None, 8, 8, 1)),
        ),
    ],
    ids=[
        "no channels",
        "the batch in the shape",
        "flattened too early",
        "pooled too early",
        "reshaped without channels",
        "the last step alone",
        "no time",
    ],
)
def test_a_rank_that_a_layer_does_not_take(code, kind, axis, smallest):
    finding = first(read(code))
    assert (finding.kind, finding.layer, finding.axis) == (kind, "conv", axis)
    assert changes(finding.fixes[0]) == (smallest,)
    assert all(not cl.trace(fix.apply()).conflicts for fix in finding.fixes)


def test_an_array_without_a_batch():
    model = read("model = Sequential([Input((28, 28, 1)), Conv2D(4, 3, name='conv')])")
    finding = first(model, (None, 28, 28))
    assert finding.kind == "missing-channel-axis"
    alone = read("model = Sequential([Input(batch_shape=(28, 28, 3)), Conv2D(4, 3, name='conv')])")
    finding = first(alone)
    assert (finding.kind, finding.axis, finding.index) == ("missing-batch-axis", "batch", 0)
    assert changes(finding.fixes[0])[0][3] == (1, 28, 28, 3)


def test_joined_tensors_of_several_ranks():
    finding = first(
        read(
            """
x = Input((8, 8, 4))
model = Model(x, concatenate([GlobalMaxPooling2D(name='pool')(x), x], name='join'))
"""
        )
    )
    assert (finding.kind, finding.layer) == ("rank", "join")
    assert "tensors of several ranks" in finding.message
    assert not cl.trace(finding.fixes[0].apply()).conflicts


def test_groups_that_do_not_divide_the_channels():
    finding = first(
        read(
            """
x = Input((8, 8, 3))
y = Conv2D(90, 1, name='before')(x)
model = Model(x, Conv2D(360, 1, groups=8, name='grouped')(y))
"""
        )
    )
    assert (finding.kind, finding.layer, finding.culprit) == ("groups", "grouped", "before")
    named = {(change.layer, change.name, change.new) for f in finding.fixes for change in f.changes}
    assert {("grouped", "groups", 6), ("before", "filters", 88), ("before", "filters", 96)} <= named


def test_weights_for_other_channels():
    image = cl.Input((8, 8, 3), name="image")
    conv = cl.Conv2D(4, 3, name="conv")
    model = cl.Model(image, conv(image))
    conv.set_weights([w + 1 for w in conv.get_weights()])
    finding = first(model, (8, 8, 1))
    assert (finding.kind, finding.axis, finding.index) == ("channels", "channels", 3)
    assert "has weights for 3 channels, and reads 1 from 'image'" in finding.message
    assert (("input_shape", "image", None, (None, 8, 8, 3)),) in map(changes, finding.fixes)
    projected = next(fix for fix in finding.fixes if fix.changes[0].kind == "insert")
    kept = projected.apply().get_layer("conv")
    assert all((a == b).all() for a, b in zip(kept.get_weights(), conv.get_weights(), strict=True))


def test_channels_first_read_as_last():
    code = """
model = Sequential([Input((3, 64, 64)), *[layer for n in range(3) for layer in (
    Conv2D(4, 3, padding='same', name=f'conv{n}'), MaxPooling2D(2, name=f'pool{n}'))]])
"""
    finding = first(read(code))
    assert (finding.kind, finding.layer, finding.axis) == ("data-format", "pool1", "height")
    assert changes(finding.fixes[0]) == (("input_shape", "input_layer", None, (None, 64, 64, 3)),)
    formats = next(fix for fix in finding.fixes if fix.changes[0].name == "data_format")
    assert len(formats.changes) == 6
    assert any(fix.changes[0].kind == "permute" for fix in finding.fixes)


def test_numbers_that_do_not_fill_a_shape():
    finding = first(
        read("model = Sequential([Input((10,)), Dense(49, name='d'), Reshape((8, 8), name='r')])")
    )
    assert (finding.kind, finding.layer) == ("reshape", "r")
    assert "has 49 numbers of (49,), and its target (8, 8) takes exactly 64" in finding.message
    assert ("argument", "d", "units", 64) in [changes(fix)[0] for fix in finding.fixes]


def test_a_nested_model_that_takes_another_shape():
    inner = cl.Sequential([cl.Input((28, 28, 3), name="picture"), cl.Conv2D(4, 3)], name="inner")
    config = cl.Sequential([cl.Input((28, 28, 3), name="image"), inner], name="outer").to_json()
    model = cl.model_from_json(config.replace("28, 28, 3", "30, 28, 3", 1))
    finding = first(model)
    assert (finding.layer, finding.axes) == ("inner/picture", ("height",))
    assert any("crop 2 rows" in fix.summary for fix in finding.fixes)
    for fix in finding.fixes:
        assert not cl.trace(fix.apply()).conflicts


def test_what_no_finder_knows_is_told_in_the_layers_words():
    finding = first(
        read("model = Sequential([Input((4, 4, 1)), UpSampling2D(2, interpolation='cubic')])")
    )
    assert (finding.kind, finding.layer) == ("other", "up_sampling2d")
    assert "interpolation" in finding.rule
    assert changes(finding.fixes[0])[0][2] == "interpolation"


def test_a_network_of_which_no_channels_are_known_is_followed_all_the_same():
    code = "model = Sequential([Input((None, None, None)), DepthwiseConv2D(2, name='conv')])"
    assert first(read(code)).layer == "conv"


@pytest.mark.parametrize("layer", ["DepthwiseConv2D(3)", "SeparableConv2D(3, 3)"])
def test_of_a_kind_without_a_third_rank_another_way_is_shown(layer):
    fixes = first(read(f"model = Sequential([Input((8, 8, 8, 2)), {layer}])")).fixes
    assert fixes
    assert not any("in the place of" in fix.summary for fix in fixes)
