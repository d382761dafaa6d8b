"""What the numbers of a step are, from its tables alone: one window, one tap at a time."""

import itertools

import numpy as np

from convlab.layers import activations


def windows(step):
    """For every output place, what it reads: (taps, input cell, weight along the axes), each."""
    sizes = [axis.size_out for axis in step.axes]
    for place in np.ndindex(*sizes):
        along = [_read(axis, at) for axis, at in zip(step.axes, place, strict=True)]
        yield place, [_joined(parts) for parts in itertools.product(*along)]


def _read(axis, output):
    for tap in range(axis.kernel):
        if axis.marks[output, tap] == 0:
            weight = 1.0 if axis.weights is None else float(axis.weights[output, tap])
            yield tap, int(axis.positions[output, tap]), weight


def _joined(parts):
    taps, cells, weights = zip(*parts, strict=True)
    return taps, cells, float(np.prod(weights))


def reduced(step):
    """The step's linear output in float64, and for each number the sum of magnitudes behind it."""
    sizes = [axis.size_out for axis in step.axes]
    filters = len(step.channels)
    results, magnitudes = np.zeros((*sizes, filters)), np.zeros((*sizes, filters))
    for place, reads in windows(step):
        terms = np.array([_terms(step, place, *read) for read in reads])  # (reads, F, depth)
        terms = terms.reshape(len(reads), filters, step.channels.shape[1])
        if step.reduce == "max":
            results[place] = terms.max(axis=(0, 2))
            continue
        results[place], magnitudes[place] = terms.sum((0, 2)), np.abs(terms).sum((0, 2))
        if step.reduce == "mean":
            results[place] /= len(reads)
        if step.bias is not None:
            bias = step.bias[place] if step.local else step.bias
            results[place] += bias
            magnitudes[place] += np.abs(bias)
    return results, magnitudes


def _terms(step, place, taps, cell, along):
    """Value times weight for every filter and every channel that it reads."""
    values = step.input.values[cell].astype("float64")[step.channels]
    if step.kernel is None:
        return values * along
    kernel = step.kernel.values[place] if step.local else step.kernel.values
    return values * along * kernel[taps].astype("float64").T


def activated(step, data_format):
    """The activation of the step's own linear output; some run along the user's last axis."""
    function = activations.get(step.activation)
    if data_format == "channels_last":
        return function(step.linear)
    return np.moveaxis(function(np.moveaxis(step.linear, -1, 0)[None])[0], 0, -1)


def gated(step, data_format):
    """`c` and the output of a time step, by the formulas of a convolutional LSTM."""
    gates = step.gates
    z = gates.x.values.astype("float64") + gates.h.values
    parts = np.split(z, 4, axis=-1)
    i, f, g, o = (
        _apply(name, part, data_format) for name, part in zip(gates.activations, parts, strict=True)
    )
    c = f * gates.c_before + i * g
    return (i, f, g, o), c, o * _apply(gates.output_activation, c, data_format)


def _apply(name, values, data_format):
    function = activations.get(name)
    if data_format == "channels_last":
        return function(values)
    return np.moveaxis(function(np.moveaxis(values, -1, 0)[None])[0], 0, -1)
