"""Broken networks, drawn from a number: good ones of many structures with one thing changed.

`broken(seed)` draws a network that works (one of `made_up_networks`, a U-Net, or a classifier),
writes it as JSON, and changes in the text what people get wrong: a size of the input, an argument
of a layer, the rank, a size that is not known, or what they want to come out.
"""

import json
from dataclasses import dataclass

import numpy as np
from made_up_networks import network

import convlab as cl
from convlab import layers
from convlab.errors import FileRefused
from convlab.layers.naming import reset_names


@dataclass(frozen=True)
class Broken:
    """A broken network.

    Attributes:
        text: the JSON of it, as `to_json` writes it.
        wanted: the shape that should come out, without the batch; None where any may.
        what: what was done to it.
    """

    text: str
    wanted: tuple[int, ...] | None
    what: str

    @property
    def output_shape(self):
        """What should come out, as `diagnose` takes it."""
        return None if self.wanted is None else (None, *self.wanted)


def broken(seed):
    """The broken network of a number."""
    rng = np.random.default_rng([seed, 6])
    for _ in range(100):
        drawn = _changed(rng)
        if drawn is not None and not _fits(drawn):
            return drawn
    raise AssertionError("nothing that was changed broke a network")


def _changed(rng):
    reset_names()
    base = str(rng.choice(["drawn", "unet", "classifier"], p=[0.4, 0.4, 0.2]))
    model = {"drawn": _drawn, "unet": _unet, "classifier": _classifier}[base](rng)
    config = json.loads(model.to_json().replace("float64", "float32"))
    ways = [_sizes, _argument, _rank, _unknown, _wanted]
    way = ways[int(rng.choice(len(ways), p=[0.37, 0.41, 0.04, 0.05, 0.13]))]
    if way is _wanted:
        wanted = _wanted(rng, model)
        return Broken(json.dumps(config), wanted, f"{base}: {wanted} wanted")
    what = way(rng, config["config"]["layers"])
    return Broken(json.dumps(config), None, f"{base}: {what}") if what else None


def _fits(drawn):
    """Whether it is not broken at all, or holds a layer that no file can describe."""
    try:
        found = cl.trace(cl.model_from_json(drawn.text))
    except FileRefused:
        return True
    return not found.conflicts and drawn.wanted in (None, found.output_shape[1:])


# Good networks


def _drawn(rng):
    return network(int(rng.integers(2**31))).model


def _ranked(rng):
    """A rank, whether channels come first, and what makes layers and inputs of these."""
    rank = int(rng.choice([1, 2, 3], p=[0.3, 0.5, 0.2]))
    # two layers of one dimension know no other format
    first = rank > 1 and bool(rng.random() < 0.25)
    order = {"data_format": "channels_first" if first else "channels_last"}

    def layer(name, *arguments, **more):
        full = name.replace("#", f"{rank}D")
        formatted = {} if full == "UpSampling1D" else order
        return getattr(layers, full)(*arguments, **more, **formatted)

    def start(sizes, channels):
        return cl.Input((channels, *sizes) if first else (*sizes, channels))

    return rank, first, layer, start


def _unet(rng):
    """Skips over pools, joined by sum or side by side, and either kind of layer on the way up."""
    rank, first, layer, start = _ranked(rng)
    depth = int(rng.integers(1, 4 if rank < 3 else 3))
    pool = 3 if rng.random() < 0.15 else 2
    channels = int(rng.integers(1, 4))
    sizes = [pool**depth * int(rng.integers(1, 4 if rank < 3 else 3)) for _ in range(rank)]
    summed = bool(rng.random() < 0.3)
    up = str(rng.choice(["Conv#Transpose", "UpSampling#"]))
    kernel = int(rng.choice([1, 2, 3]))
    joined = 1 if first else -1
    image = start(sizes, channels)
    x, skips = image, []
    for _ in range(depth):
        x = layer("Conv#", channels, kernel, padding="same")(x)
        skips.append(x)
        if rng.random() < 0.3:
            x = layer("Conv#", channels, pool, strides=pool, padding="same")(x)
        else:
            name = "MaxPooling#" if rng.random() < 0.7 else "AveragePooling#"
            x = layer(name, pool, padding=str(rng.choice(["valid", "same"])))(x)
    x = layer("Conv#", channels, kernel, padding="same")(x)
    for skip in reversed(skips):
        if up == "UpSampling#":
            x = layer("UpSampling#", pool)(x)
        else:
            x = layer("Conv#Transpose", channels, pool, strides=pool, padding="same")(x)
        x = layers.Add()([x, skip]) if summed else layers.Concatenate(axis=joined)([x, skip])
        x = layer("Conv#", channels, kernel, padding="same")(x)
    return cl.Model(image, layer("Conv#", 1, 1)(x))


def _classifier(rng):
    """Convolutions without padding, pools, and a dense end, in a row."""
    rank, first, layer, start = _ranked(rng)
    sizes = [int(rng.integers(12, 29 if rank < 3 else 17)) for _ in range(rank)]
    grouped = bool(rng.random() < 0.3) and not first
    channels = 4 if grouped else int(rng.integers(1, 4))
    model = cl.Sequential([start(sizes, channels)])

    def last():
        shape = model.output_shape[1:]
        return min(shape[1:] if first else shape[:-1])

    for _ in range(int(rng.integers(1, 4))):
        kernel = int(rng.integers(1, 4))
        if last() < 2 * kernel + 1:
            break
        groups = {"groups": int(rng.choice([1, 2, 4]))} if grouped else {}
        model.add(layer("Conv#", 4, kernel, activation="relu", **groups))
        if rng.random() < 0.7:
            model.add(layer("MaxPooling#", 2))
        if rng.random() < 0.3:
            model.add(layers.BatchNormalization(axis=1 if first else -1))
    if rng.random() < 0.3:
        model.add(layer("GlobalAveragePooling#"))
    else:
        model.add(layers.Flatten())
    model.add(layers.Dense(3))
    return model


# What people get wrong


def _inputs(listed):
    return [entry for entry in listed if entry["class_name"] == "InputLayer"]


def _sizes(rng, listed):
    """Another size along some axes of an input."""
    config = _inputs(listed)[0]["config"]
    shape = config["batch_shape"]
    for axis in range(1, len(shape)):
        if rng.random() < 0.6:
            shape[axis] = max(1, int(shape[axis] + rng.integers(-4, 5)))
    return f"sizes {shape[1:]}"


def _rank(rng, listed):
    """An axis too many or too few."""
    config = _inputs(listed)[0]["config"]
    shape = config["batch_shape"]
    if rng.random() < 0.5 and len(shape) > 2:
        del shape[int(rng.choice([1, len(shape) - 1]))]
    else:
        shape.insert(1, int(rng.integers(1, 5)))
    return f"rank {shape[1:]}"


def _unknown(rng, listed):
    """A size that is not known."""
    config = _inputs(listed)[0]["config"]
    axis = int(rng.integers(1, len(config["batch_shape"])))
    config["batch_shape"][axis] = None
    return f"unknown {axis}"


def _argument(rng, listed):
    """Another value of an argument of one layer."""
    entries = [entry for entry in listed if set(_OTHER) & set(entry["config"])]
    if not entries:
        return None
    entry = entries[int(rng.integers(len(entries)))]
    config = entry["config"]
    names = [name for name in _OTHER if name in config]
    name = names[int(rng.integers(len(names)))]
    old = config[name]
    config[name] = _OTHER[name](rng, old)
    return f"{entry['config']['name']}.{name} {old} -> {config[name]}"


def _more(most):
    def other(rng, old):
        if isinstance(old, int):
            return int(old + rng.integers(1, most + 1))
        return [int(one + rng.integers(0, most + 1)) for one in old or [1]]

    return other


def _flipped(*values):
    return lambda rng, old: values[1] if old == values[0] else values[0]


def _amounts(rng, old):
    if isinstance(old[0], int):
        return [int(one + rng.integers(0, 4)) for one in old]
    return [[int(one + rng.integers(0, 4)) for one in pair] for pair in old]


_OTHER = {
    "kernel_size": _more(4),
    "strides": _more(1),
    "pool_size": _more(2),
    "dilation_rate": _more(1),
    "padding": lambda rng, old: (
        _flipped("valid", "same")(rng, old)
        if isinstance(old, str)
        else _amounts(rng, old)
        if isinstance(old, list)
        else old + 1
    ),
    "cropping": _amounts,
    "size": _more(1),
    "filters": _more(2),
    "groups": lambda rng, old: int(rng.choice([2, 3, 5])),
    "data_format": _flipped("channels_last", "channels_first"),
    "axis": lambda rng, old: int(rng.choice([1, 2, -1, -2])),
    "output_padding": lambda rng, old: int(rng.integers(0, 3)),
    "target_shape": lambda rng, old: [*old[:-1], int(old[-1] + 1)],
}


def _wanted(rng, model):
    """Another shape that should come out: sizes a few cells off, most often smaller."""
    shape = model.output_shape[1:] if isinstance(model.output_shape, tuple) else ()
    sizes = [
        size if index == len(shape) - 1 else max(1, int(size + rng.integers(-3, 3)))
        for index, size in enumerate(shape)
    ]
    return tuple(sizes) or None
