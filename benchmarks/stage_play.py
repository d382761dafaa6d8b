"""A play at 60 steps a second on a 28 x 28 input, counted: is every step drawn?

    python benchmarks/stage_play.py [--speed 60]

The counters are the stage's own (`data-drawn`, `data-skipped`), compared with the steps of the
output; the rate is drawn steps over the time from the first frame to the last.
"""

import argparse
import json

from stage_page import SCENES, open_stage

PLAY = """
(speed) => new Promise((done) => {
  const root = document.querySelector(".cl-stage");
  model.set("speed", speed);
  const frames = [];
  let started = null;
  const watch = (now) => {
    if (root.dataset.playing === "true") {
      started ??= now;
      frames.push(now);
    } else if (started !== null) {
      const { drawn, skipped, steps } = root.dataset;
      const seconds = (frames.at(-1) - started) / 1000;
      const gaps = frames.slice(1).map((frame, i) => frame - frames[i]).sort((a, b) => a - b);
      return done({ steps: +steps, drawn: +drawn, skipped: +skipped, seconds,
        longest_gap_ms: gaps.at(-1), median_gap_ms: gaps[gaps.length >> 1],
        messages: window.during ?? 0 });
    }
    requestAnimationFrame(watch);
  };
  root.querySelector("[aria-label='First cell (Home)']").click();
  setTimeout(() => {
    const before = model.saved.length;
    root.querySelector(".cl-play").click();
    const count = () => {
      if (root.dataset.playing === "true") window.during = model.saved.length - before;
      setTimeout(count, 50);
    };
    count();
    requestAnimationFrame(watch);
  }, 600);
})
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--speed", type=int, default=60, help="steps a second")
    arguments = parser.parse_args()
    for name in ("28x28 stride 1", "28x28 stride 2"):
        with open_stage(SCENES[name]()) as page:
            page.set_default_timeout(120_000)
            found = page.evaluate(PLAY, arguments.speed)
        found["steps_per_second"] = round(found["drawn"] / found["seconds"], 2)
        print(json.dumps({"scene": name, **{k: round(v, 2) for k, v in found.items()}}))


if __name__ == "__main__":
    main()
