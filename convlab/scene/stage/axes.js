// The panel "Each axis": the arithmetic line by line, and the axis as a row of cells.

import { pattern } from "./colours.js";
import { h } from "./dom.js";
import { span } from "./words.js";

const LARGEST = 18; // pixels of a cell in the diagram
const SMALLEST = 7; // below this, only the neighbourhood of the taps is drawn
const HIGH = 50;

export class AxisPanel {
  constructor() {
    this.headline = h("span.cl-headline");
    this.body = h("div.cl-axes", { tabindex: 0, role: "region", "aria-label": "arithmetic of each axis" });
    this.element = h("section.cl-panel.cl-axis-panel", { "aria-label": "Each axis" },
      h("header.cl-panel-head", {}, h("h3", {}, "Each axis"), this.headline), this.body);
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
      ...[...groups.values()].map((group, i) => this.group(group, alone ? null : titles[i])));
    this.fitInto();
  }

  group(axes, heading) {
    const diagrams = this.diagrams.filter(({ axis }) => axes.includes(axis));
    return h("div.cl-axis", {},
      heading && h("h4", {}, ...heading),
      h("div.cl-diagrams", {}, ...diagrams.map((diagram) => diagram.element)),
      h("ol.cl-derivation", {}, ...axes[0].derivation.map(lineItem)));
  }

  fitInto() {
    for (const diagram of this.diagrams) diagram.fitInto();
  }

  /** links: for each axis, the list of {out, at, mark} to draw. */
  light(links, theme) {
    this.diagrams.forEach((diagram, index) => diagram.paint(links[index], theme));
  }
}

/** "height and width 28 → 13, 27 never read". */
function title(axes) {
  const [{ size_in: from, size_out: to, never_read: never }] = axes;
  return [
    h("span", {}, axes.map((axis) => axis.name).join(" and ")),
    " ",
    h("b", {}, `${from} → ${to}`),
    ...(never.length ? [h("span.cl-never", {}, `${span(never)} never read`)] : []),
  ];
}

function lineItem({ name, parts, reason, terms }) {
  const meanings = terms.map(([symbol, value, meaning]) => `${symbol} = ${value}: ${meaning}`);
  const pieces = parts.flatMap((part, position) => {
    const last = position === parts.length - 1;
    return [position ? " = " : "", h(last ? "b" : "span", {}, ...symbols(part))];
  });
  return h("li", { title: [reason, ...meanings].join("\n") },
    h("span.cl-what", {}, name), " ", h("span.cl-formula", {}, ...pieces));
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

  fitInto() {
    this.width = this.element.clientWidth;
    this.scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * this.scale);
    this.canvas.height = Math.round(HIGH * this.scale);
    this.cells = null;
  }

  /** The cells in view, as coordinates of the input with its padding. */
  view(links) {
    const { pad_before: before, pad_after: after, size_in: size } = this.axis;
    const [first, last] = [-before, size + after];
    const room = this.width - 44;
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
    pen.clearRect(0, 0, this.width, HIGH);
    const view = this.view(links);
    const { cell } = view;
    const high = Math.min(Math.max(cell, 10), 14);
    const left = 42;
    const x = (place) => left + (place - view.first) * cell;
    // The outputs stand below the middle of what they read, so that the lines are short.
    const width = (view.last - view.first) * cell;
    const outs = this.axis.size_out;
    const pitch = Math.min(cell, width / outs);
    const [topY, lowY] = [14, HIGH - high - 4];
    const shift = outs * cell <= width ? left + (width - outs * pitch) / 2 : left;
    const place = { x, outX: (out) => shift + out * pitch, pitch, high, topY, lowY, view };
    if (this.cells?.first !== view.first || this.cells.theme !== theme) {
      this.cells = { first: view.first, theme, image: this.imageOfCells(place, theme) };
    }
    pen.drawImage(this.cells.image, 0, 0, this.width, HIGH);
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
    pen.font = `10px ${theme.font}`;
    pen.fillStyle = theme.muted;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(this.axis.name, 2, topY - 8);
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
