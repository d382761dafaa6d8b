// The terms of one output cell's value, in the order in which they are put together.

import { at } from "./decode.js";
import { channelsRead, readBy, stampedBy } from "./relation.js";
import { weightAt } from "./weights.js";

/** What each tap is multiplied by along the axes; null where no axis has such weights. */
export function factorOf({ axes }, links) {
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

const marked = (links) => (links.some((link) => link.mark) ? 1 : 0);
const tapsOf = (links) => links.map((link) => link.tap);

/**
 * The terms of an output cell: {terms, sum, magnitude, result, across, depth, counted, largest}.
 *
 * `across` is how many terms share all but the last axis's tap, `depth` how many channels there
 * are; `counted` how many cells of the input are read; `largest` the number of the term that a
 * maximum takes; `result` is what the terms come to.
 */
export function termsOf(step, cell) {
  const axes = readBy(step, cell.at);
  const channels = channelsRead(step, cell.filter);
  const found = { terms: [], sum: 0, magnitude: 0, counted: 0, largest: -1 };
  Object.assign(found, { across: axes.at(-1).length, depth: channels.length });
  channels.forEach((channel, slice) => {
    for (const links of combinations(axes)) addTerm(found, step, { cell, channel, slice, links });
  });
  return { ...found, result: resultOf(step, found) };
}

function addTerm(found, step, { cell, channel, slice, links }) {
  const mark = marked(links);
  const value = mark ? 0 : at(step.input.values, ...links.map((link) => link.at), channel);
  const weight = step.kernel ? weightAt(step, cell, tapsOf(links), slice) : null;
  const factor = factorOf(step, links);
  const term = value * (weight ?? 1) * (factor ?? 1);
  found.sum += term;
  found.magnitude += Math.abs(term);
  if (!mark) countCell(found, value);
  found.terms.push({ channel, slice, links, mark, value, weight, factor, term });
  found.terms.at(-1).partial = step.reduce === "max" ? (found.terms[found.largest]?.value ?? NaN) : found.sum;
}

/** Counts the cell whose term comes next, and keeps where the largest is; NaN stays. */
function countCell(found, value) {
  found.counted += 1;
  const most = found.terms[found.largest]?.value;
  if (most === undefined || value > most || (Number.isNaN(value) && !Number.isNaN(most))) {
    found.largest = found.terms.length;
  }
}

function resultOf({ reduce }, { terms, sum, counted, largest }) {
  if (reduce === "max") return terms[largest]?.value ?? -Infinity;
  return reduce === "mean" ? sum / counted : sum;
}

/** What an input cell stamps onto the outputs of a filter: the same, with no sum. */
export function stampsOf(step, { at: cell, channel }, filter) {
  const axes = stampedBy(step, cell);
  const slice = channelsRead(step, filter).indexOf(channel);
  const value = at(step.input.values, ...cell, channel);
  const terms = [...combinations(slice < 0 ? [[]] : axes)].map((links) => {
    const weight = weightAt(step, { at: cell, filter }, tapsOf(links), slice);
    return { channel, slice, links, mark: marked(links), stamped: true, value, weight, factor: null, term: value * weight };
  });
  return { terms, across: axes.at(-1).length, depth: 1, largest: -1 };
}
