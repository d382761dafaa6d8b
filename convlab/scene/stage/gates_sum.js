// The panel "This cell" of an LSTM's gates: the formula with the numbers of the selected cell.

import { setNumber } from "./copying.js";
import { at } from "./decode.js";
import { h, setText } from "./dom.js";
import { indexText, placeText } from "./words.js";

const LETTERS = ["i", "f", "g", "o"]; // in the order of the blocks of channels
const SYMBOLS = { i: "i", f: "f", g: "c̃", o: "o" };

export class GatesSum {
  constructor() {
    this.name = h("code.cl-name");
    this.where = h("span.cl-where");
    this.numbers = {};
    this.words = {};
    const gate = (letter) => h("tr", {},
      h("th", { scope: "row" }, SYMBOLS[letter]), h("td", {}, "= ", this.number(letter)),
      h("td", {}, "= ", this.word(letter), "(x + h′)"),
      h("td", {}, "(", this.number(`x_${letter}`), " + ", this.number(`h_${letter}`), ")"));
    const cell = h("tr", {}, h("th", { scope: "row" }, "c"), h("td", {}, "= ", this.number("c")),
      h("td", {}, "= f·c′ + i·c̃"),
      h("td", {}, this.number("f"), " × ", this.number("c_before"), " + ", this.number("i"), " × ", this.number("g")));
    const given = h("tr", {}, h("th", { scope: "row" }, "h"),
      h("td", {}, "= ", this.number("h_out", "output.cl-number.cl-result")),
      h("td", {}, "= o·", this.word("out"), "(c)"),
      h("td", {}, this.number("o"), " × ", this.number("shown")));
    this.element = h("section.cl-panel.cl-sum.cl-gates-sum", { "aria-label": "This cell", hidden: true },
      h("header.cl-panel-head", {}, h("h3", {}, "This cell ", this.name), this.where),
      h("div.cl-room", { tabindex: 0, role: "group", "aria-label": "formulas" }, h("table.cl-formulas", {}, h("tbody", {}, ...LETTERS.map(gate), cell, given))),
      h("p.cl-note", {}, "x: what step 1 gives, from the input; h′: what step 2 gives, from the state before; c′: the old memory."));
  }

  number(key, spec = "output.cl-number") {
    const element = h(spec);
    (this.numbers[key] ??= []).push(element);
    return element;
  }

  word(key) {
    this.words[key] = h("span");
    return this.words[key];
  }

  /** @param cell {at, filter} of the output; `index` is its own in the layer's order */
  show({ gates, axes }, cell, index) {
    const filters = gates.c.shape.at(-1);
    setText(this.name, indexText("h", index));
    setText(this.where, `${placeText(axes, cell.at)}, filter ${cell.filter}`);
    LETTERS.forEach((letter, block) => {
      const channel = block * filters + cell.filter;
      this.write(`x_${letter}`, at(gates.x.values, ...cell.at, channel));
      this.write(`h_${letter}`, at(gates.h.values, ...cell.at, channel));
      setText(this.words[letter], gates.activations[block]);
    });
    setText(this.words.out, gates.output_activation);
    for (const key of ["i", "f", "g", "o", "c_before", "c", "shown", "h_out"]) this.write(key, at(gates[key], ...cell.at, cell.filter));
  }

  write(key, value) {
    for (const element of this.numbers[key]) setNumber(element, value, key);
  }
}
