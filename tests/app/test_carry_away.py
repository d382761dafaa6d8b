"""Undo, redo, reset, the link and the films in the real app, a layer of every family."""

import pytest
from viewing import Explorer

pytestmark = pytest.mark.browser

TIMES = {
    "Conv1D": "strides",
    "Conv2D": "kernel size",
    "Conv3D": "dilation",
    "Conv2DTranspose": "strides",
    "DepthwiseConv2D": "multiplier",
    "SeparableConv1D": "filters",
    "LocallyConnected1D": "filters",
    "MaxPooling3D": "pool size",
    "UpSampling2D": "size",
    "ConvLSTM2D": "filters",
}
"""Layer -> a slider of it that one step to the right changes."""

SIDES = {"ZeroPadding2D": "padding", "Cropping1D": "cropping"}


@pytest.fixture(scope="module")
def context(browser):
    """A window whose clipboard may be read: what a button copies is what is pasted."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture(scope="module")
def viewed(context, voila_app):
    page = context.new_page()
    yield Explorer(page, voila_app)
    page.goto("about:blank")


def press(viewed, name):
    viewed.page.get_by_role("button", name=name, exact=True).click()


def opened(viewed, name):
    """The code with which a layer is shown, once its picture is there."""
    viewed.choose_layer(name)
    viewed.wait_for_code(f"{name}(")
    viewed.quiet()
    return viewed.code()


def changed(viewed, code):
    """The code once it is another one."""
    viewed.page.wait_for_function(
        "code => document.querySelector('.cx-code code').innerText !== code", arg=code
    )
    viewed.quiet()
    return viewed.code()


@pytest.mark.parametrize("name", [*TIMES, *SIDES, "GlobalMaxPooling2D"])
def test_back_and_forth_and_the_link(viewed, context, voila_app, name):
    press(viewed, "Reset")
    viewed.wait_for_layer("Conv2D(4, 3, padding='same')")
    first = opened(viewed, name) if name != "Conv2D" else viewed.code()
    if name == "GlobalMaxPooling2D":
        viewed.row("keepdims").get_by_role("checkbox").click()
    elif name in SIDES:
        number = viewed.row(SIDES[name]).locator("input[type=number]").first
        number.fill("3")
        number.press("Enter")
    else:
        row = viewed.row(f"{TIMES[name]}$").last  # the input has a size, too
        row.locator(".noUi-handle").first.focus()
        viewed.page.keyboard.press("ArrowRight")
    second = changed(viewed, first)
    for button, code in [
        ("Undo", first),
        ("Redo", second),
        ("Reset", "Conv2D(4, 3, padding='same')"),
        ("Undo", second),
    ]:
        press(viewed, button)
        viewed.wait_for_layer(code)
    viewed.press("Home")
    viewed.told_to_python()
    if not viewed.page.get_by_role("button", name="Copy link").is_visible():
        press(viewed, "Export")
    press(viewed, "Copy link")
    viewed.page.wait_for_function(
        "() => document.querySelector('.cx-told').innerText.startsWith('copied')"
    )
    link = viewed.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(voila_app.split("?")[0])
    page = context.new_page()
    again = Explorer(page, link)
    again.wait_for_layer(second)
    again.quiet()
    shown = ("selection", "value", "pass", "reading", "step")
    assert [again.data(name) for name in shown] == [viewed.data(name) for name in shown]
    assert again.complaints == viewed.complaints == []
    page.goto("about:blank")
    page.close()


def test_the_link_says_that_a_file_of_yours_is_left_out(viewed, picture_of_mine):
    press(viewed, "Reset")
    viewed.wait_for_layer("Conv2D(4, 3, padding='same')")
    viewed.choose("input", "a picture of yours")
    viewed.upload("mine.png", picture_of_mine)
    viewed.wait_for_text("(None, 5, 7, 3)")
    if not viewed.page.get_by_role("button", name="Copy link").is_visible():
        press(viewed, "Export")
    viewed.quiet()
    press(viewed, "Copy link")
    viewed.page.wait_for_function(
        "() => document.querySelector('.cx-told').innerText.includes('Not part of it: your file')"
    )


@pytest.fixture
def picture_of_mine():
    import io

    import numpy as np
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.arange(105, dtype=np.uint8).reshape(5, 7, 3)).save(file, "PNG")
    return file.getvalue()
