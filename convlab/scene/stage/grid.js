// A picture of numbers on two canvases: values below, highlights above.
//
// The lower canvas changes with the data, the upper with every hover, so that a hover costs the
// same whatever the size of the picture.

import { pattern } from "./colours.js";
import { HALO, paintHighlights } from "./highlights.js";
import { styleOf, traitsOf, write } from "./numbers.js";

const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const GUTTER = { left: 24, top: 15 }; // pixels at the usual size of text
const TEXT_CELL = 20; // below this many pixels no number is readable

export class Grid {
  /**
   * @param {HTMLElement} host where to draw; the grid takes its size
   * @param {{onPoint: Function, onLeave: Function, onPick: Function}} hands called with {row, col}
   */
  constructor(host, hands, { largestCell = 64, gutter = true, tint = true } = {}) {
    this.host = host;
    this.largestCell = largestCell;
    this.tint = tint; // whether a small lit cell is filled, or only framed so that its value is seen
    this.ticks = gutter;
    this.gutter = gutter ? GUTTER : { left: 1, top: 1 };
    this.base = host.appendChild(document.createElement("canvas"));
    this.top = host.appendChild(document.createElement("canvas"));
    this.top.tabIndex = 0;
    this.top.setAttribute("role", "application");
    this.listen(hands);
  }

  listen({ onPoint, onLeave, onPick }) {
    const point = (event) => {
      const cell = this.cellAt(event.offsetX, event.offsetY);
      if (cell) onPoint(cell);
      else onLeave();
    };
    this.top.addEventListener("pointermove", point);
    this.top.addEventListener("pointerdown", point);
    this.top.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") onLeave(); // a finger that lifts keeps what it touched
    });
    this.top.addEventListener("click", (event) => {
      const cell = this.cellAt(event.offsetX, event.offsetY);
      if (cell) onPick(cell);
    });
  }

  /**
   * What to show: {rows, cols, before: [top, left], after: [bottom, right], image, valueAt, inkAt,
   * nans, traits, neverRows, neverCols}. `image` has one pixel a cell; where it is clear, the hatch
   * shows. `traits` are those of the numbers that this grid may come to hold, if not of its own.
   */
  show(content) {
    this.content = content;
    this.lines = content.before[0] + content.rows + content.after[0];
    this.columns = content.before[1] + content.cols + content.after[1];
    this.fitInto();
  }

  /** Chooses the size of a cell for the room there is. */
  fitInto(theme = this.theme) {
    this.theme = theme;
    const zoom = theme?.zoom ?? 1;
    if (this.ticks) this.gutter = { left: GUTTER.left * zoom, top: GUTTER.top * zoom };
    const { clientWidth: width, clientHeight: height } = this.host;
    this.scale = window.devicePixelRatio || 1;
    for (const canvas of [this.base, this.top]) {
      const [w, h] = [Math.round(width * this.scale), Math.round(height * this.scale)];
      if (canvas.width === w && canvas.height === h) continue;
      Object.assign(canvas, { width: w, height: h }); // which clears it
      this.drawing = null;
    }
    if (!this.content) return;
    const [wide, high] = [width - this.gutter.left - 3, height - this.gutter.top - 3];
    let cell = Math.min(wide / this.columns, high / this.lines, this.largestCell);
    // Whole device pixels keep the cells even; tiny cells take the fraction instead of the loss.
    if (cell * this.scale >= 6) cell = Math.floor(cell * this.scale) / this.scale;
    this.cell = Math.max(cell, 0.1);
    const spare = width - this.gutter.left - this.columns * this.cell;
    this.x0 = this.gutter.left + Math.max(0, Math.floor(spare / 2));
    this.y0 = this.gutter.top;
    // Where cell (0, 0) is and how large, for whoever points at a cell from outside.
    Object.assign(this.host.dataset, { cell: this.cell, left: this.x(0), top: this.y(0) });
  }

  x(col) {
    return this.x0 + (col + this.content.before[1]) * this.cell;
  }

  y(row) {
    return this.y0 + (row + this.content.before[0]) * this.cell;
  }

  cellAt(x, y) {
    if (!this.content) return null;
    const line = Math.floor((y - this.y0) / this.cell);
    const column = Math.floor((x - this.x0) / this.cell);
    if (line < 0 || column < 0 || line >= this.lines || column >= this.columns) return null;
    return { row: line - this.content.before[0], col: column - this.content.before[1] };
  }

  pen(canvas) {
    const pen = canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    return pen;
  }

  paint(theme) {
    if (!this.content) return;
    const { rows, cols, image } = this.content;
    const pen = this.pen(this.base);
    const frame = [this.x0, this.y0, this.columns * this.cell, this.lines * this.cell];
    pen.fillStyle = this.patternOf(pen, "hatch", theme);
    pen.fillRect(...frame);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(image, this.x(0), this.y(0), cols * this.cell, rows * this.cell);
    this.paintNotNumbers(pen, theme);
    this.paintNeverRead(pen, theme);
    if (this.cell >= 5) this.paintLines(pen, theme);
    pen.strokeStyle = theme.muted;
    pen.lineWidth = 1;
    pen.strokeRect(this.x(0), this.y(0), cols * this.cell, rows * this.cell);
    if (this.cell >= TEXT_CELL) this.paintNumbers(pen, theme);
    if (this.ticks) this.paintTicks(pen, theme);
  }

  patternOf(pen, kind, theme) {
    const fill = pattern(pen, kind, theme, this.scale);
    fill.setTransform(new DOMMatrix().scale(1 / this.scale));
    return fill;
  }

  /** Cells that hold no number have a pattern of their own, which is not that of padding. */
  paintNotNumbers(pen, theme) {
    const { nans = [] } = this.content;
    for (const fill of nans.length ? [theme.back, this.patternOf(pen, "crosses", theme)] : []) {
      pen.fillStyle = fill;
      for (const [row, col] of nans) pen.fillRect(this.x(col), this.y(row), this.cell, this.cell);
    }
  }

  paintNeverRead(pen, theme) {
    const { rows, cols, neverRows = [], neverCols = [] } = this.content;
    const bands = [
      ...neverRows.map((row) => [this.x(0), this.y(row), cols * this.cell, this.cell]),
      ...neverCols.map((col) => [this.x(col), this.y(0), this.cell, rows * this.cell]),
    ];
    for (const [fill, alpha] of [[theme.back, 0.72], [this.patternOf(pen, "dots", theme), 1]]) {
      pen.globalAlpha = alpha;
      pen.fillStyle = fill;
      for (const band of bands) pen.fillRect(...band);
    }
    pen.globalAlpha = 1;
  }

  paintLines(pen, theme) {
    pen.strokeStyle = theme.line;
    pen.globalAlpha = this.cell < 9 ? 0.35 : 0.6;
    pen.lineWidth = 1 / this.scale;
    pen.beginPath();
    for (let line = 0; line <= this.lines; line += 1) {
      const y = this.y0 + line * this.cell;
      pen.moveTo(this.x0, y);
      pen.lineTo(this.x0 + this.columns * this.cell, y);
    }
    for (let column = 0; column <= this.columns; column += 1) {
      const x = this.x0 + column * this.cell;
      pen.moveTo(x, this.y0);
      pen.lineTo(x, this.y0 + this.lines * this.cell);
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  paintNumbers(pen, theme) {
    const { rows, cols, valueAt, inkAt } = this.content;
    if (valueAt(0, 0) === null) return;
    const wanted = Math.min(theme["cell-font"] * 1.35, theme.zoom * Math.max(10, this.cell * 0.26));
    const traits = this.content.traits ?? traitsOf(valuesOf(this.content));
    const found = this.fitNumbers(pen, traits, [wanted, 0.85 * wanted], theme);
    if (!found) return; // all cells or none: some alone would mislead
    const { size, style } = found;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let row = 0; row < rows; row += 1) {
      for (let col = 0; col < cols; col += 1) {
        const text = write(valueAt(row, col), style);
        const [x, y] = [this.x(col) + this.cell / 2, this.y(row) + this.cell / 2];
        const ink = inkAt(row, col);
        if (!ink) {
          // a padding cell: the number stands on the hatch, so it is given a ground of its own
          pen.fillStyle = theme["hatch-back"];
          const width = pen.measureText(text).width + 4;
          pen.fillRect(x - width / 2, y - size * 0.65, width, size * 1.25);
        }
        pen.fillStyle = ink ?? theme.ink;
        pen.fillText(text, x, y + 0.5);
      }
    }
  }

  /** The first of these sizes of text in which the numbers have enough digits. */
  fitNumbers(pen, traits, sizes, theme) {
    const frame = this.tint ? 3 : 2 * (theme.stroke + HALO) + 1;
    for (const size of sizes) {
      pen.font = `${size}px ${theme.font}`;
      const style = styleOf(traits, (this.cell - frame) / pen.measureText("0").width);
      if (style) return { size, style };
    }
    return null;
  }

  paintTicks(pen, theme) {
    const { rows, cols } = this.content;
    pen.font = `${10.5 * theme.zoom}px ${theme.font}`;
    pen.fillStyle = theme.muted;
    const every = TICKS.find((step) => step * this.cell >= 22 * theme.zoom) ?? 1000;
    pen.textAlign = "center";
    pen.textBaseline = "bottom";
    for (let col = 0; col < cols; col += every) {
      pen.fillText(col, this.x(col) + this.cell / 2, this.y0 - 2);
    }
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (let row = 0; row < rows; row += every) {
      pen.fillText(row, this.x0 - 4, this.y(row) + this.cell / 2 + 0.5);
    }
  }

  /** Draws what is lit; see `highlights.js` for what `marks` may hold. */
  light(marks, theme) {
    if (!this.content) return;
    const place = [this.cell, this.x0, this.columns, this.lines, this.top.width, this.top.height];
    const drawing = JSON.stringify([marks, place]);
    if (drawing === this.drawing && theme === this.drawnIn) return;
    Object.assign(this, { drawing, drawnIn: theme });
    paintHighlights(this, this.pen(this.top), marks, theme);
  }
}

function* valuesOf({ rows, cols, valueAt }) {
  for (let row = 0; row < rows; row += 1) {
    for (let col = 0; col < cols; col += 1) yield valueAt(row, col);
  }
}
