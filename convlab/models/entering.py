"""What goes into a network: in the order of its inputs, of their shapes and dtypes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import DataError, ShapeError
from convlab.layers import dtypes
from convlab.layers.base import Shape
from convlab.layers.node import Spec, Tensor

if TYPE_CHECKING:
    from convlab.models.model import Model

Array = NDArray[Any]


def in_order(model: Model, inputs: Any) -> list[Any]:
    """What goes in as a list: of a list, of a dictionary by name, or of one thing alone.

    Raises:
        DataError: another number of them, or a name that is none of the inputs'.
    """
    names = [tensor.name for tensor in model.inputs]
    if isinstance(inputs, Mapping):
        given = model.graph.inputs
        for keys in (sorted(given) if isinstance(given, Mapping) else names, names):
            if all(key in inputs for key in keys):
                return [inputs[key] for key in keys]
    elif len(names) == 1 and isinstance(inputs, list | tuple) and not isinstance(inputs, Spec):
        if len(inputs) == 1 and hasattr(inputs[0], "shape"):
            return [inputs[0]]
    elif len(names) == 1:
        return [inputs]
    elif isinstance(inputs, list | tuple) and len(inputs) == len(names):
        return list(inputs)
    raise DataError(
        f"{model.class_name} '{model.name}' takes {len(names)} input(s): {', '.join(names)}.",
        received=f"{len(inputs)} in a {type(inputs).__name__}"
        if hasattr(inputs, "__len__")
        else f"{inputs!r:.80}",
        remedy="Give an array, or a list or dictionary of as many arrays.",
        argument="inputs",
    )


def check_shapes(model: Model, specs: Sequence[Spec]) -> None:
    """Refuse what has another shape than the input that it is for.

    Raises:
        ShapeError: which input has which shape.
    """
    for tensor, spec in zip(model.inputs, specs, strict=True):
        if tensor.spec is not None and not _fits(spec.shape, tensor.shape):
            raise _other_shape(model, tensor, spec.shape)


def arrays_of(model: Model, inputs: Any) -> list[Array]:
    """What goes in as arrays, of the dtypes of the inputs.

    Raises:
        DataError: these are no arrays of numbers, or not as many as there are inputs.
        ShapeError: an array has another shape than its input.
    """
    arrays = []
    for tensor, given in zip(model.inputs, in_order(model, inputs), strict=True):
        x = dtypes.real(given, f"The input '{tensor.name}' holds real numbers.")
        spec = tensor.spec
        if spec is not None:
            x = _fitted(model, tensor, x, spec.shape)
            if not (np.issubdtype(x.dtype, np.integer) and "int" in spec.dtype):
                x = dtypes.cast(x, spec.dtype) if "float" in spec.dtype else x
        arrays.append(x)
    return arrays


def _fitted(model: Model, tensor: Tensor, x: Array, shape: Shape) -> Array:
    """An array as the input takes it: a last axis of size 1 may be left out, as in Keras."""
    if _fits(x.shape, shape):
        return x
    if shape[-1:] == (1,) and _fits((*x.shape, 1), shape):
        return x[..., None]
    if x.shape[-1:] == (1,) and _fits(x.shape[:-1], shape):
        return x[..., 0]
    raise _other_shape(model, tensor, x.shape)


def _other_shape(model: Model, tensor: Tensor, found: Shape) -> ShapeError:
    expected = tensor.shape
    return ShapeError(
        f"The input '{tensor.name}' of {model.class_name} '{model.name}' has the shape {expected}.",
        received=f"the shape {found}",
        remedy="Give it a batch axis: x[None]."
        if found == expected[1:]
        else "Give an array of that shape, batch first.",
        argument="inputs",
    )


def _fits(found: Shape, expected: Shape) -> bool:
    """Whether two shapes agree behind the batch, as far as they are known."""
    return len(found) == len(expected) and all(
        None in (one, two) or one == two for one, two in zip(found[1:], expected[1:], strict=True)
    )
