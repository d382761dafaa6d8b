"""Made-up networks in which every dependence shows: drawn from a number, small, of any structure.

All weights and inputs are positive, activations linear, and what is computed rises with every cell
that it reads: sums, products, averages and maxima of positive numbers. A cell that is made huge
moves every unit that reads it, and no other.

Two kinds of networks leave some of it out. "smooth" ones have no maxima: the slope of a unit is
nowhere 0. "paths" only add up, in one channel and with all weights 1: a cell that grows by 1 moves
a unit by the number of paths between them.
"""

from dataclasses import dataclass, field

import numpy as np

import convlab as cl
from convlab import layers

SIZES = {1: (6, 14), 2: (4, 9), 3: (3, 5)}
"""The smallest and the largest input along an axis, by rank."""

FLOAT = {"dtype": "float64"}


@dataclass(frozen=True)
class Value:
    """A symbol on the way, and which of its axes is that of the channels; 0 is the batch."""

    symbol: object
    channel: int

    @property
    def sizes(self):
        """The sizes along the spatial axes."""
        shape = self.symbol.shape
        return tuple(shape[a] for a in range(1, len(shape)) if a != self.channel)

    @property
    def channels(self):
        return self.symbol.shape[self.channel]


@dataclass
class Network:
    """A drawn network.

    Attributes:
        model: the network, with drawn weights.
        steps: the kinds of what it is made of, in order.
    """

    model: cl.Model
    steps: list[str] = field(default_factory=list)

    def examples(self, rng):
        """An input for each of the network's inputs, without the batch."""
        return [rng.uniform(0.5, 1.5, t.shape[1:]) for t in self.model.inputs]


def network(seed, rank=None, first=None, of="anything"):
    """The network of a number.

    Args:
        seed: the number.
        rank: how many spatial axes there are; None draws it.
        first: whether the channels come first; None draws it.
        of: what is computed: "anything", "smooth" or "paths".
    """
    rng = np.random.default_rng(seed)
    draw = _Draw(rng, rank, first, of)
    for _ in range(draw.number(2, 7)):
        draw.step()
    model = cl.Model(draw.inputs, draw.outputs())
    weights = [
        np.ones(w.shape) if of == "paths" else rng.uniform(0.5, 1.5, w.shape) / _reads(w)
        for w in model.weights
    ]
    model.set_weights(weights)
    return Network(model, draw.taken)


def _reads(weight):
    """How many products one number is the sum of, about: their average neither grows nor fades."""
    return max(np.prod(weight.shape[:-1]), 1)


class _Draw:
    """A network while it is drawn."""

    def __init__(self, rng, rank, first, of):
        self.rng = rng
        self.smooth, self.paths = of == "smooth", of == "paths"
        self.kinds = [kind for kind in KINDS if not (self.paths and kind in NO_SUMS)]
        self.rank = int(rng.choice([1, 2, 3], p=[0.4, 0.45, 0.15])) if rank is None else rank
        self.first = bool(rng.random() < 0.2) if first is None else first
        self.inputs, self.values, self.taken, self.shared = [], [], [], {}
        for _ in range(1 + (rng.random() < 0.25)):
            self.begin()

    # Small draws

    def number(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def numbers(self, low, high):
        return tuple(self.number(low, high) for _ in range(self.rank))

    def pair(self):
        return self.number(0, 2), self.number(0, 2)

    def chance(self, share):
        return bool(self.rng.random() < share)

    def pick(self, options):
        return options[int(self.rng.integers(len(options)))]

    def channels(self, most=2):
        """A number of channels; one alone where paths are counted."""
        return 1 if self.paths else self.number(1, most)

    # What a network is made of

    @property
    def format(self):
        return {"data_format": "channels_first" if self.first else "channels_last"}

    def layer(self, name, *arguments, formatted=True, **more):
        """A layer of the drawn rank, in its data format."""
        made = getattr(layers, f"{name}{self.rank}D")
        return made(*arguments, **more, **FLOAT, **(self.format if formatted else {}))

    def begin(self):
        sizes = tuple(self.number(*SIZES[self.rank]) for _ in range(self.rank))
        if self.inputs and self.chance(0.7):
            sizes = self.values[0].sizes
        channels = self.channels(3)
        shape = (channels, *sizes) if self.first else (*sizes, channels)
        symbol = cl.Input(shape, **FLOAT)
        self.inputs.append(symbol)
        if self.first:  # where the channels are, only a layer over the spatial axes can say
            symbol = self.layer("Conv", channels, 1)(symbol)
        self.values.append(Value(symbol, 1 if self.first else self.rank + 1))

    def latest(self):
        """A value to go on with, most often the last."""
        return self.values[-1] if self.chance(0.7) else self.pick(self.values)

    def step(self):
        """Another layer or two; kinds that do not fit are drawn again."""
        for _ in range(30):
            kind = self.pick(self.kinds)
            made = KINDS[kind](self, self.latest())
            if made is not None:
                self.taken.append(kind)
                self.values.append(made)
                return

    def outputs(self):
        """What nothing reads, so that all belongs to the network."""
        read = {id(t) for v in self.values for t in v.symbol.node.inputs}
        free = [v.symbol for v in self.values if id(v.symbol) not in read]
        return free if len(free) > 1 else free[0]

    def standing(self, value):
        """Whether layers over the spatial axes can read a value as it stands."""
        rank = len(value.symbol.shape)
        return rank == self.rank + 2 and value.channel == (1 if self.first else rank - 1)

    def called(self, layer, value):
        """The value of a layer that leaves the axes where they are; None where it does not fit."""
        try:
            symbol = layer(value.symbol)
        except cl.errors.ShapeError:
            return None
        if 0 in symbol.shape or np.prod(symbol.shape[1:]) > 2500:
            return None
        return Value(symbol, value.channel)


def spatial(make):
    """A kind of step that only values with their axes in place can take."""

    def step(draw, value):
        if not draw.standing(value):
            return None
        made = make(draw, value)
        return made if made is None or isinstance(made, Value) else draw.called(made, value)

    return step


@spatial
def conv(draw, value):
    padding = draw.pick(["valid", "same", "causal"] if draw.rank == 1 else ["valid", "same"])
    if padding == "causal" and draw.first:
        padding = "same"
    strides, dilation = draw.numbers(1, 3), (1,) * draw.rank
    if draw.chance(0.5):
        strides, dilation = dilation, draw.numbers(1, 3)
    divisors = [g for g in range(1, value.channels + 1) if value.channels % g == 0]
    groups = draw.pick(divisors)
    filters = groups * draw.channels()
    more = {"strides": strides, "dilation_rate": dilation, "groups": groups, "padding": padding}
    return draw.layer("Conv", filters, draw.numbers(1, 4), **more)


@spatial
def depthwise(draw, value):
    if draw.rank == 3:
        return None
    stride, padding = draw.number(1, 2), draw.pick(["valid", "same"])
    more = {"depth_multiplier": draw.channels(), "strides": stride, "padding": padding}
    return draw.layer("DepthwiseConv", draw.numbers(1, 3), **more)


@spatial
def separable(draw, value):
    if draw.rank == 3:
        return None
    more = {"padding": draw.pick(["valid", "same"]), "dilation_rate": draw.number(1, 2)}
    return draw.layer("SeparableConv", draw.channels(), draw.numbers(1, 3), **more)


@spatial
def transposed(draw, value):
    kernel, strides = draw.numbers(1, 4), draw.numbers(1, 3)
    more = {"strides": strides, "padding": draw.pick(["valid", "same"])}
    if draw.chance(0.4):
        more["output_padding"] = tuple(draw.number(0, s - 1) for s in strides)
    if max(strides) == 1 and draw.chance(0.5) and "output_padding" not in more:
        more["dilation_rate"] = draw.number(1, 2)
    made = getattr(layers, f"Conv{draw.rank}DTranspose")
    return made(draw.channels(), kernel, **more, **FLOAT, **draw.format)


@spatial
def pooling(draw, value):
    name = "AveragePooling" if draw.smooth else draw.pick(["AveragePooling", "MaxPooling"])
    strides = draw.pick([None, draw.number(1, 3)])
    return draw.layer(name, draw.number(1, 3), strides, draw.pick(["valid", "same"]))


@spatial
def up_sampling(draw, value):
    if draw.rank == 1:
        return None if draw.first else draw.layer("UpSampling", draw.number(2, 3), formatted=False)
    names = ["nearest"] if draw.paths else ["nearest", "bilinear"]
    more = {"interpolation": draw.pick(names)} if draw.rank == 2 else {}
    return draw.layer("UpSampling", draw.numbers(1, 3), **more)


@spatial
def cropping(draw, value):
    if draw.rank == 1:
        return None if draw.first else draw.layer("Cropping", draw.pair(), formatted=False)
    return draw.layer("Cropping", tuple(draw.pair() for _ in range(draw.rank)))


@spatial
def zero_padding(draw, value):
    pads = tuple(draw.pair() for _ in range(draw.rank))
    layer = draw.layer("ZeroPadding", pads[0] if draw.rank == 1 else pads)
    if draw.paths:
        return layer
    return draw.called(lambda x: layer(x) + 1.0, value)  # a product with 0 would not move


@spatial
def resizing(draw, value):
    if draw.rank != 2:
        return None
    sizes = draw.numbers(2, 9)
    name = draw.pick(["nearest", "bilinear"])
    return layers.Resizing(*sizes, interpolation=name, **FLOAT, **draw.format)


@spatial
def lstm(draw, value):
    """A few cells of the first spatial axis, read as steps of time, one after another."""
    if draw.rank == 1 or draw.first:
        return None
    made = getattr(layers, f"ConvLSTM{draw.rank - 1}D")
    linear = {"activation": "linear", "recurrent_activation": "linear"}
    more = {"padding": draw.pick(["valid", "same"]), "go_backwards": draw.chance(0.3)}
    more["dilation_rate"] = draw.number(1, 2)
    layer = made(1, draw.number(1, 3), return_sequences=True, **linear, **more, **FLOAT)
    return draw.called(lambda x: layer(x[:, :3]), value)  # each step squares what it reads


@spatial
def gate(draw, value):
    """Squeeze and excite: everything, by way of a global average."""
    name = "Average" if draw.smooth else draw.pick(["Average", "Max"])
    squeezed = draw.layer(f"Global{name}Pooling", keepdims=True)(value.symbol)
    if draw.chance(0.5):
        squeezed = draw.layer("Conv", value.channels, 1)(squeezed)
    return Value(layers.Multiply(**FLOAT)([value.symbol, squeezed]), value.channel)


def pointwise(draw, value):
    made = draw.pick(
        [
            lambda: layers.Rescaling(0.5, offset=0.25, **FLOAT),
            lambda: layers.Dropout(0.5, **FLOAT),
            lambda: layers.Activation("linear", **FLOAT),
            lambda: layers.LeakyReLU(**FLOAT),
        ]
    )
    return draw.called(made(), value)


def permute(draw, value):
    rank = len(value.symbol.shape)
    dims = [int(d) for d in draw.rng.permutation(np.arange(1, rank))]
    symbol = layers.Permute(dims, **FLOAT)(value.symbol)
    return Value(symbol, dims.index(value.channel) + 1)


def reshape(draw, value):
    """An axis of one cell more, or two axes made one."""
    sizes = list(value.symbol.shape[1:])
    if draw.chance(0.4) or len(sizes) < 2:
        at = draw.number(0, len(sizes))
        if len(sizes) > 3:
            return None
        sizes.insert(at, 1)
        channel = value.channel + (at < value.channel)
    else:
        at = draw.number(0, len(sizes) - 2)
        channel = value.channel - (at + 1 < value.channel)
        sizes[at : at + 2] = [sizes[at] * sizes[at + 1]]
    return Value(layers.Reshape(sizes, **FLOAT)(value.symbol), channel)


def dense(draw, value):
    """A layer over the last axis, of everything or of each place."""
    symbol = layers.Flatten(**FLOAT)(value.symbol) if draw.chance(0.5) else value.symbol
    if len(symbol.shape) != len(value.symbol.shape):
        return Value(layers.Dense(draw.channels(3), **FLOAT)(symbol), 1)
    if value.channel != len(symbol.shape) - 1:
        return None
    return draw.called(layers.Dense(draw.channels(3), **FLOAT), value)


def flatten(draw, value):
    return Value(layers.Flatten(**FLOAT)(value.symbol), 1) if draw.chance(0.3) else None


def join(draw, value):
    """Two values of one shape, or of shapes that fit."""
    others = [v for v in draw.values if v.channel == value.channel and v is not value]
    draw.rng.shuffle(others)
    for other in [*others, value]:
        if other.symbol.shape == value.symbol.shape:
            names = ["Add"] if draw.paths else ["Add", "Multiply", "Average", "Maximum"]
            layer = getattr(layers, draw.pick(names[:3] if draw.smooth else names))(**FLOAT)
            return Value(layer([value.symbol, other.symbol]), value.channel)
    return None


def concatenate(draw, value):
    others = [v for v in draw.values if v.channel == value.channel]
    draw.rng.shuffle(others)
    shape = value.symbol.shape
    for other in others:
        if len(other.symbol.shape) != len(shape):
            continue
        differ = [a for a in range(1, len(shape)) if other.symbol.shape[a] != shape[a]]
        if len(differ) <= 1:
            axes = differ or [value.channel, draw.number(1, value.channel)]
            layer = layers.Concatenate(axis=draw.pick(axes), **FLOAT)
            return draw.called(lambda x, o=other, layer=layer: layer([x, o.symbol]), value)
    return None


def sliced(draw, value):
    """A part of the cells along some axes, backwards too."""
    keys = [slice(None)]
    for size in value.symbol.shape[1:]:
        start, step = draw.number(0, size // 2), draw.pick([1, 1, 2, -1])
        keys.append(slice(None, None, -1) if step < 0 else slice(start, None, step))
    return draw.called(lambda x: x[tuple(keys)], value)


def place(draw, value):
    """One place of an axis, which is lost."""
    rank = len(value.symbol.shape)
    axis = draw.number(1, rank - 1)
    if rank < 3 or axis == value.channel:
        return None
    at = draw.number(0, value.symbol.shape[axis] - 1)
    symbol = value.symbol[(slice(None),) * axis + (at,)]
    return Value(symbol, value.channel - (axis < value.channel))


def arithmetic(draw, value):
    x = value.symbol
    made = draw.pick([lambda: x + x, lambda: x * 2.0, lambda: x * x, lambda: 1.0 + x])
    return Value(made(), value.channel)


@spatial
def shared(draw, value):
    """One layer, called again and again."""
    filters = 1 if draw.paths else value.channels
    new = draw.layer("Conv", filters, draw.number(2, 3), padding="same")
    return draw.shared.setdefault(value.channels, new)


@spatial
def nested(draw, value):
    """A model in the model: a branch around two layers."""
    x = cl.Input(value.symbol.shape[1:], **FLOAT)
    y = draw.layer("Conv", value.channels, draw.number(2, 3), padding="same")(x)
    y = layers.Add(**FLOAT)([x, y])
    y = draw.layer("AveragePooling", 2, draw.number(1, 2), "same")(y)
    return draw.called(cl.Model(x, y), value)


def twice(draw, value):
    """A model in the model, called on what it gave."""
    made = nested(draw, value)
    if made is None or made.symbol.shape != value.symbol.shape:
        return made
    return draw.called(made.symbol.node.layer, made)


KINDS = {
    "conv": conv,
    "depthwise": depthwise,
    "separable": separable,
    "transposed": transposed,
    "pooling": pooling,
    "up_sampling": up_sampling,
    "cropping": cropping,
    "zero_padding": zero_padding,
    "resizing": resizing,
    "lstm": lstm,
    "gate": gate,
    "pointwise": pointwise,
    "permute": permute,
    "reshape": reshape,
    "dense": dense,
    "flatten": flatten,
    "join": join,
    "concatenate": concatenate,
    "sliced": sliced,
    "place": place,
    "arithmetic": arithmetic,
    "shared": shared,
    "nested": nested,
    "twice": twice,
}

NO_SUMS = ("pooling", "resizing", "lstm", "gate", "pointwise", "arithmetic", "nested", "twice")
"""Kinds that do more than add up."""
