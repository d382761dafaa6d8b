// The panel "This cell": every term of one output's value, and how they become the value shown.
//
// One line for each kernel row of each channel, more where it is too long, one chip for each tap. Only the lines in view are
// in the document, so that a sum of thousands of terms costs a hover no more than one of nine.

import { stampsOf, termsOf } from "./arithmetic.js";
import { copyExactly, copyWhole, setNumber } from "./copying.js";
import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { chipStyle, chipText, chipTitle } from "./terms.js";
import { Total } from "./total.js";
import { indexText, placeText } from "./words.js";

const LINE = 27; // pixels
const STACKED = 42; // pixels of a line whose chips hold the value above the weight
const CHIP_FRAME = 16; // pixels around a chip's text, with the gap to the next
const MOST_MEASURED = 64; // rooms of which the width is kept
const RGB = ["red", "green", "blue"];

export class SumPanel {
  /** @param hands {onTerm(term), onLeave(), onTermPicked(term)} */
  constructor(hands) {
    this.kind = h("span", {}, "This cell ");
    this.name = h("code.cl-name");
    this.where = h("span.cl-where");
    this.spacer = h("div.cl-spacer");
    this.terms = h("div.cl-terms", { role: "region", "aria-label": "terms of the sum", tabindex: 0 }, this.spacer);
    this.room = h("div.cl-room", {}, this.terms);
    this.soFar = h("span.cl-so-far", { title: "the sum of the terms up to here, in float64" }, "so far");
    this.total = new Total();
    const copy = h("button.cl-button.cl-small", {
      type: "button", title: "Copy with exact values", "aria-label": "Copy the sum with exact values",
      html: icon("copy"), onclick: () => copyWhole(this.element),
    });
    this.element = h("section.cl-panel.cl-sum", { "aria-label": "This cell" },
      h("header.cl-panel-head", {}, h("h3", {}, this.kind, this.name), this.where, this.soFar, copy),
      this.room, ...this.total.elements);
    this.lines = [];
    this.measured = new Map();
    this.scrolled = 0;
    this.terms.addEventListener("scroll", () => {
      this.scrolled = this.terms.scrollTop;
      this.fill();
    });
    this.terms.addEventListener("pointerover", (event) => this.point(event, hands.onTerm));
    this.terms.addEventListener("pointerleave", hands.onLeave);
    this.terms.addEventListener("click", (event) => this.point(event, hands.onTermPicked));
    this.element.addEventListener("copy", (event) => copyExactly(event));
  }

  point(event, act) {
    const chip = event.target.closest(".cl-chip");
    if (chip) act(this.sum.terms[Number(chip.dataset.term)]);
  }

  /** Shows how an output cell {at, filter} comes about, or what an input cell `source` stamps. */
  show({ scene, step, cell, source, index, hues, theme }) {
    const digit = 0.92 * theme["digit-width"];
    this.sum = source ? stampsOf(step, source, cell.filter) : termsOf(step, cell);
    Object.assign(this, { step, hues, digit, filter: cell.filter, across: Math.max(1, this.sum.across) });
    setText(this.kind, source ? "This input " : "This cell ");
    setText(this.name, indexText(source ? "x" : "y", index));
    setText(this.where, this.whereText(cell, source));
    this.where.title = this.where.textContent;
    this.soFar.hidden = Boolean(source);
    this.fill();
    this.total.show(scene, step, this.sum, cell, source);
  }

  whereText({ at, filter }, source) {
    const { axes, kernel, channels } = this.step;
    if (source) return `${placeText(axes, source.at)}, stamped through filter ${filter}`;
    const [, depth] = channels.shape;
    const place = placeText(axes, at);
    if (!kernel) return `${place}, channel ${filter}`;
    const alone = depth === 1 && this.step.input.values.shape.at(-1) > 1;
    return `${place}, filter ${filter}${alone ? ` of channel ${channels.values[filter]}` : ""}`;
  }

  /** To measure at every hover would be a layout at each. */
  measure() {
    this.high = this.room.clientHeight;
    this.wide = this.room.clientWidth;
  }

  fitInto() {
    this.laidOut = null;
  }

  /** How wide the chips of a line may be together: measured once for a room and a form of the lines. */
  roomForChips(lines) {
    const partial = this.sum.terms[0]?.partial !== undefined;
    const key = [this.wide, this.high, this.sum.depth > 1, partial, lines, this.digit].join();
    if (!this.measured.has(key)) {
      if (this.measured.size > MOST_MEASURED) this.measured.clear();
      this.spacer.style.height = `${lines * LINE}px`;
      this.lines[0].children[2].hidden = !partial;
      this.measured.set(key, this.lines[0].children[1].clientWidth);
    }
    return this.measured.get(key);
  }

  /** Which chips count this weight: {at, channel} of the one that is pointed at, or null. */
  mark(weight) {
    if (weight?.at.join() === this.marked?.at.join() && weight?.channel === this.marked?.channel) return;
    this.marked = weight;
    for (const line of this.lines) for (const chip of line.children[1].children) this.markChip(chip);
  }

  markChip(chip) {
    const term = this.sum.terms[Number(chip.dataset.term)];
    const { marked } = this;
    const counts = marked && term?.links.every((link, n) => link.tap === marked.at[n]);
    const alone = this.step.axes.length > 1 || marked?.channel === term?.slice;
    chip.classList.toggle("cl-marked", Boolean(counts && alone));
  }

  get lineCount() {
    return (this.sum.terms.length / this.across) * this.pieces;
  }

  /** Writes the lines that are in view into as few elements as are needed. */
  fill() {
    if (!this.sum) return;
    this.layOut();
    const lines = this.lineCount;
    const first = Math.max(0, Math.min(Math.floor(this.scrolled / this.line), lines - 1));
    this.room.classList.toggle("cl-more", first + this.whole < lines);
    const shown = Math.min(lines - first, Math.ceil(this.high / this.line) + 1);
    while (this.lines.length < shown) this.addLine();
    this.lines.forEach((line, position) => {
      line.hidden = position >= shown;
      if (!line.hidden) this.fillLine(line, first + position);
    });
  }

  addLine() {
    const parts = [h("span.cl-channel"), h("span.cl-chips"), h("output.cl-partial")];
    this.lines.push(this.spacer.appendChild(h("div.cl-line", {}, ...parts)));
  }

  /** Chooses how the terms are written, the same for every cell of a filter. */
  layOut() {
    const { step, filter } = this;
    const key = [step, filter, this.sum.terms.length, this.across, this.sum.depth];
    if (this.laidOut?.every((part, i) => part === key[i])) return;
    this.laidOut = key;
    if (!this.lines.length) this.addLine();
    this.lines[0].hidden = false;
    this.lines[0].children[0].style.display = this.sum.depth > 1 ? "" : "none";
    const rows = Math.max(1, this.sum.terms.length / this.across);
    this.divide(this.roomForChips(rows));
    if (this.pieces > 1) this.divide(this.roomForChips(rows * this.pieces)); // a scroll bar may stand beside them
    this.line = this.style.stacked ? STACKED : LINE;
    const lines = rows * this.pieces;
    this.spacer.style.height = `${lines * this.line}px`;
    const whole = (this.whole = Math.max(1, Math.min(lines, Math.floor(this.high / this.line)))); // no line is cut
    this.terms.style.height = `${whole * this.line}px`;
    this.spacer.style.setProperty("--cl-line-high", `${this.line}px`);
    this.spacer.style.setProperty("--cl-chips-across", this.inLine);
  }

  /** Into how many lines a row of the kernel is broken, so that its numbers are readable; how they are written. */
  divide(chips) {
    for (this.pieces = 1; ; this.pieces += 1) {
      this.inLine = Math.ceil(this.across / this.pieces);
      const room = (chips / this.inLine - CHIP_FRAME) / this.digit;
      this.style = chipStyle(this.step, this.filter, room);
      if (this.inLine === 1 || (this.style.width <= room && !this.style.cut)) return;
    }
  }

  fillLine(line, number) {
    const [label, chips, partial] = line.children;
    const [row, piece] = [Math.floor(number / this.pieces), number % this.pieces];
    const start = row * this.across + piece * this.inLine;
    const count = Math.min(this.inLine, this.across - piece * this.inLine);
    const { depth } = this.sum;
    const height = this.lineCount / depth;
    line.style.transform = `translateY(${number * this.line}px)`;
    setText(label, depth > 1 && number % height === 0 ? this.channelName(start) : "");
    label.style.display = depth > 1 ? "" : "none";
    while (chips.children.length > count) chips.lastChild.remove();
    while (chips.children.length < count) chips.append(h("span.cl-chip"));
    for (let chip = 0; chip < count; chip += 1) this.fillChip(chips.children[chip], start + chip);
    const last = this.sum.terms[start + count - 1];
    partial.hidden = last.partial === undefined;
    if (!partial.hidden) setNumber(partial, last.partial, "so far, in float64");
  }

  channelName(term) {
    const { channel } = this.sum.terms[term];
    return this.step.input.colour ? RGB[channel] : `ch ${channel}`;
  }

  fillChip(chip, number) {
    const term = this.sum.terms[number];
    setText(chip, chipText(term, this.style));
    chip.dataset.term = number;
    chip.classList.toggle("cl-padded", term.mark !== 0);
    chip.classList.toggle("cl-largest", this.step.reduce === "max" && number === this.sum.largest);
    const hue = this.hueOf(term.links);
    if (chip.hue !== hue) chip.style.setProperty("--hue", (chip.hue = hue));
    Object.assign(chip, chipTitle(this.step, term));
    chip.dataset.exact = chip.exact;
    this.markChip(chip);
  }

  hueOf(links) {
    const tap = links.reduce((number, link, n) => number * this.step.axes[n].kernel + link.tap, 0);
    return this.hues[tap % this.hues.length];
  }
}
