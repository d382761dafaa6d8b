"""Convolutional LSTMs: recurrent layers whose products are convolutions."""

from convlab.layers.base_conv_lstm import ConvLSTM


class ConvLSTM1D(ConvLSTM):
    """Keras's `ConvLSTM1D`: an LSTM whose products are convolutions.

    Args:
        filters: the number of channels of state and output.
        kernel_size: of both convolutions, an integer or (steps,).
        strides: the step of the input's window, an integer or (steps,).
        padding: of the input, `"valid"` or `"same"`; the state is always padded to its own size.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps on the input, an integer or (steps,);
            not with strides.
        activation: of the candidate and the output.
        recurrent_activation: of the three gates.
        use_bias: whether each gate and the candidate add numbers.
        kernel_initializer: the initial values of the kernel on the input.
        recurrent_initializer: the initial values of the kernel on the state.
        bias_initializer: the bias's initial values.
        unit_forget_bias: whether the forget gate's bias begins at one.
        kernel_regularizer: a penalty on the kernel.
        recurrent_regularizer: a penalty on the recurrent kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        recurrent_constraint: what an optimizer applies to the recurrent kernel.
        bias_constraint: what an optimizer applies to the bias.
        dropout: which part of the input is dropped when it is called with `training=True`.
        recurrent_dropout: the same of the state.
        seed: makes the dropout reproducible.
        return_sequences: whether the output of every time step is returned, or the last alone.
        return_state: whether the last state is returned too: `(output, h, c)`.
        go_backwards: whether time runs from the end; the sequence returned then is reversed.
        stateful: whether the next call goes on from the last state of this one.
        unroll: accepted as in Keras; it changes nothing here.
        zero_output_for_mask: whether a masked step gives zeros, or repeats the output before.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, time, steps, channels), or (batch, time, channels, steps) with
        channels_first.

    Output shape:
        (batch, new sizes, filters), with a time axis behind the batch if `return_sequences`.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = ConvLSTM1D(2, 3, padding="same", return_sequences=True)
        >>> layer(np.ones((1, 3, 5, 1))).shape
        (1, 3, 5, 2)
    """

    rank = 1


class ConvLSTM2D(ConvLSTM):
    """Keras's `ConvLSTM2D`: an LSTM whose products are convolutions.

    Args:
        filters: the number of channels of state and output.
        kernel_size: of both convolutions, an integer or (height, width).
        strides: the step of the input's window, an integer or (height, width).
        padding: of the input, `"valid"` or `"same"`; the state is always padded to its own size.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps on the input, an integer or (height, width);
            not with strides.
        activation: of the candidate and the output.
        recurrent_activation: of the three gates.
        use_bias: whether each gate and the candidate add numbers.
        kernel_initializer: the initial values of the kernel on the input.
        recurrent_initializer: the initial values of the kernel on the state.
        bias_initializer: the bias's initial values.
        unit_forget_bias: whether the forget gate's bias begins at one.
        kernel_regularizer: a penalty on the kernel.
        recurrent_regularizer: a penalty on the recurrent kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        recurrent_constraint: what an optimizer applies to the recurrent kernel.
        bias_constraint: what an optimizer applies to the bias.
        dropout: which part of the input is dropped when it is called with `training=True`.
        recurrent_dropout: the same of the state.
        seed: makes the dropout reproducible.
        return_sequences: whether the output of every time step is returned, or the last alone.
        return_state: whether the last state is returned too: `(output, h, c)`.
        go_backwards: whether time runs from the end; the sequence returned then is reversed.
        stateful: whether the next call goes on from the last state of this one.
        unroll: accepted as in Keras; it changes nothing here.
        zero_output_for_mask: whether a masked step gives zeros, or repeats the output before.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, time, height, width, channels), or (batch, time, channels, height, width) with
        channels_first.

    Output shape:
        (batch, new sizes, filters), with a time axis behind the batch if `return_sequences`.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = ConvLSTM2D(2, 3, padding="same", return_sequences=True)
        >>> layer(np.ones((1, 3, 5, 4, 1))).shape
        (1, 3, 5, 4, 2)
    """

    rank = 2


class ConvLSTM3D(ConvLSTM):
    """Keras's `ConvLSTM3D`: an LSTM whose products are convolutions.

    Args:
        filters: the number of channels of state and output.
        kernel_size: of both convolutions, an integer or (depth, height, width).
        strides: the step of the input's window, an integer or (depth, height, width).
        padding: of the input, `"valid"` or `"same"`; the state is always padded to its own size.
        data_format: `"channels_last"`, `"channels_first"`; None is `config.image_data_format()`.
        dilation_rate: the distance between taps on the input, an integer or (depth, height,
            width); not with strides.
        activation: of the candidate and the output.
        recurrent_activation: of the three gates.
        use_bias: whether each gate and the candidate add numbers.
        kernel_initializer: the initial values of the kernel on the input.
        recurrent_initializer: the initial values of the kernel on the state.
        bias_initializer: the bias's initial values.
        unit_forget_bias: whether the forget gate's bias begins at one.
        kernel_regularizer: a penalty on the kernel.
        recurrent_regularizer: a penalty on the recurrent kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output.
        kernel_constraint: what an optimizer applies to the kernel.
        recurrent_constraint: what an optimizer applies to the recurrent kernel.
        bias_constraint: what an optimizer applies to the bias.
        dropout: which part of the input is dropped when it is called with `training=True`.
        recurrent_dropout: the same of the state.
        seed: makes the dropout reproducible.
        return_sequences: whether the output of every time step is returned, or the last alone.
        return_state: whether the last state is returned too: `(output, h, c)`.
        go_backwards: whether time runs from the end; the sequence returned then is reversed.
        stateful: whether the next call goes on from the last state of this one.
        unroll: accepted as in Keras; it changes nothing here.
        zero_output_for_mask: whether a masked step gives zeros, or repeats the output before.
        **kwargs: `name`, `trainable`, `dtype`, `autocast`, and older Keras's `input_shape`,
            `batch_input_shape`, `batch_size` and `weights`.

    Input shape:
        (batch, time, depth, height, width, channels), or (batch, time, channels, depth, height,
        width) with channels_first.

    Output shape:
        (batch, new sizes, filters), with a time axis behind the batch if `return_sequences`.

    Raises:
        ArgumentError: an argument that Keras refuses.

    Example:
        >>> import numpy as np
        >>> layer = ConvLSTM3D(2, 3, padding="same", return_sequences=True)
        >>> layer(np.ones((1, 3, 5, 4, 4, 1))).shape
        (1, 3, 5, 4, 4, 2)
    """

    rank = 3
