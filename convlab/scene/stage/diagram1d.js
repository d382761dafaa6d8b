// One axis as nodes and edges: the inputs in a row, the outputs below them, an edge for each tap.
// Those of the cell that is looked at stand out, each in its tap's hue and with its number.

import { layOut, STRIP_LEFT } from "./axis_layout.js";
import { pattern } from "./colours.js";
import { h, setAttributes } from "./dom.js";
import { readAlong } from "./relation.js";
import { MINUS, span } from "./words.js";

const SMALLEST = 13; // pixels from node to node where only a part is in view
const FITTING = 4; // above so many, all are in view, below the cells of the strips
const FONT = 10.5;
const MOST_NUMBERS = 9; // taps above which their numbers would hide the edges
const ALONG = 0.42; // where on its edge a tap's number stands, from the input

export class TapDiagram {
  /** @param hands {onPoint(row, place), onLeave(), onPick(row, place)}, row "input" or "output" */
  constructor({ onPoint, onLeave, onPick }) {
    this.canvas = h("canvas", { tabindex: 0, role: "img" });
    this.element = h("div.cl-taps", {}, this.canvas);
    const told = (act, otherwise) => (event) => {
      const found = this.nodeAt(event.offsetX, event.offsetY);
      if (found) act(...found);
      else otherwise?.();
    };
    this.canvas.addEventListener("pointermove", told(onPoint, onLeave));
    this.canvas.addEventListener("pointerdown", told(onPoint, onLeave));
    this.canvas.addEventListener("pointerleave", onLeave);
    this.canvas.addEventListener("click", told(onPick));
  }

  show(axis) {
    this.axis = axis;
    this.never = new Set(axis.never_read);
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

  /**
   * @param links {out, at, tap, mark}: the edges that stand out
   * @param centre the input place around which a long axis is shown
   */
  light(links, { hues, centre, focus }, theme) {
    if (!this.width || !this.axis) return;
    const drawing = JSON.stringify([links, centre, focus]);
    if (drawing === this.drawing && theme === this.theme && hues === this.hues) return;
    Object.assign(this, { drawing, theme, hues });
    this.label(links);
    const left = STRIP_LEFT * this.zoom;
    const width = this.width - left - 4;
    const part = () => layOut(this.axis, { width, smallest: SMALLEST * this.zoom, largest: Infinity, focus: centre });
    const layout = this.shared.cell >= FITTING ? this.shared : part();
    const radius = Math.min(7 * this.zoom, Math.max(1.9, 0.38 * layout.cell));
    this.place = { ...layout, left, radius, y: { input: 15 * this.zoom + radius, output: this.high - radius - 15 * this.zoom } };
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.width, this.high);
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    this.paintNames(pen, theme);
    pen.save();
    pen.translate(left, 0);
    this.paintFaint(pen, theme);
    this.paintNodes(pen, theme);
    this.paintLinks(pen, links, theme);
    pen.restore();
  }

  label(links) {
    const { name, size_in, size_out } = this.axis;
    const inputs = links.filter(({ mark }) => !mark).map((link) => link.at);
    const padded = new Set(links.filter(({ mark }) => mark).map((link) => link.at)).size;
    const said = links.length ? `output ${span(links.map((link) => link.out))} reads input ${span(inputs)}${padded ? ` and ${padded} in the padding` : ""}` : "nothing is read";
    setAttributes(this.canvas, {
      "aria-label": `${name}, taps as edges from ${size_in} inputs above to ${size_out} outputs below: ${said}. Arrow keys move the selected output.`,
    });
    setAttributes(this.element, { "data-edges": links.map((link) => `${link.at}>${link.out}`).join(" ") });
  }

  paintNames(pen, theme) {
    pen.fillStyle = theme.muted;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    for (const row of ["input", "output"]) pen.fillText(row, 2, this.place.y[row]);
    if (this.place.whole) return;
    for (const row of ["input", "output"]) {
      const [first, end] = this.place.view[row];
      pen.fillText(`${first} …`.replace("-", MINUS), 2, this.place.y[row] + 13 * this.zoom * (row === "input" ? 1 : -1));
      pen.textAlign = "right";
      pen.fillText(`… ${end - 1}`, this.width - 2, this.place.y[row] + 13 * this.zoom * (row === "input" ? 1 : -1));
      pen.textAlign = "left";
    }
  }

  /** Every edge that there is between nodes in view. */
  paintFaint(pen, theme) {
    const { view, x, y, radius } = this.place;
    pen.strokeStyle = theme.muted;
    pen.globalAlpha = 0.28;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let out = Math.max(0, view.output[0]); out < Math.min(this.axis.size_out, view.output[1]); out += 1) {
      for (const { at: place, mark } of readAlong(this.axis, out)) {
        if (mark === 2 || place < view.input[0] || place >= view.input[1]) continue;
        pen.moveTo(x.input(place), y.input + radius);
        pen.lineTo(x.output(out), y.output - radius);
      }
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  paintNodes(pen, theme) {
    const { view, x, y, radius } = this.place;
    const { size_in, size_out, added_before, added_after } = this.axis;
    const fills = { hatch: pattern(pen, "hatch", theme, 1), dots: pattern(pen, "dots", theme, 1) };
    const kinds = {
      input: (place) => (place < 0 || place >= size_in ? "hatch" : this.never.has(place) ? "dots" : "cell"),
      output: (place) => {
        if (place < 0 || place >= size_out) return "hatch";
        return place < added_before || place >= size_out - added_after ? "added" : "cell";
      },
    };
    for (const row of ["input", "output"]) {
      for (let place = view[row][0]; place < view[row][1]; place += 1) {
        const kind = kinds[row](place);
        pen.setLineDash(kind === "cell" ? [] : [2, 2]);
        this.node(pen, x[row](place), y[row], radius, fills[kind] ?? theme.back, kind === "added" ? theme.ink : theme.muted);
      }
    }
    pen.setLineDash([]);
  }

  node(pen, x, y, radius, fill, line, width = 1) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = this.theme.back;
    pen.fill();
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = line;
    pen.lineWidth = width;
    pen.stroke();
  }

  paintLinks(pen, links, theme) {
    const { view, x, y, radius } = this.place;
    const inside = ({ at: place, out }) =>
      place >= view.input[0] && place < view.input[1] && out >= view.output[0] && out < view.output[1];
    const shown = links.filter(inside);
    const hue = ({ tap }) => (tap === null || tap === undefined ? theme.accent : this.hues[tap % this.hues.length]);
    for (const link of shown) {
      pen.strokeStyle = hue(link);
      pen.lineWidth = theme.stroke + 0.5;
      pen.setLineDash(link.mark ? [4, 3] : []);
      pen.beginPath();
      pen.moveTo(x.input(link.at), y.input + radius);
      pen.lineTo(x.output(link.out), y.output - radius);
      pen.stroke();
    }
    pen.setLineDash([]);
    for (const link of shown) {
      if (!link.mark) this.node(pen, x.input(link.at), y.input, radius, hue(link), theme.ink, 1.5);
      this.node(pen, x.output(link.out), y.output, radius, theme.accent, theme.ink, 1.5);
    }
    this.paintNumbers(pen, shown, theme);
  }

  paintNumbers(pen, links, theme) {
    const { x, y, radius } = this.place;
    pen.fillStyle = theme.ink;
    pen.textAlign = "center";
    for (const [row, places, base, gap] of [["input", links.map((link) => link.at), "bottom", -2], ["output", links.map((link) => link.out), "top", 3]]) {
      pen.textBaseline = base;
      let end = -Infinity;
      for (const place of [...new Set(places)].sort((a, b) => a - b)) {
        const text = String(place).replace("-", MINUS);
        const half = pen.measureText(text).width / 2 + 2;
        if (x[row](place) - half < end) continue;
        pen.fillText(text, x[row](place), y[row] + Math.sign(gap) * radius + gap);
        end = x[row](place) + half;
      }
    }
    const apart = Math.abs(x.input(links[1]?.at) - x.input(links[0]?.at)) * (1 - ALONG);
    if (links.length <= MOST_NUMBERS && apart > pen.measureText("t0").width + 5) {
      for (const link of links) this.paintTap(pen, link, theme);
    }
  }

  /** The number of an edge's tap, on the edge. */
  paintTap(pen, { at: place, out, tap }, theme) {
    const { x, y } = this.place;
    const [left, top] = [x.input(place) + ALONG * (x.output(out) - x.input(place)), y.input + ALONG * (y.output - y.input)];
    const text = `t${tap}`;
    const wide = pen.measureText(text).width + 4;
    pen.textBaseline = "middle";
    pen.fillStyle = theme.back;
    pen.globalAlpha = 0.85;
    pen.fillRect(left - wide / 2, top - 6 * this.zoom, wide, 12 * this.zoom);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.ink;
    pen.fillText(text, left, top + 0.5);
  }

  /** The node nearest to a point of the canvas, [row, place], or null. */
  nodeAt(left, top) {
    if (!this.place) return null;
    const { view, x, y, cell } = this.place;
    const row = Math.abs(top - y.input) < Math.abs(top - y.output) ? "input" : "output";
    if (Math.abs(top - y[row]) > 22 * this.zoom) return null;
    let found = null;
    let nearest = Math.max(cell, 12);
    for (let place = view[row][0]; place < view[row][1]; place += 1) {
      const distance = Math.abs(x[row](place) + this.place.left - left);
      if (distance < nearest) [nearest, found] = [distance, place];
    }
    if (found === null || (row === "output" && (found < 0 || found >= this.axis.size_out))) return null;
    return [row, found];
  }

  /** Where a node is on the canvas, for whoever points at it from outside. */
  pointOf(row, place) {
    return [this.place.left + this.place.x[row](place), this.place.y[row]];
  }
}
