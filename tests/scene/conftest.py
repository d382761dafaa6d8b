"""The stage's module in a page, with a model made by hand in the place of the notebook's."""

import base64
import json

import pytest
from travelling import embed

from convlab.scene import as_plain, stage_module, stage_style

PAGE = "http://stage.invalid/"
HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><title>stage</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="stage.css">
<body><main></main></body></html>"""

MODEL = """
async (state) => {
  class Model {
    constructor(state) { Object.assign(this, { state, listeners: {}, saved: [], sent: [] }); }
    get(name) { return this.state[name] ?? null; }
    set(name, value) {
      const before = JSON.stringify(this.state[name]);
      this.state[name] = value;
      if (JSON.stringify(value) !== before) this.fire(name);
    }
    fire(name) { for (const listener of this.listeners[`change:${name}`] ?? []) listener(); }
    on(event, listener) { (this.listeners[event] ??= []).push(listener); }
    off(event, listener) {
      this.listeners[event] = (this.listeners[event] ?? []).filter((other) => other !== listener);
    }
    save_changes() {
      const { selection, playing, speed } = this.state;
      this.saved.push({ selection: [...selection], playing, speed });
    }
    send(content) { this.sent.push(content); }
  }
  const module = await import("/stage.js");
  window.model = new Model(state);
  window.leave = module.default.render({ model, el: document.querySelector("main") });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}
"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

_GREY = base64.b64encode(bytes(v for i in range(256) for v in (i, i, i, 255))).decode()
TABLES = {"magnitude": _GREY, "signed": _GREY, "grey": _GREY}


def serve(route):
    served = {
        "": (HTML, "text/html"),
        "stage.js": (stage_module(), "text/javascript"),
        "stage.css": (stage_style(), "text/css"),
    }
    body, kind = served[route.request.url.removeprefix(PAGE)]
    route.fulfill(body=body, content_type=kind)


class Played:
    """A page with a stage: what it shows, and hands to touch it with."""

    def __init__(self, page, scene, state):
        self.page, self.problems = page, []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self.problems.append(m.text))
        page.set_default_timeout(10_000)
        page.route(f"{PAGE}*", serve)
        page.goto(PAGE)
        page.evaluate(MODEL, {"scene": sent(scene), "tables": TABLES, "theme": "light", **state})
        self.root = page.locator(".cl-stage")

    def mirror(self, name):
        return self.root.get_attribute(f"data-{name}")

    def cells(self, name):
        """A list of lit cells as a set of (row, column)."""
        text = self.mirror(name)
        return {tuple(map(int, pair.split(","))) for pair in text.split(";")} if text else set()

    def frames(self):
        self.page.evaluate(FRAMES)

    def centre(self, grid, *at, channel=0):
        """The middle of a cell: (row, column), (slice, row, column), or (step,) in a channel."""
        slice, row, col = {1: (0, channel, at[-1]), 2: (0, *at), 3: at}[len(at)]
        box = self.page.locator(f".cl-{grid} .cl-grid")
        place = box.bounding_box()
        cell, tall, left, top = (
            float(box.get_attribute(f"data-{n}")) for n in ("cell", "tall", "left", "top")
        )
        if slice:  # counted from slice 0, which may stand behind those of the padding
            pitch = [float(part) for part in box.get_attribute("data-pitch").split(",")]
            across, first = (int(box.get_attribute(f"data-{n}")) for n in ("across", "first"))
            (down, over), (down_0, over_0) = (divmod(s - first, across) for s in (slice, 0))
            left, top = left + (over - over_0) * pitch[0], top + (down - down_0) * pitch[1]
        return place["x"] + left + (col + 0.5) * cell, place["y"] + top + (row + 0.5) * tall

    def hover(self, grid, *at, channel=0):
        self.page.mouse.move(*self.centre(grid, *at, channel=channel))
        self.frames()

    def click(self, grid, *at, channel=0):
        self.page.mouse.click(*self.centre(grid, *at, channel=channel))
        self.frames()

    def number(self):
        """The value that the panel shows, in full."""
        return float(self.page.locator(".cl-result").last.get_attribute("data-exact"))

    def press(self, *keys, on="output"):
        if on:
            self.page.locator(f".cl-{on} canvas + canvas").focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.frames()

    def set(self, **traits):
        self.page.evaluate("(t) => { for (const n in t) model.set(n, t[n]); }", traits)
        self.frames()

    @property
    def messages(self):
        return self.page.evaluate("() => [...model.saved, ...model.sent]")

    def settled(self, count=1):
        """Waits until so many messages were sent, and then a little longer for any more."""
        self.page.wait_for_function(f"() => model.saved.length >= {count}")
        self.page.wait_for_timeout(350)
        return self.messages


def sent(scene):
    return json.loads(json.dumps(embed(as_plain(scene)))) if scene else None


@pytest.fixture
def play(page):
    """Opens a stage on a scene: `play(scene, selection=[...], ...)`."""
    opened = []

    def open_stage(scene, **state):
        opened.append(Played(page, scene, state))
        return opened[-1]

    yield open_stage
    for stage in opened:
        assert stage.problems == []
