"""Weights from a file or a live model into a model's layers: which array belongs to which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import FileRefused
from convlab.layers.base import Layer
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.naming import snake_case
from convlab.layers.opaque import Opaque
from convlab.layers.weight import Weight
from convlab.models.hdf5 import Attributes, read_attributes, read_weights
from convlab.models.legacy import as_graph, modern_name, modern_weights
from convlab.models.limits import Limits
from convlab.models.model import Model
from convlab.models.span import Span

Array = NDArray[Any]

_CONTAINERS = ("layers", "_layer_checkpoint_dependencies")
_OLD_CONV_LSTM = 12  # arrays of a ConvLSTM2D in Keras 1: three for each gate
_SUFFIX = re.compile(r"(:\d+)?$")


class WeightFile:
    """The arrays of an HDF5 file: their shapes at once, their values when the first is needed.

    Args:
        span: where the file lies.
        limits: how large it may be.
        told: what `read_attributes` said of it, if it was asked already.
    """

    def __init__(self, span: Span, limits: Limits, told: Attributes | None = None) -> None:
        self.span, self.limits = span, limits
        self.told = told or read_attributes(span, limits)
        self._values: dict[str, Array] | None = None

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of each array, by its path."""
        return self.told["shapes"]

    @property
    def by_layer(self) -> Mapping[str, Sequence[str]] | None:
        """The paths of each layer's arrays, in files that tell them; else None."""
        return self.told["layer_weights"]

    def read(self) -> None:
        """Read all values now."""
        if self._values is None:
            self._values = read_weights(self.span, self.limits)

    def array(self, path: str) -> Array:
        """One of the arrays."""
        self.read()
        return (self._values or {})[path]


class _Later(Sequence[Array]):
    """Arrays of a file that are read when a layer is built."""

    def __init__(self, file: WeightFile, paths: Sequence[str]) -> None:
        self.file, self.paths = file, paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: Any) -> Any:
        return self.file.array(self.paths[index])


def attach_by_path(model: Model, file: WeightFile, prefix: str = "") -> None:
    """Attach the arrays of a `.keras` file, whose paths say where they belong.

    Source: keras/src/saving/saving_lib.py, `_save_container_state`: a layer's path is the snake
    case of its class's name, counted among those of its model.

    Raises:
        FileRefused: an array has another shape than its weight, or is not there.
    """
    container = next(
        (
            name
            for name in _CONTAINERS
            if any(p.startswith(f"{prefix}{name}/") for p in file.shapes)
        ),
        _CONTAINERS[0],
    )
    stored = _by_place(file.shapes, f"{prefix}{container}/")
    used: Counter[str] = Counter()
    for layer in model.listed or model.layers:
        kind = snake_case(layer.class_name)
        place = f"{kind}_{used[kind]}" if used[kind] else kind
        used[kind] += 1
        if isinstance(layer, Model):
            attach_by_path(layer, file, f"{prefix}{container}/{place}/")
        else:
            _attach(layer, stored.get(place, []), file)


def _by_place(shapes: Mapping[str, Any], prefix: str) -> dict[str, list[str]]:
    """The paths below a prefix by their next part, in the order of their numbers."""
    places: dict[str, list[tuple[str, int, str]]] = {}
    for path in shapes:
        if not path.startswith(prefix) or "/seed_generator/" in path:
            continue
        place, _, rest = path.removeprefix(prefix).partition("/")
        group, _, number = rest.rpartition("/")
        if number.isdecimal() and group.endswith("vars"):
            places.setdefault(place, []).append((group, int(number), path))
    return {place: [path for *_, path in sorted(found)] for place, found in places.items()}


def attach_by_layer(model: Model, file: WeightFile, entry: Any) -> None:
    """Attach the arrays of a `.h5` file, which lists them for each layer.

    Raises:
        FileRefused: a layer has another number of arrays than weights, or of other shapes.
    """
    listed = {modern_name(name): paths for name, paths in (file.by_layer or {}).items()}
    written = _entries(entry)
    version, backend = str(file.told["keras_version"] or "1"), file.told["backend"]
    old = version.startswith("1") or (version.startswith("2") and backend == "theano")
    for layer in model.layers:
        paths = list(listed.get(layer.name, ()))
        if not old or not paths or isinstance(layer, Opaque):
            _attach(layer, paths, file)
            continue
        for part, own in _shared_out(layer, paths):
            _attach_old(part, own, file, written.get(part.name, {}))


def _shared_out(layer: Layer, paths: list[str]) -> list[tuple[Layer, list[str]]]:
    """Which arrays belong to which layer of a nested model: all trainable ones come first."""
    parts = [part for part in _leaves(layer) if part.weights]
    trainable = [len(part.trainable_weights) for part in parts]
    others = [len(part.weights) - n for part, n in zip(parts, trainable, strict=True)]
    for counts in (trainable, others):
        for at, part in enumerate(parts):
            if isinstance(part, ConvLSTM) and counts[at] == len(part.weights):
                counts[at] = _OLD_CONV_LSTM
    given = iter(paths)
    found = [(part, list(islice(given, n))) for part, n in zip(parts, trainable, strict=True)]
    for (_, own), n in zip(found, others, strict=True):
        own += islice(given, n)
    left = list(given)
    if left or not found:
        raise _other_number(layer, len(paths), len(layer.weights))
    return found


def _leaves(layer: Layer) -> Iterator[Layer]:
    if not isinstance(layer, Model):
        yield layer
        return
    for part in layer.layers:
        yield from _leaves(part)


def _entries(entry: Any) -> dict[str, Mapping[str, Any]]:
    """What a file says of its layers, those of nested models too, by their names."""
    config = as_graph(entry).get("config") if isinstance(entry, Mapping) else None
    listed = config.get("layers") if isinstance(config, Mapping) else config
    found: dict[str, Mapping[str, Any]] = {}
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, Mapping):
            continue
        inner = one.get("config")
        found |= _entries(one)
        name = one.get("name") or (inner.get("name") if isinstance(inner, Mapping) else None)
        if isinstance(name, str):
            found[modern_name(name)] = one
    return found


def _attach_old(
    layer: Layer, paths: list[str], file: WeightFile, written: Mapping[str, Any]
) -> None:
    """Weights of Keras 1, which lie in other orders: they are turned when they are read."""
    turned: list[Array] = []

    def value(index: int) -> Array:
        if not turned:
            arrays = [file.array(path) for path in paths]
            told = file.told
            turned.extend(
                modern_weights(
                    str(written.get("class_name", layer.class_name)),
                    written.get("config", {}),
                    arrays,
                    told["keras_version"],
                    told["backend"],
                )
            )
        return turned[index]

    weights = layer.weights
    if len(weights) != len(paths):
        raise _other_number(layer, len(paths), len(weights))
    for index, weight in enumerate(weights):
        weight.draw_from(partial(_of_shape, layer, weight, partial(value, index)))


def _of_shape(layer: Layer, weight: Weight, draw: Callable[[], Array]) -> Array:
    array = draw()
    if array.shape != weight.shape:
        raise _other_shape(layer, weight, array.shape)
    return array


def _attach(layer: Layer, paths: Sequence[str], file: WeightFile) -> None:
    shapes = [file.shapes[path] for path in paths]
    if isinstance(layer, Opaque):
        layer.params = sum(int(np.prod(shape)) for shape in shapes)
        return
    if paths and layer.weighted and not layer.built:  # its input is not known yet
        layer.given_weights = _Later(file, paths)
        return
    weights = _in_order(layer, paths)
    if len(weights) != len(paths):
        raise _other_number(layer, len(paths), len(weights))
    for weight, path, shape in zip(weights, paths, shapes, strict=True):
        if weight.shape != shape:
            raise _other_shape(layer, weight, shape)
        weight.draw_from(partial(file.array, path))


def _in_order(layer: Layer, paths: Sequence[str]) -> list[Weight]:
    """A layer's weights in the order of a file: trainable ones first, unless the names say not."""
    trainable = layer.trainable_weights
    chosen = {id(weight) for weight in trainable}
    first = [*trainable, *(weight for weight in layer.weights if id(weight) not in chosen)]
    names = [_SUFFIX.sub("", path.rpartition("/")[2]) for path in paths]
    orders = [first, layer.weights]
    told = (order for order in orders if [weight.name for weight in order] == names)
    return next(told, first)


def attach_live(model: Model, theirs: Any) -> None:
    """Copy the weights of a live Keras model.

    Raises:
        FileRefused: a layer has another number of arrays than weights, or of other shapes.
    """
    found = live_layers(theirs)
    for layer in model.layers:
        other = found.get(layer.name)
        if isinstance(layer, Model) and other is not None:
            attach_live(layer, other)
        elif not isinstance(layer, Opaque):
            given = [] if other is None else other.get_weights()
            arrays = [np.asarray(array) for array in given]
            weights = layer.weights
            if len(weights) != len(arrays):
                raise _other_number(layer, len(arrays), len(weights))
            for weight, array in zip(weights, arrays, strict=True):
                if weight.shape != array.shape:
                    raise _other_shape(layer, weight, array.shape)
                weight.assign(array.astype(np.float32) if array.dtype.kind == "V" else array)


def live_layers(theirs: Any) -> dict[str, Any]:
    """The layers of a live model, by their names here."""
    layers = getattr(theirs, "layers", [])
    return {modern_name(layer.name): layer for layer in layers if hasattr(layer, "name")}


def _other_number(layer: Layer, found: int, expected: int) -> FileRefused:
    return FileRefused(
        "A file has an array for each weight of a layer.",
        received=f"{found} arrays for the {expected} weights of {layer.class_name} '{layer.name}'",
        remedy="Save the model again; or read its structure alone: weights=False.",
    )


def _other_shape(layer: Layer, weight: Weight, shape: tuple[int, ...]) -> FileRefused:
    return FileRefused(
        "An array in a file has the shape of its weight.",
        received=f"shape {shape} for '{weight.name}' of {layer.class_name} '{layer.name}', which "
        f"has the shape {weight.shape}",
        remedy="Save the model again; or read its structure alone: weights=False.",
    )
