"""The steps of a convolutional LSTM at one time: the input's sums, the state's, the gates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import DataError
from convlab.geometry import AxisGeometry, convolution
from convlab.layers import dtypes
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.lstm_cell import GATES, Cell, Step
from convlab.scene.building.kernels import kernel_step
from convlab.scene.building.work import (
    Made,
    Work,
    activation_name,
    axes_of,
    output_grid,
    values,
)
from convlab.scene.data import Gates, Grid, LayerStep, Time

Array = NDArray[Any]

NAMES = ("input", "forget", "cell", "output")
"""What the four parts of the sums are for, in the order of their channels."""


def recurrent(work: Work) -> Made:
    """ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, from a state of zeros."""
    layer: ConvLSTM = work.layer
    cell, sequence, moments = layer.unrolled(work.x)
    time = _time(layer, work.time, len(moments))
    moment = moments[time.step]
    x_t = sequence[:, time.step]
    from_x, from_h = cell.sums(x_t, moment.h_before)
    source = _of_time(work.input, values(x_t[0]))
    bias = None if cell.bias is None else values(cell.bias)
    first = _sums(cell.axes, source, "input", "kernel", cell.kernel, bias, from_x)
    state = output_grid(values(moment.h_before[0]))
    name = "recurrent_kernel"
    second = _sums(cell.state_axes, state, "recurrent", name, cell.recurrent, None, from_h)
    gates = _gates_step(cell, moment, first.output, second.output)
    return Made((first, second, gates), _output(layer, moments), time)


def _time(layer: ConvLSTM, step: int, steps: int) -> Time:
    if not -steps <= step < steps:
        raise DataError(
            "A scene shows one time step of the sequence.",
            received=f"time={step} of a sequence of {steps}",
            remedy="Give a sequence of at least one step, and the index of one of them.",
            argument="time",
        )
    step %= steps
    return Time(step, steps, steps - 1 - step if layer.go_backwards else step)


def _of_time(sequence: Grid, x_t: Any) -> Grid:
    """The input at one time, in the colours of the whole sequence."""
    return replace(sequence, values=x_t)


def _sums(
    geometries: tuple[AxisGeometry, ...],
    source: Grid,
    name: str,
    weight_name: str,
    kernel: Array,
    bias: Any,
    sums: Array,
) -> LayerStep:
    taps = (f"tap{axis}" for axis in range(len(geometries)))
    return kernel_step(
        axes_of(geometries),
        source,
        kernel,
        bias,
        sums[0],
        sums[0],
        name=name,
        weight_name=weight_name,
        weight_shape=kernel.shape,
        weight_index=(*taps, "slice", "filter"),
        parts=NAMES,
    )


def _gates_step(cell: Cell, moment: Step, x: Grid, h: Grid) -> LayerStep:
    z = output_grid(values(np.concatenate(moment.z, axis=-1)[0]))
    output = output_grid(values(moment.h[0]))
    *sizes, filters = output.values.shape
    i, f, g, o = (values(gate[0]) for gate in moment.gates)
    gate, candidate = activation_name(cell.gate), activation_name(cell.activation)
    return LayerStep(
        axes=axes_of(convolution(size, kernel=1) for size in sizes),
        input=z,
        kernel=None,
        bias=None,
        linear=output.values,
        output=output,
        channels=(np.arange(filters)[:, None] + np.arange(GATES) * filters).astype(np.int32),
        activation="linear",
        name="gates",
        reduce="gates",
        weight_name="",
        gates=Gates(
            names=NAMES,
            activations=(gate, gate, candidate, gate),
            output_activation=candidate,
            x=x,
            h=h,
            c_before=values(moment.c_before[0]),
            i=i,
            f=f,
            g=g,
            o=o,
            c=values(moment.c[0]),
            shown=values(cell.activated(moment.c)[0]),
            h_out=output.values,
        ),
    )


def _output(layer: ConvLSTM, moments: list[Step]) -> Array:
    """What the layer gives: the state after the last step, or after each."""
    states = np.stack([moment.h for moment in moments], axis=1)
    if layer.data_format == "channels_first":
        states = np.moveaxis(states, -1, 2)
    output = states if layer.return_sequences else states[:, -1]
    return np.ascontiguousarray(dtypes.cast(output, layer.compute_dtype))
