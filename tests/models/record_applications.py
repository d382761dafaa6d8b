"""Writes what `convlab.models.applications` reads: the layers of each network of Keras.

    python record_applications.py

Needs the installed Keras. Of the networks whose structure depends on the size of the picture by
more than paddings, NASNet, nothing is written.
"""

import functools
import gzip
import json
import math
import os
import re
from pathlib import Path

from applications import structure

HOME = Path(__file__).parents[2] / "convlab" / "models" / "applications" / "recorded"
LEFT_OUT = ("NASNetLarge", "NASNetMobile")
LEAST = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71}
PADDED = re.compile("EfficientNet|MobileNetV[23]")
"""The families whose paddings before a stride are chosen by the parity of what is padded."""

_NO_SHAPE = ("_initializer", "_regularizer", "_constraint")
_IDLE = ("trainable", "dtype", "quantization_config", "lora_rank", "lora_alpha")


def written(entry):
    """An entry of a model's list without what decides upon no shape."""
    config = {
        name: value
        for name, value in entry["config"].items()
        if name not in _IDLE and not name.endswith(_NO_SHAPE) and value is not None
    }
    told = {"class_name": entry["class_name"], "name": entry["name"], "config": config}
    told["inbound_nodes"] = entry["inbound_nodes"]
    if ".ops" in str(entry.get("module")):
        told["module"] = entry["module"]
    return told


def recorded(name):
    """What is written of a network."""
    make = functools.partial(structure, name)
    default = make().input_shape[1:]
    size = default[0] or 224
    whole = json.loads(make(input_shape=(size, size, 3)).to_json())["config"]
    body = make(include_top=False)
    free = [written(one) for one in json.loads(body.to_json())["config"]["layers"]]
    pooled = {}
    for pooling in ("avg", "max"):
        pooled[pooling] = make(include_top=False, pooling=pooling).layers[-1].name
    entries = [written(entry) for entry in whole["layers"]]
    if PADDED.match(name):
        for entry in entries:
            if entry["class_name"] == "ZeroPadding2D":
                read = entry["inbound_nodes"][0]["args"][0]["config"]["shape"][1]
                entry["halved"] = round(math.log2(size / read))
    classes = {one["name"]: one["class_name"] for one in entries}
    assert all(classes.get(one["name"], one["class_name"]) == one["class_name"] for one in free)
    return {
        "name": whole["name"],
        "size": default[0],
        "free": list(body.input_shape[1:]),
        "least": LEAST.get(name, 32),
        "body": next(one["name"] for one in reversed(free) if one["name"] in classes),
        "ending": [one for one in free if one["name"] not in classes],
        "pooling": pooled,
        "layers": entries,
    }


def write():
    """Write all of them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    HOME.mkdir(exist_ok=True)
    for name in dir(keras.applications):
        if name[0].isupper() and name not in LEFT_OUT:
            told = json.dumps(recorded(name), separators=(",", ":"), sort_keys=True)
            packed = gzip.compress(told.encode(), 9, mtime=0)
            (HOME / f"{name}.json.gz").write_bytes(packed)
            print(name, len(packed), flush=True)


if __name__ == "__main__":
    write()
