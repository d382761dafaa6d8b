"""Large layers in the real app: the page stays alive, and its memory does not grow."""

import pytest
from viewing import Explorer

import convlab as cl

pytestmark = pytest.mark.browser

BEAT = """() => {
  window.longest = 0;
  let before = performance.now();
  const beat = (now) => {
    window.longest = Math.max(window.longest, now - before);
    before = now;
    requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
}"""
FROZEN = 3000  # milliseconds without a frame: what a viewer takes for a page that has died
PATIENCE = 15_000  # milliseconds until a key has its picture, on a machine busy with other work
LARGE = {"kind": "feature maps", "size": 224, "channels": 64}


def large(layer):
    """That layer on 64 channels of 224 x 224."""
    state = cl.explore(layer).state
    kept = {name: told for name, told in state.items() if name not in ("selection", "view")}
    return cl.explore_state({**kept, "input": LARGE})


def test_64_channels_at_224_are_chosen_by_hand(page, voila_app):
    viewed = Explorer(page, voila_app)
    viewed.choose("input", "feature maps")
    viewed.wait_for_text("(None, 28, 28, 8)")
    page.evaluate(BEAT)
    viewed.slide("channels", ["End"])
    viewed.wait_for_text("(None, 28, 28, 64)")
    viewed.slide("size", ["End"])
    viewed.wait_for_text("(None, 224, 224, 64) → (None, 224, 224, 4)")
    viewed.slide("filters", ["End"])
    viewed.wait_for_text("(None, 224, 224, 64) → (None, 224, 224, 64)")
    viewed.slide("kernel size", ["End"])
    viewed.wait_for_text("Received 24,868,028,416 multiply-adds")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(".cl-stage:not([data-error])", timeout=PATIENCE)
    assert page.evaluate("longest") < FROZEN
    assert viewed.complaints == []


def test_64_channels_at_224_do_not_freeze_the_page(page, voila_app):
    twin = large(cl.Conv2D(64, 3, padding="same"))
    assert twin.x.shape == twin.output.shape == (224, 224, 64)
    viewed = Explorer(page, f"{voila_app}&state={twin.link}")
    viewed.wait_for_layer("Conv2D(64, 3, padding='same')")
    viewed.quiet()
    page.evaluate(BEAT)
    viewed.slide("strides", ["ArrowRight"])
    viewed.wait_for_code("strides=2")
    viewed.slide("strides", ["ArrowLeft"])
    viewed.wait_for_layer("Conv2D(64, 3, padding='same')")
    viewed.press("End", "ArrowUp")
    viewed.wait_for("selection", "222,223,0")
    for _ in range(3):
        viewed.stage.get_by_role("button", name="next filter").click()
    viewed.wait_for("filter", "3")
    viewed.wait_for("value", repr(float(twin.output[222, 223, 3])))
    page.get_by_role("combobox", name="speed").select_option("60")
    viewed.press("Home", " ")
    page.wait_for_function("() => document.querySelector('.cl-stage').dataset.step > 20")
    viewed.slide("dilation", ["ArrowRight"])  # a play goes on through a change of the setting
    viewed.wait_for_code("dilation_rate=2")
    step = int(viewed.data("step"))
    page.wait_for_function(
        "step => Number(document.querySelector('.cl-stage').dataset.step) > step + 20", arg=step
    )
    viewed.press(" ")
    assert page.evaluate("longest") < FROZEN
    assert viewed.complaints == []


def test_the_memory_of_the_page_is_bounded(page, voila_app):
    """After a first round of changes, further rounds leave no more behind than a few pictures."""
    twin = large(cl.Conv2D(64, 3, padding="same"))
    viewed = Explorer(page, f"{voila_app}&state={twin.link}")
    viewed.wait_for_layer("Conv2D(64, 3, padding='same')")
    picture = twin.output.nbytes + twin.x.nbytes
    client = page.context.new_cdp_session(page)
    held = []
    for _ in range(4):
        for _ in range(3):
            viewed.slide("strides", ["ArrowRight"])
            viewed.wait_for_code("strides=2")
            viewed.slide("strides", ["ArrowLeft"])
            viewed.wait_for_layer("Conv2D(64, 3, padding='same')")
        viewed.quiet()
        client.send("HeapProfiler.collectGarbage")
        usage = client.send("Runtime.getHeapUsage")
        held.append(usage["usedSize"] + usage.get("backingStorageSize", 0))
    kept = held[-1] - held[0]  # over 18 settings; were each kept, it would be 18 pictures
    assert kept < 4 * picture, held
