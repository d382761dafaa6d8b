"""From a key on a slider to the new picture on the screen: the explorer against ipympl.

One Voila page holds both: convlab's explorer on a 64x64 photograph, and the same scene (input,
kernel, output, the window) drawn by matplotlib through ipympl. A key moves each one's stride slider
by turns; the time runs from the keydown event to the frame that shows the changed canvas. Needs
`pip install ipympl playwright` and a Chromium.

    python benchmarks/slider.py [--size 64] [--changes 40]
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
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CELL = """
%matplotlib widget
import ipywidgets, matplotlib.pyplot as plt, numpy as np
import convlab as cl
from matplotlib.patches import Rectangle
from convlab.widgets.inputs.pictures import picture
from convlab.widgets.filters import filter_bank

x = picture("photograph, grey", SIZE)
kernel = filter_bank((), (3, 3, 1, 4))

def make(strides):
    layer = cl.Conv2D(4, 3, strides=strides, padding="same")
    layer.build((None, *x.shape))
    layer.set_weights([kernel, np.zeros(4)])
    return layer

plt.ioff()
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(9.6, 3.4))
plt.ion()
left.imshow(x[..., 0], cmap="gray", vmin=0, vmax=1)
middle.imshow(kernel[..., 0, 0], cmap="RdBu", vmin=-2, vmax=2)
shown = right.imshow(make(1)(x[None])[0, ..., 0], cmap="RdBu")
window = left.add_patch(Rectangle((30.5, 30.5), 3, 3, fill=False, color="crimson"))
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


def milliseconds(page: Page, handle: str, canvas: str, key: str) -> float:
    page.locator(handle).first.focus()
    page.evaluate("inside => nextPaint(inside)", canvas)
    page.keyboard.press(key)
    took = float(page.evaluate("() => window.painted"))
    page.wait_for_timeout(120)  # the next key meets an idle page
    return took


def notebook(size: int) -> str:
    cell = {
        "cell_type": "code", "execution_count": None, "id": "bench", "metadata": {}, "outputs": [],
        "source": CELL.replace("SIZE", str(size)),
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--changes", type=int, default=40)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    (folder / "bench.ipynb").write_text(notebook(options.size), "utf-8")
    process, address = served(folder)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(address)
            page.wait_for_selector(".cl-stage[data-selection]", timeout=90_000)
            page.wait_for_selector(".jupyter-matplotlib canvas", timeout=90_000)
            page.wait_for_timeout(3000)
            page.evaluate(WATCH)
            ours: list[float] = []
            peer: list[float] = []
            row = ".cx-row:has(.cx-label:has-text('strides')) .noUi-handle"
            for change in range(options.changes):
                key = "ArrowRight" if change % 2 == 0 else "ArrowLeft"
                ours.append(milliseconds(page, row, ".cl-stage", key))
                peer.append(
                    milliseconds(page, ".peer-slider .noUi-handle", ".jupyter-matplotlib", key)
                )
            browser.close()
    finally:
        process.terminate()
        shutil.rmtree(folder)
    for name, times in (("convlab", ours[2:]), ("ipympl", peer[2:])):
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{name:8s} median {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms")
    print(f"ratio    {statistics.median(ours[2:]) / statistics.median(peer[2:]):.2f}")


if __name__ == "__main__":
    main()
