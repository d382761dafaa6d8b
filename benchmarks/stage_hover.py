"""From a pointer event to the frame that shows its highlight, in headless Chromium.

    python benchmarks/stage_hover.py [--moves 300]

The stage runs on a static page with a model made by hand; every message to it is counted. The time
runs from the event's own time stamp to the first task after the frame that drew the highlight.
"""

import argparse
import json
import statistics

from stage_page import SCENES, open_stage

MEASURE = """
async ({ moves, grids }) => {
  const times = Object.fromEntries(grids.map((grid) => [grid, []]));
  const root = document.querySelector(".cl-stage");
  for (const grid of grids) {
    const top = root.querySelector(`.cl-${grid} canvas + canvas`);
    top.addEventListener("pointermove", (event) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => times[grid].push(performance.now() - event.timeStamp);
        channel.port2.postMessage(null);
      });
    }, { capture: true });
  }
  window.times = times;
}
"""


def hover(page, grid, moves):
    box = page.locator(f".cl-{grid} .cl-grid").bounding_box()
    host = page.locator(f".cl-{grid} .cl-grid")
    cell, left, top = (float(host.get_attribute(f"data-{n}")) for n in ("cell", "left", "top"))
    across, down = ((box["width"] - left) / 1.6, (box["height"] - top) / 1.6)
    for move in range(moves):
        x = box["x"] + left + (move * cell * 1.07) % max(across, cell)
        y = box["y"] + top + (move * cell * 0.61) % max(down, cell)
        page.mouse.move(x, y)
        page.wait_for_timeout(20)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=150, help="moves in each picture")
    arguments = parser.parse_args()
    grids = ["output", "input", "kernel"]
    for name, scene in SCENES.items():
        with open_stage(scene()) as page:
            page.evaluate(MEASURE, {"moves": arguments.moves, "grids": grids})
            for grid in grids:
                hover(page, grid, arguments.moves)
            page.wait_for_timeout(200)
            times, messages = page.evaluate("() => [times, model.saved.length + model.sent.length]")
        for grid, found in times.items():
            p95 = statistics.quantiles(found, n=20)[-1]
            line = {"scene": name, "grid": grid, "moves": len(found)}
            line |= {"median_ms": round(statistics.median(found), 1), "p95_ms": round(p95, 1)}
            print(json.dumps(line | {"messages": messages}))


if __name__ == "__main__":
    main()
