"""Hovering and playing in the real app send no message to Python; what they do lead to does."""

import pytest
from viewing import AT_REST, Explorer

import convlab as cl

pytestmark = pytest.mark.browser

LAYERS = {
    "Conv1D": (cl.Conv1D(2, 3, padding="causal", dilation_rate=2), {}),
    "Conv2D": (cl.Conv2D(4, 3, padding="same"), {}),
    "Conv3D": (cl.Conv3D(2, 3), {}),
    "Conv2DTranspose": (cl.Conv2DTranspose(2, 3, strides=2), {"reading": "scatter"}),
    "SeparableConv2D": (cl.SeparableConv2D(2, 3), {"in_view": 1}),
    "MaxPooling2D": (cl.MaxPooling2D(2), {"map": "counts"}),
    "ConvLSTM2D": (cl.ConvLSTM2D(2, 3), {"in_view": 2}),
}


@pytest.fixture(params=LAYERS.values(), ids=LAYERS)
def opened(request, page, voila_app):
    layer, looks = request.param
    explorer = cl.explore(layer)
    for name, value in looks.items():
        assert explorer.look(name, value)
    viewed = Explorer(page, f"{voila_app}&state={explorer.link}")
    viewed.wait_for_layer(repr(layer))
    viewed.quiet()
    viewed.page.evaluate(AT_REST)
    return viewed


def test_hover_and_play_ask_python_nothing(opened):
    sent = len(opened.frames)
    pointed = {cell for kind in opened.pictures() for cell in sweep(opened, kind)}
    assert len(pointed) > 8  # the pointer did light other cells
    opened.page.mouse.move(2, 2)
    assert len(opened.frames) == sent

    first = int(opened.data("step"))
    opened.page.get_by_role("combobox", name="speed").select_option("60")
    opened.page.evaluate(AT_REST)
    sent = len(opened.frames)
    opened.stage.get_by_role("button", name="Play").click()
    opened.page.wait_for_function(
        "step => Number(document.querySelector('.cl-stage').dataset.step) > step",
        arg=first + 10,
    )
    assert len(opened.frames) == sent
    assert opened.data("playing") == "true"
    opened.stage.get_by_role("button", name="Pause").click()
    opened.page.get_by_role("combobox", name="speed").select_option("30")
    opened.told_to_python()
    assert len(opened.frames) > sent  # a setting is told: the count does count
    assert opened.complaints == []


def sweep(viewed, kind):
    """Moves the pointer across a picture, and gives all that was lit on the way."""
    box = viewed.canvas(kind).bounding_box()
    for part in range(1, 20):
        x, y = box["x"] + box["width"] * part / 20, box["y"] + box["height"] * part / 20
        viewed.page.mouse.move(x, y)
        viewed.frames_drawn()
        yield kind, viewed.data("focus"), viewed.data("lit-input"), viewed.data("lit-output")
