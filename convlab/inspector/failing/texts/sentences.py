"""The sentences of Keras, TensorFlow and PyTorch that tell shapes, pattern by pattern.

The tests hold what real versions printed of each.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from convlab.inspector.failing.texts.told import RANK, Shape, Told, shapes_in, sizes, unlike

_S = r"[(\[]([^()\[\]]{0,120})[)\]]"


def told_by(message: str) -> Told:
    """What a message tells, by the first pattern that it holds."""
    for pattern, read in _PATTERNS:
        match = pattern.search(message)
        if match:
            found = read(match)
            if found is not None:
                return found
    return Told()


def _joined(layer_class: str | None, *, batch: bool = True) -> Callable[[Any], Told | None]:
    def read(match: re.Match[str]) -> Told | None:
        shapes = tuple(shape for shape in shapes_in(match[1]) if len(shape) > 1)
        if not batch:
            shapes = tuple((None, *shape) for shape in shapes)
        return Told(shapes, layer_class) if len(shapes) > 1 else None

    return read


def _conv(match: re.Match[str]) -> Told | None:
    shape, kernel = sizes(match[1]), sizes(match[2])
    dilation, strides = sizes(match[3]), sizes(match[4] or "")
    if not shape or not kernel or None in kernel or len(kernel) != len(shape):
        return None
    arguments = {
        "filters": kernel[-1],
        "kernel_size": kernel[:-2],
        "strides": strides or None,
        "dilation_rate": dilation,
        "padding": match[5] or "valid",
    }
    return Told((shape,), f"Conv{len(shape) - 2}D", arguments)


def _pool(match: re.Match[str]) -> Told | None:
    shape, pool, strides = sizes(match[1]), sizes(match[2]), sizes(match[3])
    if not shape or not pool or not strides:
        return None
    return Told((shape,), None, {"pool_size": pool, "strides": strides, "padding": match[4]})


_OPERATIONS = {
    "MaxPool": "MaxPooling2D",
    "AvgPool": "AveragePooling2D",
    "MaxPool3D": "MaxPooling3D",
    "AvgPool3D": "AveragePooling3D",
    "Conv2D": "Conv2D",
    "Conv3D": "Conv3D",
    "DepthwiseConv2dNative": "DepthwiseConv2D",
    "AddV2": "Add",
    "Add": "Add",
    "Sub": "Subtract",
    "Mul": "Multiply",
    "ConcatV2": "Concatenate",
}


def _operation(match: re.Match[str]) -> Told | None:
    """A node of TensorFlow's: `for '{{node a/B}} = MaxPool[...](...)' with input shapes: ...`."""
    name = match[2] or match[5] or ""
    attributes, shapes = match[3] or "", shapes_in(match[6])
    layer_class = _OPERATIONS.get(name)
    node = match[1]
    if re.search(r"compile_loss|mean_squared|loss|crossentropy|SquaredDifference", node + name):
        mine = [shape for shape in shapes if len(shape) > 1]
        return _loss(mine, match[4]) if len(mine) == 2 else None
    if layer_class in ("Conv2D", "Conv3D", "DepthwiseConv2D") and len(shapes) == 2:
        kernel = shapes[1]
        arguments: dict[str, Any] = {"kernel_size": kernel[:-2], "padding": "valid"}
        if layer_class != "DepthwiseConv2D":
            arguments["filters"] = kernel[-1]
        arguments |= _attributes(attributes, len(kernel) - 2, "strides")
        expected = (*(None,) * (len(kernel) - 1), kernel[-2])
        return Told(shapes[:1], layer_class, arguments, expected=expected)
    if layer_class and "Pooling" in layer_class and shapes:
        rank = len(shapes[0]) - 2
        return Told(shapes[:1], layer_class, _attributes(attributes, rank, "strides", "pool_size"))
    return Told(shapes, layer_class, kind="join-sizes") if len(shapes) > 1 else None


def _attributes(text: str, rank: int, *wanted: str) -> dict[str, Any]:
    """Arguments of a layer from the attributes of TensorFlow's node: strides, size, padding."""
    found: dict[str, Any] = {}
    for name, written in (("strides", "strides"), ("pool_size", "ksize")):
        match = re.search(rf"{written}=\[([\d, ]{{1,60}})\]", text)
        numbers = sizes(match[1]) if match else None
        if name in wanted and numbers and len(numbers) == rank + 2:
            found[name] = numbers[2:] if '"NCHW"' in text else numbers[1:-1]
    if match := re.search(r'padding="(\w+)"', text):
        found["padding"] = match[1].lower()
    if '"NCHW"' in text:
        found["data_format"] = "channels_first"
    return found


def _loss(shapes: list[Shape], inputs: str | None) -> Told:
    """A loss of two shapes: what the model gives, and the target, which comes from the data."""
    target_first = bool(re.match(r"\s*(?:data|IteratorGetNext|Cast)", inputs or ""))
    given, wanted = shapes[::-1] if target_first else shapes
    return Told((given,), None, wanted=wanted, kind="output-size")


def _axis_value(match: re.Match[str]) -> Told | None:
    shape = sizes(match[3])
    if shape is None:
        return None
    axis = int(match[1]) % max(len(shape), 1)
    expected = tuple(int(match[2]) if a == axis else None for a in range(len(shape)))
    return Told((shape,), expected=expected)


def _full_shape(match: re.Match[str]) -> Told | None:
    shape, rank = sizes(match[3]), int(match[1])
    if shape is None or rank > RANK:
        return None
    kind = "missing-channel-axis" if len(shape) == rank - 1 and shape[0] is None else "rank"
    return Told((shape,), expected=(None,) * rank, kind=kind)


def _expected_found(match: re.Match[str]) -> Told | None:
    expected, found = sizes(match[1]), sizes(match[2])
    if expected is None or found is None:
        return None
    return Told((found,), expected=expected, kind=unlike(found, expected) or "other")


def _reshape(match: re.Match[str]) -> Told | None:
    shape, target = sizes(match[1]), sizes(match[2])
    if not shape or not target:
        return None
    return Told(((None, *shape),), "Reshape", {"target_shape": target})


def _cropping(match: re.Match[str]) -> Told | None:
    shape = sizes(match[1])
    numbers = [int(one) for one in re.findall(r"\d{1,9}", match[2])]
    if not shape or len(numbers) != 2 * (len(shape) - 2):
        return None
    pairs = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    cropping = pairs[0] if len(pairs) == 1 else pairs
    return Told((shape,), f"Cropping{len(pairs)}D", {"cropping": cropping})


def _groups(match: re.Match[str]) -> Told | None:
    shape = sizes(match[2])
    return Told((shape,), None, {"groups": int(match[1])}) if shape else None


def _logits(match: re.Match[str]) -> Told | None:
    found = shapes_in(match[1])
    return Told(found[:1], wanted=found[1], kind="output-size") if len(found) == 2 else None


def _target(match: re.Match[str]) -> Told | None:
    given, wanted = sizes(match[1]), sizes(match[2])
    if not given or not wanted:
        return None
    return Told(((None, *given),), wanted=(None, *wanted[-len(given) :]), kind="output-size")


def _dimensions(match: re.Match[str]) -> Told | None:
    rank, shape = int(match[1]), sizes(match[2])
    if not shape or rank > RANK:
        return None
    kind = "missing-channel-axis" if len(shape) == rank - 1 else "rank"
    return Told((shape,), expected=(None,) * rank, kind=kind)


def _torch_conv(match: re.Match[str]) -> Told | None:
    groups, weight, shape = int(match[1]), sizes(match[2]), sizes(match[3])
    if not weight or not shape or len(weight) != len(shape) or None in weight:
        return None
    channels = (weight[1] or 0) * groups
    arguments = {
        "filters": weight[0],
        "kernel_size": weight[2:],
        "groups": groups,
        "data_format": "channels_first",
    }
    expected = (None, channels, *(None,) * (len(shape) - 2))
    return Told((shape,), f"Conv{len(weight) - 2}D", arguments, expected=expected)


def _torch_linear(match: re.Match[str]) -> Told | None:
    shape, weight = sizes(match[1]), sizes(match[2])
    if not shape or not weight or len(shape) != 2 or len(weight) != 2:
        return None
    return Told((shape,), "Dense", {"units": weight[1]}, expected=(None, weight[0]))


def _shape_alone(match: re.Match[str]) -> Told | None:
    shape = sizes(match[1])
    return Told((shape,)) if shape else None


def _dense_kernel(match: re.Match[str]) -> Told | None:
    shape = sizes(match[1])
    if not shape or len(shape) != 2 or shape[1] is None:
        return None
    named = {"units": shape[1], "name": match[2].rpartition("/")[2]}
    return Told(((None, shape[0]),), "Dense", named)


def _dense(match: re.Match[str]) -> Told | None:
    shape = sizes(match[1])
    return Told((shape,), "Dense") if shape else None


_NODE = (
    r"for '(?:\{\{node )?([\w/.+-]{1,300})(?:\}\})?"
    r"(?: = (\w{1,60})(?:\[([^\n]{0,600}?)\])?\(([^()\n]{0,400})\)'|' \(op: '(\w{1,60})'\))"
    r" with input shapes: "
    r"((?:\[[^\[\]\n]{0,80}\](?:, )?){1,20})"
)

_SENTENCES: tuple[tuple[str, Callable[[Any], Told | None]], ...] = (
    (
        rf"inputs shape={_S}`?, `kernel shape={_S}`?, `dilation_rate={_S}`?"
        rf"(?:, `strides={_S}`?, `padding=(\w+)`)?",
        _conv,
    ),
    (rf"`inputs\.shape={_S}`, `pool_size={_S}`, `strides={_S}`, `padding=(\w+)`", _pool),
    (
        r"Concatenate`? layer requires inputs with matching (?:inputs )?shapes"
        r".{0,200}?(\[\(.{1,400}\)\])",
        _joined("Concatenate"),
    ),
    (
        r"layer requires inputs with matching shapes.{0,100}(?:Got|Received).{0,40}?"
        r"(\[[(\[].{1,400}\])",
        _joined("Concatenate"),
    ),
    (r"incompatible shapes\. Received shapes (.{1,200})", _joined("Add", batch=False)),
    (r"could not be broadcast together with shapes (.{1,200})", _joined("Add", batch=False)),
    (r"Cannot broadcast shape.{0,200}Input shapes are: (.{1,200})", _joined("Add")),
    (r"in both shapes must be equal: (shape\[0\] = .{1,200})", _joined("Concatenate")),
    (r"[Dd]imensions of inputs should match: (shape\[0\] = .{1,200})", _joined("Concatenate")),
    (r"logits`? and `?labels`? must have the same shape,?(?: received)? ?(.{1,300})", _logits),
    (_NODE, _operation),
    (r"Incompatible shapes: (.{1,200})", _joined("Add")),
    (rf"expected axis (-?\d+) of input shape to have value (\d+).{{0,80}}?shape {_S}", _axis_value),
    (
        r"expected (?:min_|max_)?ndim=(\d), found ndim=(\d).{0,20}(?:[Ff]ull )?shape received: "
        + _S,
        _full_shape,
    ),
    (rf"expected shape={_S}, found shape={_S}", _expected_found),
    (rf"Received input shape {_S} which would produce", _shape_alone),
    (rf"input_shape ?= ?{_S},? (?:target|output)_shape ?= ?{_S}", _reshape),
    (
        r"(?:inputs\.shape|input_shape)=" + _S + r",?(?: and)? cropping=(\([^\n]{1,100}\))",
        _cropping,
    ),
    (rf"Received:? groups=(\d{{1,6}}).{{0,80}}full input shape is {_S}", _groups),
    (rf"Full input shape received: {_S}", _dense),
    (rf"shape={_S} for variable path='([\w./-]{{1,200}})/kernel'", _dense_kernel),
    (
        rf"Error when checking (?:target|model target).{{0,80}}to have shape {_S} "
        rf"but got array with shape {_S}",
        _target,
    ),
    (rf"to have (\d) dimensions?, but got array with shape {_S}", _dimensions),
    (
        rf"Given groups=(\d{{1,6}}), weight of size {_S}, expected input{_S} to have",
        _torch_conv,
    ),
    (r"mat1 and mat2 shapes cannot be multiplied \((\w{3,40}) and (\w{3,40})\)", _torch_linear),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), read) for pattern, read in _SENTENCES)
