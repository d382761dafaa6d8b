"""Receptive fields by intervals, from the text of Keras's to_json: an oracle of its own.

Along one axis, unit o of a layer reads the hull [first, last] of the input, borders not cut off.
It is computed backwards from one unit, layer by layer, by what each class of Keras reads of its
input; nothing of convlab is used. Layers after a global pooling, which read everything, are none
of its business.
"""

import json
from dataclasses import dataclass

POINTWISE = {
    *["Activation", "Add", "BatchNormalization", "Concatenate", "CustomScaleLayer", "Dropout"],
    *["LayerNormalization", "LayerScale", "Multiply", "Normalization", "ReLU", "Rescaling"],
}
RESIZED = {"ZeroPadding2D": "padding", "Cropping2D": "cropping"}
WINDOWED = {"Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D"}


@dataclass(frozen=True)
class Field:
    """One axis of the receptive field of a layer, as the published tables give it."""

    size: int
    stride: int
    padding: int

    @property
    def centre(self):
        """Of the first unit, in cells of the input."""
        return (self.size - 1) / 2 - self.padding


class Network:
    """A functional network of Keras: its layers in order, and what each is called on.

    text: what `to_json` gives. spatial: the sizes of the input, instead of the text's.
    """

    def __init__(self, text, spatial=None):
        config = json.loads(text)["config"]
        self.layers = {layer["name"]: layer for layer in config["layers"]}
        self.inputs = {name: _producers(layer) for name, layer in self.layers.items()}
        self.order = _sorted(self.inputs)
        (self.source,) = (n for n, x in self.layers.items() if x["class_name"] == "InputLayer")
        own = self.layers[self.source]["config"]["batch_shape"][1:-1]
        self.sizes = {self.source: tuple(spatial or own)}
        for name in self.order:
            if name != self.source and all(source in self.sizes for source in self.inputs[name]):
                self._measure(name)

    def field(self, name, axis):
        """The field of a layer in the input: hull of all paths; axis 0 is the height."""
        (first, last), (after, _) = (self.hull(name, axis, unit) for unit in (0, 1))
        return Field(last - first + 1, after - first, -first)

    def hull(self, name, axis, unit):
        """The first and the last cell of the input that a unit of a layer reads."""
        return self._back(name, axis, (unit, unit), centred=False)

    def centres(self, name, axis, unit=0):
        """The lowest and the highest of the centres of the paths from the input to a unit."""
        return self._back(name, axis, (unit, unit), centred=True)

    def branches(self, name, axis):
        """The centre of the hull of a layer's first unit through each of its inputs."""
        starts = [self._reads(name, source, axis, 0, 0)[0] for source in self.inputs[name]]
        hulls = [
            self.hull(source, axis, start)
            for source, start in zip(self.inputs[name], starts, strict=True)
        ]
        return [(first + last) / 2 for first, last in hulls]

    def _back(self, name, axis, interval, centred):
        """The interval of the input that one of a layer reads: of all cells, or of path centres."""
        wanted = {name: interval}
        for reader in reversed(self.order[: self.order.index(name) + 1]):
            if reader in wanted and reader != self.source:
                given = wanted.pop(reader)
                for source in self.inputs[reader]:
                    low, high = self._reads(reader, source, axis, *given)
                    if centred:
                        half = self._window(reader, axis)[1] / 2
                        low, high = low + half, high - half
                    old = wanted.get(source, (low, high))
                    wanted[source] = min(old[0], low), max(old[1], high)
        return wanted[self.source]

    def joins(self):
        """The layers with several inputs."""
        return [name for name in self.order if len(self.inputs[name]) > 1]

    def _measure(self, name):
        """Set the sizes of a layer from those of its inputs, unless it has no spatial axes."""
        kind, config = self.layers[name]["class_name"], self.layers[name]["config"]
        sizes = self.sizes[self.inputs[name][0]]
        if kind in POINTWISE:
            self.sizes[name] = sizes
        elif kind in RESIZED:
            pairs = zip(sizes, config[RESIZED[kind]], strict=True)
            sign = -1 if kind == "Cropping2D" else 1
            self.sizes[name] = tuple(size + sign * sum(pair) for size, pair in pairs)
        elif kind in WINDOWED:
            windows = (self._window(name, axis) for axis in range(len(sizes)))
            self.sizes[name] = tuple(
                -(-size // stride)
                if config["padding"] == "same"
                else (size - reach - 1) // stride + 1
                for size, (stride, reach) in zip(sizes, windows, strict=True)
            )

    def _window(self, name, axis):
        """The stride of a layer, and the distance from the first to the last tap of its window."""
        kind, config = self.layers[name]["class_name"], self.layers[name]["config"]
        if kind not in WINDOWED:
            return 1, 0
        window = config.get("kernel_size", config.get("pool_size"))[axis]
        return config["strides"][axis], (window - 1) * config.get("dilation_rate", [1, 1])[axis]

    def _reads(self, reader, source, axis, first, last):
        """The interval of its source that an interval of a layer reads."""
        kind, config = self.layers[reader]["class_name"], self.layers[reader]["config"]
        if kind in POINTWISE:
            return first, last
        if kind in RESIZED:
            before = config[RESIZED[kind]][axis][0]
            before = -before if kind == "Cropping2D" else before
            return first - before, last - before
        if kind not in WINDOWED:
            raise LookupError(f"{reader}: no rule for {kind}")
        (stride, reach), before = self._window(reader, axis), 0
        if config["padding"] == "same":
            size, outputs = self.sizes[source][axis], self.sizes[reader][axis]
            before = max(0, (outputs - 1) * stride + reach + 1 - size) // 2
        return first * stride - before, last * stride - before + reach


def _producers(layer):
    """The names of the layers whose outputs a layer is called on, in order."""
    found = []

    def search(value):
        if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
            found.append(value["config"]["keras_history"][0])
        elif isinstance(value, dict):
            search(list(value.values()))
        elif isinstance(value, list):
            for item in value:
                search(item)

    search(layer.get("inbound_nodes", []))
    return found


def _sorted(inputs):
    """Every layer after those that it reads."""
    order, missing = [], dict(inputs)
    while missing:
        ready = [n for n, sources in missing.items() if not any(s in missing for s in sources)]
        order += ready
        missing = {name: sources for name, sources in missing.items() if name not in ready}
    return order
