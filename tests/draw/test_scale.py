"""The strips of one axis share a scale: an output stands under what it reads."""

import numpy as np
import pytest

from convlab import layers
from convlab.draw.figure.painter import Surroundings
from convlab.draw.figure.scale import shared_scale
from convlab.scene import build_scene

LEFT, RIGHT = 100.0, 900.0


def scales(layer, steps):
    scene = build_scene(layer, np.ones((1, steps, 1), "float32"))
    (axis,) = scene.steps[0].axes
    around = Surroundings.of_input([axis]), Surroundings.of_output([axis])
    return axis, around, *shared_scale(axis, around, LEFT, RIGHT)


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv1D(1, 3, padding="same"),
        layers.Conv1D(1, 5, strides=3),
        layers.Conv1D(1, 3, dilation_rate=4),
        layers.MaxPooling1D(2),
        layers.Cropping1D((3, 1)),
        layers.ZeroPadding1D((2, 0)),
        layers.LocallyConnected1D(1, 4),
        layers.GlobalMaxPooling1D(),
    ],
    ids=repr,
)
def test_an_output_stands_under_the_middle_of_what_it_reads(layer):
    *_, upper, lower = scales(layer, 40)
    ((geometry,),) = layer.geometry((None, 40, 1))
    for out, places in enumerate(geometry.positions()[0]):
        middle = lower.origin + (out + 0.5) * lower.wide
        read = upper.origin + (np.mean(places) + 0.5) * upper.wide
        assert middle == pytest.approx(read), out


@pytest.mark.parametrize(
    ("layer", "outputs"),
    [(layers.Conv1DTranspose(1, 3, strides=2, padding="same"), 2), (layers.UpSampling1D(3), 3)],
    ids=repr,
)
def test_a_stride_of_stamps_is_seen_as_the_size_of_outputs(layer, outputs):
    *_, upper, lower = scales(layer, 20)
    assert upper.wide == pytest.approx(outputs * lower.wide)


def test_a_causal_output_stands_below_its_own_step():
    *_, upper, lower = scales(layers.Conv1D(1, 3, padding="causal", dilation_rate=4), 40)
    assert upper == lower


@pytest.mark.parametrize("steps", [8, 60, 2000])
@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv1D(1, 5, strides=3, padding="same"),
        layers.Conv1DTranspose(1, 5, strides=2),
        layers.GlobalAveragePooling1D(),
        layers.ZeroPadding1D(4),
    ],
    ids=repr,
)
def test_both_strips_stay_in_their_room(layer, steps):
    axis, around, *both = scales(layer, steps)
    for scale, one, size in zip(both, around, (axis.size_in, axis.size_out), strict=True):
        assert scale.origin - one.before[0] * scale.wide >= LEFT - 1e-6
        assert scale.origin + (size + one.after[0]) * scale.wide <= RIGHT + 1e-6
