"""Keras on TensorFlow: the layer's call, eager, as a user makes it."""

from __future__ import annotations

import contextlib

import keras
import numpy as np
from workloads import Workload

from peers import Call
from peers.tensorflow_ops import use_threads

__all__ = ["calls", "running", "use_threads", "version"]

running = contextlib.nullcontext


def version() -> str:
    return f"{keras.__version__} on {keras.backend.backend()}"


def calls(work: Workload, x: np.ndarray, weights: list[np.ndarray]) -> dict[str, Call]:
    layer = getattr(keras.layers, work.layer)(**work.arguments, dtype=work.dtype)
    layer.build(work.shape)
    layer.set_weights(weights)
    tensor = keras.ops.convert_to_tensor(x)
    return {"layer": Call(lambda: layer(tensor), keras.ops.convert_to_numpy)}
