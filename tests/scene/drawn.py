"""The graph's module in a page, with a drawing handed to it: what it shows, and hands."""

import base64

from convlab.scene import graph_module, graph_style
from convlab.scene.graph import packed
from convlab.scene.wire import plain

PAGE = "http://graph.invalid/"
HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><title>graph</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="graph.css">
<body style="margin: 0"><main style="height: 700px"></main></body></html>"""

OPEN = """async ([drawing, state]) => {
  const { createGraph } = await import("/graph.js");
  window.told = [];
  window.graph = createGraph(document.querySelector("main"), { onTold: (one) => told.push(one) });
  graph.update({ theme: "light", tables: {}, drawing, ...state });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def serve(route):
    served = {
        "": (HTML, "text/html"),
        "graph.js": (graph_module(), "text/javascript"),
        "graph.css": (graph_style(), "text/css"),
    }
    body, kind = served[route.request.url.removeprefix(PAGE)]
    route.fulfill(body=body, content_type=kind)


def sent(pictures):
    """Small pictures as they travel in a test: bytes as text."""
    told = packed(pictures)
    return {**told, "data": base64.b64encode(told["data"]).decode()}


class Drawn:
    """A page with a graph."""

    def __init__(self, page, drawing, **state):
        self.page, self.drawing, self.problems = page, drawing, []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self.problems.append(m.text))
        page.set_default_timeout(10_000)
        page.emulate_media(reduced_motion="reduce")
        page.route(f"{PAGE}*", serve)
        page.goto(PAGE)
        page.evaluate(OPEN, [plain(drawing), state])
        page.wait_for_selector(".cg-graph[data-camera]")

    def frames(self):
        self.page.evaluate(FRAMES)

    def update(self, **patch):
        if "drawing" in patch:
            self.drawing = patch["drawing"]
            patch["drawing"] = plain(self.drawing)
        self.page.evaluate("(patch) => graph.update(patch)", patch)
        self.frames()

    def mirror(self, name):
        return self.page.locator(".cg-graph").get_attribute(f"data-{name}")

    @property
    def camera(self):
        x, y, scale = map(float, self.mirror("camera").split(","))
        return x, y, scale

    @property
    def told(self):
        return self.page.evaluate("() => told")

    @property
    def focused(self):
        """What a screen reader says of the active option."""
        listed = self.page.locator(".cg-list")
        active = listed.get_attribute("aria-activedescendant")
        return self.page.locator(f"#{active}").inner_text() if active else None

    def screen(self, x, y):
        """Where a point of the drawing is on the page."""
        left, top, scale = self.camera
        room = self.page.locator(".cg-canvas").bounding_box()
        return room["x"] + (x - left) * scale, room["y"] + (y - top) * scale

    def at(self, key):
        node = self.drawing.node(key)
        return self.screen(node.x, node.y)

    def click(self, key, count=1):
        self.page.mouse.click(*self.at(key), click_count=count)
        self.frames()

    def press(self, *keys):
        self.page.locator(".cg-list").focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.frames()

    def colour(self, x, y):
        """The colour that is painted at a point of the drawing."""
        left, top = self.screen(x, y)
        return self.page.evaluate(
            """([x, y]) => {
              const canvas = document.querySelector(".cg-canvas");
              const box = canvas.getBoundingClientRect();
              const ratio = canvas.width / box.width;
              const pen = canvas.getContext("2d");
              const spot = [(x - box.x) * ratio, (y - box.y) * ratio];
              return [...pen.getImageData(...spot, 1, 1).data].slice(0, 3);
            }""",
            [left, top],
        )
