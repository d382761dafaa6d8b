"""Receptive fields much smaller than the input, or far larger, and taps that meet only padding."""

import pytest
from advised import advised, summaries

import convlab as cl
from convlab import layers
from convlab.geometry import convolution
from convlab.inspector.diagnosis.finders.idle_taps import live_taps


def classifier(size, poolings):
    x = cl.Input((size, size, 3))
    y = x
    for _ in range(poolings):
        y = layers.MaxPooling2D()(layers.Conv2D(4, 3, padding="same")(y))
    y = layers.Conv2D(4, 3, padding="same", name="last")(y)
    return cl.Model(x, layers.Dense(10)(layers.GlobalAveragePooling2D(name="pooled")(y)))


def test_a_classifier_that_judges_by_little():
    (finding,) = advised("receptive-field-small", classifier(224, 1))
    assert (finding.layer, finding.axes) == ("pooled", ("height", "width"))
    assert "8 of 224" in finding.message
    for fix in finding.fixes:
        field = cl.receptive_field(fix.apply(), "last")
        size = fix.changes[0].new[1] if fix.changes[0].kind == "input_shape" else 224
        assert field.size[0] >= size / 2


def test_more_dilation_where_that_is_enough():
    (finding,) = advised("receptive-field-small", classifier(96, 3))
    dilated = next(fix for fix in finding.fixes if "dilation_rate" in fix.summary)
    assert cl.receptive_field(dilated.apply(), "last").size[0] >= 48


def test_one_that_sees_enough_is_not_told():
    assert not advised("receptive-field-small", classifier(64, 4))


def test_a_map_may_see_little_but_not_next_to_nothing():
    x = cl.Input((256, 256, 1))
    y = layers.Conv2D(4, 3, padding="same")(x)
    (finding,) = advised("receptive-field-small", cl.Model(x, y))
    assert "3 of 256" in finding.message
    srcnn = layers.Conv2D(4, 5, padding="same")(layers.Conv2D(4, 9, padding="same")(x))
    assert not advised("receptive-field-small", cl.Model(x, srcnn))


def test_a_network_that_reads_all_through_dense_is_not_told():
    x = cl.Input((224, 224, 3))
    y = layers.Flatten()(layers.Conv2D(4, 3, strides=2)(x))
    assert not advised("receptive-field-small", cl.Model(x, layers.Dense(2)(y)))


def test_a_field_far_larger_than_the_input():
    x = cl.Input((8, 1))
    y = x
    for rate in (1, 2, 4, 7):  # no tap is idle yet
        for _ in range(5):
            y = layers.Conv1D(2, 3, padding="same", dilation_rate=rate)(y)
    found = advised("receptive-field-large", cl.Model(x, y))
    assert [one.received for one in found] == ["a receptive field of 141 in an input of 8"]
    fix = found[0].fixes[0]
    assert fix.changes[0].new == (None, 9, 1)


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_live_taps_are_those_of_the_table(stride, padding, dilation):
    for size in range(1, 12):
        for kernel in (1, 2, 3, 5):
            if padding == "valid" and (kernel - 1) * dilation >= size:
                continue
            axis = convolution(size, kernel, stride, dilation, padding)
            live = [tap for tap in range(kernel) if (axis.taps()[:, tap] >= 0).any()]
            assert live_taps(axis) == live


def test_kernels_on_a_map_of_one_cell():
    x = cl.Input((32, 32, 3))
    y = x
    for _ in range(5):
        y = layers.MaxPooling2D()(layers.Conv2D(4, 3, padding="same")(y))
    for name in ("five", "six"):
        y = layers.Conv2D(4, 3, padding="same", name=name)(y)
    found = advised("receptive-field-large", cl.Model(x, layers.Flatten()(y)))
    assert found[0].layer == "five"
    assert "map of 1 x 1: 8 of its 9 taps" in found[0].message
    assert "1 further layer" in found[0].message
    larger = found[0].fixes[0].changes[0]
    assert larger.new == (None, 64, 64, 3)  # the smallest with which each map has two cells
    assert "kernel_size=1 in five and six" in summaries(found[0])


def test_a_dilation_larger_than_the_map():
    layer = layers.Conv2D(4, 3, padding="same", dilation_rate=18, name="aspp")
    found = advised("receptive-field-large", layer, (16, 16, 8))
    assert "8 of its 9 taps" in found[0].message
    assert any("dilation_rate=1" in text for text in summaries(found[0]))


def test_a_conflict_leaves_the_fields_alone():
    x = cl.Input((224, 224, 3))
    model = cl.Model(x, layers.Dense(2)(layers.GlobalMaxPooling2D()(layers.Conv2D(4, 3)(x))))
    assert not advised("receptive-field-small", model, (2, 2, 3))
