"""Keras's transposed convolutions; their constructors differ in the order of their arguments."""

from __future__ import annotations

from typing import Any

from convlab.layers.base_transposed import BaseConvTranspose


class Conv1DTranspose(BaseConvTranspose):
    """Keras's `Conv1DTranspose`: every input cell stamps each filter's kernel onto the output.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (steps,).
        strides: the distance between stamps in the output, an integer or (steps,).
        padding: `"valid"` (nothing is cropped) or `"same"` (the output has size * stride cells).
        output_padding: cells beyond the smallest output, less than the stride,
            an integer or (steps,); None, which is not 0,
            undoes the shape of a convolution.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (steps,); not with strides.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, steps, channels), or (batch, channels, steps) with channels_first.

    Output shape:
        The same with new sizes, and `filters` channels.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = Conv1DTranspose(1, 3, strides=2, padding="same")
        >>> layer.build((None, 2, 1))
        >>> layer.set_weights([np.array([1, 2, 3]).reshape(3, 1, 1), np.zeros(1)])
        >>> layer(np.array([[[1.0], [10.0]]])).ravel()
        array([ 1.,  2., 13., 20.], dtype=float32)
    """

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters=filters,
            kernel_size=kernel_size,
            output_padding=output_padding,
            kernel_initializer=kernel_initializer,
            kernel_regularizer=kernel_regularizer,
            kernel_constraint=kernel_constraint,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )


class Conv2DTranspose(BaseConvTranspose):
    """Keras's `Conv2DTranspose`: every input cell stamps each filter's kernel onto the output.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (height, width).
        strides: the distance between stamps in the output, an integer or (height, width).
        padding: `"valid"` (nothing is cropped) or `"same"` (the output has size * stride cells).
        output_padding: cells beyond the smallest output, less than the stride,
            an integer or (height, width); None, which is not 0,
            undoes the shape of a convolution.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps, an integer or (height, width); not with strides.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width) with channels_first.

    Output shape:
        The same with new sizes, and `filters` channels.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = Conv2DTranspose(1, 2, kernel_initializer="ones")
        >>> layer(np.array([1.0, 2.0]).reshape(1, 1, 2, 1))[0, :, :, 0]
        array([[1., 3., 2.],
               [1., 3., 2.]], dtype=float32)
        >>> Conv2DTranspose(8, 3, strides=2, padding="same").compute_output_shape((4, 14, 14, 16))
        (4, 28, 28, 8)
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters=filters,
            kernel_size=kernel_size,
            output_padding=output_padding,
            kernel_initializer=kernel_initializer,
            kernel_regularizer=kernel_regularizer,
            kernel_constraint=kernel_constraint,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )


class Conv3DTranspose(BaseConvTranspose):
    """Keras's `Conv3DTranspose`: every input cell stamps each filter's kernel onto the output.

    Args:
        filters: the number of output channels.
        kernel_size: an integer or (depth, height, width).
        strides: the distance between stamps in the output, an integer or (depth, height, width).
        padding: `"valid"` (nothing is cropped) or `"same"` (the output has size * stride cells).
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        output_padding: cells beyond the smallest output, less than the stride,
            an integer or (depth, height, width); None, which is not 0,
            undoes the shape of a convolution.
        dilation_rate: the distance between taps, an integer or (depth, height, width); not with
            strides.
        activation: a name or a function; None is linear.
        use_bias: whether each filter adds a number.
        kernel_initializer: the kernel's initial values: a name, object, function or array.
        bias_initializer: the bias's initial values.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        bias_constraint: what an optimizer applies to the bias.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, depth, height, width, channels), or (batch, channels, depth, height, width) with
        channels_first.

    Output shape:
        The same with new sizes, and `filters` channels.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> layer = Conv3DTranspose(32, 2, strides=2)
        >>> layer.compute_output_shape((4, 10, 8, 12, 128))
        (4, 20, 16, 24, 32)
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        output_padding: Any = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters=filters,
            kernel_size=kernel_size,
            output_padding=output_padding,
            kernel_initializer=kernel_initializer,
            kernel_regularizer=kernel_regularizer,
            kernel_constraint=kernel_constraint,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )


Convolution1DTranspose = Conv1DTranspose
Convolution2DTranspose = Deconvolution2D = Conv2DTranspose
Convolution3DTranspose = Deconvolution3D = Conv3DTranspose
