"""Asks the installed Keras, on the backend of KERAS_BACKEND, about layers.

    echo '[["Conv2D", {"filters": 6, "kernel_size": 3}, [[2, 9, 9, 4]], true]]' |
        KERAS_BACKEND=torch python ask_framework.py

A case is a layer's class, its arguments, whole input shapes, and whether to compute: else the layer
is only made. The first line that is printed has the versions, and each other one an answer: null
where all is well, which means that the layer was called on symbols and on values too, and its
gradient taken; else when it was refused, and why. Numbers other than convlab's, which are those
that Keras documents, are told as "differs".
"""

import inspect
import json
import math
import os
import platform
import sys
import warnings
from contextlib import suppress

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")

import keras  # noqa: E402
import numpy as np  # noqa: E402

from convlab import layers  # noqa: E402

BACKEND = keras.backend.backend()
ENOUGH = 2e-3
"""So much of the largest number may numbers differ: some are sums of thousands."""


def answer(class_name, given, shapes, computing):
    """What is said of the first input shape with which something is wrong."""
    arguments = {name: _tuples(value) for name, value in given.items()}
    told = (_answer(class_name, arguments, tuple(shape), computing) for shape in shapes)
    return next((found for found in told if found), None)


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _answer(class_name, arguments, shape, computing):
    stage = "constructor"
    try:
        layer = _made(getattr(keras.layers, class_name), arguments)
        if not computing:
            return None
        stage = "symbols"
        layer(keras.Input(shape[1:]))
        x = _numbers(shape)
        weights = [_numbers(w.shape) / 4 * (w.ndim > 1) for w in layer.get_weights()]
        layer.set_weights(weights)
        stage = "call"
        y = _output(layer, x)
        stage = "gradient"
        gradients = _gradients(layer, x)
    except Exception as error:  # a refusal, of whatever class
        return {"stage": stage, "error": type(error).__name__, "message": _message(error)}
    return _difference(class_name, arguments, weights, x, [y, *gradients])


def _made(cls, arguments):
    """The layer; its first weights are zeros, since JAX compiles each way to draw them."""
    names = inspect.signature(cls).parameters
    return cls(**{n: "zeros" for n in names if n.endswith("initializer")}, **arguments)


def _numbers(shape):
    """The same numbers from -1 to 1 each time, all different: no two maxima are equal."""
    size = math.prod(shape)
    order = np.random.default_rng(1).permutation(size)
    return (order * (2 / size) - 1).astype("float32").reshape(shape)


def _message(error):
    """What an error says, on one line, without where it was said and with which arguments."""
    text = getattr(error, "message", None) or str(error)
    if text.startswith("Exception encountered when calling"):
        text = text.split("\n", 1)[-1]
    text = text.split("Arguments received by")[0].split("}} ", 1)[-1].split(" [Op:")[0]
    text = text.replace("\x1b[1m", "").replace("\x1b[0m", "")
    return " ".join(text.split())[:240]


def _output(layer, x):
    if BACKEND == "jax":
        return np.asarray(_jax_call(layer)(x, _jax_weights(layer)))
    return np.asarray(keras.ops.convert_to_numpy(layer(keras.ops.convert_to_tensor(x))))


def _gradients(layer, x):
    """The gradients of half the sum of the output's squares, for the input and the weights."""
    return GRADIENTS[BACKEND](layer, x)


def _tensorflow_gradients(layer, x):
    import tensorflow as tf

    given = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        loss = tf.reduce_sum(layer(given) ** 2) / 2
    wanted = [given, *(weight.value for weight in layer.trainable_weights)]
    return [np.asarray(one) for one in tape.gradient(loss, wanted)]


def _jax_weights(layer):
    return [weight.value for weight in layer.trainable_variables]


def _jax_call(layer):
    """The layer as one function of input and weights, compiled at once instead of step by step."""
    import jax

    fixed = [weight.value for weight in layer.non_trainable_variables]
    return jax.jit(lambda given, trained: layer.stateless_call(trained, fixed, given)[0])


def _jax_gradients(layer, x):
    import jax

    call = _jax_call(layer)
    half = jax.jit(jax.grad(lambda *given: (call(*given) ** 2).sum() / 2, argnums=(0, 1)))
    dx, dw = half(x, _jax_weights(layer))
    return [np.asarray(one) for one in (dx, *dw)]


def _torch_gradients(layer, x):
    import torch

    given = torch.tensor(x, requires_grad=True)
    weights = [weight.value for weight in layer.trainable_weights]
    loss = (layer(given) ** 2).sum() / 2
    return [one.detach().numpy() for one in torch.autograd.grad(loss, [given, *weights])]


GRADIENTS = {
    "tensorflow": _tensorflow_gradients,
    "jax": _jax_gradients,
    "torch": _torch_gradients,
}


def _difference(class_name, arguments, weights, x, given):
    """Whether outputs and gradients are those of convlab."""
    with suppress(ValueError, TypeError):  # what convlab refuses cannot be compared
        own = getattr(layers, class_name)(**arguments)
        own.build(x.shape)
        own.set_weights(weights)
        y = own(x)
        dx, dw = own.vjp(x, y)
        for name, one, other in zip(
            ("output", "gradient", *["weights' gradient"] * len(dw)),
            given,
            [y, dx, *dw],
            strict=True,
        ):
            if one.shape != other.shape:
                return _differs(f"the {name} has other sizes")
            if np.abs(one - other).max() > ENOUGH * np.abs(other).max():
                return _differs(f"the {name} has other numbers")
    return None


def _differs(what):
    return {"stage": "differs", "error": "", "message": what}


def versions():
    """Who answers."""
    module = __import__(BACKEND)
    return {
        "keras": keras.__version__,
        BACKEND: module.__version__,
        "machine": f"{platform.system()} {platform.machine()}, CPU",
    }


if __name__ == "__main__":
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what frameworks print is no answer
    print(json.dumps({"versions": versions()}), file=out, flush=True)
    for case in json.load(sys.stdin):
        print(json.dumps(answer(*case)), file=out, flush=True)  # at once: a case may be the last
