// Layers over one axis in a row, stacked: every cell of every layer is a node, and the tree of what the
// selected output depends on stands out. With doubling dilations it is the picture of A. van den Oord
// et al., "WaveNet: A Generative Model for Raw Audio", 2016, figure 3.

import { STRIP_LEFT, stackOf } from "./axis_layout.js";
import { h, setAttributes } from "./dom.js";
import { readAlong } from "./relation.js";
import { count, span } from "./words.js";

const SMALLEST = 6; // pixels from input to input, below which only the part around the tree is in view
const LEVEL = 21; // pixels from layer to layer, at the usual size of text, as are those below
const FONT = 10.5;

/** Whether a scene's steps are such a stack: more than one of them mixes neighbours. */
export function isStack({ steps }) {
  const alone = steps.every(({ axes, gates }) => axes.length === 1 && !gates);
  const joined = steps.every(({ axes: [axis] }, n) => n === 0 || axis.size_in === steps[n - 1].axes[0].size_out);
  return alone && joined && steps.filter(({ axes: [axis] }) => axis.kernel > 1).length > 1;
}

/** What output `out` of a stack's top depends on: for each axis its links; those in the padding end there. */
export function treeOf(axes, out) {
  const found = [];
  let places = [out];
  for (const axis of [...axes].reverse()) {
    const links = places.flatMap((place) => readAlong(axis, place)).filter(({ mark }) => mark === 0);
    found.unshift(links);
    places = [...new Set(links.map((link) => link.at))];
  }
  return found;
}

export class StackDiagram {
  constructor() {
    this.canvas = h("canvas", { role: "img" });
    this.element = h("div.cl-stack", {}, this.canvas);
  }

  show({ steps }) {
    this.axes = steps.map((step) => step.axes[0]);
    this.sizes = [this.axes[0].size_in, ...this.axes.map((axis) => axis.size_out)];
    this.drawing = null;
  }

  /** @param shared where the strips around it have their cells; see `stripsOf` */
  fitInto(theme, shared) {
    Object.assign(this, { zoom: theme.zoom, shared });
    this.element.style.minHeight = `${(LEVEL * this.axes.length + 38) * this.zoom}px`;
    Object.assign(this, { width: this.element.clientWidth, high: this.element.clientHeight });
    this.scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * this.scale);
    this.canvas.height = Math.round(this.high * this.scale);
    this.drawing = null;
  }

  /** @param shown which step's output is looked at, and `out`, which of its cells */
  light({ shown, out }, theme) {
    if (!this.width || !this.axes) return;
    const drawing = JSON.stringify([shown, out]);
    if (drawing === this.drawing && theme === this.theme) return;
    Object.assign(this, { drawing, theme });
    const tree = treeOf(this.axes.slice(0, shown + 1), out);
    const inputs = [...new Set(tree[0].map((link) => link.at))];
    this.label(shown, out, inputs);
    const left = STRIP_LEFT * this.zoom;
    const focus = inputs.length ? (Math.min(...inputs) + Math.max(...inputs)) / 2 : 0;
    this.place = stackOf(this.axes, {
      width: this.width - left - 4, smallest: SMALLEST, focus, shared: this.shared, level: shown,
    });
    const edge = 19 * this.zoom;
    const apart = (this.high - 2 * edge) / this.axes.length;
    this.rows = this.sizes.map((_, level) => edge + level * apart);
    this.radius = Math.min(6 * this.zoom, 0.36 * this.place.unit);
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.width, this.high);
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    this.paintNames(pen, theme);
    pen.save();
    pen.beginPath();
    pen.rect(left - this.radius - 2, 0, this.width, this.high);
    pen.clip();
    pen.translate(left, 0);
    this.paintAll(pen, theme);
    this.paintTree(pen, tree, [shown + 1, out], theme);
    pen.restore();
  }

  label(shown, out, inputs) {
    const said = `output ${out} of step ${shown + 1} depends on ${count(inputs.length, "input")}: ${span(inputs)}`;
    setAttributes(this.canvas, { "aria-label": `${count(this.axes.length, "step")} stacked, from the input above to the last output below: ${said}` });
    setAttributes(this.element, { "data-depends": inputs.sort((a, b) => a - b).join(",") });
  }

  paintNames(pen, theme) {
    pen.fillStyle = theme.muted;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const last = this.sizes.length - 1;
    this.rows.forEach((y, level) => pen.fillText(level === 0 ? "input" : level === last ? "output" : `step ${level}`, 2, y));
  }

  spot(level, place) {
    return [this.place.x[level](place), this.rows[level]];
  }

  inView([x]) {
    return x > -this.radius && x < this.width;
  }

  edge(pen, level, { at, out }) {
    const [from, to] = [this.spot(level, at), this.spot(level + 1, out)];
    if (!this.inView(from) && !this.inView(to)) return;
    pen.moveTo(from[0], from[1] + this.radius);
    pen.lineTo(to[0], to[1] - this.radius);
  }

  node(pen, level, place, fill, line, width) {
    const spot = this.spot(level, place);
    if (!this.inView(spot)) return;
    pen.beginPath();
    pen.arc(...spot, this.radius, 0, 2 * Math.PI);
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = line;
    pen.lineWidth = width;
    pen.stroke();
  }

  /** Every node, and every edge between them. */
  paintAll(pen, theme) {
    pen.strokeStyle = theme.muted;
    pen.globalAlpha = 0.25;
    pen.lineWidth = 1;
    pen.beginPath();
    this.axes.forEach((axis, level) => {
      for (let out = 0; out < axis.size_out; out += 1) {
        if (!this.inView(this.spot(level + 1, out))) continue;
        for (const link of readAlong(axis, out)) if (link.mark === 0) this.edge(pen, level, link);
      }
    });
    pen.stroke();
    pen.globalAlpha = 1;
    this.sizes.forEach((size, level) => {
      for (let place = 0; place < size; place += 1) this.node(pen, level, place, theme.back, theme.muted, 1);
    });
  }

  paintTree(pen, tree, [top, out], theme) {
    pen.strokeStyle = theme.accent;
    pen.lineWidth = theme.stroke;
    pen.beginPath();
    tree.forEach((links, level) => links.forEach((link) => this.edge(pen, level, link)));
    pen.stroke();
    tree.forEach((links, level) => {
      for (const place of new Set(links.map((link) => link.at))) this.node(pen, level, place, theme.accent, theme.ink, 1.5);
    });
    this.node(pen, top, out, theme.accent, theme.ink, 1.5);
    const inputs = tree[0].map((link) => link.at);
    pen.fillStyle = theme.ink;
    pen.textAlign = "center";
    for (const place of inputs.length ? new Set([Math.min(...inputs), Math.max(...inputs)]) : []) {
      const [x, y] = this.spot(0, place);
      pen.textBaseline = "bottom";
      pen.fillText(place, x, y - this.radius - 1);
    }
    const [x, y] = this.spot(top, out);
    pen.textBaseline = "top";
    pen.fillText(out, x, y + this.radius + 2);
  }
}
