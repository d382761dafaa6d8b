"""Joins of branches whose sizes differ: U-Nets first of all."""

from corpus_case import ANY, Case, argument, feed, insert, remove

PLANE = ("height", "width")
PAD = ("ZeroPadding2D",)
CROP = ("Cropping2D",)
FIT = ("Cropping2D", "ZeroPadding2D", "Resizing")

CASES = [
    Case(
        id="unet-358",
        thread="keras-team/keras#19964",
        title="A `Concatenate` layer requires inputs with matching shapes except for the "
        "concatenation axis. Received: input_shape=[(None, 88, 88, 128), (None, 89, 89, 128)]",
        code="""
inputs = tf.keras.layers.Input(shape=(358, 358, 1))
x = tf.keras.layers.Conv2D(32, kernel_size=3, activation='relu', padding='same')(inputs)
skip0 = tf.keras.layers.Conv2D(32, kernel_size=3, activation='relu', padding='same')(x)
x = tf.keras.layers.MaxPool2D(2)(skip0)
x = tf.keras.layers.Conv2D(64, kernel_size=3, activation='relu', padding='same')(x)
skip1 = tf.keras.layers.Conv2D(64, kernel_size=3, activation='relu', padding='same')(x)
x = tf.keras.layers.MaxPool2D(2)(skip1)
x = tf.keras.layers.Conv2D(128, kernel_size=3, activation='relu', padding='same')(x)
skip2 = tf.keras.layers.Conv2D(128, kernel_size=3, activation='relu', padding='same')(x)
x = tf.keras.layers.MaxPool2D(2)(skip2)
x = tf.keras.layers.Conv2D(256, kernel_size=3, activation='relu', padding='same')(x)
x = tf.keras.layers.Conv2DTranspose(128, strides=2, kernel_size=3, padding='same')(x)
x = tf.keras.layers.Concatenate()([x, skip2])
x = tf.keras.layers.Conv2D(128, kernel_size=3, activation='relu', padding='same')(x)
x = tf.keras.layers.Conv2DTranspose(64, strides=2, kernel_size=3, padding='same')(x)
x = tf.keras.layers.Concatenate()([x, skip1])
x = tf.keras.layers.Conv2D(64, kernel_size=3, activation='relu', padding='same')(x)
x = tf.keras.layers.Conv2DTranspose(32, strides=2, kernel_size=3, padding='same')(x)
x = tf.keras.layers.Concatenate()([x, skip0])
x = tf.keras.layers.Conv2D(1, kernel_size=1, activation='sigmoid', padding='same')(x)
model = tf.keras.Model(inputs=inputs, outputs=x)
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=PLANE,
        first=(
            (feed((360, 360, 1)),),
            (
                argument("conv2d_transpose", "padding", "valid"),
                argument("conv2d_transpose_1", "padding", "valid"),
            ),
        ),
        accepted={"358, 358": "360, 360"},
    ),
    Case(
        id="unet-paper-572",
        thread="qubvel/segmentation_models#154",
        title="How to tackle Unet concatenation problem",
        code="""
inputs = Input(shape=(572, 572, 3))
conv1 = Conv2D(filters=4, kernel_size=(3, 3), strides=(1, 1))(inputs)
conv1 = Conv2D(filters=4, kernel_size=(3, 3), strides=(1, 1))(conv1)
pool1 = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding='same')(conv1)
conv2 = Conv2D(filters=8, kernel_size=(3, 3), strides=(1, 1))(pool1)
conv2 = Conv2D(filters=8, kernel_size=(3, 3), strides=(1, 1))(conv2)
pool2 = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding='same')(conv2)
conv3 = Conv2D(filters=16, kernel_size=(3, 3), strides=(1, 1))(pool2)
conv3 = Conv2D(filters=16, kernel_size=(3, 3), strides=(1, 1))(conv3)
pool3 = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding='same')(conv3)
conv4 = Conv2D(filters=32, kernel_size=(3, 3), strides=(1, 1))(pool3)
conv4 = Conv2D(filters=32, kernel_size=(3, 3), strides=(1, 1))(conv4)
pool4 = MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding='same')(conv4)
conv5 = Conv2D(filters=64, kernel_size=(3, 3), strides=(1, 1))(pool4)
conv5 = Conv2D(filters=64, kernel_size=(3, 3), strides=(1, 1))(conv5)
up6 = Conv2DTranspose(filters=32, kernel_size=(2, 2), strides=(2, 2))(conv5)
merge6 = concatenate([up6, conv4], axis=-1)
conv6 = Conv2D(filters=32, kernel_size=(3, 3), strides=(1, 1))(merge6)
model = Model(inputs, conv6)
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=PLANE,
        # the paper crops what the skip connection hands over
        first=((insert("Cropping2D", "ZeroPadding2D"),),),
        accepted={"concatenate([up6, conv4]": "concatenate([up6, Cropping2D(4)(conv4)]"},
    ),
    Case(
        id="unet-paper-four-skips",
        thread="jakeret/tf_unet#279",
        title="How to concatenate Conv2DTranspose and Conv2D",
        code="""
inputs = Input((572, 572, 1))
c1 = Conv2D(4, 3)(inputs)
c1 = Conv2D(4, 3)(c1)
c2 = Conv2D(8, 3)(MaxPooling2D(2)(c1))
c2 = Conv2D(8, 3)(c2)
c3 = Conv2D(16, 3)(MaxPooling2D(2)(c2))
c3 = Conv2D(16, 3)(c3)
c4 = Conv2D(32, 3)(MaxPooling2D(2)(c3))
c4 = Conv2D(32, 3)(c4)
c5 = Conv2D(64, 3)(MaxPooling2D(2)(c4))
c5 = Conv2D(64, 3)(c5)
u6 = Conv2DTranspose(32, 2, strides=2)(c5)
c6 = Conv2D(32, 3)(Concatenate()([u6, c4]))
c6 = Conv2D(32, 3)(c6)
u7 = Conv2DTranspose(16, 2, strides=2)(c6)
c7 = Conv2D(16, 3)(Concatenate()([u7, c3]))
c7 = Conv2D(16, 3)(c7)
u8 = Conv2DTranspose(8, 2, strides=2)(c7)
c8 = Conv2D(8, 3)(Concatenate()([u8, c2]))
c8 = Conv2D(8, 3)(c8)
u9 = Conv2DTranspose(4, 2, strides=2)(c8)
c9 = Conv2D(4, 3)(Concatenate()([u9, c1]))
c9 = Conv2D(4, 3)(c9)
model = Model(inputs, Conv2D(2, 1)(c9))
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=PLANE,
        first=((insert(*FIT),) * 4,),
        accepted={
            "[u6, c4]": "[u6, Cropping2D(4)(c4)]",
            "[u7, c3]": "[u7, Cropping2D(16)(c3)]",
            "[u8, c2]": "[u8, Cropping2D(40)(c2)]",
            "[u9, c1]": "[u9, Cropping2D(88)(c1)]",
        },
    ),
    Case(
        id="unet-60",
        thread="zhixuhao/unet#209",
        title="merge6 = Concatenate(axis = 3)([drop4,up6])",
        code="""
inputs = Input((60, 60, 1))
conv1 = Conv2D(8, 3, activation='relu', padding='same')(inputs)
pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
conv2 = Conv2D(16, 3, activation='relu', padding='same')(pool1)
pool2 = MaxPooling2D(pool_size=(2, 2))(conv2)
conv3 = Conv2D(32, 3, activation='relu', padding='same')(pool2)
pool3 = MaxPooling2D(pool_size=(2, 2))(conv3)
conv4 = Conv2D(64, 3, activation='relu', padding='same')(pool3)
drop4 = Dropout(0.5)(conv4)
pool4 = MaxPooling2D(pool_size=(2, 2))(drop4)
conv5 = Conv2D(128, 3, activation='relu', padding='same')(pool4)
drop5 = Dropout(0.5)(conv5)
up6 = Conv2D(64, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(drop5))
merge6 = Concatenate(axis=3)([drop4, up6])
conv6 = Conv2D(64, 3, activation='relu', padding='same')(merge6)
up7 = Conv2D(32, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(conv6))
merge7 = Concatenate(axis=3)([conv3, up7])
conv7 = Conv2D(32, 3, activation='relu', padding='same')(merge7)
up8 = Conv2D(16, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(conv7))
merge8 = Concatenate(axis=3)([conv2, up8])
conv8 = Conv2D(16, 3, activation='relu', padding='same')(merge8)
up9 = Conv2D(8, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(conv8))
merge9 = Concatenate(axis=3)([conv1, up9])
conv10 = Conv2D(1, 1, activation='sigmoid')(merge9)
model = Model(inputs, conv10)
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=PLANE,
        first=((feed((64, 64, 1)),),),
        accepted={"(60, 60, 1)": "(64, 64, 1)"},
    ),
    Case(
        id="resnet-unet-300",
        thread="qubvel/segmentation_models#244",
        title="input size error",
        code="""
image = layers.Input((300, 300, 3))
x = layers.ZeroPadding2D(3)(image)
e1 = layers.Conv2D(8, 7, strides=2, activation='relu')(x)
x = layers.ZeroPadding2D(1)(e1)
x = layers.MaxPooling2D(3, strides=2)(x)
e2 = layers.Conv2D(8, 3, padding='same', activation='relu')(x)
x = layers.ZeroPadding2D(1)(e2)
e3 = layers.Conv2D(16, 3, strides=2, activation='relu')(x)
x = layers.ZeroPadding2D(1)(e3)
e4 = layers.Conv2D(32, 3, strides=2, activation='relu')(x)
x = layers.ZeroPadding2D(1)(e4)
x = layers.Conv2D(64, 3, strides=2, activation='relu')(x)
x = layers.UpSampling2D(2)(x)
x = layers.Concatenate(axis=3, name='decoder_stage0_concat')([x, e4])
x = layers.Conv2D(32, 3, padding='same', activation='relu')(x)
x = layers.UpSampling2D(2)(x)
x = layers.Concatenate(axis=3, name='decoder_stage1_concat')([x, e3])
x = layers.Conv2D(16, 3, padding='same', activation='relu')(x)
x = layers.UpSampling2D(2)(x)
x = layers.Concatenate(axis=3, name='decoder_stage2_concat')([x, e2])
x = layers.Conv2D(8, 3, padding='same', activation='relu')(x)
x = layers.UpSampling2D(2)(x)
x = layers.Concatenate(axis=3, name='decoder_stage3_concat')([x, e1])
x = layers.Conv2D(8, 3, padding='same', activation='relu')(x)
x = layers.UpSampling2D(2)(x)
x = layers.Conv2D(1, 3, padding='same', activation='sigmoid')(x)
model = models.Model(image, x)
""",
        kinds=("join-sizes",),
        layer="decoder_stage0_concat",
        axes=PLANE,
        # "Shape H and W should be divisible by 32"; or one row and column cropped, once
        first=((feed((320, 320, 3)),), (insert(*FIT),)),
        accepted={"(300, 300, 3)": "(320, 320, 3)"},
    ),
    Case(
        id="resnet-unet-197",
        thread="qubvel/segmentation_models#1",
        title="UResNet Error: ValueError: A `Concatenate` layer requires inputs with matching "
        "shapes except for the concat axis.",
        code="""
image = Input((197, 197, 3))
e1 = Conv2D(8, 7, strides=2, padding='same')(image)
e2 = MaxPooling2D(3, strides=2, padding='same')(e1)
e3 = Conv2D(16, 3, strides=2, padding='same')(e2)
e4 = Conv2D(32, 3, strides=2, padding='same')(e3)
e5 = Conv2D(64, 3, strides=2, padding='same')(e4)
x = Conv2DTranspose(32, 4, strides=2, padding='same')(e5)
x = Concatenate()([x, e4])
x = Conv2DTranspose(16, 4, strides=2, padding='same')(x)
x = Concatenate()([x, e3])
x = Conv2DTranspose(8, 4, strides=2, padding='same')(x)
x = Concatenate()([x, e2])
x = Conv2DTranspose(8, 4, strides=2, padding='same')(x)
x = Concatenate()([x, e1])
x = Conv2DTranspose(1, 4, strides=2, padding='same', activation='sigmoid')(x)
model = Model(image, x)
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=PLANE,
        first=((feed((224, 224, 3)),),),
        accepted={"(197, 197, 3)": "(192, 192, 3)"},
    ),
    Case(
        id="vgg-unet-902-602",
        thread="divamgupta/image-segmentation-keras#283",
        title="Error of concatenate inputs shape in Unet model",
        code="""
img_input = Input(shape=(902, 602, 3))
x = Conv2D(8, (3, 3), padding='same', name='block1_conv1')(img_input)
f1 = MaxPooling2D((2, 2), strides=(2, 2), name='block1_pool')(x)
x = Conv2D(16, (3, 3), padding='same', name='block2_conv1')(f1)
f2 = MaxPooling2D((2, 2), strides=(2, 2), name='block2_pool')(x)
x = Conv2D(32, (3, 3), padding='same', name='block3_conv1')(f2)
f3 = MaxPooling2D((2, 2), strides=(2, 2), name='block3_pool')(x)
x = Conv2D(64, (3, 3), padding='same', name='block4_conv1')(f3)
f4 = MaxPooling2D((2, 2), strides=(2, 2), name='block4_pool')(x)
o = ZeroPadding2D((1, 1))(f4)
o = Conv2D(64, (3, 3), padding='valid')(o)
o = BatchNormalization()(o)
o = UpSampling2D((2, 2))(o)
o = concatenate([o, f3], axis=-1, name='join3')
o = ZeroPadding2D((1, 1))(o)
o = Conv2D(32, (3, 3), padding='valid')(o)
o = UpSampling2D((2, 2))(o)
o = concatenate([o, f2], axis=-1, name='join2')
o = ZeroPadding2D((1, 1))(o)
o = Conv2D(16, (3, 3), padding='valid')(o)
o = UpSampling2D((2, 2))(o)
o = concatenate([o, f1], axis=-1, name='join1')
o = Conv2D(2, (3, 3), padding='same')(o)
model = Model(img_input, o)
""",
        kinds=("join-sizes",),
        layer="join3",
        axes=("width",),
        first=((feed((896, 608, 3), (912, 608, 3)),),),
        accepted={"902, 602": "896, 608"},
    ),
    Case(
        id="article-451",
        thread="https://blog.csdn.net/weixin_44237337/article/details/131796911",
        title="A `Concatenate` layer requires inputs with matching shapes except for the "
        "concatenation axis.",
        code="""
inputs = layers.Input((451, 451, 7))
conv_128 = layers.Conv2D(8, (3, 3), padding="same", activation="relu")(inputs)
pool_64 = layers.MaxPooling2D(pool_size=(2, 2))(conv_128)
conv_64 = layers.Conv2D(16, (3, 3), padding="same", activation="relu")(pool_64)
pool_32 = layers.MaxPooling2D(pool_size=(2, 2))(conv_64)
conv_32 = layers.Conv2D(32, (3, 3), padding="same", activation="relu")(pool_32)
pool_16 = layers.MaxPooling2D(pool_size=(2, 2))(conv_32)
conv_16 = layers.Conv2D(64, (3, 3), padding="same", activation="relu")(pool_16)
pool_8 = layers.MaxPooling2D(pool_size=(2, 2))(conv_16)
conv_8 = layers.Conv2D(128, (3, 3), padding="same", activation="relu")(pool_8)
up_16 = layers.UpSampling2D(size=(2, 2), data_format="channels_last")(conv_8)
up_16 = layers.concatenate([up_16, conv_16], axis=3)
up_conv_16 = layers.Conv2D(64, (3, 3), padding="same", activation="relu")(up_16)
up_32 = layers.UpSampling2D(size=(2, 2), data_format="channels_last")(up_conv_16)
up_32 = layers.concatenate([up_32, conv_32], axis=3)
up_conv_32 = layers.Conv2D(32, (3, 3), padding="same", activation="relu")(up_32)
up_64 = layers.UpSampling2D(size=(2, 2), data_format="channels_last")(up_conv_32)
up_64 = layers.concatenate([up_64, conv_64], axis=3)
up_conv_64 = layers.Conv2D(16, (3, 3), padding="same", activation="relu")(up_64)
up_128 = layers.UpSampling2D(size=(2, 2), data_format="channels_last")(up_conv_64)
up_128 = layers.concatenate([up_128, conv_128], axis=3)
up_conv_128 = layers.Conv2D(8, (3, 3), padding="same", activation="relu")(up_128)
model = keras.Model(inputs, layers.Conv2D(1, (1, 1))(up_conv_128))
""",
        kinds=("join-sizes",),
        layer="concatenate_2",
        axes=PLANE,
        # the article pads what was upsampled, at both joins that fail, or takes a better size
        first=((feed((448, 448, 7)),), (insert(*PAD), insert(*PAD))),
        accepted={"451, 451": "448, 448"},
    ),
    Case(
        id="unet-3d-285",
        thread="voxelmorph/voxelmorph#254",
        title='Unclear about "nb_features" dimensions',
        code="""
source = Input((285, 285, 84, 1))
d0 = Conv3D(4, 3, padding='same')(source)
d1 = Conv3D(8, 3, padding='same')(MaxPooling3D(2)(d0))
d2 = Conv3D(8, 3, padding='same')(MaxPooling3D(2)(d1))
d3 = Conv3D(8, 3, padding='same')(MaxPooling3D(2)(d2))
d4 = Conv3D(8, 3, padding='same')(MaxPooling3D(2)(d3))
u3 = concatenate([UpSampling3D(2)(d4), d3])
u3 = Conv3D(8, 3, padding='same')(u3)
u2 = concatenate([UpSampling3D(2)(u3), d2])
u2 = Conv3D(8, 3, padding='same')(u2)
u1 = concatenate([UpSampling3D(2)(u2), d1])
u1 = Conv3D(8, 3, padding='same')(u1)
u0 = concatenate([UpSampling3D(2)(u1), d0])
model = Model(source, Conv3D(3, 3, padding='same')(u0))
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=("depth", "height"),
        first=((feed((288, 288, 80, 1), (288, 288, 96, 1)),),),
        accepted={"(285, 285, 84, 1)": "(288, 288, 96, 1)"},
    ),
    Case(
        id="unet-3d-20-slices",
        thread="mrkolarik/3D-brain-segmentation#8",
        title="3D Unet 's Slice must 16 .32 or 64..",
        code="""
inputs = Input((20, 192, 192, 1))
conv1 = Conv3D(4, (3, 3, 3), activation='relu', padding='same')(inputs)
pool1 = MaxPooling3D(pool_size=(2, 2, 2))(conv1)
conv2 = Conv3D(8, (3, 3, 3), activation='relu', padding='same')(pool1)
pool2 = MaxPooling3D(pool_size=(2, 2, 2))(conv2)
conv3 = Conv3D(16, (3, 3, 3), activation='relu', padding='same')(pool2)
pool3 = MaxPooling3D(pool_size=(2, 2, 2))(conv3)
conv4 = Conv3D(16, (3, 3, 3), activation='relu', padding='same')(pool3)
pool4 = MaxPooling3D(pool_size=(2, 2, 2))(conv4)
conv5 = Conv3D(32, (3, 3, 3), activation='relu', padding='same')(pool4)
up6 = Conv3DTranspose(16, (2, 2, 2), strides=(2, 2, 2), padding='same', name='up6')(conv5)
conv6 = Conv3D(16, (3, 3, 3), padding='same')(concatenate([up6, conv4], axis=4, name='j6'))
up7 = Conv3DTranspose(16, (2, 2, 2), strides=(2, 2, 2), padding='same', name='up7')(conv6)
conv7 = Conv3D(16, (3, 3, 3), padding='same')(concatenate([up7, conv3], axis=4, name='j7'))
up8 = Conv3DTranspose(8, (2, 2, 2), strides=(2, 2, 2), padding='same', name='up8')(conv7)
conv8 = Conv3D(8, (3, 3, 3), padding='same')(concatenate([up8, conv2], axis=4, name='j8'))
up9 = Conv3DTranspose(4, (2, 2, 2), strides=(2, 2, 2), padding='same', name='up9')(conv8)
conv9 = Conv3D(4, (3, 3, 3), padding='same')(concatenate([up9, conv1], axis=4, name='j9'))
model = Model(inputs=[inputs], outputs=[Conv3D(1, (1, 1, 1), activation='sigmoid')(conv9)])
""",
        kinds=("join-sizes",),
        layer="j7",
        axes=("depth",),
        # the answer: 16 or 32 slices, or pools of (1, 2, 2); one plane of zeros does it too
        first=(
            (feed((16, 192, 192, 1)),),
            (insert("ZeroPadding3D"),),
            (argument("up7", ANY, ANY), argument("up7", "padding", "valid")),
        ),
        accepted={"(20, 192, 192, 1)": "(16, 192, 192, 1)"},
    ),
    Case(
        id="concat-axis-1-in-3d",
        thread="ellisdg/3DUnetCNN#43",
        title="Concatenate layer requires inputs with matching shapes",
        code="""
inputs = Input((64, 64, 64, 1))
x = Conv3D(8, (3, 3, 3), padding='same', activation='relu')(inputs)
level0 = Conv3D(16, (3, 3, 3), padding='same', activation='relu')(x)
x = MaxPooling3D(pool_size=(2, 2, 2))(level0)
x = Conv3D(16, (3, 3, 3), padding='same', activation='relu')(x)
level1 = Conv3D(32, (3, 3, 3), padding='same', activation='relu')(x)
up = UpSampling3D(size=(2, 2, 2))(level1)
concat = concatenate([up, level0], axis=1)
out = Conv3D(1, (1, 1, 1), activation='sigmoid')(concat)
model = Model(inputs=inputs, outputs=out)
""",
        kinds=("join-sizes", "channels", "data-format"),
        layer="concatenate",
        axes=("channels",),
        first=((argument("concatenate", "axis", 4, -1),),),
        accepted={"axis=1": "axis=4"},
    ),
    Case(
        id="inception-axis-1",
        thread="keras-team/keras#14346",
        title="A `Concatenate` layer requires inputs with matching shapes except for the concat "
        "axis. Got inputs shapes: [(None, 12, 12, 128), (None, 12, 12, 32), (None, 12, 12, 32), "
        "(None, 12, 12, 64)]",
        code="""
X_input = Input((96, 96, 3))
X = ZeroPadding2D((3, 3))(X_input)
X = Conv2D(64, (7, 7), strides=(2, 2), name='conv1')(X)
X = ZeroPadding2D((1, 1))(X)
X = MaxPooling2D((3, 3), strides=2)(X)
X = ZeroPadding2D((1, 1))(X)
X = MaxPooling2D(pool_size=3, strides=2)(X)
X_3x3 = Conv2D(96, (1, 1))(X)
X_3x3 = ZeroPadding2D(padding=(1, 1))(X_3x3)
X_3x3 = Conv2D(128, (3, 3))(X_3x3)
X_5x5 = Conv2D(16, (1, 1))(X)
X_5x5 = ZeroPadding2D(padding=(2, 2))(X_5x5)
X_5x5 = Conv2D(32, (5, 5))(X_5x5)
X_pool = MaxPooling2D(pool_size=3, strides=1, padding='same')(X)
X_pool = Conv2D(32, (1, 1))(X_pool)
X_1x1 = Conv2D(64, (1, 1))(X)
inception = concatenate([X_3x3, X_5x5, X_pool, X_1x1], axis=1)
model = Model(inputs=X_input, outputs=inception)
""",
        kinds=("join-sizes", "channels", "data-format"),
        layer="concatenate",
        axes=("channels",),
        first=((argument("concatenate", "axis", 3, -1),),),
        accepted={"axis=1": "axis=-1"},
    ),
    Case(
        id="unet-extra-crop",
        thread="zhixuhao/unet-multi#2",
        title="Error msg in Keras",
        code="""
inputs = Input((512, 512, 1))
conv1 = Conv2D(4, 3, padding='same')(inputs)
conv2 = Conv2D(8, 3, padding='same')(MaxPooling2D(pool_size=(2, 2))(conv1))
conv3 = Conv2D(8, 3, padding='same')(MaxPooling2D(pool_size=(2, 2))(conv2))
conv4 = Conv2D(16, 3, padding='same')(MaxPooling2D(pool_size=(2, 2))(conv3))
conv5 = Conv2D(32, 3, padding='same')(MaxPooling2D(pool_size=(2, 2))(conv4))
up6 = Conv2D(16, 2, padding='same')(UpSampling2D(size=(2, 2))(conv5))
up6 = Cropping2D(cropping=((1, 0), (0, 0)))(up6)
merge6 = concatenate([conv4, up6], axis=3)
conv6 = Conv2D(16, 3, padding='same')(merge6)
model = Model(inputs, conv6)
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=("height",),
        first=(
            (remove("cropping2d"),),
            (argument("cropping2d", "cropping", ((0, 0), (0, 0))),),
        ),
        accepted={"up6 = Cropping2D(cropping=((1, 0), (0, 0)))(up6)": ""},
    ),
    Case(
        id="unet-paper-crop-90",
        thread="lyatdawn/Unet-Tensorflow#2",
        title="cropping size",
        code="""
inputs = Input((572, 572, 1))
conv1 = Conv2D(2, 3)(Conv2D(2, 3)(inputs))
conv2 = Conv2D(2, 3)(Conv2D(2, 3)(MaxPooling2D()(conv1)))
conv3 = Conv2D(2, 3)(Conv2D(2, 3)(MaxPooling2D()(conv2)))
conv4 = Conv2D(2, 3)(Conv2D(2, 3)(MaxPooling2D()(conv3)))
conv5 = Conv2D(2, 3)(Conv2D(2, 3)(MaxPooling2D()(conv4)))
up6 = Conv2D(2, 2, padding="same")(UpSampling2D()(conv5))
merge6 = concatenate([Cropping2D(4)(conv4), up6])
conv6 = Conv2D(2, 3)(Conv2D(2, 3)(merge6))
up7 = Conv2D(2, 2, padding="same")(UpSampling2D()(conv6))
merge7 = concatenate([Cropping2D(16)(conv3), up7])
conv7 = Conv2D(2, 3)(Conv2D(2, 3)(merge7))
up8 = Conv2D(2, 2, padding="same")(UpSampling2D()(conv7))
merge8 = concatenate([Cropping2D(40)(conv2), up8])
conv8 = Conv2D(2, 3)(Conv2D(2, 3)(merge8))
up9 = Conv2D(2, 2, padding="same")(UpSampling2D()(conv8))
crop1 = Cropping2D(cropping=((90, 90), (90, 90)), name="crop1")(conv1)
merge9 = concatenate([crop1, up9], axis=3, name="merge9")
model = Model(inputs, Conv2D(2, 1)(merge9))
""",
        kinds=("join-sizes",),
        layer="merge9",
        axes=PLANE,
        first=((argument("crop1", "cropping", ((88, 88), (88, 88)), 88, (88, 88)),),),
        accepted={"((90, 90), (90, 90))": "((88, 88), (88, 88))"},
    ),
    Case(
        id="pool-in-a-residual-branch",
        thread="keras-team/keras#16925",
        title="Operands could not be broadcast together with shapes (56, 56, 32) (112, 112, 32)",
        code="""
visible = Input(shape=(224, 224, 3))
x = Conv2D(32, (3, 3), padding='same', name='conv_1')(visible)
x = BatchNormalization()(x)
block_1 = MaxPool2D(pool_size=(2, 2), padding='same', name='pool_1')(x)
x = Conv2D(32, (3, 3), padding='same', name='conv_2')(block_1)
x = BatchNormalization()(x)
x = MaxPool2D(pool_size=(2, 2), padding='same', name='pool_2')(x)
block_2 = Add(name='block_2')([x, block_1])
x = Conv2D(64, (3, 3), padding='same', name='conv_3')(block_2)
model = Model(visible, x)
""",
        kinds=("join-sizes",),
        layer="block_2",
        axes=PLANE,
        first=(
            (argument("pool_2", "strides", 1, (1, 1)),),
            (argument("conv_2", "strides", 2, (2, 2)), remove("pool_2")),
            (remove("pool_2"),),
            (insert("MaxPooling2D", "AveragePooling2D"),),
        ),
        accepted={"name='pool_2'": "strides=1, name='pool_2'"},
    ),
    Case(
        id="residual-channels",
        thread="keras-team/keras#2688",
        title="Residual connection should have the same dimension in case of no projection matrix",
        code="""
x = Input(shape=(256, 256, 3))
y = Conv2D(16, (3, 3), padding='same')(x)
z = layers.add([x, y])
model = Model(x, z)
""",
        kinds=("join-sizes", "channels"),
        layer="add",
        axes=("channels",),
        first=((argument("conv2d", "filters", 3),),),
        accepted={"Conv2D(16": "Conv2D(3"},
    ),
    Case(
        id="shortcut-of-rounded-stride",
        thread="raghakot/keras-resnet#59",
        title="Problem of funtion _shortcut",
        code="""
start = Input((34, 34, 16))
residual = Conv2D(16, 3, strides=2)(start)
residual = Conv2D(16, 3)(residual)
residual = Conv2D(16, 3)(residual)
residual = Conv2D(16, 3)(residual)
shortcut = Conv2D(16, kernel_size=(1, 1), strides=(3, 3), padding='valid', name='shortcut')(start)
model = Model(start, Add(name='sum')([shortcut, residual]))
""",
        kinds=("join-sizes",),
        layer="sum",
        axes=PLANE,
        first=(
            (insert("Cropping2D", "ZeroPadding2D"),),
            (argument("shortcut", "kernel_size", ANY),),
            (argument(("conv2d_1", "conv2d_2", "conv2d_3"), "padding", "same"),),
        ),
        accepted={"kernel_size=(1, 1)": "kernel_size=(5, 5)"},
    ),
    Case(
        id="characters-and-words",
        thread="keras-team/keras#14248",
        title="Concatenation problem",
        code="""
characters = Input(shape=(140, 70), name='characters')
words = Input(shape=(140, 50), name='words')
conv = Conv1D(128, kernel_size=3, kernel_initializer='he_normal', activation='relu')(characters)
pooled = MaxPool1D(pool_size=2)(conv)
z = concatenate([pooled, words], axis=1)
model = Model([characters, words], z)
""",
        kinds=("join-sizes", "channels"),
        layer="concatenate",
        axes=("channels",),
        first=((argument("conv1d", "filters", 50),),),
        accepted={"Conv1D(128": "Conv1D(50"},
    ),
    Case(
        id="text-cnn-square-kernels",
        thread="bhaveshoswal/CNN-text-classification-keras#3",
        title="Error in shape",
        code="""
inputs = Input(shape=(40, 50))
reshape = Reshape((40, 50, 1))(inputs)
conv1 = Conv2D(100, 3, activation='relu')(reshape)
conv2 = Conv2D(100, 4, activation='relu')(reshape)
conv3 = Conv2D(100, 5, activation='relu')(reshape)
pool1 = MaxPooling2D(pool_size=(40 - 3 + 1, 1), strides=(1, 1), padding='valid')(conv1)
pool2 = MaxPooling2D(pool_size=(40 - 4 + 1, 1), strides=(1, 1), padding='valid')(conv2)
pool3 = MaxPooling2D(pool_size=(40 - 5 + 1, 1), strides=(1, 1), padding='valid')(conv3)
merged = concatenate([pool1, pool2, pool3], axis=1)
flatten = Flatten()(merged)
outputs = Dense(1, activation='sigmoid')(Dense(10, activation='relu')(flatten))
model = Model(inputs=inputs, outputs=outputs)
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=("width",),
        # the kernels should span the words; joining along the width is one change
        first=(
            (argument("concatenate", "axis", 2, -2),),
            (argument(("conv2d", "conv2d_1", "conv2d_2"), "kernel_size", ANY),) * 3,
        ),
        accepted={
            "(100, 3,": "(100, (3, 50),",
            "(100, 4,": "(100, (4, 50),",
            "(100, 5,": "(100, (5, 50),",
        },
    ),
    Case(
        id="pool-beside-conv",
        thread="keras-team/keras#2685",
        title="how to merge different Convolution2D layers when using the GRAPH model",
        code="""
images = Input((28, 28, 1))
conv1 = Conv2D(32, 3, activation='relu', name='conv1')(images)
pool1 = MaxPooling2D(2, name='pool1')(conv1)
conv2 = Conv2D(32, 6, activation='relu', name='conv2')(pool1)
pool2 = MaxPooling2D(2, name='pool2')(Conv2D(32, 3, name='conv3')(conv2))
flat = concatenate([Conv2D(32, 3, name='conv4')(conv2), pool2], name='flat1')
model = Model(images, Dense(10, activation='softmax')(Flatten()(flat)))
""",
        kinds=("join-sizes",),
        layer="flat1",
        axes=PLANE,
        # "Consider cropping, padding or resampling one of them"
        first=(
            (insert("Cropping2D", "ZeroPadding2D", "Resizing", "UpSampling2D", "MaxPooling2D"),),
            (argument("pool2", "strides", 1, (1, 1)), argument("pool2", "padding", "same")),
            (argument("conv4", "strides", 2, (2, 2)),),
            (argument("pool2", "pool_size", 1, (1, 1)),),
            (remove("pool2"),),
        ),
        accepted={"pool2]": "UpSampling2D(2)(pool2)]"},
    ),
    Case(
        id="inception-without-same",
        thread="tobybreckon/fire-detection-cnn#38",
        title="changing tensor's shape/Keras implementation",
        code="""
input_layer = Input((224, 224, 3))
conv_7_7 = Conv2D(64, 7, strides=2, activation='relu', padding='same')(input_layer)
pool1_3_3 = MaxPooling2D(3, strides=2, padding='same')(conv_7_7)
conv2_3_3_reduce = Conv2D(64, 1, activation='relu', name='conv2_3_3_reduce')(pool1_3_3)
conv2_3_3 = Conv2D(128, 3, activation='relu', name='conv2_3_3')(conv2_3_3_reduce)
pool2_3_3 = MaxPooling2D(3, strides=2, padding='same', name='pool2_3_3_s2')(conv2_3_3)
inception_3a_1_1 = Conv2D(64, 1, activation='relu', name='inception_3a_1_1')(pool2_3_3)
reduce = Conv2D(96, 1, activation='relu', name='inception_3a_3_3_reduce')(pool2_3_3)
inception_3a_3_3 = Conv2D(128, 3, activation='relu', name='inception_3a_3_3')(reduce)
merged = concatenate([inception_3a_1_1, inception_3a_3_3], axis=3, name='inception_3a_output')
model = Model(input_layer, merged)
""",
        kinds=("join-sizes",),
        layer="inception_3a_output",
        axes=PLANE,
        first=((argument("inception_3a_3_3", "padding", "same"),),),
        accepted={"name='inception_3a_3_3')": "padding='same', name='inception_3a_3_3')"},
    ),
    Case(
        id="unet-valid-skips",
        thread="lmb-freiburg/Unet-Segmentation#78",
        title="Use the weights available at https://lmb.informatik.uni-freiburg.de/resources/"
        "opensource/unet/ for Tensorflow 2 (Keras)",
        code="""
inputs = tf.keras.layers.Input(shape=(188, 188, 1), name='input')
conv1 = Conv2D(8, 3, activation='relu', padding='valid', name='conv_d0a-b')(inputs)
conv1 = Conv2D(8, 3, activation='relu', padding='valid', name='conv_d0b-c')(conv1)
pool1 = MaxPooling2D(pool_size=(2, 2), name='maxpool1')(conv1)
conv2 = Conv2D(16, 3, activation='relu', padding='valid', name='conv_d1a-b')(pool1)
conv2 = Conv2D(16, 3, activation='relu', padding='valid', name='conv_d1b-c')(conv2)
up = Conv2DTranspose(8, 2, strides=2, activation='relu', name='upconv_u1a')(conv2)
merge = concatenate([conv1, up], axis=3, name='concat')
conv3 = Conv2D(8, 3, activation='relu', padding='valid', name='conv_u0b-c')(merge)
model = Model(inputs, conv3)
""",
        kinds=("join-sizes",),
        layer="concat",
        axes=PLANE,
        first=(
            (insert("Cropping2D", "ZeroPadding2D"),),
            (
                argument("conv_d1a-b", "padding", "same"),
                argument("conv_d1b-c", "padding", "same"),
            ),
        ),
        accepted={"[conv1, up]": "[Cropping2D(4)(conv1), up]"},
    ),
    Case(
        id="transposed-misses-a-pixel",
        thread="https://whosebug.com/question/4470904/"
        "Trying-to-perform-transposed-convolution-but-missing-a-pixel",
        title="Trying to perform transposed convolution but missing a pixel",
        code="""
input_img = Input((100, 100, 3))
c1 = Conv2D(4, kernel_size=(3, 3), padding='same')(input_img)
p1 = MaxPooling2D((2, 2))(c1)
c2 = Conv2D(8, kernel_size=(3, 3), padding='same')(Dropout(0.25)(p1))
p2 = MaxPooling2D((2, 2))(c2)
c3 = Conv2D(16, kernel_size=(3, 3), padding='same')(Dropout(0.25)(p2))
p3 = MaxPooling2D((2, 2))(c3)
c4 = Conv2D(32, kernel_size=(3, 3), padding='same')(Dropout(0.25)(p3))
u7 = Conv2DTranspose(16, (3, 3), strides=(2, 2), padding='same', name='u7')(c4)
u7 = concatenate([u7, c3], name='u7_c3')
c7 = Conv2D(16, kernel_size=(3, 3), padding='same')(Dropout(0.5)(u7))
u8 = Conv2DTranspose(8, (3, 3), strides=(2, 2), padding='same', name='u8')(c7)
u8 = concatenate([u8, c2], name='u8_c2')
c8 = Conv2D(8, kernel_size=(3, 3), padding='same')(Dropout(0.5)(u8))
u9 = Conv2DTranspose(4, (3, 3), strides=(2, 2), padding='same', name='u9')(c8)
u9 = concatenate([u9, c1], axis=3, name='u9_c1')
model = Model(inputs=[input_img], outputs=[Conv2D(1, (1, 1), activation='sigmoid')(u9)])
""",
        kinds=("join-sizes",),
        layer="u7_c3",
        axes=PLANE,
        # 24 and 25: without padding the same layer gives 25, which is one argument
        first=(
            (argument("u7", "padding", "valid"),),
            (insert("ZeroPadding2D"),),
            (feed((104, 104, 3)),),
        ),
        accepted={"padding='same', name='u7'": "padding='valid', name='u7'"},
    ),
]
