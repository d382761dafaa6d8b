"""The networks by name, and on which sizes each is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from convlab.errors import ArgumentError
from convlab.models.examples.classifiers import c3d, mobilenet, resnet50, vgg16
from convlab.models.examples.encoders import autoencoder, dcgan_generator, unet
from convlab.models.examples.sounds import wavenet
from convlab.models.model import Model

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Example:
    """A network that people know, and what to look at in it.

    Args:
        title: what it is called.
        about: what to see, in a sentence.
        make: builds it, without weights.
        input_shape: what it is fed, without the batch; None is what it says itself.
        output_shape: what it shall give, without the batch; None is whatever it gives.
    """

    title: str
    about: str
    make: Callable[[], Model]
    input_shape: Shape | None = None
    output_shape: Shape | None = None


EXAMPLES: Mapping[str, Example] = {
    "unet-572": Example(
        "U-Net on 572 × 572",
        "572 halves to 71, and 71 is odd: the next pooling drops a row.",
        unet,
        input_shape=(572, 572, 1),
    ),
    "unet-100": Example(
        "U-Net on 100 × 100",
        "100 halves to 25, and 25 is odd: the next pooling drops a row.",
        unet,
        input_shape=(100, 100, 1),
    ),
    "autoencoder": Example(
        "Autoencoder that gives 32 for 28",
        "Three halvings that round up, three doublings: the picture comes back larger.",
        autoencoder,
        output_shape=(28, 28, 1),
    ),
    "dcgan": Example(
        "DCGAN generator",
        "From noise to 64 × 64. Its kernels of 5 are no multiple of its strides of 2.",
        dcgan_generator,
    ),
    "vgg16": Example("VGG16", "A chain whose receptive field grows from 3 to 212.", vgg16),
    "resnet50": Example("ResNet-50", "Sixteen blocks around which the input goes by.", resnet50),
    "mobilenet": Example("MobileNet", "Depthwise and pointwise convolutions by turns.", mobilenet),
    "wavenet": Example("WaveNet", "Dilations that double: 257 steps in eight blocks.", wavenet),
    "c3d": Example("C3D", "Convolutions over time too, on sixteen frames.", c3d),
}
"""Name -> example, in the order of the list."""


def example(name: str) -> Example:
    """An example by its name.

    Raises:
        ArgumentError: there is none.

    >>> example("unet-100").input_shape
    (100, 100, 1)
    """
    found = EXAMPLES.get(name)
    if found is None:
        raise ArgumentError(
            "There is no such example.",
            received=f"{name!r:.60}",
            remedy=f"Use one of {', '.join(EXAMPLES)}.",
            argument="example",
        )
    return found
