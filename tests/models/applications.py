"""The networks of keras.applications: built without their weights, with random ones, and recorded.

Needs the installed Keras. The tests import the functions; as a script it writes what they compare:

    python applications.py record              the structures kept in recorded/, and their tables
    python applications.py save FOLDER [NAME]  a .keras, an .h5 and a .csv table of each of FILES
"""

import csv
import gzip
import inspect
import os
import sys
from pathlib import Path

import numpy as np

RECORDED = Path(__file__).with_name("recorded")

# Kept in the repository: every family of layers and of graphs that keras.applications has.
KEPT = [
    *["ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "InceptionResNetV2", "InceptionV3"],
    *["MobileNet", "MobileNetV2", "MobileNetV3Small", "NASNetMobile", "ResNet50", "ResNet101"],
    *["ResNet152", "VGG16", "Xception"],
]

# Saved with weights, each file below 100 MiB.
FILES = [
    *["DenseNet121", "EfficientNetB0", "EfficientNetV2B0", "InceptionV3", "MobileNet"],
    *["MobileNetV2", "MobileNetV3Large", "MobileNetV3Small", "NASNetMobile", "ResNet50"],
    "Xception",
]

# Too large for files that are quickly written and read.
LARGER = ["ConvNeXtTiny", "InceptionResNetV2"]

COLUMNS = ("name", "class_name", "output_shape", "params", "trainable_params")


def names():
    """The networks that the installed Keras offers."""
    from keras import applications

    return [name for name, _ in inspect.getmembers(applications, inspect.isfunction)]


def structure(name, **arguments):
    """A network whose variables have shapes and no values: 40 of them fit in half a gigabyte."""
    import keras

    keras.backend.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return getattr(keras.applications, name)(weights=None, **arguments)


def with_random_weights(name, seed=0, **arguments):
    """A network in which no weight is the identity, and whose activations stay of order one.

    The statistics of each BatchNormalization are those of a batch of images, then disturbed.
    """
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = getattr(keras.applications, name)(weights=None, **arguments)
    rng = np.random.default_rng(seed)
    normalising = [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]
    for layer in model.layers:
        _disturb(layer, rng)
    momenta = {layer: layer.momentum for layer in normalising}
    for layer in normalising:
        layer.momentum = 0.0
    if normalising:
        model(images(model, count=4, seed=seed), training=True)
    for layer, momentum in momenta.items():
        layer.momentum = momentum
        mean, variance = layer.moving_mean, layer.moving_variance
        size = tuple(mean.shape)
        mean.assign(mean + rng.normal(0, 0.1, size) * np.sqrt(variance))
        variance.assign(variance * rng.uniform(0.7, 1.4, size))
    return model


def _disturb(layer, rng):
    """New values for the weights that Keras starts at 0, 1 or 1e-6."""
    ranges = {
        "gamma": (0.5, 1.5),
        "beta": (-0.3, 0.3),
        "bias": (-0.1, 0.1),
        "mean": (0.4, 0.6),  # of images scaled to 0 ... 1
        "variance": (0.03, 0.06),
    }
    for weight in layer.weights:
        if weight.name in ranges:
            weight.assign(rng.uniform(*ranges[weight.name], tuple(weight.shape)))
    if hasattr(layer, "finalize_state"):  # Normalization computes with a copy of its weights
        layer.finalize_state()


def images(model, count, seed=0):
    """Images of a network's size with coarse and fine structure, from 0 to 255."""
    rng = np.random.default_rng([seed, 1])
    height, width, channels = (size or 224 for size in model.input_shape[1:])
    image = np.zeros((count, height, width, channels))
    for cell in (1, 8, 64):
        rows, columns = -(-height // cell), -(-width // cell)
        coarse = rng.uniform(0, 85, (count, rows, columns, channels))
        image += np.kron(coarse, np.ones((1, cell, cell, 1)))[:, :height, :width]
    return image.astype("float32")


def table(model, outer=""):
    """What Keras says of every layer: one row each, nested models flattened as outer/inner."""
    rows = []
    for layer in model.operations if hasattr(model, "operations") else model.layers:
        if hasattr(layer, "layers"):
            rows += table(layer, f"{outer}{layer.name}/")
            continue
        weights, trainable = getattr(layer, "weights", []), getattr(layer, "trainable_weights", [])
        rows.append(
            {
                "name": outer + layer.name,
                "class_name": type(layer).__name__,
                "output_shape": tuple(layer.output.shape),
                "params": _count(weights),
                "trainable_params": _count(trainable),
            }
        )
    return rows


def differences(rows, expected):
    """How the rows of a trace differ from a table; containers and their inputs are in neither."""
    found = {row.name: row for row in rows}
    wrong = [f"{row['name']} is missing" for row in expected if row["name"] not in found]
    for row in expected:
        if row["name"] in found:
            ours = {column: getattr(found[row["name"]], column) for column in COLUMNS}
            wrong += [
                f"{row['name']}: {column} {ours[column]}, in Keras {row[column]}"
                for column in COLUMNS
                if ours[column] != row[column]
            ]
    names = {row["name"] for row in expected}
    inside = {name.rpartition("/")[0] for name in names}
    return wrong + [
        f"{row.name} is no layer of Keras's"
        for row in rows
        if row.name not in names | inside and row.class_name != "InputLayer"
    ]


def _count(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


def save(model, folder):
    """Write a network as .keras and .h5; the paths."""
    paths = [Path(folder) / f"{model.name}{ending}" for ending in (".keras", ".h5")]
    for path in paths:
        model.save(path)
    return paths


def write_table(rows, path):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            shape = "x".join("?" if n is None else str(n) for n in row["output_shape"])
            writer.writerow(row | {"output_shape": shape})


def read_table(name):
    """The recorded table of a network."""
    with (RECORDED / f"{name}.csv").open(newline="") as file:
        return [_typed(row) for row in csv.DictReader(file)]


def _typed(row):
    shape = (None if n == "?" else int(n) for n in row["output_shape"].split("x"))
    counts = {name: int(row[name]) for name in ("params", "trainable_params")}
    return row | {"output_shape": tuple(shape)} | counts


def read_json(name):
    """The recorded text that Keras's to_json gave for a network."""
    return gzip.decompress((RECORDED / f"{name}.json.gz").read_bytes()).decode()


def record():
    RECORDED.mkdir(exist_ok=True)
    for name in KEPT:
        model = structure(name)
        packed = gzip.compress(model.to_json().encode(), 9, mtime=0)
        (RECORDED / f"{name}.json.gz").write_bytes(packed)
        write_table(table(model), RECORDED / f"{name}.csv")
        print(f"{name}: {len(model.layers)} layers, {len(packed)} bytes")


def save_all(folder, *chosen):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in chosen or FILES:
        model = with_random_weights(name)
        write_table(table(model), folder / f"{model.name}.csv")
        for path in save(model, folder):
            print(f"{path}: {path.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    commands = {"record": record, "save": save_all}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
