// The panel "This cell": every term of one output's sum, and how it becomes the value shown.
//
// One line for each kernel row of each channel, one chip for each tap. Only the lines in view are
// in the document, so that a sum of thousands of terms costs a hover no more than one of nine.

import { h, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { termsOf } from "./relation.js";
import { count, exact, fit, indexText, lineWord, six } from "./words.js";

const LINE = 27; // pixels, as in the style sheet
const RGB = ["red", "green", "blue"];

export class SumPanel {
  /** @param hands {onTerm(term), onLeave(), onTermPicked(term)} */
  constructor(hands) {
    this.name = h("code.cl-name");
    this.where = h("span.cl-where");
    this.spacer = h("div.cl-spacer");
    this.terms = h("div.cl-terms", { role: "region", "aria-label": "terms of the sum", tabindex: 0 }, this.spacer);
    this.total = h("div.cl-total");
    this.rounding = h("p.cl-rounding");
    const copy = h("button.cl-button.cl-small", {
      type: "button", title: "Copy with exact values", "aria-label": "Copy the sum with exact values",
      html: icon("copy"), onclick: () => this.copy(),
    });
    this.element = h("section.cl-panel.cl-sum", { "aria-label": "This cell" },
      h("header.cl-panel-head", {}, h("h3", {}, "This cell ", this.name), this.where, copy),
      this.terms, this.total, this.rounding);
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

  show({ scene, step, cell, index, hues, across, theme }) {
    Object.assign(this, { step, hues, across, digit: 0.92 * theme["digit-width"] });
    this.sum = termsOf(step, cell);
    setText(this.name, indexText("y", index));
    const [height, width] = step.axes;
    const place = `${lineWord(height.name)} ${cell.row}, ${lineWord(width.name)} ${cell.col}`;
    setText(this.where, `${place}, filter ${cell.filter + 1}`);
    this.spacer.style.height = `${(this.sum.terms.length / across) * LINE}px`;
    this.fill();
    this.showTotal(scene, step, cell);
  }

  /** Measures again at the next drawing: to measure at every hover would be a layout at each. */
  fitInto() {
    this.high = this.terms.clientHeight;
    this.chipsWidth = null;
  }

  /** Writes the lines that are in view into as few elements as are needed. */
  fill() {
    if (!this.sum) return;
    const lines = this.sum.terms.length / this.across;
    const first = Math.max(0, Math.min(Math.floor(this.scrolled / LINE), lines - 1));
    const shown = Math.min(lines - first, Math.ceil(this.high / LINE) + 1);
    while (this.lines.length < shown) {
      this.lines.push(this.spacer.appendChild(h("div.cl-line", {}, h("span.cl-channel"), h("span.cl-chips"), h("output.cl-partial"))));
    }
    this.lines.forEach((line, position) => {
      line.hidden = position >= shown;
      if (!line.hidden) this.fillLine(line, first + position);
    });
  }

  fillLine(line, number) {
    const [label, chips, partial] = line.children;
    const start = number * this.across;
    const depth = this.step.channels.shape[1];
    const height = this.sum.terms.length / depth / this.across;
    line.style.transform = `translateY(${number * LINE}px)`;
    setText(label, depth > 1 && number % height === 0 ? this.channelName(start) : "");
    label.style.display = depth > 1 ? "" : "none";
    while (chips.children.length > this.across) chips.lastChild.remove();
    while (chips.children.length < this.across) chips.append(h("span.cl-chip"));
    this.chipsWidth ??= chips.clientWidth;
    const room = Math.floor((this.chipsWidth / this.across - 18) / this.digit);
    for (let tap = 0; tap < this.across; tap += 1) this.fillChip(chips.children[tap], start + tap, room);
    const last = this.sum.terms[start + this.across - 1];
    setNumber(partial, last.partial, "sum so far, in float64", 8);
  }

  channelName(term) {
    const { channel } = this.sum.terms[term];
    return this.step.input.colour ? RGB[channel] : `ch ${channel + 1}`;
  }

  fillChip(chip, number, room) {
    const { value, weight, term, mark, row, col } = this.sum.terms[number];
    const right = fit(weight, Math.floor((room - 3) / 2));
    const left = mark ? "pad 0" : fit(value, room - 3 - (right?.length ?? 0));
    // In a narrow chip the product stands alone; its factors are in the title.
    const pair = room >= 9 && left !== null && right !== null;
    setText(chip, pair ? `${left} × ${right}` : (fit(term, room) ?? "…"));
    chip.dataset.term = number;
    chip.classList.toggle("cl-padded", mark !== 0);
    const hue = this.hues[row.tap * this.across + col.tap];
    if (chip.hue !== hue) chip.style.setProperty("--hue", (chip.hue = hue));
    chip.title = `${exact(value)} × ${exact(weight)} = ${exact(term)}`;
    chip.dataset.exact = `${exact(value)}*${exact(weight)}`;
  }

  showTotal(scene, step, { row, col, filter }) {
    const pick = (array) => array.values[(row * array.shape[1] + col) * array.shape[2] + filter];
    const [linear, output] = [pick(step.linear), pick(step.output.values)];
    const bias = step.bias ? step.bias.values[filter] : null;
    const sum = this.sum.sum + (bias ?? 0);
    if (this.totalOf !== step) this.makeTotal(step);
    const [sumBox, biasBox, linearBox, outputBox] = this.numbers;
    setNumber(sumBox, this.sum.sum);
    if (bias !== null) setNumber(biasBox, bias);
    setNumber(linearBox, linear);
    setNumber(outputBox, output);
    const difference = linear - sum;
    setText(this.rounding, roundingText(scene, sum, linear, difference, this.bound(scene, bias)));
    setAttributes(this.rounding, { title: `float64 sum ${exact(sum)}; the array holds ${exact(linear)}` });
  }

  makeTotal(step) {
    this.totalOf = step;
    const kinds = ["cl-number", "cl-number", "cl-number.cl-linear", "cl-number.cl-result"];
    this.numbers = kinds.map((kind) => h(`output.${kind}`));
    const [sum, bias, linear, output] = this.numbers;
    const name = step.activation === "linear" ? " = " : ` → ${step.activation} → `;
    this.total.replaceChildren(
      h("span", {}, `sum of ${count(this.sum.terms.length, "term")} `), sum,
      ...(step.bias ? [h("span", {}, " + bias "), bias] : []),
      h("span", {}, " = "), linear, h("span", {}, name), output,
    );
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

function roundingText({ dtype }, sum, linear, difference, bound) {
  if (difference === 0 || (Number.isNaN(sum) && Number.isNaN(linear))) {
    return `The float64 sum of the terms is the array's ${dtype} value exactly.`;
  }
  const why =
    Math.abs(difference) <= bound ? `${dtype} rounding` : "more than rounding explains";
  return `float64 sum ${six(sum)}; ${why} ${difference > 0 ? "+" : ""}${six(difference)}`;
}

function setNumber(element, value, what = "", room = Infinity) {
  setText(element, fit(value, room) ?? six(value));
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
