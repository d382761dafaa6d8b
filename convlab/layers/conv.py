"""Keras's convolutions of one, two and three dimensions."""

from convlab.layers.base_conv import BaseConv


class Conv1D(BaseConv):
    """Keras's `Conv1D`: each filter slides over the steps, and reads all channels.

    Args:
        filters: the number of output channels.
        kernel_size: an integer, or (steps,).
        strides: the step of the window, an integer or (steps,).
        padding: `"valid"` (none), `"same"` (an output has ceil(size / stride) cells) or `"causal"`
            (all padding comes first, so that no output reads ahead).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (steps,); not with strides.
        groups: into how many parts channels and filters are divided; each filter reads its part.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        lora_rank: the rank of a trainable update of the frozen kernel, or None.
        lora_alpha: the update's factor is lora_alpha / lora_rank; None is lora_rank.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        (batch, new steps, filters), or (batch, filters, new steps).

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = Conv1D(1, 2, padding="causal", kernel_initializer="ones")
        >>> layer(np.array([[[1.0], [10.0], [100.0]]])).ravel()
        array([  1.,  11., 110.], dtype=float32)
    """

    rank = 1


class Conv2D(BaseConv):
    """Keras's `Conv2D`: each filter slides over height and width, and reads all channels.

    Args:
        filters: the number of output channels.
        kernel_size: an integer, or (height, width).
        strides: the step of the window, an integer or (height, width).
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (height, width); not with strides.
        groups: into how many parts channels and filters are divided; each filter reads its part.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        lora_rank: the rank of a trainable update of the frozen kernel, or None.
        lora_alpha: the update's factor is lora_alpha / lora_rank; None is lora_rank.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        (batch, new height, new width, filters), or (batch, filters, new height, new width).

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = Conv2D(1, 2, kernel_initializer="ones")
        >>> layer(np.arange(9, dtype="float32").reshape(1, 3, 3, 1))[0, :, :, 0]
        array([[ 8., 12.],
               [20., 24.]], dtype=float32)
        >>> [weight.shape for weight in layer.weights]
        [(2, 2, 1, 1), (1,)]
    """

    rank = 2


class Conv3D(BaseConv):
    """Keras's `Conv3D`: each filter slides over depth, height and width, and reads all channels.

    Args:
        filters: the number of output channels.
        kernel_size: an integer, or (depth, height, width).
        strides: the step of the window, an integer or (depth, height, width).
        padding: `"valid"` (none) or `"same"` (an output has ceil(size / stride) cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (depth, height, width); not with
            strides.
        groups: into how many parts channels and filters are divided; each filter reads its part.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        lora_rank: the rank of a trainable update of the frozen kernel, or None.
        lora_alpha: the update's factor is lora_alpha / lora_rank; None is lora_rank.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        (batch, new depth, new height, new width, filters), or (batch, filters, new depth, new
        height, new width).

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> Conv3D(1, 2, kernel_initializer="ones")(np.ones((1, 2, 2, 3, 1))).ravel()
        array([8., 8.], dtype=float32)
    """

    rank = 3


Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D
