"""Fixes are applied to copies, and are what was tried."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from networks_to_diagnose import fine, read, unet

import convlab as cl
from convlab.errors import ArgumentError
from convlab.inspector.diagnosis import Context, Fix
from convlab.inspector.diagnosis.change import argument, exchange, input_shape, insert, remove
from convlab.inspector.diagnosis.edits import applied
from convlab.inspector.diagnosis.network import Network
from convlab.inspector.diagnosis.subjects import subject_of

sys.path.insert(0, str(Path(__file__).parents[1]))
from broken_networks import broken


def network(model):
    return Network(model, subject_of(model).specs)


def crop(source, target, branch=0, call=0):
    cropping = {"cropping": ((0, 1), (0, 1))}
    where = {"source": source, "target": target, "branch": branch, "call": call}
    return insert("Cropping2D", cropping, name="cropped", **where)


@pytest.mark.parametrize(
    "changes",
    [
        [argument("half", "padding", "valid", "same")],
        [crop("half", "twice")],
        [crop("twice", None)],
        [remove("half")],
        [exchange("half", "AveragePooling2D", {"pool_size": 4})],
        [input_shape("image", (None, 32, 32, 3), (None, 20, 24, 3))],
        [argument("half", "strides", (2, 2), 1), crop("half", "twice"), remove("twice")],
    ],
    ids=["argument", "insert", "at the end", "remove", "replace", "feed", "several"],
)
def test_what_is_tried_is_what_the_copy_is(changes):
    model = fine()
    tried = network(model).tried(changes)
    made = applied(model, changes, [tensor.spec for tensor in model.inputs])
    assert not tried.errors
    assert [spec.shape for spec in tried.outputs] == [made.output_shape]
    assert model.output_shape == (None, 32, 32, 4)


@pytest.mark.parametrize("seed", range(40))
def test_fixes_of_drawn_networks_leave_no_conflict_and_the_original_alone(seed):
    drawn = broken(1000 + seed)
    try:
        model = cl.model_from_json(drawn.text)
    except cl.errors.ConvlabError:
        pytest.skip("there is no such layer")
    before = cl.trace(model).to_json()
    found = cl.diagnose(model, output_shape=drawn.output_shape)
    assert not found.ok
    for finding in found.errors:
        for fix in finding.fixes:
            if fix.verified:
                after = cl.trace(fix.apply())
                assert not after.conflicts
                if drawn.wanted is not None:
                    assert after.output_shape[1:] == drawn.wanted
    assert cl.trace(model).to_json() == before


def test_weights_stay_where_they_fit_and_are_the_copys_own():
    model = fine()
    conv = model.layers[1]
    kernel, bias = conv.get_weights()
    made = applied(model, [crop("half", "twice")], [tensor.spec for tensor in model.inputs])
    copied = made.get_layer(conv.name)
    assert np.array_equal(copied.get_weights()[0], kernel)
    copied.set_weights([kernel + 1, bias])
    assert np.array_equal(conv.get_weights()[0], kernel)
    padded = [argument(conv.name, "padding", "same", "valid")]
    made = applied(model, padded, [tensor.spec for tensor in model.inputs])
    assert np.array_equal(made.get_layer(conv.name).get_weights()[0], kernel)


def test_weights_that_do_not_fit_any_more_cost():
    image = cl.Input((8, 8, 1), name="image")
    dense = cl.Dense(2, name="dense")
    model = cl.Model(image, dense(cl.Flatten()(image)))
    change = input_shape("image", (None, 8, 8, 1), (None, 9, 9, 1))

    def fix():
        subject = subject_of(model)
        return Context(subject, network(model)).fix([change], goal=lambda tried: True)

    cheap = fix()
    dense.set_weights(dense.get_weights())
    dear = fix()
    assert dear.cost > cheap.cost
    assert dear.note == "the weights of dense are made anew"
    assert dear.apply().predict(np.ones((1, 9, 9, 1))).shape == (1, 2)


def test_a_change_that_breaks_something_else_is_no_fix():
    model = unet(100)
    subject = subject_of(model)
    context = Context(subject, Network(model, subject.specs))
    found = cl.diagnose(model).errors[0]
    crops = [crop("down2", "join2")]  # the next joins then do not fit
    assert context.fix(crops, finding=found) is None
    assert context.network.tried(crops).broken


def test_tried_touches_only_what_lies_behind():
    found = network(unet(96))
    tried = found.tried([argument("end0", "filters", 4, 7)])
    assert {found.calls[row].name for row in tried.touched} == {"end0"}
    assert not tried.errors


def test_a_sequential_model_stays_one():
    model = cl.Sequential([cl.Input((9, 9, 1)), cl.MaxPooling2D(2, name="pool")], name="net")
    change = insert("ZeroPadding2D", {"padding": 1}, name="pad", source="input", target="pool")
    made = applied(model, [change], [tensor.spec for tensor in model.inputs])
    assert isinstance(made, cl.Sequential)
    assert [layer.name for layer in made.layers] == ["pad", "pool"]
    assert (made.name, made.output_shape) == ("net", (None, 5, 5, 1))


def test_the_second_call_of_a_shared_layer_alone():
    x = cl.Input((8, 8, 1), name="x")
    pool = cl.MaxPooling2D(2, name="pool")
    model = cl.Model(x, pool(pool(x)))
    changes = [crop("pool", "pool", call=1)]
    tried = network(model).tried(changes)
    made = applied(model, changes, [tensor.spec for tensor in model.inputs])
    assert tried.outputs[0].shape == made.output_shape == (None, 1, 1, 1)


SHARED = """
a = Input((16, 16, 4))
b = Input((14, 14, 4))
dense = Dense(5)
joined = Add()([a, Conv2D(4, 3)(a)])
outputs = Concatenate()([dense(Flatten()(joined)), dense(Flatten()(b))])
model = Model([a, b], outputs)
"""


def test_a_layer_of_two_calls_has_weights_for_both():
    """The sum can be mended at 14 or at 16 cells; the other call of the Dense layer has 14."""
    (finding,) = cl.diagnose(SHARED).findings
    assert [fix.apply().get_layer("dense").build_shape for fix in finding.fixes] == [(None, 784)]


def test_weights_are_not_made_of_a_size_that_became_unknown():
    image = cl.Input((8, 8, 3), name="image")
    model = cl.Model(image, cl.layers.Dense(2, name="dense")(cl.layers.Flatten()(image)))
    opened = input_shape("image", (None, 8, 8, 3), (None, None, 8, 3))
    assert len(network(model).tried([opened]).errors) == 1
    assert not network(model).tried([]).errors


def test_a_nested_model_takes_the_rank_that_its_layers_now_read():
    """A call hands on any rank, but Keras builds the nested model from its own input's shape."""
    volume = cl.Input((4, 3, 3, 3))
    inner = cl.Model(volume, cl.layers.Conv3D(3, 3, padding="same", name="conv")(volume))
    picture = cl.Input((4, 3, 3))
    with cl.debugging(show=False):
        model = cl.Model(picture, inner(picture))
    (finding,) = cl.diagnose(model).findings
    fix = next(fix for fix in finding.fixes if "Conv2D" in str(fix))
    nested = fix.apply().layers[-1]
    assert nested.input_shape == (None, 4, 3, 3)
    assert nested.get_layer("conv").class_name == "Conv2D"


def test_the_own_code_is_what_a_diff_is_of():
    code = """x = Input((100, 100, 1), name="image")
y = MaxPooling2D(8, name="down")(x)
y = UpSampling2D(8, name="up")(y)
model = Model(x, add([x, y], name="sum"))
"""
    fix = cl.diagnose(code).errors[0].fixes[0]
    assert fix.code.startswith("--- a/code.py\n+++ b/code.py\n@@")
    assert '-model = Model(x, add([x, y], name="sum"))' in fix.code


def test_a_fix_without_a_network_is_not_applied():
    with pytest.raises(ArgumentError, match="A fix is applied to a network"):
        Fix((), "nothing").apply()


def test_a_fix_as_json():
    told = json.loads(
        cl.diagnose(read("model = Sequential([Input((9, 9, 1)), Conv2D(1, 11)])")).to_json()
    )
    (finding,) = told["findings"]
    assert told["ok"] is False
    fix = finding["fixes"][0]
    assert fix["changes"] == [
        {
            "kind": "argument",
            "layer": "conv2d",
            "name": "padding",
            "old": "valid",
            "new": "same",
            "text": "padding='same' in conv2d",
        }
    ]
    assert fix["verified"] == "trace"
    assert '+    [keras.Input((9, 9, 1)), layers.Conv2D(1, 11, padding="same")]' in fix["code"] or (
        'padding="same"' in fix["code"]
    )
