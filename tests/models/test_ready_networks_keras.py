"""Real Keras and the networks that are known by their structure: layer for layer the same."""

import pytest
from applications import structure

from convlab.layers.naming import named_anew
from convlab.models.applications import application, names

pytestmark = pytest.mark.keras
pytest.importorskip("keras")

# Every family, on sizes of either parity; the others differ in how often a block stands there.
CASES = [
    ("VGG16", {"include_top": False, "input_shape": (150, 131, 3)}),
    ("VGG19", {"include_top": False, "pooling": "max"}),
    ("ResNet50", {"include_top": False, "input_shape": (97, 130, 3), "pooling": "avg"}),
    ("ResNet50V2", {"include_top": False, "input_shape": (97, 130, 3)}),
    ("ResNet101", {"classes": 5}),
    ("MobileNet", {"include_top": False, "input_shape": (97, 130, 3)}),
    ("MobileNetV2", {"include_top": False, "input_shape": (97, 130, 3)}),
    ("MobileNetV2", {"include_top": False, "input_shape": (225, 161, 3)}),
    ("MobileNetV2", {"include_top": False}),
    ("MobileNetV3Small", {"include_top": False, "input_shape": (97, 130, 3)}),
    ("InceptionV3", {"include_top": False, "input_shape": (140, 99, 3)}),
    ("InceptionResNetV2", {"include_top": False, "input_shape": (140, 99, 3)}),
    ("Xception", {"include_top": False, "input_shape": (140, 99, 3)}),
    ("DenseNet121", {"include_top": False, "input_shape": (97, 130, 3)}),
    ("EfficientNetB0", {"include_top": False, "input_shape": (97, 130, 3)}),
    ("EfficientNetB0", {"include_top": False, "input_shape": (225, 161, 3)}),
    ("EfficientNetB3", {"classes": 7}),
    ("EfficientNetV2B0", {"include_top": False, "input_shape": (97, 130, 3)}),
    ("ConvNeXtTiny", {"include_top": False, "input_shape": (97, 130, 3)}),
]


@pytest.mark.parametrize(("name", "given"), CASES)
def test_every_layer_has_its_shape(name, given):
    theirs = structure(name, **given)
    with named_anew():
        ours = application(name, weights=None, **given)
    found = [(layer.name, tuple(layer.output.shape)) for layer in ours.layers]
    wanted = [(layer.name, tuple(layer.output.shape)) for layer in theirs.layers]
    assert sorted(found) == sorted(wanted)
    assert ours.name == theirs.name


@pytest.mark.parametrize("shape", [(31, 64, 3), (64, 64), (1, 64, 64)])
def test_keras_refuses_what_is_refused(shape):
    given = {"include_top": False, "input_shape": shape}
    for make in (structure, application):
        with pytest.raises(ValueError):
            make("VGG16", **given) if make is structure else make("VGG16", weights=None, **given)


def test_all_are_of_keras():
    import keras

    assert all(hasattr(keras.applications, name) for name in names())
