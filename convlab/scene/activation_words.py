"""What each of Keras's activations does to a sum, in a line."""

from __future__ import annotations

from collections.abc import Sequence

from convlab.geometry import axis_names

_ACTIVATIONS = {
    "linear": "",
    "relu": "negative sums become 0",
    "relu6": "negative sums become 0, sums above 6 become 6",
    "leaky_relu": "negative sums are multiplied by negative_slope (0.2 unless set)",
    "elu": "negative sums become alpha (e^x − 1), alpha = 1 unless set",
    "selu": "elu with alpha = 1.6733, times 1.0507",
    "celu": "max(x, 0) + alpha (e^(min(x, 0) / alpha) − 1), alpha = 1 unless set",
    "softplus": "log(e^x + 1)",
    "softsign": "x / (|x| + 1)",
    "squareplus": "(x + √(x² + b)) / 2, b = 4 unless set",
    "soft_shrink": "sums move towards 0 by the threshold (0.5 unless set), to 0 within it",
    "hard_shrink": "sums within the threshold (0.5 unless set) become 0",
    "tanh_shrink": "x − tanh(x)",
    "threshold": "sums up to the threshold become the default value",
    "tanh": "(e^x − e^−x) / (e^x + e^−x), between −1 and 1",
    "hard_tanh": "sums below −1 become −1, above 1 become 1",
    "sigmoid": "1 / (1 + e^−x), between 0 and 1",
    "log_sigmoid": "−log(1 + e^−x)",
    "hard_sigmoid": "relu6(x + 3) / 6",
    "sparse_sigmoid": "(x + 1) / 2, cut at 0 and 1",
    "sparse_plus": "0 up to −1, (x + 1)² / 4 up to 1, then x itself",
    "silu": "x · sigmoid(x), also called swish",
    "hard_silu": "x · relu6(x + 3) / 6, also called hard swish",
    "gelu": "x times the chance that a standard normal number is below x",
    "mish": "x · tanh(log(e^x + 1))",
    "exponential": "e^x",
    "softmax": "e^x / Σ e^x over {last}",
    "log_softmax": "log(e^x / Σ e^x) over {last}",
    "sparsemax": "max(x − τ, 0), with one τ for {last}",
    "glu": "the first half of {last} times the sigmoid of the second",
}
"""What each of Keras's activations does to a sum x; {last} is the axis that some run over."""


def activation(name: str, data_format: str, output_shape: Sequence[int | None]) -> str:
    """What an activation does to the sums, in a line; nothing for linear or one's own function.

    >>> activation("relu", "channels_last", (None, 14, 14, 4))
    'relu: negative sums become 0'
    >>> activation("softmax", "channels_last", (None, 14, 14, 4))
    'softmax: e^x / Σ e^x over the 4 filters, the last axis'
    >>> activation("softmax", "channels_first", (None, 4, 14, 12))
    'softmax: e^x / Σ e^x over the width of 12, the last axis, not the filters'
    """
    size = output_shape[-1]
    first = data_format == "channels_first"
    axis = axis_names(len(output_shape) - 2)[-1]
    last = f"the {axis} of {size}, the last axis, not the filters"
    words = _ACTIVATIONS.get(name, "").format(
        last=last if first else f"the {size} filters, the last axis"
    )
    return f"{name}: {words}" if words else ""
