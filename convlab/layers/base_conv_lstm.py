"""The convolutional LSTM of any rank: state and computation around its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import DataError, ShapeError
from convlab.layers import dtypes
from convlab.layers.base import Gradients, Shape
from convlab.layers.conv_lstm_form import ConvLSTMForm
from convlab.layers.lstm_cell import GATES, Cell, Step

Array = NDArray[Any]


class ConvLSTM(ConvLSTMForm):
    """A convolutional LSTM over `rank` spatial axes and time."""

    # State

    def create_weights(self, input_shape: Shape) -> None:
        """Make the weights, and of a stateful layer the state."""
        super().create_weights(input_shape)
        if self.stateful:
            self._begin_states(input_shape)

    def _begin_states(self, input_shape: Shape) -> None:
        batch = input_shape[0]
        if batch is None:
            raise ShapeError(
                "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic "
                f"batch size: sequence.shape={input_shape}",
                received=f"input shape {input_shape}",
                remedy="Build the layer with a batch size, or use stateful=False.",
                argument="stateful",
                fixes=[{"stateful": False}],
            )
        self._state_sizes = [axis.size_out or 0 for axis in self.geometry(input_shape)[0]]
        self.states = self.get_initial_state(batch)

    def get_initial_state(self, batch_size: int) -> list[Array]:
        """Zeros for h and c, in the layer's data format.

        Raises:
            ShapeError: the layer is not built.
        """
        if self.build_shape is None and not hasattr(self, "_state_sizes"):
            raise ShapeError(
                "The state has a size only when the layer is built.",
                received="a layer that is not built",
                remedy="Build it first: layer.build(input_shape).",
            )
        if self.build_shape is not None:
            sizes = [axis.size_out or 0 for axis in self.geometry(self.build_shape)[0]]
        else:
            sizes = self._state_sizes
        shape = [size or 0 for size in self.whole_shape(batch_size, sizes, self.filters)]
        dtype = dtypes.cast(0, self.compute_dtype).dtype
        return [np.zeros(shape, dtype), np.zeros(shape, dtype)]

    def reset_state(self) -> None:
        """Set the state that a stateful layer keeps between calls to zero."""
        if self.states is not None:
            self.states = [np.zeros_like(state) for state in self.states]

    reset_states = reset_state

    # The computation

    def call(
        self,
        inputs: Array,
        initial_state: Sequence[ArrayLike] | None = None,
        mask: ArrayLike | None = None,
        training: bool = False,
    ) -> Any:
        """The output for a checked input.

        Args:
            inputs: the sequences.
            initial_state: h and c to begin with; None is zeros, or the state that is kept.
            mask: booleans `(batch, time)`; a step that is False leaves the state as it is.
            training: whether to drop parts of input and state.

        Returns:
            An array, or with `return_state` the tuple (output, h, c).
        """
        x = self._sequences(inputs)
        h, c = self._first_state(initial_state, inputs.shape)
        masks = np.ones((len(x), x.shape[1]), bool) if mask is None else np.asarray(mask, bool)
        if self.go_backwards:
            masks = masks[:, ::-1]
        outputs: list[Array] = []
        drops = (
            self._dropped((len(x), *x.shape[2:]), self.dropout, training),
            self._dropped(h.shape, self.recurrent_dropout, training),
        )
        for time, step in enumerate(self._cell(x).steps(x, h, c, masks, *drops)):
            kept = masks[:, time].reshape(-1, *(1,) * (step.h.ndim - 1))
            before = np.zeros_like(step.h)
            if outputs and not self.zero_output_for_mask:
                before = outputs[-1]
            outputs.append(np.where(kept, step.h, before))
            h, c = np.where(kept, step.h, step.h_before), np.where(kept, step.c, step.c_before)
        return self._returned(outputs, h, c, x)

    def _returned(self, outputs: list[Array], h: Array, c: Array, x: Array) -> Any:
        """What the layer gives back, and keeps."""
        states = [self._own(dtypes.cast(state, self.compute_dtype)) for state in (h, c)]
        if self.stateful:
            self.states = states
        if self.return_sequences:
            empty = np.empty((len(x), 0, *h.shape[1:]), h.dtype)
            sequence = np.stack(outputs, axis=1) if outputs else empty
            output = sequence if self.channel_axis == -1 else np.moveaxis(sequence, -1, 2)
            output = np.ascontiguousarray(dtypes.cast(output, self.compute_dtype))
        else:
            last = outputs[-1] if outputs else np.zeros_like(h)
            output = self._own(dtypes.cast(last, self.compute_dtype))
        return (output, *states) if self.return_state else output

    def _sequences(self, inputs: Array) -> Array:
        """The input in channels_last, as the kernels take it, in the order of time."""
        x = inputs if self.channel_axis == -1 else np.moveaxis(inputs, 2, -1)
        return np.ascontiguousarray(self._computed(x[:, ::-1] if self.go_backwards else x))

    def _own(self, state: Array) -> Array:
        return np.ascontiguousarray(state if self.channel_axis == -1 else np.moveaxis(state, -1, 1))

    def _computed(self, values: Any) -> Array:
        exact = dtypes.kernel_dtype(self.compute_dtype)
        return dtypes.cast(values, self.compute_dtype).astype(exact, copy=False)

    def _first_state(
        self, given: Sequence[ArrayLike] | None, shape: Sequence[int]
    ) -> tuple[Array, Array]:
        sizes = [axis.size_out or 0 for axis in self.geometry(shape)[0]]
        expected = tuple(size or 0 for size in self.whole_shape(shape[0], sizes, self.filters))
        if given is None and self.stateful and self.states is not None:
            given = self.states
            if len(self.states[0]) != shape[0]:
                raise ShapeError(
                    "If an RNN is stateful, the batch size of the input sequences must be the same "
                    "as the batch size of the initial state.",
                    received=f"a batch of {shape[0]}, after one of {len(self.states[0])}",
                    remedy=f"Use batches of {len(self.states[0])}, or make a new layer.",
                )
        if given is None:
            zeros = np.zeros((shape[0], *sizes, self.filters))
            return self._computed(zeros), self._computed(zeros)
        states = [np.asarray(state) for state in given]
        if [state.shape for state in states] != [expected] * 2:
            raise ShapeError(
                "The initial state is a list of two arrays, h and c, of the output's shape.",
                received=f"shapes {[state.shape for state in states]}",
                remedy=f"Give two arrays of shape {expected}.",
                argument="initial_state",
            )
        if self.channel_axis != -1:
            states = [np.moveaxis(state, 1, -1) for state in states]
        h, c = (np.ascontiguousarray(self._computed(state)) for state in states)
        return h, c

    def _cell(self, x: Array) -> Cell:
        """The cell for an input of these sizes."""
        axes = self._axes(x.shape[2:-1])[0]
        return Cell(
            self._computed(self.kernel.value),
            self._computed(self.recurrent_kernel.value),
            None if self.bias is None else self._computed(self.bias.value),
            axes,
            self._state_axes(axes),
            self.activation,
            self.recurrent_activation,
            self.compute_dtype,
            self.channel_axis != -1,
        )

    def _dropped(self, shape: Sequence[int], share: float, training: bool) -> list[Array] | None:
        """For each gate, factors of 0 for what is dropped and 1 / (1 - share) for what is kept."""
        if not training or not 0 < share < 1:
            return None
        exact = dtypes.kernel_dtype(self.compute_dtype)
        kept = (self._random.random((GATES, *shape)) >= share).astype(exact)
        return list(kept / kept.dtype.type(1 - share))

    def unrolled(self, inputs: Array) -> tuple[Cell, Array, list[Step]]:
        """Every time step from a state of zeros, without masks and dropout; no state is kept.

        Args:
            inputs: sequences as `prepare` gives them.

        Returns:
            The cell, the sequences in channels_last and in the order in which they are read, and
            what each time step computes.

        Example:
            >>> from convlab.layers import ConvLSTM1D
            >>> layer = ConvLSTM1D(1, 2)
            >>> cell, x, steps = layer.unrolled(layer.prepare(np.ones((1, 3, 5, 1))))
            >>> len(steps), steps[-1].h.shape
            (3, (1, 4, 1))
        """
        x = self._sequences(inputs)
        cell = self._cell(x)
        sizes = [axis.size_out or 0 for axis in cell.axes]
        zeros = self._computed(np.zeros((len(x), *sizes, self.filters)))
        return cell, x, list(cell.steps(x, zeros, zeros, np.ones(x.shape[:2], bool)))

    # The backward pass

    def vjp(self, inputs: Any, output_gradient: Any) -> Gradients:
        """The backward pass through time, from a state of zeros and without dropout.

        Args:
            inputs: a float array as for a call.
            output_gradient: an array of the output's shape.

        Raises:
            DataError: the layer returns its state too; its gradient would be three arrays.
        """
        if self.return_state:
            raise DataError(
                "The gradient of a ConvLSTM is that of its output alone.",
                received="return_state=True",
                remedy="Use layer.replace(return_state=False) with the same weights.",
            )
        return super().vjp(inputs, output_gradient)

    def backward(self, inputs: Array, dy: Array) -> tuple[Array, list[Array]]:
        """The gradients for a checked input and for each weight, backwards through time."""
        cell, x, steps = self.unrolled(inputs)
        dx, gradients = cell.backward(x, steps, lambda time: self._pushed(dy, time, len(steps)))
        dx = dx[:, ::-1] if self.go_backwards else dx
        return (dx if self.channel_axis == -1 else np.moveaxis(dx, -1, 2)), gradients

    def _pushed(self, dy: Array, time: int, times: int) -> Any:
        """The gradient of the output at one time step."""
        if self.return_sequences:
            part = dy[:, time]
        elif time == times - 1:
            part = dy
        else:
            return 0
        return self._computed(part if self.channel_axis == -1 else np.moveaxis(part, 1, -1))
