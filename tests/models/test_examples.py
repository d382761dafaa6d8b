"""The networks that people know: their published sizes, and what is said of them."""

import applications
import pytest

import convlab as cl
from convlab.errors import ArgumentError
from convlab.models.examples import EXAMPLES, example

# The numbers of weights that keras.applications' documentation gives, and what the papers' own
# tables add up to.
PARAMS = {
    "vgg16": 138_357_544,
    "resnet50": 25_636_712,
    "mobilenet": 4_253_864,
    "unet-572": 31_030_658,
    "c3d": 79_991_015,
}


@pytest.mark.parametrize("name", PARAMS)
def test_weights(name):
    told = example(name)
    assert cl.trace(told.make(), told.input_shape).params == PARAMS[name]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("vgg16", (None, 1000)),
        ("resnet50", (None, 1000)),
        ("mobilenet", (None, 1000)),
        ("dcgan", (None, 64, 64, 3)),
        ("wavenet", (None, 512, 256)),
        ("c3d", (None, 487)),
        ("autoencoder", (None, 32, 32, 1)),
    ],
)
def test_outputs(name, shape):
    trace = cl.trace(example(name).make())
    assert trace.conflicts == ()
    assert trace.output_shape == shape


@pytest.mark.parametrize(("name", "join"), [("unet-572", "join4"), ("unet-100", "join3")])
def test_the_u_net_fails_where_it_is_said_to(name, join):
    told = example(name)
    assert [row.name for row in cl.trace(told.make(), told.input_shape).conflicts] == [join]
    assert cl.trace(told.make(), (576, 576, 1)).conflicts == ()


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "mobilenet"])
def test_the_layers_are_those_of_keras_applications(name):
    network = {"vgg16": "VGG16", "resnet50": "ResNet50", "mobilenet": "MobileNet"}[name]
    recorded = cl.model_from_json(applications.read_json(network))
    ours, theirs = cl.trace(example(name).make()), cl.trace(recorded)
    named = {row.name: (row.class_name, row.output_shape, row.params) for row in theirs.rows[1:]}
    assert {row.name: (row.class_name, row.output_shape, row.params) for row in ours.rows[1:]} == (
        named
    )


def test_what_the_sentences_say_of_receptive_fields():
    vgg, wavenet = (cl.trace(example(name).make()) for name in ("vgg16", "wavenet"))
    assert vgg["block1_conv1"].receptive_field.size == (3, 3)
    assert vgg["block5_pool"].receptive_field.size == (212, 212)
    assert wavenet["next_sample"].receptive_field.size == (257,)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_weights_are_made(name):
    model = EXAMPLES[name].make()
    assert not any(layer.built for layer in model.layers if layer.weighted)


@pytest.mark.parametrize("name", ["autoencoder", "wavenet", "unet-100"])
def test_an_example_can_be_written_and_read(name):
    model = EXAMPLES[name].make()
    again = cl.model_from_json(model.to_json())
    shape = EXAMPLES[name].input_shape
    assert cl.trace(again, shape).to_csv() == cl.trace(model, shape).to_csv()


def test_an_unknown_name():
    with pytest.raises(ArgumentError, match=r"(?s)no such example.*unet-572"):
        example("alexnet")
