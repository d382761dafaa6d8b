"""The explorer in the real Voila and Chromium: slider to picture, frames of a play, memory.

One Voila page holds convlab's explorer and the same scene (input, kernel, output, window) drawn by
matplotlib through ipympl. A key moves each one's stride slider by turns; the time runs from the
keydown event to the frame that shows the changed canvas. Then the explorer plays at 60 steps a
second. At last, in the real app, settings are changed many times; the page's memory (objects and
the buffers that hold the numbers) is read after a garbage collection, and the longest time without
a frame is told. Needs `pip install ipympl playwright` and a Chromium.

    python benchmarks/explorer.py [--changes 30] [--settings 200] [--only slider|memory]
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import statistics
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app_page import Explorer, chromium, served_app
from playwright.sync_api import Page

import convlab as cl

CASES = {"64x64x3, 8 filters": (64, 8), "224x224x3, 16 filters": (224, 16)}
KEPT = {
    "64x64x3, 8 filters": ({"kind": "photograph", "size": 64}, 8),
    "224x224x64, 64 filters": ({"kind": "feature maps", "size": 224, "channels": 64}, 64),
}
"""What the page's memory is read with: an input and the number of filters."""
SLIDER = ".cx-row:has(.cx-label:has-text('{}')) .noUi-handle"
STRIDES = SLIDER.format("strides")
PEER = ".peer-slider .noUi-handle"

CELL = """
%matplotlib widget
import ipywidgets, matplotlib.pyplot as plt, numpy as np
import convlab as cl
from matplotlib.patches import Rectangle
from convlab.widgets.inputs.pictures import picture

x = picture("photograph", SIZE)
kernel = np.random.default_rng(0).normal(size=(3, 3, 3, FILTERS))

def make(strides):
    layer = cl.Conv2D(FILTERS, 3, strides=strides, padding="same")
    layer.build((None, *x.shape))
    layer.set_weights([kernel, np.zeros(FILTERS)])
    return layer

plt.ioff()
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(9.6, 3.4))
plt.ion()
left.imshow(x)
middle.imshow(kernel[..., 0, 0], cmap="RdBu", vmin=-2, vmax=2)
shown = right.imshow(make(1)(x[None])[0, ..., 0], cmap="RdBu")
window = left.add_patch(Rectangle((SIZE // 2 - 1.5,) * 2, 3, 3, fill=False, color="crimson"))
slider = ipywidgets.IntSlider(1, 1, 8, description="ipympl strides")
slider.add_class("peer-slider")

def change(event):
    y = make(event["new"])(x[None])[0, ..., 0]
    shown.set_data(y)
    shown.set_extent((-0.5, y.shape[1] - 0.5, y.shape[0] - 0.5, -0.5))
    shown.set_clim(-abs(y).max(), abs(y).max())
    window.set_xy((y.shape[1] // 2 * event["new"] - 1.5, y.shape[0] // 2 * event["new"] - 1.5))
    figure.canvas.draw_idle()

slider.observe(change, "value")
explorer = cl.explore(make(1), x)
display(explorer, ipywidgets.VBox([slider, figure.canvas]))
"""

WATCH = """
() => {
  window.waiting = null;
  let inFrame = false;
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => request((time) => {
    inFrame = true;
    try { callback(time); } finally { inFrame = false; }
  });
  for (const name of ["putImageData", "drawImage", "fillRect", "stroke"]) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      const wait = window.waiting;
      if (wait && wait.from && !wait.seen && this.canvas.closest(wait.inside)) {
        wait.seen = true;
        const painted = () => {
          const channel = new MessageChannel();  // its message comes after this frame's paint
          channel.port1.onmessage = () => wait.done(performance.now() - wait.from);
          channel.port2.postMessage(null);
        };
        if (inFrame) painted(); else request(painted);
      }
      return draw.apply(this, given);
    };
  }
  addEventListener("keydown", () => {
    if (window.waiting && !window.waiting.from) window.waiting.from = performance.now();
  }, true);
  window.nextPaint = (inside) => {
    window.painted = new Promise((done) => { window.waiting = { inside, done, from: 0 }; });
  };
}
"""


PLAY = """
(seconds) => new Promise((done) => {
  const root = document.querySelector(".cl-stage");
  const stamps = [];
  const watch = (now) => {
    if (root.dataset.playing === "true") stamps.push([now, Number(root.dataset.step)]);
    if (stamps.length && now - stamps[0][0] > 1000 * seconds) {
      const gaps = stamps.slice(1).map(([at], i) => at - stamps[i][0]).sort((a, b) => a - b);
      const [[start, first], [end, last]] = [stamps[0], stamps.at(-1)];
      const skipped = Number(root.dataset.skipped);
      return done({ rate: 1000 * (last - first) / (end - start), skipped,
        median: gaps[gaps.length >> 1], longest: gaps.at(-1) });
    }
    requestAnimationFrame(watch);
  };
  root.querySelector("[aria-label='First cell (Home)']").click();
  setTimeout(() => { root.querySelector(".cl-play").click(); requestAnimationFrame(watch); }, 600);
})
"""

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


def notebook(size: int, filters: int) -> str:
    cell = {
        "cell_type": "code", "execution_count": None, "id": "bench", "metadata": {}, "outputs": [],
        "source": CELL.replace("SIZE", str(size)).replace("FILTERS", str(filters)),
    }  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "voila": {"template": "convlab"}}
    return json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def served(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    voila = Path(sysconfig.get_path("scripts")) / "voila"
    process = subprocess.Popen(
        [voila, "bench.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"],
        cwd=folder, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(300):
        time.sleep(0.1)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"http://127.0.0.1:{port}/"
    raise SystemExit("voila did not start")


@contextmanager
def opened(size: int, filters: int) -> Iterator[Page]:
    """The page with both on it, at rest."""
    folder = Path(tempfile.mkdtemp())
    (folder / "bench.ipynb").write_text(notebook(size, filters), "utf-8")
    process, address = served(folder)
    try:
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.set_default_timeout(120_000)
            page.goto(address)
            page.wait_for_selector(".cl-stage[data-selection]")
            page.wait_for_selector(".jupyter-matplotlib canvas")
            page.wait_for_timeout(3000)
            yield page
    finally:
        process.terminate()
        shutil.rmtree(folder)


def milliseconds(page: Page, handle: str, canvas: str, key: str) -> float:
    page.locator(handle).first.focus()
    page.evaluate("inside => nextPaint(inside)", canvas)
    page.keyboard.press(key)
    took = float(page.evaluate("() => window.painted"))
    page.wait_for_timeout(120)  # the next key meets an idle page
    return took


def slide(page: Page, changes: int) -> dict[str, list[float]]:
    """The milliseconds of each change, by turns; the first two warm up."""
    page.evaluate(WATCH)
    times: dict[str, list[float]] = {"convlab": [], "ipympl": []}
    for change in range(changes + 2):
        key = "ArrowRight" if change % 2 == 0 else "ArrowLeft"
        times["convlab"].append(milliseconds(page, STRIDES, ".cl-stage", key))
        times["ipympl"].append(milliseconds(page, PEER, ".jupyter-matplotlib", key))
    return {name: taken[2:] for name, taken in times.items()}


def play(page: Page, seconds: float = 5) -> dict[str, float]:
    """A play at 60 steps a second."""
    page.get_by_role("combobox", name="speed").first.select_option("60")
    found = page.evaluate(PLAY, seconds)
    page.locator(".cl-play").first.click()
    return found


def memory(chosen: dict[str, object], filters: int, settings: int) -> tuple[list[float], float]:
    """The page's MB after each quarter of so many settings, and the longest wait for a frame."""
    state = cl.explore(cl.Conv2D(filters, 3, padding="same")).state
    opens = {**{k: v for k, v in state.items() if k not in ("selection", "view")}, "input": chosen}
    link = cl.explore_state(opens).link
    with served_app() as address, chromium() as browser:
        explorer = Explorer(browser, f"{address}&state={link}")
        page = explorer.page
        client = page.context.new_cdp_session(page)
        held = [_held(client)]
        page.evaluate(BEAT)
        for change in range(settings):
            row = ("strides", "dilation", "kernel size")[change // 2 % 3]
            change_setting(explorer, SLIDER.format(row), forwards=change % 2 == 0)
            if (change + 1) % max(1, settings // 4) == 0:
                held.append(_held(client))
        longest = page.evaluate("longest")
        explorer.leave()
    return held, longest


def change_setting(explorer: Explorer, handle: str, forwards: bool) -> None:
    """One step of a slider, and the picture that it gives."""
    before = explorer.page.locator(".cx-code code").inner_text()
    explorer.page.locator(handle).first.focus()
    explorer.page.keyboard.press("ArrowRight" if forwards else "ArrowLeft")
    explorer.page.wait_for_function(
        "before => document.querySelector('.cx-code code').innerText !== before", arg=before
    )
    explorer.rest(0.2)


def _held(client) -> float:
    client.send("HeapProfiler.collectGarbage")
    found = client.send("Runtime.getHeapUsage")
    return (found["usedSize"] + found["backingStorageSize"]) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--settings", type=int, default=200)
    parser.add_argument("--only", choices=("slider", "memory"))
    options = parser.parse_args()
    if options.only != "memory":
        time_sliders(options.changes)
    if options.only != "slider":
        for title, (chosen, filters) in KEPT.items():
            held, longest = memory(chosen, filters, options.settings)
            told = ", ".join(f"{mb:.1f}" for mb in held)
            print(
                f"{title:24s}page over {options.settings} settings, MB: {told}; "
                f"longest time without a frame {longest:.0f} ms",
                flush=True,
            )


def time_sliders(changes: int) -> None:
    """Both sliders by turns, and the play, for each of `CASES`."""
    print(f"{'':24s}{'':10s}{'median ms':>10s}{'p95 ms':>8s}")
    for title, (size, filters) in CASES.items():
        with opened(size, filters) as page:
            for name, times in slide(page, changes).items():
                p95 = statistics.quantiles(times, n=20)[-1]
                print(
                    f"{title:24s}{name:10s}{statistics.median(times):10.1f}{p95:8.1f}", flush=True
                )
            found = play(page)
            print(
                f"{title:24s}play at 60/s: {found['rate']:.1f} steps/s, {found['skipped']:.0f} "
                f"skipped; frame {found['median']:.1f} ms, longest {found['longest']:.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
