"""Questions as they are asked: whole scripts, helper functions, classes, and Keras 1."""

from corpus_case import ANY, Case, argument, feed, insert, permute, remove, replace

PLANE = ("height", "width")
SPACE = ("depth", *PLANE)
RANK = ("rank", "missing-channel-axis", "missing-batch-axis")
FIT = ("Cropping2D", "ZeroPadding2D", "Resizing")
POOL = ("GlobalAveragePooling2D", "GlobalMaxPooling2D")
TIME = ("Reshape", "RepeatVector")
SWAPPED = ("data-format", "negative-size", "join-sizes", "channels", "reshape", "output-size")


def each(names, name, *new):
    """The same argument of each of these layers."""
    return tuple(argument(layer, name, *new) for layer in names.split())


def first_in(names):
    """Each of these layers told that its channels come first."""
    return each(names, "data_format", "channels_first")


CASES = [
    Case(
        id="three-for-strides",
        thread="keras-team/tf-keras#507",
        title="ValueError: A `Concatenate` layer requires inputs with matching shapes except for "
        "the concat axis: input_shape=[(None, 512, 2, 2), (None, 256, 1, 1)",
        code="""
inputs = Input(shape=(256, 256, 1))
conv1 = Convolution2D(32, 3, 3, padding='same', kernel_initializer='he_normal')(inputs)
conv1 = Activation('relu')(conv1)
pool1 = MaxPooling2D(pool_size=(2, 2), padding='same', strides=(2, 2))(conv1)
conv2 = Convolution2D(64, 3, 3, padding='same', kernel_initializer='he_normal')(pool1)
conv2 = Activation('relu')(conv2)
pool2 = MaxPooling2D(pool_size=(2, 2), padding='same', strides=(2, 2))(conv2)
conv3 = Convolution2D(128, 3, 3, padding='same', kernel_initializer='he_normal')(pool2)
conv3 = Activation('relu')(conv3)
up4 = concatenate([UpSampling2D(size=(2, 2))(conv3), conv2], axis=3)
conv4 = Convolution2D(64, 3, 3, padding='same', kernel_initializer='he_normal')(up4)
up5 = concatenate([UpSampling2D(size=(2, 2))(conv4), conv1], axis=3)
conv5 = Convolution2D(32, 3, 3, padding='same', kernel_initializer='he_normal')(up5)
conv6 = Convolution2D(1, 1, 1, activation='sigmoid')(conv5)
model = Model(inputs=inputs, outputs=conv6)
model.compile(optimizer='adam', loss='binary_crossentropy')
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=PLANE,
        first=(
            (insert("Resizing"),) * 2,
            each("conv2d_2 conv2d_3", "strides", 1, (1, 1)),
            each("conv2d conv2d_1 conv2d_2 conv2d_3 conv2d_4", "strides", 1, (1, 1)),
        ),
        accepted={", 3, 3, padding": ", (3, 3), padding"},
    ),
    Case(
        id="posenet-half-translated",
        thread="kentsommer/keras-posenet#9",
        title="ValueError('A `Concatenate` layer requires inputs with matching shapes except for "
        "the concatenation axis. Received: input_shape=[(None, 13, 13, 64), (None, 5, 5, 128), "
        "(None, 3, 3, 32), (None, 13, 13, 32)]",
        code="""
input = Input(shape=(13, 13, 192))
icp1_reduction1 = Conv2D(96, (1, 1), padding='same', activation='relu')(input)
icp1_out1 = Conv2D(128, 3, 3, padding='same', activation='relu', name='icp1_out1')(icp1_reduction1)
icp1_reduction2 = Conv2D(16, (1, 1), padding='same', activation='relu')(input)
icp1_out2 = Conv2D(32, 5, 5, padding='same', activation='relu', name='icp1_out2')(icp1_reduction2)
icp1_pool = MaxPooling2D(pool_size=(3, 3), strides=(1, 1), padding='same')(input)
icp1_out3 = Conv2D(32, 1, 1, padding='same', activation='relu', name='icp1_out3')(icp1_pool)
icp1_out0 = Conv2D(64, 1, 1, padding='same', activation='relu', name='icp1_out0')(input)
icp2_in = concatenate([icp1_out0, icp1_out1, icp1_out2, icp1_out3], axis=3, name='icp2_in')
model = Model(inputs=input, outputs=icp2_in)
""",
        kinds=("join-sizes",),
        layer="icp2_in",
        axes=PLANE,
        first=(each("icp1_out1 icp1_out2", "strides", 1, (1, 1)),),
        accepted={"(128, 3, 3,": "(128, 3,", "(32, 5, 5,": "(32, 5,"},
    ),
    Case(
        id="two-sequences-merged-into-lstm",
        thread="keras-team/keras#4518",
        title="Add LSTM layer after merged two 1-D CNN?",
        code="""
nbfilter = 16
merged = []
inputs = []
for length, channels in ((107, 4), (51, 4)):
    sequence = Input((length, channels))
    x = Conv1D(nbfilter, 10, activation='relu')(sequence)
    x = MaxPooling1D(pool_size=3)(x)
    x = Dropout(0.5)(x)
    x = Flatten()(x)
    inputs.append(sequence)
    merged.append(Dense(nbfilter, activation='relu')(x))
x = concatenate(merged, axis=-1)
x = LSTM(nbfilter * 2, return_sequences=False)(x)
x = Dense(nbfilter * 2, activation='relu')(x)
model = Model(inputs, Dense(2, activation='softmax')(x))
""",
        asked="""
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Flatten
from keras.layers import Merge, LSTM
from keras.layers.convolutional import Convolution1D, MaxPooling1D

def get_cnn_network(nbfilter, length):
    print 'configure cnn network'
    model = Sequential()
    model.add(Convolution1D(input_dim=4, input_length=length,
                            nb_filter=nbfilter,
                            filter_length=10,
                            border_mode="valid",
                            activation="relu",
                            subsample_length=1))
    model.add(MaxPooling1D(pool_length=3))
    model.add(Dropout(0.5))
    model.add(Flatten())
    model.add(Dense(nbfilter, activation='relu'))
    return model

nbfilter = 16
cnn_model1 = get_cnn_network(nbfilter, 107)
cnn_model2 = get_cnn_network(nbfilter, 51)
model = Sequential()
model.add(Merge([cnn_model1, cnn_model2], mode='concat', concat_axis=-1))
model.add(LSTM(nbfilter*2, return_sequences=False))
model.add(Dense(nbfilter*2, activation='relu'))
model.add(Dense(2))
model.add(Activation('softmax'))
""",
        kinds=RANK,
        layer="lstm",
        axes=(),
        first=((insert(*TIME),),),
        accepted={"x = concatenate(merged, axis=-1)": "x = Reshape((2, -1))(concatenate(merged))"},
    ),
    Case(
        id="lstm-between-dense-layers",
        thread="keras-team/keras#9314",
        title="Adding an LSTM between dense layers.",
        code="""
height, width, channels = 66, 200, 3
model = Sequential()
model.add(Conv2D(24, (5, 5), strides=(2, 2), input_shape=(height, width, channels)))
model.add(Activation('relu'))
model.add(Conv2D(36, (5, 5), strides=(2, 2)))
model.add(Flatten())
model.add(Dropout(0.5))
model.add(Dense(64))
model.add(Activation('relu'))
model.add(Dropout(0.5))
model.add(Dense(100))
model.add(Activation('relu'))
model.add(LSTM(1, name='lstm_layer'))
model.add(Dense(1))
""",
        kinds=RANK,
        layer="lstm_layer",
        axes=(),
        first=((insert(*TIME),),),
        accepted={"model.add(LSTM": "model.add(Reshape((1, 100)))\nmodel.add(LSTM"},
    ),
    Case(
        id="map-flat-into-lstm",
        thread="keras-team/keras#11506",
        title="Problem connecting Flatten() and LSTM()",
        code="""
from tensorflow.keras.optimizers import Adam
map_size = 16
model = Sequential()
model.add(Conv2D(32, (3, 3), input_shape=(map_size, map_size, 1), strides=(1, 1), padding="same"))
model.add(Activation('relu'))
model.add(Flatten())
model.add(LSTM(100, return_sequences=True,  activation='tanh'))
model.add(Dense(units=300, activation='relu'))
model.add(Dense(units=5, activation='linear'))
adam = Adam(learning_rate=1e-4)
model.compile(loss='mse', optimizer=adam)
""",
        kinds=RANK,
        layer="lstm",
        axes=(),
        first=((replace("flatten", "Reshape"),), (insert(*TIME),)),
        accepted={"Flatten()": "Reshape((map_size, map_size * 32))"},
    ),
    Case(
        id="convolution-of-the-last-state",
        thread="keras-team/keras#5222",
        title="Adding conv1d after lstm",
        code="""
model = Sequential()
model.add(LSTM(100, input_shape=(1000, 100)))
model.add(Conv1D(128, 5, activation='relu'))
model.add(GlobalMaxPooling1D())
model.add(Dense(1, activation='sigmoid'))
""",
        kinds=RANK,
        layer="conv1d",
        axes=(),
        first=((argument("lstm", "return_sequences", True),),),
        accepted={"LSTM(100,": "LSTM(100, return_sequences=True,"},
    ),
    Case(
        id="spectra-of-five-by-five",
        thread="gokriznastic/HybridSN#3",
        title="Error while create model",
        code="""
windowSize = 5
S = windowSize
L = 30
output_units = 16
## input layer
input_layer = Input((S, S, L, 1))

## convolutional layers
conv_layer1 = Conv3D(filters=8, kernel_size=(3, 3, 7), activation='relu')(input_layer)
conv_layer2 = Conv3D(filters=16, kernel_size=(3, 3, 5), activation='relu')(conv_layer1)
conv_layer3 = Conv3D(filters=32, kernel_size=(3, 3, 3), activation='relu')(conv_layer2)
print(conv_layer3.shape)
conv3d_shape = conv_layer3.shape
conv_layer3 = Reshape(
    (conv3d_shape[1], conv3d_shape[2], conv3d_shape[3] * conv3d_shape[4]))(conv_layer3)
conv_layer4 = Conv2D(filters=64, kernel_size=(3, 3), activation='relu')(conv_layer3)
flatten_layer = Flatten()(conv_layer4)

## fully connected layers
dense_layer1 = Dense(units=256, activation='relu')(flatten_layer)
dense_layer1 = Dropout(0.4)(dense_layer1)
output_layer = Dense(units=output_units, activation='softmax')(dense_layer1)
model = Model(inputs=input_layer, outputs=output_layer)
""",
        asked="""
import keras
from keras.layers import Conv2D, Conv3D, Flatten, Dense, Reshape, BatchNormalization
from keras.layers import Dropout, Input
from keras.models import Model
from keras.optimizers import Adam
import numpy as np

dataset = 'IP'
test_ratio = 0.7
windowSize = 5
X, y = loadData(dataset)
K = X.shape[2]
K = 30 if dataset == 'IP' else 15
X,pca = applyPCA(X,numComponents=K)
X, y = createImageCubes(X, y, windowSize=windowSize)
Xtrain, Xtest, ytrain, ytest = splitTrainTestSet(X, y, test_ratio)
Xtrain = Xtrain.reshape(-1, windowSize, windowSize, K, 1)
S = windowSize
L = K
output_units = 9 if (dataset == 'PU' or dataset == 'PC') else 16
## input layer
input_layer = Input((S, S, L, 1))
## convolutional layers
conv_layer1 = Conv3D(filters=8, kernel_size=(3, 3, 7), activation='relu')(input_layer)
conv_layer2 = Conv3D(filters=16, kernel_size=(3, 3, 5), activation='relu')(conv_layer1)
conv_layer3 = Conv3D(filters=32, kernel_size=(3, 3, 3), activation='relu')(conv_layer2)
print(conv_layer3._keras_shape)
conv3d_shape = conv_layer3._keras_shape
conv_layer3 = Reshape(
    (conv3d_shape[1], conv3d_shape[2], conv3d_shape[3]*conv3d_shape[4]))(conv_layer3)
conv_layer4 = Conv2D(filters=64, kernel_size=(3,3), activation='relu')(conv_layer3)
flatten_layer = Flatten()(conv_layer4)
## fully connected layers
dense_layer1 = Dense(units=256, activation='relu')(flatten_layer)
dense_layer1 = Dropout(0.4)(dense_layer1)
dense_layer2 = Dense(units=128, activation='relu')(dense_layer1)
dense_layer2 = Dropout(0.4)(dense_layer2)
output_layer = Dense(units=output_units, activation='softmax')(dense_layer2)
# define the model with input layer and output layer
model = Model(inputs=input_layer, outputs=output_layer)
model.summary()
""",
        kinds=("negative-size",),
        layer="conv3d_2",
        axes=("depth", "height"),
        first=((argument(ANY, "padding", "same"),) * 2, (feed((9, 9, 30, 1)),)),
        accepted={"windowSize = 5": "windowSize = 9"},
    ),
    Case(
        id="brains-with-their-channel-in-front",
        thread="regnerus/keras-alzheimers-3d-conv#8",
        title="Error while executing the function model = build_cnn(dimension = '3d')",
        code="""
def build_cnn(dimension='3d', activation='softmax'):
    model = Sequential()
    if dimension == '2d':
        model.add(Conv2D(15, (3, 3), input_shape=(96, 96, 62), activation='relu'))
        model.add(MaxPooling2D(pool_size=(2, 2)))
    elif dimension == '3d':
        model.add(Conv3D(8, (3, 3, 3), input_shape=(1, 62, 96, 96), activation='relu'))
        model.add(MaxPooling3D(pool_size=(2, 2, 2)))
        model.add(Conv3D(16, (3, 3, 3), activation='relu'))
        model.add(MaxPooling3D(pool_size=(2, 2, 2)))
    model.add(Flatten())
    model.add(Dense(64, activation='relu'))
    model.add(Dropout(0.5))
    model.add(Dense(3, activation=activation))
    return model

model = build_cnn(dimension='3d')
""",
        kinds=SWAPPED,
        layer="conv3d",
        axes=("depth", "channels"),
        first=(
            (feed((62, 96, 96, 1)),),
            first_in("conv3d max_pooling3d conv3d_1 max_pooling3d_1"),
            (insert("Permute"),),
            (permute(ANY),),
        ),
        accepted={"(1, 62, 96, 96)": "(62, 96, 96, 1)"},
    ),
    Case(
        id="convnext-of-19-slices",
        thread="ZFTurbo/classification_models_3D#20",
        title="Negative size error",
        code="""
depths = [1, 1, 1]
projection_dims = [8, 16, 32, 64]
inputs = Input(shape=(128, 128, 19, 1))
x = Conv3D(projection_dims[0], kernel_size=4, strides=4, name='stem_conv')(inputs)
x = LayerNormalization(epsilon=1e-6, name='stem_layernorm')(x)
num_convnext_blocks = 3
for i in range(num_convnext_blocks):
    for j in range(depths[i]):
        y = Conv3D(projection_dims[i], 7, padding='same', name=f'stage_{i}_block_{j}_conv')(x)
        y = LayerNormalization(epsilon=1e-6)(y)
        y = Dense(4 * projection_dims[i], activation='gelu')(y)
        y = Dense(projection_dims[i])(y)
        x = Add()([x, y])
    x = LayerNormalization(epsilon=1e-6)(x)
    x = Conv3D(
        projection_dims[i + 1], kernel_size=2, strides=2,
        name='downsampling_conv_' + str(i))(x)
x = GlobalAveragePooling3D(name='head_gap')(x)
model = Model(inputs, Dense(2, name='head_dense')(x))
""",
        kinds=("negative-size",),
        layer="downsampling_conv_2",
        axes=("width",),
        first=(
            (feed((128, 128, 32, 1)),),
            each("downsampling_conv_2", "padding", "same"),
            each("downsampling_conv_2", "kernel_size", (2, 2, 1)),
            each("downsampling_conv_2 ", "strides", ANY),
        ),
        accepted={"(128, 128, 19, 1)": "(128, 128, 32, 1)"},
    ),
    Case(
        id="same-convolution-twice",
        thread="tensorflow/tensorflow#32682",
        title="tf.keras.layers.Conv2D expected axis -1 of input shape to have value 3.",
        code="""
x = tf.keras.layers.Input((3072,))
x_img = tf.keras.layers.Reshape((3, 32, 32))(x)
x_img = tf.keras.layers.Permute((2, 3, 1))(x_img)
# Layers Class
convLayer_32_3_3 = tf.keras.layers.Conv2D(filters=32,
                                 kernel_size=(3, 3),
                                 strides=(1,1),
                                 padding='same',
                                 data_format='channels_last',
                                 activation='relu', name='convLayer_32_3_3')
maxPoolLayer_2_2 = tf.keras.layers.MaxPool2D(pool_size=(2, 2), strides=(2, 2))
# conv1: feature_map
conv1_1 = convLayer_32_3_3(x_img)
conv1_2 = convLayer_32_3_3(conv1_1)
pooling1 = maxPoolLayer_2_2(conv1_2)
model = tf.keras.Model(x, pooling1)
""",
        kinds=("channels",),
        layer="convLayer_32_3_3",
        axes=("channels",),
        first=(
            each("convLayer_32_3_3", "filters", 3),
            (replace("convLayer_32_3_3", "Conv2D"),),
            (insert("Conv2D"),),
        ),
        accepted={"filters=32": "filters=3"},
    ),
    Case(
        id="cubes-of-ten",
        thread="keras-team/keras#1859",
        title="Convolutional autoencoder volumetric images",
        code="""
def convolutional_autoenc(boxsize=10):
    model = Sequential()
    model.add(Conv3D(32, (3, 3, 3), input_shape=(1, boxsize, boxsize, boxsize)))
    model.add(Activation('relu'))
    model.add(MaxPooling3D(pool_size=(2, 2, 2)))
    model.add(Dropout(0.25))
    model.add(Conv3D(64, (3, 3, 3)))
    model.add(Activation('relu'))
    model.add(MaxPooling3D(pool_size=(2, 2, 2)))
    model.add(Flatten())
    model.add(Dense(256))
    return model

model = convolutional_autoenc()
""",
        asked="""
def convolutional_autoenc(boxsize = 10):
    print("Compiling convnet. Checking shape consistency.")
    model = Sequential()
    # Convolutional encoding step
    model.add(Convolution3D(32, 3, 3, 3, input_shape = (1, boxsize, boxsize, boxsize)))
    model.add(Activation(relu))
    model.add(MaxPooling3D(pool_size=(2, 2, 2)))
    model.add(Dropout(0.25))
    model.add(Convolution3D(64, 3, 3, 3))
    model.add(Activation(relu))
    model.add(MaxPooling3D(pool_size = (2, 2, 2)))
    model.add(Dropout(0.4))
    # Dense layers
    model.add(Flatten())
    model.add(Dense(256))
    model.add(Activation(relu))
    model.add(Dropout(0.5))
    rmsprop = RMSprop(lr=0.001, rho=0.9, epsilon=1e-06)
    model.compile(loss='mean_squared_error', optimizer=rmsprop)
    return model

model = convolutional_autoenc()
""",
        kinds=SWAPPED,
        layer="conv3d",
        axes=("depth", "channels"),
        first=(
            (feed((10, 10, 10, 1)),),
            first_in("conv3d max_pooling3d conv3d_1 max_pooling3d_1"),
            (insert("Permute"),),
            (permute(ANY),),
        ),
        accepted={"(1, boxsize, boxsize, boxsize)": "(boxsize, boxsize, boxsize, 1)"},
    ),
    Case(
        id="signals-one-high",
        thread="keras-team/keras#3097",
        title="Layer shape error with autoencoder",
        code="""
input_img = Input(shape=(1, 512, 1))
x = Conv2D(32, (3, 1), activation='relu', padding='same')(input_img)
x = MaxPooling2D((2, 1), padding='same', name='pool1')(x)
x = Conv2D(32, (3, 1), activation='relu', padding='same')(x)
encoded = MaxPooling2D((2, 1), padding='same', name='pool2')(x)
x = Conv2D(32, (3, 1), activation='relu', padding='same')(encoded)
x = UpSampling2D((2, 1), name='up1')(x)
x = Conv2D(32, (3, 1), activation='relu', padding='same')(x)
x = UpSampling2D((2, 1), name='up2')(x)
decoded = Conv2D(1, (3, 1), activation='sigmoid', padding='same', name='decoded')(x)
model = Model(input_img, decoded)
""",
        asked="""
input_img = Input(shape=(1, 512, 1))

x = Convolution2D(32, 3, 1, activation='relu', border_mode='same')(input_img)
x = MaxPooling2D((2,1), border_mode='same', name='pool1')(x)
x = Convolution2D(32, 3, 1, activation='relu', border_mode='same')(x)
encoded = MaxPooling2D((2,1), border_mode='same', name='pool2')(x)


x = Convolution2D(32, 3, 1, activation='relu', border_mode='same')(encoded)
x = UpSampling2D((2,1), name='up1')(x)
x = Convolution2D(32,3,1, activation='relu', border_mode='same')(x)
x = UpSampling2D((2,1), name='up2')(x)
decoded = Convolution2D(1, 3,1, activation='sigmoid', border_mode='same', name='decoded')(x)

autoencoder = Model(input_img, decoded)
autoencoder.summary()
""",
        wanted=(1, 512, 1),
        kinds=("output-size", "data-format"),
        layer="decoded",
        axes=("height",),
        first=(
            (insert("Cropping2D"),),
            each("decoded", "strides", (4, 1)),
            (argument(ANY, "data_format", "channels_first"),) * 9,
            (argument("up1", "size", (1, 1)), argument("up2", "size", (1, 1))),
            (remove("up1"), remove("up2")),
        ),
        accepted={"UpSampling2D((2, 1)": "UpSampling2D((1, 1)"},
    ),
    Case(
        id="unet-that-gives-322",
        thread="zhixuhao/unet#26",
        title="2D Cropping",
        code="""
inputs = Input((512, 512, 1))
conv1 = Conv2D(8, 3, activation='relu', padding='valid')(inputs)
conv1 = Conv2D(8, 3, activation='relu', padding='valid')(conv1)
crop1 = Cropping2D(cropping=((90, 90), (90, 90)))(conv1)
pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
conv2 = Conv2D(16, 3, activation='relu', padding='valid')(pool1)
conv2 = Conv2D(16, 3, activation='relu', padding='valid')(conv2)
crop2 = Cropping2D(cropping=((41, 41), (41, 41)))(conv2)
pool2 = MaxPooling2D(pool_size=(2, 2))(conv2)
conv3 = Conv2D(32, 3, activation='relu', padding='valid')(pool2)
conv3 = Conv2D(32, 3, activation='relu', padding='valid')(conv3)
crop3 = Cropping2D(cropping=((16, 17), (16, 17)))(conv3)
pool3 = MaxPooling2D(pool_size=(2, 2))(conv3)
conv4 = Conv2D(64, 3, activation='relu', padding='valid')(pool3)
conv4 = Conv2D(64, 3, activation='relu', padding='valid')(conv4)
crop4 = Cropping2D(cropping=((4, 4), (4, 4)))(conv4)
pool4 = MaxPooling2D(pool_size=(2, 2))(conv4)
conv5 = Conv2D(128, 3, activation='relu', padding='valid')(pool4)
conv5 = Conv2D(128, 3, activation='relu', padding='valid')(conv5)
up6 = Conv2D(64, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(conv5))
merge6 = concatenate([crop4, up6], axis=3)
conv6 = Conv2D(64, 3, activation='relu', padding='valid')(merge6)
conv6 = Conv2D(64, 3, activation='relu', padding='valid')(conv6)
up7 = Conv2D(32, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(conv6))
merge7 = concatenate([crop3, up7], axis=3)
conv7 = Conv2D(32, 3, activation='relu', padding='valid')(merge7)
conv7 = Conv2D(32, 3, activation='relu', padding='valid')(conv7)
up8 = Conv2D(16, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(conv7))
merge8 = concatenate([crop2, up8], axis=3)
conv8 = Conv2D(16, 3, activation='relu', padding='valid')(merge8)
conv8 = Conv2D(16, 3, activation='relu', padding='valid')(conv8)
up9 = Conv2D(8, 2, activation='relu', padding='same')(UpSampling2D(size=(2, 2))(conv8))
merge9 = concatenate([crop1, up9], axis=3)
conv9 = Conv2D(8, 3, activation='relu', padding='valid')(merge9)
conv9 = Conv2D(8, 3, activation='relu', padding='valid')(conv9)
conv10 = Conv2D(1, 1, activation='sigmoid', name='mask')(conv9)
model = Model(inputs, conv10)
""",
        wanted=(512, 512, 1),
        kinds=("output-size",),
        layer="mask",
        axes=PLANE,
        first=((insert("ZeroPadding2D", "Resizing"),),),
        accepted={"(conv9)\nmodel": "(ZeroPadding2D(94)(conv9))\nmodel"},
    ),
    Case(
        id="vessels-170",
        thread="orobix/retina-unet#25",
        title="UpSampling2D (mode='Concat' issue",
        code="""
n_ch, patch_height, patch_width = 1, 170, 170
first = dict(data_format='channels_first')
inputs = Input((n_ch, patch_height, patch_width))
conv1 = Conv2D(32, (3, 3), activation='relu', padding='same', **first)(inputs)
conv1 = Dropout(0.2)(conv1)
conv1 = Conv2D(32, (3, 3), activation='relu', padding='same', **first)(conv1)
pool1 = MaxPooling2D(pool_size=(2, 2), **first)(conv1)
conv2 = Conv2D(64, (3, 3), activation='relu', padding='same', **first)(pool1)
conv2 = Dropout(0.2)(conv2)
conv2 = Conv2D(64, (3, 3), activation='relu', padding='same', **first)(conv2)
pool2 = MaxPooling2D(pool_size=(2, 2), **first)(conv2)
conv3 = Conv2D(128, (3, 3), activation='relu', padding='same', **first)(pool2)
up1 = concatenate([UpSampling2D(size=(2, 2), **first)(conv3), conv2], axis=1)
conv4 = Conv2D(64, (3, 3), activation='relu', padding='same', **first)(up1)
up2 = concatenate([UpSampling2D(size=(2, 2), **first)(conv4), conv1], axis=1)
conv5 = Conv2D(32, (3, 3), activation='relu', padding='same', **first)(up2)
conv6 = Conv2D(2, (1, 1), activation='relu', padding='same', **first)(conv5)
conv6 = Reshape((2, patch_height * patch_width))(conv6)
conv6 = Permute((2, 1))(conv6)
conv7 = Activation('softmax')(conv6)
model = Model(inputs, conv7)
""",
        asked="""
from keras.models import Model
from keras.layers import Input, merge, Convolution2D, MaxPooling2D, UpSampling2D, Reshape
from keras.layers import core, Dropout
from keras.optimizers import Adam
from keras import backend as K
K.set_image_dim_ordering('th')

#Define the neural network
def get_unet(n_ch,patch_height,patch_width):
    inputs = Input((n_ch, patch_height, patch_width))
    conv1 = Convolution2D(32, 3, 3, activation='relu', border_mode='same')(inputs)
    conv1 = Dropout(0.2)(conv1)
    conv1 = Convolution2D(32, 3, 3, activation='relu', border_mode='same')(conv1)
    pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
    #
    conv2 = Convolution2D(64, 3, 3, activation='relu', border_mode='same')(pool1)
    conv2 = Dropout(0.2)(conv2)
    conv2 = Convolution2D(64, 3, 3, activation='relu', border_mode='same')(conv2)
    pool2 = MaxPooling2D(pool_size=(2, 2))(conv2)
    #
    conv3 = Convolution2D(128, 3, 3, activation='relu', border_mode='same')(pool2)

    up1 = merge([UpSampling2D(size=(2, 2))(conv3), conv2], mode='concat', concat_axis=1)
    conv4 = Convolution2D(64, 3, 3, activation='relu', border_mode='same')(up1)
    #
    up2 = merge([UpSampling2D(size=(2, 2))(conv4), conv1], mode='concat', concat_axis=1)
    conv5 = Convolution2D(32, 3, 3, activation='relu', border_mode='same')(up2)
    #
    conv6 = Convolution2D(2, 1, 1, activation='relu',border_mode='same')(conv5)
    conv6 = core.Reshape((2,patch_height*patch_width))(conv6)
    conv6 = core.Permute((2,1))(conv6)
    ############
    conv7 = core.Activation('softmax')(conv6)

    model = Model(input=inputs, output=conv7)
    model.compile(optimizer='sgd', loss='categorical_crossentropy',metrics=['accuracy'])
    return model

model = get_unet(1, 170, 170)
""",
        kinds=("join-sizes",),
        layer="concatenate",
        axes=PLANE,
        first=(
            (feed((1, 168, 168)),),
            (feed((1, 172, 172)),),
            (argument(ANY, "padding", "same"), insert("Cropping2D")),
            (insert("ZeroPadding2D"),),
            (insert("Cropping2D"),),
        ),
        accepted={"1, 170, 170": "1, 168, 168"},
    ),
    Case(
        id="segnet-with-labels-in-front",
        thread="imlab-uiip/keras-segnet#18",
        title="ValueError after converting to python 3, keras vesion 2.1.4",
        code="""
img_h, img_w, n_labels, kernel = 32, 32, 2, 3
encoding_layers = [
    Conv2D(16, (kernel, kernel), padding='same', input_shape=(1, img_h, img_w)),
    BatchNormalization(),
    Activation('relu'),
    MaxPooling2D(),
    Conv2D(32, (kernel, kernel), padding='same'),
    BatchNormalization(),
    Activation('relu'),
    MaxPooling2D(),
]
decoding_layers = [
    UpSampling2D(),
    Conv2D(32, (kernel, kernel), padding='same'),
    BatchNormalization(),
    Activation('relu'),
    UpSampling2D(),
    Conv2D(n_labels, (1, 1), padding='valid'),
    BatchNormalization(),
]
autoencoder = models.Sequential()
autoencoder.encoding_layers = encoding_layers
for l in autoencoder.encoding_layers:
    autoencoder.add(l)
autoencoder.decoding_layers = decoding_layers
for l in autoencoder.decoding_layers:
    autoencoder.add(l)
autoencoder.add(Reshape((n_labels, img_h * img_w)))
autoencoder.add(Permute((2, 1)))
autoencoder.add(Activation('softmax'))
model = autoencoder
""",
        kinds=SWAPPED,
        layer="max_pooling2d",
        axes=("height",),
        first=((feed((32, 32, 1)),), (permute(ANY),), (insert("Permute"),)),
        accepted={"(1, img_h, img_w)": "(img_h, img_w, 1)"},
    ),
    Case(
        id="genres-after-pooling",
        thread="jsalbert/Music-Genre-Classification-with-Deep-Learning#8",
        title="ValueError: total size of new array must be unchanged",
        code="""
melgram_input = Input(shape=(96, 1366, 1))
channel_axis, freq_axis, time_axis = 3, 1, 2
x = ZeroPadding2D(padding=(0, 37))(melgram_input)
x = BatchNormalization(axis=time_axis, name='bn_0_freq')(x)
pools = [(2, 2), (3, 3), (4, 4), (4, 4)]
for i, (filters, pool) in enumerate(zip([64, 128, 128, 128], pools)):
    x = Conv2D(filters, (3, 3), padding='same', name='conv%d' % (i + 1))(x)
    x = BatchNormalization(axis=channel_axis, name='bn%d' % (i + 1))(x)
    x = ELU()(x)
    x = MaxPooling2D(pool_size=pool, strides=pool, name='pool%d' % (i + 1))(x)
    x = Dropout(0.1, name='dropout%d' % (i + 1))(x)
x = Permute((3, 2, 1))(x)
x = Reshape((10, 128))(x)
x = GRU(32, return_sequences=True, name='gru1')(x)
x = GRU(32, return_sequences=False, name='gru2')(x)
model = Model(melgram_input, Dense(10, activation='sigmoid', name='output')(x))
""",
        kinds=("reshape",),
        layer="reshape",
        axes=(),
        first=(each("reshape", "target_shape", (15, 128), (-1, 128)),),
        accepted={"Reshape((10, 128))": "Reshape((15, 128))"},
    ),
    Case(
        id="characters-into-words",
        thread="keras-team/keras#4534",
        title="Reshape Layer gives ValueError size cannot be unchanged",
        code="""
max_features, embedding_size, maxlen, max_charlen = 1000, 128, 30, 20
nb_filter, pool_length = 64, 2
char = Sequential()
char.add(Input((maxlen * max_charlen,)))
char.add(Embedding(max_features, embedding_size))
char.add(Conv1D(nb_filter, 3, padding='valid', activation='relu'))
char.add(MaxPooling1D(pool_length))
char.add(Reshape((maxlen, embedding_size)))
model = char
""",
        asked="""
max_features, embedding_size, maxlen, max_charlen = 1000, 128, 30, 20
nb_filter, pool_length = 64, 2
char = Sequential()
char.add(Embedding(max_features, embedding_size, input_length=maxlen*max_charlen))
char.add(Convolution1D(nb_filter, 3, border_mode='valid', activation='relu'))
char.add(MaxPooling1D(pool_length))
char.add(Reshape((maxlen,embedding_size)))
""",
        kinds=("reshape",),
        layer="reshape",
        axes=(),
        first=(
            each("reshape", "target_shape", (-1, 128), (299, 64), (149, 128), (-1, 64), (30, -1)),
        ),
        accepted={"Reshape((maxlen, embedding_size))": "Reshape((299, nb_filter))"},
    ),
    Case(
        id="boxes-of-every-scale",
        thread="jedichien/ssd_keras#1",
        title="concatenate error",
        code="""
image = Input((152, 152, 3))
x = Conv2D(16, 3, strides=4, padding='same', activation='relu')(image)
conv4_3 = Conv2D(32, 3, padding='same', activation='relu')(x)
fc7 = Conv2D(64, 3, strides=2, padding='same', activation='relu')(conv4_3)
conv6_2 = Conv2D(32, 3, strides=2, padding='same', activation='relu')(fc7)
conv4_3_loc = Conv2D(16, 3, padding='same', name='conv4_3_loc')(conv4_3)
fc7_loc = Conv2D(16, 3, padding='same', name='fc7_loc')(fc7)
conv6_2_loc = Conv2D(16, 3, padding='same', name='conv6_2_loc')(conv6_2)
mbox_loc = concatenate([conv4_3_loc, fc7_loc, conv6_2_loc], axis=1, name='mbox_loc')
model = Model(image, Activation('linear')(mbox_loc))
""",
        kinds=("join-sizes",),
        layer="mbox_loc",
        axes=("width",),
        first=(
            (insert("Flatten"),) * 3,
            (insert("Reshape"),) * 3,
            (insert("Resizing"),) * 2,
            each("conv2d_2 conv2d_3", "strides", 1),
        ),
        accepted={
            "conv4_3_loc, fc7_loc, conv6_2_loc]": "Flatten()(conv4_3_loc), Flatten()(fc7_loc), "
            "Flatten()(conv6_2_loc)]"
        },
    ),
    Case(
        id="deconvolution-of-nine",
        thread="fizyr/keras-retinanet#4",
        title="deconvolution is unmatched with the output shape",
        code="""
def pyramid(inputs, filters=32):
    C3 = Conv2D(filters, 3, strides=(8, 8), padding='same', name='C3')(inputs)
    C4 = Conv2D(filters, 3, strides=2, padding='same', name='C4')(C3)
    C5 = Conv2D(filters, 3, strides=2, padding='same', name='C5')(C4)
    P5_upsampled = Conv2DTranspose(
        filters, kernel_size=4, strides=2, padding='same', name='P5_upsampled')(C5)
    P4 = add([P5_upsampled, C4], name='P4_merged')
    return Conv2D(filters, 3, padding='same', name='P4')(P4)

image = Input((272, 480, 3))
model = Model(inputs=image, outputs=pyramid(image))
""",
        kinds=("join-sizes",),
        layer="P4_merged",
        axes=("height",),
        first=(
            (feed((256, 480, 3), (288, 480, 3)),),
            (insert(*FIT),),
            each("P5_upsampled", "output_padding", ANY),
        ),
        accepted={"add([P5_upsampled,": "add([Cropping2D(((0, 1), (0, 0)))(P5_upsampled),"},
    ),
    Case(
        id="digits-400-high",
        thread="osh/KerasGAN#4",
        title="Inconsistent Shape of Generator output",
        code="""
nch = 200
g_input = Input(shape=[100])
H = Dense(nch * 14 * 14, kernel_initializer='glorot_normal')(g_input)
H = BatchNormalization()(H)
H = Activation('relu')(H)
H = Reshape([nch, 14, 14])(H)
H = UpSampling2D(size=(2, 2), name='up')(H)
H = Conv2D(nch // 2, (3, 3), padding='same', name='half')(H)
H = BatchNormalization()(H)
H = Activation('relu')(H)
H = Conv2D(nch // 4, (3, 3), padding='same', name='quarter')(H)
H = BatchNormalization()(H)
H = Activation('relu')(H)
H = Conv2D(1, (1, 1), padding='same', name='grey')(H)
g_V = Activation('sigmoid', name='picture')(H)
model = generator = Model(g_input, g_V)
""",
        wanted=(1, 28, 28),
        kinds=("output-size", "data-format"),
        layer="picture",
        axes=(),
        first=(first_in("up half quarter grey"),),
        accepted={
            "name=": "data_format='channels_first', name=",
            "'sigmoid', data_format='channels_first', ": "'sigmoid', ",
        },
    ),
    Case(
        id="tongues-in-colour",
        thread="keras-team/keras#16711",
        title="ValueError: Error when checking input: expected layer_1_input to have shape "
        "(128, 128, 1) but got array with shape (128, 128, 3)",
        code="""
model = Sequential([
    Conv2D(64, 3, activation='relu', padding='same', input_shape=(128, 128, 1), name='layer_1'),
    Conv2D(64, 3, activation='relu', padding='same', name='layer_2'),
    MaxPooling2D(2),
    Conv2D(32, 3, activation='relu', padding='same'),
    UpSampling2D(2),
    Conv2D(1, 1, activation='sigmoid', name='mask'),
])
""",
        given=(128, 128, 3),
        kinds=("channels",),
        layer="layer_1",
        axes=("channels",),
        first=((feed((128, 128, 1)),), (insert("Conv2D"),)),
        accepted={},
    ),
    Case(
        id="documented-as-channels-first",
        thread="keras-team/keras#3844",
        title="Convolution2D documentation input_size",
        code="""
img_rows, img_cols = 128, 128
nb_filters = 64
nb_conv = 3
model = Sequential()
model.add(Conv2D(nb_filters, (nb_conv, nb_conv),
                 padding='valid',
                 input_shape=(1, img_rows, img_cols)))
""",
        asked="""
from keras.models import Sequential
from keras.layers.convolutional import Convolution2D

img_rows, img_cols = 128, 128
nb_filters = 64
nb_conv = 3

model = Sequential()
model.add(Convolution2D(nb_filters, nb_conv, nb_conv,
                        border_mode='valid',
                        input_shape=(1, img_rows, img_cols)))
""",
        kinds=SWAPPED,
        layer="conv2d",
        axes=("height", "channels"),
        first=((feed((128, 128, 1)),), first_in("conv2d"), (permute(ANY),), (insert("Permute"),)),
        accepted={"(1, img_rows, img_cols)": "(img_rows, img_cols, 1)"},
    ),
    Case(
        id="fcn32-that-stays-small",
        thread="keras-team/keras#9945",
        title="Error when checking target: Expected activation_2 to have shape (6,6,512) but got "
        "array with shape (192,192,3)",
        code="""
IMAGE_ORDERING = "channels_last"

def FCN32(n_classes, input_height=192, input_width=192):
    img_input = Input(shape=(input_height, input_width, 3))
    x = img_input
    for block, (filters, convs) in enumerate([(8, 2), (16, 2), (32, 3), (64, 3), (64, 3)], 1):
        for conv in range(convs):
            x = Conv2D(filters, (3, 3), activation='relu', padding='same',
                       name='block%d_conv%d' % (block, conv + 1), data_format=IMAGE_ORDERING)(x)
        x = MaxPooling2D((2, 2), strides=(2, 2), name='block%d_pool' % block,
                         data_format=IMAGE_ORDERING)(x)
    o = Conv2D(64, (7, 7), activation='relu', padding='same', data_format=IMAGE_ORDERING)(x)
    o = Dropout(0.5)(o)
    o = Conv2D(n_classes, (1, 1), kernel_initializer='he_normal', data_format=IMAGE_ORDERING)(o)
    o = Activation('softmax', name='pixels')(o)
    return Model(img_input, o)

model = FCN32(3)
""",
        wanted=(192, 192, 3),
        kinds=("output-size",),
        layer="pixels",
        axes=PLANE,
        first=((insert("UpSampling2D", "Resizing", "Conv2DTranspose"),),),
        accepted={
            "    o = Activation": "    o = Conv2DTranspose(n_classes, 64, strides=32, "
            "padding='same')(o)\n    o = Activation"
        },
    ),
    Case(
        id="segnet-in-one-line",
        thread="ykamikawa/tf-keras-SegNet#18",
        title="expected activation_26 to have 3 dimensions, but got array with shape "
        "(8, 336, 336, 8)",
        code="""
input_shape, n_labels, kernel, pool_size = (64, 64, 3), 8, 3, (2, 2)
inputs = Input(shape=input_shape)
conv_1 = Conv2D(16, (kernel, kernel), padding="same")(inputs)
conv_1 = BatchNormalization()(conv_1)
conv_1 = Activation("relu")(conv_1)
pool_1 = MaxPooling2D(pool_size)(conv_1)
unpool_1 = UpSampling2D(pool_size)(pool_1)
conv_26 = Conv2D(n_labels, (1, 1), padding="valid")(unpool_1)
conv_26 = BatchNormalization()(conv_26)
conv_26 = Reshape(
    (input_shape[0] * input_shape[1], n_labels),
    input_shape=(input_shape[0], input_shape[1], n_labels),
)(conv_26)
outputs = Activation("softmax", name='labels')(conv_26)
model = Model(inputs=inputs, outputs=outputs, name="SegNet")
""",
        wanted=(64, 64, 8),
        kinds=("output-size",),
        layer="labels",
        axes=(),
        first=(
            (remove("reshape"),),
            each("reshape", "target_shape", (64, 64, 8), (64, 64, -1), (-1, 64, 8), (64, -1, 8)),
            (insert("Reshape"),),
        ),
        accepted={"(input_shape[0] * input_shape[1], n_labels)": "(64, 64, n_labels)"},
    ),
    Case(
        id="blocks-as-lists",
        thread="mzaradzki/neuralnets#9",
        title="Negative dimension size caused by subtracting 2 from 1 for "
        "'max_pooling2d_10/MaxPool'",
        code="""
def convblock(cdim, nb, bits=3):
    L = []
    for k in range(1, bits + 1):
        convname = 'conv' + str(nb) + '_' + str(k)
        L.append(Conv2D(cdim, kernel_size=(3, 3), padding='same', activation='relu',
                        name=convname))
    L.append(MaxPooling2D((2, 2), strides=(2, 2), name='pool' + str(nb)))
    return L

def fcn32_blank(image_size=512):
    withDO = False
    mdl = Sequential()
    # First layer is a dummy-permutation = Identity to specify input shape
    mdl.add(Permute((1, 2, 3), input_shape=(3, image_size, image_size), name='dummy'))
    for l in convblock(16, 1, bits=2):
        mdl.add(l)
    for l in convblock(32, 2, bits=2):
        mdl.add(l)
    for l in convblock(64, 3, bits=3):
        mdl.add(l)
    mdl.add(Conv2D(64, kernel_size=(7, 7), padding='same', activation='relu', name='fc6'))
    if withDO:
        mdl.add(Dropout(0.5))
    mdl.add(Conv2D(21, kernel_size=(1, 1), padding='same', name='score_fr'))
    return mdl

image_size = 64 * 2
model = fcn32_blank(image_size)
""",
        kinds=SWAPPED,
        layer="pool2",
        axes=("height",),
        first=(
            each("dummy", "dims", (2, 3, 1)),
            (insert("Permute"),),
            (permute(ANY),),
            (feed((128, 128, 3)),),
            first_in(
                "conv1_1 conv1_2 pool1 conv2_1 conv2_2 pool2 conv3_1 conv3_2 conv3_3 pool3 "
                "fc6 score_fr"
            ),
        ),
        accepted={"Permute((1, 2, 3)": "Permute((2, 3, 1)"},
    ),
    Case(
        id="mobilenet-of-128",
        thread="calmiLovesAI/MobileNetV3_TensorFlow2#1",
        title="Negative dimension size caused by subtracting 7 from 4 for "
        "'average_pooling2d_3/AvgPool' (op: 'AvgPool') with input shapes: [?,4,4,960].",
        code="""
import tensorflow as tf

class BottleNeck(tf.keras.layers.Layer):
    def __init__(self, in_size, exp_size, out_size, s, k=3):
        super(BottleNeck, self).__init__()
        self.stride = s
        self.in_size = in_size
        self.out_size = out_size
        self.conv1 = tf.keras.layers.Conv2D(exp_size, (1, 1), strides=1, padding="same")
        self.bn1 = tf.keras.layers.BatchNormalization()
        self.dwconv = tf.keras.layers.DepthwiseConv2D((k, k), strides=s, padding="same")
        self.bn2 = tf.keras.layers.BatchNormalization()
        self.conv2 = tf.keras.layers.Conv2D(out_size, (1, 1), strides=1, padding="same")
        self.linear = tf.keras.layers.Activation(tf.keras.activations.linear)

    def call(self, inputs, training=None, **kwargs):
        x = self.conv1(inputs)
        x = self.bn1(x, training=training)
        x = self.dwconv(x)
        x = self.bn2(x, training=training)
        x = self.conv2(x)
        x = self.linear(x)
        if self.stride == 1 and self.in_size == self.out_size:
            x = tf.keras.layers.add([x, inputs])
        return x

class MobileNetV3(tf.keras.Model):
    def __init__(self):
        super(MobileNetV3, self).__init__()
        self.conv1 = tf.keras.layers.Conv2D(16, (3, 3), strides=2, padding="same")
        self.bneck1 = BottleNeck(in_size=16, exp_size=16, out_size=16, s=1)
        self.bneck2 = BottleNeck(in_size=16, exp_size=64, out_size=24, s=2)
        self.bneck3 = BottleNeck(in_size=24, exp_size=72, out_size=40, s=2, k=5)
        self.bneck4 = BottleNeck(in_size=40, exp_size=240, out_size=80, s=2)
        self.bneck5 = BottleNeck(in_size=80, exp_size=480, out_size=160, s=2, k=5)
        self.conv2 = tf.keras.layers.Conv2D(960, (1, 1), strides=1, padding="same")
        self.avgpool = tf.keras.layers.AveragePooling2D(
            pool_size=(7, 7), strides=1, name='average_pooling2d_3')
        self.conv3 = tf.keras.layers.Conv2D(1280, (1, 1), strides=1, padding="same")
        self.conv4 = tf.keras.layers.Conv2D(
            10, (1, 1), strides=1, padding="same", activation='softmax')

    def call(self, inputs, training=None, mask=None):
        x = self.conv1(inputs)
        x = self.bneck1(x, training=training)
        x = self.bneck2(x, training=training)
        x = self.bneck3(x, training=training)
        x = self.bneck4(x, training=training)
        x = self.bneck5(x, training=training)
        x = self.conv2(x)
        x = self.avgpool(x)
        x = self.conv3(x)
        x = self.conv4(x)
        return x

image = tf.keras.Input((128, 128, 3))
model = tf.keras.Model(image, MobileNetV3()(image))
""",
        kinds=("negative-size",),
        layer="average_pooling2d_3",
        axes=PLANE,
        first=(
            each("average_pooling2d_3", "padding", "same"),
            each("average_pooling2d_3", "pool_size", ANY),
            (replace("average_pooling2d_3", *POOL),),
        ),
        accepted={"(128, 128, 3)": "(224, 224, 3)"},
    ),
    Case(
        id="bottleneck-with-two-strides",
        thread="ageron/handson-ml2#96",
        title="Converting basic residual blocks to bottleneck blocks",
        code="""
from tensorflow import keras
from functools import partial

DefaultConv3D = partial(keras.layers.Conv3D, kernel_size=3, strides=1,
                        padding="SAME", use_bias=False)

class ResidualUnit(keras.layers.Layer):
    def __init__(self, filters, strides=1, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.main_layers = [
            DefaultConv3D(filters, kernel_size=1, strides=strides),
            keras.layers.BatchNormalization(),
            self.activation,
            DefaultConv3D(filters, strides=strides),
            keras.layers.BatchNormalization(),
            self.activation,
            DefaultConv3D(filters * 4, kernel_size=1),
            keras.layers.BatchNormalization()]
        self.skip_layers = [
            DefaultConv3D(filters * 4, kernel_size=1, strides=strides),
            keras.layers.BatchNormalization()]

    def call(self, inputs):
        Z = inputs
        for layer in self.main_layers:
            Z = layer(Z)
        skip_Z = inputs
        for layer in self.skip_layers:
            skip_Z = layer(skip_Z)
        return self.activation(keras.layers.add([Z, skip_Z], name='unit_add'))

model = keras.models.Sequential()
model.add(DefaultConv3D(16, kernel_size=7, strides=2, input_shape=[32, 32, 32, 1]))
model.add(keras.layers.BatchNormalization())
model.add(keras.layers.Activation("relu"))
model.add(keras.layers.MaxPool3D(pool_size=3, strides=2, padding="same"))
model.add(ResidualUnit(32, strides=2))
model.add(keras.layers.GlobalAvgPool3D())
model.add(keras.layers.Dense(1, activation="sigmoid"))
""",
        kinds=("join-sizes",),
        layer="unit_add",
        axes=SPACE,
        first=(
            each("conv3d_1", "strides", 1, (1, 1, 1)),
            each("conv3d_2", "strides", 1, (1, 1, 1)),
            each("conv3d_4", "strides", 4, (4, 4, 4)),
        ),
        accepted={"DefaultConv3D(filters, strides=strides)": "DefaultConv3D(filters)"},
    ),
    Case(
        id="sum-of-32-and-128",
        thread="keunwoochoi/residual_block_keras#13",
        title="Only layers of same output shape can be merged using sum mode.",
        code="""
x = inputs = Input((1, 32, 32))
x = Conv2D(128, (3, 3), padding='same', data_format='channels_first', name='first')(x)
y = Activation('relu')(BatchNormalization(axis=1)(x))
y = Conv2D(128, (3, 3), padding='same', name='second')(y)
x = add([x, y])
model = Model(inputs, Dense(10)(Flatten()(x)))
""",
        asked="""
def building_residual_block(input_shape, n_feature_maps, kernel_sizes=None):
    inputs = Input(shape=input_shape)
    x = Convolution2D(n_feature_maps, 3, 3, border_mode='same', dim_ordering='th',
                      name='first')(inputs)
    y = Activation('relu')(BatchNormalization(axis=1, mode=0)(x))
    y = Convolution2D(n_feature_maps, 3, 3, border_mode='same', name='second')(y)
    z = merge([x, y], mode='sum')
    z = Flatten()(z)
    return Model(input=inputs, output=Dense(10)(z))

print('MNIST')
model = building_residual_block((1, 32, 32), 128)
model.compile(loss='categorical_crossentropy', optimizer='sgd')
""",
        kinds=SWAPPED,
        layer="add",
        axes=("height", "channels"),
        first=(
            each("first", "data_format", "channels_last", None),
            each("second", "data_format", "channels_first"),
        ),
        accepted={"name='second'": "data_format='channels_first', name='second'"},
    ),
    Case(
        id="stacked-along-the-batch",
        thread="titu1994/Super-Resolution-using-Generative-Adversarial-Networks#26",
        title='ValueError: "concat" mode can only merge layers with matching output shapes except '
        "for the concat axis.",
        code="""
ip = Input((32, 32, 3), name='x_generator')
x = Conv2D(16, (9, 9), padding='same', activation='relu')(ip)
x = UpSampling2D()(x)
x = Conv2D(16, (3, 3), padding='same', activation='relu')(x)
x = UpSampling2D()(x)
x = Conv2D(3, (9, 9), padding='same', activation='tanh', name='sr_output')(x)
ip_vgg = Input((96, 96, 3), name='x_vgg')
both = Concatenate(axis=0, name='both')([x, ip_vgg])
both = Conv2D(64, (3, 3), activation='relu', padding='same')(both)
model = Model([ip, ip_vgg], both)
""",
        kinds=("join-sizes",),
        layer="both",
        axes=PLANE,
        first=(
            (feed((128, 128, 3)),),
            (feed((24, 24, 3)),),
            (insert(*FIT),),
            each("conv2d", "padding", "valid"),
        ),
        accepted={"(96, 96, 3)": "(128, 128, 3)"},
    ),
    Case(
        id="prices-in-one-step",
        thread="https://stackoverflow.com/questions/38656566/",
        title="Input dimensions to a one dimensional convolutional network in keras",
        code="""
conv = Sequential()
conv.add(Conv1D(64, 10, input_shape=(1, 101)))
conv.add(Activation('relu'))
conv.add(MaxPooling1D(2))
conv.add(Flatten())
conv.add(Dense(10))
conv.add(Activation('tanh'))
conv.add(Dense(4))
conv.add(Activation('softmax'))
model = conv
""",
        asked="""
conv = Sequential()
conv.add(Convolution1D(64, 10, input_shape=(1,101)))
conv.add(Activation('relu'))
conv.add(MaxPooling1D(2))
conv.add(Flatten())
conv.add(Dense(10))
conv.add(Activation('tanh'))
conv.add(Dense(4))
conv.add(Activation('softmax'))
""",
        kinds=SWAPPED,
        layer="conv1d",
        axes=("steps",),
        first=((feed((101, 1)),), (permute(ANY),), (insert("Permute"),)),
        accepted={"(1, 101)": "(101, 1)"},
    ),
    Case(
        id="add-of-two-widths",
        thread="https://www.iiask.com/34l57226.html",
        title="如何在Keras中使用Add方法解决维度不匹配问题",
        code="""
from tensorflow.keras.layers import Input, Conv2D, Add
input1 = Input(shape=(256, 256, 3))
conv1 = Conv2D(32, (3,3))(input1)
conv2 = Conv2D(64, (3,3))(input1)
add = Add()([conv1, conv2])
model = Model(input1, add)
""",
        kinds=("channels", "join-sizes"),
        layer="add",
        axes=("channels",),
        first=(
            each("conv2d", "filters", 64),
            each("conv2d_1", "filters", 32),
            (insert("Conv2D"),),
        ),
        accepted={"Conv2D(32, (3,3))": "Conv2D(64, (3,3))"},
    ),
    Case(
        id="traffic-of-thirty-steps",
        thread="https://openillumi.com/en/en-keras-conv1d-fix-ndim3-error",
        title="Input 0 of layer conv1d is incompatible with the layer: : expected min_ndim=3, "
        "found ndim=2. Full shape received: (None, 30)",
        code="""
import numpy as np
series_input_train = np.zeros((500, 30))
exog_input_train = np.zeros((500, 7))
series_input = Input(shape=(series_input_train.shape[1],), name='series_input')
x = Conv1D(filters=32, kernel_size=5, strides=1, padding="causal", activation="relu")(series_input)
x = LSTM(32, return_sequences=False)(x)
exog_input = Input(shape=(exog_input_train.shape[1],), name='exog_input')
x = Concatenate()([x, Dense(16)(exog_input)])
model = Model([series_input, exog_input], Dense(1)(x))
""",
        kinds=RANK,
        layer="conv1d",
        axes=(),
        first=((feed((30, 1)),), (insert("Reshape"),)),
        accepted={"(series_input_train.shape[1],)": "(series_input_train.shape[1], 1)"},
    ),
    Case(
        id="exams-frame-by-frame",
        thread="keras-team/keras#14836",
        title="CNN + LSTM ValueError: Input 0 of layer sequential_10 is incompatible with the "
        "layer: expected ndim=5, found ndim=4.",
        code="""
model = Sequential()
model.add(TimeDistributed(Conv2D(12, (11, 11), strides=(4, 4), activation='relu'),
                          input_shape=(5, 115, 115, 3)))
model.add(TimeDistributed(MaxPooling2D((3, 3), strides=(2, 2))))
model.add(TimeDistributed(BatchNormalization()))
model.add(TimeDistributed(Conv2D(16, (5, 5), padding='same', activation='relu')))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(32, return_sequences=False))
model.add(Dense(4, activation='softmax'))
""",
        given=(115, 115, 3),
        kinds=RANK,
        layer="time_distributed",
        axes=(),
        first=((feed((5, 115, 115, 3)),), (insert("Reshape"),)),
    ),
    Case(
        id="vgg-as-a-plain-class",
        thread="roebius/deeplearning_keras2#4",
        title='Calling Vgg16() in lesson1.ipynb gives error: The shape of the input to "Flatten" '
        "is not fully defined (got (0, 7, 512)",
        code="""
class Vgg16():
    def __init__(self):
        self.create()

    def ConvBlock(self, layers, filters):
        model = self.model
        for i in range(layers):
            model.add(ZeroPadding2D((1, 1)))
            model.add(Conv2D(filters, (3, 3), activation='relu'))
        model.add(MaxPooling2D((2, 2), strides=(2, 2)))

    def FCBlock(self):
        model = self.model
        model.add(Dense(64, activation='relu'))
        model.add(Dropout(0.5))

    def create(self):
        model = self.model = Sequential()
        model.add(Input((3, 224, 224)))
        self.ConvBlock(2, 8)
        self.ConvBlock(2, 16)
        self.ConvBlock(3, 32)
        self.ConvBlock(3, 64)
        self.ConvBlock(3, 64)
        model.add(Flatten())
        self.FCBlock()
        self.FCBlock()
        model.add(Dense(1000, activation='softmax'))

vgg = Vgg16()
model = vgg.model
""",
        kinds=SWAPPED,
        layer="max_pooling2d_1",
        axes=("height",),
        first=(
            (feed((224, 224, 3)),),
            (permute(ANY),),
            (insert("Permute"),),
            (argument(ANY, "data_format", "channels_first"),) * 31,
        ),
        accepted={"Input((3, 224, 224))": "Input((224, 224, 3))"},
    ),
    Case(
        id="discriminator-without-colours",
        thread="BakingBrains/Generation_of_Data_using_GAN#6",
        title='Can\'t solve Input 0 of layer "conv2d_5" is incompatible with the layer',
        code="""
def make_discriminator_model():
    model = Sequential()
    model.add(layers.Conv2D(64, (5, 5), strides=(2, 2), padding='same', input_shape=[96, 96, 3]))
    model.add(layers.LeakyReLU())
    model.add(layers.Dropout(0.3))
    model.add(layers.Conv2D(128, (5, 5), strides=(2, 2), padding='same'))
    model.add(layers.LeakyReLU())
    model.add(layers.Flatten())
    model.add(layers.Dense(1))
    return model

model = make_discriminator_model()
""",
        given=(96, 96),
        kinds=RANK,
        layer="conv2d",
        axes=(),
        first=((feed((96, 96, 3)),), (insert("Reshape"),)),
    ),
    Case(
        id="gan-with-an-axis-too-many",
        thread="diegoalejogm/gans#15",
        title="Error when checking input: expected input_61 to have 4 dimensions, but got array "
        "with shape (32, 64, 64, 1, 3)",
        code="""
class GAN():
    def __init__(self):
        self.img_rows = 64
        self.img_cols = 64
        self.channels = 3
        self.img_shape = (self.img_rows, self.img_cols, self.channels)
        self.latent_dim = 100
        # Build and compile the discriminator
        self.discriminator = self.build_discriminator()

    def build_discriminator(self):
        model = Sequential()
        model.add(Conv2D(32, kernel_size=3, strides=2, padding='same', name='look'))
        model.add(LeakyReLU(negative_slope=0.2))
        model.add(Flatten())
        model.add(Dense(1, activation='sigmoid'))
        img = Input(shape=self.img_shape)
        validity = model(img)
        return Model(img, validity)

gan = GAN()
model = gan.discriminator
""",
        given=(64, 64, 1, 3),
        kinds=RANK,
        layer="sequential/input_layer_1",
        axes=(),
        first=((feed((64, 64, 3)),), (insert("Reshape"),)),
    ),
    Case(
        id="dilation-and-strides",
        thread="tensorflow/tensorflow#48395",
        title="Allowing strides with dilated convolutions in tf.keras.layers.Conv2D",
        code="""
model = Sequential([
    Input((64, 64, 3)),
    Conv2D(16, 3, padding='same', activation='relu'),
    Conv2D(32, kernel_size=(3, 3), strides=(2, 2), dilation_rate=(2, 2), padding='same',
           name='atrous'),
    GlobalAveragePooling2D(),
    Dense(10),
])
""",
        kinds=("illegal-arguments",),
        layer="atrous",
        axes=(),
        first=(each("atrous", "dilation_rate", 1, (1, 1)), each("atrous", "strides", 1, (1, 1))),
        accepted={"dilation_rate=(2, 2), ": ""},
    ),
    Case(
        id="vaegan-judged-at-another-size",
        thread="crmaximo/VAEGAN#1",
        title="VAEGAN.py generative network output shape doesn't match input to discriminator",
        code="""
def generator(kernel, filter):
    G = Sequential(name='generator')
    G.add(Dense(8 * 8 * 16, activation='relu', input_shape=(128,)))
    G.add(Reshape((8, 8, 16)))
    for n in range(4):
        G.add(Conv2DTranspose(filter, kernel, strides=2, padding='same', name='up%d' % n))
        G.add(BatchNormalization())
        G.add(LeakyReLU(0.2))
    G.add(Conv2DTranspose(3, kernel, padding='same', activation='tanh', name='picture'))
    return G

def discriminator(kernel, filter, rows=64, columns=64, channel=3):
    X = Input(shape=(rows, columns, channel))
    model = Conv2D(filter, kernel_size=kernel, strides=2, padding='same')(X)
    model = LeakyReLU(0.2)(model)
    model = Conv2D(filter * 2, kernel_size=kernel, strides=2, padding='same')(model)
    dec = LeakyReLU(0.2)(model)
    dec = Flatten()(dec)
    dec = Dense(1, activation='sigmoid', name='verdict')(dec)
    return Model(X, dec, name='discriminator')

G = generator(5, 32)
D = discriminator(5, 32)
z = Input((128,))
model = Model(z, D(G(z)))
""",
        kinds=("channels", "join-sizes", "output-size"),
        layer="discriminator/input_layer_1",
        axes=(),
        first=(
            (argument(ANY, "strides", 1, (1, 1)),),
            (feed((128, 128, 3)),),
            (insert("Resizing", "Cropping2D", "AveragePooling2D", "MaxPooling2D"),),
            (argument("generator/reshape", "target_shape", ANY),),
            (remove("generator/up0", "generator/up1", "generator/up2", "generator/up3"),),
        ),
        accepted={"for n in range(4)": "for n in range(3)"},
    ),
    Case(
        id="k-max-pooling-flattens",
        thread="keras-team/keras-applications#111",
        title="Input 0 is incompatible with layer k_max_pooling_12: expected ndim=3, found ndim=2",
        code="""
model1 = Sequential()
model1.add(Conv1D(100, 1, activation='relu', input_shape=(1, 44)))
model1.add(Conv1D(100, 1, activation='relu'))
model1.add(MaxPooling1D(1))
model1.add(Conv1D(160, 1, activation='relu'))
model1.add(Dropout(0.5))
model1.add(GlobalMaxPooling1D(name='k_max_pooling'))
model1.add(GlobalAveragePooling1D())
model1.add(Dense(2, activation='softmax'))
model = model1
""",
        kinds=RANK,
        layer="global_average_pooling1d",
        axes=(),
        first=(
            (remove("global_average_pooling1d"),),
            (remove("k_max_pooling"),),
            (argument("k_max_pooling", "keepdims", True),),
        ),
        accepted={"model1.add(GlobalAveragePooling1D())\n": ""},
    ),
    Case(
        id="residual-that-cannot-join",
        thread="pietz/unet-keras#1",
        title="Problem when setting Residual=True",
        code="""
def conv_block(m, dim, acti, bn, res, do=0):
    n = Conv2D(dim, 3, activation=acti, padding='same')(m)
    n = BatchNormalization()(n) if bn else n
    n = Dropout(do)(n) if do else n
    n = Conv2D(dim, 3, activation=acti, padding='same')(n)
    n = BatchNormalization()(n) if bn else n
    return Add()([m, n]) if res else n

def level_block(m, dim, depth, inc, acti, do, bn, mp, up, res):
    if depth > 0:
        n = conv_block(m, dim, acti, bn, res)
        m = MaxPooling2D()(n) if mp else Conv2D(dim, 3, strides=2, padding='same')(n)
        m = level_block(m, int(inc * dim), depth - 1, inc, acti, do, bn, mp, up, res)
        if up:
            m = UpSampling2D()(m)
            m = Conv2D(dim, 2, activation=acti, padding='same')(m)
        else:
            m = Conv2DTranspose(dim, 3, strides=2, activation=acti, padding='same')(m)
        n = Concatenate()([n, m])
        m = conv_block(n, dim, acti, bn, res)
    else:
        m = conv_block(m, dim, acti, bn, res, do)
    return m

def UNet(img_shape, out_ch=1, start_ch=64, depth=4, inc_rate=2., activation='relu',
         dropout=0.5, batchnorm=False, maxpool=True, upconv=True, residual=False):
    i = Input(shape=img_shape)
    o = level_block(i, start_ch, depth, inc_rate, activation, dropout, batchnorm, maxpool,
                    upconv, residual)
    o = Conv2D(out_ch, 1, activation='sigmoid')(o)
    return Model(inputs=i, outputs=o)

model = UNet((64, 64, 3), out_ch=3, start_ch=16, depth=1, dropout=0.15, residual=True)
""",
        kinds=("channels", "join-sizes"),
        layer="add",
        axes=("channels",),
        first=(
            (insert("Conv2D"),) * 3,
            (
                replace("add", "Concatenate"),
                replace("add_1", "Concatenate"),
                replace("add_2", "Concatenate"),
            ),
            (replace("add", "Concatenate"),),
            (insert("Conv2D"),),
            (argument(ANY, "filters", 3),),
        ),
        accepted={"return Add()([m, n]) if res": "return Concatenate()([m, n]) if res"},
    ),
]
