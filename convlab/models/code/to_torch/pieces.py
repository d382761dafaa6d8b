"""What each class of layers is in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlab import layers
from convlab.errors import ConvlabError
from convlab.layers.base import Layer
from convlab.layers.base_augmentation import Augmentation
from convlab.layers.base_conv import BaseConv
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.base_transposed import BaseConvTranspose
from convlab.layers.cropping import BaseCropping
from convlab.layers.depthwise import BaseDepthwiseConv
from convlab.layers.dropout import BaseSpatialDropout
from convlab.layers.global_pooling import BaseGlobalPooling
from convlab.layers.locally_connected import LocallyConnected
from convlab.layers.merging import Merge
from convlab.layers.naming import printable
from convlab.layers.noise import Noise
from convlab.layers.operators.layer import Operator
from convlab.layers.pooling import BaseAveragePooling, BaseMaxPooling
from convlab.layers.separable import BaseSeparableConv
from convlab.layers.up_sampling import BaseUpSampling
from convlab.layers.zero_padding import BaseZeroPadding
from convlab.models.code.refused import no_equal
from convlab.models.code.to_torch import (
    between,
    convolutions,
    merging,
    normalizing,
    operators,
    recurrent,
    windows,
)
from convlab.models.code.to_torch.locally_connected import locally_connected
from convlab.models.code.to_torch.piece import Piece, Place

_PIECES: dict[type[Layer], Callable[..., Piece]] = {
    BaseConv: convolutions.convolution,
    BaseDepthwiseConv: convolutions.depthwise,
    BaseSeparableConv: convolutions.separable,
    BaseConvTranspose: convolutions.transposed,
    LocallyConnected: locally_connected,
    ConvLSTM: recurrent.conv_lstm,
    BaseMaxPooling: windows.max_pooling,
    BaseAveragePooling: windows.average_pooling,
    BaseGlobalPooling: windows.global_pooling,
    BaseCropping: windows.cropping,
    BaseZeroPadding: windows.zero_padding,
    BaseUpSampling: windows.up_sampling,
    layers.Resizing: windows.resizing,
    layers.Dense: between.dense,
    layers.Flatten: between.flatten,
    layers.Reshape: between.reshape,
    layers.Permute: between.permute,
    layers.RepeatVector: between.repeat_vector,
    layers.Activation: between.activation,
    layers.ReLU: between.relu,
    layers.LeakyReLU: between.leaky_relu,
    layers.ELU: between.elu,
    layers.PReLU: between.prelu,
    layers.ThresholdedReLU: between.thresholded_relu,
    layers.Softmax: between.softmax,
    layers.Dropout: between.dropout,
    BaseSpatialDropout: between.spatial_dropout,
    Noise: between.in_training_alone,
    Augmentation: between.in_training_alone,
    layers.ActivityRegularization: between.in_training_alone,
    layers.Identity: between.in_training_alone,
    layers.BatchNormalization: normalizing.batch_normalization,
    layers.LayerNormalization: normalizing.layer_normalization,
    layers.GroupNormalization: normalizing.group_normalization,
    layers.UnitNormalization: normalizing.unit_normalization,
    layers.RMSNormalization: normalizing.rms_normalization,
    layers.Normalization: normalizing.normalization,
    layers.Rescaling: normalizing.rescaling,
    layers.LayerScale: normalizing.layer_scale,
    layers.Concatenate: merging.concatenate,
    Merge: merging.merge,
    Operator: operators.operator,
}


def piece_of(layer: Layer, places: tuple[Place, ...]) -> Piece:
    """What a layer is in PyTorch.

    Args:
        layer: the layer.
        places: how its inputs stand.

    Raises:
        DataError: PyTorch has no equal of it, or what it is made for is not known.
    """
    own = type(layer).__module__.startswith("convlab.layers.")  # a subclass may compute otherwise
    for kind in type(layer).__mro__ if own else ():
        make: Any = _PIECES.get(kind)
        if make is not None:
            return _made(make, layer, places)
    raise no_equal(
        layer,
        "torch",
        "convlab does not know what it computes",
        "Leave it out of the model, and write it yourself.",
    )


def _made(make: Callable[..., Piece], layer: Layer, places: tuple[Place, ...]) -> Piece:
    """A piece; an argument of which nobody has said what it is, as in a file, is refused."""
    try:
        return make(layer, *places)
    except ConvlabError:
        raise
    except (TypeError, ValueError, OverflowError) as error:
        raise no_equal(
            layer,
            "torch",
            f"an argument of it is not understood ({printable(str(error)):.80})",
            "Give it the arguments that Keras documents.",
        ) from error
