// Predict, then reveal: what is asked for is hidden until the viewer has answered. Then it is said
// whether that was right, and why.

import { h, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { at } from "./decode.js";
import { count, indexText, lineWord, shapeText, six } from "./words.js";

const QUESTIONS = {
  shape: ({ scene }) => `Which shape has the output${scene.time ? " of a time step" : ""}, ${scene.data_format === "channels_first" ? "channels first" : "channels last"}, without the batch?`,
  cell: (place) => `What is ${indexText("y", place.index)}? Its terms are below.`,
  taps: (place) => `Click the input cells that ${indexText("y", place.index)} reads.`,
};
const NEAR = 0.01; // of the value: a sum done in the head is not done to the last digit

/** The shape of a pass's output, as the layer gives it. */
function shapeOf(place, pass = place.pass) {
  return isFlat(place, pass) ? [pass.filters] : place.sizesOf(pass.step.output);
}

/** Whether the output of a pass has channels alone. */
const isFlat = ({ scene, last }, pass) => scene.flat && pass === last;

/** What is asked of a step, as a text. */
function subjectOf(asking, place, number) {
  const pass = place.passes[number];
  return [asking, number, ...(asking === "shape" ? shapeOf(place, pass) : place.indexIn(pass))].join();
}

const numbersIn = (text) => (text.replaceAll("−", "-").match(/-?\d*\.?\d+(?:e[-+]?\d+)?/gi) ?? []).map(Number);

export class Reveal {
  /** @param hands {onAnswered()}: what is hidden has changed */
  constructor({ onAnswered }) {
    this.onAnswered = onAnswered;
    this.kind = null;
    this.guesses = new Map(); // "2,3" -> [2, 3]
    this.known = new Set(); // the shapes that were answered or shown, as `subjectOf` names them
    this.question = h("b.cl-question");
    this.input = h("input.cl-answer", { type: "text", autocomplete: "off", "aria-label": "your answer", inputmode: "decimal" });
    this.verdict = h("span.cl-verdict", { role: "status" });
    const button = (text, title, onclick) => h("button.cl-button.cl-text", { type: "button", title, onclick }, text);
    this.check = button("Check", "Say whether it is right", () => this.answer());
    this.show_ = button("Show", "Show it without an answer", () => this.give());
    this.again = button("Ask again", "Hide it again", () => this.askAgain());
    this.element = h("form.cl-predict", { hidden: true, "aria-label": "prediction" },
      this.question, this.input, this.check, this.show_, this.again, this.verdict);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.target === this.input) event.stopPropagation(); // what is typed moves nothing
    });
    this.cover = h("div.cl-cover", { hidden: true, "aria-hidden": "true" }, "?");
    this.marks = h("div.cl-guesses", { hidden: true, "aria-hidden": "true" });
  }

  /** What is hidden now: "shape", "cell", "taps" or null. */
  get hidden() {
    return this.answered ? null : this.asking;
  }

  /** Nothing is asked, nor was when it was last looked. */
  get idle() {
    return !this.kind && !this.asked;
  }

  /** What is asked: a stamp is no output's taps. */
  get asking() {
    return this.kind === "taps" && this.place?.reading === "scatter" ? null : this.kind;
  }

  /** Hides what is named, or nothing. */
  setKind(kind) {
    if (kind === this.kind) return;
    this.kind = kind;
    this.known.clear();
    this.onAnswered();
  }

  /** The first step whose shape is not known yet, or -1. A later one reads it, and would tell it. */
  unknownIn(place) {
    if (this.kind !== "shape") return -1;
    return place.passes.findIndex((_, number) => !this.known.has(subjectOf("shape", place, number)));
  }

  /** The last step that may be in view. */
  reach(place) {
    const unknown = this.unknownIn(place);
    return unknown < 0 ? place.passes.length - 1 : unknown;
  }

  /** Another cell, or another shape, is another question. */
  showPlace(place, lit) {
    Object.assign(this, { place, lit });
    const { asking } = this;
    const subject = asking && subjectOf(asking, place, place.shown);
    const another = subject !== this.asked || (place.step !== this.step && asking !== "shape");
    Object.assign(this, { asked: subject, step: place.step });
    if (!another) return;
    this.ask();
    if (this.known.has(subject)) this.give();
  }

  askAgain() {
    this.known.delete(this.asked);
    this.ask();
  }

  ask() {
    this.answered = false;
    this.guesses.clear();
    this.judged = null;
    this.input.value = "";
    setText(this.verdict, "");
    this.showState();
    this.onAnswered();
  }

  give() {
    this.answered = true;
    this.judged = this.kind === "taps" ? this.judgeTaps() : null;
    this.say(null, this.reason());
  }

  answer() {
    if (!this.kind || this.answered) return;
    const judged = { shape: () => this.judgeShape(), cell: () => this.judgeCell(), taps: () => this.judgeTaps() }[this.kind]();
    this.answered = judged.right;
    this.judged = judged;
    this.say(judged.right, judged.right ? this.reason() : judged.hint);
  }

  say(right, text) {
    if (this.answered && this.kind === "shape") this.known.add(this.asked);
    const lead = right === null ? "" : right ? "Right. " : "Not yet: ";
    setAttributes(this.verdict, { "data-right": right });
    this.verdict.replaceChildren(...(right === false ? [h("span", { html: icon("alert") })] : []), lead + text);
    this.showState();
    this.onAnswered();
  }

  showState() {
    this.element.hidden = !this.asking;
    if (!this.asking) return;
    setText(this.question, QUESTIONS[this.kind](this.place));
    this.input.hidden = this.kind === "taps" || this.answered;
    this.input.placeholder = this.kind === "shape" ? shapeOf(this.place).map(() => "…").join(", ") : "a number";
    this.check.hidden = this.show_.hidden = this.answered;
    this.again.hidden = !this.answered;
  }

  // --- whether an answer is right -------------------------------------------------------------

  judgeShape() {
    const sizes = shapeOf(this.place);
    const told = numbersIn(this.input.value);
    if (told.length !== sizes.length) return { right: false, hint: `the shape has ${count(sizes.length, "number")}.` };
    const all = this.place.indexOf(this.step.axes.map((axis) => axis.name), "channels");
    const names = isFlat(this.place, this.place.pass) ? ["channels"] : all;
    const wrong = names.filter((_, n) => told[n] !== sizes[n]);
    const right = names.filter((_, n) => told[n] === sizes[n]);
    return { right: !wrong.length, hint: `${wrong.join(" and ")} ${wrong.length > 1 ? "are" : "is"} different${right.length ? `; ${right.join(" and ")} ${right.length > 1 ? "are" : "is"} right` : ""}.` };
  }

  get value() {
    const { at: cell, filter } = this.place.selection;
    return at(this.step.output.values, ...cell, filter);
  }

  judgeCell() {
    const text = this.input.value.trim();
    const [told] = numbersIn(text);
    if (told === undefined) return { right: false, hint: "type a number." };
    const decimals = text.split(".")[1]?.match(/^\d+/)?.[0].length ?? 0;
    const rounding = decimals || Math.abs(this.value) >= 100 ? 0.5 * 10 ** -decimals : 0;
    const slack = Math.max(rounding, NEAR * Math.abs(this.value), 1e-9);
    return { right: Math.abs(told - this.value) <= slack, hint: `it is ${told < this.value ? "larger" : "smaller"}.` };
  }

  /** The input cells that are read, as keys. */
  get read() {
    let cells = [[]];
    for (const links of this.lit.input.axes) {
      const places = [...new Set(links.filter(({ mark }) => mark === 0).map((link) => link.at))];
      cells = cells.flatMap((cell) => places.map((place) => [...cell, place]));
    }
    return new Set(cells.map((cell) => cell.join()));
  }

  judgeTaps() {
    const { read } = this;
    const told = [...this.guesses.keys()];
    const wrong = told.filter((key) => !read.has(key));
    const missed = [...read].filter((key) => !this.guesses.has(key));
    const hint = [
      count(told.length - wrong.length, "cell") + " right",
      ...(wrong.length ? [`${wrong.length} not read`] : []),
      ...(missed.length ? [`${missed.length} missing`] : []),
    ].join(", ");
    return { right: !wrong.length && !missed.length, hint: `${hint}.`, wrong, missed };
  }

  /** Why: the derivation of what was asked for. */
  reason() {
    const { step, place } = this;
    if (this.kind === "cell") return `${indexText("y", place.index)} = ${six(this.value)}: the sum below says how.`;
    const lines = step.axes.map(({ name, derivation }) => {
      const line = derivation.find(({ parts }) => parts[0] === (this.kind === "shape" ? "m" : "i"));
      return line ? `${name}: ${line.parts.join(" = ").replaceAll("*", "·")}` : "";
    });
    const said = [...new Set(lines)].join("; ");
    if (this.kind === "shape") return `The output is ${shapeText(shapeOf(place))}. ${said}.`;
    const places = step.axes.map((axis, n) => {
      const read = [...new Set(this.lit.input.axes[n].filter(({ mark }) => mark === 0).map((link) => link.at))];
      return `${lineWord(axis.name, read.length > 1)} ${read.join(", ") || "none"}`;
    });
    return `It reads ${places.join("; ")}: ${said}.`;
  }

  // --- the viewer's clicks on the input -------------------------------------------------------

  /** Marks an input cell as one that is thought to be read, or not any more. */
  guess(cell) {
    if (this.hidden !== "taps" || !this.place.isInput(cell)) return;
    const key = cell.join();
    if (this.guesses.has(key)) this.guesses.delete(key);
    else this.guesses.set(key, cell);
    this.judged = null;
    const many = this.guesses.size;
    setAttributes(this.verdict, { "data-right": null });
    setText(this.verdict, `${count(many, "cell")} marked`);
    this.onAnswered();
  }

  /** Lays the cover over the hidden cell and the marks over the input's picture. */
  showOver({ input, output }, spotOf) {
    const { selection } = this.place ?? {};
    const covers = this.hidden === "cell" && output.content;
    this.cover.hidden = !covers;
    if (covers) place(this.cover, output, spotOf(selection.at, selection.filter));
    const guessing = this.kind === "taps" && this.guesses.size + (this.judged?.missed?.length ?? 0) > 0 && input.content;
    this.marks.hidden = !guessing;
    if (!guessing) return;
    const missed = this.answered ? this.judged?.missed ?? [] : [];
    const sign = (key) => (!this.judged ? "•" : this.judged.wrong.includes(key) ? "✗" : "✓");
    const shown = [...[...this.guesses.keys()].map((key) => [key, sign(key)]), ...missed.map((key) => [key, "○"])];
    this.marks.replaceChildren(...shown.map(([key, text]) => {
      const mark = h("span.cl-guess", { "data-cell": key, "data-sign": text }, text);
      place(mark, input, spotOf(key.split(",").map(Number)));
      if (this.place.pass.rank === 1) mark.style.height = `${input.tall * input.content.rows}px`; // all channels
      return mark;
    }));
  }
}

/** Puts an element onto a cell of a grid. */
function place(element, grid, { slice, row, col }) {
  Object.assign(element.style, {
    left: `${grid.x(col, slice)}px`, top: `${grid.y(row, slice)}px`,
    width: `${grid.cell}px`, height: `${grid.tall}px`, fontSize: `${Math.max(8, Math.min(18, 0.6 * grid.least))}px`,
  });
}
