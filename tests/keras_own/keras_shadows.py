"""convlab behind Keras's layer classes, so that Keras's own tests judge convlab.

`cast_shadows()` changes Keras's classes in place: every alias, test parameter and saved model then
finds the changed class. Each layer that it makes has a twin, convlab's layer of the same arguments.

- The constructor, `build`, `compute_output_shape` and `count_params` ask both. What a test gets,
  refusals included, is convlab's; where only one of the two refuses, or shapes or weights differ,
  `Disagreement` is raised, which no `assertRaises(Exception)` swallows.
- A call on concrete arrays, `get_config` and, outside of a graph, `losses` are convlab's alone.
- Initial weights are convlab's; before each call convlab is given those that Keras has by then.
- Symbolic calls, `fit` and saving are Keras's.
"""

import functools
import inspect
from collections import Counter

import numpy as np

import convlab.layers

RANKS = {
    "Conv{}D": (1, 2, 3),
    "Conv{}DTranspose": (1, 2, 3),
    "DepthwiseConv{}D": (1, 2),
    "SeparableConv{}D": (1, 2),
    "Cropping{}D": (1, 2, 3),
    "UpSampling{}D": (1, 2, 3),
    "ZeroPadding{}D": (1, 2, 3),
    "MaxPooling{}D": (1, 2, 3),
    "AveragePooling{}D": (1, 2, 3),
    "GlobalMaxPooling{}D": (1, 2, 3),
    "GlobalAveragePooling{}D": (1, 2, 3),
    "ConvLSTM{}D": (1, 2, 3),
}
NAMES = [name.format(rank) for name, ranks in RANKS.items() for rank in ranks]

done = {"constructed": Counter(), "refused": Counter(), "called": Counter()}
"""What convlab has done for Keras's tests, per class."""


class Disagreement(BaseException):
    """convlab and Keras do not do the same; no `Exception`, so that no test can expect it."""


def cast_shadows():
    """Put convlab behind Keras's layers."""
    from keras.src import layers
    from keras.src.layers.rnn.conv_lstm import ConvLSTM

    for name in NAMES:
        _shadow(getattr(layers, name), getattr(convlab.layers, name))
    # Keras's base class, which takes the rank as an argument; last, since the others inherit it
    _shadow(ConvLSTM, lambda rank, **kwargs: getattr(convlab.layers, f"ConvLSTM{rank}D")(**kwargs))


def _shadow(keras_class, make_twin):
    """Change one of Keras's classes; `make_twin` takes the constructor's arguments."""
    constructor = functools.partial(_constructor, make_twin=make_twin)
    for name, shadow in {"__init__": constructor, **_SHADOWS}.items():
        original = getattr(keras_class, name)
        setattr(keras_class, name, shadow(original))
    original_losses = keras_class.losses.fget
    keras_class.losses = property(lambda layer: _losses(layer, original_losses))


def _constructor(original, make_twin):
    @functools.wraps(original)
    def constructor(self, *args, **kwargs):
        if "twin" in vars(self):  # a subclass of Keras's own has come here with super()
            original(self, *args, **kwargs)
            return
        _follow_settings()
        object.__setattr__(self, "twin", None)  # not tracked by Keras as a part of the layer
        twin, _ = _agreed(
            self,
            lambda: make_twin(*map(_plain, args), **{k: _plain(v) for k, v in kwargs.items()}),
            lambda: original(self, *args, **kwargs),
        )
        twin.name = self.name  # the counters of automatic names are two
        if _is_keras_layer(type(self)):  # a test's subclass may have a `build` of its own
            _compare(self, "built", twin.built, self.built)
        object.__setattr__(self, "twin", twin)
        done["constructed"][_keras_name(self)] += 1

    # Keras reads it to record the arguments
    constructor.__signature__ = inspect.signature(original)
    return constructor


def _build(original):
    @functools.wraps(original)
    def build(self, *args, **kwargs):
        twin, (shape, *_) = self.twin, [*args, *kwargs.values()]
        if twin.weighted:
            _agreed(self, lambda: twin.build(shape), lambda: original(self, *args, **kwargs))
        else:  # Keras looks at the shape in the call, convlab at once
            twin.build(shape)
            original(self, *args, **kwargs)
        _compare(self, "weights", *([(w.name, w.shape) for w in x.weights] for x in (twin, self)))
        for keras_weight, weight in zip(self.weights, twin.weights, strict=True):
            keras_weight.assign(weight.value)

    return build


def _call(original):
    @functools.wraps(original)
    def call(self, *args, **kwargs):
        if not _concrete(args, kwargs):
            return original(self, *args, **kwargs)
        from keras.src import tree

        args, kwargs = tree.map_structure(_array, (args, kwargs))
        if not self.built:
            shape = np.shape([*args, *kwargs.values()][0])
            self.twin.check(shape)
            self.build(shape)
        _copy_state(self)
        outputs = self.twin(*args, **kwargs)
        done["called"][_keras_name(self)] += 1
        return tree.map_structure(lambda y: _tensor(self, y), outputs)

    return call


def _compute_output_shape(original):
    @functools.wraps(original)
    def compute_output_shape(self, *args, **kwargs):
        mine, keras_shape = _agreed(
            self,
            lambda: self.twin.compute_output_shape(*args, *kwargs.values()),
            lambda: original(self, *args, **kwargs),
        )
        _compare(self, "output shape", _tuples(mine), _tuples(keras_shape))
        return mine

    return compute_output_shape


def _count_params(original):
    @functools.wraps(original)
    def count_params(self):
        mine, keras_count = _agreed(self, self.twin.count_params, lambda: original(self))
        _compare(self, "count_params", mine, keras_count)
        return mine

    return count_params


def _get_config(original):
    @functools.wraps(original)
    def get_config(self):
        _copy_state(self, weights=False)
        config, keras_config = self.twin.get_config(), original(self)
        _compare(self, "config", config, keras_config)
        return config

    return get_config


def _losses(layer, original):
    import tensorflow as tf

    if not tf.executing_eagerly():
        return original(layer)
    _copy_state(layer)
    return [tf.convert_to_tensor(loss) for loss in layer.twin.losses]


_SHADOWS = {
    "build": _build,
    "__call__": _call,
    "compute_output_shape": _compute_output_shape,
    "count_params": _count_params,
    "get_config": _get_config,
}


def _agreed(layer, ask_convlab, ask_keras):
    """What both answer; raises convlab's refusal if both refuse."""
    name = _keras_name(layer)
    try:
        mine = ask_convlab()
    except Exception as refusal:
        try:
            ask_keras()
        except Exception:
            done["refused"][name] += 1
            raise refusal from None
        raise Disagreement(f"{name}: only convlab refuses: {refusal!r}") from refusal
    try:
        return mine, ask_keras()
    except Exception as refusal:
        raise Disagreement(f"{name}: only Keras refuses: {refusal!r}") from refusal


def _compare(layer, what, mine, keras_own):
    if mine != keras_own:
        raise Disagreement(f"{_keras_name(layer)}: {what}: {mine}, Keras {keras_own}")


def _keras_name(layer):
    """The name of the Keras class that the layer is made from; a test may have subclassed it."""
    return next(c.__name__ for c in type(layer).__mro__ if _is_keras_layer(c))


def _is_keras_layer(cls):
    return cls.__module__.startswith("keras.src.layers.")


def _follow_settings():
    """Let convlab have the global settings of Keras, which some tests change."""
    import keras

    convlab.layers.config.set_image_data_format(keras.config.image_data_format())
    convlab.layers.config.set_floatx(keras.config.floatx())


def _plain(value):
    """Keras's initializers, regularizers and constraints in their serialised form."""
    from keras import constraints, initializers, regularizers, saving

    kinds = (initializers.Initializer, regularizers.Regularizer, constraints.Constraint)
    return saving.serialize_keras_object(value) if isinstance(value, kinds) else value


def _copy_state(layer, weights=True):
    """Give the twin what the layer has by now."""
    rank = getattr(layer, "lora_rank", None)
    if rank and not layer.twin.lora_rank:  # Keras's enable_lora(): convlab has it as an argument
        twin = layer.twin.replace(name=layer.name, lora_rank=rank, lora_alpha=layer.lora_alpha)
        twin.build(layer.twin.build_shape)
        object.__setattr__(layer, "twin", twin)
    layer.twin.trainable = layer.trainable
    if weights:
        layer.twin.set_weights(layer.get_weights())


def _concrete(args, kwargs):
    """Whether a call is made on arrays: not on symbolic tensors, and not inside a graph."""
    import tensorflow as tf
    from keras.src.backend.common.keras_tensor import any_symbolic_tensors

    return tf.executing_eagerly() and not any_symbolic_tensors(args, kwargs)


def _array(value):
    """A tensor or a variable as NumPy array; anything else as it is."""
    from keras.src import backend

    known = backend.is_tensor(value) or isinstance(value, backend.Variable)
    return backend.convert_to_numpy(value) if known else value


def _tensor(layer, y):
    import tensorflow as tf

    tensor = tf.convert_to_tensor(y)
    # NumPy has no bfloat16: convlab keeps such numbers in float32
    bfloat16 = layer.compute_dtype == "bfloat16" and tensor.dtype == tf.float32
    return tf.cast(tensor, tf.bfloat16) if bfloat16 else tensor


def _tuples(shape):
    """A shape, or several, with every list as a tuple."""
    return tuple(map(_tuples, shape)) if isinstance(shape, (list, tuple)) else shape
