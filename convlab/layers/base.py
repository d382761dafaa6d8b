"""The life of a layer: arguments, build, call, weights, losses, config.

A layer of the family says how its weights are made (`create_weights`), what it computes (`call`)
and how its axes are related (`geometry`); the rest is here.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, DataError, ShapeError
from convlab.geometry import AxisGeometry
from convlab.geometry.links import Dependence
from convlab.layers import dtypes, regularizers, room
from convlab.layers.construction import Constructed, argument_names
from convlab.layers.naming import automatic_name
from convlab.layers.node import Node, Spec, Tensor, connect, tensors_in
from convlab.layers.registry import interpreted
from convlab.layers.weight import Weighted

Array = NDArray[Any]
Shape = tuple[int | None, ...]

_INPUT = ("input_shape", "input_dim", "batch_input_shape", "batch_size")


@dataclass(frozen=True)
class Cost:
    """What a layer costs.

    Attributes:
        params: the number of weights, trainable or not.
        macs: multiply-adds for one example, counting taps that fall on padding, as profilers do;
            None where a size is not known.
    """

    params: int
    macs: int | None


class Gradients(NamedTuple):
    """What a backward pass gives.

    Attributes:
        inputs: the gradient of the input, of its shape; a list of them for a list of inputs.
        weights: the gradient of each weight, in the order of `get_weights()`.
    """

    inputs: Any
    weights: list[Array]


class Layer(Weighted, Constructed):
    """The base of layers.

    Args:
        activity_regularizer: a penalty on the output, divided by the batch size.
        trainable: whether the weights count as trainable.
        dtype: a float type or policy; None is `config.floatx()`.
        autocast: whether float inputs are cast to the layer's compute dtype.
        name: a name; None gives an automatic one, such as conv2d_1.
        **kwargs: `input_shape`, `input_dim`, `batch_input_shape`, `batch_size` (kept for a model
            that the layer opens) and `weights` (arrays to set when the layer is built).

    Raises:
        ArgumentError: an argument that is not known, or a value that is not accepted.
    """

    weighted: ClassVar[bool] = True
    """Whether the layer multiplies by weights."""

    built_at_once: ClassVar[bool] = False
    """Whether the layer counts as built before it has seen an input, as Keras's poolings do."""

    is_operator: ClassVar[bool] = False
    """Whether it is what symbols were added or indexed by, which Keras does not list as a layer."""

    accepts: ClassVar[str] = "f"
    """The kinds of dtype that an input may have, in NumPy's letters: floats, and for some layers
    signed ("i") and unsigned ("u") integers and booleans ("b"), which keep their dtype."""

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.dtype_policy = dtypes.get(dtype)
        self.activity_regularizer = interpreted(
            "activity_regularizer", regularizers.get, activity_regularizer
        )
        self.autocast = autocast
        self.built = self.built_at_once
        self.build_shape: Shape | None = None
        self.inbound_nodes: list[Node] = []
        self._input_arguments = {name: kwargs.pop(name) for name in _INPUT if name in kwargs}
        self.batch_input_shape = _batch_input_shape(**self._input_arguments)
        self.given_weights = _checked_weights(kwargs.pop("weights", None))
        if kwargs:
            raise ArgumentError(
                f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}",
                received=f"{kwargs}",
                remedy=f"The arguments are {', '.join(_all_names(type(self)))}.",
                argument=next(iter(kwargs)),
            )
        if not isinstance(trainable, bool):
            raise ArgumentError(
                "Expected `trainable` to be a boolean. "
                f"Received: trainable={trainable} (of type {type(trainable)})",
                received=f"trainable={trainable} (of type {type(trainable)})",
                remedy="Use trainable=True or trainable=False.",
                argument="trainable",
                fixes=[{"trainable": True}, {"trainable": False}],
            )
        super().__init__(trainable=trainable)
        if name is not None and (not isinstance(name, str) or "/" in name):
            raise ArgumentError(
                "Argument `name` must be a string and cannot contain character `/`. "
                f"Received: name={name} (of type {type(name)})",
                received=f"name={name} (of type {type(name)})",
                remedy="Use letters, digits and _, or None for an automatic name.",
                argument="name",
                fixes=[{"name": None}],
            )
        self._named = bool(name)
        self.name = name or automatic_name(self.class_name)

    # What a layer of the family says

    def create_weights(self, input_shape: Shape) -> None:
        """Make the weights for a checked input shape, with `add_weight`."""

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """The output for a checked input."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The output's shape for an input shape, in which any size may be None.

        Raises:
            ShapeError: no such input is possible.
        """
        raise NotImplementedError

    def geometry(self, input_shape: Sequence[int | None]) -> tuple[tuple[AxisGeometry, ...], ...]:
        """How input and output are related: a tuple of steps, each one `AxisGeometry` per axis."""
        raise NotImplementedError

    def cost(self, input_shape: Sequence[int | None]) -> Cost:
        """The number of weights and of multiply-adds for an input shape."""
        raise NotImplementedError

    def dependence(self, input_shape: Any, output: int = 0) -> tuple[Dependence | None, ...]:
        """Which cells of each input the outputs read, all axes but the batch.

        Args:
            input_shape: the input's shape; for a layer of several inputs, their shapes.
            output: which of the layer's outputs is meant, where it has several.

        Returns:
            For each input, in order, how it is read; None where that is not known.
        """
        raise NotImplementedError

    def check_input_shape(self, input_shape: Shape) -> None:
        """Refuse a shape that does not fit the layer, or the weights that it has."""

    # Build and call

    @property
    def input(self) -> Any:
        """The symbol on which the layer was first called; a list where it joins several.

        Raises:
            ArgumentError: the layer was not called on symbols.
        """
        tensors = self._first_node("input").inputs
        return tensors[0] if len(tensors) == 1 else tensors

    @property
    def output(self) -> Any:
        """The symbol that the layer gave when it was first called; a list where it gave several.

        Raises:
            ArgumentError: the layer was not called on symbols.
        """
        tensors: list[Tensor] = self._first_node("output").outputs
        return tensors[0] if len(tensors) == 1 else tensors

    def _first_node(self, wanted: str) -> Node:
        if not self.inbound_nodes:
            raise ArgumentError(
                f"The layer {self.name} has never been called and thus has no defined {wanted}.",
                received="no call on a symbol",
                remedy="Call it first: y = layer(Input(shape)).",
            )
        return self.inbound_nodes[0]

    @property
    def class_name(self) -> str:
        """The name of the layer's class, as a summary shows it."""
        return type(self).__name__

    def standard(self, input_shape: Any) -> Any:
        """An input shape as a tuple; of a layer with several inputs, a tuple of such."""
        return standard_shape(input_shape)

    def infer(self, inputs: Any, *_: Any, **__: Any) -> Any:
        """What a call would give: a `Spec` for each output.

        Args:
            inputs: the `Spec` of the input; of a layer with several inputs, a list of them.

        Raises:
            ShapeError: the layer cannot take such an input.
        """
        if isinstance(inputs, Spec):
            return Spec(self.check(inputs.shape), self.output_dtype(inputs.dtype))
        shapes = [spec.shape for spec in inputs]
        return Spec(self.check(shapes), self.output_dtype(*(spec.dtype for spec in inputs)))

    def output_dtype(self, *dtypes_in: str) -> str:
        """The dtype of the output for inputs of these dtypes."""
        whole = not any("float" in dtype for dtype in dtypes_in)
        return dtypes_in[0] if whole and "i" in self.accepts else self.compute_dtype

    def build_for(self, inputs: Any, *_: Any) -> None:
        """Build the layer for what it is called on, if it is not built yet."""
        if self.build_shape is None:
            shapes = inputs.shape if isinstance(inputs, Spec) else [spec.shape for spec in inputs]
            self.build(shapes)

    def check(self, input_shape: Any) -> Shape:
        """Refuse an input shape that the layer cannot take; does not build it.

        Returns:
            The output's shape in a call.
        """
        shape = self.standard(input_shape)
        self.check_input_shape(shape)
        return self.called_shape(shape)

    def called_shape(self, input_shape: Shape) -> Shape:
        """The output's shape in a call, which may be laxer than `compute_output_shape`."""
        return tuple(self.compute_output_shape(input_shape))

    def build(self, input_shape: Any) -> None:
        """Make the weights.

        Args:
            input_shape: the whole shape, batch included; any size but the channels may be None.

        Raises:
            ShapeError: no such input is possible, or the layer is built already.
        """
        shape = self.standard(input_shape)
        if self.built and self.weighted:
            raise ShapeError(
                "You cannot add new elements of state (variables or sub-layers) to a layer that is "
                "already built.",
                received=f"input shape {shape}, after {self.build_shape}",
                remedy="Make a new layer, or call this one: it is ready.",
            )
        self.check(shape)
        self.create_weights(shape)
        self.built, self.build_shape = True, shape
        if self.given_weights is not None:
            self.set_weights(self.given_weights)

    def __call__(self, inputs: Any, *more: Any, **arguments: Any) -> Any:
        """The output for an input array; builds the layer on the first call.

        Args:
            inputs: an array, batch first; float inputs are cast to the compute dtype. A symbolic
                `Tensor` gives another, of which a model is made.
            *more: further arguments of the layer's `call`, in its order.
            **arguments: what else the layer's `call` takes; `training` may be given to every layer.

        Returns:
            An array of the compute dtype, or of the input's where the layer keeps integers.

        Raises:
            DataError: not an array, or of a dtype that cannot be used.
            ShapeError: the shape does not fit the layer.
        """
        if next(tensors_in((inputs, more, arguments)), None) is not None:
            return connect(self, (inputs, *more), arguments)
        known = self._call_arguments(more, arguments)
        x = self.prepare(inputs)
        outputs = self.call(x, **known)
        self._activity_losses = []
        if self.activity_regularizer is not None:
            parts = outputs if isinstance(outputs, tuple) else (outputs,)
            self._activity_losses = [self._penalty(part) for part in parts]
        return outputs

    def _call_arguments(self, more: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """Those arguments of a call that this layer has, by name; refuses what none has."""
        names = _call_names(type(self).call)
        by_position = dict(zip(names, more, strict=False))
        if len(by_position) < len(more) or by_position.keys() & given:
            raise ArgumentTypeError(
                f"The call of {type(self).__name__} takes {len(names)} arguments beside the input, "
                "each once.",
                received=f"{len(more)} by position, and by name {', '.join(given) or 'none'}",
                remedy=f"They are {', '.join(names)}." if names else "Give the input alone.",
            )
        given = by_position | given
        unknown = [name for name in given if name not in (*names, "training")]
        if unknown:
            known = ", ".join(dict.fromkeys((*names, "training")))
            raise ArgumentTypeError(
                f"The call of {type(self).__name__} has no argument `{unknown[0]}`.",
                received=f"{unknown[0]}={_short(given[unknown[0]])}",
                remedy=f"Beside the input it takes {known}.",
                argument=unknown[0],
            )
        return {name: value for name, value in given.items() if name in names}

    def _penalty(self, outputs: Array) -> Any:
        """The activity regularizer's penalty for one example, in the compute dtype as in Keras."""
        with np.errstate(all="ignore"):
            penalty = self.activity_regularizer(outputs) / outputs.dtype.type(len(outputs))
        return dtypes.cast(penalty, self.compute_dtype)[()]

    def prepare(self, inputs: Any) -> Array:
        """Check an input as a call does, build the layer if need be, and cast to compute dtype."""
        x = self._checked_array(inputs)
        output_shape = self.check(x.shape)
        if self.build_shape is None:
            self.build(x.shape)
        room.check("output", [size or 0 for size in output_shape], x.itemsize)
        if self.autocast and np.issubdtype(x.dtype, np.floating):
            x = dtypes.cast(x, self.compute_dtype)
        return x

    def _checked_array(self, inputs: Any) -> Array:
        if not hasattr(inputs, "__array__"):
            raise DataError(
                "Only input tensors may be passed as positional arguments. The following argument "
                f"value should be passed as a keyword argument: {_short(inputs)} "
                f"(of type {type(inputs)})",
                received=f"{_short(inputs)} (of type {type(inputs)})",
                remedy='Use an array, such as np.array(values, "float32").',
            )
        x = np.asarray(inputs)
        if x.dtype.name == "bfloat16":  # of ml_dtypes; NumPy does not count it as a float
            x = x.astype(np.float32)
        if np.issubdtype(x.dtype, np.floating):
            if not self.autocast and x.dtype != dtypes.cast(0, self.compute_dtype).dtype:
                raise DataError(
                    f"{self!r} computes in {self.compute_dtype} and does not cast.",
                    received=f"an array of dtype {x.dtype}",
                    remedy=f'Use x.astype("{self.compute_dtype}"), or autocast=True.',
                )
            return x
        if x.dtype.kind not in self.accepts:
            raise DataError(
                f"{self!r} needs {'numbers' if 'i' in self.accepts else 'floats'}.",
                received=f"an array of dtype {x.dtype}",
                remedy='Use x.astype("float32"), and divide pixels by 255.',
            )
        return x

    # The backward pass

    def backward(self, inputs: Any, dy: Array) -> tuple[Any, list[Array]]:
        """The gradients for a checked input and for each weight, given the output's."""
        raise NotImplementedError

    def vjp(self, inputs: Any, output_gradient: Any) -> Gradients:
        """The backward pass: the gradients of `sum(layer(inputs) * output_gradient)`.

        Args:
            inputs: a float array as for a call.
            output_gradient: an array of the output's shape.

        Returns:
            `(inputs, weights)`: an array of the input's shape, and a list of arrays in the order
            and shapes of `get_weights()`.

        Raises:
            DataError: an input of integers has no gradient, and a gradient is of real numbers.
            ShapeError: `output_gradient` has another shape than the output.

        Example:
            >>> from convlab.layers import Conv2D
            >>> layer = Conv2D(1, (1, 2), kernel_initializer="ones")
            >>> dx, (dkernel, dbias) = layer.vjp(np.ones((1, 1, 3, 1)), np.ones((1, 1, 2, 1)))
            >>> dx.ravel(), dkernel.ravel(), dbias
            (array([1., 2., 1.], dtype=float32), array([2., 2.], dtype=float32), array([2.],
            dtype=float32))
        """
        x = self.prepare(inputs)
        if not np.issubdtype(x.dtype, np.floating):
            raise DataError(
                "Only floats have a gradient.",
                received=f"an input of dtype {x.dtype}",
                remedy='Use x.astype("float32").',
            )
        dy = self.checked_gradient(output_gradient, self.called_shape(x.shape))
        dx, weights = self.backward(x, dtypes.cast(dy, self.compute_dtype))
        return Gradients(
            dtypes.cast(dx, self.compute_dtype),
            [
                dtypes.cast(gradient, weight.dtype)
                for gradient, weight in zip(weights, self.weights, strict=True)
            ],
        )

    @staticmethod
    def checked_gradient(output_gradient: Any, expected: Shape) -> Array:
        """The gradient of an output as an array; refuses another shape than the output's."""
        dy = dtypes.real(output_gradient, "A gradient holds real numbers.")
        if dy.shape != expected:
            raise ShapeError(
                "The gradient of the output has the output's shape.",
                received=f"a gradient of shape {dy.shape}, for the output shape {expected}",
                remedy=f"Give an array of shape {expected}, such as np.ones({expected}).",
            )
        return dy

    # Dtypes

    @property
    def dtype(self) -> str:
        """The float type of the weights."""
        return self.dtype_policy.variable_dtype

    variable_dtype = dtype

    @property
    def compute_dtype(self) -> str:
        """The float type of inputs and outputs."""
        return self.dtype_policy.compute_dtype


def standard_shape(shape: Any) -> Shape:
    """A shape as a tuple of integers, with None for what is not known.

    Raises:
        ShapeError: it holds something else, or is no sequence.

    Example:
        >>> standard_shape([None, 28, 28, 1])
        (None, 28, 28, 1)
    """
    try:
        sizes = tuple(shape)
    except TypeError:
        sizes = (shape,)
    good = all(
        size is None or (isinstance(size, (int, np.integer)) and size >= 0) for size in sizes
    )
    if not good or isinstance(shape, (str, int)):
        raise ShapeError(
            f"Cannot convert '{shape}' to a shape.",
            received=f"input_shape={shape!r}",
            remedy="Give a tuple of whole numbers, with None for an unknown size, "
            "such as (None, 28, 28, 1).",
            argument="input_shape",
        )
    return tuple(size if size is None else int(size) for size in sizes)


def _checked_weights(weights: Any) -> Sequence[ArrayLike] | None:
    """The arrays to set when the layer is built."""
    if weights is None or isinstance(weights, (list, tuple)):
        return weights
    raise ArgumentError(
        "The `weights` are a list of arrays, such as `get_weights()` gives.",
        received=f"weights={_short(weights)}",
        remedy="Use a list: the kernel, then the bias.",
        argument="weights",
        fixes=[{"weights": None}],
    )


def _all_names(cls: type) -> dict[str, None]:
    """The keyword arguments of a layer's class, and of every layer."""
    return dict.fromkeys((*argument_names(cls), *argument_names(Layer)))


@cache
def _call_names(call: Callable[..., Any]) -> tuple[str, ...]:
    """The arguments that a layer's `call` takes beside the input."""
    return tuple(inspect.signature(call).parameters)[2:]


def _batch_input_shape(
    input_shape: Any = None,
    input_dim: int | None = None,
    batch_input_shape: Any = None,
    batch_size: int | None = None,
) -> Shape | None:
    """The input's shape, batch first, from the keywords of older Keras."""
    if input_dim is not None:
        input_shape = (input_dim,)
    if batch_input_shape is None and input_shape is None:
        return None
    warnings.warn(
        "Do not pass an `input_shape`/`input_dim` argument to a layer. When using Sequential "
        "models, prefer using an `Input(shape)` object as the first layer in the model instead.",
        stacklevel=_frames_here(),
    )
    if batch_input_shape is not None:
        return standard_shape(batch_input_shape)
    return standard_shape((batch_size, *standard_shape(input_shape)))


def _frames_here() -> int:
    """How many frames up a layer was made: the first that is not one of the package's layers."""
    frame, frames = inspect.currentframe(), 0
    while frame and frame.f_globals.get("__name__", "").startswith("convlab.layers."):
        frame, frames = frame.f_back, frames + 1
    return frames


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
