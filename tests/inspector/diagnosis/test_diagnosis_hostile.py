"""Networks from strangers: sizes and arguments beyond all measure are diagnosed in a moment."""

import time

import pytest

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis import Text, diagnose

ODD = ("nan", "inf", "'a'", "[]", "{}", "1.5", "1e30", "-1", "0", "None", "10**15", "(1, 2, 3)")
SHAPES = ("(2**31 - 1, 2**31 - 1, 3)", "(10**12, 10**12, 3)", "(7, 10**9 + 7, 3)", "(0, 0, 3)")
LAYERS = (
    "Conv2D(8, 3, strides=2)",
    "Conv2D(10**9, 3, dilation_rate=10**6)",
    "Conv2D(8, 10**15)",
    "Conv2DTranspose(8, 10**6, strides=10**5, output_padding=10**4)",
    "MaxPooling2D(10**6)",
    "UpSampling2D(10**9)",
    "Cropping2D(10**9)",
    "Resizing(10**9, 10**9)",
)
ARGUMENTS = (
    "Conv2D(8, {odd})",
    "Conv2D(8, 3, groups={odd})",
    "Conv2D(8, 3, padding={odd})",
    "Conv2D(8, 3, strides={odd}, dilation_rate={odd})",
    "Conv2DTranspose(8, 3, strides=2, output_padding={odd})",
    "Cropping2D({odd})",
)


def told(code):
    """What is said of a text, within its time."""
    begun = time.process_time()
    try:
        said = diagnose(Text(code)).text()
    except ConvlabError as error:
        said = str(error)
    assert time.process_time() - begun < 4
    return said


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layer", LAYERS)
def test_sizes_beyond_all_measure(layer, shape):
    code = f"x = Input({shape})\ny = {layer}(x)\nmodel = Model(x, Concatenate()([x, y]))"
    assert told(code)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("layer", ARGUMENTS)
def test_arguments_that_no_layer_has(layer, odd):
    made = layer.format(odd=f"float('{odd}')" if odd in ("nan", "inf") else odd)
    assert told(f"x = Input((28, 28, 3))\ny = {made}(x)\nmodel = Model(x, y)")


def test_an_input_of_no_cells():
    code = "x = Input((0, 9, 3))\nmodel = Model(x, Conv2D(8, 3)(x))"
    finding = diagnose(Text(code)).findings[0]
    assert (finding.kind, finding.axis) == ("negative-size", "height")
    assert finding.message.endswith("gives 0 x 9 x 3: along height nothing is left.")


def test_what_is_a_traceback_is_known_in_a_moment():
    assert told("Error." * 33_000)


def test_many_joins_that_do_not_fit():
    code = "x = o = Input((28, 28, 1))\nfor n in range(150):\n    o = Add()([Conv2D(1, 3)(o), o])\n"
    assert "joins height and width" in told(code + "model = Model(x, o)")
