// A picture of numbers on two canvases: values below, highlights above.
//
// The lower canvas changes with the data, the upper with every hover, so that a hover costs the
// same whatever the size of the picture.

import { paintHighlights } from "./highlights.js";
import { paintPicture } from "./paint.js";
import { Tiles } from "./tiles.js";

export class Grid {
  /**
   * @param {HTMLElement} host where to draw; the grid takes its size
   * @param {{onPoint: Function, onLeave: Function, onPick: Function}} hands called with {slice, row, col}
   */
  constructor(host, hands, { largestCell = 64, gutter = true, tint = true } = {}) {
    Object.assign(this, { host, largestCell, gutter });
    this.tint = tint; // whether a small lit cell is filled, or only framed so that its value is seen
    this.base = host.appendChild(document.createElement("canvas"));
    this.top = host.appendChild(document.createElement("canvas"));
    this.top.tabIndex = 0;
    this.top.setAttribute("role", "application");
    this.listen(hands);
  }

  listen({ onPoint, onLeave, onPick }) {
    const spotAt = (event) => (this.content ? this.tiles.spotAt(event.offsetX, event.offsetY) : null);
    const point = (event) => {
      const spot = spotAt(event);
      if (spot) onPoint(spot);
      else onLeave();
    };
    this.top.addEventListener("pointermove", point);
    this.top.addEventListener("pointerdown", point);
    this.top.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") onLeave(); // a finger that lifts keeps what it touched
    });
    this.top.addEventListener("click", (event) => {
      const spot = spotAt(event);
      if (spot) onPick(spot);
    });
  }

  /**
   * What to show: {slices, rows, cols, before, after, image, valueAt, inkAt, nans, holes, traits,
   * never, addedBefore, addedAfter, beyond, stretch, rowHues}, the lists of three along {slice, row, col}. `image` is ImageData of one pixel a cell, slices
   * below one another; where it is clear, the hatch shows. `traits` are those of the numbers that
   * this grid may come to hold, if not of its own.
   */
  show(content) {
    this.content = content;
    if (!this.room) this.measure();
    this.fitInto();
  }

  measure() {
    this.room = { width: this.host.clientWidth, height: this.host.clientHeight };
    this.scale = window.devicePixelRatio || 1;
  }

  get inView() {
    return Boolean(this.room?.width && this.room.height);
  }

  /** Chooses the size of a cell for the room that was measured. */
  fitInto(theme = this.theme) {
    this.theme = theme;
    const { width, height } = this.room;
    for (const canvas of [this.base, this.top]) {
      const [w, h] = [Math.round(width * this.scale), Math.round(height * this.scale)];
      if (canvas.width === w && canvas.height === h) continue;
      Object.assign(canvas, { width: w, height: h }); // which clears it
      this.drawing = null;
    }
    if (!this.content) return;
    const { largestCell, gutter, scale, strip } = this;
    this.tiles = new Tiles(this.content, { width, height }, { largestCell, gutter, scale, strip, zoom: theme?.zoom ?? 1 });
    // Where cell (0, 0) is and how large, for whoever points at a cell from outside.
    const { cell, tall, pitch, across, first } = this.tiles;
    Object.assign(this.host.dataset, { cell, tall, left: this.x(0), top: this.y(0) });
    if (this.tiles.many) Object.assign(this.host.dataset, { pitch: `${pitch.x},${pitch.y}`, across, first });
  }

  get cell() {
    return this.tiles.cell;
  }

  /** How high a cell is, where it is not as wide. */
  get tall() {
    return this.tiles.tall;
  }

  get least() {
    return Math.min(this.cell, this.tall);
  }

  x(col, slice = 0) {
    return this.tiles.x(col, slice);
  }

  y(row, slice = 0) {
    return this.tiles.y(row, slice);
  }

  /** The image as something that can be scaled; the one canvas serves for all that are shown. */
  get pixels() {
    const { image } = this.content;
    if (this.painted !== image) {
      const { width, height } = image;
      this.canvas ??= new OffscreenCanvas(width, height);
      if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
      this.onCanvas ??= this.canvas.getContext("2d");
      this.onCanvas.putImageData(image, 0, 0); // replaces every pixel
      this.painted = image;
    }
    return this.canvas;
  }

  pen(canvas) {
    const pen = canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    return pen;
  }

  /** Paints when all is written: text on a canvas needs the page's layout, which each writing spoils. */
  paint(theme) {
    this.due = theme;
  }

  paintDue() {
    const theme = this.due;
    const { width, height } = this.base; // none while it is hidden: a pattern for it is refused
    this.due = null;
    if (theme && this.content && width && height) paintPicture(this, this.pen(this.base), theme);
  }

  /** Draws what is lit; see `highlights.js` for what `marks` may hold. */
  light({ hues, ...marks }, theme) {
    if (!this.content) return;
    const { cell, tall, x0, columns, lines } = this.tiles;
    const drawing = JSON.stringify([marks, cell, tall, x0, columns, lines, this.top.width, this.top.height]);
    if (drawing === this.drawing && theme === this.drawnIn && hues === this.drawnHues) return;
    Object.assign(this, { drawing, drawnIn: theme, drawnHues: hues });
    paintHighlights(this, this.pen(this.top), { hues, ...marks }, theme);
  }
}
