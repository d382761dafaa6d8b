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


def large(layer):
    """That layer on the photograph at 224 x 224."""
    explorer = cl.explore(layer)
    state = explorer.state
    state["input"] = {"kind": "photograph", "size": 224}
    return cl.explore_state({k: v for k, v in state.items() if k not in ("selection", "view")})


def test_64_channels_at_224_do_not_freeze_the_page(page, voila_app):
    twin = large(cl.Conv2D(64, 3, padding="same"))
    assert (twin.x.shape, twin.output.shape) == ((224, 224, 3), (224, 224, 64))
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
    page.get_by_role("combobox", name="speed").select_option("60")
    viewed.press("Home", " ")
    page.wait_for_function("() => document.querySelector('.cl-stage').dataset.step > 20")
    viewed.press(" ")
    assert page.evaluate("longest") < FROZEN
    assert viewed.complaints == []


def test_the_memory_of_the_page_is_bounded(page, voila_app):
    """After a first round of changes, further rounds leave no more behind than a few pictures."""
    twin = large(cl.Conv2D(16, 3, padding="same"))
    viewed = Explorer(page, f"{voila_app}&state={twin.link}")
    viewed.wait_for_layer("Conv2D(16, 3, padding='same')")
    picture = twin.output.nbytes + twin.x.nbytes
    client = page.context.new_cdp_session(page)
    heap = []
    for _ in range(4):
        for _ in range(3):
            viewed.slide("strides", ["ArrowRight"])
            viewed.wait_for_code("strides=2")
            viewed.slide("strides", ["ArrowLeft"])
            viewed.wait_for_layer("Conv2D(16, 3, padding='same')")
        viewed.quiet()
        client.send("HeapProfiler.collectGarbage")
        usage = client.send("Runtime.getHeapUsage")
        heap.append(usage["usedSize"] + usage.get("backingStorageSize", 0))
    kept = heap[-1] - heap[0]  # over 18 settings; were each kept, it would be 18 pictures
    assert kept < 4 * picture, heap
