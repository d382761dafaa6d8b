"""The stage in a browser: keyboard, play, messages, values, errors, memory."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scenes import scene_of

from convlab.scene import Grid

pytestmark = pytest.mark.browser


def test_arrows_move_the_selection_and_tell_it_once(play):
    stage = play(scene_of(), selection=[1, 1, 0])  # the output is 4 x 5
    # in one task, so that no stall of the machine counts as rest
    told = stage.page.evaluate("""() => {
      const output = document.querySelector(".cl-output canvas + canvas");
      for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"]) {
        output.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      }
      return model.saved.length;
    }""")
    assert told == 0  # not yet at rest
    stage.frames()
    assert stage.mirror("selection") == "3,2,0"  # the last key met the edge
    assert stage.settled() == [{"selection": [3, 2, 0], "playing": False, "speed": 10}]
    spoken = stage.page.inner_text(".cl-live")
    assert spoken.startswith("output row 3, column 2, filter 0 (1 of 2): ")
    assert spoken.endswith("reads rows 3 to 5, columns 2 to 4")


def test_home_end_and_the_step_buttons(play):
    stage = play(scene_of())
    stage.press("End")
    assert (stage.mirror("selection"), stage.mirror("step"), stage.mirror("steps")) == (
        "3,4,0", "20", "20",
    )  # fmt: skip
    stage.page.get_by_label("One step back").click()
    stage.frames()
    assert stage.mirror("selection") == "3,3,0"
    stage.press("Home")
    assert stage.mirror("selection") == "0,0,0"
    assert stage.page.inner_text(".cl-step") == "step 1 of 20"


def test_a_click_selects_with_one_message(play):
    stage = play(scene_of())
    stage.click("output", 0, 3)
    assert stage.mirror("selection") == "0,3,0"
    assert [message["selection"] for message in stage.settled()] == [[0, 3, 0]]


def test_the_input_and_the_kernel_answer_to_keys_too(play):
    stage = play(scene_of(), selection=[1, 1, 0])
    stage.press("ArrowRight", "ArrowRight", on="kernel")
    assert stage.cells("lit-kernel") == {(0, 1)}  # the first arrow enters where the window is
    stage.press("ArrowDown", on="input")
    assert stage.cells("lit-input") == {(1, 1)}
    assert "x[1, 1, 0]" in stage.page.inner_text(".cl-live")
    assert stage.messages == []


def test_a_play_draws_every_step_and_sends_nothing_until_it_ends(play):
    stage = play(scene_of((9, 9, 1), padding="same"), speed=60)
    stage.press("Home")
    stage.settled()
    stage.press(" ", on="output")
    assert stage.mirror("playing") == "true"
    stage.page.wait_for_function("() => +document.querySelector('.cl-stage').dataset.step > 40")
    assert len(stage.messages) == 1  # the one of Home
    stage.page.wait_for_function(
        "() => document.querySelector('.cl-stage').dataset.playing == 'false'", timeout=20000
    )
    assert (stage.mirror("drawn"), stage.mirror("skipped")) == ("80", "0")
    assert stage.settled(2)[1:] == [{"selection": [8, 8, 0], "playing": False, "speed": 60}]


def test_space_pauses_where_it_is(play):
    stage = play(scene_of(), speed=20)
    stage.press("Home", " ")
    stage.page.wait_for_function("() => +document.querySelector('.cl-stage').dataset.step > 3")
    stage.press(" ")
    step = stage.mirror("step")
    assert stage.mirror("playing") == "false"
    stage.page.wait_for_timeout(200)
    assert stage.mirror("step") == step
    (message,) = stage.settled()
    assert message["selection"] == [int(part) for part in stage.mirror("selection").split(",")]


def test_python_can_play_select_and_set_the_speed(play):
    stage = play(scene_of())
    stage.set(selection=[2, 1, 1], speed=30)
    assert (stage.mirror("selection"), stage.mirror("filter")) == ("2,1,1", "1")
    assert stage.mirror("speed") == "30"
    stage.set(playing=True)
    assert stage.mirror("playing") == "true"
    stage.set(playing=False)
    assert stage.mirror("playing") == "false"


@pytest.mark.parametrize("bad", [[9, 0, 0], [0, 0], ["1", 0, 0], [0.5, 0, 0], [-1, 0, 0], {}])
def test_a_selection_that_does_not_exist_changes_nothing(play, bad):
    stage = play(scene_of(), selection=[1, 1, 0])
    stage.set(selection=bad)
    assert stage.mirror("selection") == "1,1,0"


def test_speed_keys(play):
    stage = play(scene_of(), speed=10)
    stage.press("]", "]", "]", "]", "]")
    assert stage.mirror("speed") == "60"
    stage.press("[")
    assert stage.mirror("speed") == "30"
    assert stage.page.locator(".cl-select").input_value() == "30"


def test_scrubbing_shows_each_step_and_tells_the_last(play):
    stage = play(scene_of())
    slider = stage.page.locator(".cl-slider")
    slider.evaluate("(s) => { s.value = 7; s.dispatchEvent(new Event('input')); }")
    stage.frames()
    assert (stage.mirror("step"), stage.mirror("selection")) == ("7", "1,1,0")
    stage.page.wait_for_timeout(350)
    assert stage.messages == []
    slider.evaluate("(s) => s.dispatchEvent(new Event('change'))")
    assert [message["selection"] for message in stage.settled()] == [[1, 1, 0]]


def test_question_mark_shows_the_keys_and_escape_hides_them(play):
    stage = play(scene_of())
    keys = stage.page.get_by_role("dialog", name="Keys")
    stage.press("?")
    assert keys.is_visible()
    stage.press("Escape", on=None)
    assert not keys.is_visible()
    assert stage.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "output, 4 by 5"
    )


def test_tab_walks_in_reading_order(play):
    stage = play(scene_of((6, 7, 2)))
    stage.page.locator("body").click(position={"x": 1, "y": 1})
    found = []
    for _ in range(19):
        stage.page.keyboard.press("Tab")
        found.append(stage.page.evaluate("document.activeElement.ariaLabel"))
    order = ["previous channel", "input, ", "kernel, ", "next filter", "output, ",
             "what the pictures show", "First cell", "Play", "step", "speed", "Keys", "Copy",
             "terms of the sum"]  # fmt: skip
    places = [next(i for i, label in enumerate(found) if label.startswith(name)) for name in order]
    assert places == sorted(places)


# What the panel says


def number(stage, where):
    return float(stage.page.locator(where).last.get_attribute("data-exact"))


def test_the_total_is_the_arrays_own_value(play):
    scene = scene_of((6, 7, 2), integers=False, activation="relu", padding="same")
    step = scene.steps[0]
    stage = play(scene, selection=[2, 3, 1])
    for row, col in [(0, 0), (2, 3), (5, 6)]:
        stage.hover("output", row, col)
        assert number(stage, ".cl-linear") == step.linear[row, col, 1]
        assert number(stage, ".cl-result") == step.output.values[row, col, 1]
        x = np.pad(step.input.values, ((1, 1), (1, 1), (0, 0))).astype("float64")
        terms = x[row : row + 3, col : col + 3] * step.kernel.values[..., 1]
        assert number(stage, ".cl-total output >> nth=0") == pytest.approx(terms.sum(), rel=1e-14)
        assert f"y[{row}, {col}, 1]" in stage.page.inner_text(".cl-name")
    assert "sum of 18 terms" in stage.page.inner_text(".cl-total")


@pytest.mark.parametrize(
    ("error", "word"),
    [(0, "exactly"), (1, "float32 rounding"), (100_000, "more than rounding explains")],
)
def test_a_difference_is_named(play, error, word):
    scene = scene_of()
    (step,) = scene.steps
    linear = step.linear + error * np.spacing(np.abs(step.linear).max()).astype("float32")
    doctored = replace(step, linear=linear, output=Grid(linear, step.output.norm))
    stage = play(replace(scene, steps=(doctored,)), selection=[1, 1, 0])
    assert word in stage.page.inner_text(".cl-rounding")
    assert number(stage, ".cl-result") == linear[1, 1, 0]


def test_six_digits_on_screen_and_the_exact_value_on_hover_and_copy(play):
    stage = play(scene_of(integers=False), selection=[1, 1, 0])
    shown = stage.page.locator(".cl-result")
    digits = re.sub(r"^0+", "", re.sub(r"\D", "", shown.inner_text()))
    assert len(digits) <= 6
    exact = repr(float(stage.page.locator(".cl-result").get_attribute("data-exact")))
    assert shown.get_attribute("title") == exact
    copied = stage.page.evaluate("""() => new Promise((done) => {
      document.addEventListener("copy", (event) => done(event.clipboardData.getData("text/plain")));
      document.querySelector("[aria-label='Copy the sum with exact values']").click();
    })""")
    assert exact in copied
    assert "y[1, 1, 0]" in copied


def test_a_sum_of_many_terms_keeps_few_elements(play):
    stage = play(scene_of((6, 7, 64), filters=1), selection=[0, 0, 0])
    assert "sum of 576 terms" in stage.page.inner_text(".cl-total")
    assert stage.page.locator(".cl-chip").count() < 60
    stage.page.locator(".cl-terms").evaluate("(box) => { box.scrollTop = box.scrollHeight; }")
    stage.frames()
    chips = stage.page.locator(".cl-line:not([hidden]) .cl-chip")
    assert chips.last.get_attribute("data-term") == "575"
    partial = stage.page.locator(".cl-line:not([hidden]) .cl-partial").last
    total = stage.page.locator(".cl-total output").first
    assert partial.get_attribute("data-exact") == total.get_attribute("data-exact")


def test_the_arithmetic_is_the_geometrys(play):
    scene = scene_of(strides=2, padding="same")
    stage = play(scene)
    text = " ".join(stage.page.locator(".cl-derivation li").all_inner_texts())
    for axis in scene.steps[0].axes:
        for line in axis.derivation:
            assert f"{line.name} " in text
            result = line.parts[-1].replace("*", "·").replace("-", "−")
            assert f"= {result}" in text
    assert stage.page.locator(".cl-axis h4").all_text_contents() == ["height 6 → 3", "width 7 → 4"]


# Channels, filters, formats


def test_channels_and_filters_are_browsed_without_a_message_from_channels(play):
    stage = play(scene_of((6, 7, 3), integers=False, picture=True), selection=[1, 1, 0])
    assert stage.mirror("channel") == "all"
    stage.page.get_by_label("next channel").click()
    stage.frames()
    assert stage.mirror("channel") == "0"
    assert stage.page.inner_text(".cl-input .cl-choice") == "channel 0 (1 of 3)"
    assert stage.messages == []
    stage.page.get_by_label("next filter").click()
    assert [message["selection"] for message in stage.settled()] == [[1, 1, 1]]


def test_a_channel_of_another_group_brings_its_filter(play):
    stage = play(scene_of((6, 7, 4), filters=4, groups=2), selection=[0, 0, 0])
    for _ in range(2):
        stage.page.get_by_label("next channel").click()
    stage.frames()
    assert (stage.mirror("channel"), stage.mirror("filter")) == ("2", "2")
    stage.set(selection=[0, 0, 1])
    assert stage.mirror("channel") == "0"


def test_channels_first_keeps_its_own_index_order(play):
    scene = scene_of((6, 7, 2), filters=3, first=True)
    stage = play(scene, selection=[2, 1, 3])
    assert stage.mirror("selection") == "2,1,3"
    assert stage.page.inner_text(".cl-name") == "y[2, 1, 3]"
    assert number(stage, ".cl-result") == scene.steps[0].output.values[1, 3, 2]
    stage.click("output", 0, 4)
    assert [message["selection"] for message in stage.settled()] == [[2, 0, 4]]


# Messages, themes, other scenes


def test_an_error_stands_beside_the_last_good_picture(play):
    stage = play(scene_of())
    error = {"rule": "the kernel reaches 7", "received": "size 5", "remedy": "Use padding='same'."}
    stage.set(error=error)
    alert = stage.page.get_by_role("alert")
    assert alert.inner_text().split("\n\n") == [
        "the kernel reaches 7", "Received size 5.", "Use padding='same'.",
    ]  # fmt: skip
    assert stage.mirror("error") == "the kernel reaches 7"
    stage.hover("output", 0, 0)
    assert stage.cells("lit-output") == {(0, 0)}
    stage.set(error=None)
    assert not alert.is_visible()
    assert stage.mirror("error") is None


def test_text_is_never_taken_for_markup(play):
    stage = play(scene_of(), error={"rule": "<img src=x onerror=alert(1)>", "remedy": "<b>"})
    assert stage.page.locator(".cl-alert img, .cl-alert .cl-remedy b").count() == 0


def test_waiting_is_told(play):
    stage = play(None)
    stage.set(busy="compiling kernels (first run only)")
    assert stage.page.get_by_role("status").inner_text() == "compiling kernels (first run only)"
    stage.set(scene=None, busy=None)
    assert stage.mirror("busy") is None


def test_a_new_scene_keeps_the_place_if_it_can(play):
    stage = play(scene_of(), selection=[3, 4, 1])
    from conftest import sent

    stage.set(scene=sent(scene_of(strides=2)), selection=[1, 2, 1])
    assert (stage.mirror("selection"), stage.mirror("steps")) == ("1,2,1", "6")


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_themes_are_read_by_eyes_that_need_contrast(play, theme):
    stage = play(scene_of(), theme=theme)
    assert stage.mirror("theme") == theme
    ratios = stage.page.evaluate("""() => {
      const style = getComputedStyle(document.querySelector(".cl-stage"));
      const pen = new OffscreenCanvas(1, 1).getContext("2d");
      const light = (name) => {
        pen.fillStyle = style.getPropertyValue(`--cl-${name}`).trim();
        pen.fillRect(0, 0, 1, 1);
        const parts = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => byte / 255)
          .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
      };
      const pairs = [["ink", "back"], ["ink", "panel"], ["muted", "back"], ["muted", "panel"],
        ["accent", "back"], ["accent", "panel"], ["on-accent", "accent"], ["alert", "alert-back"],
        ["alert", "panel"], ["ink", "alert-back"]];
      return pairs.map(([one, other]) => {
        const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
        return [one, other, (high + 0.05) / (low + 0.05)];
      });
    }""")
    assert [pair for pair in ratios if pair[2] < 4.5] == []


def test_a_weight_is_typed_into_the_kernel(play):
    stage = play(scene_of((6, 7, 2)), editable=True, selection=[1, 1, 1])
    stage.click("kernel", 2, 0)
    stage.page.keyboard.type("-1.5")
    stage.press("Enter", on=None)
    assert stage.messages == [{"weight": [2, 0, 0, 1], "value": -1.5}]
    for typed, key in [("7", "Escape"), ("seven", "Enter")]:
        stage.click("kernel", 0, 0)
        stage.page.keyboard.type(typed)
        stage.press(key, on=None)
        assert stage.page.locator(".cl-weight").count() == 0
    assert len(stage.messages) == 1


def test_weights_are_only_typed_where_somebody_listens(play):
    stage = play(scene_of())
    stage.click("kernel", 0, 0)
    assert stage.page.locator(".cl-weight").count() == 0


def test_many_scenes_leave_nothing_behind(play, page):
    from conftest import sent

    scenes = [sent(scene_of(strides=stride)) for stride in (1, 2)]
    stage = play(scene_of())
    session = page.context.new_cdp_session(page)

    def counts():
        session.send("HeapProfiler.collectGarbage")
        found = session.send("Memory.getDOMCounters")
        return found["nodes"], found["jsEventListeners"]

    def change(times):
        for turn in range(times):
            stage.set(scene=scenes[turn % 2])
            stage.hover("output", turn % 2, 0)

    change(4)
    before = counts()
    change(30)
    nodes, listeners = counts()
    assert listeners <= before[1]
    assert nodes <= before[0] + 20


LATE = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const frames = async () => { await frame(); await frame(); };
  const module = await import("/stage.js");
  const element = document.createElement("section");
  const leave = module.default.render({ model: window.model, el: element });
  await frames();
  document.body.append(element);
  await frames();
  const chips = [...element.querySelectorAll(".cl-chip")];
  const hues = chips.map((chip) => chip.style.getPropertyValue("--hue"));
  leave();
  return hues;
}"""


def test_a_stage_that_comes_into_the_page_late_has_its_colours(play):
    stage = play(scene_of((6, 7, 1)))
    hues = stage.page.evaluate(LATE)
    assert len(set(hues)) == 9
    shown = stage.page.locator("main .cl-chip").evaluate_all(
        "chips => chips.map(chip => chip.style.getPropertyValue('--hue'))"
    )
    assert hues == shown


def test_leaving_leaves_nothing(play):
    stage = play(scene_of(), speed=60)
    stage.press("Home", " ")
    left = stage.page.evaluate("""() => {
      leave();
      const listeners = Object.values(model.listeners).flat().length;
      return [document.querySelector("main").childElementCount, listeners];
    }""")
    assert left == [0, 0]
    told = stage.messages  # on a busy machine the first key may have settled by now
    stage.page.wait_for_timeout(400)
    assert stage.messages == told  # what was to settle does not
