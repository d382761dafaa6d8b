"""The networks of keras.applications: read, traced, their receptive fields, and run.

What Keras says of fourteen is kept in recorded/; all of them are made by the installed Keras, in a
process of its own, in live_applications.py.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import applications
import naive_fields
import pytest

import convlab as cl

LIVE = Path(__file__).with_name("live_applications.py")

# Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019:
# the model zoo's table, at 224 (the Inceptions at 299), padding as TensorFlow's. Each is of the
# last map before the global pooling, whose name in Keras stands beside it.
PUBLISHED = {
    "VGG16": ("block5_pool", 212, 32, 90),
    "ResNet50": ("conv5_block3_out", 483, 32, 241),
    "ResNet101": ("conv5_block3_out", 1027, 32, 513),
    "ResNet152": ("conv5_block3_out", 1507, 32, 753),
    "MobileNet": ("conv_pw_13_relu", 315, 32, 126),
    "InceptionV3": ("mixed10", 1311, 32, 618),
    "InceptionResNetV2": ("conv_7b_ac", 3039, 32, 1482),
    "DenseNet121": ("relu", 2071, 32, 1021),
}

# Without gates that read a whole map in the middle of the network.
LOCAL = sorted({*PUBLISHED, "MobileNetV2", "NASNetMobile", "Xception"})


@pytest.fixture(scope="module")
def read():
    """name -> the network, read once."""
    models = {}

    def model(name):
        if name not in models:
            models[name] = cl.model_from_json(applications.read_json(name))
        return models[name]

    return model


@pytest.mark.parametrize("name", applications.KEPT)
def test_shapes_and_parameters(read, name):
    expected = applications.read_table(name)
    trace = cl.trace(read(name))
    assert not applications.differences(trace.rows, expected)
    assert read(name).count_params() == sum(row["params"] for row in expected)


@pytest.mark.parametrize("name", applications.KEPT)
def test_shapes_are_computed_and_not_read(name):
    """The file repeats the shapes of its tensors: without them, all comes out the same."""
    model = cl.model_from_json(without_shapes(applications.read_json(name)))
    assert not applications.differences(cl.trace(model).rows, applications.read_table(name))


def without_shapes(text):
    """The text of a model without what Keras noted on the shapes inside it."""

    def stripped(value):
        if isinstance(value, list):
            return [stripped(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {k: stripped(v) for k, v in value.items() if k != "build_config"}
        if value.get("class_name") == "__keras_tensor__":
            del kept["config"]["shape"]
        return kept

    return json.dumps(stripped(json.loads(text)))


@pytest.mark.parametrize("name", LOCAL)
def test_another_size(read, name):
    """At an uneven size, not square, every layer's map is as large as the oracle says."""
    network = naive_fields.Network(applications.read_json(name), (331, 270))
    shapes = {row.name: row.output_shape for row in trace_at(read(name), (331, 270)).rows}
    sizes = {name: shapes[name][1:-1] for name in network.sizes}
    assert sizes == network.sizes


def trace_at(model, spatial):
    return cl.trace(model, input_shape=(None, *spatial, 3))


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_receptive_fields(read, name):
    layer, size, stride, padding = PUBLISHED[name]
    field = cl.receptive_field(read(name), layer)
    assert field.size == (size, size)
    assert field.stride == (stride, stride)
    assert field.padding == (padding, padding)
    assert field.aligned == (True, True)
    assert field.offset == (0, 0)


@pytest.mark.parametrize("name", LOCAL)
@pytest.mark.parametrize("spatial", [(224, 224), (331, 270)])
def test_fields_of_every_layer(read, name, spatial):
    """Size, stride, padding, centre and alignment, layer by layer, as the oracle's intervals."""
    network = naive_fields.Network(applications.read_json(name), spatial)
    rows = {row.name: row for row in trace_at(read(name), spatial).rows}
    for layer in network.sizes:
        ours, axes = rows[layer].receptive_field, range(2)
        theirs = [network.field(layer, axis) for axis in axes]
        assert ours.size == tuple(field.size for field in theirs), layer
        assert ours.stride == tuple(field.stride for field in theirs), layer
        assert ours.padding == tuple(field.padding for field in theirs), layer
        assert ours.center == tuple(field.centre for field in theirs), layer
        apart = [high - low for low, high in (network.centres(layer, axis) for axis in axes)]
        assert ours.offset == tuple(apart), layer
        assert ours.aligned == tuple(distance == 0 for distance in apart), layer


def test_xception_is_misaligned(read):
    field = cl.receptive_field(
        read("Xception"), "block14_sepconv2_act", input_shape=(None, 224, 224, 3)
    )
    assert field.aligned == (False, False)
    assert field.offset == (24, 24)


def test_resnet_is_aligned(read):
    rows = cl.trace(read("ResNet50")).rows
    joins = [row for row in rows if row.class_name == "Add"]
    assert len(joins) == 16
    assert all(row.receptive_field.aligned == (True, True) for row in joins)


@pytest.mark.keras
def test_every_network_live(keras):
    """All of keras.applications, made by the installed Keras; weights and activations too."""
    command = [sys.executable, "-X", "faulthandler", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, str(LIVE)],
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=LIVE.parents[2],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    passed = int(re.search(r"(\d+) passed", done.stdout)[1])
    assert passed >= 40 + len(applications.FILES)
    assert "skipped" not in done.stdout
