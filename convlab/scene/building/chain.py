"""The scene of a layer, or of several in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, DataError
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.layers.input_layer import InputLayer
from convlab.models import Sequential
from convlab.scene.building.families import family_of
from convlab.scene.building.told import full_cost
from convlab.scene.building.work import Made, Work, output_grid, require, shown
from convlab.scene.data import Grid, LayerStep, Norm, Scene

Array = NDArray[Any]
Part = tuple[Work, Made]

_ROUNDOFF = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}


def build_scene(
    layer: Any,
    x: ArrayLike,
    *,
    item: int = 0,
    picture: bool = False,
    output: ArrayLike | None = None,
    time: int | None = None,
) -> Scene:
    """The scene of a layer, or of a chain of layers, at work on one example of a batch.

    Args:
        layer: a convolutional layer, or one that pools, pads, crops or resizes; a list of them, or
            a `Sequential`. Layers are built when they are not yet.
        x: the batch, `(batch, dim_1, ..., dim_N, channels)` or in the layer's own data format; for
            a convolutional LSTM, with time behind the batch.
        item: which example to show; negative counts from the end.
        picture: whether the values are those of a picture, 0 to 1: one channel is then shown in
            grey, three in colour.
        output: a batch to show in the place of the layer's own output, which it is compared with.
        time: which time step of a convolutional LSTM to show, in the order in which it reads them;
            None is the last. It begins from a state of zeros, and no layer's state changes.

    Returns:
        The scene. Its output holds the layer's own values unless others were given.

    Raises:
        ArgumentError: this is no such layer, or the layers cannot be shown in a row.
        DataError: the batch has no such example or time step, or holds no numbers of use.
        ShapeError: a layer refuses its input's shape.

    Example:
        >>> from convlab.layers import Conv2D, ZeroPadding2D
        >>> layer = Conv2D(1, 2, kernel_initializer="ones")
        >>> scene = build_scene(layer, np.ones((1, 3, 3, 1), "float32"))
        >>> scene.steps[0].output.values[..., 0].tolist()
        [[4.0, 4.0], [4.0, 4.0]]
        >>> scene = build_scene([ZeroPadding2D(1), layer], np.ones((1, 3, 3, 1), "float32"))
        >>> [step.name for step in scene.steps], scene.output_shape
        (['padding', 'convolution'], (None, 4, 4, 1))
    """
    layers = _layers(layer)
    example = _example(layers[0], x, item)
    parts = _made(layers, example, _source(layers[0], example, picture), time)
    if output is not None:
        parts[-1] = _with_output(parts[-1], np.asarray(output)[item:][:1])
    return _scene(parts, _code(layer, layers))


def _layers(subject: Any) -> list[Any]:
    """The layers of a chain, in order; of one layer, itself."""
    layers = list(_flat(subject))
    if not layers:
        raise ArgumentError(
            "A scene shows at least one layer.",
            received=f"{subject!r:.80}",
            remedy="Give a layer such as Conv2D(8, 3), or a list of such layers.",
            argument="layer",
        )
    for layer in layers:
        family_of(layer)
    formats = {layer.data_format for layer in layers}
    if len(formats) > 1:
        raise ArgumentError(
            "The layers of a chain have one data format.",
            received=", ".join(f"{type(one).__name__} in {one.data_format}" for one in layers),
            remedy="Give every layer the same data_format.",
            argument="data_format",
        )
    return layers


def _flat(subject: Any) -> Iterator[Any]:
    if isinstance(subject, Sequential):
        subject = subject.operations
    if isinstance(subject, list | tuple):
        for one in subject:
            yield from _flat(one)
    elif not isinstance(subject, InputLayer):
        yield subject


def _example(layer: Any, x: ArrayLike, item: int) -> Array:
    """One example as a batch of one, prepared for the first layer."""
    batch = np.asarray(x)
    if batch.ndim and not -len(batch) <= item < len(batch):
        raise DataError(
            "A scene shows one example of the batch.",
            received=f"item={item} of a batch of {len(batch)}",
            remedy="Give a batch of at least one example, and the index of one of them.",
            argument="item",
        )
    _refuse_empty("input", batch.shape)
    if getattr(layer, "stateful", False) and not layer.built:
        layer.build(batch.shape)  # it keeps a state for each example of the batch
    prepared: Array = layer.prepare(batch[item:][:1] if batch.ndim else batch)
    return prepared


def _refuse_empty(what: str, shape: tuple[int, ...]) -> None:
    if 0 in shape[1:]:
        raise DataError(
            f"A scene shows an {what} of at least one cell.",
            received=f"{what} shape {(None, *shape[1:])}",
            remedy="Give every axis of the input, and every channel, a size of 1 or more.",
        )


def _source(layer: Any, example: Array, picture: bool) -> Grid:
    """The example as it is shown."""
    found = shown(layer, example)
    grey = picture and np.min(found, initial=0) >= 0
    norm = Norm.of(found, "grey" if grey else None)
    return Grid(found, norm, colour=picture and found.shape[-1] == 3)


def _made(layers: Sequence[Any], x: Array, grid: Grid, time: int | None) -> list[Part]:
    """What each layer makes of what the one before it gives."""
    parts = []
    for layer, at in zip(layers, _times(layers, x, time), strict=True):
        work = Work(layer, layer.prepare(x), grid, at)
        made = family_of(layer).make(work)
        _refuse_empty("output", made.output.shape)
        parts.append((work, made))
        x, grid = made.output, made.steps[-1].output
    return parts


def _times(layers: Sequence[Any], x: Array, time: int | None) -> list[int]:
    """For each layer which of its time steps is shown: the one that the next layer reads."""
    last = max((i for i, one in enumerate(layers) if isinstance(one, ConvLSTM)), default=None)
    if last is None:
        return [-1] * len(layers)
    steps = x.shape[1]
    at = steps - 1 if time is None else time
    if last < len(layers) - 1 and (layers[last].return_sequences or at not in (-1, steps - 1)):
        raise ArgumentError(
            "In a chain, what follows a convolutional LSTM reads the state after its last step.",
            received=f"return_sequences={layers[last].return_sequences}, time={time}",
            remedy="Use return_sequences=False and time=None, or show the LSTM alone.",
            argument="time" if not layers[last].return_sequences else "return_sequences",
        )
    times = []
    for layer in reversed(layers):
        times.append(at)
        if isinstance(layer, ConvLSTM) and layer.go_backwards:
            at = steps - 1 - at
    return times[::-1]


def _with_output(part: Part, given: Array) -> Part:
    """The part with other numbers in the place of its layer's own output."""
    work, made = part
    *before, step = made.steps
    if made.time is not None and getattr(work.layer, "return_sequences", False):
        given = given[:, made.time.step]
    array = shown(work.layer, given)
    require("output", array.shape, step.linear.shape)
    linear = array if step.activation == "linear" else step.linear
    other: LayerStep = replace(step, output=output_grid(array), linear=linear)
    return work, replace(made, steps=(*before, other))


def _scene(parts: Sequence[Part], code: str) -> Scene:
    (first, _), (last, made) = parts[0], parts[-1]
    costs = [work.layer.cost(work.x.shape) for work, _ in parts]
    times = [made.time for _, made in parts if made.time is not None]
    computed = made.output.dtype.kind not in "iub"
    dtype = last.layer.compute_dtype if computed else made.output.dtype.name
    spares = len(parts) == 1 and family_of(last.layer).spares
    return Scene(
        layer=", ".join(type(work.layer).__name__ for work, _ in parts),
        code=code,
        data_format=last.layer.data_format,
        dtype=dtype,
        roundoff=_ROUNDOFF.get(dtype, 0.0),
        input_shape=(None, *first.x.shape[1:]),
        output_shape=(None, *made.output.shape[1:]),
        parameters=sum(cost.params for cost in costs),
        macs=sum(cost.macs or 0 for cost in costs),
        steps=tuple(step for _, made in parts for step in made.steps),
        facts=tuple(_facts(parts)),
        flat=made.output.ndim == 2,
        time=times[-1] if times else None,
        full_cost=full_cost(last) if spares else None,
    )


def _facts(parts: Sequence[Part]) -> Iterator[str]:
    """What each layer has to say; in a chain, led by the number of its first step."""
    number = 1
    for work, made in parts:
        lead = f"{number} {made.steps[0].name}: " if len(parts) > 1 else ""
        for fact in family_of(work.layer).tell(work, made):
            yield lead + fact
        number += len(made.steps)


def _code(subject: Any, layers: Sequence[Any]) -> str:
    """The call that makes what is shown."""
    if len(layers) == 1 and subject is layers[0]:
        return repr(subject)
    listed = f"[{', '.join(map(repr, layers))}]"
    return f"Sequential({listed})" if isinstance(subject, Sequential) else listed
