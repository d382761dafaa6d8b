// The terms of one output cell's value, in the order in which they are put together.

import { at } from "./decode.js";
import { channelsRead, readBy } from "./relation.js";
import { weightAt } from "./weights.js";

/** What each tap is multiplied by along the axes; null where no axis has such weights. */
function factorOf({ axes }, links) {
  let factor = null;
  axes.forEach((axis, n) => {
    if (axis.weights) factor = (factor ?? 1) * at(axis.weights, links[n].out, links[n].tap);
  });
  return factor;
}

/** Every combination of one link of each list, the last changing fastest. */
function* combinations([links, ...others]) {
  if (!others.length) {
    for (const link of links) yield [link];
    return;
  }
  for (const link of links) for (const more of combinations(others)) yield [link, ...more];
}

/**
 * The terms of an output cell: {terms, sum, magnitude, result, across, counted, largest}.
 *
 * `across` is how many terms share all but the last axis's tap; `counted` how many cells of the
 * input are read; `largest` the number of the term that a maximum takes; `result` is what the
 * terms come to.
 */
export function termsOf(step, cell) {
  const axes = readBy(step, cell.at);
  const found = { terms: [], sum: 0, magnitude: 0, counted: 0, largest: -1, across: axes.at(-1).length };
  channelsRead(step, cell.filter).forEach((channel, slice) => {
    for (const links of combinations(axes)) addTerm(found, step, { cell, channel, slice, links });
  });
  return { ...found, result: resultOf(step, found) };
}

function addTerm(found, step, { cell, channel, slice, links }) {
  const mark = links.some((link) => link.mark) ? 1 : 0;
  const value = mark ? 0 : at(step.input.values, ...links.map((link) => link.at), channel);
  const weight = step.kernel ? weightAt(step, cell, links.map((link) => link.tap), slice) : null;
  const factor = factorOf(step, links);
  const term = value * (weight ?? 1) * (factor ?? 1);
  if (!mark) {
    found.counted += 1;
    const most = found.largest < 0 ? -Infinity : found.terms[found.largest].value;
    if (found.largest < 0 || value > most || Number.isNaN(value)) found.largest = found.terms.length;
  }
  found.sum += term;
  found.magnitude += Math.abs(term);
  const partial = step.reduce === "max" ? (found.terms[found.largest]?.value ?? found.sum) : found.sum;
  found.terms.push({ channel, slice, links, mark, value, weight, factor, term, partial });
}

function resultOf({ reduce }, { terms, sum, counted, largest }) {
  if (reduce === "max") return terms[largest]?.value ?? -Infinity;
  return reduce === "mean" ? sum / counted : sum;
}
