"""A setting at work: its numbers are the layer's, its scene shows them."""

import numpy as np
import pytest

from convlab.errors import ArgumentError, ShapeError
from convlab.layers import ConvLSTM1D
from convlab.widgets.given import setting_of
from convlab.widgets.inputs import Input, Room
from convlab.widgets.picture import Picture
from convlab.widgets.setting import Setting


def test_the_output_is_the_layers():
    picture = Picture.of(Setting({"filters": 2, "kernel_size": (3, 3)}, Input("counting", 7)))
    assert np.array_equal(picture.output, picture.layer(picture.x[None])[0])
    assert np.array_equal(picture.scene().steps[-1].output.values, picture.output)
    assert picture.work == (5 * 5 * 9 * 2, 5 * 5 * 2)


def test_another_output_is_shown_in_its_place():
    picture = Picture.of(Setting({"filters": 1, "kernel_size": (3, 3)}, Input("counting", 4)))
    other = picture.with_output(np.zeros((2, 2, 1)))
    assert not other.output.any()
    assert other.output.dtype == picture.output.dtype
    assert not other.scene().steps[-1].output.values.any()
    assert picture.output.any()
    with pytest.raises(ShapeError, match=r"shape \(2, 2\); the layer's is \(2, 2, 1\)"):
        picture.with_output(np.zeros((2, 2)))


def test_only_time_steps_that_there_are_can_be_asked_for():
    film = Input("moving pulse", 8, Room(1, timed=True), frames=3)
    picture = Picture.of(setting_of(ConvLSTM1D(1, 3), film))
    picture.check_time(2)
    with pytest.raises(ArgumentError, match=r"The input has 3 time steps.*\n.*from 0 to 2"):
        picture.check_time(3)
    assert picture.scene(1).time.step == 1
    assert picture.scene(7).time.step == 2  # the last, where a film was made shorter
    still = Picture.of(Setting({"filters": 1, "kernel_size": (3, 3)}, Input("ones", 4)))
    assert still.scene(7).time is None
    with pytest.raises(ArgumentError, match=r"The layer has no time.*\n.*Use a ConvLSTM"):
        still.check_time(0)
