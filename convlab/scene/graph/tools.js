// Above the drawing: search, zoom, problems, keys.

import { h, setText } from "../stage/dom.js";
import { KEYS } from "./keys.js";

/** @param hands {onSearch(text), onAgain(text), onZoom(by), onAll(), onActual(), onProblem(by), onFold(all), onKeys()} */
export class Tools {
  constructor(hands) {
    this.field = h("input.cg-search", {
      type: "search", placeholder: "search layers", "aria-label": "search layers", spellcheck: "false",
      oninput: () => hands.onSearch(this.field.value),
      onkeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Enter") hands.onAgain(this.field.value);
        if (event.key === "Escape") hands.onLeave();
      },
    });
    this.found = h("output.cg-found", { "aria-live": "polite" });
    this.problems = h("span.cg-buttons", { hidden: true },
      button("‹", "previous problem", () => hands.onProblem(-1)),
      button("next problem ›", "next problem", () => hands.onProblem(1)));
    this.folds = h("span.cg-buttons", { hidden: true },
      button("fold all", "Draw each group as one box", () => hands.onFold(true)),
      button("unfold all", "Draw every layer", () => hands.onFold(false)));
    this.scale = h("output.cg-scale", { "aria-label": "zoom" });
    this.element = h("div.cg-tools", { role: "group", "aria-label": "the drawing" },
      this.field, this.found, this.problems, h("span.cg-space"), this.folds,
      h("span.cg-buttons", {},
        button("−", "zoom out", () => hands.onZoom(-1)),
        this.scale,
        button("+", "zoom in", () => hands.onZoom(1)),
        button("fit", "all of it", hands.onAll),
        button("?", "keys", hands.onKeys)));
  }

  setDrawing({ nodes, frames }) {
    this.problems.hidden = !nodes.some((node) => ["error", "advice"].includes(node.state));
    this.folds.hidden = !frames.length && !nodes.some((node) => node.folded.length);
  }

  showScale(scale) {
    setText(this.scale, `${Math.round(100 * scale)} %`);
  }
}

function button(text, label, onclick) {
  const worded = /[a-z]{2}/.test(text); // words are their own label
  return h("button.cg-button", { type: "button", title: label, "aria-label": worded ? null : label, onclick }, text);
}

export function keysPanel(onClose) {
  const lines = KEYS.flatMap(([keys, what]) => [
    h("dt", {}, ...keys.map((key) => h("kbd", {}, key))), h("dd", {}, what),
  ]);
  return h("div.cg-keys", { role: "dialog", "aria-label": "keys", hidden: true },
    h("h3", {}, "Keys"), h("dl", {}, ...lines),
    h("p", {}, "Drag or turn the wheel to move, turn it with Ctrl to zoom; two fingers do both."),
    button("close", "close", onClose));
}
