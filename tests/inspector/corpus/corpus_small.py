"""Sizes that become zero or negative, and channels first read as channels last."""

from corpus_case import ANY, Case, argument, feed, insert, permute, remove, replace

PLANE = ("height", "width")
FORMAT = ("data-format", "negative-size")


def first_is(layer):
    """The layer told that its channels come first."""
    return argument(layer, "data_format", "channels_first")


CASES = [
    Case(
        id="four-convs-on-28",
        thread="keras-team/keras#12951",
        title="Error: Negative dimension size caused by subtracting 3 from 1",
        code="""
model = models.Sequential()
model.add(layers.Input((28, 28, 1)))
model.add(layers.Conv2D(16, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(32, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(128, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D((2, 2)))
""",
        kinds=("negative-size",),
        layer="conv2d_3",
        axes=PLANE,
        first=(
            (
                argument("conv2d_3", "padding", "same"),
                argument("max_pooling2d_3", "padding", "same"),
            ),
            (feed((46, 46, 1)),),
            (remove("max_pooling2d", "max_pooling2d_1", "max_pooling2d_2"),),
            (argument(("max_pooling2d", "max_pooling2d_1", "max_pooling2d_2"), ANY, ANY),),
        ),
        accepted={"(3, 3), activation='relu'": "(3, 3), padding='same', activation='relu'"},
    ),
    Case(
        id="conv1d-after-pools",
        thread="keras-team/keras#10128",
        title="Conv1D after MaxPooling1D Negative Dimension Error",
        code="""
model = Sequential()
model.add(Input((30, 100)))
model.add(SpatialDropout1D(0.2))
model.add(Conv1D(128, 3, activation='relu'))
model.add(MaxPooling1D(3))
model.add(Conv1D(128, 3, activation='relu'))
model.add(MaxPooling1D(3))
model.add(Conv1D(128, 3, activation='relu'))
""",
        kinds=("negative-size",),
        layer="conv1d_2",
        axes=("steps",),
        first=((argument("conv1d_2", "padding", "same", "causal"),), (feed((41, 100)),)),
        accepted={"(30, 100)": "(41, 100)"},
    ),
    Case(
        id="one-step-of-twenty-features",
        thread="keras-team/keras#3915",
        title="convolution1d showing negative dimensions are not allowd",
        code="""
model = Sequential()
model.add(Input(shape=(1, 20)))
model.add(Conv1D(filters=64, kernel_size=3, padding='valid', activation='relu'))
model.add(MaxPooling1D(pool_size=10))
model.add(Flatten())
model.add(Dense(5))
model.add(Dropout(0.2))
model.add(Activation('relu'))
model.add(Dense(5))
model.add(Activation('softmax'))
""",
        kinds=("negative-size", "data-format"),
        layer="conv1d",
        axes=("steps",),
        first=(
            (feed((20, 1)),),
            (feed((12, 20)),),
            (argument("conv1d", "data_format", "channels_first"),),
            (permute("conv1d"),),
            (
                argument("conv1d", "padding", "same", "causal"),
                argument("max_pooling1d", "padding", "same"),
            ),
            (argument("conv1d", "padding", "same", "causal"), remove("max_pooling1d")),
        ),
        accepted={"(1, 20)": "(20, 1)"},
    ),
    Case(
        id="pool-of-35",
        thread="rstudio/keras3#110",
        title="Negative dimension size caused by subtracting 35 from 27 for "
        "'max_pooling1d_12/MaxPool' (op: 'MaxPool') with input shapes: [?,27,1,128]",
        code="""
model = keras.Sequential([
    keras.Input((800, 100)),
    layers.Dropout(0.2),
    layers.Conv1D(128, 5, activation='relu'),
    layers.MaxPooling1D(5),
    layers.Conv1D(128, 5, activation='relu'),
    layers.MaxPooling1D(5),
    layers.Conv1D(128, 5, activation='relu'),
    layers.MaxPooling1D(35),
    layers.Flatten(),
    layers.Dense(128, activation='relu'),
    layers.Dense(10, activation='softmax'),
])
""",
        kinds=("negative-size",),
        layer="max_pooling1d_2",
        axes=("steps",),
        first=(
            (argument("max_pooling1d_2", "padding", "same"),),
            (argument("max_pooling1d_2", "pool_size", ANY),),
            (replace("max_pooling1d_2", "GlobalMaxPooling1D"),),
        ),
        accepted={"MaxPooling1D(35)": "MaxPooling1D(27)"},
    ),
    Case(
        id="board-of-two-rows",
        thread="keras-team/keras#10641",
        title="Negative dimension size caused by subtracting 3 from 2 for 'conv2d_1/convolution'",
        code="""
model = Sequential([
    Input((1, 2, 18)),
    Conv2D(64, (3, 3), data_format='channels_first', activation='relu'),
    Dropout(0.2),
    Flatten(),
    Dense(3, activation='softmax'),
])
""",
        kinds=("negative-size",),
        layer="conv2d",
        axes=("height",),
        first=((argument("conv2d", "padding", "same"),), (feed((1, 3, 18)),)),
        accepted={"(3, 3),": "(3, 3), padding='same',"},
    ),
    Case(
        id="kernel-larger-than-image",
        thread="keras-team/keras#6649",
        title="Negative output size",
        code="""
data = Input(shape=(3, 4, 4), name='data')
x = Conv2D(padding="valid", filters=4, kernel_size=(6, 6), dilation_rate=(1, 1), name="conv")(data)
model = Model(inputs=data, outputs=x)
""",
        kinds=FORMAT,
        layer="conv",
        axes=PLANE,
        first=((argument("conv", "padding", "same"),), (argument("conv", "kernel_size", ANY),)),
        accepted={'padding="valid"': 'padding="same"'},
    ),
    Case(
        id="cats-and-dogs-channels-first",
        thread="fchollet/deep-learning-with-python-notebooks#33",
        title='5.2, "Building our network" step gives me ValueError: Negative dimension size '
        "caused by subtracting 2 from 1 for 'max_pooling2d_1/MaxPool'",
        code="""
model = models.Sequential()
model.add(keras.Input((150, 150, 3)))
model.add(layers.Conv2D(32, (3, 3), activation='relu', data_format='channels_first'))
model.add(layers.MaxPooling2D((2, 2), data_format='channels_first'))
""",
        kinds=FORMAT,
        layer="max_pooling2d",
        axes=("width",),
        first=(
            (
                argument("conv2d", "data_format", "channels_last", None),
                argument("max_pooling2d", "data_format", "channels_last", None),
            ),
            (feed((3, 150, 150)),),
            (permute(ANY),),
            (argument("max_pooling2d", "padding", "same"),),
            (argument("conv2d", "padding", "same"),),
        ),
        accepted={"channels_first": "channels_last"},
    ),
    Case(
        id="keras-1-arguments-are-strides",
        thread="keras-team/keras#3945",
        title="Keras MaxPooling2D gives ValueError: Negative dimension size caused by "
        "subtracting 2 from 1 for 'MaxPool_x'",
        code="""
model = Sequential()
model.add(Input((150, 150, 3)))
model.add(Conv2D(32, 3, 3))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), data_format="channels_last"))
model.add(Conv2D(32, 3, 3))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), data_format="channels_last"))
model.add(Conv2D(64, 3, 3))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), data_format="channels_last"))
model.add(Flatten())
model.add(Dense(64))
model.add(Activation('relu'))
model.add(Dense(1))
model.add(Activation('sigmoid'))
""",
        kinds=("negative-size",),
        layer="max_pooling2d_2",
        axes=PLANE,
        first=(
            (argument("max_pooling2d_2", "padding", "same"),),
            (argument("conv2d_2", "padding", "same"),),
            (argument(("conv2d", "conv2d_1", "conv2d_2"), "strides", 1, (1, 1)),),
        ),
        accepted={", 3, 3)": ", (3, 3))"},
    ),
    Case(
        id="squeezenet-channels-first",
        thread="chasingbob/squeezenet-keras#5",
        title="Negative dimension size caused by subtracting 3 from 2 for 'MaxPool' "
        "(op: 'MaxPool') with input shapes: [?,2,112,96].",
        code="""
input_img = Input(shape=(3, 224, 224))
x = Conv2D(96, (7, 7), activation='relu', strides=(2, 2), padding='same', name='conv1')(input_img)
x = MaxPooling2D(pool_size=(3, 3), strides=(2, 2), name='maxpool1')(x)
x = Conv2D(16, (1, 1), activation='relu', padding='same', name='fire2_squeeze')(x)
expand1 = Conv2D(64, (1, 1), activation='relu', padding='same', name='fire2_expand1')(x)
expand2 = Conv2D(64, (3, 3), activation='relu', padding='same', name='fire2_expand2')(x)
model = Model(input_img, Concatenate(axis=-1, name='fire2')([expand1, expand2]))
""",
        kinds=FORMAT,
        layer="maxpool1",
        axes=("height",),
        first=(
            (feed((224, 224, 3)),),
            (permute(ANY),),
            (argument("maxpool1", "padding", "same"),),
            (insert("Permute"),),
        ),
        accepted={"(3, 224, 224)": "(224, 224, 3)"},
    ),
    Case(
        id="brain-patches-channels-first",
        thread="naldeborgh7575/brain_segmentation#24",
        title="Negative dimension size caused by subtracting 7 from 4 for 'Conv2D' (op: 'Conv2D') "
        "with input shapes: [?,4,33,33], [7,7,33,64].",
        code="""
single = Sequential()
single.add(Input((4, 33, 33)))
single.add(Conv2D(64, (7, 7), padding='valid', name='conv_a'))
single.add(Activation('relu'))
single.add(BatchNormalization())
single.add(MaxPooling2D(pool_size=(2, 2), strides=(1, 1), padding='valid', name='pool_a'))
single.add(Dropout(0.5))
single.add(Conv2D(128, (5, 5), padding='valid', name='conv_b'))
single.add(Flatten())
single.add(Dense(5))
model = single
""",
        kinds=FORMAT,
        layer="conv_a",
        axes=("height", "channels"),
        first=(
            (feed((33, 33, 4)),),
            (first_is("conv_a"),),
            (first_is("conv_a"), first_is("pool_a"), first_is("conv_b")),
            (permute(ANY),),
            (insert("Permute"),),
        ),
        accepted={"(4, 33, 33)": "(33, 33, 4)"},
    ),
    Case(
        id="gestures-channels-first",
        thread="asingh33/CNNGestureRecognizer#56",
        title="Negative dimension size caused by subtracting 3 from 1 for 'conv2d_1/convolution' "
        "(op: 'Conv2D') with input shapes: [?,1,200,200], [3,3,200,32].",
        code="""
model = Sequential()
model.add(Input((1, 200, 200)))
model.add(Conv2D(32, (3, 3), padding='valid'))
model.add(Activation('relu'))
model.add(Conv2D(32, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.5))
model.add(Flatten())
model.add(Dense(16))
model.add(Activation('relu'))
model.add(Dense(5))
model.add(Activation('softmax'))
""",
        kinds=FORMAT,
        layer="conv2d",
        axes=("height", "channels"),
        first=(
            (feed((200, 200, 1)),),
            (first_is("conv2d"),),
            (first_is("conv2d"), first_is("conv2d_1")),
            (first_is("conv2d"), first_is("conv2d_1"), first_is("max_pooling2d")),
            (permute(ANY),),
            (insert("Permute"),),
        ),
        accepted={"(1, 200, 200)": "(200, 200, 1)"},
    ),
    Case(
        id="captcha-second-conv",
        thread="yinhao0214/captcha_break_keras#1",
        title="Negative dimension size caused by subtracting 3 from 1 for 'conv2d_2/convolution' "
        "(op: 'Conv2D') with input shapes: [?,1,78,32], [3,3,32,32]",
        code="""
input_tensor = Input((3, 80, 170))
x = Conv2D(32, (3, 3), activation='relu')(input_tensor)
x = Conv2D(32, (3, 3), activation='relu')(x)
x = MaxPooling2D((2, 2))(x)
x = Conv2D(64, (3, 3), activation='relu')(x)
x = Conv2D(64, (3, 3), activation='relu')(x)
x = MaxPooling2D((2, 2))(x)
x = Flatten()(x)
x = Dropout(0.25)(x)
model = Model(input_tensor, Dense(36, activation='softmax')(x))
""",
        kinds=FORMAT,
        layer="conv2d_1",
        axes=("height",),
        first=((feed((80, 170, 3)),), (permute(ANY),), (insert("Permute"),)),
        accepted={"(3, 80, 170)": "(80, 170, 3)"},
    ),
    Case(
        id="c3d-channels-first",
        thread="chuckcho/c3d-keras#6",
        title="[Error] do_everything.sh",
        code="""
model = Sequential()
model.add(Input((3, 16, 112, 112)))
model.add(Conv3D(64, (3, 3, 3), activation='relu', padding='same', name='conv1'))
model.add(MaxPooling3D(pool_size=(1, 2, 2), strides=(1, 2, 2), padding='valid', name='pool1'))
model.add(Conv3D(128, (3, 3, 3), activation='relu', padding='same', name='conv2'))
model.add(MaxPooling3D(pool_size=(2, 2, 2), strides=(2, 2, 2), padding='valid', name='pool2'))
model.add(Conv3D(256, (3, 3, 3), activation='relu', padding='same', name='conv3a'))
model.add(MaxPooling3D(pool_size=(2, 2, 2), strides=(2, 2, 2), padding='valid', name='pool3'))
model.add(Conv3D(512, (3, 3, 3), activation='relu', padding='same', name='conv4a'))
model.add(MaxPooling3D(pool_size=(2, 2, 2), strides=(2, 2, 2), padding='valid', name='pool4'))
""",
        kinds=FORMAT,
        layer="pool3",
        axes=("depth",),
        first=((feed((16, 112, 112, 3)),), (permute(ANY),), (insert("Permute"),)),
        accepted={"(3, 16, 112, 112)": "(16, 112, 112, 3)"},
    ),
    Case(
        id="conv3d-on-one-slice",
        thread="paolo626/3DCNN-with-keras#3",
        title="Errors With The Model 2dcnn and 3dcnn",
        code="""
model = Sequential()
model.add(Input((30, 30, 6, 1)))
model.add(Conv3D(32, kernel_size=(3, 3, 3), padding='same'))
model.add(Activation('relu'))
model.add(Conv3D(32, kernel_size=(3, 3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling3D(pool_size=(3, 3, 3)))
model.add(Dropout(0.25))
model.add(Conv3D(64, kernel_size=(3, 3, 3)))
model.add(Activation('relu'))
model.add(Flatten())
model.add(Dense(512, activation='sigmoid'))
""",
        kinds=("negative-size",),
        layer="conv3d_2",
        axes=("width",),
        first=((argument("conv3d_2", "padding", "same"),),),
        accepted={"64, kernel_size=(3, 3, 3)": "64, kernel_size=(3, 3, 3), padding='same'"},
    ),
    Case(
        id="vgg16-channels-first",
        thread="oswaldoludwig/Human-Action-Recognition-with-Keras#5",
        title="Negative dimension size caused by subtracting 2 from 1 for 'MaxPool_1' "
        "(op: 'MaxPool') with input shapes: [?,1,112,128].",
        code="""
model = Sequential()
model.add(Input((3, 224, 224)))
model.add(ZeroPadding2D((1, 1)))
model.add(Conv2D(64, (3, 3), activation='relu'))
model.add(ZeroPadding2D((1, 1)))
model.add(Conv2D(64, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2), strides=(2, 2)))
model.add(ZeroPadding2D((1, 1)))
model.add(Conv2D(128, (3, 3), activation='relu'))
model.add(ZeroPadding2D((1, 1)))
model.add(Conv2D(128, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2), strides=(2, 2)))
model.add(ZeroPadding2D((1, 1)))
model.add(Conv2D(256, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2), strides=(2, 2)))
""",
        kinds=FORMAT,
        layer="max_pooling2d_1",
        axes=("height",),
        first=((feed((224, 224, 3)),), (permute(ANY),), (insert("Permute"),)),
        accepted={"(3, 224, 224)": "(224, 224, 3)"},
    ),
    Case(
        id="retina-unet-channels-first",
        thread="orobix/retina-unet#11",
        title='Exception: "concat" mode can only merge layers with matching output shapes except '
        "for the concat axis.",
        code="""
inputs = Input((1, 48, 48))
conv1 = Conv2D(32, (3, 3), activation='relu', padding='same')(inputs)
conv1 = Conv2D(32, (3, 3), activation='relu', padding='same')(conv1)
pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
conv2 = Conv2D(64, (3, 3), activation='relu', padding='same')(pool1)
pool2 = MaxPooling2D(pool_size=(2, 2))(conv2)
conv3 = Conv2D(128, (3, 3), activation='relu', padding='same')(pool2)
up1 = concatenate([UpSampling2D(size=(2, 2))(conv3), conv2], axis=-1)
conv4 = Conv2D(64, (3, 3), activation='relu', padding='same')(up1)
up2 = concatenate([UpSampling2D(size=(2, 2))(conv4), conv1], axis=-1)
model = Model(inputs, Conv2D(2, (1, 1), activation='relu', padding='same')(up2))
""",
        kinds=FORMAT,
        layer="max_pooling2d",
        axes=("height",),
        first=((feed((48, 48, 1)),), (permute(ANY),), (insert("Permute"),)),
        accepted={"(1, 48, 48)": "(48, 48, 1)"},
    ),
    Case(
        id="doom-second-conv",
        thread="itaicaspi/keras-dqn-doom#4",
        title="Negative dimension size caused by subtracting 3 from 1 for 'conv2d_2/convolution'",
        code="""
model = Sequential([
    Input((3, 60, 80)),
    Conv2D(16, (3, 3), strides=(2, 2), activation='relu'),
    Conv2D(32, (3, 3), strides=(2, 2), activation='relu'),
    Flatten(),
    Dense(256, activation='relu'),
    Dense(3),
])
""",
        kinds=FORMAT,
        layer="conv2d_1",
        axes=("height",),
        first=(
            (feed((60, 80, 3)),),
            (permute(ANY),),
            (insert("Permute"),),
            (first_is("conv2d"), first_is("conv2d_1")),
            (argument("conv2d_1", "padding", "same"),),
            (argument("conv2d", "padding", "same"),),
        ),
        accepted={"(3, 60, 80)": "(60, 80, 3)"},
    ),
]
