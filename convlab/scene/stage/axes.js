// The panel "Each axis": the arithmetic line by line, and each axis as two rows of cells. A symbol
// of the arithmetic that is pressed is marked in the rows.

import { AxisDiagram } from "./axis_diagram.js";
import { lineItem, meaningsItem, symbolsOf } from "./axis_formula.js";
import { marksOfTerm } from "./axis_terms.js";
import { h, setAttributes } from "./dom.js";
import { listed, manyOf, span } from "./words.js";

export class AxisPanel {
  constructor() {
    this.headline = h("span.cl-headline");
    this.body = h("div.cl-axes", { tabindex: 0, role: "region", "aria-label": "arithmetic of each axis" });
    this.room = h("div.cl-room", {}, this.body);
    this.body.addEventListener("scroll", () => this.fade());
    this.body.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.mark(null);
    });
    this.element = h("section.cl-panel.cl-axis-panel", { "aria-label": "Each axis" },
      h("header.cl-panel-head", {}, h("h3", {}, "Each axis"), this.headline), this.room);
    this.diagrams = [];
    this.term = null;
  }

  /** Axes that share their arithmetic share its lines. */
  show(axes) {
    const groups = new Map();
    for (const axis of axes) {
      const key = JSON.stringify([axis.size_in, axis.size_out, axis.derivation]);
      groups.set(key, [...(groups.get(key) ?? []), axis]);
    }
    this.diagrams = axes.map((axis) => new AxisDiagram(axis));
    this.links = [];
    const known = symbolsOf(axes.flatMap((axis) => axis.derivation));
    const titles = [...groups.values()].map(title);
    const alone = titles.length === 1;
    this.headline.replaceChildren(...(alone ? titles[0] : []));
    this.body.replaceChildren(
      ...[...groups.values()].map((group, i) => this.group(group, known, alone ? null : titles[i])),
      meaningsItem(known, (symbol) => this.mark(symbol)));
    this.body.classList.toggle("cl-apart", !alone);
    this.scrolledUp = false;
    this.mark(known.has(this.term) ? this.term : null, { toggle: false });
  }

  group(axes, known, heading) {
    const diagrams = this.diagrams.filter(({ axis }) => axes.includes(axis));
    return h("div.cl-axis", {},
      heading && h("h4", {}, ...heading),
      h("div.cl-diagrams", {}, ...diagrams.map((diagram) => diagram.element)),
      h("ol.cl-derivation", {}, ...axes[0].derivation.map((line) => lineItem(line, known, (symbol) => this.mark(symbol)))),
      axes[0].notes?.length ? h("p.cl-axis-notes", {}, axes[0].notes.map(sentence).join(" ")) : null);
  }

  /** Marks what a symbol counts in every diagram; the same symbol again, or null, marks nothing. */
  mark(symbol, { toggle = true } = {}) {
    this.term = toggle && symbol === this.term ? null : symbol;
    for (const button of this.body.querySelectorAll(".cl-term")) {
      setAttributes(button, { "aria-pressed": button.dataset.symbol === this.term });
    }
    if (this.theme) this.light(this.links, this.theme);
  }

  measure() {
    if (!this.scrolledUp) this.body.scrollTop = 0; // not where it is shown: scrolling needs a layout
    this.scrolledUp = true;
    for (const diagram of this.diagrams) diagram.measure();
  }

  fitInto(theme) {
    this.theme = theme;
    for (const diagram of this.diagrams) diagram.fitInto(theme.zoom);
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.endAtALine();
      this.fade();
    });
  }

  /** Ends the panel's view below a whole line: half a formula would be read as another one. */
  endAtALine() {
    const high = this.room.clientHeight;
    const top = this.body.getBoundingClientRect().top - this.body.scrollTop;
    const end = (line) => line.getBoundingClientRect().bottom - top;
    const lines = end(this.body.lastElementChild) > high ? [...this.body.querySelectorAll("li, .cl-diagrams")] : [];
    const fitting = lines.map(end).filter((one) => one <= high);
    this.body.style.height = fitting.length ? `${Math.ceil(Math.max(...fitting))}px` : "";
  }

  /** Tells, beside the scroll bar, that more is below. */
  fade() {
    const { scrollTop, clientHeight, scrollHeight } = this.body;
    this.room.classList.toggle("cl-more", scrollTop + clientHeight < scrollHeight - 2);
  }

  /** links: for each axis, the list of {out, at, mark} to draw. */
  light(links, theme) {
    this.links = links;
    this.diagrams.forEach((diagram, index) => {
      const shown = links[index] ?? [];
      diagram.paint(shown, this.termOf(diagram.axis, shown), theme);
    });
  }

  termOf(axis, links) {
    if (!this.term) return null;
    const told = symbolsOf(axis.derivation).get(this.term);
    if (!told) return null;
    const label = this.term.replace("_", " ") + (told.value === null ? "" : ` = ${told.value}`);
    return { symbol: this.term, label, marks: marksOfTerm(axis, this.term, links[0]?.out ?? 0) };
  }
}

const sentence = (note) => note[0].toUpperCase() + note.slice(1);

/** "height and width 28 → 13, 27 never read"; of pieces only how many they are, the list on hover. */
function title(axes) {
  const [{ size_in: from, size_out: to, never_read: never }] = axes;
  return [
    h("span", {}, listed(axes.map((axis) => axis.name))),
    " ",
    h("b", {}, `${from} → ${to}`),
    ...(never.length ? [h("span.cl-never", { title: `never read: ${span(never)}` }, `${manyOf(never, from, 1)} never read`)] : []),
  ];
}
