"""Networks that go down and up again: those whose sizes fail to meet."""

from __future__ import annotations

from convlab.layers import (
    Activation,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Input,
    LeakyReLU,
    MaxPooling2D,
    Reshape,
    UpSampling2D,
)
from convlab.layers.node import Tensor
from convlab.models.examples.calling import call, chain
from convlab.models.model import Model


def unet(filters: tuple[int, ...] = (64, 128, 256, 512), classes: int = 2) -> Model:
    """A U-Net for pictures of any size: "same" throughout, skips concatenated.

    Source: O. Ronneberger, P. Fischer and T. Brox, "U-Net: convolutional networks for biomedical
    image segmentation", 2015, with the padding that most who build it choose.
    """
    x = image = Input((None, None, 1), name="image")
    skips: list[Tensor] = []
    for depth, count in enumerate(filters, 1):
        x = chain(x, *_twice(count, f"down{depth}"))
        skips.append(x)
        x = call(MaxPooling2D(name=f"pool{depth}"), x)
    x = chain(x, *_twice(2 * filters[-1], "bottom"))
    for depth, count in reversed(list(enumerate(filters, 1))):
        x = call(Conv2DTranspose(count, 2, strides=2, name=f"up{depth}"), x)
        x = call(Concatenate(name=f"join{depth}"), skips[depth - 1], x)
        x = chain(x, *_twice(count, f"merge{depth}"))
    classified = call(Conv2D(classes, 1, activation="softmax", name="classes"), x)
    return Model(image, classified, name="unet")


def _twice(filters: int, name: str) -> list[Conv2D]:
    return [
        Conv2D(filters, 3, padding="same", activation="relu", name=f"{name}_conv{number}")
        for number in (1, 2)
    ]


def autoencoder() -> Model:
    """The first convolutional autoencoder that most people build, which gives 28 x 28 back wrong.

    Source: F. Chollet, "Building autoencoders in Keras", 2016: its third decoder layer has no
    `padding="same"`, on purpose; with it, 28 x 28 would come back as 32 x 32.
    """
    image = Input((28, 28, 1), name="image")
    x = image
    for depth, count in enumerate((16, 8, 8), 1):
        conv = Conv2D(count, 3, padding="same", activation="relu", name=f"encode{depth}")
        x = chain(x, conv, MaxPooling2D(2, padding="same", name=f"pool{depth}"))
    for depth, count in enumerate((8, 8, 16), 1):
        conv = Conv2D(count, 3, padding="same", activation="relu", name=f"decode{depth}")
        x = chain(x, conv, UpSampling2D(2, name=f"up{depth}"))
    decoded = call(Conv2D(1, 3, padding="same", activation="sigmoid", name="decoded"), x)
    return Model(image, decoded, name="autoencoder")


def dcgan_generator() -> Model:
    """The generator of a DCGAN for pictures of 64 x 64.

    Source: A. Radford, L. Metz and S. Chintala, "Unsupervised representation learning with deep
    convolutional generative adversarial networks", 2016, figure 1.
    """
    noise = Input((100,), name="noise")
    x = chain(noise, Dense(4 * 4 * 1024, name="project"), Reshape((4, 4, 1024), name="reshape"))
    x = chain(x, BatchNormalization(name="bn0"), LeakyReLU(0.2, name="relu0"))
    for depth, count in enumerate((512, 256, 128), 1):
        up = Conv2DTranspose(count, 5, strides=2, padding="same", use_bias=False, name=f"up{depth}")
        norm = BatchNormalization(name=f"bn{depth}")
        x = chain(x, up, norm, LeakyReLU(0.2, name=f"relu{depth}"))
    x = call(Conv2DTranspose(3, 5, strides=2, padding="same", name="up4"), x)
    return Model(noise, call(Activation("tanh", name="picture"), x), name="dcgan_generator")
