"""What a convolution refuses, worded: Keras's sentence, what was received, changes that mend it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.geometry import axis_names

if TYPE_CHECKING:
    from convlab.layers.base import Shape
    from convlab.layers.base_conv import BaseConv
    from convlab.layers.conv_lstm_form import ConvLSTMForm
    from convlab.layers.kernel_layer import KernelLayer
    from convlab.layers.pooling import BasePooling
    from convlab.layers.spatial import Spatial


_MOST = 100_000
"""Beyond so many filters or channels, no neighbours are proposed."""


def plain_count(count: Any) -> Any:
    """A count as an integer where it is a boolean or NumPy's."""
    return int(count) if isinstance(count, (bool, np.integer)) else count


def check_positive(name: str, count: Any) -> None:
    """Refuse a count that is not positive; None passes, as in Keras."""
    if isinstance(count, str):
        raise ArgumentTypeError(
            f"Invalid value for argument `{name}`. Expected a strictly positive value. "
            f"Received {name}={count!r}.",
            received=f"{name}={count!r}",
            remedy=f"Use a whole number without quotes, such as {name}=8.",
            argument=name,
        )
    if count is not None and not _is_positive(count):
        raise ArgumentError(
            f"Invalid value for argument `{name}`. Expected a strictly positive value. "
            f"Received {name}={count}.",
            received=f"{name}={count}",
            remedy=f"Use {name}=1 or more.",
            argument=name,
            fixes=[{name: 1}],
        )


def check_filters_and_groups(filters: Any, groups: Any) -> None:
    """Refuse counts that are not positive, and filters that the groups do not divide."""
    check_positive("filters", filters)
    if not _is_positive(groups):
        raise ArgumentError(
            f"The number of groups must be a positive integer. Received: groups={groups}.",
            received=f"groups={groups}",
            remedy="Use groups=1, or a divisor of the filters and the channels.",
            argument="groups",
            fixes=[{"groups": 1}],
        )
    if filters is not None and filters % groups:
        fixes = [{"groups": near} for near in nearest_divisors(filters, groups)]
        fixes += [{"filters": near} for near in nearest_multiples(filters, groups)]
        raise ArgumentError(
            "The number of filters must be evenly divisible by the number of groups. "
            f"Received: groups={groups}, filters={filters}.",
            received=f"groups={groups}, filters={filters}",
            remedy=_use(fixes) or "Use a number of filters that the groups divide.",
            argument="groups",
            fixes=fixes,
        )


def check_strides_and_dilation(strides: tuple[int, ...], dilation_rate: tuple[int, ...]) -> None:
    """Refuse a stride together with a dilation, on whichever axes, as Keras does."""
    if max(strides) > 1 and max(dilation_rate) > 1:
        fixes = [{"strides": 1}, {"dilation_rate": 1}]
        raise ArgumentError(
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. "
            f"Received: strides={strides} and dilation_rate={dilation_rate}",
            received=f"strides={strides} and dilation_rate={dilation_rate}",
            remedy=_use(fixes),
            argument="strides",
            fixes=fixes,
        )


def check_recurrent_strides(strides: tuple[Any, ...], dilation_rate: tuple[Any, ...]) -> None:
    """Refuse a stride together with a dilation, in the words of Keras's recurrent layers."""
    if max(strides) > 1 and max(dilation_rate) > 1:
        fixes = [{"strides": 1}, {"dilation_rate": 1}]
        raise ArgumentError(
            "Specifying `strides > 1` is not compatible with `dilation_rate > 1`. Please provide "
            f"`strides=1` or `dilation_rate=1`. Received: strides={strides} and "
            f"dilation_rate={dilation_rate}",
            received=f"strides={strides} and dilation_rate={dilation_rate}",
            remedy=_use(fixes),
            argument="strides",
            fixes=fixes,
        )


def checked_lora_rank(rank: Any) -> int | None:
    """The rank of a low-rank update; Keras refuses another one when the layer is built."""
    if rank is None or (isinstance(rank, (int, np.integer)) and rank >= 0):
        return None if rank is None else int(rank)
    kind = ArgumentError if isinstance(rank, (int, np.integer)) else ArgumentTypeError
    raise kind(
        "The rank of a LoRA update is a whole number of 1 or more.",
        received=f"lora_rank={rank!r}",
        remedy="Use lora_rank=4, or None for no update.",
        argument="lora_rank",
        fixes=[{"lora_rank": None}],
    )


def constrained_lora(constraint: Any, rank: int) -> ArgumentError:
    """The refusal of a low-rank update of a kernel that has a constraint."""
    return ArgumentError(
        "Lora is incompatible with kernel constraints. In order to enable lora on this layer, "
        "remove the `kernel_constraint` argument.",
        received=f"kernel_constraint={constraint!r}, lora_rank={rank}",
        remedy="Use kernel_constraint=None or lora_rank=None.",
        argument="kernel_constraint",
        fixes=[{"kernel_constraint": None}, {"lora_rank": None}],
    )


def check_whole(name: str, count: Any, shape: tuple[Any, ...], size: Any = None) -> None:
    """Refuse a count that is no whole number, which Keras finds when it makes the kernel.

    Args:
        name: the argument's name.
        count: its value.
        shape: the kernel's shape, of which one size is not whole.
        size: that size, where it is not the count itself.
    """
    if not isinstance(count, int):
        near = int(count) if isinstance(count, float) and 1 <= count < math.inf else 1
        raise ShapeError(
            f"Cannot convert '{shape}' to a shape. Found invalid dimension "
            f"'{count if size is None else size}'.",
            received=f"{name}={count!r}",
            remedy=f"Use a whole number, such as {name}={near}.",
            argument=name,
            fixes=[{name: near}],
        )


def check_kernel_shape(layer: BaseConv, shape: tuple[Any, ...]) -> None:
    """Refuse filters or groups for which no kernel can be made; None channels are not known."""
    *_, depth, filters = shape
    check_whole("filters", filters, shape)
    if depth is not None:
        check_whole("groups", layer.groups, shape, depth)


def unsupported_padding(padding: Any) -> ArgumentError:
    """The refusal of a padding given as numbers, which Keras refuses when the layer is built."""
    fixes = [{"padding": "same"}, {"padding": "valid"}]
    return ArgumentError(
        f"`padding` must be either `'valid'` or `'same'`. Received {padding}.",
        received=f"{padding}",
        remedy=_use(fixes),
        argument="padding",
        fixes=fixes,
    )


def wrong_rank(layer: KernelLayer, shape: Shape) -> ShapeError:
    """The refusal of an input with too few or too many axes."""
    channels = shape[layer.channel_axis] if len(shape) > 1 else None
    spatial = axis_names(layer.rank)
    order = (*spatial, "channels") if layer.channel_axis == -1 else ("channels", *spatial)
    kernel = (*layer.kernel_size, channels, layer.channels_out(channels))
    batch = " One example alone is x[None]." if len(shape) == layer.rank + 1 else ""
    return ShapeError(
        "Kernel shape must have the same length as input, but received kernel of shape "
        f"{kernel} and input of shape {shape}.",
        received=f"input of shape {shape}",
        remedy=f"{layer!r} needs an input ({', '.join(('batch', *order))}).{batch}",
        argument="input_shape",
    )


def wrong_ndim(layer: Spatial, shape: Shape, lead: tuple[str, ...] = ()) -> ShapeError:
    """The refusal of an input with too few or too many axes, by layers without a kernel shape.

    Args:
        layer: the layer.
        shape: the whole input shape.
        lead: the axes between the batch and the others.
    """
    spatial = axis_names(layer.rank)
    order = (*spatial, "channels") if layer.channel_axis == -1 else ("channels", *spatial)
    single = " One example alone is x[None]." * (len(shape) == layer.input_rank - 1)
    return ShapeError(
        f'Input 0 of layer "{layer.name}" is incompatible with the layer: expected '
        f"ndim={layer.input_rank}, found ndim={len(shape)}. Full shape received: {shape}",
        received=f"input of shape {shape}",
        remedy=f"{layer!r} needs an input ({', '.join(('batch', *lead, *order))}).{single}",
        argument="input_shape",
    )


def wrong_channels(layer: Spatial, built: int, shape: Shape) -> ShapeError:
    """The refusal of another number of channels than the layer was built with."""
    return ShapeError(
        f"Input 0 of layer '{layer.name}' is incompatible with the layer: expected axis "
        f"{layer.channel_axis} of input shape to have value {built}, but received input with "
        f"shape {shape}",
        received=f"input with shape {shape}",
        remedy=f"Give it {built} channels, or make a new layer.",
        argument="input_shape",
    )


def unknown_channels(layer: KernelLayer, shape: Shape) -> ArgumentTypeError:
    """The refusal to make weights for a number of channels that is not known."""
    return ArgumentTypeError(
        f"{layer!r} needs to know the number of input channels.",
        received=f"input shape {shape}, data_format={layer.data_format!r}",
        remedy=f"Give axis {layer.channel_axis} a size.",
        argument="input_shape",
    )


def undivided_channels(layer: BaseConv, channels: int, shape: Shape) -> ShapeError:
    """The refusal of channels that the groups do not divide."""
    both = [g for g in nearest_divisors(channels, layer.groups) if not layer.filters % g]
    fixes = layer.mending([{"groups": groups} for groups in (*both, 1)], shape)
    fixes = [fix for i, fix in enumerate(fixes) if fix not in fixes[:i]]
    return ShapeError(
        "The number of input channels must be evenly divisible by the number of groups. Received "
        f"groups={layer.groups}, but the input has {channels} channels (full input shape is "
        f"{shape}).",
        received=f"groups={layer.groups}, but the input has {channels} channels "
        f"(full input shape is {shape})",
        remedy=_use(fixes) or "Use groups=1.",
        argument="groups",
        fixes=fixes,
    )


def no_output(
    layer: KernelLayer | ConvLSTMForm, shape: Shape, errors: Sequence[ShapeError | None]
) -> ShapeError:
    """The refusal of an input that is too small, on the first axis where it is.

    Args:
        layer: the layer.
        shape: the whole input shape.
        errors: per spatial axis, why it has no output, or None if it has one.
    """
    names = axis_names(layer.rank)
    name, error = next((n, e) for n, e in zip(names, errors, strict=True) if e is not None)
    fixes = layer.mending(_layer_fixes(layer.kernel_size, errors), shape)
    return ShapeError(
        f"Computed output size would be zero or negative. {layer!r} on axis '{name}': {error.rule}",
        received=f"input shape {shape}, padding={layer.padding!r}",
        remedy=error.remedy.replace("of size", f"of {name}"),
        argument=error.argument,
        fixes=fixes,
    )


def unknown_pooling_padding(padding: Any) -> ArgumentError:
    """The refusal of a padding that is not "valid" or "same"."""
    fixes = [{"padding": "valid"}, {"padding": "same"}]
    return ArgumentError(
        f"Argument `padding` must be either 'valid' or 'same'. Received: padding={padding}",
        received=f"padding={padding!r}",
        remedy=_use(fixes),
        argument="padding",
        fixes=fixes,
    )


def no_window(layer: BasePooling, shape: Shape, errors: Sequence[ShapeError | None]) -> ShapeError:
    """The refusal of an input that is smaller than a pooling's window, on the first such axis."""
    names = axis_names(layer.rank)
    name, error = next((n, e) for n, e in zip(names, errors, strict=True) if e is not None)
    sizes = layer.spatial_sizes(shape)
    smaller = tuple(
        min(pool, size or pool) for pool, size in zip(layer.pool_size, sizes, strict=True)
    )
    mends: list[dict[str, Any]] = [{"padding": "same"}, {"pool_size": smaller}]
    fixes = [] if 0 in sizes else layer.mending(mends, shape)  # no window fits into nothing
    rule = error.rule.replace("the kernel reaches", "the window spans")
    return ShapeError(
        f"Computed output size would be negative or zero. {layer!r} on axis '{name}': {rule}",
        received=f"input shape {shape}, padding={layer.padding!r}",
        remedy=_use(fixes) or "Use a larger input.",
        argument="pool_size",
        fixes=fixes,
    )


def _layer_fixes(
    kernel_size: tuple[int, ...], errors: Sequence[ShapeError | None]
) -> list[dict[str, Any]]:
    """The fixes of each axis as fixes of the layer: a kernel that is smaller on those axes only."""
    fixes = [fix for error in errors if error is not None for fix in error.fixes]
    smaller = tuple(
        next((fix["kernel_size"] for fix in error.fixes if "kernel_size" in fix), kernel)
        if error is not None
        else kernel
        for kernel, error in zip(kernel_size, errors, strict=True)
    )
    whole = [{"kernel_size": smaller} if "kernel_size" in fix else fix for fix in fixes]
    return [fix for i, fix in enumerate(whole) if fix not in whole[:i]]


def nearest_divisors(number: Any, near: Any) -> list[int]:
    """The divisors of a number next to another number, below and above it.

    >>> nearest_divisors(12, 5)
    [4, 6]
    """
    if not isinstance(number, (int, np.integer)) or number > _MOST:
        return []
    divisors = [d for d in range(1, int(number) + 1) if number % d == 0]
    below = [d for d in divisors if d <= near][-1:]
    return below + [d for d in divisors if d > near][:1]


def nearest_multiples(number: Any, of: Any) -> list[int]:
    """The positive multiples next to a number, below and above it.

    >>> nearest_multiples(5, of=4)
    [4, 8]
    """
    if not isinstance(of, (int, np.integer)) or not 0 < number <= _MOST:
        return []
    below = int(number // of) * int(of)
    return [multiple for multiple in (below, below + int(of)) if multiple > 0]


def _is_positive(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and bool(value > 0)


def _use(fixes: Sequence[dict[str, Any]]) -> str:
    words = [f"{name}={value!r}" for fix in fixes for name, value in fix.items()]
    return f"Use {' or '.join(words)}." if words else ""
