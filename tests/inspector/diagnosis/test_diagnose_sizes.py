"""Sizes that would be zero or negative, outputs of another size than wanted, sizes not known."""

import pytest
from networks_to_diagnose import changes, fine, read

import convlab as cl
from convlab.errors import ShapeError

SMALL = """
model = Sequential([Input((16, 16, 3)), *[layer for n in range(4) for layer in (
    Conv2D(4, 3, name=f'conv{n}'), MaxPooling2D(2, name=f'pool{n}'))]])
"""


def first(model, *args, **more):
    return cl.diagnose(model, *args, **more).errors[0]


def test_a_window_that_no_longer_fits():
    finding = first(read(SMALL))
    assert (finding.kind, finding.layer, finding.culprit) == ("negative-size", "conv2", "pool1")
    assert finding.axes == ("height", "width")
    assert finding.message == (
        "Conv2D 'conv2' reads height and width 2 x 2, and its window spans 3 x 3: there would be "
        "no output."
    )
    assert [(step.layer, step.size_out) for step in finding.path] == [
        ("conv0", 14),
        ("pool0", 7),
        ("conv1", 5),
        ("pool1", 2),
    ]


def test_every_fix_of_it_reaches_the_end():
    finding = first(read(SMALL))
    for fix in finding.fixes:
        assert fix.verified
        assert not cl.trace(fix.apply()).conflicts
    assert ("argument", "conv2", "padding", "same") in changes(finding.fixes[0])
    fed = next(fix for fix in finding.fixes if fix.changes[0].kind == "input_shape")
    assert fed.changes[0].new == (None, 46, 46, 3)
    smaller = cl.trace(cl.Sequential.from_config(fed.apply().get_config()), (45, 45, 3))
    assert smaller.conflicts  # 46 is the smallest


def test_one_axis_alone():
    finding = first(read("model = Sequential([Input((2, 18, 1)), Conv2D(4, 3, name='conv')])"))
    assert (finding.axes, finding.index) == (("height",), 1)


def test_a_layer_alone_is_given_back_as_a_layer():
    found = cl.diagnose(cl.Conv2D(8, 7, name="conv"), (5, 5, 1))
    assert found.errors[0].kind == "negative-size"
    made = found.errors[0].fixes[0].apply()
    assert isinstance(made, cl.Conv2D)
    assert made.padding == "same"
    assert made.compute_output_shape((None, 5, 5, 1)) == (None, 5, 5, 8)


def test_more_is_cropped_than_there_is():
    finding = first(read("model = Sequential([Input((4, 9, 1)), Cropping2D(3, name='crop')])"))
    assert (finding.kind, finding.axes) == ("negative-size", ("height",))
    assert "what is cropped is 6" in finding.message


def test_another_output_than_wanted():
    code = """
x = image = Input((28, 28, 1))
x = MaxPooling2D(2, name='pool')(Conv2D(4, 3, name='conv')(x))
model = Model(image, Conv2DTranspose(1, 2, strides=2, name='up')(x))
"""
    finding = first(read(code), output_shape=(28, 28, 1))
    assert (finding.kind, finding.layer, finding.axes) == (
        "output-size",
        "up",
        ("height", "width"),
    )
    assert (
        finding.message == "The output of 'up' has height and width 26 x 26, and 28 x 28 is wanted."
    )
    assert changes(finding.fixes[0]) == (("argument", "conv", "padding", "same"),)
    assert all(fix.apply().output_shape == (None, 28, 28, 1) for fix in finding.fixes)
    assert any(change.class_name == "ZeroPadding2D" for f in finding.fixes for change in f.changes)


def test_several_transposed_convolutions_take_one_output_padding():
    code = """
x = image = Input((25, 25, 1))
for n in range(2):
    x = Conv2D(4, 3, strides=2, padding='same')(x)
for n in range(2):
    x = Conv2DTranspose(4, 3, strides=2, padding='same', name=f'up{n}')(x)
model = Model(image, x)
"""
    finding = first(read(code), output_shape=(25, 25, 4))
    together = next(fix for fix in finding.fixes if len(fix.changes) == 2)
    assert changes(together) == tuple(("argument", f"up{n}", "output_padding", 0) for n in range(2))


def test_a_picture_made_of_numbers_begins_with_another_side():
    code = """
model = Sequential([Input((10,)), Dense(7 * 7 * 4, name='dense'), Reshape((7, 7, 4), name='start'),
    UpSampling2D(2), UpSampling2D(2), Conv2D(3, 3, padding='same')])
"""
    finding = first(read(code), output_shape=(32, 32, 3))
    begun = next(fix for fix in finding.fixes if fix.changes[0].layer == "dense")
    assert changes(begun) == (
        ("argument", "dense", "units", 256),
        ("argument", "start", "target_shape", (8, 8, 4)),
    )


def test_channels_and_sizes_at_once():
    finding = first(fine(), output_shape=(30, 30, 3))
    assert finding.axes == ("height", "width", "channels")
    assert finding.fixes[0].apply().output_shape == (None, 30, 30, 3)


def test_what_is_wanted_is_there():
    assert cl.diagnose(fine(), output_shape=(None, 32, 4)).ok


def test_as_many_wanted_shapes_as_outputs():
    with pytest.raises(ShapeError, match=r"a wanted shape for each of the 1 outputs"):
        cl.diagnose(fine(), output_shape=[(32, 32, 4), (1, 1, 1)])


def test_dense_behind_a_flatten_of_open_sizes():
    code = """
x = Input((None, None, 3))
y = Flatten(name='flatten')(Conv2D(4, 3, name='conv')(x))
model = Model(x, Dense(2, name='dense')(y))
"""
    finding = first(read(code))
    assert (finding.kind, finding.layer, finding.culprit) == ("unknown-size", "dense", "flatten")
    assert [change[2] for change in changes(finding.fixes[0])] == ["GlobalAveragePooling2D"]
    assert finding.fixes[0].apply().output_shape == (None, 2)


def test_a_size_that_only_a_conflict_hides_is_no_finding_of_its_own():
    code = """
x = Input((9, 9, 1))
y = Concatenate(name='join')([x, UpSampling2D(2)(MaxPooling2D(2)(x))])
model = Model(x, Dense(2, name='dense')(Flatten()(y)))
"""
    assert [finding.layer for finding in cl.diagnose(read(code)).errors] == ["join"]


def test_a_slice_that_takes_nothing_is_told_where_it_stands():
    x = cl.Input((15, 1), name="x")
    finding, *others = cl.diagnose(cl.Model(x, cl.layers.Dense(3)(x[:, :, 1:]))).findings
    assert (finding.kind, finding.layer, finding.axis) == ("negative-size", "get_item", "channels")
    assert "gives 15 x 0 of 15 x 1: along channels nothing is left" in finding.message
    assert finding.fixes[0].apply().output_shape == (None, 15, 3)
    assert not others


def test_what_a_nested_sequential_takes_is_what_comes_out_of_the_other_changes():
    inner = cl.Sequential([cl.Input((4, 3, 6), name="taken"), cl.Conv2D(3, 3)], name="inner")
    x = cl.Input((4, 3, 6), name="image")
    factor = cl.Conv2D(6, (4, 1), name="factor")(x)
    config = cl.Model(x, inner(cl.layers.Multiply(name="times")([x, factor]))).to_json()
    config = config.replace('"filters": 6', '"filters": 5')
    config = config.replace("[null, 4, 3, 6]", "[null, 4, 8, 6]")
    config = config.replace('"batch_shape": [null, 4, 8, 6]', '"batch_shape": [null, 4, 3, 6]', 1)
    found = cl.diagnose(cl.model_from_json(config)).errors
    assert [finding.layer for finding in found] == ["times", "inner/taken"]
    for finding in found:
        (fix,) = finding.fixes
        assert fix.verified
        assert {change.name: change.new for change in fix.changes} == {
            "filters": 6,
            "batch_shape": (None, 4, 3, 6),  # and not the sizes that were in dispute, None
        }
        assert fix.apply().output_shape == (None, 2, 1, 3)
