// One axis as two rows of cells: the input with its padding above, the output below, cropped border
// and added cells with it, and lines for what is read through the taps.

import { layOut } from "./axis_layout.js";
import { pattern } from "./colours.js";
import { at } from "./decode.js";
import { h, setAttributes } from "./dom.js";
import { digits, MINUS, span } from "./words.js";

const LARGEST = 18; // pixels of a cell
const SMALLEST = 7; // below this, only the neighbourhood of the taps is drawn
const HIGH = 62; // at the usual size of text, as are those below
const LEFT = 42;
const FONT = 10.5;
const MANY = 24; // lines above which no number is written

const signed = (place) => String(place).replace("-", MINUS);

export class AxisDiagram {
  constructor(axis) {
    this.axis = axis;
    this.canvas = h("canvas", { role: "img" });
    this.element = h("div.cl-diagram", {}, this.canvas);
    this.parts = partsOf(axis);
  }

  measure() {
    this.width = this.element.clientWidth;
  }

  fitInto(zoom) {
    this.zoom = zoom;
    this.high = HIGH * zoom;
    this.scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * this.scale);
    this.canvas.height = Math.round(this.high * this.scale);
    this.drawing = null;
  }

  /**
   * @param links the list of {out, at, tap, mark} to connect
   * @param term what is marked: {symbol, label, marks} or null; see axis_terms.js
   */
  paint(links, term, theme) {
    this.label(links, term);
    if (!this.width) return;
    const drawing = JSON.stringify([links, term]);
    if (this.theme === theme && drawing === this.drawing) return;
    Object.assign(this, { drawing, theme });
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.width, this.high);
    const place = this.place(links);
    this.paintNames(pen, place, theme);
    pen.save();
    pen.translate(LEFT * this.zoom, 0);
    this.paintRow(pen, place, "input", theme);
    this.paintRow(pen, place, "output", theme);
    const few = links.length <= MANY;
    pen.globalAlpha = term ? 0.5 : 1;
    this.paintLinks(pen, place, links, few, theme);
    pen.globalAlpha = 1;
    if (term) this.paintTerm(pen, place, term, theme);
    else if (few) {
      this.paintNumbers(pen, place, links, theme);
      this.paintFactors(pen, place, links, theme);
    }
    pen.restore();
  }

  /** What a screen reader is told: the rows, and what is marked. */
  label(links, term) {
    const { name, size_in, size_out, never_read } = this.axis;
    const places = links.length <= MANY ? links.filter(({ mark }) => !mark).map((link) => link.at) : [];
    const outs = links.length <= MANY ? links.map((link) => link.out) : [];
    const read = places.length ? `; output ${span(outs)} reads input ${span(places)}` : "";
    const factors = factorsOf(this.axis, links).map(({ factor }) => digits(factor, 6));
    const times = factors.length ? `, times ${factors.join(", ")}` : "";
    const never = never_read.length ? `; never read: ${span(never_read)}` : "";
    const marked = term ? `; ${term.label} marks ${term.marks.map(({ row, from, to }) => `${row} ${from === to ? from : `${from} to ${to}`}`).join(", ") || "no cell"}` : "";
    setAttributes(this.canvas, {
      "aria-label": `${name}: ${size_in} input cells above, ${size_out} output cells below${read}${times}${never}${marked}`,
    });
    setAttributes(this.element, {
      "data-factors": factors.join(" ") || null,
      "data-term": term?.symbol ?? null,
      "data-marked": term ? term.marks.map(({ row, from, to }) => `${row}:${from}..${to}`).join(" ") : null,
    });
  }

  place(links) {
    const width = this.width - (LEFT + 3) * this.zoom;
    const focus = links.length && links.length <= 64 ? links.map((link) => link.at) : [0];
    const layout = layOut(this.axis, { width, smallest: SMALLEST, largest: LARGEST * this.zoom, focus });
    const high = Math.min(Math.max(layout.cell, 8), 11) * this.zoom;
    return { ...layout, width, high, y: { input: 14 * this.zoom, output: this.high - high - 14 * this.zoom } };
  }

  paintNames(pen, { y, high }, theme) {
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    pen.fillStyle = theme.muted;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(this.axis.name, 2, y.input - 7 * this.zoom);
    for (const row of ["input", "output"]) pen.fillText(row, 2, y[row] + high / 2);
  }

  paintRow(pen, { cell, x, y, high, view }, row, theme) {
    const fills = {
      cell: theme.back, outside: pattern(pen, "hatch", theme, 1), never: pattern(pen, "dots", theme, 1), added: theme.back,
    };
    pen.lineWidth = 0.75;
    for (let place = view[row][0]; place < view[row][1]; place += 1) {
      const part = this.parts[row](place);
      const left = x[row](place) - cell / 2;
      pen.fillStyle = fills[part];
      pen.fillRect(left, y[row], cell, high);
      pen.strokeStyle = part === "added" ? theme.ink : theme.muted;
      pen.globalAlpha = part === "outside" ? 0.4 : 1;
      if (part === "added") pen.setLineDash([2, 2]);
      pen.strokeRect(left + 0.5, y[row] + 0.5, cell - 1, high - 1);
      pen.setLineDash([]);
      pen.globalAlpha = 1;
    }
  }

  paintLinks(pen, { cell, x, y, high, view }, links, few, theme) {
    const inside = (row, place) => place >= view[row][0] && place < view[row][1];
    const strength = pen.globalAlpha;
    const inset = cell > 9 ? 1.5 : 1;
    pen.strokeStyle = pen.fillStyle = theme.accent;
    pen.lineWidth = few ? 1.5 : 0.75;
    for (const { out, at, mark } of links) {
      if (!inside("input", at) || !inside("output", out)) continue;
      pen.globalAlpha = strength * (mark ? 0.45 : 1);
      for (const [row, place] of [["input", at], ["output", out]]) {
        pen.fillRect(x[row](place) - cell / 2 + inset, y[row] + 1.5, cell - 2 * inset, high - 3);
      }
      pen.beginPath();
      pen.moveTo(x.input(at), y.input + high);
      pen.lineTo(x.output(out), y.output);
      pen.stroke();
    }
    pen.globalAlpha = strength;
  }

  /** The places that are read above their cells, those that read them below. */
  paintNumbers(pen, { x, y, high, view }, links, theme) {
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    pen.fillStyle = theme.ink;
    pen.textAlign = "center";
    for (const [row, places, base, edge] of [
      ["input", links.map((link) => link.at), "alphabetic", y.input - 3],
      ["output", links.map((link) => link.out), "top", y.output + high + 3],
    ]) {
      pen.textBaseline = base;
      let end = -Infinity;
      for (const place of [...new Set(places)].sort((a, b) => a - b)) {
        const half = pen.measureText(signed(place)).width / 2 + 1.5;
        if (x[row](place) - half < end || place < view[row][0] || place >= view[row][1]) continue;
        pen.fillText(signed(place), x[row](place), edge);
        end = x[row](place) + half;
      }
    }
  }

  /** What each link is multiplied by, where the axis has such weights: half of them on either side of the lines. */
  paintFactors(pen, { x, y, high, width }, links, theme) {
    const shown = factorsOf(this.axis, links);
    if (!shown.length) return;
    const ends = shown.map(({ at: place, out }) => (x.input(place) + x.output(out)) / 2);
    const gap = shown.length > 2 ? 10 : 6;
    const [left, right] = [Math.min(...ends) - gap, Math.max(...ends) + gap];
    const half = Math.ceil(shown.length / 2);
    const sides = (count) => [shown.slice(0, half), shown.slice(half)].map((side) => side.map(({ factor }) => digits(factor, count)).join("  "));
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    const fits = ([before, behind]) => pen.measureText(before).width <= left && pen.measureText(behind).width <= width - right;
    const said = [6, 4, 3, 2].map(sides).find(fits);
    if (!said) return; // the sum has them all
    const middle = (y.input + high + y.output) / 2;
    pen.fillStyle = theme.ink;
    pen.textBaseline = "middle";
    for (const [text, align, edge] of [[said[0], "right", left], [said[1], "left", right]]) {
      pen.textAlign = align;
      pen.fillText(text, edge, middle);
    }
  }

  /** A bracket over what a symbol counts, outside of its row, with the symbol and its value. */
  paintTerm(pen, { cell, x, y, high, view }, { label, marks }, theme) {
    pen.font = `600 ${FONT * this.zoom}px ${theme.font}`;
    pen.textAlign = "center";
    const ends = { input: [], output: [] };
    for (const { row, from, to } of marks) {
      const [first, last] = [Math.max(from, view[row][0]), Math.min(to, view[row][1] - 1)];
      if (last < first) continue;
      const [left, right] = [x[row](first) - cell / 2, x[row](last) + cell / 2];
      pen.fillStyle = pen.strokeStyle = theme.ink;
      pen.globalAlpha = 0.16;
      pen.fillRect(left, y[row], right - left, high);
      pen.globalAlpha = 1;
      pen.lineWidth = 1.75;
      pen.strokeRect(left + 0.5, y[row] + 0.5, right - left - 1, high - 1);
      ends[row].push(left, right);
    }
    for (const [row, base, edge] of [["input", "alphabetic", y.input - 3], ["output", "top", y.output + high + 3]]) {
      if (ends[row].length) this.paintLabel(pen, label, (Math.min(...ends[row]) + Math.max(...ends[row])) / 2, base, edge, theme);
    }
    if (!marks.length) this.paintLabel(pen, `${label}: no cell`, 40, "alphabetic", y.input - 3, theme);
  }

  paintLabel(pen, text, middle, base, edge, theme) {
    const half = pen.measureText(text).width / 2;
    const room = this.width - (LEFT + 3) * this.zoom;
    pen.textBaseline = base;
    pen.fillStyle = theme.ink;
    pen.fillText(text, Math.max(half, Math.min(room - half, middle)), edge);
  }
}

/** The links of a few that carry a weight, from left to right: {out, at, factor}; none where the axis has no weights. */
function factorsOf({ weights }, links) {
  if (!weights || links.length > MANY) return [];
  return links
    .filter(({ mark }) => mark !== 2)
    .map(({ out, at: place, tap }) => ({ out, at: place, factor: at(weights, out, tap) }))
    .sort((one, other) => one.at - other.at || one.out - other.out);
}

/** What a cell of each row is: {input, output}, functions of its place. */
function partsOf(axis) {
  const never = new Set(axis.never_read);
  const { size_in, size_out, added_before, added_after } = axis;
  return {
    input: (place) => (place < 0 || place >= size_in ? "outside" : never.has(place) ? "never" : "cell"),
    output: (place) => {
      if (place < 0 || place >= size_out) return "outside";
      return place < added_before || place >= size_out - added_after ? "added" : "cell";
    },
  };
}
