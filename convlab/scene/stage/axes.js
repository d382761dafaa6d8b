// The panel "Each axis": the arithmetic line by line, and the axis as a row of cells.

import { pattern } from "./colours.js";
import { h } from "./dom.js";
import { manyOf } from "./words.js";

const LARGEST = 18; // pixels of a cell in the diagram
const SMALLEST = 7; // below this, only the neighbourhood of the taps is drawn
const HIGH = 48; // at the usual size of text, as are the two below
const LEFT = 42;
const FONT = 10.5;

export class AxisPanel {
  constructor() {
    this.headline = h("span.cl-headline");
    this.body = h("div.cl-axes", { tabindex: 0, role: "region", "aria-label": "arithmetic of each axis" });
    this.room = h("div.cl-room", {}, this.body);
    this.body.addEventListener("scroll", () => this.fade());
    this.element = h("section.cl-panel.cl-axis-panel", { "aria-label": "Each axis" },
      h("header.cl-panel-head", {}, h("h3", {}, "Each axis"), this.headline), this.room);
    this.diagrams = [];
  }

  /** Axes that share their arithmetic share its lines. */
  show(axes) {
    const groups = new Map();
    for (const axis of axes) {
      const key = JSON.stringify([axis.size_in, axis.size_out, axis.derivation]);
      groups.set(key, [...(groups.get(key) ?? []), axis]);
    }
    this.diagrams = axes.map((axis) => new Diagram(axis));
    const titles = [...groups.values()].map(title);
    const alone = titles.length === 1;
    this.headline.replaceChildren(...(alone ? titles[0] : []));
    this.body.replaceChildren(
      ...[...groups.values()].map((group, i) => this.group(group, alone ? null : titles[i])),
      meanings(axes));
    this.body.classList.toggle("cl-apart", !alone);
    this.body.scrollTop = 0;
    if (this.theme) this.fitInto(this.theme);
  }

  group(axes, heading) {
    const diagrams = this.diagrams.filter(({ axis }) => axes.includes(axis));
    return h("div.cl-axis", {},
      heading && h("h4", {}, ...heading),
      h("div.cl-diagrams", {}, ...diagrams.map((diagram) => diagram.element)),
      h("ol.cl-derivation", {}, ...axes[0].derivation.map(lineItem)));
  }

  fitInto(theme) {
    this.theme = theme;
    for (const diagram of this.diagrams) diagram.fitInto(theme.zoom);
    this.endAtALine();
    this.fade();
  }

  /** Ends the panel's view below a whole line: half a formula would be read as another one. */
  endAtALine() {
    const high = this.room.clientHeight;
    this.body.style.height = "";
    if (this.body.scrollHeight <= high) return;
    const top = this.body.getBoundingClientRect().top - this.body.scrollTop;
    const ends = [...this.body.querySelectorAll("li, .cl-diagrams")].map((line) => line.getBoundingClientRect().bottom - top);
    const fitting = ends.filter((end) => end <= high);
    if (fitting.length) this.body.style.height = `${Math.ceil(Math.max(...fitting))}px`;
  }

  /** Tells, beside the scroll bar, that more is below. */
  fade() {
    const { scrollTop, clientHeight, scrollHeight } = this.body;
    this.room.classList.toggle("cl-more", scrollTop + clientHeight < scrollHeight - 2);
  }

  /** links: for each axis, the list of {out, at, mark} to draw. */
  light(links, theme) {
    this.diagrams.forEach((diagram, index) => diagram.paint(links[index], theme));
  }
}

/** What each symbol of the lines stands for. */
function meanings(axes) {
  const found = new Map();
  for (const { terms } of axes.flatMap((axis) => axis.derivation)) {
    for (const [symbol, , meaning] of terms) found.set(symbol, meaning);
  }
  const each = [...found].flatMap(([symbol, meaning], i) =>
    [i ? ", " : "", h("b", {}, ...symbols(symbol)), ` ${meaning}`]);
  return h("ol.cl-derivation.cl-meanings", {}, h("li", {}, ...each));
}

/** "height and width 28 → 13, 27 never read". */
function title(axes) {
  const [{ size_in: from, size_out: to, never_read: never }] = axes;
  return [
    h("span", {}, axes.map((axis) => axis.name).join(" and ")),
    " ",
    h("b", {}, `${from} → ${to}`),
    ...(never.length ? [h("span.cl-never", {}, `${manyOf(never, from)} never read`)] : []),
  ];
}

function lineItem({ name, parts, reason, terms }) {
  const meanings = terms.map(([symbol, value, meaning]) => `${symbol} = ${value}: ${meaning}`);
  const pieces = parts.flatMap((part, position) => {
    const last = position === parts.length - 1;
    return [position ? " = " : "", h(last ? "b" : "span", {}, ...symbols(part))];
  });
  // The line breaks before the numbers are put in, if it must: a result stays with its numbers.
  const before = 2 * Math.max(0, parts.length - 2);
  return h("li", {},
    h("abbr.cl-what", { title: [reason, ...meanings].join("\n") }, name), " ",
    h("span.cl-formula", {}, h("span.cl-whole", {}, ...pieces.slice(0, before)), " ",
      h("span.cl-whole", {}, ...pieces.slice(before))));
}

/** "P_before*2" with a lowered "before" and a dot for the product. */
function symbols(text) {
  return text
    .replaceAll("*", "·")
    .replaceAll(/(?<![\w)])-|(?<= )-(?= )/g, "−")
    .split(/(_\w+)/)
    .filter(Boolean)
    .map((piece) => (piece.startsWith("_") ? h("sub", {}, piece.slice(1)) : piece));
}

class Diagram {
  constructor(axis) {
    this.axis = axis;
    this.canvas = h("canvas", { role: "img", "aria-label": `${axis.name}: ${axis.size_in} input cells above, ${axis.size_out} output cells below` });
    this.element = h("div.cl-diagram", {}, this.canvas);
  }

  fitInto(zoom) {
    this.zoom = zoom;
    this.high = HIGH * zoom;
    this.width = this.element.clientWidth;
    this.scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * this.scale);
    this.canvas.height = Math.round(this.high * this.scale);
    this.cells = null;
  }

  /** The cells in view, as coordinates of the input with its padding. */
  view(links) {
    const { pad_before: before, pad_after: after, size_in: size } = this.axis;
    const [first, last] = [-before, size + after];
    const room = this.width - (LEFT + 2) * this.zoom;
    const fitting = Math.floor(room / SMALLEST);
    if (last - first <= fitting) return { first, last, cell: Math.min(LARGEST, room / (last - first)) };
    const places = links.length && links.length <= 64 ? links.map((link) => link.at) : [0];
    const middle = (Math.min(...places) + Math.max(...places)) / 2;
    const start = Math.round(Math.min(Math.max(middle - fitting / 2, first), last - fitting));
    return { first: start, last: start + fitting, cell: SMALLEST };
  }

  paint(links, theme) {
    if (!this.width) return;
    const drawing = JSON.stringify(links);
    if (this.cells?.theme === theme && drawing === this.drawing) return;
    this.drawing = drawing;
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.width, this.high);
    const view = this.view(links);
    const { cell } = view;
    const high = Math.min(Math.max(cell, 10), 14);
    const left = LEFT * this.zoom;
    const x = (place) => left + (place - view.first) * cell;
    // The outputs stand below the middle of what they read, so that the lines are short.
    const width = (view.last - view.first) * cell;
    const outs = this.axis.size_out;
    const pitch = Math.min(cell, width / outs);
    const [topY, lowY] = [14 * this.zoom, this.high - high - 3];
    const shift = outs * cell <= width ? left + (width - outs * pitch) / 2 : left;
    const place = { x, outX: (out) => shift + out * pitch, pitch, high, topY, lowY, view };
    if (this.cells?.first !== view.first || this.cells.theme !== theme) {
      this.cells = { first: view.first, theme, image: this.imageOfCells(place, theme) };
    }
    pen.drawImage(this.cells.image, 0, 0, this.width, this.high);
    this.paintLinks(pen, place, links, theme);
  }

  /** The cells without any link: they change only when another part of the axis comes into view. */
  imageOfCells(place, theme) {
    const image = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const pen = image.getContext("2d");
    pen.scale(this.scale, this.scale);
    this.paintCells(pen, place, theme);
    return image;
  }

  paintCells(pen, { x, outX, pitch, high, topY, lowY, view }, theme) {
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    pen.fillStyle = theme.muted;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(this.axis.name, 2, topY - 7 * this.zoom);
    pen.fillText("input", 2, topY + high / 2);
    pen.fillText("output", 2, lowY + high / 2);
    const hatch = pattern(pen, "hatch", theme, 1);
    const dots = pattern(pen, "dots", theme, 1);
    const never = new Set(this.axis.never_read);
    pen.lineWidth = 0.75;
    pen.strokeStyle = theme.muted;
    for (let at = view.first; at < view.last; at += 1) {
      const outside = at < 0 || at >= this.axis.size_in;
      pen.fillStyle = outside ? hatch : never.has(at) ? dots : theme.back;
      pen.fillRect(x(at), topY, view.cell, high);
      pen.globalAlpha = outside ? 0.4 : 1;
      pen.strokeRect(x(at) + 0.5, topY + 0.5, view.cell - 1, high - 1);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = theme.back;
    for (let out = 0; out < this.axis.size_out; out += 1) {
      if (outX(out) > this.width) break;
      pen.fillRect(outX(out), lowY, pitch, high);
      if (pitch >= 3) pen.strokeRect(outX(out) + 0.5, lowY + 0.5, pitch - 1, high - 1);
    }
  }

  paintLinks(pen, { x, outX, pitch, high, topY, lowY, view }, links, theme) {
    const many = links.length > 24;
    pen.font = `${FONT * this.zoom}px ${theme.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    pen.strokeStyle = theme.accent;
    for (const { out, at, mark } of links) {
      if (at < view.first || at >= view.last) continue;
      pen.globalAlpha = mark ? 0.45 : 1;
      pen.fillStyle = theme.accent;
      pen.fillRect(x(at) + 1.5, topY + 1.5, view.cell - 3, high - 3);
      pen.fillRect(outX(out) + 1, lowY + 1.5, Math.max(pitch - 2, 1.5), high - 3);
      pen.lineWidth = many ? 0.75 : 1.5;
      pen.beginPath();
      pen.moveTo(x(at) + view.cell / 2, topY + high);
      pen.lineTo(outX(out) + pitch / 2, lowY);
      pen.stroke();
      pen.globalAlpha = 1;
    }
    if (!many) this.paintNumbers(pen, { x, outX, pitch, topY, view }, links, theme);
  }

  /** The first and last place that is read, above their cells. */
  paintNumbers(pen, { x, topY, view }, links, theme) {
    if (!links.length) return;
    pen.fillStyle = theme.ink;
    const places = [...new Set(links.map((link) => link.at))].sort((a, b) => a - b);
    let end = -Infinity;
    for (const at of places) {
      const middle = x(at) + view.cell / 2;
      const text = String(at).replace("-", "−");
      const half = pen.measureText(text).width / 2 + 1.5;
      if (middle - half < end || at < view.first || at >= view.last) continue;
      pen.fillText(text, middle, topY - 3);
      end = middle + half;
    }
  }
}
