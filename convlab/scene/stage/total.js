// Below the terms: what they come to, the bias, the activation, and what rounding made of it.

import { setNumber } from "./copying.js";
import { at } from "./decode.js";
import { h, setAttributes, setText } from "./dom.js";
import { addsUp, roundingText } from "./terms.js";
import { count, exact } from "./words.js";

export class Total {
  constructor() {
    this.element = h("div.cl-total");
    this.note = h("p.cl-note");
    this.rounding = h("p.cl-rounding");
    this.elements = [this.element, this.note, this.rounding];
  }

  /** What the terms of an output cell, or of an input `source` that stamps, come to. */
  show(scene, step, sum, cell, source) {
    this.made = this.made?.step === step && this.made.source === Boolean(source) ? this.made : null;
    if (source) this.showStamp(step, sum, cell);
    else this.showValue(scene, step, sum, cell);
    this.made ??= { step, source: Boolean(source) };
  }

  showStamp(_, { terms }, { filter }) {
    const cut = terms.filter(({ mark }) => mark).length;
    const rest = cut ? `; ${cut} of them in the border that is cut off` : "";
    this.element.replaceChildren(h("span", {},
      `${count(terms.length, "product")} onto filter ${filter}'s outputs${rest}`));
    setText(this.note, "Where stamps overlap, an output is the sum of what they leave on it, and the bias.");
    setText(this.rounding, "");
    this.note.hidden = false;
  }

  showValue(scene, step, sum, { at: place, filter }) {
    const [linear, output] = [step.linear, step.output.values].map((array) => at(array, ...place, filter));
    const bias = step.bias ? at(step.bias, ...(step.local ? place : []), filter) : null;
    const total = sum.result + (bias ?? 0);
    if (!this.made) this.make(step, step.note ?? scene.activation_note);
    setText(this.words.lead, leadText(step, sum));
    setText(this.words.equals, addsUp(sum.result, bias ?? 0, linear) ? " = " : " ≈ ");
    setNumber(this.numbers.sum, step.reduce === "mean" ? sum.sum : sum.result);
    if (this.words.divided) setText(this.words.divided, ` / ${sum.counted.toLocaleString("en")}`);
    if (bias !== null) setNumber(this.numbers.bias, bias);
    setNumber(this.numbers.linear, linear);
    setNumber(this.numbers.output, output);
    const said = step.kernel || linear !== total ? roundingText(scene, total, linear, bound(scene, step, sum, bias)) : "";
    setText(this.rounding, said);
    setAttributes(this.rounding, { title: `The array holds ${scene.dtype} numbers: ${exact(linear)}. The float64 value is ${exact(total)}.` });
  }

  /** Without an activation the sum is the result: it is not said twice. */
  make(step, note) {
    const plain = step.activation === "linear";
    const output = h(`output.cl-number.cl-result${plain ? ".cl-linear" : ""}`);
    const linear = plain ? output : h("output.cl-number.cl-linear");
    this.numbers = { sum: h("output.cl-number"), bias: h("output.cl-number"), linear, output };
    this.words = { lead: h("span"), equals: h("span"), divided: step.reduce === "mean" ? h("span") : null };
    const { sum, bias } = this.numbers;
    this.element.replaceChildren(
      this.words.lead, sum, ...(this.words.divided ? [this.words.divided] : []),
      ...(step.bias ? [h("span", {}, " + bias "), bias] : []),
      this.words.equals, linear, ...(plain ? [] : [h("span", {}, ` → ${step.activation} → `), output]),
    );
    setText(this.note, note ?? "");
    this.note.hidden = !note;
  }
}

function leadText({ reduce, kernel, axes }, { terms, counted }) {
  if (reduce === "max") return `largest of ${count(counted, "value")} `;
  if (reduce === "mean") return `sum of ${count(counted, "value")} `;
  if (kernel || axes.some((axis) => axis.weights)) {
    return terms.length ? `sum of ${count(terms.length, "term")} ` : "no input reaches this cell: ";
  }
  return counted ? "the cell that it copies " : "an added zero ";
}

/** The largest difference that rounding each product and each addition can make. */
function bound({ roundoff }, { reduce }, { terms, magnitude, counted }, bias) {
  const operations = terms.length + 2;
  const whole = reduce === "mean" ? magnitude / counted : magnitude;
  return operations * roundoff * (whole + Math.abs(bias ?? 0));
}
