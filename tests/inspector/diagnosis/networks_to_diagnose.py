"""Networks whose shapes conflict, built without looking at them."""

import convlab as cl
from convlab import layers
from convlab.models.code.reading import read_code


def read(code):
    """The network of a text of layer calls, as it stands."""
    return read_code(code).model


def unet(size, padding="same", up="UpSampling2D(2", depth=3, channels=1):
    """A U-Net of some depth."""
    lines = [f"x = image = Input(({size}, {size}, {channels}), name='image')"]
    for level in range(depth):
        lines += [
            f"x = skip{level} = Conv2D(4, 3, padding='{padding}', name='down{level}')(x)",
            f"x = MaxPooling2D(2, name='pool{level}')(x)",
        ]
    lines += [f"x = Conv2D(4, 3, padding='{padding}', name='bottom')(x)"]
    for level in reversed(range(depth)):
        lines += [
            f"x = {up}, name='up{level}')(x)",
            f"x = Concatenate(name='join{level}')([skip{level}, x])",
            f"x = Conv2D(4, 3, padding='{padding}', name='end{level}')(x)",
        ]
    return read("\n".join([*lines, "model = Model(image, x)"]))


def fine():
    """A network in which nothing is wrong."""
    image = cl.Input((32, 32, 3), name="image")
    half = layers.MaxPooling2D(2, name="half")(layers.Conv2D(4, 3, padding="same")(image))
    return cl.Model(image, layers.UpSampling2D(2, name="twice")(half))


def changes(fix):
    """The changes of a fix in short."""
    return tuple(
        (change.kind, change.layer, change.name or change.class_name, change.new)
        for change in fix.changes
    )
