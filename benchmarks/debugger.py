"""The Debug page on a network of 500 layers: the first picture, and frames while it is panned.

    python benchmarks/debugger.py [--layers 500]

The network goes in as a viewer brings it, as a file with its structure. "opened_s" is from the
file's arrival in the page to the painted drawing: read, diagnosed, laid out, sent, painted. Frames
are counted by requestAnimationFrame while the pointer drags the drawing, once unfolded and whole in
view, which paints every box, and once at a size that can be read.
"""

import argparse
import json
import time

from app_page import FRAMES, chromium, served_app

import convlab as cl

WATCH = """() => {
  window.frames_at = [];
  const watch = (now) => { frames_at.push(now); window.watching = requestAnimationFrame(watch); };
  requestAnimationFrame(watch);
}"""
GAPS = """() => {
  cancelAnimationFrame(watching);
  return frames_at.slice(1).map((frame, at) => frame - frames_at[at]);
}"""
PAINTED = "() => Number(document.querySelector('.cg-graph').dataset.painted)"


def network(layers):
    """Residual blocks of five layers, in which a branch goes by: 500 boxes, 600 edges."""
    made = cl.layers
    x = cl.Input((64, 64, 16), name="image")
    y = x
    for number in range((layers - 1) // 5):
        z = made.Conv2D(16, 3, padding="same", name=f"conv{number}a")(y)
        z = made.ReLU(name=f"relu{number}a")(z)
        z = made.Conv2D(16, 3, padding="same", name=f"conv{number}b")(z)
        z = made.Add(name=f"add{number}")([y, z])
        y = made.ReLU(name=f"relu{number}b")(z)
    return cl.Model(x, y, name="residual")


def opened(browser, address, content):
    """The page with the network in it, and the seconds from the file to its picture."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(120_000)
    page.goto(f"{address}&page=debug")
    page.wait_for_selector(".cg-graph[data-camera]")
    page.evaluate(FRAMES)
    file = {"name": "residual.json", "mimeType": "application/json", "buffer": content}
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file").click()
    begun = time.monotonic()
    chooser.value.set_files(file)
    page.wait_for_selector(".cg-list [data-key*=relu99b], .cg-list [data-folded]")
    page.evaluate(FRAMES)
    return page, time.monotonic() - begun


def panned(page, seconds=4):
    """Frames while the drawing is dragged up and down."""
    box = page.locator(".cg-canvas").bounding_box()
    x, y = box["x"] + 60, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH)
    begun, step = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        step += 1
        page.mouse.move(x + step % 7, y + 200 * (1 if step % 40 < 20 else -1) * (step % 20) / 20)
    gaps = sorted(page.evaluate(GAPS))
    page.mouse.up()
    return {
        "boxes_painted": page.evaluate(PAINTED),
        "frames_per_second": round(1000 * len(gaps) / sum(gaps), 1),
        "median_gap_ms": round(gaps[len(gaps) // 2], 1),
        "p95_gap_ms": round(gaps[int(len(gaps) * 0.95)], 1),
        "longest_gap_ms": round(gaps[-1], 1),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layers", type=int, default=500)
    arguments = parser.parse_args()
    content = network(arguments.layers).to_json().encode()
    with served_app() as address, chromium() as browser:
        page, seconds = opened(browser, address, content)
        told = {"layers": arguments.layers, "opened_s": round(seconds, 2)}
        page.get_by_role("button", name="unfold all").click()
        page.wait_for_function("() => document.querySelectorAll('.cg-list li').length > 300")
        page.locator(".cg-list").focus()
        page.keyboard.press("1")
        page.evaluate(FRAMES)
        print(json.dumps({**told, "view": "to be read", **panned(page)}))
        page.get_by_role("button", name="fit", exact=True).click()
        page.wait_for_timeout(600)
        print(json.dumps({**told, "view": "whole", **panned(page)}))
        page.goto("about:blank")


if __name__ == "__main__":
    main()
