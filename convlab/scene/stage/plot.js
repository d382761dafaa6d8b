// The signal of one axis as lines: the input's channel and the output's filter over the same steps,
// with what the selected output reads shaded.

import { STRIP_LEFT } from "./axis_layout.js";
import { at } from "./decode.js";
import { h, setAttributes } from "./dom.js";
import { four } from "./words.js";

const FONT = 10.5;
const TOP = 14;

const lineOf = (values, size, channel) => Array.from({ length: size }, (_, step) => at(values, step, channel));

/** The range of finite numbers, zero included. */
function rangeOf(line) {
  const finite = line.filter(Number.isFinite);
  const [low, high] = [finite.reduce((a, b) => Math.min(a, b), 0), finite.reduce((a, b) => Math.max(a, b), 0)];
  return low === high ? [low, low + 1] : [low, high];
}

export class SignalPlot {
  constructor() {
    this.canvas = h("canvas", { role: "img" });
    this.element = h("div.cl-signal", {}, this.canvas);
  }

  /** What is drawn: a channel of the input and a filter of the output. */
  show(step, channel, filter) {
    const [axis] = step.axes;
    this.axis = axis;
    this.lines = [
      { row: "input", name: `input, channel ${channel}`, line: lineOf(step.input.values, axis.size_in, channel) },
      { row: "output", name: `output, ${step.kernel ? "filter" : "channel"} ${filter}`, line: lineOf(step.output.values, axis.size_out, filter) },
    ].map((each) => ({ ...each, range: rangeOf(each.line) }));
    this.drawing = null;
  }

  /** @param shared where the strips around it have their cells; see `stripsOf` */
  fitInto(theme, shared) {
    Object.assign(this, { zoom: theme.zoom, shared });
    this.high = this.element.clientHeight;
    this.width = this.element.clientWidth;
    this.scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * this.scale);
    this.canvas.height = Math.round(this.high * this.scale);
    this.drawing = null;
  }

  /** @param links {out, at, tap, mark}: what is read */
  light(links, { hues }, theme) {
    if (!this.width || !this.lines) return;
    const drawing = JSON.stringify(links);
    if (drawing === this.drawing && theme === this.theme && hues === this.hues) return;
    Object.assign(this, { drawing, theme, hues });
    const left = STRIP_LEFT * this.zoom;
    this.place = { ...this.shared, left };
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.width, this.high);
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    pen.save();
    pen.translate(left, 0);
    this.paintWindow(pen, links, theme);
    for (const each of this.lines) this.paintLine(pen, each, theme);
    this.paintPoints(pen, links, theme);
    pen.restore();
    this.paintWords(pen, theme);
    this.label(links);
  }

  y(value, [low, high]) {
    const top = TOP * this.zoom;
    return top + ((high - value) / (high - low)) * (this.high - top - 5);
  }

  ink({ row }, theme) {
    return row === "input" ? theme.ink : theme.accent;
  }

  paintWindow(pen, links, theme) {
    if (!links.length) return;
    const { x, cell } = this.place;
    const places = links.map((link) => x.input(link.at));
    const [from, to] = [Math.min(...places) - cell / 2, Math.max(...places) + cell / 2];
    pen.fillStyle = theme.accent;
    pen.globalAlpha = 0.13;
    pen.fillRect(from, TOP * this.zoom - 2, Math.max(to - from, 2), this.high);
    pen.globalAlpha = 0.6;
    pen.strokeStyle = theme.accent;
    pen.lineWidth = 1;
    pen.strokeRect(from + 0.5, TOP * this.zoom - 2, Math.max(to - from, 2) - 1, this.high);
    pen.globalAlpha = 1;
  }

  /** A zero line, and the signal; the output is dashed, so that the two differ without colour. */
  paintLine(pen, each, theme) {
    const { row, line, range } = each;
    const { x } = this.place;
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1;
    pen.setLineDash([]);
    const zero = Math.round(this.y(0, range)) + 0.5;
    pen.strokeRect(0, zero, this.width, 0);
    pen.strokeStyle = this.ink(each, theme);
    pen.lineWidth = theme.stroke * 0.75;
    pen.setLineDash(row === "output" ? [5, 3] : []);
    pen.beginPath();
    let pending = true; // NaN leaves a gap
    line.forEach((value, step) => {
      if (!Number.isFinite(value)) pending = true;
      else if (pending) pen.moveTo(x[row](step), this.y(value, range));
      else pen.lineTo(x[row](step), this.y(value, range));
      if (Number.isFinite(value)) pending = false;
    });
    pen.stroke();
    pen.setLineDash([]);
  }

  paintPoints(pen, links, theme) {
    const { x } = this.place;
    const [input, output] = this.lines;
    const point = (left, top, fill) => {
      pen.beginPath();
      pen.arc(left, top, 3.5 * this.zoom, 0, 2 * Math.PI);
      pen.fillStyle = fill;
      pen.fill();
      pen.strokeStyle = theme.back;
      pen.lineWidth = 1;
      pen.stroke();
    };
    if (links.length > 64) return;
    for (const { at: place, tap, mark } of links) {
      const value = mark ? 0 : input.line[place];
      if (Number.isFinite(value)) point(x.input(place), this.y(value, input.range), this.hues[(tap ?? 0) % this.hues.length]);
    }
    for (const out of new Set(links.map((link) => link.out))) {
      const value = output.line[out];
      if (Number.isFinite(value)) point(x.output(out), this.y(value, output.range), theme.accent);
    }
  }

  /** What the lines are, with their ranges: each has a scale of its own. */
  paintWords(pen, theme) {
    pen.textBaseline = "top";
    pen.textAlign = "left";
    let left = STRIP_LEFT * this.zoom;
    const named = this.lines.map(({ row, name }) => `${row === "input" ? "—" : "- -"} ${name}`);
    const ranged = named.map((text, n) => `${text}: ${this.lines[n].range.map(four).join(" to ")}`);
    const gap = 22 * this.zoom;
    const fits = left + pen.measureText(ranged.join("")).width + gap < this.width;
    (fits ? ranged : named).forEach((text, n) => {
      pen.fillStyle = this.ink(this.lines[n], theme);
      pen.fillText(text, left, 1);
      left += pen.measureText(text).width + gap;
    });
  }

  label(links) {
    const said = this.lines.map(({ name, range }) => `${name}, from ${range.map(four).join(" to ")}`).join("; ");
    const places = links.filter(({ mark }) => !mark).map((link) => link.at);
    const window = places.length ? `; shaded: steps ${Math.min(...places)} to ${Math.max(...places)}` : "";
    setAttributes(this.canvas, { "aria-label": `signal: ${said}${window}` });
  }
}
