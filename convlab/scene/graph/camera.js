// Which part of the drawing is in view: pan, zoom, and the way from one view to another.

const LEAST = 0.04;
const MOST = 6;
const GLIDE = 220; // milliseconds
const EDGE = 80; // pixels of the drawing that stay in view, however far it is moved

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const ease = (part) => 1 - (1 - part) ** 3;

export class Camera {
  /** @param onMove called when another frame is due */
  constructor(onMove) {
    Object.assign(this, { x: 0, y: 0, scale: 1, width: 1, height: 1, drawing: { width: 1, height: 1 }, onMove });
  }

  /** Where it is, or is on its way to. */
  get goal() {
    const { x, y, scale } = this.gliding ? this.target : this;
    return { x, y, scale };
  }

  /** Of another size, it has the same in its middle. */
  setSize(width, height) {
    const middle = this.width > 1 ? this.world([this.width / 2, this.height / 2]) : null;
    Object.assign(this, { width, height });
    if (middle) Object.assign(this, this.centred(middle));
    this.keep();
  }

  screen([x, y]) {
    return [(x - this.x) * this.scale, (y - this.y) * this.scale];
  }

  world([left, top]) {
    return [left / this.scale + this.x, top / this.scale + this.y];
  }

  pan(right, down) {
    this.stop();
    this.x -= right / this.scale;
    this.y -= down / this.scale;
    this.keep();
    this.onMove();
  }

  /** Zooms by a factor about a point of the screen, which stays where it is. */
  zoom(factor, [left, top] = [this.width / 2, this.height / 2]) {
    this.stop();
    const [x, y] = this.world([left, top]);
    this.scale = Math.min(MOST, Math.max(LEAST, this.scale * factor));
    this.x = x - left / this.scale;
    this.y = y - top / this.scale;
    this.keep();
    this.onMove();
  }

  /** The view in which a box fills the screen, but no larger than `most`. */
  fitting({ left, top, width, height }, most = 1, least = LEAST) {
    const fits = Math.min(this.width / width, this.height / height);
    const scale = Math.max(least, Math.min(most, fits));
    return { scale, x: left + width / 2 - this.width / 2 / scale, y: top + height / 2 - this.height / 2 / scale };
  }

  /** The view of the present scale with a point in the middle. */
  centred([x, y], scale = this.scale) {
    return { scale, x: x - this.width / 2 / scale, y: y - this.height / 2 / scale };
  }

  set(view) {
    this.stop();
    Object.assign(this, view);
    this.keep();
    this.onMove();
  }

  glide(view) {
    if (still()) return this.set(view);
    this.stop();
    this.target = view;
    const { x, y, scale } = this;
    const begun = performance.now();
    const step = (now) => {
      const part = ease(Math.min(1, Math.max(0, (now - begun) / GLIDE)));
      this.scale = scale * (view.scale / scale) ** part;
      this.x = x + (view.x - x) * part;
      this.y = y + (view.y - y) * part;
      if (part === 1) this.keep();
      this.gliding = part < 1 ? requestAnimationFrame(step) : null;
      this.onMove();
    };
    this.gliding = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.gliding);
    this.gliding = null;
  }

  /** Moves back what would leave nothing in view; what is narrower than the screen is centred. */
  keep() {
    for (const [at, size, room] of [["x", this.drawing.width, this.width], ["y", this.drawing.height, this.height]]) {
      const seen = room / this.scale;
      const edge = EDGE / this.scale;
      this[at] = Math.min(size - edge, Math.max(edge - seen, this[at]));
    }
  }
}
