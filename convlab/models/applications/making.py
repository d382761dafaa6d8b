"""A network of `keras.applications` for the arguments of its constructor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from convlab.errors import ArgumentError
from convlab.layers.base import standard_shape
from convlab.layers.global_pooling import GlobalAveragePooling2D, GlobalMaxPooling2D
from convlab.layers.node import Node, Tensor, replaced
from convlab.models.applications.structure import Structure, structure_of
from convlab.models.building import Builder
from convlab.models.forgiving import inputs_behind
from convlab.models.graph import Graph
from convlab.models.model import Model
from convlab.models.reading import settle

ARGUMENTS = (
    *("include_top", "weights", "input_tensor", "input_shape", "pooling", "classes"),
    *("classifier_activation", "name"),
)
"""The arguments of a constructor in their order, as far as all of them have them."""

_FIRST = {
    "MobileNet": ("input_shape", "alpha", "depth_multiplier", "dropout", *ARGUMENTS[:3]),
    "MobileNetV2": ("input_shape", "alpha", *ARGUMENTS[:3]),
    "MobileNetV3Large": ("input_shape", "alpha", "minimalistic", *ARGUMENTS[:3]),
    "MobileNetV3Small": ("input_shape", "alpha", "minimalistic", *ARGUMENTS[:3]),
}
_POOLINGS = {"avg": GlobalAveragePooling2D, "max": GlobalMaxPooling2D}
_ENDING = ".json.gz"


@cache
def names() -> frozenset[str]:
    """The networks that are known.

    >>> {"VGG16", "ResNet50", "MobileNetV2"} <= names()
    True
    """
    home = resources.files(__package__) / "recorded"
    return frozenset(
        one.name.removesuffix(_ENDING) for one in home.iterdir() if one.name.endswith(_ENDING)
    )


def arguments_of(name: str, args: Any, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a constructor by their names."""
    return dict(zip(_FIRST.get(name, ARGUMENTS), args, strict=False)) | dict(kwargs)


def application(
    name: str,
    *,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Tensor | None = None,
    input_shape: Any = None,
    pooling: str | None = None,
    classes: int = 1000,
    **more: Any,
) -> Model:
    """A network of `keras.applications`, without its weights.

    Source: the structures are recorded from Keras by `tests/models/record_applications.py`, and
    the checks of the arguments are those of `keras.applications.imagenet_utils`.

    Args:
        name: one of `names()`.
        include_top: whether the layers that classify are there.
        weights: which weights it shall have; they are not read, but bind the shape.
        input_tensor: what it is put behind, instead of an input of its own.
        input_shape: one example's shape.
        pooling: "avg" or "max" for a global pooling at the end, without the top.
        classes: how many classes the top tells apart.
        **more: `name`, and what changes no shape.

    Raises:
        ArgumentError: Keras refuses such arguments, or the structure with them is not known.

    Example:
        >>> application("VGG16", include_top=False, input_shape=(150, 150, 3)).output_shape
        (None, 4, 4, 512)
        >>> application("ResNet50", weights=None, classes=7).output_shape
        (None, 7)
    """
    found = structure_of(name)
    if more.get("alpha", 1) not in (1, None) or more.get("minimalistic"):
        raise ArgumentError(
            f"Of {name} the structure is known for alpha=1.",
            received=f"alpha={more.get('alpha')!r}, minimalistic={more.get('minimalistic')!r}",
            remedy="Leave these arguments out: the sizes stay as they are.",
            argument="alpha",
        )
    tensor = input_tensor if isinstance(input_tensor, Tensor) else None
    shape = _shape(found, name, include_top, weights, input_shape, tensor)
    called = more.get("name") or found.name_for(shape[0], weights)
    made = Builder("3", {}).model(found.config(shape, include_top, classes, called))
    if tensor is not None:
        made = _behind(made, tensor)
    settle(made)
    return _pooled(made, found, pooling) if pooling in _POOLINGS and not include_top else made


def _shape(
    found: Structure,
    name: str,
    include_top: bool,
    weights: Any,
    given: Any,
    tensor: Tensor | None,
) -> tuple[int | None, ...]:
    """The shape of one example, as Keras checks it."""
    if tensor is not None and given is None:
        return tensor.shape[1:] if tensor.spec else found.free
    if given is None:
        return found.default if include_top else found.free
    shape = standard_shape(given)
    if len(shape) != 3:
        raise ArgumentError(
            "`input_shape` must be a tuple of three integers.",
            received=f"input_shape={shape}",
            remedy="Give the shape of one picture: (height, width, channels).",
            argument="input_shape",
            fixes=_other_shapes(found, shape),
        )
    if weights == "imagenet" and shape[-1] != 3:
        raise ArgumentError(
            "The input must have 3 channels, for which the weights were trained.",
            received=f"input_shape={shape}",
            remedy="Use input_shape=(height, width, 3), or weights=None.",
            argument="input_shape",
            fixes=[*_other_shapes(found, shape), {"weights": None}],
        )
    if include_top and weights == "imagenet" and shape != found.default and None not in shape:
        raise ArgumentError(
            f"With include_top=True and the weights of ImageNet, `input_shape` is {found.default}.",
            received=f"input_shape={shape}",
            remedy=f"Use include_top=False, or input_shape={found.default}.",
            argument="input_shape",
            fixes=[{"input_shape": found.default}, {"include_top": False}],
        )
    if any(size is not None and size < found.least for size in shape[:2]):
        raise ArgumentError(
            f"The input of {name} is at least {found.least} x {found.least}.",
            received=f"input_shape={shape}",
            remedy="Give the height and the width first, and a size that is large enough.",
            argument="input_shape",
            fixes=_other_shapes(found, shape),
        )
    return shape


def _other_shapes(found: Structure, shape: tuple[int | None, ...]) -> list[dict[str, Any]]:
    """Shapes that fit and are near: the channels last, as many as weights have, or larger."""
    sizes, least = [*shape], found.least
    if len(sizes) == 4:
        sizes = sizes[1:]
    if len(sizes) == 2:
        sizes.append(3)
    if sizes and sizes[0] in (1, 3) and (sizes[-1] or 0) > 4:
        sizes = [*sizes[1:], sizes[0]]
    if len(sizes) != 3:
        return [{"input_shape": found.default}]
    sizes[:2] = [size if size is None else max(size, least) for size in sizes[:2]]
    proposed = dict.fromkeys(((*sizes,), (*sizes[:2], 3)))
    return [{"input_shape": one} for one in proposed if one != shape]


def _behind(model: Model, tensor: Tensor) -> Model:
    """The network that reads a tensor instead of an input of its own."""
    own = model.inputs[0]

    def moved(one: Tensor) -> Tensor:
        return tensor if one is own else one

    for node in model.graph.calls:
        node.args, node.kwargs = replaced((node.args, node.kwargs), moved)
    made = Model.__new__(Model)
    made.__dict__.update(vars(model))
    made.connect(Graph(_sources(tensor), model.outputs[0]))
    return made


def _sources(tensor: Tensor) -> Any:
    """The inputs behind a tensor."""
    found = inputs_behind([tensor])
    return found[0] if len(found) == 1 else found


def _pooled(model: Model, found: Structure, pooling: Any) -> Model:
    """The network with a global pooling at its end."""
    layer = _POOLINGS[pooling](name=found.pooling_name(pooling))
    node = Node(layer, (model.outputs[0],))
    made = Model.__new__(Model)
    made.__dict__.update(vars(model))
    made.connect(Graph(model.graph.inputs, node.output(0)))
    settle(made)
    return made
