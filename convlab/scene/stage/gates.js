// One time step of a convolutional LSTM as two equations of pictures: what the cell remembers, and
// what it gives. Every picture is of one filter, and each cell depends on the same cell alone.

import { h } from "./dom.js";
import { Grid } from "./grid.js";
import { showLegend } from "./layout.js";
import { numbers } from "./image.js";
import { traitsOf } from "./numbers.js";
import { sheetOf, spotOf } from "./sheet.js";

const NO_LINKS = { slices: [], rows: [], cols: [] };

/** The pictures in the order in which they are written: [key, symbol, what it is]. */
const PICTURES = [
  ["c", "c", "new memory"],
  ["f", "f", "forget gate"],
  ["c_before", "c′", "old memory"],
  ["i", "i", "input gate"],
  ["g", "c̃", "candidate"],
  ["h_out", "h", "given"],
  ["o", "o", "output gate"],
  ["shown", "", ""],
];

/** Gates lie between 0 and 1; what is remembered has a sign. */
function normOf(values) {
  const { largest, negative } = traitsOf(values);
  if (negative) return { table: "signed", low: -largest, high: largest };
  return { table: "magnitude", low: 0, high: Math.max(1, largest) };
}

export class GatesView {
  /** @param hands {onPoint(spot), onLeave(), onPick(spot)}: spots of the output's picture */
  constructor(hands) {
    this.parts = Object.fromEntries(PICTURES.map(([key, symbol, what]) => [key, makePart(key, symbol, what, hands)]));
    const { c, f, c_before, i, g, h_out, o, shown } = this.parts;
    const sign = (text) => h("span.cl-sign", { "aria-hidden": "true" }, text);
    this.element = h("div.cl-gates", { role: "group", "aria-label": "gates of the selected filter" },
      h("div.cl-equation", {}, c.element, sign("="), f.element, sign("×"), c_before.element, sign("+"), i.element, sign("×"), g.element),
      h("div.cl-equation", {}, h_out.element, sign("="), o.element, sign("×"), shown.element));
  }

  get grids() {
    return Object.values(this.parts).map((part) => part.grid);
  }

  /** The pictures of a filter. */
  show({ gates, axes }, filter, tables) {
    const rank = axes.length;
    for (const [key, part] of Object.entries(this.parts)) {
      const norm = normOf(gates[key].values);
      const content = numbers(sheetOf(gates[key], rank, [filter]), norm, tables[norm.table]);
      part.grid.show({ ...content, stretch: rank === 1 });
      part.grid.host.dataset.filter = filter;
      showLegend(part.legend, norm, tables[norm.table]);
    }
    const [i, f, g, o] = gates.activations;
    const said = { i, f, g, o, shown: "" };
    for (const [key, activation] of Object.entries(said)) this.parts[key].note.textContent = activation;
    this.parts.shown.symbol.textContent = `${gates.output_activation}(c)`;
    for (const [key, , what] of PICTURES) this.parts[key].grid.top.setAttribute("aria-label", `${what || `${gates.output_activation} of c`}, filter ${filter}`);
  }

  fitInto(theme) {
    for (const grid of this.grids) grid.measure();
    for (const grid of this.grids) grid.fitInto(theme);
    this.paint(theme);
  }

  paint(theme) {
    for (const grid of this.grids) {
      grid.paint(theme);
      grid.paintDue();
    }
  }

  /** Marks the same cell in every picture. */
  light({ at, filter }, theme) {
    const selected = spotOf(at, filter);
    for (const grid of this.grids) grid.light({ lit: NO_LINKS, selected, hues: [], taps: [1, 1], veil: [] }, theme);
  }
}

function makePart(key, symbol, what, hands) {
  const name = h("b", {}, symbol);
  const note = h("span.cl-note-of");
  const host = h("div.cl-grid");
  const legend = h("div.cl-legend");
  const element = h(`figure.cl-gate.cl-gate-${key}`, {},
    h("figcaption", { title: what }, name, h("span", {}, what), note), host, legend);
  const grid = new Grid(host, hands, { gutter: false, tint: false });
  grid.top.tabIndex = -1; // the output's picture answers to the keys for all
  return { element, grid, symbol: name, note, legend };
}
