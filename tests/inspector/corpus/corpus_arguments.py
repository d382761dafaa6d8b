"""Channels, groups, and arguments that no layer takes together."""

from corpus_case import ANY, Case, argument, feed, insert

ILLEGAL = ("illegal-arguments",)
CHANNELS = ("channels",)

CASES = [
    Case(
        id="grey-into-vgg",
        thread="idealo/image-super-resolution#121",
        title='Gray scale training, "input shape" error message',
        code="""
vgg_in = Input((64, 64, 3), name='vgg_in')
v = Conv2D(64, 3, padding='same', name='Conv_1')(vgg_in)
v = MaxPooling2D(2, name='Pool_1')(v)
vgg = Model(vgg_in, v, name='vgg')
grey = Input((64, 64, 1), name='grey')
model = Model(grey, vgg(grey))
""",
        kinds=CHANNELS,
        layer="vgg/Conv_1",
        axes=("channels",),
        first=(
            (feed((64, 64, 3)),),
            (insert("Conv2D", "Concatenate"),),
            (argument(ANY, "batch_shape", ANY),),
        ),
        accepted={"Input((64, 64, 1), name='grey')": "Input((64, 64, 3), name='grey')"},
    ),
    Case(
        id="grey-into-resnet",
        thread="keras-team/keras#9739",
        title="Training Resnet50 with grayscale images:ValueError: Error when checking input: "
        "expected input_2 to have shape (256, 256, 3) but got array with shape (256, 256, 1)",
        code="""
img_input = Input((256, 256, 3))
x = ZeroPadding2D(3, name='conv1_pad')(img_input)
x = Conv2D(64, 7, strides=2, name='conv1')(x)
x = BatchNormalization(name='bn_conv1')(x)
x = Activation('relu')(x)
x = MaxPooling2D(3, strides=2)(x)
x = GlobalAveragePooling2D()(x)
model = Model(img_input, Dense(4, activation='softmax')(x))
""",
        given=(256, 256, 1),
        kinds=CHANNELS,
        layer="conv1",
        axes=("channels",),
        first=((feed((256, 256, 3)),), (insert("Conv2D", "Concatenate"),)),
    ),
    Case(
        id="colour-discriminator-of-grey-generator",
        thread="roatienza/Deep-Learning-Experiments#8",
        title="Advice about keras GAN",
        code="""
noise = Input((100,))
g = Dense(7 * 7 * 64)(noise)
g = Reshape((7, 7, 64))(g)
g = UpSampling2D()(g)
g = Conv2DTranspose(32, 5, padding='same')(g)
g = UpSampling2D()(g)
g = Conv2DTranspose(1, 5, padding='same', name='image')(g)
g = Activation('sigmoid')(g)
generator = Model(noise, g, name='generator')
image = Input((28, 28, 3))
d = Conv2D(64, 5, strides=2, padding='same', name='d_conv1')(image)
d = LeakyReLU(negative_slope=0.2)(d)
d = Dense(1, activation='sigmoid')(Flatten()(d))
discriminator = Model(image, d, name='discriminator')
z = Input((100,))
model = Model(z, discriminator(generator(z)))
""",
        kinds=CHANNELS,
        layer="discriminator/d_conv1",
        axes=("channels",),
        first=(
            (argument(("image", "generator/image"), "filters", 3),),
            (insert("Conv2D", "Concatenate"),),
        ),
        accepted={"Conv2DTranspose(1, 5": "Conv2DTranspose(3, 5"},
    ),
    Case(
        id="shufflenet-eight-groups",
        thread="jaxony/ShuffleNet#5",
        title="When group=8, input channels cannot be divided by group number",
        code="""
x = Input((56, 56, 24))
y = Conv2D(90, 1, name='g_conv_1x1_compress')(x)
y = BatchNormalization()(y)
y = DepthwiseConv2D(3, strides=2, padding='same', name='depthwise')(y)
y = Conv2D(360, 1, groups=8, name='g_conv_1x1_expand')(y)
pool = AveragePooling2D(3, strides=2, padding='same')(x)
model = Model(x, Concatenate()([pool, y]))
""",
        kinds=("groups",),
        layer="g_conv_1x1_expand",
        axes=("channels",),
        first=(
            (argument("g_conv_1x1_expand", "groups", 9, 6, 10, 5, 3, 2, 1),),
            (argument("g_conv_1x1_compress", "filters", 88, 96),),
        ),
        accepted={"Conv2D(90": "Conv2D(96"},
    ),
    Case(
        id="pyramid-of-58-channels",
        thread="iduta/pyconv#6",
        title="pyconv",
        code="""
inp = Input((28, 28, 58))
low = Conv2D(28, 3, padding='same', groups=1)(inp)
high = Conv2D(28, 5, padding='same', groups=4)(inp)
model = Model(inp, Concatenate()([low, high]))
""",
        kinds=("groups",),
        layer="conv2d_1",
        axes=("channels",),
        first=((argument("conv2d_1", "groups", 2, 1),), (feed((28, 28, 56), (28, 28, 60)),)),
        accepted={"groups=4": "groups=2"},
    ),
    Case(
        id="filters-of-five-groups",
        thread="tensorflow/tensorflow#34024",
        title="Group Convolution not working in TF 2.0.0",
        code="""
x = Input((13, 17, 30))
y = Conv2D(36, (3, 5), groups=5, padding='same')(x)
model = Model(x, y)
""",
        kinds=("groups", "illegal-arguments"),
        layer="conv2d",
        axes=("channels",),
        first=(
            (argument("conv2d", "filters", 35, 40),),
            (argument("conv2d", "groups", 6, 3, 4, 2, 1),),
        ),
        accepted={"Conv2D(36": "Conv2D(35"},
    ),
    Case(
        id="strides-with-dilation",
        thread="tensorflow/tensorflow#61090",
        title="The relationship between the parameters of Conv2D is unclear",
        code="""
x = tf.keras.Input((32, 32, 3))
y = tf.keras.layers.Conv2D(filters=2, kernel_size=(1, 1), strides=(2, 2), padding="same",
                           use_bias=False, dilation_rate=(4, 5))(x)
model = tf.keras.Model(x, y)
""",
        kinds=ILLEGAL,
        layer="conv2d",
        axes=(),
        first=(
            (argument("conv2d", "dilation_rate", 1, (1, 1)),),
            (argument("conv2d", "strides", 1, (1, 1)),),
        ),
        accepted={"dilation_rate=(4, 5)": "dilation_rate=1"},
    ),
    Case(
        id="transposed-strides-with-dilation",
        thread="keras-team/keras#16086",
        title="Why can I set both dilation_rate and strides '>1' in Conv1DTranspose?",
        code="""
x = keras.Input((5, 1))
y = keras.layers.Conv1DTranspose(filters=3, kernel_size=[3], strides=(2,), dilation_rate=(2,),
                                 padding="same")(x)
model = keras.Model(x, y)
""",
        kinds=ILLEGAL,
        layer="conv1d_transpose",
        axes=(),
        first=(
            (argument("conv1d_transpose", "dilation_rate", 1, (1,)),),
            (argument("conv1d_transpose", "strides", 1, (1,)),),
        ),
        accepted={"dilation_rate=(2,)": "dilation_rate=1"},
    ),
    Case(
        id="output-padding-of-a-stride",
        thread="keras-team/keras#13231",
        title="Conv2DTranspose Strides VS out_pad",
        code="""
x = Input((46, 62, 3))
y = Conv2DTranspose(1, 16, strides=8, padding="same", output_padding=(8, 1), name="up")(x)
model = Model(x, y)
""",
        kinds=ILLEGAL,
        layer="up",
        axes=(),
        first=(
            (argument("up", "output_padding", None, ANY),),
            (argument("up", "output_padding", ANY), insert("Cropping2D")),
            (argument("up", "output_padding", ANY), argument("up", "kernel_size", ANY)),
            (argument("up", "strides", ANY),),
        ),
        accepted={
            '"same", output_padding=(8, 1), name="up")(x)': '"same", name="up")(x)\n'
            "y = Cropping2D(((0, 0), (0, 7)))(y)"
        },
    ),
    Case(
        id="output-padding-above-strides",
        thread="keras-team/keras#22127",
        title="Missing validation for output_padding < strides in Conv2DTranspose leading to "
        "backend abort",
        code="""
x = Input((10, 10, 3))
layer = layers.Conv2DTranspose(
    filters=3,
    kernel_size=3,
    strides=2,
    padding="valid",
    output_padding=3,
)
model = Model(x, layer(x))
""",
        kinds=ILLEGAL,
        layer="conv2d_transpose",
        axes=(),
        first=(
            (argument("conv2d_transpose", "output_padding", 1, (1, 1), 0, (0, 0), None),),
            (argument("conv2d_transpose", "strides", 4, (4, 4)),),
        ),
        accepted={"output_padding=3": "output_padding=1"},
    ),
    Case(
        id="output-padding-without-stride",
        thread="keras-team/keras#10793",
        title="Output_padding param in Conv2dTranspose Inaccessible",
        code="""
distance = Input((4, 5, 8))
deconv1 = keras.layers.Conv2DTranspose(16, 3, activation='relu', padding='same',
                                       kernel_initializer='he_normal',
                                       output_padding=(1, 0))(distance)
model = Model(distance, deconv1)
""",
        kinds=ILLEGAL,
        layer="conv2d_transpose",
        axes=(),
        first=(
            (argument("conv2d_transpose", "output_padding", None, 0, (0, 0)),),
            (argument("conv2d_transpose", "output_padding", ANY), insert("ZeroPadding2D")),
        ),
        accepted={"output_padding=(1, 0)": "output_padding=None"},
    ),
]
