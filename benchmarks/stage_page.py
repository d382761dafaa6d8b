"""A static page with the stage on it, for the benchmarks of hover and play."""

import functools
import http.server
import json
import os
import shutil
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from convlab.draw.tables import lookup_tables
from convlab.layers import Conv2D
from convlab.scene import as_plain, build_scene, stage_module, stage_style

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "scene"))
from travelling import embed

PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<link rel="stylesheet" href="stage.css"><body style="margin: 0"><main></main>
<script type="module">
  import stage from "./stage.js";
  const state = await (await fetch("state.json")).json();
  window.model = {
    saved: [], sent: [], listeners: {},
    get: (name) => state[name] ?? null,
    set(name, value) { state[name] = value; this.listeners[`change:${name}`]?.(); },
    on(event, listener) { this.listeners[event] = listener; },
    off(event) { delete this.listeners[event]; },
    save_changes() { this.saved.push(Date.now()); },
    send(content) { this.sent.push(content); },
  };
  stage.render({ model, el: document.querySelector("main") });
  requestAnimationFrame(() => requestAnimationFrame(() => { window.ready = true; }));
</script></body>"""


def _scene(size, channels=1, **arguments):
    x = np.random.default_rng(0).random((1, size, size, channels), dtype="float32")
    return build_scene(Conv2D(**arguments), x, picture=True)


SCENES = {
    "28x28 stride 1": lambda: _scene(28, filters=8, kernel_size=3, padding="same"),
    "28x28 stride 2": lambda: _scene(28, filters=8, kernel_size=3, padding="same", strides=2),
    "224x224x3": lambda: _scene(224, 3, filters=8, kernel_size=7, padding="same", strides=2),
}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def open_stage(scene):
    """A page of headless Chromium that shows the scene, 1020 x 680."""
    state = {"scene": as_plain(scene), "tables": lookup_tables(), "theme": "light"}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = {
            "index.html": PAGE, "stage.js": stage_module(), "stage.css": stage_style(),
            "state.json": json.dumps(embed(state)),
        }  # fmt: skip
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        handler = functools.partial(_Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = os.environ.get("CONVLAB_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-sync"]
        )
        page = browser.new_page(viewport={"width": 1020, "height": 680})
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.wait_for_function("window.ready")
        yield page
        browser.close()
        server.shutdown()
