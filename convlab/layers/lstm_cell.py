"""One cell of a convolutional LSTM: its time steps, and the way back through them.

    i, f, o = gate of their part of z;  c = f*c + i*activation(z_c);  h = o*activation(c)
    z = convolve(x_t, kernel) + bias + convolve(h, recurrent)

Source: X. Shi et al., "Convolutional LSTM Network", 2015, without peepholes, as Keras has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlab import kernels
from convlab.geometry import AxisGeometry
from convlab.layers import activation_gradients, dtypes

Array = NDArray[Any]
Axes = tuple[AxisGeometry, ...]

GATES = 4
"""The input gate, the forget gate, the candidate and the output gate, in this order."""


class Step(NamedTuple):
    """What one time step has computed: what a backward pass needs of it."""

    h_before: Array
    c_before: Array
    z: tuple[Array, ...]
    gates: tuple[Array, ...]
    c: Array
    h: Array


@dataclass(frozen=True)
class Cell:
    """A cell with its weights; all arrays are channels_last.

    Args:
        kernel: `(*kernel_size, channels, 4 * filters)`.
        recurrent: `(*kernel_size, filters, 4 * filters)`.
        bias: `(4 * filters,)`, or None.
        axes: the geometry of the convolution of the input.
        state_axes: that of the state.
        activation: of the candidate and the output.
        gate: the activation of the three gates.
        dtype: the float type to which every result is rounded.
        channels_first: whether activations that mix numbers see the channels first.
    """

    kernel: Array
    recurrent: Array
    bias: Array | None
    axes: Axes
    state_axes: Axes
    activation: Callable[..., Any]
    gate: Callable[..., Any]
    dtype: str
    channels_first: bool

    def steps(
        self,
        x: Array,
        h: Array,
        c: Array,
        masks: Array,
        drop_x: list[Array] | None = None,
        drop_h: list[Array] | None = None,
    ) -> Iterator[Step]:
        """The time steps, each from the state that the one before left.

        Args:
            x: the input `(batch, time, *sizes, channels)`.
            h: the output before the first step.
            c: the cell's state before it.
            masks: booleans `(batch, time)`; a step that is False leaves the state as it is.
            drop_x: for each gate, factors of the input; None is 1.
            drop_h: the same of the state.
        """
        for time in range(x.shape[1]):
            from_x, from_h = self.sums(x[:, time], h, drop_x, drop_h)
            step = self._step(from_x + from_h, h, c)
            yield step
            kept = masks[:, time].reshape(-1, *(1,) * (h.ndim - 1))
            h, c = np.where(kept, step.h, h), np.where(kept, step.c, c)

    def sums(
        self,
        x: Array,
        h: Array,
        drop_x: list[Array] | None = None,
        drop_h: list[Array] | None = None,
    ) -> tuple[Array, Array]:
        """The two convolutions of one time step, which the gates add: of the input and the state.

        Args:
            x: the input at this time, `(batch, *sizes, channels)`.
            h: the output before it.
            drop_x: for each gate, factors of the input; None is 1.
            drop_h: the same of the state.

        Returns:
            Two arrays `(batch, *output sizes, 4 * filters)`; the bias is in the first.
        """
        from_x = self._gated(x, self.kernel, self.axes, drop_x)
        if self.bias is not None:
            from_x = self._rounded(from_x + self.bias)
        return from_x, self._gated(h, self.recurrent, self.state_axes, drop_h)

    def activated(self, values: Array) -> Array:
        """The layer's activation, that of the candidate and of the cell's state."""
        return self._activated(self.activation, values)

    def backward(
        self, x: Array, steps: list[Step], pushed: Callable[[int], Any]
    ) -> tuple[Array, list[Array]]:
        """The gradients of the input and of kernel, recurrent kernel and bias.

        Args:
            x: the input.
            steps: what `steps` gave for it, without masks and dropped parts.
            pushed: the gradient of the output at each time; 0 where there is none.
        """
        dx, dkernel, drecurrent = map(np.zeros_like, (x, self.kernel, self.recurrent))
        dbias = np.zeros(self.kernel.shape[-1], x.dtype)
        dh: Any = 0
        dc: Any = 0
        for time in reversed(range(len(steps))):
            dz, dc = self._step_backward(steps[time], dh + pushed(time), dc)
            dx[:, time] = kernels.input_gradient(dz, self.kernel, self.axes)
            dh = kernels.input_gradient(dz, self.recurrent, self.state_axes)
            read = np.ascontiguousarray(x[:, time])
            dkernel += kernels.kernel_gradient(read, dz, self.axes)
            drecurrent += kernels.kernel_gradient(steps[time].h_before, dz, self.state_axes)
            dbias += dz.reshape(-1, dz.shape[-1]).sum(axis=0)
        return dx, [dkernel, drecurrent, *([] if self.bias is None else [dbias])]

    def _rounded(self, values: Any) -> Array:
        exact = dtypes.kernel_dtype(self.dtype)
        return dtypes.cast(values, self.dtype).astype(exact, copy=False)

    def _gated(
        self, values: Array, kernel: Array, axes: Axes, dropped: list[Array] | None
    ) -> Array:
        """The convolution for all gates, or gate by gate if each drops other parts."""
        values = np.ascontiguousarray(values)
        if dropped is None:
            return self._rounded(kernels.convolve(values, kernel, None, axes))
        parts = map(np.ascontiguousarray, np.split(kernel, GATES, axis=-1))
        sums = (
            kernels.convolve(values * drop, part, None, axes)
            for part, drop in zip(parts, dropped, strict=True)
        )
        return self._rounded(np.concatenate(list(sums), axis=-1))

    def _step(self, z: Array, h_before: Array, c_before: Array) -> Step:
        z_i, z_f, z_c, z_o = np.split(self._rounded(z), GATES, axis=-1)
        i, f, o = (self._activated(self.gate, part) for part in (z_i, z_f, z_o))
        candidate = self._activated(self.activation, z_c)
        c = self._rounded(f * c_before + self._rounded(i * candidate))
        h = self._rounded(o * self._activated(self.activation, c))
        return Step(h_before, c_before, (z_i, z_f, z_c, z_o), (i, f, candidate, o), c, h)

    def _step_backward(self, step: Step, dh: Any, dc: Any) -> tuple[Array, Array]:
        """The gradients of a step's z and of the cell state before it."""
        i, f, candidate, o = step.gates
        dc = dc + self._slope(self.activation, step.c, dh * o)
        shown = self._activated(self.activation, step.c)
        into = (dc * candidate, dc * step.c_before, dc * i, dh * shown)
        functions = (self.gate, self.gate, self.activation, self.gate)
        parts = [self._slope(fn, z, d) for fn, z, d in zip(functions, step.z, into, strict=True)]
        return np.ascontiguousarray(np.concatenate(parts, axis=-1)), dc * f

    def _activated(self, function: Any, z: Array) -> Array:
        """An activation; one that mixes numbers does so along the last axis of the data format."""
        if not self.channels_first:
            return self._rounded(function(z))
        return self._rounded(np.moveaxis(function(np.moveaxis(z, -1, 1)), 1, -1))

    def _slope(self, function: Any, z: Array, dy: Any) -> Array:
        """The gradient of `_activated` for `z`."""
        dy = np.broadcast_to(dy, z.shape)
        if not self.channels_first:
            return activation_gradients.gradient(function, z, dy)
        z, dy = np.moveaxis(z, -1, 1), np.moveaxis(dy, -1, 1)
        return np.moveaxis(activation_gradients.gradient(function, z, dy), 1, -1)
