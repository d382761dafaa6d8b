"""The networks of keras.applications that are known by their structure, without Keras."""

import pytest

import convlab as cl
from convlab.errors import ArgumentError
from convlab.layers.naming import reset_names
from convlab.models.applications import application, names
from convlab.models.code.reading import read_code

# name -> what (150, 130, 3) becomes without the top, as Keras says
SMALL = {
    "VGG16": (4, 4, 512),
    "ResNet50": (5, 5, 2048),
    "ResNet50V2": (5, 5, 2048),
    "MobileNet": (4, 4, 1024),
    "MobileNetV2": (5, 5, 1280),
    "InceptionV3": (3, 2, 2048),
    "Xception": (5, 4, 2048),
    "DenseNet121": (4, 4, 1024),
    "EfficientNetB0": (5, 5, 1280),
    "ConvNeXtTiny": (4, 4, 768),
}

# arguments, what is refused, and the first shape that is proposed
REFUSED = [
    ({"input_shape": (1, 128, 128), "weights": None}, "at least 32 x 32", (128, 128, 1)),
    ({"input_shape": (20, 128, 3), "weights": None}, "at least 32 x 32", (32, 128, 3)),
    ({"input_shape": (128, 128, 1)}, "3 channels", (128, 128, 3)),
    ({"input_shape": (128, 128)}, "three integers", (128, 128, 3)),
    ({"input_shape": (None, 128, 128, 3)}, "three integers", (128, 128, 3)),
]


def test_most_of_what_keras_offers_is_known():
    assert len(names()) == 38


@pytest.mark.parametrize("name", SMALL)
def test_what_comes_out_without_the_top(name):
    made = application(name, weights=None, include_top=False, input_shape=(150, 130, 3))
    assert made.output_shape == (None, *SMALL[name])


@pytest.mark.parametrize("name", sorted(names()))
def test_the_top_tells_as_many_classes_as_wanted(name):
    assert application(name, weights=None, classes=7).output_shape == (None, 7)


@pytest.mark.parametrize("pooling", ["avg", "max"])
def test_a_pooling_stands_in_the_place_of_the_top(pooling):
    made = application("VGG19", include_top=False, pooling=pooling)
    assert made.output_shape == (None, 512)


def test_sizes_stay_open_where_none_is_given():
    assert application("ResNet101", include_top=False).output_shape == (None, None, None, 2048)


def test_it_is_put_behind_a_tensor():
    x = cl.Input((96, 96, 1))
    y = cl.layers.Conv2D(3, 1)(x)
    made = application("VGG16", weights=None, include_top=False, input_tensor=y)
    assert made.inputs[0] is x
    assert made.output_shape == (None, 3, 3, 512)


def test_what_keras_numbers_goes_on_being_numbered():
    reset_names()
    cl.layers.Conv2D(1, 1)
    first = application("InceptionV3", weights=None, include_top=False)
    found = [layer.name for layer in first.layers if layer.name.startswith("conv2d")]
    assert found[0] == "conv2d_1"
    assert cl.layers.Conv2D(1, 1).name == f"conv2d_{len(found) + 1}"
    cl.Model(first.inputs, cl.layers.Conv2D(1, 1)(first.outputs[0]))  # no name stands twice


@pytest.mark.parametrize(("given", "why", "proposed"), REFUSED)
def test_shapes_that_keras_refuses(given, why, proposed):
    with pytest.raises(ArgumentError, match=why) as caught:
        application("VGG16", include_top=False, **given)
    assert caught.value.fixes[0] == {"input_shape": proposed}


def test_the_weights_with_their_top_bind_the_shape():
    with pytest.raises(ArgumentError, match="include_top=True"):
        application("ResNet50", input_shape=(100, 100, 3))


def test_another_width_is_not_known():
    with pytest.raises(ArgumentError, match="alpha=1"):
        application("MobileNet", alpha=0.5)


@pytest.mark.parametrize(
    "text",
    [
        "from keras.applications.vgg16 import VGG16\nbase = VGG16(include_top=False)",
        "from tensorflow.keras.applications import VGG16\nbase = VGG16(False)",
        "import tensorflow as tf\nbase = tf.keras.applications.VGG16(include_top=False)",
        "base = keras.applications.vgg16.VGG16(weights=path, include_top=False)",
        "base = VGG16(weights='imagenet', include_top=False)",
    ],
)
def test_however_it_is_imported(text):
    read = read_code(f"{text}\nx = GlobalAveragePooling2D()(base.output)\n")
    assert read.model.output_shape == (None, 512)
    assert "block1_conv1" in read.ready


def test_no_fix_reaches_into_what_is_ready():
    text = "base = VGG16(include_top=False, input_shape=(64, 64, 3))\n"
    text += "x = Conv2D(8, 5, name='wide')(base.output)\nmodel = Model(base.input, x)"
    finding = cl.diagnose(text).errors[0]
    touched = {change.layer for fix in finding.fixes for change in fix.changes}
    assert finding.layer == "wide"
    assert touched
    assert not {name for name in touched if name.startswith("block")}
