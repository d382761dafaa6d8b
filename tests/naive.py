"""The oracle: convolution as one writes it on paper, in float64. Imports nothing of convlab."""

import itertools

import numpy as np


def pads(n, k, s, d, padding):
    """Cells of padding before and after one axis, and the output's size."""
    reach = k + (k - 1) * (d - 1)
    if padding == "valid":
        size = 0
        while size * s + reach <= n:  # one more window fits
            size += 1
        return 0, 0, size
    size = len(range(0, n, s))  # one window starts at every s-th cell
    if padding == "causal":
        return reach - 1, 0, size
    missing = 0
    while (size - 1) * s + reach > n + missing:
        missing += 1
    return missing // 2, missing - missing // 2, size


def conv(x, kernel, bias=None, strides=1, dilation=1, padding="valid", groups=1):
    """Channels-last convolution of any rank, one multiplication at a time.

    x: (batch, *sizes, channels); kernel: (*kernel sizes, channels / groups, filters).
    """
    rank = kernel.ndim - 2
    strides = (strides,) * rank if isinstance(strides, int) else tuple(strides)
    dilation = (dilation,) * rank if isinstance(dilation, int) else tuple(dilation)
    axes = [
        pads(x.shape[1 + a], kernel.shape[a], strides[a], dilation[a], padding) for a in range(rank)
    ]
    filters = kernel.shape[-1]
    channels = kernel.shape[-2]
    y = np.zeros((len(x), *(size for _, _, size in axes), filters))
    for place in np.ndindex(*y.shape):
        image, where, f = place[0], place[1:-1], place[-1]
        first_channel = (f * groups // filters) * channels
        total = 0.0
        for tap in itertools.product(*(range(size) for size in kernel.shape[:-2])):
            cell = [where[a] * strides[a] + tap[a] * dilation[a] - axes[a][0] for a in range(rank)]
            if all(0 <= cell[a] < x.shape[1 + a] for a in range(rank)):
                for c in range(channels):
                    read = float(x[(image, *cell, first_channel + c)])
                    total += read * float(kernel[(*tap, c, f)])
        y[place] = total + (0.0 if bias is None else float(bias[f]))
    return y


def channels_last(x):
    """(batch, channels, *sizes) as (batch, *sizes, channels)."""
    return np.moveaxis(x, 1, -1)


def channels_first(x):
    """(batch, *sizes, channels) as (batch, channels, *sizes)."""
    return np.moveaxis(x, -1, 1)


def depthwise(x, kernel, bias=None, **how):
    """Channels-last depthwise convolution; kernel: (*kernel sizes, channels, multiplier)."""
    channels, multiplier = kernel.shape[-2:]
    parts = [
        conv(x[..., c : c + 1], kernel[..., c : c + 1, m : m + 1], **how)
        for c in range(channels)
        for m in range(multiplier)
    ]
    y = np.concatenate(parts, axis=-1)
    return y if bias is None else y + bias


def transposed_size(n, reach, s, padding, extra):
    """The output's size of a transposed convolution, and how many cells are cut in front."""
    full = (n - 1) * s + reach
    if padding == "valid":
        return (max(full, n * s) if extra is None else full + extra), 0
    size = n * s if extra is None else full - 2 * (reach // 2) + extra
    return size, max(full - size, 0) // 2


def transposed(x, kernel, bias=None, strides=1, dilation=1, padding="valid", extra=None):
    """Channels-last transposed convolution, one stamp at a time.

    x: (batch, *sizes, channels); kernel: (*kernel sizes, filters, channels).
    """
    rank = kernel.ndim - 2
    axes = [
        transposed_size(
            x.shape[1 + a], (kernel.shape[a] - 1) * dilation + 1, strides, padding, extra
        )
        for a in range(rank)
    ]
    y = np.zeros((len(x), *(size for size, _ in axes), kernel.shape[-2]))
    for place in np.ndindex(*x.shape[:-1]):
        image, where = place[0], place[1:]
        for tap in itertools.product(*(range(size) for size in kernel.shape[:-2])):
            cell = [where[a] * strides + tap[a] * dilation - axes[a][1] for a in range(rank)]
            if all(0 <= cell[a] < axes[a][0] for a in range(rank)):
                for f in range(kernel.shape[-2]):
                    for c in range(kernel.shape[-1]):
                        stamp = float(x[(*place, c)]) * float(kernel[(*tap, f, c)])
                        y[(image, *cell, f)] += stamp
    return y if bias is None else y + bias


def pool(x, size, strides, padding, reduce):
    """Channels-last pooling: `reduce` of the real cells of each window."""
    rank = x.ndim - 2
    axes = [pads(x.shape[1 + a], size[a], strides[a], 1, padding) for a in range(rank)]
    y = np.zeros((len(x), *(count for _, _, count in axes), x.shape[-1]))
    for place in np.ndindex(*y.shape):
        image, where, c = place[0], place[1:-1], place[-1]
        cells = []
        for tap in itertools.product(*(range(k) for k in size)):
            cell = [where[a] * strides[a] + tap[a] - axes[a][0] for a in range(rank)]
            if all(0 <= cell[a] < x.shape[1 + a] for a in range(rank)):
                cells.append(float(x[(image, *cell, c)]))
        y[place] = reduce(cells)
    return y
