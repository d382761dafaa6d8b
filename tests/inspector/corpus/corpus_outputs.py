"""Outputs of another size than wanted: autoencoders, generators, transposed convolutions."""

from corpus_case import ANY, Case, argument, insert

OUTPUT = ("output-size",)
PLANE = ("height", "width")

CASES = [
    Case(
        id="autoencoder-458-690",
        thread="ankonzoid/artificio#12",
        title="Decoders shape is changing",
        code="""
input_img = Input(shape=(458, 690, 3))
x = Conv2D(16, (3, 3), activation='relu', padding='same')(input_img)
x = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(x)
x = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(x)
encoded = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(encoded)
x = UpSampling2D((2, 2))(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(x)
x = UpSampling2D((2, 2))(x)
x = Conv2D(16, (3, 3), activation='relu')(x)
x = UpSampling2D((2, 2))(x)
decoded = Conv2D(3, (3, 3), activation='sigmoid', padding='same', name='decoded')(x)
model = Model(input_img, decoded)
""",
        wanted=(458, 690, 3),
        kinds=OUTPUT,
        layer="decoded",
        axes=PLANE,
        first=((argument("decoded", "padding", "valid"),), (insert("Cropping2D"),)),
        accepted={
            "Model(input_img, decoded)": "Model(input_img, Cropping2D(1)(decoded))",
        },
    ),
    Case(
        id="profiles-23",
        thread="keras-team/keras#12674",
        title="Getting ValueError for unknown reason",
        code="""
input_profile = Input(shape=(23, 23, 1))
x = Conv2D(16, (3, 3), activation='relu', padding='same')(input_profile)
x = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(x)
x = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(x)
encoded = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(encoded)
x = UpSampling2D((2, 2))(x)
x = Conv2D(8, (3, 3), activation='relu', padding='same')(x)
x = UpSampling2D((2, 2))(x)
x = Conv2D(16, (3, 3), activation='relu')(x)
x = UpSampling2D((2, 2))(x)
decoded = Conv2D(1, (3, 3), activation='sigmoid', padding='same')(x)
model = Model(input_profile, decoded)
""",
        wanted=(23, 23, 1),
        kinds=OUTPUT,
        layer="conv2d_6",
        axes=PLANE,
        first=(
            (insert("ZeroPadding2D", "Resizing"),),
            (argument("conv2d_5", "padding", "same"), insert("Cropping2D")),
        ),
        accepted={
            "(16, (3, 3), activation='relu')": "(16, (3, 3), activation='relu', padding='same')",
            "(input_profile, decoded)": "(input_profile, Cropping2D(((0, 1), (0, 1)))(decoded))",
        },
    ),
    Case(
        id="maps-73-144",
        thread="keras-team/keras#4036",
        title="Dimension problem when building convolutional autoencoder",
        code="""
input_img = Input(shape=(73, 144, 1))
x = Conv2D(16, (3, 3), activation='relu', padding='same')(input_img)
x = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(12, (3, 3), activation='relu', padding='same')(x)
x = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(6, (3, 3), activation='relu', padding='same')(x)
encoded = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(6, (3, 3), activation='relu', padding='same')(encoded)
x = UpSampling2D((2, 2))(x)
x = Conv2D(12, (3, 3), activation='relu', padding='same')(x)
x = UpSampling2D((2, 2))(x)
x = Conv2D(16, (3, 3), activation='relu')(x)
x = UpSampling2D((2, 2))(x)
decoded = Conv2D(1, (3, 3), activation='sigmoid', padding='same')(x)
model = Model(input_img, decoded)
""",
        wanted=(73, 144, 1),
        kinds=OUTPUT,
        layer="conv2d_6",
        axes=PLANE,
        first=(
            (insert("Resizing"),),
            (insert("ZeroPadding2D", "Cropping2D"), insert("ZeroPadding2D", "Cropping2D")),
            (argument("conv2d_5", "padding", "same"), insert("Cropping2D")),
        ),
        accepted={
            "(16, (3, 3), activation='relu')": "(16, (3, 3), activation='relu', padding='same')",
            "(input_img, decoded)": "(input_img, Cropping2D(((0, 7), (0, 0)))(decoded))",
        },
    ),
    Case(
        id="spectra-2049",
        thread="keras-team/keras#4056",
        title="Convolution2D Dimension Error",
        code="""
input_img = Input(shape=(2049, 64, 1))
x = Conv2D(32, (3, 3), activation='relu', padding='same')(input_img)
x = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(32, (3, 3), activation='relu', padding='same')(x)
encoded = MaxPooling2D((2, 2), padding='same')(x)
x = Conv2D(32, (3, 3), activation='relu', padding='same')(encoded)
x = UpSampling2D((2, 2))(x)
x = Conv2D(32, (3, 3), activation='relu', padding='same')(x)
x = UpSampling2D((2, 2))(x)
decoded = Conv2D(1, (3, 3), activation='sigmoid', padding='same')(x)
model = Model(input_img, decoded)
""",
        wanted=(2049, 64, 1),
        kinds=OUTPUT,
        layer="conv2d_4",
        axes=("height",),
        first=(
            (insert("Cropping2D"),),
            (argument("conv2d_4", "kernel_size", (4, 1)), argument("conv2d_4", "padding", "valid")),
        ),
        accepted={"(input_img, decoded)": "(input_img, Cropping2D(((0, 3), (0, 0)))(decoded))"},
    ),
    Case(
        id="decoder-25",
        thread="keras-team/keras#14158",
        title="Is output_padding = (0,0) in Conv2DTranspose okay to use?",
        code="""
image = Input((25, 25, 1))
x = Conv2D(8, 3, strides=2, padding='same')(image)
x = Conv2D(16, 3, strides=2, padding='same')(x)
x = Conv2D(32, 3, strides=2, padding='same')(x)
x = Conv2D(64, 3, strides=2, padding='same')(x)
x = Conv2DTranspose(32, 3, strides=2, padding='same', name='up4')(x)
x = Conv2DTranspose(16, 3, strides=2, padding='same', name='up7')(x)
x = Conv2DTranspose(8, 3, strides=2, padding='same', name='up13')(x)
x = Conv2DTranspose(1, 3, strides=2, padding='same', name='up25')(x)
model = Model(image, x)
""",
        wanted=(25, 25, 1),
        kinds=OUTPUT,
        layer="up25",
        axes=PLANE,
        first=(
            (insert("Cropping2D"),),
            tuple(argument(n, "output_padding", 0, (0, 0)) for n in ("up7", "up13", "up25")),
        ),
        accepted={
            "name='up7'": "output_padding=0, name='up7'",
            "name='up13'": "output_padding=0, name='up13'",
            "name='up25'": "output_padding=0, name='up25'",
        },
    ),
    Case(
        id="five-to-nine",
        thread="keras-team/keras#10246",
        title="Resolving output shape ambiguity in transposed convolutions",
        code="""
x = Input((9, 9, 4))
y = Conv2D(8, 3, strides=2, padding='same')(x)
z = Conv2DTranspose(4, 3, strides=2, padding='same', name='deconv')(y)
model = Model(x, z)
""",
        wanted=(9, 9, 4),
        kinds=OUTPUT,
        layer="deconv",
        axes=PLANE,
        first=((argument("deconv", "output_padding", 0, (0, 0)),),),
        accepted={"name='deconv'": "output_padding=0, name='deconv'"},
    ),
    Case(
        id="nine-not-ten",
        thread="https://www.mysjtu.net/2018/01/31/transpose-convolution-by-tensorflow",
        title="Transpose convolution by TensorFlow",
        code="""
model = keras.Sequential([
    keras.Input((5, 5, 1)),
    layers.Conv2DTranspose(1, [3, 3], strides=2, padding='SAME'),
])
""",
        wanted=(9, 9, 1),
        kinds=OUTPUT,
        layer="conv2d_transpose",
        axes=PLANE,
        # the page drops the last row and column; output_padding=0 never makes them
        first=(
            (argument("conv2d_transpose", "output_padding", 0, (0, 0)),),
            (insert("Cropping2D"),),
        ),
        accepted={"padding='SAME')": "padding='same', output_padding=0)"},
    ),
    Case(
        id="generator-128",
        thread="jeffheaton/t81_558_deep_learning#30",
        title="07_2_Keras_gan Input shape mismatch",
        code="""
model = Sequential()
model.add(Input((100,)))
model.add(Dense(4 * 4 * 256, activation="relu"))
model.add(Reshape((4, 4, 256)))
model.add(UpSampling2D())
model.add(Conv2D(256, kernel_size=3, padding="same"))
model.add(UpSampling2D())
model.add(Conv2D(256, kernel_size=3, padding="same"))
model.add(UpSampling2D())
model.add(Conv2D(128, kernel_size=3, padding="same"))
model.add(UpSampling2D())
model.add(Conv2D(128, kernel_size=3, padding="same"))
model.add(UpSampling2D())
model.add(Conv2D(128, kernel_size=3, padding="same"))
model.add(Activation("relu"))
model.add(Conv2D(3, kernel_size=3, padding="same"))
model.add(Activation("tanh"))
""",
        wanted=(96, 96, 3),
        kinds=OUTPUT,
        layer="activation_1",
        axes=PLANE,
        first=(
            (insert("Cropping2D", "Resizing"),),
            (argument("dense", "units", 2304), argument("reshape", "target_shape", (3, 3, 256))),
            (argument(ANY, "padding", "valid"),),
        ),
        accepted={"4 * 4 * 256": "3 * 3 * 256", "(4, 4, 256)": "(3, 3, 256)"},
    ),
    Case(
        id="dcgan-for-cifar",
        thread="eriklindernoren/Keras-GAN#33",
        title="Change dataset with image size not 28*28, Can't train it.",
        code="""
model = Sequential()
model.add(Input((100,)))
model.add(Dense(128 * 7 * 7, activation="relu"))
model.add(Reshape((7, 7, 128)))
model.add(UpSampling2D())
model.add(Conv2D(128, kernel_size=3, padding="same"))
model.add(BatchNormalization(momentum=0.8))
model.add(Activation("relu"))
model.add(UpSampling2D())
model.add(Conv2D(64, kernel_size=3, padding="same"))
model.add(BatchNormalization(momentum=0.8))
model.add(Activation("relu"))
model.add(Conv2D(3, kernel_size=3, padding="same", name="last"))
model.add(Activation("tanh", name="image"))
""",
        wanted=(32, 32, 3),
        kinds=OUTPUT,
        layer="image",
        axes=PLANE,
        first=(
            (insert("ZeroPadding2D", "Resizing"),),
            (argument("dense", "units", 8192), argument("reshape", "target_shape", (8, 8, 128))),
        ),
        accepted={"128 * 7 * 7": "128 * 8 * 8", "(7, 7, 128)": "(8, 8, 128)"},
    ),
    Case(
        id="temporal-autoencoder",
        thread="FlorentF9/DeepTemporalClustering#2",
        title="Problem with Autoencoder Dimensions",
        code="""
x = Input(shape=(128, 1), name='input_seq')
encoded = Conv1D(50, 10, strides=1, padding='same', activation='linear')(x)
encoded = LeakyReLU()(encoded)
encoded = MaxPooling1D(8)(encoded)
encoded = Conv1D(50, 1, padding='same', name='latent')(encoded)
decoded = Reshape((-1, 1, 50), name='reshape')(encoded)
decoded = UpSampling2D((8, 1), name='upsampling')(decoded)
decoded = Conv2DTranspose(50, (10, 1), padding='same', name='conv2dtranspose')(decoded)
output = Reshape((-1, 1), name='output_seq')(decoded)
model = Model(inputs=x, outputs=output, name='AE')
""",
        wanted=(128, 1),
        kinds=OUTPUT,
        layer="output_seq",
        axes=("steps", "height"),
        first=(
            (argument("conv2dtranspose", "filters", 1),),
            (insert("Cropping1D"),),
        ),
        accepted={"Conv2DTranspose(50": "Conv2DTranspose(1"},
    ),
    Case(
        id="vae-27",
        thread="keras-team/keras#3311",
        title="Error in deconv output shape estimation",
        code="""
z = Input((2,))
decoded = Dense(32 * 14 * 14, activation='relu')(Dense(128, activation='relu')(z))
decoded = Reshape((14, 14, 32))(decoded)
decoded = Conv2DTranspose(32, 3, padding='same', activation='relu')(decoded)
decoded = Conv2DTranspose(32, 2, padding='valid', strides=(2, 2), name='upsampled')(decoded)
decoded = Conv2D(1, 2, padding='valid', activation='sigmoid', name='mean_squashed')(decoded)
model = Model(z, decoded)
""",
        wanted=(28, 28, 1),
        kinds=OUTPUT,
        layer="mean_squashed",
        axes=PLANE,
        # Keras's example has a kernel of 3 in the layer before since then
        first=(
            (argument("mean_squashed", "padding", "same"),),
            (argument("mean_squashed", "kernel_size", 1, (1, 1)),),
            (argument("upsampled", "kernel_size", 3, (3, 3)),),
        ),
        accepted={"Conv2DTranspose(32, 2,": "Conv2DTranspose(32, 3,"},
    ),
]
