"""Ranks that differ: a batch axis too many, a channel axis too few, a layer of another rank."""

from corpus_case import ANY, Case, argument, feed, insert, remove, replace

RANK = ("rank", "missing-channel-axis", "missing-batch-axis")
MORE = ("Reshape",)

CASES = [
    Case(
        id="batch-of-one-in-the-shape",
        thread="keras-team/keras#10903",
        title="ValueError: Input 0 is incompatible with layer conv2d_1: expeced ndim=4, "
        "found ndim=5",
        code="""
rgb_model = Sequential()
rgb_model.add(Input(shape=(1, 3, 144, 256)))
rgb_model.add(Conv2D(96, (11, 11), strides=(3, 3), padding='valid', activation='relu',
                     data_format="channels_first"))
model = rgb_model
""",
        kinds=RANK,
        layer="conv2d",
        axes=("batch",),
        first=((feed((3, 144, 256)),), (insert(*MORE),)),
        accepted={"(1, 3, 144, 256)": "(3, 144, 256)"},
    ),
    Case(
        id="all-examples-in-the-shape",
        thread="keras-team/keras#10360",
        title="Bad Error Message for Incorrect Input Shape for 2D Layers",
        code="""
model = Sequential()
model.add(Input(shape=(60000, 28, 28, 1)))
model.add(Conv2D(10, kernel_size=(5, 5), activation='relu'))
""",
        kinds=RANK,
        layer="conv2d",
        axes=("batch",),
        first=((feed((28, 28, 1)),),),
        accepted={"(60000, 28, 28, 1)": "(28, 28, 1)"},
    ),
    Case(
        id="reshape-without-channels",
        thread="keras-team/keras#3385",
        title="The input_dim of convolution2d layer",
        code="""
model = Sequential()
model.add(Input((2679,)))
model.add(Reshape((57, 47)))
model.add(Conv2D(10, (5, 5), padding='same'))
model.add(MaxPooling2D(pool_size=(2, 2), strides=None, padding='valid'))
model.add(Dropout(0.5))
model.add(Conv2D(15, (5, 5), padding='same'))
model.add(MaxPooling2D(pool_size=(2, 2), strides=None, padding='valid'))
model.add(Dropout(0.5))
model.add(Flatten())
model.add(Dense(2000))
model.add(Activation('tanh'))
model.add(Dense(40))
model.add(Activation('softmax'))
""",
        kinds=RANK,
        layer="conv2d",
        axes=("channels",),
        first=((argument("reshape", "target_shape", (57, 47, 1)),), (insert(*MORE),)),
        accepted={"(57, 47)": "(57, 47, 1)"},
    ),
    Case(
        id="flatten-in-the-loop",
        thread="keras-team/keras#12622",
        title="ValueError: Input 0 is incompatible with layer conv2d_14: expected ndim=4, "
        "found ndim=2",
        code="""
inputs = Input(shape=(64, 64, 3))
x = Conv2D(16, (3, 3), padding="same")(inputs)
x = Activation("relu")(x)
x = BatchNormalization(axis=-1)(x)
x = MaxPooling2D(pool_size=(2, 2))(x)
x = Flatten()(x)
x = Dense(16)(x)
x = Activation("relu")(x)
x = Dropout(0.5)(x)
x = Dense(4)(x)
x = Activation("relu")(x)
x = Conv2D(32, (3, 3), padding="same")(x)
x = Activation("relu")(x)
x = MaxPooling2D(pool_size=(2, 2))(x)
x = Flatten()(x)
model = Model(inputs, Dense(4)(x))
""",
        kinds=RANK,
        layer="conv2d_1",
        axes=(),
        first=((remove("flatten"),), (insert(*MORE),)),
        accepted={"x = Flatten()(x)\nx = Dense(16)(x)": "x = Dense(16)(x)"},
    ),
    Case(
        id="signal-of-500",
        thread="keras-team/keras#983",
        title="TypeError with Convolutional1D layer",
        code="""
mod = Sequential()
mod.add(Input((500,)))
mod.add(Conv1D(5, 25))
mod.add(Activation('relu'))
mod.add(MaxPooling1D())
mod.add(Flatten())
mod.add(Dense(500))
mod.add(Activation('relu'))
mod.add(Dense(2))
mod.add(Activation('softmax'))
model = mod
""",
        kinds=RANK,
        layer="conv1d",
        axes=("channels", "steps"),
        first=((feed((500, 1)),), (insert(*MORE),)),
        accepted={"(500,)": "(500, 1)"},
    ),
    Case(
        id="grey-images-without-channel",
        thread="tensorflow/tensorflow#28442",
        title="expected conv2d_input to have 4 dimensions",
        code="""
model = tf.keras.Sequential()
model.add(tf.keras.layers.Input((50, 50)))
model.add(tf.keras.layers.Conv2D(32, (3, 3), activation='relu'))
model.add(tf.keras.layers.MaxPooling2D((2, 2)))
model.add(tf.keras.layers.Conv2D(64, (3, 3), activation='relu'))
model.add(tf.keras.layers.MaxPooling2D((2, 2)))
model.add(tf.keras.layers.Conv2D(64, (3, 3), activation='relu'))
""",
        kinds=RANK,
        layer="conv2d",
        axes=("channels",),
        first=((feed((50, 50, 1)),), (insert(*MORE),)),
        accepted={"(50, 50)": "(50, 50, 1)"},
    ),
    Case(
        id="coefficients-1886",
        thread="tensorflow/tensorflow#44065",
        title="Input shape for convolution1D",
        code="""
model = Sequential()
model.add(Input(shape=(1886,)))
model.add(Convolution1D(filters=32, kernel_size=1, strides=3))
""",
        kinds=RANK,
        layer="conv1d",
        axes=("channels", "steps"),
        first=((feed((1886, 1)),), (insert(*MORE),)),
        accepted={"(1886,)": "(1886, 1)"},
    ),
    Case(
        id="vectors-of-7200",
        thread="keras-team/keras#7136",
        title="enter input dimension",
        code="""
inputs = Input(shape=(7200,))
dense1 = Dense(64, activation='relu')(inputs)
conv1 = Conv1D(64, 3, activation='relu')(dense1)
dense2 = Dense(64, activation='relu')(conv1)
model = Model(inputs=inputs, outputs=dense2)
""",
        kinds=RANK,
        layer="conv1d",
        axes=("channels", "steps"),
        first=((feed((7200, 1)),), (insert(*MORE),)),
        accepted={"(7200,)": "(7200, 1)"},
    ),
    Case(
        id="convlstm-reads-six-axes",
        thread="keras-team/keras#10235",
        title="ConvLSTM2D reads the 5 dim inputs as 6 dim",
        code="""
model = Sequential()
model.add(Input((668, 677, 1, 1, 6)))
model.add(ConvLSTM2D(4, dropout=0.2, kernel_size=(1, 1), return_sequences=False))
""",
        kinds=RANK,
        layer="conv_lstm2d",
        axes=("batch",),
        first=((feed((677, 1, 1, 6)),),),
        accepted={"(668, 677, 1, 1, 6)": "(677, 1, 1, 6)"},
    ),
    Case(
        id="convlstm-without-time",
        thread="rstudio/keras3#220",
        title="dimensional problem when changing from layer_conv_2d to layer_conv_lstm_2d",
        code="""
model = keras.Sequential()
model.add(keras.Input((50, 1, 1)))
model.add(layers.ConvLSTM2D(filters=10, kernel_size=(5, 1), activation="tanh"))
model.add(layers.MaxPooling2D(pool_size=(2, 1)))
""",
        kinds=RANK,
        layer="conv_lstm2d",
        axes=("time", "batch"),
        first=(
            (feed((1, 50, 1, 1), (None, 50, 1, 1)),),
            (insert(*MORE),),
            (replace("conv_lstm2d", "Conv2D"),),
        ),
        accepted={"(50, 1, 1)": "(1, 50, 1, 1)"},
    ),
    Case(
        id="frames-into-conv2d",
        thread="iamrakesh28/Video-Prediction#4",
        title="Conv2D input shape is 4D (batch_size, rows, cols, depth) while this work input "
        "shape is 5D (batch_size, target_seq_len, rows, cols, depth)",
        code="""
frames = Input((5, 40, 40, 1))
x = Conv2D(8, 3, padding='same', activation='relu')(frames)
model = Model(frames, Conv2D(1, 1)(x))
""",
        kinds=RANK,
        layer="conv2d",
        axes=("batch", "time"),
        first=(
            (feed((40, 40, 1)),),
            (replace("conv2d", "Conv3D"), replace("conv2d_1", "Conv3D")),
            (replace("conv2d", "ConvLSTM2D"),),
        ),
        accepted={"(5, 40, 40, 1)": "(40, 40, 1)"},
    ),
    Case(
        id="rows-and-columns-only",
        thread="keras-team/keras#10053",
        title="Getting ValueError: Error when checking input: expected conv2d_1_input to have 4 "
        "dimensions, but got array with shape (315, 720, 1280)",
        code="""
model = Sequential()
model.add(Input((720, 1280)))
model.add(Conv2D(8, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(BatchNormalization())
model.add(Conv2D(16, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
""",
        kinds=RANK,
        layer="conv2d",
        axes=("channels",),
        first=((feed((720, 1280, 1)),), (insert(*MORE),)),
        accepted={"(720, 1280)": "(720, 1280, 1)"},
    ),
    Case(
        id="text-lines-reshaped",
        thread="keras-team/keras-io#610",
        title="ValueError: total size of new array must be unchanged, input_shape = [50, 50, 64], "
        "output_shape = [50, 768]",
        code="""
input_img = layers.Input(shape=(200, 200, 1), name='image', dtype='float32')
x = layers.Conv2D(32, (3, 3), activation='relu', padding='same', name='Conv1')(input_img)
x = layers.MaxPooling2D((2, 2), name='pool1')(x)
x = layers.Conv2D(64, (3, 3), activation='relu', padding='same', name='Conv2')(x)
x = layers.MaxPooling2D((2, 2), name='pool2')(x)
x = layers.Reshape(target_shape=(50, 768), name='reshape')(x)
x = layers.Dense(64, activation='relu', name='dense1')(x)
model = keras.Model(input_img, x)
""",
        kinds=("reshape",),
        layer="reshape",
        axes=(),
        first=(
            (argument("reshape", "target_shape", (50, 3200), (50, -1), (-1, 768)),),
            (feed((200, 50, 1), (200, 48, 1)),),
        ),
        accepted={"(50, 768)": "(50, 3200)"},
    ),
    Case(
        id="dense-of-unknown-size",
        thread="keras-team/keras#11001",
        title="Add a Dense after conv layer",
        code="""
input_image = keras.Input((None, None, 3), name='input_image')
x = layers.Conv2D(64, (3, 3), padding='same')(input_image)
x = layers.Flatten()(x)
x = layers.Dense(2)(x)
model = keras.Model(inputs=input_image, outputs=x)
""",
        kinds=("unknown-size",),
        layer="dense",
        axes=(),
        first=(
            (replace("flatten", "GlobalMaxPooling2D", "GlobalAveragePooling2D"),),
            (remove("flatten"), insert("GlobalMaxPooling2D", "GlobalAveragePooling2D")),
            (feed((ANY, ANY, 3)),),
        ),
        accepted={"layers.Flatten()": "layers.GlobalMaxPooling2D()"},
    ),
    Case(
        id="points-of-unknown-number",
        thread="keras-team/keras#9827",
        title="Flatten() Layer vs GlobalMaxPooling for variable sized input",
        code="""
points = Input((None, 3))
g = Conv1D(64, 1, activation='relu')(points)
g = Conv1D(512, 1, activation='relu')(g)
global_feature = MaxPooling1D(pool_size=16)(g)
g = Flatten()(global_feature)
model = Model(points, Dense(40, activation='softmax')(g))
""",
        kinds=("unknown-size",),
        layer="dense",
        axes=(),
        first=(
            (replace("flatten", "GlobalAveragePooling1D", "GlobalMaxPooling1D"),),
            (feed((ANY, 3)),),
        ),
        accepted={"Flatten()": "GlobalAveragePooling1D()"},
    ),
    Case(
        id="speech-of-unknown-length",
        thread="douglas125/SpeechCmdRecognition#9",
        title="issues with ConvSpeechModel",
        code="""
spectrogram = Input((None, 80, 1))
c1 = Conv2D(20, (5, 1), activation='relu', padding='same')(spectrogram)
c1 = BatchNormalization()(c1)
p1 = MaxPooling2D((2, 1))(c1)
p1 = Dropout(0.03)(p1)
c2 = Conv2D(40, (3, 3), activation='relu', padding='same')(p1)
c2 = BatchNormalization()(c2)
p2 = MaxPooling2D((2, 2))(c2)
c3 = Conv2D(80, (3, 3), activation='relu', padding='same')(p2)
p3 = MaxPooling2D((2, 2))(c3)
p3 = Flatten()(p3)
d1 = Dense(64, activation='relu')(p3)
model = Model(spectrogram, Dense(12, activation='softmax')(d1))
""",
        kinds=("unknown-size",),
        layer="dense",
        axes=(),
        first=(
            (replace("flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D"),),
            (feed((ANY, 80, 1)),),
        ),
        accepted={"(None, 80, 1)": "(125, 80, 1)"},
    ),
]
