// The window on its way from one place to the next, in less than a tenth of a second.

const DURATION = 90; // milliseconds

export class Glide {
  constructor() {
    this.stillness = matchMedia("(prefers-reduced-motion: reduce)");
    this.window = null;
    this.start = null;
  }

  /** The next change of place is to be seen as a movement. */
  begin() {
    if (!this.window || this.stillness.matches) return;
    this.from = this.window;
    this.start = performance.now();
  }

  get moving() {
    return this.start !== null;
  }

  /** Where the window around these {slices, rows, cols} is drawn now, in cells; null around none. */
  to({ slices, rows, cols }) {
    if (!slices.length || !rows.length || !cols.length) {
      this.window = this.start = null;
      return null;
    }
    const edge = (pick, links) => pick(...links.map((link) => link.at));
    const target = {
      top: edge(Math.min, rows), bottom: edge(Math.max, rows),
      left: edge(Math.min, cols), right: edge(Math.max, cols),
    };
    const part = this.moving ? (performance.now() - this.start) / DURATION : 1;
    if (part >= 1) {
      this.start = null;
      this.window = target;
    } else {
      const eased = 1 - (1 - part) ** 2;
      const between = (side) => this.from[side] + (target[side] - this.from[side]) * eased;
      this.window = Object.fromEntries(Object.keys(target).map((side) => [side, between(side)]));
    }
    return { slices: slices.map((link) => link.at), ...this.window };
  }
}
