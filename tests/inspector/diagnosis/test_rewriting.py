"""Changes made in a text of code."""

import pytest

from convlab.inspector.diagnosis.change import argument, exchange, input_shape, insert, remove
from convlab.inspector.diagnosis.rewriting import rewritten, with_argument
from convlab.models.code.reading import read_code

FUNCTIONAL = """\
import keras
x = keras.Input((8, 8, 1), name="image")
y = keras.layers.Conv2D(4, 3, padding="same", name="conv")(x)
z = keras.layers.concatenate([x, y], name="join")
model = keras.Model(inputs=x, outputs=z)
"""
ADDED = """\
model = Sequential()
model.add(Input(shape=(8, 8, 1)))
model.add(Conv2D(4, 3, name="conv"))
model.add(MaxPooling2D(
    2, name="pool"))
"""
LISTED = """\
model = keras.Sequential([
    layers.Input((8, 8, 1)),
    layers.Conv2D(4, 3, name="conv"),
    layers.Flatten(name="flat"),
])
"""
CROPPED = {"cropping": ((0, 1), (0, 0))}


def crop(source, target, branch=0):
    return insert("Cropping2D", CROPPED, name="c", source=source, target=target, branch=branch)


@pytest.mark.parametrize(
    ("text", "change", "old", "new"),
    [
        (FUNCTIONAL, argument("conv", "padding", "same", "valid"), '"same"', '"valid"'),
        (FUNCTIONAL, argument("conv", "kernel_size", 3, 5), "(4, 3,", "(4, 5,"),
        (
            FUNCTIONAL,
            argument("conv", "strides", 1, 2),
            'name="conv")',
            'name="conv", strides=2)',
        ),
        (
            FUNCTIONAL,
            input_shape("image", (None, 8, 8, 1), (None, 9, 9, 1)),
            "(8, 8, 1)",
            "(9, 9, 1)",
        ),
        (
            FUNCTIONAL,
            crop("conv", "join", 1),
            "[x, y]",
            "[x, keras.layers.Cropping2D(cropping=((0, 1), (0, 0)))(y)]",
        ),
        (
            FUNCTIONAL,
            crop("join", None),
            "outputs=z",
            "outputs=keras.layers.Cropping2D(cropping=((0, 1), (0, 0)))(z)",
        ),
        (
            FUNCTIONAL,
            remove("conv"),
            'keras.layers.Conv2D(4, 3, padding="same", name="conv")(x)',
            "x",
        ),
        (ADDED, input_shape("input_layer", (None, 8, 8, 1), (None, 6, 6, 1)), "8, 8", "6, 6"),
        (
            ADDED,
            crop("conv", "pool"),
            "model.add(MaxPooling2D(",
            "model.add(Cropping2D(cropping=((0, 1), (0, 0))))\nmodel.add(MaxPooling2D(",
        ),
        (ADDED, remove("conv"), 'model.add(Conv2D(4, 3, name="conv"))\n', ""),
        (
            ADDED,
            crop("pool", None),
            '2, name="pool"))',
            '2, name="pool"))\nmodel.add(Cropping2D(cropping=((0, 1), (0, 0))))',
        ),
        (
            LISTED,
            crop("input_layer", "conv"),
            "    layers.Conv2D",
            "    layers.Cropping2D(cropping=((0, 1), (0, 0))),\n    layers.Conv2D",
        ),
        (
            LISTED,
            exchange("flat", "GlobalMaxPooling2D", {}),
            'layers.Flatten(name="flat")',
            "layers.GlobalMaxPooling2D()",
        ),
        (LISTED, remove("conv"), '    layers.Conv2D(4, 3, name="conv"),\n', ""),
    ],
)
def test_a_change_in_the_text(text, change, old, new):
    read = read_code(text)
    found = rewritten(text, read, [change])
    assert "".join(found.split()) == "".join(text.replace(old, new, 1).split())


def test_several_changes_each_in_its_line():
    read = read_code(FUNCTIONAL)
    changes = [crop("image", "join", 0), crop("conv", "join", 1)]
    found = rewritten(FUNCTIONAL, read, [*changes, argument("conv", "filters", 4, 6)])
    assert read_code(found).model.output_shape == (None, 7, 8, 7)


def test_layers_made_in_a_loop_have_no_place_of_their_own():
    text = (
        "x = i = Input((8, 8, 1))\nfor n in range(2):\n    x = Conv2D(4, 3)(x)\nmodel = Model(i, x)"
    )
    read = read_code(text)
    assert rewritten(text, read, [argument("conv2d_1", "padding", "valid", "same")]) is None


def test_arguments_that_are_not_told_are_left_alone():
    text = "more = {'strides': 2}\nx = Input((8, 8, 1))\nmodel = Model(x, Conv2D(4, 3, **more)(x))"
    assert with_argument(text, 3, "Conv2D", {"padding": "same"}) is None


def test_the_one_call_on_a_line():
    text = "y = Conv2D(5, 3, groups=2)(x)"
    assert with_argument(text, 1, "Conv2D", {"filters": 6}) == "y = Conv2D(6, 3, groups=2)(x)"
    assert with_argument(f"{text}; {text}", 1, "Conv2D", {"filters": 6}) is None
    assert with_argument("y = (", 1, "Conv2D", {"filters": 6}) is None
