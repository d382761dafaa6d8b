"""Programs that fail with a shape error, and what must be found of each: the judge is real Keras.

`record_tracebacks.py` runs them under a Keras of any version and keeps what it prints; the tests
of live exceptions run them under the installed one.
"""

from typing import NamedTuple

BEGIN = """\
import numpy as np
import keras
from keras import layers

"""


class Case(NamedTuple):
    """A program that fails, and what is known of it.

    `layer` is the class of the layer that fails, `shapes` what went in, batch left out; `rows` is
    how many calls the graph has that can be read from the live exception, the inputs too.
    """

    code: str
    layer: str
    shapes: tuple
    rows: int
    kind: str


CASES = {
    "concatenate": Case(
        """\
inputs = keras.Input((100, 100, 3), name="image")
down = layers.Conv2D(8, 3, padding="same", name="enc1")(inputs)
pool = layers.MaxPooling2D(2, name="pool1")(down)
deep = layers.Conv2D(16, 3, name="deep")(pool)
up = layers.UpSampling2D(2, name="up1")(deep)
merged = layers.Concatenate(name="skip1")([down, up])
model = keras.Model(inputs, merged)
""",
        "Concatenate",
        ((100, 100, 8), (96, 96, 16)),
        6,
        "join-sizes",
    ),
    "add": Case(
        """\
inputs = keras.Input((32, 32, 16))
x = layers.Conv2D(16, 3, strides=2, padding="same", name="main")(inputs)
x = layers.Add(name="residual")([x, inputs])
""",
        "Add",
        ((16, 16, 16), (32, 32, 16)),
        3,
        "join-sizes",
    ),
    "conv_too_small": Case(
        """\
inputs = keras.Input((8, 8, 1))
x = layers.Conv2D(4, 3, name="a")(inputs)
x = layers.MaxPooling2D(3, name="b")(x)
x = layers.Conv2D(16, 5, name="c")(x)
""",
        "Conv2D",
        ((2, 2, 4),),
        4,
        "negative-size",
    ),
    "sequential_pool": Case(
        """\
model = keras.Sequential([
    keras.Input((4, 4, 3)),
    layers.Conv2D(8, 3, name="first"),
    layers.MaxPooling2D((3, 3), name="pool"),
    layers.Flatten(name="flat"),
    layers.Dense(10, name="classes"),
])
""",
        "MaxPooling2D",
        ((2, 2, 8),),
        5,
        "negative-size",
    ),
    "conv1d_sequential_add": Case(
        """\
model = keras.Sequential()
model.add(keras.Input((10, 2)))
model.add(layers.Conv1D(8, 7, name="wide"))
model.add(layers.Conv1D(8, 7, name="too_wide"))
""",
        "Conv1D",
        ((4, 8),),
        3,
        "negative-size",
    ),
    "rank": Case(
        """\
inputs = keras.Input((28, 28), name="picture")
x = layers.Conv2D(4, 3, name="needs_channels")(inputs)
""",
        "Conv2D",
        ((28, 28),),
        2,
        "missing-channel-axis",
    ),
    "channels_of_shared_layer": Case(
        """\
shared = layers.Conv2D(4, 3, name="shared")
a = shared(keras.Input((28, 28, 3), name="rgb"))
b = shared(keras.Input((28, 28, 1), name="grey"))
""",
        "Conv2D",
        ((28, 28, 1),),
        4,
        "channels",
    ),
    "groups": Case(
        """\
inputs = keras.Input((16, 16, 3))
x = layers.Conv2D(8, 3, groups=2, name="grouped")(inputs)
""",
        "Conv2D",
        ((16, 16, 3),),
        2,
        "groups",
    ),
    "dense_of_unknown": Case(
        """\
inputs = keras.Input((None, None, 3))
x = layers.Conv2D(4, 3, name="features")(inputs)
x = layers.Flatten(name="flat")(x)
x = layers.Dense(10, name="classes")(x)
""",
        "Dense",
        ((None,),),
        4,
        "unknown-size",
    ),
    "reshape": Case(
        """\
inputs = keras.Input((100,))
x = layers.Dense(7 * 7 * 64, name="project")(inputs)
x = layers.Reshape((7, 7, 128), name="picture")(x)
""",
        "Reshape",
        ((3136,),),
        3,
        "reshape",
    ),
    "cropping": Case(
        """\
inputs = keras.Input((6, 6, 3))
x = layers.Cropping2D(((3, 3), (1, 1)), name="crop")(inputs)
x = layers.Conv2D(2, 3, name="after")(x)
""",
        "Cropping2D",
        ((6, 6, 3),),
        2,
        "negative-size",
    ),
    "functional_plus": Case(
        """\
inputs = keras.Input((32, 32, 4))
a = layers.Conv2D(8, 3, name="a")(inputs)
b = layers.Conv2D(8, 5, name="b")(inputs)
x = a + b
""",
        "Add",
        ((30, 30, 8), (28, 28, 8)),
        4,
        "join-sizes",
    ),
    "subclassed": Case(
        """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv1 = layers.Conv2D(4, 3, name="conv1")
        self.pool = layers.MaxPooling2D(4, name="pool")
        self.conv2 = layers.Conv2D(8, 3, name="conv2")

    def call(self, x):
        x = self.conv1(x)
        x = self.pool(x)
        return self.conv2(x)

net = Net()
net(np.zeros((1, 10, 10, 3), "float32"))
""",
        "Conv2D",
        ((2, 2, 4),),
        4,
        "negative-size",
    ),
    "subclassed_concatenate": Case(
        """\
class Skip(keras.Model):
    def __init__(self):
        super().__init__()
        self.down = layers.Conv2D(4, 3, strides=2, padding="same", name="down")
        self.up = layers.Conv2DTranspose(4, 3, strides=2, padding="same", name="up")
        self.join = layers.Concatenate(name="join")

    def call(self, x):
        y = self.up(self.down(x))
        return self.join([x, y])

skip = Skip()
skip(np.zeros((2, 9, 9, 3), "float32"))
""",
        "Concatenate",
        ((9, 9, 3), (10, 10, 4)),
        4,
        "join-sizes",
    ),
    "called_without_channels": Case(
        """\
model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, 3, name="conv")])
model(np.zeros((2, 28, 27, 1), "float32")[0])
""",
        "Conv2D",
        ((27, 1, 1),),
        2,
        "missing-batch-axis",
    ),
    "dense_after_reading": Case(
        """\
model = keras.Sequential([
    keras.Input((16, 16, 1)),
    layers.Flatten(),
    layers.Dense(10, name="classes"),
], name="reader")
model.predict(np.zeros((2, 20, 20, 1), "float32"), verbose=0)
""",
        "Dense",
        ((400,),),
        3,
        "channels",
    ),
    "unknown_until_run": Case(
        """\
inputs = keras.Input((None, None, 1), name="any_size")
down = layers.MaxPooling2D(2, name="half")(inputs)
up = layers.UpSampling2D(2, name="double")(down)
merged = layers.Concatenate(name="skip")([inputs, up])
model = keras.Model(inputs, merged, name="unet")
model.predict(np.zeros((1, 25, 24, 1), "float32"), verbose=0)
""",
        "Concatenate",
        ((25, 24, 1), (24, 24, 1)),
        4,
        "join-sizes",
    ),
    "fit_another_size": Case(
        """\
inputs = keras.Input((46, 46, 1))
x = layers.Conv2D(4, 3, strides=2, padding="same", name="code")(inputs)
x = layers.Conv2DTranspose(4, 3, strides=2, name="back")(x)
x = layers.Conv2D(1, 3, padding="same", name="picture")(x)
model = keras.Model(inputs, x, name="autoencoder")
model.compile("sgd", "mse")
data = np.zeros((2, 46, 46, 1), "float32")
model.fit(data, data, verbose=0)
""",
        "Functional",
        ((46, 46, 1),),
        4,
        "output-size",
    ),
    "nested": Case(
        """\
part = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3, name="inner")], name="part")
inputs = keras.Input((8, 8, 3))
x = part(inputs)
x = layers.AveragePooling2D(8, name="too_large")(x)
""",
        "AveragePooling2D",
        ((6, 6, 4),),
        4,
        "negative-size",
    ),
    "illegal_pair": Case(
        """\
inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(8, 3, strides=2, dilation_rate=2, name="both")(inputs)
""",
        "Conv2D",
        (),
        0,
        "illegal-arguments",
    ),
}
