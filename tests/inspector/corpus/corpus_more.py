"""Further questions, one or two of every family: what the other files have least of."""

from corpus_case import ANY, Case, argument, feed, insert, remove, replace

PLANE = ("height", "width")
RANK = ("rank", "missing-channel-axis", "missing-batch-axis")
FIT = ("Cropping2D", "ZeroPadding2D", "Resizing")
TIME = ("Reshape", "RepeatVector")
POOL = ("GlobalAveragePooling2D", "GlobalMaxPooling2D")
MIXED = ("join-sizes", "data-format", "channels")


def each(names, name, *new):
    """The same argument of each of these layers."""
    return tuple(argument(layer, name, *new) for layer in names.split())


def first_in(names):
    """Each of these layers told that its channels come first."""
    return each(names, "data_format", "channels_first")


CASES = [
    Case(
        id="saliency-priors",
        thread="marcellacornia/sam#5",
        title='Exception: "concat" mode can only merge layers with matching output shapes',
        code="""
features = Input((512, 30, 40), name='features')
priors = Input((16, 30, 40), name='priors')
att = Conv2D(512, 3, padding='same', name='att')(features)
x = concatenate([att, priors], axis=1)
x = Conv2D(512, 5, padding='same', data_format='channels_first')(x)
model = Model([features, priors], x)
""",
        kinds=MIXED,
        layer="concatenate",
        axes=("channels", "width"),
        first=(first_in("att"),),
        accepted={"name='att'": "data_format='channels_first'"},
    ),
    Case(
        id="densenet-on-the-other-axis",
        thread="tdeboissiere/DeepLearningImplementations#3",
        title='concat" mode can only merge layers with matching output shapes',
        code="""
inputs = Input((3, 32, 32))
x = Conv2D(16, 3, padding='same', name='initial')(inputs)
y = Activation('relu')(BatchNormalization(axis=1)(x))
y = Conv2D(12, 3, padding='same', name='grow_1')(y)
x = concatenate([x, y], axis=1)
y = Activation('relu')(BatchNormalization(axis=1)(x))
y = Conv2D(12, 3, padding='same', name='grow_2')(y)
x = concatenate([x, y], axis=1)
x = GlobalAveragePooling2D(name='average')(x)
model = Model(inputs, Dense(10, activation='softmax')(x))
""",
        kinds=MIXED,
        layer="concatenate",
        axes=("channels",),
        first=(
            first_in("initial grow_1 grow_2 average"),
            each("concatenate concatenate_1", "axis", 3, -1),
        ),
        accepted={"], axis=1)": "], axis=3)"},
    ),
    Case(
        id="dense-block-of-four",
        thread="keras-team/keras#5586",
        title="question on using merge tensor (or Merge Layer)",
        code="""
inputs = Input((32, 32, 3))
left = Conv2D(32, (5, 5), padding='same', use_bias=False)(inputs)
left = Activation('relu')(BatchNormalization()(left))
left = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding='same')(left)
for n in range(4):
    right = Conv2D(16, (3, 3), padding='same', use_bias=False)(left)
    right = Activation('relu')(BatchNormalization()(right))
    left = concatenate([left, right], axis=1)
left = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding='same')(left)
model = Model(inputs, left)
""",
        kinds=MIXED,
        layer="concatenate",
        axes=("channels",),
        first=(each("concatenate concatenate_1 concatenate_2 concatenate_3", "axis", 3, -1),),
        accepted={"axis=1": "axis=3"},
    ),
    Case(
        id="nerves-in-the-wrong-format",
        thread="raghakot/ultrasound-nerve-segmentation#1",
        title='Exception: "concat" mode can only merge layers with matching output shapes',
        code="""
inputs = Input((1, 80, 112))
conv1 = Conv2D(64, 3, padding='same', name='conv1')(inputs)
pool1 = MaxPooling2D(2, padding='same', name='pool1')(conv1)
conv2 = Conv2D(128, 3, padding='same', name='conv2')(pool1)
pool2 = MaxPooling2D(2, padding='same', name='pool2')(conv2)
conv3 = Conv2D(256, 3, padding='same', name='conv3')(pool2)
pool3 = MaxPooling2D(2, padding='same', name='pool3')(conv3)
conv4 = Conv2D(512, 3, padding='same', name='conv4')(pool3)
up5 = concatenate([UpSampling2D(name='up4')(conv4), conv3], axis=1)
conv5 = Conv2D(256, 3, padding='same', name='conv5')(up5)
up6 = concatenate([UpSampling2D(name='up5')(conv5), conv2], axis=1)
conv6 = Conv2D(128, 3, padding='same', name='conv6')(up6)
up7 = concatenate([UpSampling2D(name='up6')(conv6), conv1], axis=1)
model = Model(inputs, Conv2D(1, 1, activation='sigmoid', name='mask')(up7))
""",
        kinds=MIXED,
        layer="concatenate",
        axes=(),
        first=(
            first_in("conv1 pool1 conv2 pool2 conv3 pool3 conv4 up4 conv5 up5 conv6 up6 mask"),
            (
                feed((80, 112, 1)),
                *each("concatenate concatenate_1 concatenate_2", "axis", 3, -1),
            ),
        ),
        accepted={"(1, 80, 112)": "(80, 112, 1)", "axis=1": "axis=3"},
    ),
    Case(
        id="inception-of-nerves",
        thread="EdwardTyantov/ultrasound-nerve-segmentation#11",
        title="about merge",
        code="""
inputs = Input((80, 112, 1))
c1_1 = Conv2D(8, 1, padding='same')(inputs)
c2_1 = Conv2D(16, 1, padding='same')(inputs)
c2_3 = Conv2D(16, (3, 3), padding='same')(c2_1)
c3_1 = Conv2D(4, 1, padding='same')(inputs)
c3_3 = Conv2D(4, (5, 5), padding='same')(c3_1)
p4_1 = MaxPooling2D(pool_size=(3, 3), strides=(1, 1), padding='same')(inputs)
c4_2 = Conv2D(4, 1, padding='same')(p4_1)
res = concatenate([c1_1, c2_3, c3_3, c4_2], axis=1)
model = Model(inputs, BatchNormalization(axis=1)(res))
""",
        kinds=MIXED,
        layer="concatenate",
        axes=("channels",),
        first=(each("concatenate", "axis", 3, -1),),
        accepted={"c4_2], axis=1": "c4_2], axis=-1"},
    ),
    Case(
        id="tiramisu-360",
        thread="MadYZR/FC-DenseNet-Keras#1",
        title="Shape error",
        code="""
inputs = Input((360, 512, 3))
x = Conv2D(8, 3, padding='same')(inputs)
skips = []
for n in range(5):
    skips.append(x)
    x = Conv2D(8, 1, padding='same')(x)
    x = MaxPooling2D((2, 2))(x)
    x = Conv2D(8, 3, padding='same', activation='relu')(x)
for n in range(5):
    x = Conv2DTranspose(8, 3, strides=2, padding='same')(x)
    x = concatenate([x, skips[4 - n]], axis=-1)
    x = Conv2D(8, 3, padding='same', activation='relu')(x)
model = Model(inputs, Conv2D(12, 1, activation='softmax')(x))
""",
        kinds=("join-sizes",),
        layer="concatenate_1",
        axes=("height",),
        first=((feed((352, 512, 3)),), (insert(*FIT),)),
        accepted={"(360, 512, 3)": "(352, 512, 3)"},
    ),
    Case(
        id="resnet18-112",
        thread="broadinstitute/keras-resnet#21",
        title="Error with broadcasting in ResNet18",
        code="""
image = Input((112, 112, 1))
x = Conv2D(64, 7, strides=2, padding='same')(image)
x = MaxPooling2D(3, strides=2, padding='same')(x)
for n, filters in enumerate([64, 128, 256, 512]):
    strides = 1 if n == 0 else 2
    y = Conv2D(filters, 3, strides=strides, padding='same')(x)
    y = Conv2D(filters, 3, padding='same')(y)
    if n:
        x = Conv2D(filters, 1, strides=1 if n == 3 else 2, name=f'shortcut_{n}')(x)
    x = Activation('relu')(add([x, y]))
model = Model(image, Dense(10)(Flatten()(x)))
""",
        kinds=("join-sizes",),
        layer="add_3",
        axes=PLANE,
        first=(each("shortcut_3", "strides", 2, (2, 2)), each("conv2d_7", "strides", 1, (1, 1))),
        accepted={"1 if n == 3 else 2": "2"},
    ),
    Case(
        id="resnet50-on-the-other-axis",
        thread="raghakot/keras-resnet#17",
        title="Only layers of same output shape can be merged using sum mode.",
        code="""
image = Input((300, 300, 3))
x = Conv2D(64, 7, strides=2, padding='same', name='conv1')(image)
x = MaxPooling2D(3, strides=2, padding='same')(x)
y = Conv2D(64, 1, padding='same', activation='relu', name='reduce')(x)
y = Conv2D(64, 3, padding='same', activation='relu', name='spatial')(y)
y = Conv2D(256, 1, padding='same', activation='relu', name='expand')(y)
x = Add(name='sum')([x, y])
model = Model(image, Dense(5)(GlobalAveragePooling2D()(x)))
""",
        kinds=("join-sizes", "channels"),
        layer="sum",
        axes=("channels",),
        first=((insert("Conv2D"),), each("expand", "filters", 64), each("conv1", "filters", 256)),
        accepted={"[x, y]": "[Conv2D(256, 1)(x), y]"},
    ),
    Case(
        id="three-cameras-into-lstm",
        thread="keras-team/keras#5032",
        title="Convolution layer + LSTM layer, input_dim error",
        code="""
views, outs = [], []
for name in ['izd', 'dcha', 'frt']:
    view = Input((1, 8, 10), name=name)
    x = Conv2D(40, (3, 3), padding='same', data_format='channels_first')(view)
    x = Activation('relu')(x)
    x = MaxPooling2D(pool_size=(2, 2), data_format='channels_first')(x)
    views.append(view)
    outs.append(Dropout(0.2)(x))
merged = concatenate(outs, axis=1)
x = LSTM(240)(merged)
model = Model(views, Dense(2)(x))
""",
        kinds=RANK,
        layer="lstm",
        axes=(),
        first=((insert("Reshape", "TimeDistributed"),),),
        accepted={"LSTM(240)(merged)": "LSTM(240)(TimeDistributed(Flatten())(merged))"},
    ),
    Case(
        id="pose-lstm-after-dense",
        thread="keras-team/keras#11425",
        title="How to connect LSTM to CNN",
        code="""
icp_9_output = Input((7, 7, 256))
x = AveragePooling2D(pool_size=(7, 7), strides=(1, 1), name='ave_pool')(icp_9_output)
x = Flatten()(x)
x = Dense(128, activation='relu', name='fc')(x)
x = Dropout(0.5)(x)
lstm1 = LSTM(64, return_sequences=True)(x)
lstm2 = LSTM(50)(lstm1)
model = Model(icp_9_output, Dense(7, name='xyz_wpqr')(lstm2))
""",
        kinds=RANK,
        layer="lstm",
        axes=(),
        first=((insert(*TIME),),),
        accepted={"return_sequences=True)(x)": "return_sequences=True)(RepeatVector(1)(x))"},
    ),
    Case(
        id="slices-of-digits",
        thread="keras-team/keras#4172",
        title="Stacking Convolutions and LSTM",
        code="""
model = Sequential()
model.add(Input((4, 56, 14, 1)))
model.add(Conv2D(32, (3, 3)))
model.add(Activation('relu'))
model.add(Conv2D(32, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(5))
model.add(Dense(10, activation='softmax'))
""",
        kinds=RANK,
        layer="conv2d",
        axes=("batch", "time"),
        first=(
            tuple(
                replace(layer, "TimeDistributed")
                for layer in ("conv2d", "conv2d_1", "max_pooling2d")
            ),
        ),
        accepted={
            "Conv2D(32, (3, 3))": "TimeDistributed(Conv2D(32, (3, 3)))",
            "MaxPooling2D(pool_size=(2, 2))": "TimeDistributed(MaxPooling2D(pool_size=(2, 2)))",
        },
    ),
    Case(
        id="lrcn-without-channels",
        thread="keras-team/keras#401",
        title="Easy way to combine CNN + LSTM? (e.g. LRCN network)",
        code="""
model = Sequential()
model.add(Input((30, 64, 64)))
model.add(TimeDistributed(Conv2D(16, (3, 3), padding='same')))
model.add(Activation('relu'))
model.add(TimeDistributed(MaxPooling2D(pool_size=(2, 2))))
model.add(TimeDistributed(Conv2D(16, (3, 3))))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(32))
""",
        kinds=RANK,
        layer="time_distributed",
        axes=("channels",),
        first=((feed((30, 64, 64, 1)),), (insert("Reshape"),)),
        accepted={"(30, 64, 64)": "(30, 64, 64, 1)"},
    ),
    Case(
        id="one-clip-without-its-batch",
        thread="tensorflow/tensorflow#28323",
        title="Input-shape validation error when using TimeDistributed wrapper",
        code="""
clip = Input((4, 28, 28, 1))
x = TimeDistributed(Conv2D(8, (3, 3), activation='relu'))(clip)
x = TimeDistributed(MaxPooling2D((2, 2)))(x)
x = TimeDistributed(Flatten())(x)
x = LSTM(16)(x)
model = Model(clip, Dense(10, activation='softmax')(x))
""",
        given=(28, 28, 1),
        kinds=RANK,
        layer="time_distributed",
        axes=("batch", "time"),
        first=((feed((4, 28, 28, 1), (ANY, 28, 28, 1)),), (insert("Reshape"),)),
    ),
    Case(
        id="frames-counted-as-batch",
        thread="keras-team/keras#2649",
        title="Problem with TimeDistributed Wrapper",
        code="""
frames = Input((32, 32, 3))
x = TimeDistributed(Conv2D(8, (4, 4)))(frames)
x = TimeDistributed(MaxPooling2D(pool_size=(2, 2)))(x)
x = Activation('relu')(x)
x = TimeDistributed(Flatten())(x)
x = GRU(100, return_sequences=True)(x)
x = GRU(50)(x)
model = Model(frames, Dense(1)(x))
""",
        kinds=RANK,
        layer="time_distributed",
        axes=("batch", "time", "channels"),
        first=((feed((1, 32, 32, 3), (None, 32, 32, 3), (32, 32, 3, 1)),), (insert("Reshape"),)),
        accepted={"Input((32, 32, 3))": "Input((10, 32, 32, 3))"},
    ),
    Case(
        id="blocks-of-sound",
        thread="keras-team/keras#2090",
        title="Error with TimeDistributed(Convolution1D())",
        code="""
model = Sequential()
model.add(Input((4, 1024)))
model.add(TimeDistributed(Conv1D(32, 3, padding='same', activation='relu')))
model.add(TimeDistributed(MaxPooling1D(2)))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(16))
""",
        kinds=RANK,
        layer="time_distributed",
        axes=("channels", "batch", "time"),
        first=((feed((4, 1024, 1), (4, 1, 1024)),), (insert("Reshape"),)),
        accepted={"(4, 1024)": "(4, 1024, 1)"},
    ),
    Case(
        id="convlstm-after-convolutions",
        thread="keras-team/keras#8442",
        title="Attach a LSTM layer to a conv layer output, dimension mismatch?",
        code="""
inputs = Input((96, 64, 1))
x = Conv2D(8, 7, strides=2, padding='same', activation='relu')(inputs)
x = Conv2D(16, 5, strides=2, padding='same', activation='relu')(x)
x = Conv2D(32, 3, strides=2, padding='same', activation='relu')(x)
x = ConvLSTM2D(16, 3, padding='same')(x)
model = Model(inputs, Dense(7)(Flatten()(x)))
""",
        kinds=RANK,
        layer="conv_lstm2d",
        axes=("time", "batch"),
        first=((insert("Reshape"),), (replace("conv_lstm2d", "Conv2D"),)),
        accepted={
            "padding='same')(x)\nmodel": "padding='same')(Reshape((1, 12, 8, 32))(x))\nmodel"
        },
    ),
    Case(
        id="sentence-of-one-word",
        thread="alexander-rakhlin/CNN-for-Sentence-Classification-in-Keras#34",
        title="Negative dimension size caused by subtracting 3 from 1",
        code="""
model_input = Input((1, 50))
z = Dropout(0.5)(model_input)
conv_blocks = []
for sz in (3, 8):
    conv = Conv1D(filters=10, kernel_size=sz, padding='valid', activation='relu', strides=1)(z)
    conv = MaxPooling1D(pool_size=2)(conv)
    conv = Flatten()(conv)
    conv_blocks.append(conv)
z = Concatenate()(conv_blocks)
z = Dropout(0.8)(z)
z = Dense(50, activation='relu')(z)
model = Model(model_input, Dense(1, activation='sigmoid')(z))
""",
        kinds=("negative-size", "data-format"),
        layer="conv1d",
        axes=("steps",),
        first=((feed((9, 50)),), (feed((50, 1)),)),
        accepted={"(1, 50)": "(9, 50)"},
    ),
    Case(
        id="embeddings-of-50-words",
        thread="keras-team/keras#9244",
        title="Negative dimension size caused by subtracting 5 from 1 for "
        "'conv1d_63/convolution/Conv2D'",
        code="""
sequence_input = Input(shape=(50,), dtype='int32')
embedded_sequences = Embedding(20001, 100)(sequence_input)
x = Conv1D(128, 5, activation='relu')(embedded_sequences)
x = MaxPooling1D(5)(x)
x = Conv1D(128, 5, activation='relu')(x)
x = MaxPooling1D(5)(x)
x = Conv1D(128, 5, activation='relu')(x)
x = GlobalMaxPooling1D()(x)
x = Dense(128, activation='relu')(x)
model = Model(sequence_input, Dense(4, activation='softmax')(x))
""",
        kinds=("negative-size",),
        layer="conv1d_2",
        axes=("steps",),
        first=(each("conv1d_2", "padding", "same", "causal"), (feed((149,)),)),
        accepted={"(50,)": "(149,)"},
    ),
    Case(
        id="vgg-of-signals",
        thread="ZFTurbo/classification_models_1D#3",
        title="ValueError: Negative dimension size.",
        code="""
inputs = Input((8, 2))
x = inputs
for n in range(1, 6):
    x = Conv1D(8 * n, 9, padding='same', activation='relu', name=f'block{n}_conv1')(x)
    x = MaxPooling1D(4, strides=4, name=f'block{n}_pool')(x)
model = Model(inputs, Dense(10)(GlobalAveragePooling1D()(x)))
""",
        kinds=("negative-size",),
        layer="block2_pool",
        axes=("steps",),
        first=(
            (feed((1024, 2)),),
            each("block2_pool block3_pool block4_pool block5_pool", "padding", "same"),
        ),
        accepted={"(8, 2)": "(1024, 2)"},
    ),
    Case(
        id="pooled-frames-in-the-wrong-format",
        thread="farquasar1/ConvLSTM#3",
        title="issue about time distributed maxpooling",
        code="""
frames = Input((8, 3, 40, 40))
x = ConvLSTM2D(24, 3, padding='same', return_sequences=True)(frames)
x = TimeDistributed(MaxPooling2D((2, 2)))(x)
x = ConvLSTM2D(24, 3, padding='same', return_sequences=True)(x)
x = TimeDistributed(MaxPooling2D((2, 2)))(x)
model = Model(frames, TimeDistributed(Flatten())(x))
""",
        kinds=("negative-size", "data-format"),
        layer="time_distributed_1",
        axes=("height",),
        first=(
            (feed((8, 40, 40, 3)),),
            (argument("time_distributed_1", "padding", "same"),),
            (argument("time_distributed_1", "layer", ANY),),
            (feed((8, 4, 40, 40)),),
        ),
        accepted={"(8, 3, 40, 40)": "(8, 40, 40, 3)"},
    ),
    Case(
        id="nine-channels",
        thread="tensorflow/tensorflow#32647",
        title="TF2.0 Convolution [10,128,128,9] -> [10,128,128,32]->[10,128,128,3] doesn't work.",
        code="""
image = Input((128, 128, 3))
x = Conv2D(32, 3, padding='same', activation='relu')(image)
model = Model(image, Conv2D(3, 3, padding='same')(x))
""",
        given=(128, 128, 9),
        kinds=("channels",),
        layer="conv2d",
        axes=("channels",),
        first=((feed((128, 128, 3)),), (insert("Conv2D"),), (argument(ANY, "batch_shape", ANY),)),
    ),
    Case(
        id="vgg-flattened-without-a-size",
        thread="keras-team/keras#5257",
        title="Unable to fine tune Keras vgg16 model - input shape issue",
        code="""
image = Input((None, None, 3))
x = Conv2D(16, 3, padding='same', activation='relu', name='block1_conv1')(image)
x = MaxPooling2D(2, strides=2, name='block1_pool')(x)
x = Conv2D(32, 3, padding='same', activation='relu', name='block2_conv1')(x)
x = MaxPooling2D(2, strides=2, name='block2_pool')(x)
base_model = Model(image, x, name='vgg16')
x = base_model.output
x = Flatten()(x)
x = Dense(100, activation='relu')(x)
x = Dropout(0.2)(x)
model = Model(base_model.input, Dense(1)(x))
""",
        kinds=("unknown-size",),
        layer="dense",
        axes=(),
        first=((replace("flatten", *POOL),), (feed((ANY, ANY, 3)),)),
        accepted={"x = Flatten()(x)": "x = GlobalAveragePooling2D()(x)"},
    ),
    Case(
        id="top-model-without-a-size",
        thread="leriomaggio/deep-learning-keras-tensorflow#18",
        title="Fine tuning VGG16",
        code="""
base = Sequential([
    Input((None, None, 3)),
    Conv2D(16, 3, padding='same', activation='relu'),
    MaxPooling2D(2),
], name='vgg16')
top_model = Sequential(name='top')
top_model.add(Input((None, None, 16)))
top_model.add(Flatten(name='flat'))
top_model.add(Dense(768, activation='sigmoid', name='fc'))
top_model.add(Dense(4, activation='softmax'))
model = Sequential([base, top_model])
""",
        kinds=("unknown-size",),
        layer="fc",
        axes=(),
        first=((replace("flat", *POOL),), (feed((ANY, ANY, 16)),)),
        accepted={"Flatten(name='flat')": "GlobalAveragePooling2D()"},
    ),
    Case(
        id="convolution-after-the-head",
        thread="keras-team/keras#12043",
        title="VGG16 Tuning",
        code="""
model = Sequential()
model.add(Input((224, 224, 3)))
model.add(ZeroPadding2D((1, 1)))
model.add(Conv2D(8, (3, 3), padding='same'))
model.add(MaxPooling2D((2, 2), strides=(2, 2)))
model.add(Conv2D(16, (3, 3), activation='relu', padding='same'))
model.add(MaxPooling2D((2, 2), strides=(2, 2)))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dropout(0.5))
model.add(Conv2D(2622, (1, 1), padding='same'))
model.add(Activation('softmax'))
""",
        kinds=RANK,
        layer="conv2d_2",
        axes=(),
        first=((remove("flatten"),), (insert("Reshape"),), (replace("conv2d_2", "Dense"),)),
        accepted={"model.add(Flatten())\n": ""},
    ),
    Case(
        id="colours-in-dcgan",
        thread="eriklindernoren/Keras-GAN#3",
        title="a question about gcgan network",
        code="""
generator = Sequential(name='generator')
generator.add(Input((100,)))
generator.add(Dense(128 * 8 * 8, activation='relu'))
generator.add(Reshape((8, 8, 128)))
generator.add(UpSampling2D())
generator.add(Conv2D(128, kernel_size=3, padding='same'))
generator.add(UpSampling2D())
generator.add(Conv2D(64, kernel_size=3, padding='same'))
generator.add(Conv2D(1, kernel_size=3, padding='same', name='image'))
generator.add(Activation('tanh'))
discriminator = Sequential(name='discriminator')
discriminator.add(Input((32, 32, 3)))
discriminator.add(Conv2D(32, kernel_size=3, strides=2, padding='same', name='look'))
discriminator.add(LeakyReLU(negative_slope=0.2))
discriminator.add(Flatten())
discriminator.add(Dense(1, activation='sigmoid'))
z = Input((100,))
model = Model(z, discriminator(generator(z)))
""",
        kinds=("channels",),
        layer="discriminator/look",
        axes=("channels",),
        first=((argument("generator/image", "filters", 3),), (feed((32, 32, 1)),)),
        accepted={"Conv2D(1, kernel_size=3": "Conv2D(3, kernel_size=3"},
    ),
    Case(
        id="words-of-another-width",
        thread="AbhishekAnand18/ImageTextRecognition#3",
        title="Error_In_Code",
        code="""
image = Input((200, 50, 1))
x = image
for filters in (64, 128, 256):
    x = Conv2D(filters, (3, 3), padding='same', activation='relu')(x)
    x = MaxPooling2D(pool_size=(2, 2))(x)
x = Reshape(target_shape=((42, 1024)), name='reshape')(x)
x = Dense(64, activation='relu', name='dense1')(x)
x = Bidirectional(LSTM(32, return_sequences=True))(x)
model = Model(image, Dense(63, activation='softmax')(x))
""",
        kinds=("reshape",),
        layer="reshape",
        axes=(),
        first=(each("reshape", "target_shape", (25, 1536), (25, -1)),),
        accepted={"(42, 1024)": "(25, 1536)"},
    ),
    Case(
        id="gestures-with-their-time",
        thread="GuangmingZhu/AttentionConvLSTM#5",
        title="Issue with Reshape after ConvLSTM Layer",
        code="""
features = Input((16, 28, 28, 8))
x = ConvLSTM2D(8, (3, 3), padding='same', return_sequences=True, name='clstm2d_1')(features)
x = ConvLSTM2D(8, (3, 3), padding='same', return_sequences=True, name='clstm2d_2')(x)
x = Reshape((28, 28, 8), name='clstm_reshape')(x)
x = Conv2D(16, 3, strides=2, padding='same', activation='relu')(x)
model = Model(features, Dense(20)(GlobalAveragePooling2D()(x)))
""",
        kinds=("reshape",),
        layer="clstm_reshape",
        axes=(),
        first=(
            (argument("clstm2d_2", "return_sequences", False),),
            each("clstm_reshape", "target_shape", (28, 28, 128), (28, 28, -1)),
        ),
        accepted={
            "return_sequences=True, name='clstm2d_2'": "name='clstm2d_2'",
        },
    ),
    Case(
        id="resnet3d-shortcut",
        thread="JihongJu/keras-resnet3d#1",
        title="input_shape",
        code="""
volume = Input((14, 14, 14, 8))
y = Conv3D(16, 3, strides=2, padding='same', activation='relu')(volume)
y = Conv3D(16, 3, padding='same')(y)
shortcut = Conv3D(16, 1, strides=2)(volume)
x = Activation('relu')(add([shortcut, y]))
y = Conv3D(32, 3, strides=2, padding='same', activation='relu')(x)
y = Conv3D(32, 3, padding='same')(y)
shortcut = Conv3D(32, 1, strides=1, name='shortcut')(x)
x = Activation('relu')(add([shortcut, y]))
model = Model(volume, GlobalAveragePooling3D()(x))
""",
        kinds=("join-sizes",),
        layer="add_1",
        axes=("depth", *PLANE),
        first=(
            each("shortcut", "strides", 2, (2, 2, 2)),
            each("conv3d_3", "strides", 1, (1, 1, 1)),
        ),
        accepted={"strides=1": "strides=2"},
    ),
    Case(
        id="seven-by-nine",
        thread="https://newbetuts.com/70781692-how-to-make-a-cnn-model-correctly",
        title="How to make a CNN model correctly?",
        code="""
model = Sequential()
model.add(Conv2D(4, kernel_size=(3, 3), activation='relu', input_shape=(7, 9, 1)))
model.add(Conv2D(4, kernel_size=(3, 3), activation='relu'))
model.add(Conv2D(2, kernel_size=(3, 3), activation='relu'))
model.add(Conv2D(2, kernel_size=(3, 3), activation='relu'))
model.add(Flatten())
model.add(Dense(9, activation='linear'))
""",
        kinds=("negative-size",),
        layer="conv2d_3",
        axes=("height",),
        first=((argument(ANY, "padding", "same"),), (feed((9, 9, 1)),)),
        accepted={"input_shape=(7, 9, 1)": "padding='same', input_shape=(7, 9, 1)"},
    ),
    Case(
        id="denoising-lstm-in-the-middle",
        thread="https://techfeed.net/pt/443267/",
        title="Adicionar camada densa antes da camada LSTM em keras ou Tensorflow?",
        code="""
model = Sequential()
model.add(Dense(5, input_shape=(1,)))
model.add(Dense(10))
model.add(LSTM(32))
model.add(Dropout(0.3))
model.add(Dense(5))
model.add(Dense(1))
""",
        kinds=RANK,
        layer="lstm",
        axes=(),
        first=((insert(*TIME),), (feed((1, 1), (None, 1), (20, 1)),)),
        accepted={"input_shape=(1,)": "input_shape=(20, 1)"},
    ),
    Case(
        id="scans-of-259",
        thread="keras-team/keras#11875",
        title="ValueError: Error when checking target: expected conv2d_11 to have shape "
        "(256, 256, 1) but got array with shape (259, 259, 1)",
        code="""
x = inputs = Input((259, 259, 1))
for filters in (32, 64):
    x = Conv2D(filters, (3, 3), activation='relu', padding='same')(x)
    x = MaxPooling2D(pool_size=(2, 2))(x)
x = Conv2D(128, (3, 3), activation='relu', padding='same')(x)
for filters in (64, 32):
    x = UpSampling2D((2, 2))(x)
    x = Conv2D(filters, (3, 3), activation='relu', padding='same')(x)
model = Model(inputs, Conv2D(1, (3, 3), activation='sigmoid', padding='same', name='decoded')(x))
""",
        wanted=(259, 259, 1),
        kinds=("output-size",),
        layer="decoded",
        axes=PLANE,
        first=(
            (insert("ZeroPadding2D", "Resizing"),),
            (*each("max_pooling2d max_pooling2d_1", "padding", "same"), insert("Cropping2D")),
        ),
        accepted={"name='decoded')(x)": "name='decoded')(ZeroPadding2D(((1, 2), (1, 2)))(x))"},
    ),
    Case(
        id="feature-pyramid-176",
        thread="matterport/Mask_RCNN#1202",
        title="ResNet Input",
        code="""
image = Input((176, 176, 3))
C2 = Conv2D(16, 3, strides=4, padding='same', activation='relu')(image)
C3 = Conv2D(32, 3, strides=2, padding='same', activation='relu')(C2)
C4 = Conv2D(64, 3, strides=2, padding='same', activation='relu')(C3)
C5 = Conv2D(128, 3, strides=2, padding='same', activation='relu')(C4)
P5 = Conv2D(32, (1, 1), name='fpn_c5p5')(C5)
P4 = Add(name='fpn_p4add')([
    UpSampling2D(size=(2, 2), name='fpn_p5upsampled')(P5),
    Conv2D(32, (1, 1), name='fpn_c4p4')(C4)])
P3 = Add(name='fpn_p3add')([
    UpSampling2D(size=(2, 2), name='fpn_p4upsampled')(P4),
    Conv2D(32, (1, 1), name='fpn_c3p3')(C3)])
P2 = Add(name='fpn_p2add')([
    UpSampling2D(size=(2, 2), name='fpn_p3upsampled')(P3),
    Conv2D(32, (1, 1), name='fpn_c2p2')(C2)])
model = Model(image, Conv2D(32, 3, padding='same', name='fpn_p2')(P2))
""",
        kinds=("join-sizes",),
        layer="fpn_p4add",
        axes=PLANE,
        first=((feed((192, 192, 3), (160, 160, 3)),), (insert("Cropping2D"),)),
        accepted={"(176, 176, 3)": "(192, 192, 3)"},
    ),
    Case(
        id="three-filters-into-lstm",
        thread="keras-team/keras#9977",
        title="Convolutional multiple filters and with Word Embedding followed by LSTM: "
        "ValueError: Input 0 is incompatible with layer lstm_13: expected ndim=3, found ndim=2",
        code="""
inputs, submodels = [], []
for kw in (3, 4, 5):
    words = Input((27,), dtype='int32')
    x = Embedding(input_dim=1000, output_dim=20)(words)
    x = Conv1D(filters=10, kernel_size=kw, activation='relu', padding='valid')(x)
    inputs.append(words)
    submodels.append(GlobalMaxPooling1D()(x))
x = Concatenate()(submodels)
x = Dropout(0.3)(x)
x = LSTM(units=20, dropout=0.2, recurrent_dropout=0.2)(x)
model = Model(inputs, Dense(3, activation='softmax')(x))
""",
        kinds=RANK,
        layer="lstm",
        axes=(),
        first=((insert(*TIME),),),
        accepted={"x = Dropout(0.3)(x)": "x = RepeatVector(1)(x)"},
    ),
    Case(
        id="sized-for-128-fed-256",
        thread="keras-team/keras#19367",
        title='Input 0 of layer "dense_2" is incompatible with the layer: expected axis -1 of '
        "input shape to have value 16384, but received input with shape (None, 65536)",
        code="""
model = Sequential()
model.add(Conv2D(16, (3, 3), padding='same', activation='relu', input_shape=(128, 128, 3)))
model.add(MaxPool2D(pool_size=(2, 2)))
model.add(Conv2D(16, (3, 3), padding='same', activation='relu'))
model.add(MaxPool2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dense(4, activation='softmax'))
""",
        given=(256, 256, 3),
        kinds=("channels",),
        layer="dense",
        axes=(),
        first=((feed((128, 128, 3)),),),
    ),
    Case(
        id="one-class-for-every-place",
        thread="keras-team/keras#11511",
        title="Error when checking target: expected flatten_1 to have shape (72,) but got array "
        "with shape (2,)",
        code="""
model = Sequential()
model.add(Conv2D(24, kernel_size=8, strides=2, input_shape=(256, 256, 3)))
model.add(MaxPooling2D(pool_size=(3, 3), strides=2))
model.add(Conv2D(48, kernel_size=6, strides=2))
model.add(MaxPooling2D(pool_size=(3, 3), strides=2))
model.add(Conv2D(96, kernel_size=4, strides=2))
model.add(Activation('relu'))
model.add(Conv2D(2, kernel_size=1, strides=1))
model.add(Activation('softmax'))
model.add(Flatten())
""",
        wanted=(2,),
        kinds=("output-size",),
        layer="flatten",
        axes=(),
        first=((replace("flatten", *POOL),), (insert("Dense"),)),
        accepted={"Flatten()": "GlobalAveragePooling2D()"},
    ),
    Case(
        id="unet-of-open-size-fed-40",
        thread="qubvel/segmentation_models#324",
        title="concat shape error issue",
        code="""
image = Input((None, None, 9))
e1 = Conv2D(8, 7, strides=2, padding='same', activation='relu')(image)
e2 = MaxPooling2D(3, strides=2, padding='same')(e1)
e3 = Conv2D(16, 3, strides=2, padding='same', activation='relu')(e2)
e4 = Conv2D(32, 3, strides=2, padding='same', activation='relu')(e3)
x = Conv2D(64, 3, strides=2, padding='same', activation='relu')(e4)
for n, skip in enumerate([e4, e3, e2, e1]):
    x = UpSampling2D(2)(x)
    x = Concatenate(name=f'decoder_stage{n}_concat')([x, skip])
    x = Conv2D(8, 3, padding='same', activation='relu')(x)
x = UpSampling2D(2)(x)
model = Model(image, Conv2D(1, 3, padding='same', activation='sigmoid')(x))
""",
        given=(40, 40, 9),
        kinds=("join-sizes",),
        layer="decoder_stage0_concat",
        axes=PLANE,
        first=((feed((32, 32, 9)),), (feed((64, 64, 9)),)),
        accepted={},
    ),
    Case(
        id="output-padding-none-or-zero",
        thread="tensorflow/tensorflow#50168",
        title="Conv2DTranspose output shapes vary with output_padding=0 and output_padding=None",
        code="""
inputs = Input((16, 16, 8))
x = Conv2DTranspose(4, 3, strides=2, padding='same', output_padding=0, name='up')(inputs)
model = Model(inputs, x)
""",
        wanted=(32, 32, 4),
        kinds=("output-size",),
        layer="up",
        axes=PLANE,
        first=(each("up", "output_padding", 1, (1, 1), None),),
        accepted={"output_padding=0": "output_padding=1"},
    ),
]
