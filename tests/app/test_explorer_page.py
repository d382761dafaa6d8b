"""The explorer in the real app: what a viewer does, and what the page then shows."""

import io

import numpy as np
import pytest
from PIL import Image
from viewing import Explorer

from convlab.geometry import convolution

pytestmark = pytest.mark.browser


@pytest.fixture
def explorer(page, voila_app):
    return Explorer(page, voila_app)


def cells(text):
    return {tuple(map(int, pair.split(","))) for pair in text.split(";") if pair}


def test_it_opens_alive_and_without_a_complaint(explorer):
    assert explorer.data("selection") == "14,14,0"
    assert explorer.data("error") is None
    assert "(None, 28, 28, 1)" in explorer.stage.inner_text()
    assert "40 parameters" in explorer.stage.inner_text()
    assert explorer.code() == "Conv2D(4, 3, padding='same')"
    assert explorer.complaints == []


def test_the_cells_that_light_up_are_the_geometrys(explorer):
    explorer.slide("strides", ["ArrowRight"])
    explorer.wait_for_code("strides=2")
    axis = convolution(28, kernel=3, stride=2, padding="same")
    explorer.canvas("output").focus()
    explorer.page.keyboard.press("Home")
    for _ in range(13):
        explorer.page.keyboard.press("ArrowDown")
    explorer.wait_for("selection", "13,0,0")
    rows, columns = axis.taps()[13], axis.taps()[0]
    expected = {(r, c) for r in rows.tolist() for c in columns.tolist() if r >= 0 and c >= 0}
    assert cells(explorer.data("lit-input")) == expected
    coordinates = axis.positions()[0]
    around = {(r, c) for r in coordinates[13].tolist() for c in coordinates[0].tolist()}
    assert cells(explorer.data("lit-padding")) == around - expected


def test_playing_goes_on_by_itself_and_asks_python_nothing(explorer):
    explorer.page.keyboard.press("Home")
    explorer.stage.get_by_role("button", name="play").click()
    explorer.wait_for("playing", "true")
    explorer.page.wait_for_timeout(300)
    before, sent = int(explorer.data("step")), len(explorer.frames)
    explorer.page.wait_for_function(
        "step => Number(document.querySelector('.cl-stage').dataset.step) >= step",
        arg=before + 5,
        timeout=15_000,
    )
    assert len(explorer.frames) == sent
    explorer.stage.get_by_role("button", name="pause").click()
    explorer.wait_for("playing", "false")


def test_an_illegal_setting_keeps_the_picture_and_its_remedy_mends_it(explorer):
    explorer.slide("dilation", ["ArrowRight"])
    explorer.wait_for_code("dilation_rate=2")
    explorer.slide("strides", ["ArrowRight"])
    alert = explorer.stage.get_by_role("alert")
    alert.wait_for()
    assert "strides > 1 not supported" in alert.inner_text()
    assert "Use strides=1 or dilation_rate=1" in alert.inner_text()
    assert explorer.data("selection") == "14,14,0"  # the last good picture is still there
    assert explorer.code() == "Conv2D(4, 3, padding='same', dilation_rate=2)"
    remedy = explorer.row("strides").get_by_role("button", name="dilation_rate=1")
    assert alert.get_by_role("button", name="dilation_rate=1").is_visible()
    remedy.click()
    explorer.wait_for_code("strides=2")
    explorer.wait_for_no_error()
    alert.wait_for(state="hidden")
    explorer.page.get_by_role("button", name="Undo").click()
    alert.wait_for()
    explorer.page.get_by_role("button", name="Undo").click()
    explorer.wait_for_code("dilation_rate=2")
    explorer.wait_for_no_error()


def picture(pixels, kind):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def test_a_picture_can_be_uploaded(explorer):
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[:, 45:] = (255, 128, 0)
    explorer.choose("input", "a picture of yours")
    explorer.upload("mine.png", picture(pixels, "PNG"))
    explorer.wait_for_text("(None, 19, 28, 3)")
    explorer.wait_for_no_error()
    explorer.upload("../../x.svg", b"<svg onload='x'/>")
    alert = explorer.stage.get_by_role("alert")
    alert.wait_for()
    assert "PNG or a JPEG" in alert.inner_text()
    assert "(None, 19, 28, 3)" in explorer.stage.inner_text()


def test_numbers_can_be_typed_in(explorer):
    explorer.choose("input", "numbers typed in")
    explorer.wait_for_text("(None, 5, 5, 1)")
    box = explorer.row("numbers").locator("textarea")
    box.fill("1 2\n3 4")
    box.blur()
    explorer.wait_for_text("(None, 2, 2, 1)")
    box.fill("1 2\n3 x")
    box.blur()
    alert = explorer.stage.get_by_role("alert")
    alert.wait_for()
    assert "Use plain numbers" in alert.inner_text()
    assert box.input_value() == "1 2\n3 x"  # nothing typed is lost


def test_the_keyboard_alone_suffices(explorer):
    """Tab reaches every control in reading order; the stage is played and read without a mouse."""
    names = []
    for _ in range(60):
        explorer.page.keyboard.press("Tab")
        names.append(
            explorer.page.evaluate(
                """() => {
                    const e = document.activeElement;
                    const row = e.closest('.cx-row');
                    const caption = row && row.querySelector('.cx-label');
                    return (caption && caption.innerText.trim()) || e.innerText.trim()
                      || e.getAttribute('aria-label') || e.title || e.tagName;
                }"""
            )
        )
    reached = [name for name in dict.fromkeys(names) if name]
    wanted = ["Reset", "input", "size", "kernel size", "strides", "padding", "dilation", "filters"]
    order = [reached.index(name) for name in wanted]
    assert order == sorted(order), reached
    explorer.slide("kernel size", ["ArrowRight", "ArrowRight"])
    explorer.wait_for_code("Conv2D(4, 5")
    explorer.canvas("output").focus()
    explorer.page.keyboard.press("End")
    explorer.wait_for("selection", "27,27,0")
    explorer.page.keyboard.press("ArrowUp")
    explorer.wait_for("selection", "26,27,0")
    explorer.page.keyboard.press("Space")
    explorer.wait_for("playing", "true")
    explorer.page.keyboard.press("Space")
    explorer.wait_for("playing", "false")


def test_themes_and_the_named_kernels(explorer):
    explorer.page.get_by_role("combobox", name="theme").select_option("dark")
    explorer.wait_for("theme", "dark")
    explorer.choose("kernel", "box blur")
    explorer.wait_for_text("0.111")
    assert explorer.complaints == []


def test_a_weight_can_be_typed_over(explorer):
    cell = explorer.canvas("kernel")
    cell.focus()
    cell.dblclick()
    explorer.page.keyboard.type("7.5")
    explorer.page.keyboard.press("Enter")
    explorer.wait_for_text("× 7.5")
    selected = explorer.row("kernel").locator("select")
    assert selected.evaluate("s => s.selectedOptions[0].innerText") == "custom"
