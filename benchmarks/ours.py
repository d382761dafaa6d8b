"""convlab's side of a comparison: the public layer call, Python and all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from workloads import Workload

import convlab as cl


def layer_call(
    work: Workload, x: np.ndarray, weights: list[np.ndarray]
) -> Callable[[], np.ndarray]:
    """`layer(x)`, the layer built and its weights set."""
    layer = getattr(cl.layers, work.layer)(**work.arguments, dtype=work.dtype)
    layer.build(work.shape)
    layer.set_weights(weights)
    return lambda: layer(x)
