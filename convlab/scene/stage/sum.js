// The panel "This cell": every term of one output's sum, and how it becomes the value shown.
//
// One line for each kernel row of each channel, one chip for each tap. Only the lines in view are
// in the document, so that a sum of thousands of terms costs a hover no more than one of nine.

import { at } from "./decode.js";
import { h, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { traitsOfArray, write } from "./numbers.js";
import { termsOf } from "./arithmetic.js";
import { filterTraits } from "./norms.js";
import { addsUp, roundingText, termStyle } from "./terms.js";
import { count, exact, indexText, placeText, six } from "./words.js";

const LINE = 27; // pixels
const STACKED = 42; // pixels of a line whose chips hold the value above the weight
const CHIP_FRAME = 16; // pixels around a chip's text, with the gap to the next
const RGB = ["red", "green", "blue"];

export class SumPanel {
  /** @param hands {onTerm(term), onLeave(), onTermPicked(term)} */
  constructor(hands) {
    this.name = h("code.cl-name");
    this.where = h("span.cl-where");
    this.spacer = h("div.cl-spacer");
    this.terms = h("div.cl-terms", { role: "region", "aria-label": "terms of the sum", tabindex: 0 }, this.spacer);
    this.room = h("div.cl-room", {}, this.terms);
    this.total = h("div.cl-total");
    this.note = h("p.cl-note");
    this.rounding = h("p.cl-rounding");
    const copy = h("button.cl-button.cl-small", {
      type: "button", title: "Copy with exact values", "aria-label": "Copy the sum with exact values",
      html: icon("copy"), onclick: () => this.copy(),
    });
    this.element = h("section.cl-panel.cl-sum", { "aria-label": "This cell" },
      h("header.cl-panel-head", {}, h("h3", {}, "This cell ", this.name), this.where,
        h("span.cl-so-far", { title: "the sum of the terms up to here, in float64" }, "so far"), copy),
      this.room, this.total, this.note, this.rounding);
    this.lines = [];
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

  show({ scene, step, cell, index, hues, theme }) {
    const digit = 0.92 * theme["digit-width"];
    Object.assign(this, { step, hues, digit, filter: cell.filter });
    this.sum = termsOf(step, cell);
    this.across = Math.max(1, this.sum.across);
    setText(this.name, indexText("y", index));
    setText(this.where, `${placeText(step.axes, cell.at)}, filter ${cell.filter}`);
    this.where.title = this.where.textContent;
    this.fill();
    this.showTotal(scene, step, cell);
  }

  /** Measures again at the next drawing: to measure at every hover would be a layout at each. */
  fitInto() {
    this.high = this.room.clientHeight;
    this.laidOut = null;
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

  /** Writes the lines that are in view into as few elements as are needed. */
  fill() {
    if (!this.sum) return;
    this.layOut();
    const lines = this.sum.terms.length / this.across;
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
    const key = [step, filter, this.sum.terms.length, this.across];
    if (this.laidOut?.every((part, i) => part === key[i])) return;
    this.laidOut = key;
    if (!this.lines.length) this.addLine();
    this.spacer.style.width = "";
    this.lines[0].hidden = false;
    this.lines[0].children[0].style.display = step.channels.shape[1] > 1 ? "" : "none";
    const chips = this.lines[0].children[1].clientWidth;
    const room = (chips / this.across - CHIP_FRAME) / this.digit;
    this.style = termStyle(traitsOfArray(step.input.values), filterTraits(step.kernel.values, filter), room);
    this.line = this.style.stacked ? STACKED : LINE;
    const wanted = this.across * (this.style.width * this.digit + CHIP_FRAME);
    const wide = this.style.width > room ? wanted - chips : 0;
    this.spacer.style.width = wide ? `calc(100% + ${Math.ceil(wide)}px)` : "";
    const lines = this.sum.terms.length / this.across;
    this.spacer.style.height = `${lines * this.line}px`;
    const bar = this.terms.offsetHeight - this.terms.clientHeight; // below, where lines are too wide
    const high = this.high - bar;
    const whole = (this.whole = Math.max(1, Math.min(lines, Math.floor(high / this.line)))); // no line is cut
    this.terms.style.height = `${whole * this.line + bar}px`;
    this.spacer.style.setProperty("--cl-line-high", `${this.line}px`);
  }

  fillLine(line, number) {
    const [label, chips, partial] = line.children;
    const start = number * this.across;
    const depth = this.step.channels.shape[1];
    const height = this.sum.terms.length / depth / this.across;
    line.style.transform = `translateY(${number * this.line}px)`;
    setText(label, depth > 1 && number % height === 0 ? this.channelName(start) : "");
    label.style.display = depth > 1 ? "" : "none";
    while (chips.children.length > this.across) chips.lastChild.remove();
    while (chips.children.length < this.across) chips.append(h("span.cl-chip"));
    for (let tap = 0; tap < this.across; tap += 1) this.fillChip(chips.children[tap], start + tap);
    const last = this.sum.terms[start + this.across - 1];
    setNumber(partial, last.partial, "sum so far, in float64");
  }

  channelName(term) {
    const { channel } = this.sum.terms[term];
    return this.step.input.colour ? RGB[channel] : `ch ${channel}`;
  }

  fillChip(chip, number) {
    const { value, weight, term, mark, links } = this.sum.terms[number];
    const { values, weights, stacked, pads } = this.style;
    const left = mark ? pads : write(value, values);
    setText(chip, `${left}${stacked ? "\n" : " "}× ${write(weight, weights)}`);
    chip.dataset.term = number;
    chip.classList.toggle("cl-padded", mark !== 0);
    const hue = this.hueOf(links);
    if (chip.hue !== hue) chip.style.setProperty("--hue", (chip.hue = hue));
    chip.title = `${mark ? "padding, " : ""}${exact(value)} × ${exact(weight)} = ${exact(term)}`;
    chip.dataset.exact = `${exact(value)}*${exact(weight)}`;
    this.markChip(chip);
  }

  hueOf(links) {
    const tap = links.reduce((number, link, n) => number * this.step.axes[n].kernel + link.tap, 0);
    return this.hues[tap % this.hues.length];
  }

  showTotal(scene, step, { at: cell, filter }) {
    const [linear, output] = [step.linear, step.output.values].map((array) => at(array, ...cell, filter));
    const bias = step.bias ? at(step.bias, ...(step.local ? cell : []), filter) : null;
    const sum = this.sum.sum + (bias ?? 0);
    if (this.totalOf !== step) this.makeTotal(step, scene.activation_note);
    setNumber(this.numbers.sum, this.sum.sum);
    if (bias !== null) setNumber(this.numbers.bias, bias);
    setNumber(this.numbers.linear, linear);
    setNumber(this.numbers.output, output);
    setText(this.equals, addsUp(this.sum.sum, bias ?? 0, linear) ? " = " : " ≈ ");
    setText(this.rounding, roundingText(scene, sum, linear, this.bound(scene, bias)));
    setAttributes(this.rounding, { title: `The array holds ${scene.dtype} numbers: ${exact(linear)}. The float64 sum is ${exact(sum)}.` });
  }

  /** Without an activation the sum is the result: it is not said twice. */
  makeTotal(step, note) {
    this.totalOf = step;
    const plain = step.activation === "linear";
    const output = h(`output.cl-number.cl-result${plain ? ".cl-linear" : ""}`);
    const linear = plain ? output : h("output.cl-number.cl-linear");
    this.numbers = { sum: h("output.cl-number"), bias: h("output.cl-number"), linear, output };
    this.equals = h("span");
    const term = count(this.sum.terms.length, "term");
    this.total.replaceChildren(
      h("span", {}, `sum of ${term} `), this.numbers.sum,
      ...(step.bias ? [h("span", {}, " + bias "), this.numbers.bias] : []),
      this.equals, linear, ...(plain ? [] : [h("span", {}, ` → ${step.activation} → `), output]),
    );
    setText(this.note, note ?? "");
    this.note.hidden = !note;
  }

  /** The largest difference that rounding each product and each addition can make. */
  bound(scene, bias) {
    const operations = this.sum.terms.length + 2;
    return operations * scene.roundoff * (this.sum.magnitude + Math.abs(bias ?? 0));
  }

  copy() {
    const range = document.createRange();
    range.selectNodeContents(this.element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    document.execCommand("copy");
    selection.removeAllRanges();
  }
}

function setNumber(element, value, what = "") {
  setText(element, six(value));
  element.title = what ? `${what}: ${exact(value)}` : exact(value);
  element.dataset.exact = exact(value);
}

/** Numbers are copied exactly, whatever number of digits the screen shows. */
function copyExactly(event) {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const inside = range.commonAncestorContainer.parentElement?.closest("[data-exact]");
  const copied = h("div", {}, range.cloneContents());
  for (const element of copied.querySelectorAll("[data-exact]")) {
    element.textContent = ` ${element.dataset.exact} `;
  }
  for (const element of copied.querySelectorAll(".cl-line, header, .cl-total")) element.append("\n");
  const text = inside ? inside.dataset.exact : copied.textContent.replaceAll(/ +/g, " ").trim();
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
}
