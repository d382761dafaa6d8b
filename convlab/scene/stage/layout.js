// The stage's elements: three pictures, the transport, two panels, the footer, the messages.

import { gradient } from "./colours.js";
import { h, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { four, six } from "./words.js";

/** A titled picture: {element, host, showTitle, showBar, selector}. */
export function makePicture(name, { browse } = {}) {
  const title = h("span.cl-title");
  const selector = browse ? makeSelector(browse) : null;
  const host = h("div.cl-grid");
  const legend = h("div.cl-legend");
  const element = h(`figure.cl-picture.cl-${name}`, {},
    h("figcaption", {}, title, selector?.element), host, legend);
  return {
    element, host, selector, legend,
    showTitle: (word, sizes) => title.replaceChildren(h("b", {}, word), ` ${sizes.join(" × ")}`),
  };
}

function makeSelector({ noun, onMove }) {
  const button = (name, label, by) =>
    h("button.cl-button.cl-small", {
      type: "button", title: label, "aria-label": label, html: icon(name), onclick: () => onMove(by),
    });
  const text = h("output.cl-choice", { "aria-live": "off" });
  const swatch = h("i.cl-group", { hidden: true, title: "the same colour: they belong together, and mix with no other" });
  const element = h("span.cl-selector", { role: "group", "aria-label": noun },
    button("previous", `previous ${noun}`, -1), swatch, text, button("next", `next ${noun}`, 1));
  const show = (choice, many, hue) => {
    element.hidden = !many;
    swatch.hidden = !hue;
    swatch.style.background = hue ?? "";
    setText(text, choice);
  };
  return { element, show };
}

/** A colour bar with its range, and what the patterns mean. */
export function showLegend(legend, norm, table, notes = [], own = "") {
  const middle = norm.table === "signed" ? h("span.cl-zero", {}, "0") : null;
  const bar = norm.colour
    ? h("span.cl-key", {}, "colours as they are, 0 to 1")
    : h("span.cl-bar", { title: `colours from ${six(norm.low)} to ${six(norm.high)}` },
        h("span", {}, four(norm.low)),
        h("i", { style: `background: ${gradient(table)}` }, middle),
        h("span", {}, four(norm.high)));
  legend.replaceChildren(bar, ...(own ? [h("span", {}, own)] : []),
    ...notes.map(([kind, text]) => h("span.cl-key", {}, h(`i.cl-swatch.cl-${kind}`), text)));
}

const KEYS = [
  ["← ↑ ↓ →", "move the selected output cell, or the cell pointed at in a focused grid"],
  ["Page up, Page down", "the slice before and behind, of a volume", "cl-of-volume"],
  ["Home, End", "first and last output cell"],
  ["space", "play and pause"],
  ["[ and ]", "slower and faster"],
  ["Tab", "next control"],
  ["Enter", "select the cell, or type the weight, that is pointed at"],
  ["Esc", "back to the selected cell"],
  ["?", "show or hide these keys"],
];

export function makeKeys(onClose) {
  const rows = KEYS.map(([keys, what, kind]) =>
    [h("dt", { class: kind }, h("kbd", {}, keys)), h("dd", { class: kind }, what)]);
  return h("div.cl-keys", { role: "dialog", "aria-label": "Keys", hidden: true },
    h("h3", {}, "Keys"), h("dl", {}, ...rows.flat()),
    h("button.cl-button.cl-text", { type: "button", onclick: onClose }, "Close"));
}

/** Text in which `names in backticks` are code. */
function withCode(text) {
  return text.split(/`([^`]+)`/).map((piece, i) => (i % 2 ? h("code", {}, piece) : piece));
}

/** The message of an error {rule, received, remedy, fixes}, or nothing. */
export function showError(box, error, onFix) {
  setAttributes(box, { hidden: error ? null : "" });
  const fixButton = (label, index) =>
    h("button.cl-button.cl-text", { type: "button", onclick: () => onFix(index) }, label);
  const parts = error
    ? [
        h("span", { html: icon("alert") }),
        h("div", {}, h("b", {}, ...withCode(error.rule ?? String(error))),
          error.received ? h("p", {}, ...withCode(`Received ${error.received}.`)) : null,
          error.remedy ? h("p.cl-remedy", {}, ...withCode(error.remedy)) : null,
          error.fixes?.length ? h("div.cl-fixes", {}, ...error.fixes.map(fixButton)) : null),
      ]
    : [];
  box.replaceChildren(...parts);
}
