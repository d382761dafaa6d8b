// The canvas: painted once a frame and only when something has changed, in the theme's colours.

import { h } from "../stage/dom.js";
import { paint } from "./painting.js";
import { readTheme } from "./theme.js";

export class Surface {
  /**
   * @param hands {element, camera, shown(): what `paint` takes, onResized(), onPainted(number)}
   */
  constructor(hands) {
    this.hands = hands;
    this.canvas = h("canvas.cg-canvas", { "aria-hidden": "true" });
    this.natural = 1; // how much larger than at first the theme's letters are
    this.frames = 0;
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.readTheme();
    this.darkness.addEventListener("change", this.onScheme);
  }

  /** Watches the room that the canvas fills. */
  fill(room) {
    this.room = room;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(room);
  }

  readTheme() {
    this.theme = readTheme(this.hands.element());
    const larger = this.theme.large / this.natural;
    this.natural = this.theme.large;
    this.request();
    return larger;
  }

  resize() {
    const { width, height } = this.room.getBoundingClientRect();
    if (!width || !height) return; // not shown: the view stays as it is
    const ratio = devicePixelRatio;
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    this.readTheme();
    this.hands.onResized(width, height);
    this.draw();
  }

  request() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const shown = this.hands.shown();
    if (!this.theme || shown.camera.width <= 1) return;
    const painted = paint(this.canvas.getContext("2d"), { ...shown, theme: this.theme });
    this.frames += 1;
    this.hands.onPainted(painted);
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.onScheme);
  }
}
