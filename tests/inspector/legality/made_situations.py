"""Arguments and inputs for each situation that the legality table speaks of.

There are two variants of each, with other numbers: the table is made of the first, and the second
must be answered alike, since a situation is all that decides.
"""

from itertools import product

from convlab.errors import ConvlabError
from convlab.inspector.legality.features import features_of, situation_of
from convlab.layers import __dict__ as classes

CHANNELS, FILTERS, BATCH = 20, 46, 2
"""As no output has along an axis: Keras on TensorFlow adds a bias of as many numbers as the last
axis has along that axis, whatever the data format, which has nothing to do with the arguments."""

SIZES = {1: (14,), 2: (11, 14), 3: (8, 9, 10)}
OTHER_SIZES = {1: (17,), 2: (16, 13), 3: (13, 14, 15)}
TIME = 2

KERNELS = {"odd": (3, 5), "even": (2, 4)}
AMOUNTS = {"a number": (1, 2), "pairs": ((1, 2), (2, 0)), "< 0": (-1, -2)}


def situations(class_name):
    """All combinations of labels, some of which no arguments have."""
    return list(product(*(feature.labels for feature in features_of(class_name))))


def arguments_of(class_name, situation, variant=0):
    """Arguments of this situation; None where there are none."""
    labels = dict(zip((f.argument for f in features_of(class_name)), situation, strict=True))
    rank = classes[class_name].rank
    made = _windows(class_name, labels, rank, variant)
    for name, label in labels.items():
        if name not in made:
            made[name] = _value(class_name, name, label, rank, variant)
    if "output_padding" in labels:
        made["output_padding"] = _output_padding(labels["output_padding"], made["strides"], rank)
    if made.get("padding") == "pairs":
        made["padding"] = ((1, 1),) * rank
    try:
        return made if situation_of(class_name, made) == situation else None
    except ConvlabError:
        return None


def _windows(class_name, labels, rank, variant):
    """What is not told by the labels: the window, and how many filters."""
    if "Pooling" in class_name:
        window = 0 if class_name.startswith("Global") else (4, 3)[variant]
        made = {"pool_size": window} if window else {}
        return made | _strides(labels, window, rank, variant)
    if "Conv" not in class_name:
        return {}
    kernel = KERNELS[labels.get("kernel_size", "odd")][variant]
    made = {"kernel_size": kernel, **_strides(labels, kernel, rank, variant)}
    return made if class_name.startswith("Depthwise") else {"filters": FILTERS, **made}


def _strides(labels, window, rank, variant):
    if "strides" not in labels:
        return {}
    label = labels["strides"]
    if label == "unequal":
        return {"strides": _unequal(rank, variant)}
    return {"strides": {"= 1": 1, "> 1": 2}.get(label, window + 1)}


def _unequal(rank, variant):
    one, two = ((1, 2), (2, 1))[variant]
    return (one,) * (rank - 1) + (two,)


def _output_padding(label, strides, rank):
    steps = strides if isinstance(strides, tuple) else (strides,) * rank
    if label == "unequal":
        return (0,) * (rank - 1) + (steps[-1] - 1,)
    values = {"=None": None, "=0": 0, "> 0": tuple(s - 1 for s in steps), ">= strides": steps}
    return values[label]


def _value(class_name, name, label, rank, variant):
    """An argument with this label."""
    if name in ("cropping", "padding") and label in AMOUNTS:
        amount = AMOUNTS[label][variant]
        return (amount,) * rank if label == "pairs" and rank > 1 else amount
    if label == "unequal":
        return _unequal(rank, variant)
    words = {
        "a word": ("full", "reflect"),
        "capitals": ("SAME", "Valid"),
        "numbers": ((1,) * rank,) * 2,
    }
    numbers = {"= 1": (1, 1), "> 1": (2, 2 if name == "groups" else 3), "uneven": (4, 4)}
    flags = {"=True": (True, True), "=False": (False, False)}
    known = words | numbers | flags
    if label in known:
        return known[label][variant]
    return None if label.startswith("=") or label[0] == ">" else label.strip("'")


def input_shapes(class_name, given, variant=0):
    """The whole shapes of inputs, batch first.

    Of poolings there are several: some answers hang on how much is padded, and at which end.
    """
    rank = classes[class_name].rank
    sizes = [OTHER_SIZES[rank] if variant else SIZES[rank]]
    if "Pooling" in class_name and not class_name.startswith("Global"):
        sizes = [tuple(size + more for size in sizes[0]) for more in range(3)]
    time = (TIME,) if "LSTM" in class_name else ()
    first = str(given.get("data_format", "")).lower() == "channels_first"
    return [
        (BATCH, *time, CHANNELS, *size) if first else (BATCH, *time, *size, CHANNELS)
        for size in sizes
    ]
