"""Receptive fields by intervals, from the text of Keras's to_json: an oracle of its own.

Along one axis, a unit of a layer reads the hull [first, last] of the input, borders not cut off;
the next unit reads the same, a stride further. It is carried from layer to layer by what each class
of Keras reads of its input; nothing of convlab is used. Layers after a global pooling, which read
everything, are none of its business.
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
    """What the first unit of a layer reads of the input, along one axis.

    first, last: its hull, over all paths. lowest, highest: the centres of the paths that lie
    furthest apart; the same where all branches are aligned.
    """

    stride: int
    first: int
    last: int
    lowest: float
    highest: float

    @property
    def size(self):
        return self.last - self.first + 1

    @property
    def padding(self):
        """Before the first cell of the input, as the published tables count it."""
        return -self.first

    @property
    def centre(self):
        return (self.first + self.last) / 2

    @property
    def offset(self):
        return self.highest - self.lowest


class Network:
    """A functional network of Keras: its layers in order, and what each is called on.

    text: what `to_json` gives. spatial: the sizes of the input, instead of the text's.
    `sizes` and `fields` have, for each layer before a global pooling, a tuple of the axes.
    """

    def __init__(self, text, spatial=None):
        config = json.loads(text)["config"]
        self.layers = {layer["name"]: layer for layer in config["layers"]}
        self.inputs = {name: _producers(layer) for name, layer in self.layers.items()}
        order = _sorted(self.inputs)
        (source,) = (n for n, x in self.layers.items() if x["class_name"] == "InputLayer")
        own = self.layers[source]["config"]["batch_shape"][1:-1]
        self.sizes = {source: tuple(spatial or own)}
        self.fields = {source: (Field(1, 0, 0, 0, 0),) * len(own)}
        for name in order:
            local = self.layers[name]["class_name"] in {*POINTWISE, *RESIZED, *WINDOWED}
            if local and all(producer in self.sizes for producer in self.inputs[name]):
                self._measure(name)
                axes = range(len(self.sizes[name]))
                self.fields[name] = tuple(self._field(name, axis) for axis in axes)

    def _field(self, name, axis):
        """The field of a layer from those of its inputs."""
        joined = [self._through(name, source, axis) for source in self.inputs[name]]
        (stride,) = {field.stride for field in joined}
        return Field(
            stride,
            min(field.first for field in joined),
            max(field.last for field in joined),
            min(field.lowest for field in joined),
            max(field.highest for field in joined),
        )

    def _through(self, name, source, axis):
        """The field of a layer through one of its inputs."""
        given = self.fields[source][axis]
        first, step, reach = self._reads(name, source, axis)
        return Field(
            given.stride * step,
            given.first + given.stride * first,
            given.last + given.stride * (first + reach),
            given.lowest + given.stride * (first + reach / 2),
            given.highest + given.stride * (first + reach / 2),
        )

    def _measure(self, name):
        """Set the sizes of a layer from those of its inputs."""
        kind, config = self.layers[name]["class_name"], self.layers[name]["config"]
        sizes = self.sizes[self.inputs[name][0]]
        if kind in RESIZED:
            pairs = zip(sizes, config[RESIZED[kind]], strict=True)
            sign = -1 if kind == "Cropping2D" else 1
            sizes = tuple(size + sign * sum(pair) for size, pair in pairs)
        elif kind in WINDOWED:
            windows = (self._window(name, axis) for axis in range(len(sizes)))
            sizes = tuple(
                -(-size // step) if config["padding"] == "same" else (size - reach - 1) // step + 1
                for size, (step, reach) in zip(sizes, windows, strict=True)
            )
        self.sizes[name] = sizes

    def _window(self, name, axis):
        """The stride of a layer, and the distance from the first to the last tap of its window."""
        config = self.layers[name]["config"]
        window = config.get("kernel_size", config.get("pool_size"))[axis]
        return config["strides"][axis], (window - 1) * config.get("dilation_rate", [1, 1])[axis]

    def _reads(self, name, source, axis):
        """The first cell of a source that the first unit reads, its stride, and to the last."""
        kind, config = self.layers[name]["class_name"], self.layers[name]["config"]
        if kind in POINTWISE:
            return 0, 1, 0
        if kind in RESIZED:
            before = config[RESIZED[kind]][axis][0]
            return (before if kind == "Cropping2D" else -before), 1, 0
        (step, reach), before = self._window(name, axis), 0
        if config["padding"] == "same":
            size, outputs = self.sizes[source][axis], self.sizes[name][axis]
            before = max(0, (outputs - 1) * step + reach + 1 - size) // 2
        return -before, step, reach


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
