// The arithmetic of an axis as lines of text, whose symbols are buttons.

import { h } from "./dom.js";

/** What each symbol of some lines means, and its value: Map symbol -> {value, meaning}. */
export function symbolsOf(lines) {
  const found = new Map();
  for (const { name, parts, terms } of lines) {
    for (const [symbol, value, meaning] of terms) found.set(symbol, { value, meaning });
    if (!found.has(parts[0])) found.set(parts[0], { value: parts.at(-1), meaning: name });
  }
  return found;
}

/** One line: its name, then what stands between the equals signs. `onTerm` is told of symbols. */
export function lineItem({ name, parts, reason, terms }, known, onTerm) {
  const meanings = terms.map(([symbol, value, meaning]) => `${symbol} = ${value}: ${meaning}`);
  const pieces = parts.flatMap((part, position) => {
    const last = position === parts.length - 1;
    const inside = position < 2 && !last ? withTerms(part, known, onTerm) : symbols(part);
    return [position ? " = " : "", h(last ? "b" : "span", {}, ...inside)];
  });
  // The line breaks before the numbers are put in, if it must: a result stays with its numbers.
  const before = 2 * Math.max(0, parts.length - 2);
  return h("li", {},
    h("abbr.cl-what", { title: [reason, ...meanings].join("\n") }, name), " ",
    h("span.cl-formula", {}, h("span.cl-whole", {}, ...pieces.slice(0, before)), " ",
      h("span.cl-whole", {}, ...pieces.slice(before))));
}

/** What each symbol of the lines stands for. */
export function meaningsItem(known, onTerm) {
  const each = [...known].filter(([, { meaning }]) => meaning).flatMap(([symbol, { meaning }], i) =>
    [i ? ", " : "", h("b", {}, termButton(symbol, known, onTerm)), ` ${meaning}`]);
  return h("ol.cl-derivation.cl-meanings", {}, h("li", {}, ...each));
}

/** A formula whose symbols are buttons. */
function withTerms(text, known, onTerm) {
  const names = [...known.keys()].sort((one, other) => other.length - one.length).join("|");
  return text.split(new RegExp(`\\b(${names})\\b`)).flatMap((piece, i) =>
    (i % 2 ? [termButton(piece, known, onTerm)] : symbols(piece)));
}

function termButton(symbol, known, onTerm) {
  const { value, meaning } = known.get(symbol);
  const told = value === null ? "" : ` = ${value}`;
  const button = h("button.cl-term", {
    type: "button", "aria-pressed": "false", "data-symbol": symbol,
    title: `${symbol}${told}: ${meaning}. Click to see it in the diagram.`,
    onclick: () => onTerm(symbol),
  }, ...symbols(symbol));
  return button;
}

/** "P_before*2" with a lowered "before" and a dot for the product. */
function symbols(text) {
  return text
    .replaceAll("*", "·")
    .replaceAll(/(?<![\w)] ?)-|(?<= )-(?= )/g, "−")
    .split(/(_\w+)/)
    .filter(Boolean)
    .map((piece) => (piece.startsWith("_") ? h("sub", {}, piece.slice(1)) : piece));
}
