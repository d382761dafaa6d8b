"""What real Keras makes of a network of ours, and of the fixes that are said to be verified."""

import functools
import os
import types
import warnings

import numpy as np

import convlab as cl


@functools.cache
def keras_library():
    """Keras on TensorFlow, by the names that the codes of the corpus use."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    return types.SimpleNamespace(
        keras=keras,
        layers=keras.layers,
        Input=keras.Input,
        Model=keras.Model,
        Sequential=keras.Sequential,
    )


def built(model):
    """The network built by Keras: all layers called on symbols."""
    return keras_library().keras.models.model_from_json(model.to_json())


def ran(made):
    """The shapes of what a network of Keras gives for zeros; 16 cells where a size is open."""
    given = [np.zeros([2, *(size or 16 for size in x.shape[1:])], x.dtype) for x in made.inputs]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one input alone, where the model has a list of one
        out = made(given if len(given) > 1 else given[0], training=False)
    return [tuple(one.shape) for one in keras_library().keras.tree.flatten(out)]


def objection(fix, wanted=None, values=False):
    """What Keras has against a fix that is marked verified; None where it builds and runs it.

    Args:
        fix: the fix.
        wanted: the shape that should come out, without the batch, where one was asked for.
        values: whether numbers are sent through it, too.
    """
    mended = fix.apply()
    traced = cl.trace(mended)
    if traced.conflicts:
        return f"its own trace has a conflict at {traced.conflicts[0].name}"
    try:
        made = built(mended)
        shapes = ran(made) if values else None
    except Exception as error:
        return f"Keras refuses it: {type(error).__name__}: {str(error)[:300]}"
    told, found = _flat(traced.output_shape), _flat(made.output_shape)
    if told != found:
        return f"the trace says {told}, Keras gives {found}"
    if wanted is not None and [shape[1:] for shape in found] != [tuple(wanted)]:
        return f"{wanted} was wanted, and Keras gives {found}"
    if values and not all(_agrees(a, b) for a, b in zip(shapes, told, strict=True)):
        return f"the trace says {told}, and numbers come out as {shapes}"
    return None


def _flat(shapes):
    """Shapes in a list, however they are nested."""
    if isinstance(shapes, dict):
        shapes = list(shapes.values())
    if all(size is None or isinstance(size, int) for size in shapes):
        return [tuple(shapes)]
    return [shape for one in shapes for shape in _flat(one)]


def _agrees(shape, told):
    return len(shape) == len(told) and all(b in (None, a) for a, b in zip(shape, told, strict=True))
