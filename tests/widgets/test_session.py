"""What hands do to a setting, without a widget."""

import numpy as np
import pytest

from convlab import layers
from convlab.errors import ConvlabError, DataError
from convlab.widgets.given import setting_of
from convlab.widgets.inputs import Input, Room
from convlab.widgets.session import Session
from convlab.widgets.setting import Setting

SMALL = Setting({"filters": 2, "kernel_size": (3, 3)}, Input("counting", 7))


class Sitting:
    """A session that shows what can be shown, as the explorer does."""

    def __init__(self, setting=SMALL):
        self.changes = 0
        self.session = Session(setting, self._changed)
        self.session.picture = self.session.compute()

    def _changed(self):
        self.changes += 1
        try:
            self.session.picture = self.session.compute()
        except ConvlabError as error:
            self.error = error


def test_every_change_is_one_step_that_can_be_undone():
    sitting = Sitting()
    session = sitting.session
    changes = [
        lambda: session.set_argument("strides", (2, 2)),
        lambda: session.change_input(size=9),
        lambda: session.type_weight("kernel", (0, 0, 0, 1), 5.0),
        lambda: session.type_bias(1, -2.0),
        lambda: session.choose_layer("MaxPooling2D"),
        lambda: session.show_layer(layers.Conv2D(3, 5)),
        lambda: session.show_input(np.ones((8, 8)), "channels_last"),
        session.reset,
    ]
    shown = [session.present]
    for number, change in enumerate(changes, 1):
        change()
        assert sitting.changes == number
        assert session.shown is session.present is not shown[-1]
        shown.append(session.present)
    assert shown[-1] is shown[0]
    for before in shown[-2::-1]:
        session.undo()
        assert session.present is before
    for after in shown[1:]:
        session.redo()
        assert session.present is after


def test_a_typed_number_changes_the_picture_and_not_what_was_refused():
    sitting = Sitting()
    session = sitting.session
    session.set_argument("kernel_size", (9, 9))
    assert "kernel reaches 9" in str(sitting.error)
    assert session.shown is SMALL
    assert session.touched == "kernel_size"
    session.type_weight("kernel", (0, 0, 0, 1), 5.0)
    assert session.picture.layer.kernel_size == (3, 3)
    assert session.picture.layer.get_weights()[0][0, 0, 0, 1] == 5


def test_the_controls_go_up_to_a_bound_and_python_beyond_it():
    session = Sitting().session
    session.change_input(kind="feature maps", size=224, channels=64)
    session.set_argument("filters", 64)
    assert session.picture.work.macs == 222 * 222 * 64 * 64 * 9
    session.set_argument("kernel_size", (11, 11))
    with pytest.raises(DataError, match=r"up to 6,000,000,000 multiply-adds.*\n.*smaller input"):
        session.compute()
    assert session.shown.arguments["kernel_size"] == (3, 3)
    large = setting_of(layers.UpSampling2D(100), Input("ones", 50))
    handed = Sitting(large).session
    assert handed.picture.work.cells == 5000**2
    handed.change_input(size=49)
    handed.change_input(size=51)
    assert handed.shown.input.size == 49


def test_a_layer_keeps_the_input_only_where_it_can_read_it():
    session = Sitting().session
    session.show_layer(layers.Conv2D(1, 3))
    assert session.shown.input == SMALL.input
    built = layers.Conv2D(1, 3)
    built.build((None, 8, 8, 5))
    session.show_layer(built)
    assert session.picture.x.shape == (28, 28, 5)
    session.show_layer(layers.Conv1D(1, 3))
    assert session.shown.input.room == Room(1)
