"""A module that is loaded too late for anywidget: its widget hears Python all the same."""

import pytest
from viewing import Explorer

pytestmark = pytest.mark.browser

LATE = """() => {
  const timeout = AbortSignal.timeout;
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms === 2000 ? 0 : ms);
}"""


def test_a_late_module_hears_python(page, voila_app):
    refused = []
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.add_init_script(f"({LATE})()")
    viewed = Explorer(page, voila_app)
    viewed.wait_for_code("Conv2D(4, 3, padding='same')")
    viewed.slide("strides", ["ArrowRight"])
    viewed.wait_for_code("strides=2")
    viewed.wait_for_text("(None, 28, 28, 1) → (None, 14, 14, 4)")
    viewed.choose_layer("MaxPooling2D")
    viewed.wait_for_text("(None, 28, 28, 1) → (None, 14, 14, 1)")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('.cx-menu select').value === 'Conv2D'")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG").click()
    assert download.value.suggested_filename == "convlab.svg"
    assert [text for text in refused if "Failed to initialize model" in text]
    assert not [text for text in refused if "Failed to initialize model" not in text]
