"""The networks of keras.applications: read, traced, their receptive fields, and run.

What Keras says of fourteen is kept in recorded/; all of them are made by the installed Keras, in
processes of their own, in live_applications.py. Of their weights and activations each commit has
four networks; CONVLAB_NETWORKS=13 asks for all, and CONVLAB_SEED for those of another commit.
"""

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import applications
import naive_fields
import pytest

import convlab as cl

sys.path.insert(0, str(Path(__file__).parents[1] / "layers"))
from made_up import SEED

LIVE = Path(__file__).with_name("live_applications.py")
MANY = int(os.environ.get("CONVLAB_NETWORKS", "4"))

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

# Networks without gates that read a whole map halfway, with an uneven size that is not square.
# NASNet's joins fit at multiples of 32 alone.
LOCAL = dict.fromkeys([*PUBLISHED, "MobileNetV2", "Xception"], (331, 270))
LOCAL["NASNetMobile"] = (320, 256)


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
    """Every layer's map is as large as the oracle says."""
    network = naive_fields.Network(applications.read_json(name), LOCAL[name])
    shapes = {row.name: row.output_shape for row in trace_at(read(name), LOCAL[name]).rows}
    assert len(network.sizes) > 0.8 * len(shapes)
    assert {layer: shapes[layer][1:-1] for layer in network.sizes} == network.sizes


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


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("name", LOCAL)
def test_fields_of_every_layer(read, name, uneven):
    """Size, stride, padding, centre and alignment, layer by layer, as the oracle's intervals."""
    spatial = LOCAL[name] if uneven else (224, 224)
    network = naive_fields.Network(applications.read_json(name), spatial)
    rows = {row.name: row for row in trace_at(read(name), spatial).rows}
    for layer, axes in network.fields.items():
        field = rows[layer].receptive_field
        assert field.size == tuple(axis.size for axis in axes), layer
        assert field.stride == tuple(axis.stride for axis in axes), layer
        assert field.padding == tuple(axis.padding for axis in axes), layer
        assert field.center == tuple(axis.centre for axis in axes), layer
        assert field.offset == tuple(axis.offset for axis in axes), layer
        assert field.aligned == tuple(axis.offset == 0 for axis in axes), layer


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
def test_every_structure_live(keras):
    """Shapes and parameters of all of keras.applications, made by the installed Keras."""
    assert passed("test_there_are_forty", "test_structure") >= 41


@pytest.mark.keras
@pytest.mark.parametrize("number", range(MANY))
def test_a_network_live(keras, number):
    """Weights bit for bit, and the activations, of one that was drawn."""
    names = [*applications.FILES, *applications.LARGER]
    name = random.Random(SEED).sample(names, len(names))[number]
    kind = "test_files" if name in applications.FILES else "test_larger_ones_live"
    assert passed(f"{kind}[{name}]") == 1


def passed(*tests):
    """How many of live_applications.py passed, all of those that were asked for."""
    command = [sys.executable, "-X", "faulthandler", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *(f"{LIVE}::{test}" for test in tests)],
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=LIVE.parents[2],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    assert "skipped" not in done.stdout
    return int(re.search(r"(\d+) passed", done.stdout)[1])
