"""Code of plain layer calls, read as data: the same network as running it gives."""

import textwrap

import pytest

import convlab as cl
from convlab import layers
from convlab.layers.naming import named_anew
from convlab.layers.node import watched_by
from convlab.models.code.reading import read_code
from convlab.models.forgiving import Forgiving

UNET = """
inputs = Input((100, 100, 3))
skips, x = [], inputs
for i, filters in enumerate([8, 16, 32]):
    x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"enc{i}")(x)
    skips.append(x)
    x = layers.MaxPooling2D()(x)
for i, skip in reversed(list(enumerate(skips))):
    x = layers.Conv2DTranspose(8 * 2**i, 2, strides=2)(x)
    x = layers.concatenate([x, skip], axis=-1)
    x = layers.Conv2D(8 * 2**i, 3, padding="same", name="dec%d" % i)(x)
model = Model(inputs, layers.Conv2D(1, 1)(x))
"""

PROGRAMS = {
    "unet in loops": UNET,
    "a list of layers": """
model = Sequential([
    Input(shape=(28, 28, 1)),
    layers.Conv2D(8, 3, kernel_initializer="he_normal", kernel_regularizer="l2"),
    *[layers.Conv2D(4, (3, 1), name="c" + str(i)) for i in range(3) if i != 1],
    layers.Flatten(), layers.Dense(10, activation="softmax"),
], name="chain")
""",
    "a chain that is added to": """
model = Sequential()
model.add(layers.Conv1D(4, 3, input_shape=(20, 2)))
while len(model.layers) < 4:
    model.add(layers.Conv1D(4, 3, strides=2 if len(model.layers) == 2 else 1))
""",
    "functions with defaults and more arguments": """
def block(x, filters, kernel=3, *, pool=False, **options):
    '''A block.'''
    x = layers.Conv2D(filters, kernel, **options)(x)
    if pool:
        return layers.MaxPooling2D(2)(x), x
    return x

make = lambda x, n: block(x, n, padding="same")
inputs = Input((32, 32, 3))
x, skip = block(make(inputs, 4), filters=8, pool=True)
x = layers.Add()([make(x, 8), x])
out = layers.GlobalAveragePooling2D()(x)
model = Model(inputs=[inputs], outputs=[out, skip])
""",
    "operators and slices": """
inputs = Input((16, 8))
a = layers.Dense(8)(inputs)
x = (a + inputs) * 0.5 - a / 2
y = x[:, 1:, :4]
model = Model(inputs, [x, -y])
""",
    "sizes that are computed": """
height, width = 64, 48
sizes = {"kernel": (3, 5)}
inputs = Input((height, width // 2, 1))
x = layers.Conv2D(filters=2**4, kernel_size=sizes["kernel"])(inputs)
rows, columns, channels = x.shape[1:]
x = layers.Flatten()(x)
x = layers.Dense(rows * columns * channels)(x)
x = layers.Reshape((rows, columns, channels))(x)
model = Model(inputs, x)
""",
    "a model within a model": """
inner_in = Input((8, 8, 3))
inner = Model(inner_in, layers.Conv2D(4, 3, name="inside")(inner_in), name="inner")
inputs = Input((8, 8, 3))
model = Model(inputs, layers.Flatten()(inner(inputs)))
""",
    "a conflict in the middle": """
inputs = Input((9, 9, 3))
x = layers.UpSampling2D()(layers.MaxPooling2D()(inputs))
x = layers.Concatenate()([x, inputs])
x = layers.Conv2D(4, 3, groups=4)(x)
model = Model(inputs, x)
""",
}


def run(code):
    """What the code builds when Python runs it, with our layers under Keras's names."""
    names = {"layers": layers, "Input": cl.Input, "Model": cl.Model, "Sequential": cl.Sequential}
    with named_anew(), watched_by(Forgiving()):
        exec(code, names)
        return names["model"]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
def test_what_is_read_is_what_runs(name):
    ran, read = run(PROGRAMS[name]), read_code(PROGRAMS[name]).model
    assert read.get_config() == ran.get_config()
    assert str(cl.trace(read)) == str(cl.trace(ran))


IMPORTS = [
    ("from keras import layers, Input, Model", "layers.Conv2D", "Input", "Model"),
    ("from tensorflow.keras import layers as L\nimport tensorflow as tf", "L.Conv2D",
     "tf.keras.Input", "tf.keras.models.Model"),
    ("import tensorflow.keras as tk", "tk.layers.Conv2D", "tk.layers.Input", "tk.Model"),
    ("from keras.layers import *\nfrom keras.models import *", "Conv2D", "Input", "Model"),
    ("from keras.layers.convolutional import Conv2D as C", "C", "Input", "Model"),
    ("import tf_keras", "tf_keras.layers.Conv2D", "tf_keras.Input", "tf_keras.Model"),
    ("import convlab as cl", "cl.Conv2D", "cl.Input", "cl.Model"),
    ("import keras as k\nConv = k.layers.Conv2D", "Conv", "k.Input", "k.Model"),
    ("", "keras.layers.Conv2D", "keras.Input", "keras.Model"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "conv", "begin", "model"), IMPORTS)
def test_any_way_to_import_keras(head, conv, begin, model):
    code = f"{head}\nx = {begin}(shape=(8, 8, 1))\nm = {model}(x, {conv}(4, 3, name='c')(x))"
    found = read_code(code)
    assert found.model.output_shape == (None, 6, 6, 4)
    assert found.made["c"] == found.called["c"] == len(head.split("\n")) + 2


def test_what_has_nothing_to_do_with_the_network_is_passed_over():
    code = UNET + textwrap.dedent("""
    import numpy as np, os
    import matplotlib.pyplot as plt
    %matplotlib inline
    !pip install keras
    data = np.load("x.npy")[..., None] / 255.0
    (x_train, y_train), _ = keras.datasets.mnist.load_data()
    if os.path.exists("weights.h5"):
        model.load_weights("weights.h5")
    for batch in data:
        plt.imshow(batch)
    with open("log") as f:
        f.write("x")
    try:
        history = model.fit(x_train, y_train, epochs=3)
    except ValueError as error:
        print(error)
    plt.plot(history.history["loss"])
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse", metrics=["mae"])
    print(f"{model.count_params():,}")
    """)
    assert str(cl.trace(read_code(code).model)) == str(cl.trace(run(UNET)))


def test_prompts_of_an_interpreter_are_taken_out():
    found = read_code(
        ">>> x = Input((8, 3))\n>>> for i in range(2):\n...     x = Conv1D(4, 3)(x)\n"
    )
    assert found.model.output_shape == (None, 4, 4)
    assert found.called == {"conv1d": 3, "conv1d_1": 3}
    assert read_code("In [3]: x = Dense(4)(Input((3,)))").model.output_shape == (None, 4)


def test_a_subclassed_model_is_read_when_it_is_called():
    found = read_code("""
class Down(keras.layers.Layer):
    def __init__(self, filters, **kwargs):
        super(Down, self).__init__(**kwargs)
        self.filters = filters
    def build(self, input_shape):
        self.conv = Conv2D(self.filters, 3, strides=2, name="conv%d" % input_shape[-1])
    def call(self, inputs, training=None):
        return tf.nn.relu(self.conv(inputs))

class Net(tf.keras.Model):
    def __init__(self, depth=2):
        super().__init__()
        self.downs = [Down(2 ** (i + 2)) for i in range(depth)]
        self.head = Dense(10, name="head")
    def call(self, x):
        for down in self.downs:
            x = down(x)
        return self.head(tf.reduce_mean(x, axis=[1, 2]))

net = Net()
y = net(tf.random.normal((4, 28, 28, 1)))
""")
    rows = cl.trace(found.model).rows
    assert [row.class_name for row in rows] == [
        *("InputLayer", "Conv2D", "TFOpLambda", "Conv2D", "TFOpLambda", "TFOpLambda", "Dense")
    ]
    assert [row.name for row in rows if row.class_name == "Conv2D"] == ["conv1", "conv4"]
    assert found.model.output_shape == (None, 10)


def test_arrays_tell_what_a_model_is_called_on_and_what_is_wanted():
    head = "import numpy as np\nm = Sequential([Input((8, 8, 1)), Conv2D(1, 3)])\n"
    found = read_code(head + "m.fit(np.zeros((5, 8, 8, 1)), np.ones((5, 7, 7, 1)))")
    assert (found.input_shapes, found.output_shape) == ((5, 8, 8, 1), (5, 7, 7, 1))
    found = read_code(head + "m.predict(np.random.rand(5, 9, 8, 1)[0])")
    assert (found.input_shapes, found.output_shape) == ((9, 8, 1), None)


def test_the_model_that_cannot_be_built_is_the_one_that_is_meant():
    found = read_code("""
a = Sequential([Input((8, 8, 1)), Conv2D(1, 3)], name="fits")
b = Sequential([Input((8, 8, 1)), Conv2D(1, 9)], name="broken")
c = Sequential([Input((8, 8, 1)), Conv2D(1, 3)], name="fits_too")
""")
    assert [model.name for model in found.models] == ["fits", "broken", "fits_too"]
    assert found.model.name == "broken"


def test_layers_that_no_model_is_made_of_count_too():
    found = read_code("x = Input((8, 8, 1))\ny = Conv2D(2, 3)(x)\nz = Conv2D(3, 5)(x)")
    assert [tensor.shape for tensor in found.model.outputs] == [(None, 6, 6, 2), (None, 4, 4, 3)]


def test_names_count_from_the_start_and_go_on_after_it():
    def number(name):  # the first of its kind has none
        return int("0" + name.removeprefix("conv2d").lstrip("_"))

    before = layers.Conv2D(1, 1).name
    assert set(read_code("Conv2D(1, 1)(Input((3, 3, 1)))").made) == {"input_layer", "conv2d"}
    after = layers.Conv2D(1, 1).name
    assert number(after) == number(before) + 1


def test_activations_and_the_like_that_are_not_known_change_no_shape():
    found = read_code("""
from keras.initializers import he_normal
def swish(x):
    return x * K.sigmoid(x)
x = Input((8, 8, 1))
y = Conv2D(4, 3, activation=swish, kernel_initializer=he_normal(seed=3),
           kernel_regularizer=keras.regularizers.l2(1e-4), name=None)(x)
y = Dense(3, activation=tf.nn.relu, dtype=tf.float32)(y)
y = Dense(3, activation=keras.layers.LeakyReLU(0.1))(y)
y = Lambda(lambda t: t[:, ::2])(y)
""")
    assert found.model.output_shape == (None, 3, 6, 3)
    assert found.model.get_layer("dense").activation.__name__ == "relu"
