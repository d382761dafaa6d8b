// Which cells belong together. Nothing is computed here: everything is looked up in tap tables.
//
// What lights up is always a product of the axes, so a lit set is {rows, cols}, each a list of
// {at, tap, mark}: the place along the axis, the tap through which it is reached, and whether it
// is an input cell (0), padding (1) or a hole (2).

import { at } from "./decode.js";

const NOTHING = { rows: [], cols: [] };

/** What each coordinate of an axis, padding included, is read by: Map coordinate -> links. */
export function touches(axis) {
  const found = new Map();
  for (let out = 0; out < axis.size_out; out += 1) {
    for (let tap = 0; tap < axis.kernel; tap += 1) {
      const mark = at(axis.marks, out, tap);
      if (mark === 2) continue;
      const place = at(axis.positions, out, tap);
      if (!found.has(place)) found.set(place, []);
      found.get(place).push({ at: out, tap, mark });
    }
  }
  return found;
}

const all = (size) => Array.from({ length: size }, (_, index) => index);

function readAlong(axis, out, taps = all(axis.kernel)) {
  return taps.map((tap) => ({
    at: at(axis.positions, out, tap),
    tap,
    mark: at(axis.marks, out, tap),
  }));
}

function touchedAlong(axis, tap) {
  return all(axis.size_out).map((out) => readAlong(axis, out, [tap])[0]);
}

const tapsOf = (links) => links.map(({ tap, mark }) => ({ at: tap, tap, mark }));
const exactly = (place, tap = null) => [{ at: place, tap, mark: 0 }];

function product(make, [height, width]) {
  return { rows: make(height, "row"), cols: make(width, "col") };
}

/** What lights up in input, kernel and output when the focus is on one cell of one of them. */
export function litBy(step, focus) {
  return { output: litByOutput, input: litByInput, kernel: litByKernel }[focus.kind](step, focus);
}

function litByOutput({ axes }, focus) {
  // A focus on one term of the sum is a focus on the output through that tap alone.
  const only = focus.tap && { row: [focus.tap.row], col: [focus.tap.col] };
  const input = product((axis, name) => readAlong(axis, focus[name], only?.[name]), axes);
  return {
    input,
    kernel: { rows: tapsOf(input.rows), cols: tapsOf(input.cols) },
    output: product((_, name) => exactly(focus[name]), axes),
  };
}

function litByInput(step, focus) {
  const links = product((axis, name) => step.touches.get(axis)?.get(focus[name]) ?? [], step.axes);
  const mark = (axis, name) => (focus[name] < 0 || focus[name] >= axis.size_in ? 1 : 0);
  return {
    input: product((axis, name) => [{ at: focus[name], tap: null, mark: mark(axis, name) }], step.axes),
    kernel: { rows: tapsOf(links.rows), cols: tapsOf(links.cols) },
    output: links.rows.length && links.cols.length ? links : NOTHING,
  };
}

function litByKernel({ axes }, focus) {
  return {
    input: product((axis, name) => touchedAlong(axis, focus[name]), axes),
    kernel: product((_, name) => exactly(focus[name], focus[name]), axes),
    output: product(
      (axis, name) => all(axis.size_out).map((out) => ({ at: out, tap: focus[name], mark: 0 })),
      axes,
    ),
  };
}

/** The terms of one output cell's sum, in the order in which they are added. */
export function termsOf(step, { row, col, filter }) {
  const [height, width] = step.axes;
  const rows = readAlong(height, row);
  const cols = readAlong(width, col);
  const depth = step.channels.shape[1];
  const terms = [];
  let sum = 0;
  let magnitude = 0;
  for (let slice = 0; slice < depth; slice += 1) {
    const channel = at(step.channels, filter, slice);
    for (const r of rows) {
      for (const c of cols) {
        const mark = Math.max(r.mark, c.mark);
        const value = mark ? 0 : at(step.input.values, r.at, c.at, channel);
        const weight = at(step.kernel.values, r.tap, c.tap, slice, filter);
        const term = value * weight;
        sum += term;
        magnitude += Math.abs(term);
        terms.push({ channel, row: r, col: c, mark, value, weight, term, partial: sum });
      }
    }
  }
  return { terms, sum, magnitude };
}

/** What each axis's diagram connects: for each axis, pairs of an output and the place it reads. */
export function diagramLinks(lit, focus) {
  const links = (inputs, outputs) => {
    const pair = { output: [inputs, () => outputs[0]], kernel: [inputs, (i) => outputs[i]] }[focus.kind];
    if (!pair) return outputs.map(({ at: out }) => ({ ...inputs[0], out }));
    return pair[0].map((link, i) => ({ ...link, out: pair[1](i).at }));
  };
  return [links(lit.input.rows, lit.output.rows), links(lit.input.cols, lit.output.cols)];
}
