"""The stage in a browser: what it says is true, whole and checked by hand as it stands."""

import re

import numpy as np
import pytest
from conftest import sent
from scenes import scene_of

from convlab.layers import Conv2D
from convlab.scene import build_scene

pytestmark = pytest.mark.browser

WHOLE = """(host) => {
  const view = host.getBoundingClientRect();
  return [...host.querySelectorAll("li, .cl-line:not([hidden])")].filter((line) => {
    const { top, bottom } = line.getBoundingClientRect();
    return top < view.bottom - 2 && bottom > view.bottom + 2;
  }).map((line) => line.textContent);
}"""


def photo(size=28, channels=1):
    return np.random.default_rng(3).random((1, size, size, channels), dtype="float32")


def layer_with(kernel, x, bias=0.0, **arguments):
    kernel = np.asarray(kernel, "float32")
    layer = Conv2D(kernel.shape[-1], kernel.shape[:2], **arguments)
    layer.build(x.shape)
    layer.set_weights([kernel, np.full(kernel.shape[-1], bias, "float32")])
    return build_scene(layer, x, picture=True)


@pytest.mark.parametrize("kernel", [(3, 3), (2, 5), (11, 11)])
def test_no_line_is_half_visible(play, kernel):
    stage = play(scene_of((28, 28, 3), kernel_size=kernel, padding="same"))
    for theme, width, height in [
        ("light", 1280, 720), ("light", 984, 680), ("projector", 984, 680), ("projector", 700, 900),
    ]:  # fmt: skip
        stage.set(theme=theme)
        stage.page.set_viewport_size({"width": width, "height": height})
        stage.page.wait_for_timeout(100)
        for panel in (".cl-axes", ".cl-terms"):
            assert stage.page.locator(panel).evaluate(WHOLE) == []


def test_all_that_is_never_read_is_told_truly(play):
    stage = play(scene_of((28, 28, 1), kernel_size=1, strides=8))
    assert stage.page.inner_text(".cl-headline .cl-never") == "24 of 28 never read"
    legend = stage.page.inner_text(".cl-input .cl-legend")
    assert "never read: 24 of 28 rows, 24 of 28 columns" in legend
    stage.set(scene=sent(scene_of((28, 28, 1), kernel_size=3, strides=5)))
    assert "rows 3 and 4" not in stage.page.inner_text(".cl-input .cl-legend")


@pytest.mark.parametrize("kernel", [(3, 3), (2, 5), (6, 6), (11, 11)])
def test_every_term_shows_value_times_weight_with_the_same_decimals(play, kernel):
    x = photo(channels=3)
    weights = np.random.default_rng(1).normal(size=(*kernel, 3, 2))
    stage = play(layer_with(weights, x, padding="same"), selection=[14, 14, 0])
    stage.page.set_viewport_size({"width": 984, "height": 680})
    stage.frames()
    chips = stage.page.locator(".cl-line:not([hidden]) .cl-chip").all_text_contents()
    pairs = [re.split(r"\s×\s|\n× ", chip) for chip in chips]
    assert len(pairs) >= 2 * min(kernel[1], 8)  # a longer row takes several lines
    for column in zip(*pairs, strict=True):
        decimals = {len(text.partition(".")[2]) for text in column if "pad" not in text}
        assert len(decimals) == 1
        assert decimals.pop() >= 2


@pytest.mark.parametrize("bias", [0.0, 0.1])
def test_the_sum_as_shown_adds_up_or_says_that_it_is_near(play, bias):
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])[..., None, None]
    stage = play(layer_with(kernel, photo(8), bias), selection=[0, 0, 0])
    seen = set()
    for row in range(6):
        for col in range(6):
            stage.hover("output", row, col)
            text = stage.page.inner_text(".cl-total").replace("−", "-")
            sum_, plus, sign, total = re.match(
                r"sum of 9 terms (\S+) \+ bias (\S+) ([=≈]) (\S+)$", text
            ).groups()
            agree = abs(float(sum_) + float(plus) - float(total)) < 1e-9
            assert (sign == "=") == agree
            seen.add(sign)
    assert "=" in seen


def test_an_activation_is_said_once_and_explained(play):
    stage = play(scene_of(activation="relu"))
    assert "→ relu →" in stage.page.inner_text(".cl-total")
    assert stage.page.inner_text(".cl-note") == "relu: negative sums become 0"
    stage.set(scene=sent(scene_of()))
    assert not stage.page.locator(".cl-note").is_visible()
    assert stage.page.locator(".cl-total output").count() == 3


def test_what_is_no_number_is_said_plainly(play):
    x = photo(8)
    x[0, 1, 1, 0], x[0, 6, 6, 0] = np.nan, np.inf
    stage = play(layer_with(np.ones((3, 3, 1, 1)), x), selection=[0, 0, 0])
    assert "not a number" in stage.page.inner_text(".cl-rounding")
    assert stage.page.inner_text(".cl-result") == "NaN"
    for grid in ("input", "output"):
        assert "not a number (NaN)" in stage.page.inner_text(f".cl-{grid} .cl-legend")
    stage.hover("output", 5, 5)
    assert stage.page.inner_text(".cl-rounding") == "The sum is infinite."


def test_what_is_spoken_follows_every_scene_but_no_hover(play):
    stage = play(scene_of(), selection=[1, 1, 0])
    live = stage.page.locator(".cl-live")
    assert live.inner_text().startswith("output row 1, column 1, filter 0 (1 of 2): ")
    before = live.inner_text()
    stage.hover("output", 0, 0)
    assert live.inner_text() == before
    scene = scene_of(activation="relu", padding="same")
    stage.set(scene=sent(scene))
    value = scene.steps[0].output.values[1, 1, 0]
    assert f"filter 0 (1 of 2): {value:g}" in live.inner_text().replace("−", "-")
    stage.set(selection=[2, 3, 1])
    assert live.inner_text().startswith("output row 2, column 3, filter 1 (2 of 2): ")


def test_a_weight_marks_its_term_and_leaves_the_picture_visible(play):
    stage = play(scene_of((28, 28, 1), integers=False, padding="same"))
    stage.hover("kernel", 1, 2)
    marked = stage.page.locator(".cl-chip.cl-marked")
    assert [chip.get_attribute("data-term") for chip in marked.all()] == ["5"]
    alphas = stage.page.evaluate("""() => {
      const canvas = document.querySelector(".cl-input canvas + canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = data.filter((_, i) => i % 4 === 3 && data[i] > 0);
      return [seen.length, seen.filter((alpha) => alpha < 100).length];
    }""")
    assert alphas[1] > 0.9 * alphas[0] > 0
    stage.hover("output", 3, 3)
    assert marked.count() == 0


def test_headings_are_in_the_layers_own_order(play):
    stage = play(scene_of((6, 7, 2), filters=3, first=True))
    assert stage.page.inner_text(".cl-input .cl-title") == "input 2 × 6 × 7"
    assert stage.page.inner_text(".cl-output .cl-title") == "output 3 × 4 × 5"


def test_each_filter_has_its_own_scale(play):
    kernel = np.stack([np.full((3, 3, 1), 1.0), np.full((3, 3, 1), 0.01)], axis=-1)
    stage = play(layer_with(kernel, np.ones((1, 6, 6, 1), "float32")), selection=[0, 0, 0])
    legend = stage.page.locator(".cl-output .cl-legend")
    assert legend.inner_text().split() == ["0", "9", "of", "filter", "0"]
    stage.set(selection=[0, 0, 1])
    assert legend.inner_text().split() == ["0", "0.09", "of", "filter", "1"]


def test_an_output_of_zeros_is_the_middle_of_the_scale(play):
    stage = play(layer_with(np.zeros((1, 1, 1, 1)), photo(6)), selection=[0, 0, 0])
    assert stage.page.inner_text(".cl-output .cl-bar").split() == ["−1", "0", "1"]


def test_a_fix_is_a_button(play):
    error = {"rule": "the `kernel_size` reaches 7", "fixes": ["padding='same'", "<b>kernel</b>"]}
    stage = play(scene_of(), error=error)
    alert = stage.page.get_by_role("alert")
    assert alert.locator("code").all_text_contents() == ["kernel_size"]
    assert alert.locator("button").all_text_contents() == error["fixes"]
    alert.locator("button").nth(1).click()
    assert stage.messages == [{"fix": 1}]


@pytest.mark.parametrize("width", [360, 640, 900])
def test_the_next_filter_can_be_reached_in_a_narrow_window(play, width):
    stage = play(scene_of((28, 28, 3), filters=4, picture=True, integers=False, padding="same"))
    stage.page.set_viewport_size({"width": width, "height": 700})
    stage.frames()
    for label in ("next filter", "next channel"):
        box = stage.page.get_by_label(label).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
