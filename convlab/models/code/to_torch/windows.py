"""Pooling, cropping, padding and upsampling in PyTorch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from convlab.geometry import arguments
from convlab.layers.cropping import BaseCropping
from convlab.layers.global_pooling import BaseGlobalMaxPooling, BaseGlobalPooling
from convlab.layers.pooling import BaseAveragePooling, BaseMaxPooling, BasePooling
from convlab.layers.up_sampling import BaseUpSampling
from convlab.layers.zero_padding import BaseZeroPadding
from convlab.models.code.python_text import call, literal, short
from convlab.models.code.refused import no_equal
from convlab.models.code.to_torch.convolutions import sizes_of, standing
from convlab.models.code.to_torch.padding import Windows, pad
from convlab.models.code.to_torch.piece import IN_ORDER, Piece, Place, Step


def max_pooling(layer: BaseMaxPooling, place: Place) -> Piece:
    """MaxPooling1D, MaxPooling2D, MaxPooling3D: padding never wins."""
    window = _windows(layer, place)
    padding = window.padded(fill="-math.inf")
    made = _module("MaxPool", layer, padding.argument)
    return _moved(layer, (*padding.steps, Step("{self}({x})")), made, padding.helpers)


def average_pooling(layer: BaseAveragePooling, place: Place) -> Piece:
    """AveragePooling1D, AveragePooling2D, AveragePooling3D: padding does not count."""
    padding = _windows(layer, place).padded()
    if padding.argument is not None:
        made = _module("AvgPool", layer, padding.argument, count_include_pad=False)
        return _moved(layer, (Step("{self}({x})"),), made)
    made = _module("AvgPool", layer, None)
    if not padding.steps:
        return _moved(layer, (Step("{self}({x})"),), made)
    (step,) = padding.steps
    window = ", ".join(map(literal, (_pool_size(layer), _strides(layer))))
    mean = f"mean_of_real({{self}}, {{x}}, {window})"
    why = f"{step.why} Keras's mean is that of the real cells in a window."
    return _moved(layer, (Step(mean, why),), made, ("pad_same", "mean_of_real"))


def _pool_size(layer: BasePooling) -> tuple[int, ...]:
    return arguments.whole(layer.pool_size, "pool_size")


def _strides(layer: BasePooling) -> tuple[int, ...]:
    return arguments.whole(layer.strides, "strides")


def _windows(layer: BasePooling, place: Place) -> Windows:
    once = (1,) * layer.rank
    padding = str(layer.padding).lower()
    return Windows(_pool_size(layer), _strides(layer), once, padding, sizes_of(layer, place))


def _module(name: str, layer: BasePooling, padding: Any, **options: Any) -> str:
    """A pooling's module, whose stride is the window's size if it is not given, as in Keras."""
    given = {} if layer.strides == layer.pool_size else {"stride": short(layer.strides)}
    given |= {} if padding is None else {"padding": padding}
    return call(f"nn.{name}{layer.rank}d", short(layer.pool_size), **given, **options)


def global_pooling(layer: BaseGlobalPooling, place: Place) -> Piece:  # noqa: ARG001
    """GlobalMaxPooling and GlobalAveragePooling of any rank."""
    reduce = "amax" if isinstance(layer, BaseGlobalMaxPooling) else "mean"
    keep = ", keepdim=True" if layer.keepdims else ""
    last = standing(layer)
    dims = literal(tuple(range(2, layer.rank + 2)))
    steps = (Step(f"{{x}}.{reduce}(dim={dims}{keep})"),)
    return Piece(steps, takes=(last,), gives=(last if layer.keepdims else IN_ORDER,))


def cropping(layer: BaseCropping, place: Place) -> Piece:  # noqa: ARG001
    """Cropping1D, Cropping2D, Cropping3D."""
    cuts = ", ".join(f"{a or ''}:{-b or ''}" for a, b in _pairs(layer.cropping))
    return _moved(layer, (Step(f"{{x}}[:, :, {cuts}]"),))


def zero_padding(layer: BaseZeroPadding, place: Place) -> Piece:  # noqa: ARG001
    """ZeroPadding1D, ZeroPadding2D, ZeroPadding3D."""
    return _moved(layer, (Step(pad("{x}", _pairs(layer.padding))),))


def _pairs(value: Any) -> tuple[tuple[int, int], ...]:
    """A pair of numbers for each axis; of one axis, the pair alone is its argument."""
    pairs: Iterable[Any] = value if isinstance(value[0], Iterable) else (value,)
    return tuple((int(before), int(after)) for before, after in pairs)


def up_sampling(layer: BaseUpSampling, place: Place) -> Piece:  # noqa: ARG001
    """UpSampling1D, UpSampling2D, UpSampling3D: cells are repeated, or mixed."""
    interpolation = getattr(layer, "interpolation", "nearest")
    factors = tuple(map(int, layer.factors))
    if interpolation in _MIXED:
        return _mixed(layer, interpolation, factors)
    mode = '"bilinear", align_corners=False' if interpolation == "bilinear" else '"nearest-exact"'
    step = f"F.interpolate({{x}}, scale_factor={literal(short(factors))}, mode={mode})"
    return _moved(layer, (Step(step),))


_MIXED = {"bicubic": ("cubic", ""), "lanczos3": ("lanczos", ", 3"), "lanczos5": ("lanczos", ", 5")}
"""The helper that gives the weights along an axis, and what else it is told."""


def _mixed(layer: BaseUpSampling, interpolation: str, factors: tuple[int, ...]) -> Piece:
    """An upsampling of which PyTorch has no equal: products with the weights along each axis."""
    helper, more = _MIXED[interpolation]
    rows, columns = (f"{helper}({{x}}, {dim}, {r}{more})" for dim, r in enumerate(factors, 2))
    step = Step(
        f'torch.einsum("ncij,oi,pj->ncop", {{x}}, {rows}, {columns})',
        f"PyTorch's own {interpolation} has other weights, or is missing.",
    )
    return _moved(layer, (step,), helpers=("weights_of", helper))


def resizing(layer: Any, place: Place) -> Piece:
    """Resizing, without antialiasing and with other proportions."""
    plain = not (layer.antialias or layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio)
    modes = {"bilinear": '"bilinear", align_corners=False', "nearest": '"nearest-exact"'}
    if not plain or layer.interpolation not in modes or place.rank == 3:
        raise no_equal(
            layer,
            "torch",
            "it resizes otherwise where it smooths, crops, pads, or takes one image alone",
            'Use interpolation="bilinear" or "nearest", and none of antialias, '
            "crop_to_aspect_ratio, pad_to_aspect_ratio.",
        )
    size, mode = (int(layer.height), int(layer.width)), modes[layer.interpolation]
    return _moved(layer, (Step(f"F.interpolate({{x}}, size={size}, mode={mode})"),))


def _moved(
    layer: Any, steps: tuple[Step, ...], made: str | None = None, helpers: tuple[str, ...] = ()
) -> Piece:
    last = standing(layer)
    return Piece(steps, made, takes=(last,), gives=(last,), helpers=helpers)
