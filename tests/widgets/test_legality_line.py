"""The line that says which frameworks take the layer that is shown."""

import pytest

import convlab as cl
from convlab.widgets.legality import Legality


def shown(class_name, **given):
    line = Legality()
    line.show(class_name, given)
    return line


def test_all_take_it_and_it_takes_no_room():
    line = shown("Conv2D", filters=4, kernel_size=3)
    assert "✓ TensorFlow, JAX, PyTorch<" in line.line.value
    assert "cx-apart" not in line.line.value
    assert "TensorFlow without oneDNN 2." in line.line.value


def test_one_refuses_and_the_reason_is_in_view():
    line = shown("UpSampling2D", interpolation="lanczos3")
    assert "✗ PyTorch</b>: not with interpolation=&#x27;lanczos3&#x27;" in line.line.value
    assert "cx-apart" in line.line.value
    assert "Lanczos" in line.line.value


def test_one_gives_other_numbers():
    line = shown("UpSampling2D", interpolation="bicubic")
    assert "≠ PyTorch</b>: other numbers with interpolation=" in line.line.value


def test_none_takes_it():
    line = shown("Conv2D", filters=4, kernel_size=3, strides=2, dilation_rate=2)
    assert "✗ no framework takes it" in line.line.value
    assert "cx-apart" not in line.line.value  # the message beside the control says why


@pytest.mark.parametrize("name", ["LocallyConnected2D", "Dense"])
def test_a_layer_of_which_nothing_is_recorded_shows_nothing(name):
    assert shown(name).layout.display == "none"
    line = shown("Conv2D", filters=4, kernel_size=3)
    line.show(name, {})
    assert line.layout.display == "none"
    line.show("Conv2D", {"filters": 4, "kernel_size": 3})
    assert line.layout.display is None


def test_what_the_table_says_is_no_markup():
    line = shown("Conv2D", filters=4, kernel_size=3, padding="<b onclick=x>")
    assert "<b onclick" not in line.line.value


def test_the_explorer_tells_of_the_layer_that_is_chosen():
    explorer = cl.explore(cl.layers.UpSampling2D(2, interpolation="bilinear"))
    line = explorer._column.legality
    assert "✓ TensorFlow, JAX, PyTorch" in line.line.value
    explorer.layer = cl.layers.UpSampling2D(2, interpolation="lanczos5")
    assert "✗ PyTorch" in line.line.value
