"""Broken networks of 500 layers, and where what is wrong with them lies."""

import json

import convlab as cl
from convlab import layers

LARGE = 500
"""How many layers there are, about."""


def residual(count=LARGE):
    """A chain of blocks with shortcuts; a pooling in the middle is in one branch only.

    Returns:
        The JSON of the network, the layer at which it shows, and that which causes it.
    """
    blocks = (count - 3) // 6
    image = cl.Input((64, 64, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", name="stem")(image)
    for block in range(blocks):
        y = layers.Conv2D(4, 3, padding="same", name=f"conv_{block}a")(x)
        y = layers.BatchNormalization(name=f"norm_{block}")(y)
        y = layers.Activation("relu", name=f"relu_{block}")(y)
        pool = layers.MaxPooling2D(2, strides=1, padding="same", name=f"pool_{block}")
        y = layers.Conv2D(4, 3, padding="same", name=f"conv_{block}b")(pool(y))
        x = layers.Add(name=f"add_{block}")([x, y])
    head = layers.GlobalAveragePooling2D(name="head")(x)
    config = json.loads(cl.Model(image, head).to_json())
    middle = blocks // 2
    _layer(config, f"pool_{middle}")["strides"] = [2, 2]
    return json.dumps(config), f"add_{middle}", f"pool_{middle}"


def unet(count=LARGE):
    """A U-Net of five levels of many layers, for an input that is divided once too often."""
    levels = 5
    each = (count - 4 * levels) // (2 * levels + 1)
    image = cl.Input((96, 96, 1), name="image")
    x, skips = image, []

    def row(x, name):
        for number in range(each):
            x = layers.Conv2D(2, 3, padding="same", name=f"{name}_{number}")(x)
        return x

    for level in range(levels):
        x = row(x, f"down{level}")
        skips.append(x)
        x = layers.MaxPooling2D(2, name=f"pool{level}")(x)
    x = row(x, "bottom")
    for level in reversed(range(levels)):
        x = layers.UpSampling2D(2, name=f"grow{level}")(x)
        x = layers.Concatenate(name=f"join{level}")([x, skips[level]])
        x = row(x, f"up{level}")
    config = json.loads(cl.Model(image, layers.Conv2D(1, 1, name="mask")(x)).to_json())
    _layer(config, "image")["batch_shape"] = [None, 100, 100, 1]
    return json.dumps(config), "join2", "pool2"


def chain(count=LARGE):
    """Layers in a row; a stride too many makes the picture too small for one of the last."""
    image = cl.Input((64, 64, 1), name="image")
    x = image
    for number in range(count - 12):
        x = layers.Conv2D(2, 3, padding="same", name=f"conv_{number}")(x)
    for number in range(10):
        x = layers.Conv2D(2, 5, name=f"last_{number}")(x)
    config = json.loads(cl.Model(image, layers.Flatten(name="flat")(x)).to_json())
    _layer(config, f"conv_{count // 2}")["strides"] = [2, 2]
    return json.dumps(config), "last_7", None


def _layer(config, name):
    return next(one["config"] for one in config["config"]["layers"] if one["name"] == name)


NETWORKS = {"residual": residual, "unet": unet, "chain": chain}
