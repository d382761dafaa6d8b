"""Scenes as they travel, and the module that receives them."""

import json
import re

import numpy as np
import pytest
from scenes import scene_of
from travelling import arrived, embed

from convlab import layers
from convlab.layers import activations
from convlab.scene import as_plain, build_scene, stage_module, stage_style
from convlab.scene.activation_words import activation


def test_a_page_that_stands_alone_takes_json():
    scene = scene_of()
    again = arrived(json.loads(json.dumps(embed(as_plain(scene)), allow_nan=False)))
    assert np.array_equal(again["steps"][0]["linear"], scene.steps[0].linear)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_keep_their_width(dtype):
    sent = as_plain(scene_of(dtype=dtype))
    assert arrived(sent)["steps"][0]["output"]["values"].dtype == dtype


def test_arrays_that_are_views_travel_in_order():
    scene = scene_of((6, 7, 2), first=True)  # channels_first: moved axes, not contiguous
    sent = arrived(as_plain(scene))["steps"][0]["output"]["values"]
    assert np.array_equal(sent, scene.steps[0].output.values)


def test_an_array_travels_once():
    x = np.random.default_rng(0).random((1, 8, 8, 3)).astype("float32")
    scene = build_scene([layers.ZeroPadding2D(1), layers.Conv2D(4, 3)], x)
    padding, convolution = as_plain(scene)["steps"]
    (number,) = {padding["linear"]["id"], padding["output"]["values"]["same"]}
    assert convolution["input"]["values"] == {"same": number}
    assert convolution["output"]["values"] == {"same": convolution["linear"]["id"]}
    lit = build_scene(layers.Conv2D(4, 3, activation="relu"), x)
    (step,) = as_plain(lit)["steps"]
    assert step["output"]["values"]["id"] != step["linear"]["id"]


def test_the_module_is_one_and_asks_nothing_of_any_host():
    module = stage_module()
    assert not re.search(r"^import ", module, re.MULTILINE)
    assert re.findall(r"^export .*$", module, re.MULTILINE) == [
        "export const { createStage } = $stage;",
        "export default { ...$hearing, ...$widget.main };",
    ]
    for text in (module, stage_style()):
        assert not re.search(r"https?:|fetch\(|XMLHttpRequest|WebSocket|@import|url\(", text)


def test_every_activation_of_keras_has_its_words():
    for name in activations.NAMES:
        words = activation(name, "channels_last", (None, 4, 5, 2))
        assert bool(words) == (name != "linear"), name
    assert activation("my_own", "channels_last", (None, 4, 5, 2)) == ""
    first = as_plain(scene_of(first=True, activation="softmax"))
    assert first["activation_note"].endswith("over the width of 5, the last axis, not the filters")
