"""Networks behind a pretrained one: transfer learning, segmentation and films on a backbone."""

from corpus_case import ANY, Case, argument, feed, insert, remove, replace

PLANE = ("height", "width")
RANK = ("rank", "missing-batch-axis", "missing-channel-axis")
FIT = ("Cropping2D", "ZeroPadding2D", "Resizing")
POOL = ("GlobalAveragePooling2D", "GlobalMaxPooling2D")
TIME = ("Reshape", "RepeatVector")

CASES = [
    Case(
        id="two-backbones-without-colours",
        thread="keras-team/keras#18154",
        title="getting Error after merging two Deep Learning models VGG16 and ResNet50",
        code="""
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.applications.resnet import ResNet50

inputs = tf.keras.layers.Input(shape=(224, 224))
vgg = VGG16(weights=None, include_top=False, input_shape=(224, 224, 3))
resnet = ResNet50(weights=None, include_top=False, input_shape=(224, 224, 3))
for layer in vgg.layers:
    layer.trainable = False
one = Flatten()(vgg(inputs))
other = Flatten()(resnet(inputs))
x = concatenate([one, other])
x = Dense(256, activation='relu')(x)
model = Model(inputs, Dense(5, activation='softmax')(x))
""",
        kinds=RANK,
        layer="vgg16/block1_conv1",
        axes=(),
        first=((feed((224, 224, 3)),),),
        accepted={"shape=(224, 224))": "shape=(224, 224, 3))"},
    ),
    Case(
        id="top-on-resnet-of-any-size",
        thread="fchollet/deep-learning-models#24",
        title="Transfer learning with Resnet50 fail with Exception",
        code="""
from tensorflow.keras.applications import ResNet50

base = ResNet50(include_top=False, weights=None)
top_model = Sequential()
top_model.add(Flatten(input_shape=base.output_shape[1:]))
top_model.add(Dense(256, activation='relu'))
top_model.add(Dropout(0.5))
top_model.add(Dense(1, activation='sigmoid'))
model = Model(inputs=base.input, outputs=top_model(base.output))
""",
        kinds=("unknown-size",),
        layer="dense",
        axes=(),
        first=((replace("flatten", *POOL),),),
        accepted={"weights=None)": "weights=None, input_shape=(224, 224, 3))"},
    ),
    Case(
        id="seven-classes-of-mobilenet",
        thread="keras-team/keras-applications#56",
        title="In both MobileNet and MobileNet V2, get ValueError about shape.",
        code="""
model = tf.keras.applications.mobilenet_v2.MobileNetV2(
    input_shape=(224, 224, 3), alpha=1.0, include_top=False, weights=None,
    input_tensor=None, pooling=None, classes=7)
""",
        wanted=(7,),
        kinds=("output-size",),
        layer="out_relu",
        axes=(),
        first=((insert(*POOL), insert("Dense")),),
        accepted={"include_top=False": "include_top=True"},
    ),
    Case(
        id="fruits-for-every-place",
        thread="keras-team/keras#14098",
        title="expected PREDICTIONS to have 4 dimensions, but got array with shape (20, 131)",
        code="""
from tensorflow.keras.applications.mobilenet_v2 import MobileNetV2
classes = 131
base_model = MobileNetV2(weights=None, include_top=False, input_shape=(224, 224, 3))
last_layer = base_model.get_layer('out_relu').output
predictions = Dense(classes, activation='softmax', name='PREDICTIONS')(last_layer)
model = Model(inputs=base_model.input, outputs=predictions)
for layer in base_model.layers:
    layer.trainable = False
""",
        wanted=(131,),
        kinds=("output-size",),
        layer="PREDICTIONS",
        axes=(),
        first=((insert(*POOL),),),
        accepted={"(last_layer)": "(GlobalAveragePooling2D()(last_layer))"},
    ),
    Case(
        id="faces-over-time",
        thread="keras-team/keras#9887",
        title="CNN + LSTM problem",
        code="""
from tensorflow.keras.applications import MobileNet
video = Input(shape=(None, 256, 256, 3), name='video_input')
face_encoder = MobileNet(weights=None, include_top=False, input_shape=(256, 256, 3))
face_encoder.trainable = False
encoded_frame = TimeDistributed(face_encoder)(video)
encoded_vid = LSTM(256, name='lstm')(encoded_frame)
outputs = Dense(7, activation='relu')(encoded_vid)
model = Model(inputs=[video], outputs=outputs)
""",
        kinds=RANK,
        layer="lstm",
        axes=(),
        first=((insert("TimeDistributed"),), (insert("Reshape"),)),
        accepted={"include_top=False,": "include_top=False, pooling='avg',"},
    ),
    Case(
        id="grey-channel-in-front",
        thread="keras-team/keras#6849",
        title="Error when checking VGG16 input shape with include_top=False",
        code="""
CLASSES = 2
base = tf.keras.applications.VGG16(include_top=False,
                        weights=None,
                        input_tensor=None,
                        input_shape=(1, 128, 128),
                        pooling=None,
                        classes=CLASSES)
model = Model(base.input, Dense(CLASSES, activation='softmax')(Flatten()(base.output)))
""",
        kinds=("illegal-arguments", "data-format", "negative-size"),
        layer="vgg16",
        axes=(),
        first=((argument("vgg16", "input_shape", (128, 128, 1)),),),
        accepted={"(1, 128, 128)": "(128, 128, 1)"},
    ),
    Case(
        id="grey-yolo",
        thread="experiencor/keras-yolo2#420",
        title="grayscale image input",
        code="""
from tensorflow.keras.applications.vgg16 import VGG16

class BaseFeatureExtractor(object):
    def __init__(self, input_size):
        raise NotImplementedError("error message")

    def get_output_shape(self):
        return self.feature_extractor.output_shape[1:3]

    def extract(self, input_image):
        return self.feature_extractor(input_image)

class VGG16Feature(BaseFeatureExtractor):
    def __init__(self, input_size):
        vgg16 = VGG16(input_shape=(input_size, input_size, 3), include_top=False, weights=None)
        self.feature_extractor = vgg16

class YOLO(object):
    def __init__(self, input_size, labels, max_box_per_image):
        self.input_size = input_size
        self.nb_class = len(labels)
        self.nb_box = 5
        input_image = Input(shape=(self.input_size, self.input_size, 1))
        self.feature_extractor = VGG16Feature(self.input_size)
        self.grid_h, self.grid_w = self.feature_extractor.get_output_shape()
        features = self.feature_extractor.extract(input_image)
        output = Conv2D(self.nb_box * (4 + 1 + self.nb_class), (1, 1), strides=(1, 1),
                        padding='same', name='DetectionLayer')(features)
        output = Reshape((self.grid_h, self.grid_w, self.nb_box, 4 + 1 + self.nb_class))(output)
        self.model = Model(input_image, output)

yolo = YOLO(input_size=416, labels=['raccoon'], max_box_per_image=10)
model = yolo.model
""",
        kinds=("channels",),
        layer="vgg16/block1_conv1",
        axes=("channels",),
        first=((feed((416, 416, 3)),), (insert("Conv2D", "Concatenate"),)),
        accepted={"self.input_size, 1)": "self.input_size, 3)"},
    ),
    Case(
        id="dogs-that-are-not-flat",
        thread="fchollet/deep-learning-with-python-notebooks#157",
        title="5.3 ValueError: logits and labels must have the same shape "
        "((None, None, None, 1) vs (None, 1))",
        code="""
from tensorflow.keras import models, layers, optimizers
from tensorflow.keras.applications import VGG16
conv_base = VGG16(weights=None, include_top=False, input_shape=(150, 150, 3))
model = models.Sequential()
model.add(conv_base)
model.add(layers.Dense(256, activation='relu'))
model.add(layers.Dropout(0.5))
model.add(layers.Dense(1, activation='sigmoid'))
conv_base.trainable = False
""",
        wanted=(1,),
        kinds=("output-size",),
        layer="dense_1",
        axes=(),
        first=((insert("Flatten", *POOL),),),
        accepted={"model.add(conv_base)\n": "model.add(conv_base)\nmodel.add(Flatten())\n"},
    ),
    Case(
        id="vgg19-unet-600-400",
        thread="qubvel/segmentation_models#58",
        title="ValueError: input shape",
        code="""
from tensorflow.keras.applications import VGG19

def decoder_block(x, skip, filters, stage):
    x = UpSampling2D(size=2, name='decoder_stage{}_upsample'.format(stage))(x)
    if skip is not None:
        x = Concatenate(axis=3, name='decoder_stage{}_concat'.format(stage))([x, skip])
    x = Conv2D(filters, kernel_size=3, padding='same', use_bias=False)(x)
    x = BatchNormalization(axis=3)(x)
    return Activation('relu')(x)

def build_unet(backbone, skip_names, decoder_filters=(256, 128, 64, 32, 16), classes=1):
    x = backbone.output
    skips = [backbone.get_layer(name).output for name in skip_names]
    for i, filters in enumerate(decoder_filters):
        skip = skips[i] if i < len(skips) else None
        x = decoder_block(x, skip, filters, stage=i)
    x = Conv2D(classes, (3, 3), padding='same', activation='sigmoid', name='final_conv')(x)
    return Model(backbone.input, x)

backbone = VGG19(input_shape=(600, 400, 3), weights=None, include_top=False)
model = build_unet(
    backbone, ['block5_conv4', 'block4_conv4', 'block3_conv4', 'block2_conv2', 'block1_conv2'])
model.compile('Adam', 'binary_crossentropy', ['binary_accuracy'])
""",
        kinds=("join-sizes",),
        layer="decoder_stage0_concat",
        axes=PLANE,
        first=((feed((608, 384, 3), (608, 416, 3), (608, 400, 3), (592, 400, 3)),),),
        accepted={"(600, 400, 3)": "(608, 416, 3)"},
    ),
    Case(
        id="pyramid-upsampled-past-c4",
        thread="fizyr/keras-retinanet#1023",
        title="Use keras.layers.convolutional.UpSampling2D replace upSamleLike",
        code="""
import tensorflow as tf
from tensorflow import keras

def create_pyramid_features(C3, C4, C5, feature_size=256):
    P5 = keras.layers.Conv2D(
        feature_size, kernel_size=1, strides=1, padding='same', name='C5_reduced')(C5)
    P5_upsampled = keras.layers.UpSampling2D(2, name='P5_upsampled')(P5)
    P5 = keras.layers.Conv2D(
        feature_size, kernel_size=3, strides=1, padding='same', name='P5')(P5)
    P4 = keras.layers.Conv2D(
        feature_size, kernel_size=1, strides=1, padding='same', name='C4_reduced')(C4)
    P4 = keras.layers.Add(name='P4_merged')([P5_upsampled, P4])
    P4_upsampled = keras.layers.UpSampling2D(2, name='P4_upsampled')(P4)
    P4 = keras.layers.Conv2D(
        feature_size, kernel_size=3, strides=1, padding='same', name='P4')(P4)
    P3 = keras.layers.Conv2D(
        feature_size, kernel_size=1, strides=1, padding='same', name='C3_reduced')(C3)
    P3 = keras.layers.Add(name='P3_merged')([P4_upsampled, P3])
    P3 = keras.layers.Conv2D(
        feature_size, kernel_size=3, strides=1, padding='same', name='P3')(P3)
    return [P3, P4, P5]

inputs = keras.Input((272, 480, 3))
backbone = keras.applications.ResNet50(include_top=False, weights=None, input_tensor=inputs)
C3, C4, C5 = [
    backbone.get_layer(name).output
    for name in ['conv3_block4_out', 'conv4_block6_out', 'conv5_block3_out']
]
model = keras.Model(inputs, create_pyramid_features(C3, C4, C5)[0])
""",
        kinds=("join-sizes",),
        layer="P4_merged",
        axes=("height",),
        first=((feed((256, 480, 3), (288, 480, 3)),), (insert(*FIT),)),
        accepted={"(272, 480, 3)": "(288, 480, 3)"},
    ),
    Case(
        id="dense-between-and-lstm",
        thread="keras-team/keras#9788",
        title="Issue with using CNN + LSTM using Timedistributed()",
        code="""
from tensorflow.keras.applications import DenseNet121
cnn = DenseNet121(include_top=False, pooling='avg', weights=None, input_shape=(64, 64, 3))
model = Sequential()
model.add(TimeDistributed(cnn, input_shape=(10, 64, 64, 3)))
model.add(TimeDistributed(Flatten()))
model.add(LSTM(64, return_sequences=False))
model.add(LSTM(32, name='last'))
model.add(Dense(2, activation='softmax'))
""",
        kinds=RANK,
        layer="last",
        axes=(),
        first=((argument("lstm", "return_sequences", True),),),
        accepted={"return_sequences=False": "return_sequences=True"},
    ),
    Case(
        id="inception-too-small",
        thread="keras-team/keras#4476",
        title="Inception example on https://keras.io/applications/ doesn't work",
        code="""
from tensorflow.keras.applications.inception_v3 import InceptionV3
input_tensor = Input(shape=(224, 224, 3))
base = InceptionV3(input_tensor=input_tensor, weights=None, include_top=False)
x = AveragePooling2D((8, 8), strides=(8, 8), name='avg_pool')(base.output)
x = Flatten(name='flatten')(x)
model = Model(input_tensor, Dense(1000, activation='softmax', name='predictions')(x))
""",
        kinds=("negative-size",),
        layer="avg_pool",
        axes=PLANE,
        first=(
            (argument("avg_pool", "padding", "same"),),
            (argument("avg_pool", "pool_size", ANY),),
            (replace("avg_pool", *POOL),),
        ),
        accepted={"(224, 224, 3)": "(299, 299, 3)"},
    ),
    Case(
        id="facenet-averaged-twice",
        thread="keras-team/keras#10450",
        title="Error in global_average_pooling2d while finetuning facenet in keras",
        code="""
from tensorflow.keras.applications import ResNet50V2
base_model = ResNet50V2(include_top=False, weights=None, pooling='avg', input_shape=(160, 160, 3))
x = base_model.output
x = GlobalAveragePooling2D()(x)
x = Dense(256, activation='relu')(x)
predictions = Dense(12, activation='softmax')(x)
model = Model(inputs=base_model.input, outputs=predictions)
""",
        kinds=RANK,
        layer="global_average_pooling2d",
        axes=(),
        first=((remove("global_average_pooling2d"),),),
        accepted={"pooling='avg', ": ""},
    ),
]
