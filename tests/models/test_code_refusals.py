"""What code cannot say is refused in three parts; and names from a stranger do nothing."""

import ast

import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.models import to_code

FRAMEWORKS = ["keras", "torch", "r"]


def double(x):
    return 2 * x


class Own(layers.Conv2D):
    """A subclass, which may compute something else."""


def test_another_framework():
    with pytest.raises(ArgumentError, match="'keras', 'torch', 'r'") as caught:
        to_code(layers.Flatten(), "tensorflow")
    assert caught.value.argument == "framework"
    with pytest.raises(ArgumentError, match="Code is written for one of"):
        to_code(layers.Flatten(), ["keras"])


@pytest.mark.parametrize("subject", [None, "Conv2D(8, 3)", layers.Conv2D, 3])
def test_what_is_no_layer(subject):
    with pytest.raises(ArgumentError, match="Code is written of a layer or a model"):
        to_code(subject, "keras")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_activation_of_your_own(framework):
    layer = layers.Conv2D(2, 3, activation=double)
    layer.build((None, 8, 8, 1))
    with pytest.raises(DataError, match="activation is (a function|an object) of your own"):
        to_code(layer, framework)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_class_of_your_own(framework):
    layer = Own(2, 3)
    layer.build((None, 8, 8, 1))
    with pytest.raises(DataError, match="has no equal of Own"):
        to_code(layer, framework)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_lambda(framework):
    with pytest.raises(DataError, match="has no equal of Lambda"):
        to_code(layers.Lambda(double), framework)


@pytest.mark.parametrize(
    ("layer", "framework", "why"),
    [
        (layers.LocallyConnected1D(2, 3), "keras", "Use Keras 2, which is the package tf_keras"),
        (layers.LocallyConnected1D(2, 3), "r", "no function of it makes such a layer"),
        (layers.RMSNormalization(), "r", "no function of it makes such a layer"),
        (layers.LayerScale(0.1, 3), "keras", "not among Keras's layers"),
        (layers.Resizing(4, 4, antialias=True), "torch", "resizes otherwise"),
        (layers.ConvLSTM1D(2, 3, stateful=True), "torch", "keeps no state between calls"),
        (layers.Conv2D(2, 3, dtype="float16"), "torch", "rounds sums elsewhere"),
        (layers.Conv2D(2, 3, dtype="mixed_bfloat16"), "torch", "rounds sums elsewhere"),
        (layers.Dense(2, lora_rank=1), "torch", "low-rank update"),
        (layers.Conv2D(2, 3, lora_rank=1), "torch", "low-rank update"),
        (layers.BatchNormalization(axis=1), "r", "counts axes from 1"),
    ],
)
def test_no_equal(layer, framework, why):
    with pytest.raises(DataError, match=why) as caught:
        to_code(layer, framework)
    error = caught.value
    assert all([error.rule, error.received, error.remedy])


@pytest.mark.parametrize(
    "layer",
    [
        layers.DepthwiseConv2D(3),
        layers.SeparableConv1D(2, 3),
        layers.LocallyConnected2D(2, 3),
        layers.PReLU(),
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.Softmax(axis=(1, 2)),
        layers.Flatten(data_format="channels_first"),
        layers.Add(),
    ],
    ids=repr,
)
def test_pytorch_is_made_for_a_shape(layer):
    with pytest.raises(DataError, match="is made for") as caught:
        to_code(layer, "torch")
    assert caught.value.argument == "input_shape"
    assert "input_shape=" in caught.value.remedy


def test_layers_norm_over_other_axes():
    with pytest.raises(DataError, match="normalizes the last axes alone"):
        to_code(layers.LayerNormalization(axis=1), "torch", (None, 4, 5, 6))


def test_a_shape_that_does_not_fit():
    with pytest.raises(ShapeError, match="Conv2D"):
        to_code(layers.Conv2D(2, 3), "torch", (None, 8, 8))


def test_an_operation_that_is_not_written():
    x = cl.Input((4, 4))
    model = cl.Model(x, cl.layers.Dense(2)(x[..., None])[..., 0])
    with pytest.raises(DataError, match="does not write the operation 'get_item'"):
        to_code(model, "r")


def test_two_dtypes_in_one_model():
    chain = [cl.Input((8, 1)), layers.Conv1D(2, 3), layers.Dense(2, dtype="float64")]
    with pytest.raises(DataError, match="computes a model in one dtype"):
        to_code(cl.Sequential(chain), "torch")


@pytest.mark.parametrize("name", ['a"""\nimport os\nb = """', "x'; print(1); '", "1x1", "lambda"])
@pytest.mark.parametrize("framework", ["keras", "torch"])
def test_a_name_of_a_stranger_is_only_a_name(framework, name):
    """A file may call its layers as it likes: the code makes layers, and does nothing else."""
    image = cl.Input((8, 8, 1), name=name + "_in")
    y = layers.Conv2D(2, 3, name=name)(image)
    model = cl.Model(image, layers.Add(name="self")([y, y]), name=name)
    tree = ast.parse(to_code(model, framework))
    names = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    assert names <= {"keras", "torch", "math"}
    called = {
        n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and hasattr(n.func, "id")
    }
    assert not called & {"print", "exec", "eval", "open", "__import__"}
    assert '"""\nimport' not in to_code(model, "r")


def test_text_in_an_argument_stays_text():
    layer = layers.Rescaling("__import__('os').getpid()")
    assert to_code(layer, "keras").endswith("""layers.Rescaling("__import__('os').getpid()")\n""")
    with pytest.raises(DataError, match="an argument of it is not understood"):
        to_code(layer, "torch")


def test_a_value_that_is_no_plain_value():
    with pytest.raises(DataError, match="Code holds plain values"):
        to_code(layers.Rescaling(object()), "keras")
    with pytest.raises(DataError, match="Code holds plain values"):
        to_code(layers.Rescaling(object()), "r")
