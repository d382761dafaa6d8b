// Three axes as two boxes seen from a corner: the input with the kernel's box in it, and the output
// with the cell that comes of it.

import { h, setAttributes } from "./dom.js";
import { span } from "./words.js";

const TILT = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]; // an isometric view
const GAP = 16; // pixels between the boxes, for the arrow
const EDGE = 3;

/** Where a corner (depth, height, width) lies, in cells; depth goes to the left and down. */
function project([depth, height, width]) {
  return [(width - depth) * TILT[0], (width + depth) * TILT[1] + height];
}

const corners = ([d, h0, w], [d1, h1, w1]) =>
  [d, d1].flatMap((depth) => [h0, h1].flatMap((height) => [w, w1].map((width) => [depth, height, width])));

/** The cells of a lit set as a box [from, to], to not included; null of none. */
function boxOf({ axes }) {
  if (axes.some((links) => !links.length)) return null;
  const places = axes.map((links) => links.map((link) => link.at));
  return [places.map((list) => Math.min(...list)), places.map((list) => Math.max(...list) + 1)];
}

export class VolumeView {
  constructor() {
    this.canvas = h("canvas", { role: "img" });
    this.element = h("figure.cl-volume", {}, h("figcaption", {}, h("b", {}, "in space")), h("div.cl-volume-room", {}, this.canvas));
    this.room = this.element.lastChild;
  }

  show(step) {
    this.sizes = {
      input: step.axes.map((axis) => axis.size_in),
      output: step.axes.map((axis) => axis.size_out),
    };
    this.names = step.axes.map((axis) => axis.name);
    this.around = {
      input: step.axes.map((axis) => (axis.transposed ? [0, 0] : [axis.pad_before, axis.pad_after])),
      output: step.axes.map((axis) => [axis.crop_before, axis.crop_after]),
    };
    this.drawing = null;
  }

  fitInto() {
    const { clientWidth: width, clientHeight: height } = this.room;
    Object.assign(this, { width, height, scale: window.devicePixelRatio || 1, drawing: null });
    this.canvas.width = Math.round(width * this.scale);
    this.canvas.height = Math.round(height * this.scale);
  }

  /** @param lit {input, output} lit sets; see relation.js */
  light(lit, theme) {
    if (!this.sizes) return;
    const boxes = { input: boxOf(lit.input), output: boxOf(lit.output) };
    const drawing = JSON.stringify(boxes);
    if (drawing === this.drawing && theme === this.theme) return;
    Object.assign(this, { drawing, theme });
    this.label(boxes);
    if (!this.width || !this.height) return;
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    const half = (this.height - GAP) / 2;
    this.paintVolume(pen, "input", boxes.input, [0, half], theme);
    this.paintVolume(pen, "output", boxes.output, [half + GAP, half], theme);
    pen.fillStyle = theme.muted;
    pen.font = `${14 * theme.zoom}px ${theme.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText("↓", this.width / 2, half + GAP / 2);
  }

  label(boxes) {
    const inside = (box) => (box ? this.names.map((name, n) => `${name} ${span([box[0][n], box[1][n] - 1])}`).join(", ") : "nothing");
    const size = (row) => this.sizes[row].join(" by ");
    setAttributes(this.canvas, {
      "aria-label": `input volume, ${size("input")}, lit from corner to corner: ${inside(boxes.input)}; output volume, ${size("output")}, lit: ${inside(boxes.output)}`,
    });
    const corner = (box) => (box ? box.map((place) => place.join(",")).join(":") : "");
    setAttributes(this.element, { "data-input-box": corner(boxes.input), "data-output-box": corner(boxes.output) });
  }

  paintVolume(pen, row, box, [top, high], theme) {
    const around = this.around[row];
    const whole = [around.map(([before]) => -before), this.sizes[row].map((size, n) => size + around[n][1])];
    const seen = corners(...whole).map(project);
    const [xs, ys] = [0, 1].map((n) => seen.map((point) => point[n]));
    const [left, right, up, down] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const unit = Math.min((this.width - 2 * EDGE) / (right - left), (high - 2 * EDGE) / (down - up), 22);
    const spot = (corner) => {
      const [x, y] = project(corner);
      return [this.width / 2 + (x - (left + right) / 2) * unit, top + high / 2 + (y - (up + down) / 2) * unit];
    };
    if (whole.flat().join() !== [[0, 0, 0], this.sizes[row]].flat().join()) {
      this.paintBox(pen, spot, whole, { line: theme.hatch, dash: [2, 3], width: 1 });
    }
    const own = [[0, 0, 0], this.sizes[row]];
    this.paintSlices(pen, spot, own, box, theme);
    this.paintBox(pen, spot, own, { line: theme.muted, width: 1.25 });
    if (box) this.paintBox(pen, spot, box, { line: theme.accent, fill: theme.accent, width: theme.stroke });
  }

  /** The slices along the first axis, those that the lit box crosses stronger. */
  paintSlices(pen, spot, [, [slices, rows, cols]], box, theme) {
    for (let slice = 0; slice < slices; slice += 1) {
      const crossed = box && slice >= box[0][0] && slice < box[1][0];
      const middle = slice + 0.5;
      this.path(pen, [[middle, 0, 0], [middle, 0, cols], [middle, rows, cols], [middle, rows, 0]].map(spot));
      pen.globalAlpha = crossed ? 0.16 : 0.07;
      pen.fillStyle = theme.ink;
      pen.fill();
      pen.globalAlpha = crossed ? 0.6 : 0.3;
      pen.strokeStyle = theme.muted;
      pen.lineWidth = 0.75;
      pen.stroke();
      pen.globalAlpha = 1;
    }
  }

  path(pen, points) {
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(x, y);
    pen.closePath();
  }

  /** A box: its hidden edges dashed, the three faces that are seen filled a little. */
  paintBox(pen, spot, [[d, t, l], [d1, t1, l1]], { line, fill, width, dash = [] }) {
    const faces = [
      [[d, t, l], [d, t, l1], [d1, t, l1], [d1, t, l]], // above
      [[d1, t, l], [d1, t, l1], [d1, t1, l1], [d1, t1, l]], // in front
      [[d, t, l1], [d1, t, l1], [d1, t1, l1], [d, t1, l1]], // at the right
    ];
    pen.strokeStyle = line;
    pen.lineWidth = width;
    const hidden = [d, t1, l];
    pen.setLineDash([2, 3]);
    pen.globalAlpha = 0.6;
    pen.beginPath();
    for (const end of [[d1, t1, l], [d, t, l], [d, t1, l1]]) {
      pen.moveTo(...spot(hidden));
      pen.lineTo(...spot(end));
    }
    pen.stroke();
    pen.setLineDash(dash);
    for (const face of faces) {
      this.path(pen, face.map(spot));
      if (fill) {
        pen.globalAlpha = 0.22;
        pen.fillStyle = fill;
        pen.fill();
      }
      pen.globalAlpha = 1;
      pen.stroke();
    }
    pen.setLineDash([]);
  }
}
