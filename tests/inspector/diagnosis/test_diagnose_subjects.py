"""What can be diagnosed: models, layers, exceptions, texts and files."""

import re

import numpy as np
import pytest
from networks_to_diagnose import fine, unet

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, DataError
from convlab.inspector.diagnosis import Text, diagnose

CODE = """
image = Input((9, 9, 1), name="image")
half = MaxPooling2D(2, name="half")(image)
model = Model(image, Concatenate(name="join")([image, UpSampling2D(2, name="twice")(half)]))
"""
TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 3, in <module>
    y = layers.Concatenate()([a, b])
ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation
axis. Received: input_shape=[(None, 9, 9, 4), (None, 8, 8, 4)]
""".replace("concatenation\naxis", "concatenation axis")


def test_a_model_in_which_nothing_is_wrong():
    found = diagnose(fine())
    assert found.ok
    assert found.errors == ()
    assert found.model.name == found.trace.name
    assert "no error" in found.text()


def test_code_json_and_files(tmp_path):
    json_text = unet(100).to_json()
    (tmp_path / "net.py").write_text(CODE)
    (tmp_path / "net.json").write_text(json_text)
    (tmp_path / "log.txt").write_text(TRACEBACK)
    named = {
        "join": [CODE, Text(CODE), tmp_path / "net.py", str(tmp_path / "net.py")],
        "join2": [json_text, Text(json_text), tmp_path / "net.json"],
        "concatenate": [TRACEBACK, Text(TRACEBACK), tmp_path / "log.txt"],
    }
    for layer, subjects in named.items():
        for subject in subjects:
            (finding,) = diagnose(subject).errors
            assert finding.layer.partition("_")[0] == layer


def test_text_never_opens_a_file(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(CODE)
    with pytest.raises(ArgumentError, match="The text is Python code"):
        diagnose(Text(path))


def test_an_exception_of_ours():
    x = cl.Input((9, 9, 1))
    with pytest.raises(ValueError, match="matching shapes") as caught:
        layers.Concatenate(name="join")([x, layers.MaxPooling2D(2)(x)])
    finding = diagnose(caught.value).errors[0]
    assert (finding.kind, finding.layer) == ("join-sizes", "join")


def test_code_of_which_no_layer_can_be_made():
    code = """
x = Input((9, 9, 4))
y = Conv2D(6, 3, groups=4, name="conv")(x)
model = Model(x, y)
"""
    found = diagnose(code)
    (finding,) = found.errors
    assert (finding.kind, finding.layer, finding.axis) == ("groups", "conv", "channels")
    assert found.model is None
    for fix in finding.fixes:
        assert fix.verified
        assert not cl.trace(fix.apply()).conflicts
    assert "+y = Conv2D(8, 3, groups=4" in "".join(fix.code for fix in finding.fixes)


def test_strides_with_dilation_are_refused_where_they_are_made():
    found = diagnose(
        "model = Sequential([Input((9, 9, 1)), Conv2D(1, 3, strides=2, dilation_rate=2)])"
    )
    (finding,) = found.errors
    assert (finding.kind, finding.layer) == ("illegal-arguments", "conv2d")
    assert finding.fixes[0].summary == "dilation_rate=1 in conv2d"


def test_what_is_wanted_is_read_of_the_code():
    code = """
model = Sequential([Input((8, 8, 1)), Conv2D(1, 3, name="conv")])
model.compile("adam", "mse")
model.fit(np.zeros((4, 8, 8, 1)), np.zeros((4, 8, 8, 1)))
"""
    finding = diagnose(code).errors[0]
    assert (finding.kind, finding.layer) == ("output-size", "conv")


def test_a_layer_needs_a_shape():
    with pytest.raises(ArgumentError, match="A layer is diagnosed for an input shape"):
        diagnose(cl.Conv2D(8, 3))
    assert diagnose(layers.Add(), [(8, 8, 1), (8, 8, 1)]).ok
    assert diagnose(layers.Add(), [(8, 8, 2), (8, 8, 3)]).errors[0].kind == "channels"


def test_a_layer_stays_as_it_was():
    layer = cl.Conv2D(8, 7)
    diagnose(layer, (5, 5, 1))
    assert not layer.built
    assert layer.inbound_nodes == []


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="The file can be opened"):
        diagnose(tmp_path / "nothing.py")


def test_what_is_nothing_of_this():
    with pytest.raises(ArgumentError, match="a model, a layer, an exception, text, or a file"):
        diagnose(np.zeros(3))


def test_a_live_keras_model():
    keras = pytest.importorskip("keras")
    image = keras.Input((32, 32, 3), name="image")
    pool = keras.layers.MaxPooling2D(2, name="pool")(image)
    model = keras.Model(image, keras.layers.Conv2D(4, 3, name="conv")(pool))
    assert diagnose(model).ok
    finding = diagnose(model, (4, 4, 3)).errors[0]
    assert (finding.layer, finding.culprit) == ("conv", "pool")
    with pytest.raises(ValueError, match="matching shapes") as caught:
        keras.layers.Concatenate(name="join")([image, pool])
    assert diagnose(caught.value).errors[0].layer == "join"


GROUPED = "The number of filters must be evenly divisible by the number of groups"


def refused_json():
    model = cl.Sequential([cl.Input((28, 28, 4)), cl.Conv2D(4, 3, groups=2, name="conv")])
    return model.to_json().replace('"groups": 2', '"groups": 3')


def test_json_of_a_layer_that_cannot_be_made_is_found_and_mended():
    (finding,) = cl.diagnose(refused_json()).findings
    assert (finding.kind, finding.layer, finding.axis) == ("groups", "conv", "channels")
    assert GROUPED in finding.message
    assert [fix.summary for fix in finding.fixes][:3] == [
        "groups=2 in conv",
        "groups=4 in conv",
        "groups=1 in conv",
    ]
    for fix in finding.fixes:  # four channels come in: three groups cannot be
        assert fix.apply().get_layer("conv").groups in (1, 2, 4)
    assert finding.fixes[0].code == (
        "-Conv2D(4, 3, groups=3, name='conv')\n+Conv2D(4, 3, groups=2, name='conv')\n"
    )


def test_a_file_of_a_layer_that_cannot_be_made_is_told(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(refused_json())
    (finding,) = cl.diagnose(path).findings
    assert (finding.kind, finding.layer) == ("groups", "conv")
    assert finding.fixes


def test_the_exception_of_a_constructor_is_the_innermost_layers():
    class Block(cl.layers.Layer):
        def __init__(self, filters):
            super().__init__()
            self.conv = cl.Conv2D(filters, 3, groups=3, name="third")

    with pytest.raises(ValueError, match=GROUPED) as caught:
        Block(4)
    (finding,) = cl.diagnose(caught.value).findings
    assert (finding.kind, finding.layer) == ("groups", "third")
    assert "\\n" not in finding.message
    assert finding.fixes[0].changes[0].name == "groups"


@pytest.mark.parametrize(
    ("message", "kind", "remedy"),
    [
        (
            'Input 0 of layer "conv2d" is incompatible with the layer: expected min_ndim=4, found '
            "ndim=3. Full shape received: (None, 28, 28)",
            "missing-channel-axis",
            r"x\[\.\.\., np\.newaxis\]",
        ),
        (
            "Error when checking target: expected conv2d_7 to have shape (28, 28, 1) but got array "
            "with shape (32, 32, 1)",
            "output-size",
            r"model\.output_shape",
        ),
    ],
)
def test_a_message_that_names_no_class_is_told_with_what_helps(message, kind, remedy):
    (finding,) = cl.diagnose(f"ValueError: {message}").findings
    assert finding.kind == kind
    assert re.search(remedy, finding.remedy)
    assert "convlab.diagnose(model)" in finding.remedy
