"""Networks that say what is in a picture or a film, with the layers' names of Keras."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convlab.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    Conv3D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    MaxPooling2D,
    MaxPooling3D,
    ReLU,
    Reshape,
    ZeroPadding2D,
    ZeroPadding3D,
)
from convlab.layers.base import Layer
from convlab.layers.node import Tensor
from convlab.models.examples.calling import call, chain
from convlab.models.model import Model


def vgg16() -> Model:
    """VGG16, as `keras.applications` has it.

    Source: K. Simonyan and A. Zisserman, "Very deep convolutional networks for large-scale image
    recognition", 2015, configuration D.
    """
    image = Input((224, 224, 3), name="input_layer")
    x = image
    for block, (filters, convs) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        for number in range(1, convs + 1):
            name = f"block{block}_conv{number}"
            x = call(Conv2D(filters, 3, padding="same", activation="relu", name=name), x)
        x = call(MaxPooling2D(2, strides=2, name=f"block{block}_pool"), x)
    x = chain(
        x,
        Flatten(name="flatten"),
        Dense(4096, activation="relu", name="fc1"),
        Dense(4096, activation="relu", name="fc2"),
        Dense(1000, activation="softmax", name="predictions"),
    )
    return Model(image, x, name="vgg16")


def resnet50() -> Model:
    """ResNet-50, as `keras.applications` has it.

    Source: K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition",
    2016, table 1.
    """
    image = Input((224, 224, 3), name="input_layer")
    x = chain(
        image,
        ZeroPadding2D(3, name="conv1_pad"),
        Conv2D(64, 7, strides=2, name="conv1_conv"),
        BatchNormalization(epsilon=1.001e-5, name="conv1_bn"),
        Activation("relu", name="conv1_relu"),
        ZeroPadding2D(1, name="pool1_pad"),
        MaxPooling2D(3, strides=2, name="pool1_pool"),
    )
    for stage, (filters, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 2):
        for block in range(1, blocks + 1):
            strides = 2 if stage > 2 and block == 1 else 1
            x = _residual(x, filters, strides, f"conv{stage}_block{block}", widen=block == 1)
    x = call(GlobalAveragePooling2D(name="avg_pool"), x)
    x = call(Dense(1000, activation="softmax", name="predictions"), x)
    return Model(image, x, name="resnet50")


def _residual(x: Tensor, filters: int, strides: int, name: str, widen: bool) -> Tensor:
    short = x
    if widen:
        short = chain(x, *_normalized(Conv2D(4 * filters, 1, strides, name=f"{name}_0_conv")))
    x = chain(
        x,
        *_normalized(Conv2D(filters, 1, strides, name=f"{name}_1_conv")),
        Activation("relu", name=f"{name}_1_relu"),
        *_normalized(Conv2D(filters, 3, padding="same", name=f"{name}_2_conv")),
        Activation("relu", name=f"{name}_2_relu"),
        *_normalized(Conv2D(4 * filters, 1, name=f"{name}_3_conv")),
    )
    x = call(Add(name=f"{name}_add"), short, x)
    return call(Activation("relu", name=f"{name}_out"), x)


def _normalized(conv: Layer) -> Sequence[Layer]:
    name = conv.name.replace("_conv", "_bn")
    return conv, BatchNormalization(epsilon=1.001e-5, name=name)


def mobilenet() -> Model:
    """MobileNet, as `keras.applications` has it.

    Source: A. Howard et al., "MobileNets: efficient convolutional neural networks for mobile
    vision applications", 2017, table 1.
    """
    image = Input((224, 224, 3), name="input_layer")
    x = chain(
        image,
        Conv2D(32, 3, strides=2, padding="same", use_bias=False, name="conv1"),
        BatchNormalization(name="conv1_bn"),
        ReLU(6.0, name="conv1_relu"),
    )
    widths = (64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
    halved = (2, 4, 6, 12)
    for block, filters in enumerate(widths, 1):
        x = chain(x, *_separable(block, filters, halve=block in halved))
    x = chain(
        x,
        GlobalAveragePooling2D(keepdims=True, name="global_average_pooling2d"),
        Dropout(0.001, name="dropout"),
        Conv2D(1000, 1, padding="same", name="conv_preds"),
        Reshape((1000,), name="reshape_2"),
        Activation("softmax", name="predictions"),
    )
    return Model(image, x, name="mobilenet")


def _separable(block: int, filters: int, halve: bool) -> Iterator[Layer]:
    if halve:
        yield ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{block}")
    yield DepthwiseConv2D(
        3,
        strides=2 if halve else 1,
        padding="valid" if halve else "same",
        use_bias=False,
        name=f"conv_dw_{block}",
    )
    yield BatchNormalization(name=f"conv_dw_{block}_bn")
    yield ReLU(6.0, name=f"conv_dw_{block}_relu")
    yield Conv2D(filters, 1, padding="same", use_bias=False, name=f"conv_pw_{block}")
    yield BatchNormalization(name=f"conv_pw_{block}_bn")
    yield ReLU(6.0, name=f"conv_pw_{block}_relu")


def c3d() -> Model:
    """C3D, which reads sixteen frames of a film.

    Source: D. Tran, L. Bourdev, R. Fergus, L. Torresani and M. Paluri, "Learning spatiotemporal
    features with 3D convolutional networks", 2015, figure 3.
    """
    film = Input((16, 112, 112, 3), name="film")
    x = film
    for block, (filters, convs) in enumerate(((64, 1), (128, 1), (256, 2), (512, 2), (512, 2)), 1):
        for letter in "ab"[:convs]:
            name = f"conv{block}{letter}" if block > 1 else "conv1"
            x = call(Conv3D(filters, 3, padding="same", activation="relu", name=name), x)
        if block == 5:
            x = call(ZeroPadding3D(((0, 0), (0, 1), (0, 1)), name="zeropad5"), x)
        size = (1, 2, 2) if block == 1 else (2, 2, 2)
        x = call(MaxPooling3D(size, strides=size, name=f"pool{block}"), x)
    x = chain(
        x,
        Flatten(name="flatten"),
        Dense(4096, activation="relu", name="fc6"),
        Dropout(0.5, name="dropout6"),
        Dense(4096, activation="relu", name="fc7"),
        Dropout(0.5, name="dropout7"),
        Dense(487, activation="softmax", name="fc8"),
    )
    return Model(film, x, name="c3d")
