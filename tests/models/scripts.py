"""Scripts that build models, as Keras's guides and the papers' readers write them.

The same text runs with Keras and with convlab: only the names after `import` differ. Each script
leaves one or more models behind, under the names that `MODELS` tells.
"""

SETUP = """
import keras
import numpy as np
from keras import layers
"""


def run(source, package):
    """Run a script with a package in Keras's place; gives the names that it leaves behind."""
    text = (SETUP + source).replace("import keras", f"import {package} as keras")
    names = {}
    exec(compile(text.replace("from keras ", f"from {package} "), "script", "exec"), names)
    return names


SCRIPTS = {
    # The guide to the functional API
    "mnist": """
inputs = keras.Input(shape=(784,))
dense = layers.Dense(64, activation="relu")
x = dense(inputs)
x = layers.Dense(64, activation="relu")(x)
outputs = layers.Dense(10)(x)
model = keras.Model(inputs=inputs, outputs=outputs, name="mnist_model")
""",
    "autoencoder from one graph": """
encoder_input = keras.Input(shape=(28, 28, 1), name="img")
x = layers.Conv2D(16, 3, activation="relu")(encoder_input)
x = layers.Conv2D(32, 3, activation="relu")(x)
x = layers.MaxPooling2D(3)(x)
x = layers.Conv2D(32, 3, activation="relu")(x)
x = layers.Conv2D(16, 3, activation="relu")(x)
encoder_output = layers.GlobalMaxPooling2D()(x)

encoder = keras.Model(encoder_input, encoder_output, name="encoder")

x = layers.Reshape((4, 4, 1))(encoder_output)
x = layers.Conv2DTranspose(16, 3, activation="relu")(x)
x = layers.Conv2DTranspose(32, 3, activation="relu")(x)
x = layers.UpSampling2D(3)(x)
x = layers.Conv2DTranspose(16, 3, activation="relu")(x)
decoder_output = layers.Conv2DTranspose(1, 3, activation="relu")(x)

model = keras.Model(encoder_input, decoder_output, name="autoencoder")
""",
    "autoencoder of two models": """
encoder_input = keras.Input(shape=(28, 28, 1), name="original_img")
x = layers.Conv2D(16, 3, activation="relu")(encoder_input)
x = layers.Conv2D(32, 3, activation="relu")(x)
x = layers.MaxPooling2D(3)(x)
x = layers.Conv2D(32, 3, activation="relu")(x)
x = layers.Conv2D(16, 3, activation="relu")(x)
encoder_output = layers.GlobalMaxPooling2D()(x)
encoder = keras.Model(encoder_input, encoder_output, name="encoder")

decoder_input = keras.Input(shape=(16,), name="encoded_img")
x = layers.Reshape((4, 4, 1))(decoder_input)
x = layers.Conv2DTranspose(16, 3, activation="relu")(x)
x = layers.Conv2DTranspose(32, 3, activation="relu")(x)
x = layers.UpSampling2D(3)(x)
x = layers.Conv2DTranspose(16, 3, activation="relu")(x)
decoder_output = layers.Conv2DTranspose(1, 3, activation="relu")(x)
decoder = keras.Model(decoder_input, decoder_output, name="decoder")

autoencoder_input = keras.Input(shape=(28, 28, 1), name="img")
encoded_img = encoder(autoencoder_input)
decoded_img = decoder(encoded_img)
model = keras.Model(autoencoder_input, decoded_img, name="autoencoder")
""",
    "ensemble": """
def get_model():
    inputs = keras.Input(shape=(128,))
    outputs = layers.Dense(1)(inputs)
    return keras.Model(inputs, outputs)

model1 = get_model()
model2 = get_model()
model3 = get_model()

inputs = keras.Input(shape=(128,))
y1 = model1(inputs)
y2 = model2(inputs)
y3 = model3(inputs)
outputs = layers.average([y1, y2, y3])
model = keras.Model(inputs=inputs, outputs=outputs)
""",
    "several inputs and outputs": """
num_tags = 12
num_words = 100
num_departments = 4

title_input = keras.Input(shape=(None, 16), name="title")
body_input = keras.Input(shape=(None, 16), name="body")
tags_input = keras.Input(shape=(num_tags,), name="tags")

title_features = layers.GlobalMaxPooling1D()(layers.Conv1D(128, 3, padding="same")(title_input))
body_features = layers.GlobalMaxPooling1D()(layers.Conv1D(32, 3, padding="same")(body_input))

x = layers.concatenate([title_features, body_features, tags_input])

priority_pred = layers.Dense(1, name="priority")(x)
department_pred = layers.Dense(num_departments, name="department")(x)

model = keras.Model(
    inputs=[title_input, body_input, tags_input],
    outputs={"priority": priority_pred, "department": department_pred},
)
""",
    "toy resnet": """
inputs = keras.Input(shape=(32, 32, 3), name="img")
x = layers.Conv2D(32, 3, activation="relu")(inputs)
x = layers.Conv2D(64, 3, activation="relu")(x)
block_1_output = layers.MaxPooling2D(3)(x)

x = layers.Conv2D(64, 3, activation="relu", padding="same")(block_1_output)
x = layers.Conv2D(64, 3, activation="relu", padding="same")(x)
block_2_output = layers.add([x, block_1_output])

x = layers.Conv2D(64, 3, activation="relu", padding="same")(block_2_output)
x = layers.Conv2D(64, 3, activation="relu", padding="same")(x)
block_3_output = layers.add([x, block_2_output])

x = layers.Conv2D(64, 3, activation="relu")(block_3_output)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(256, activation="relu")(x)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(10)(x)

model = keras.Model(inputs, outputs, name="toy_resnet")
""",
    "shared layers": """
shared_convolution = layers.Conv1D(8, 3)
text_input_a = keras.Input(shape=(None, 4), dtype="float32")
text_input_b = keras.Input(shape=(None, 4), dtype="float32")
encoded_input_a = shared_convolution(text_input_a)
encoded_input_b = shared_convolution(text_input_b)
model = keras.Model([text_input_a, text_input_b], [encoded_input_a, encoded_input_b])
""",
    "features of every layer": """
inputs = keras.Input((16, 16, 3))
x = inputs
for filters in (4, 8):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.MaxPooling2D()(x)
vgg = keras.Model(inputs, layers.Flatten()(x))
features_list = [layer.output for layer in vgg.layers]
model = keras.Model(inputs=vgg.input, outputs=features_list)
""",
    # The guide to Sequential
    "sequential": """
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu", name="layer1"),
        layers.Dense(3, activation="relu", name="layer2"),
        layers.Dense(4, name="layer3"),
    ]
)
x = np.ones((3, 3), "float32")
y = model(x)
""",
    "sequential by add": """
model = keras.Sequential(name="my_sequential")
model.add(keras.Input(shape=(4,)))
model.add(layers.Dense(2, activation="relu", name="layer1"))
model.add(layers.Dense(3, activation="relu"))
model.add(layers.Dense(4))
model.pop()
assert len(model.layers) == 2
""",
    "sequential of images": """
model = keras.Sequential()
model.add(keras.Input(shape=(250, 250, 3)))
model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(2))
model.add(layers.GlobalMaxPooling2D())
model.add(layers.Dense(10))
""",
    "feature extraction": """
initial_model = keras.Sequential(
    [
        keras.Input(shape=(50, 50, 3)),
        layers.Conv2D(32, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, activation="relu", name="my_intermediate_layer"),
        layers.Conv2D(32, 3, activation="relu"),
    ]
)
model = keras.Model(
    inputs=initial_model.inputs,
    outputs=initial_model.get_layer(name="my_intermediate_layer").output,
)
""",
    "transfer learning": """
base_model = keras.Sequential([
    keras.Input((24, 24, 3)),
    layers.Conv2D(8, 3, name="conv"), layers.BatchNormalization(name="norm"),
    layers.ReLU(), layers.GlobalAveragePooling2D(),
], name="base")
base_model.trainable = False
inputs = keras.Input(shape=(24, 24, 3))
x = layers.RandomFlip("horizontal")(inputs)
x = layers.Rescaling(scale=1 / 127.5, offset=-1)(x)
x = base_model(x, training=False)
x = layers.Dropout(0.2)(x)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
""",
    "frozen in part": """
model = keras.Sequential([
    keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Conv2D(2, 3),
    layers.Flatten(), layers.Dense(3, activation="softmax"),
])
for layer in model.layers[:-1]:
    layer.trainable = False
model.layers[1].trainable = True
""",
    "sequential of sequentials": """
inner = keras.Sequential([layers.Conv2D(4, 3, padding="same"), layers.LeakyReLU(0.2)])
model = keras.Sequential([keras.Input((8, 8, 3)), inner, layers.Flatten(), layers.Dense(2)])
""",
    # What is written every day
    "unet": """
def conv_block(x, filters):
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal")(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
    return x

inputs = layers.Input((None, None, 3))
skips = []
x = inputs
for filters in (4, 8):
    x = conv_block(x, filters)
    skips.append(x)
    x = layers.MaxPooling2D((2, 2))(x)
x = conv_block(x, 16)
for filters, skip in zip((8, 4), reversed(skips)):
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    x = conv_block(x, filters)
outputs = layers.Conv2D(2, 1, activation="softmax")(x)
model = keras.models.Model(inputs=[inputs], outputs=[outputs])
""",
    "unet for image segmentation": """
inputs = keras.Input(shape=(32, 32) + (3,))
x = layers.Conv2D(32, 3, strides=2, padding="same")(inputs)
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
previous_block_activation = x
for filters in [8, 16]:
    x = layers.Activation("relu")(x)
    x = layers.SeparableConv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    residual = layers.Conv2D(filters, 1, strides=2, padding="same")(previous_block_activation)
    x = layers.add([x, residual])
    previous_block_activation = x
for filters in [16, 8, 4]:
    x = layers.Activation("relu")(x)
    x = layers.Conv2DTranspose(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.UpSampling2D(2)(x)
    residual = layers.UpSampling2D(2)(previous_block_activation)
    residual = layers.Conv2D(filters, 1, padding="same")(residual)
    x = layers.add([x, residual])
    previous_block_activation = x
outputs = layers.Conv2D(3, 3, activation="softmax", padding="same")(x)
model = keras.Model(inputs, outputs)
""",
    "arithmetic on symbols": """
inputs = keras.Input((8, 8, 4))
x = layers.Conv2D(4, 3, padding="same")(inputs)
x = x * 0.5 + inputs
x = 1 - x[:, 1:-1, 1:-1] / 2
x = x ** 2
x = -abs(x)
model = keras.Model(inputs, x)
""",
    "squeeze and excite": """
def squeeze_excite(x, ratio=4):
    filters = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(filters // ratio, activation="relu", use_bias=False)(s)
    s = layers.Dense(filters, activation="sigmoid", use_bias=False)(s)
    return layers.multiply([x, s])

inputs = keras.Input((8, 8, 3))
x = layers.Conv2D(8, 3)(inputs)
x = squeeze_excite(x)
height, width, channels = x.shape[1:]
x = layers.Reshape((height * width, channels))(x)
x = layers.Permute((2, 1))(x)
x = layers.LayerNormalization(epsilon=1e-6)(x)
x = layers.Softmax()(x)
model = keras.Model(inputs=inputs, outputs=x)
""",
    "layers named by their use": """
inputs = keras.layers.Input(shape=(10, 10, 1), name="image")
tower_1 = keras.layers.Conv2D(4, (1, 1), padding="same", activation="relu")(inputs)
tower_1 = keras.layers.Conv2D(4, (3, 3), padding="same", activation="relu")(tower_1)
tower_2 = keras.layers.MaxPooling2D((3, 3), strides=(1, 1), padding="same")(inputs)
tower_2 = keras.layers.Conv2D(4, (1, 1), padding="same", activation="relu")(tower_2)
joined = keras.layers.concatenate([tower_1, tower_2], axis=-1)
largest = keras.layers.maximum([tower_1, tower_2])
smallest = keras.layers.minimum([tower_1, tower_2])
difference = keras.layers.subtract([largest, smallest])
model = keras.models.Model(inputs=inputs, outputs=[joined, difference], name="towers")
""",
    "inputs by name": """
a = keras.Input((6, 6, 1), name="first")
b = keras.Input((6, 6, 1), name="second")
x = layers.Concatenate(axis=-1)([a, b])
x = layers.Conv2D(2, 3)(x)
model = keras.Model(inputs={"first": a, "second": b}, outputs={"both": x})
""",
    "a model called twice": """
tower = keras.Sequential([keras.Input((12, 1)), layers.Conv1D(4, 3), layers.GlobalMaxPooling1D()])
a, b = keras.Input((12, 1)), keras.Input((12, 1))
x = layers.Subtract()([tower(a), tower(b)])
model = keras.Model([a, b], layers.Dense(1)(x))
""",
    "in three dimensions": """
inputs = keras.Input((8, 8, 8, 1))
x = layers.Conv3D(filters=4, kernel_size=3, activation="relu")(inputs)
x = layers.MaxPool3D(pool_size=2)(x)
x = layers.BatchNormalization()(x)
x = layers.GlobalAveragePooling3D()(x)
x = layers.Dense(units=8, activation="relu")(x)
x = layers.Dropout(0.3)(x)
outputs = layers.Dense(units=1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs, name="3dcnn")
""",
    "mixed precision": """
inputs = keras.Input((8, 8, 3), dtype="float16")
x = layers.Conv2D(4, 3, dtype="mixed_float16")(inputs)
x = layers.Dense(2, dtype="float32")(x)
model = keras.Model(inputs, x)
""",
    "double precision": """
inputs = keras.Input((8, 8, 3), dtype="float64")
x = layers.Conv2D(4, 3, dtype="float64")(inputs)
x = layers.GlobalAveragePooling2D(dtype="float64")(x)
model = keras.Model(inputs, x)
""",
    "frames of a film": """
inp = layers.Input(shape=(None, 8, 8, 1))
x = layers.ConvLSTM2D(filters=4, kernel_size=(5, 5), padding="same", return_sequences=True,
    activation="relu")(inp)
x = layers.BatchNormalization()(x)
x = layers.ConvLSTM2D(filters=4, kernel_size=(3, 3), padding="same", return_sequences=True)(x)
x = layers.Conv3D(filters=1, kernel_size=(3, 3, 3), activation="sigmoid", padding="same")(x)
model = keras.models.Model(inp, x)
""",
    "one-dimensional wavenet": """
x = inputs = keras.Input((None, 1))
skips = []
for rate in (1, 2, 4, 8):
    y = layers.Conv1D(4, 2, padding="causal", dilation_rate=rate)(x)
    gate = layers.Activation("tanh")(y) * layers.Activation("sigmoid")(y)
    z = layers.Conv1D(4, 1)(gate)
    skips.append(z)
    x = z + layers.Conv1D(4, 1)(x) if rate > 1 else z
outputs = layers.ReLU()(layers.Add()(skips))
model = keras.Model(inputs, outputs)
""",
    "an input that is unused by one output": """
a = keras.Input((4,), name="a")
b = keras.Input((3,), name="b")
model = keras.Model([a, b], [layers.Dense(2)(a), b])
""",
    "from the middle of another model": """
whole = keras.Sequential([
    keras.Input((16, 16, 3)), layers.Conv2D(4, 3, name="first"), layers.Conv2D(4, 3, name="second"),
    layers.GlobalMaxPooling2D(name="pool"), layers.Dense(2, name="dense"),
])
model = keras.Model(whole.get_layer("first").output, whole.get_layer("pool").output)
""",
    "outputs in outputs": """
x = keras.Input((8, 1), name="x")
a = layers.Conv1D(2, 3, name="a")(x)
b = layers.Conv1D(3, 3, name="b")(a)
c = layers.Conv1D(4, 3, name="c")(b)
inner = keras.Model(x, {"one": a, "others": [c, b]}, name="inner")
y = keras.Input((8, 1), name="y")
found = inner(y)
model = keras.Model(y, [found["one"], layers.Concatenate(axis=1)(
    [layers.Conv1D(3, 1)(found["others"][0]), found["others"][1]])])
""",
    "one output in a list": """
x = keras.Input((4,))
inner = keras.Model([x], [layers.Dense(3)(x)])
y = keras.Input((4,))
model = keras.Model(y, layers.ReLU()(inner(y)[0]))
""",
    "a model as a layer of another": """
base = keras.Sequential([layers.Conv2D(4, 3, strides=2), layers.BatchNormalization()], name="base")
x = keras.Input((9, 9, 1))
y = base(x)
head = keras.Sequential([layers.GlobalAveragePooling2D(), layers.Dense(3)])
model = keras.Model(x, head(y))
""",
    "first layers that know the input": """
model = keras.Sequential()
model.add(layers.Conv2D(4, (3, 3), activation="relu", input_shape=(12, 12, 1)))
model.add(layers.MaxPooling2D(pool_size=(2, 2)))
model.add(layers.Dropout(0.25))
model.add(layers.Flatten())
model.add(layers.Dense(8, activation="relu"))
model.add(layers.Dense(2, activation="softmax"))
""",
    "built by hand": """
model = keras.Sequential([layers.Conv1D(2, 3), layers.Dense(3)])
model.build((None, 8, 4))
""",
    "channels first": """
x = keras.Input((3, 8, 8))
y = layers.ZeroPadding2D(1, data_format="channels_first")(x)
y = layers.UpSampling2D(2, data_format="channels_first")(y)
y = layers.GlobalMaxPooling2D(data_format="channels_first")(y)
model = keras.Model(x, y)
""",
}
