// What each symbol of an axis's arithmetic counts, as ranges of cells to mark in its diagram.

import { at } from "./decode.js";

const range = (row, from, to) => (to >= from ? [{ row, from, to }] : []);
const rowOf = (table, row) => Array.from({ length: table.shape[1] }, (_, column) => at(table, row, column));

/** The window of an output, or the stamp of an input of a scatter: {row, places, pair}. */
function windowOf(axis, out) {
  const stamps = Boolean(axis.stamps);
  const [table, size] = stamps ? [axis.stamps, axis.size_in] : [axis.positions, axis.size_out];
  const number = stamps ? Math.max(...rowOf(axis.taps, out), 0) : out;
  const first = Math.max(0, Math.min(number, size - 2)); // the last has no next one
  const pair = [first, Math.min(first + 1, size - 1)].map((each) => at(table, each, 0));
  return { row: stamps ? "output" : "input", places: rowOf(table, number), pair };
}

const each = (row, places) => places.flatMap((place) => range(row, place, place));

const MARKS = {
  n: ({ size_in }) => range("input", 0, size_in - 1),
  m: ({ size_out }) => range("output", 0, size_out - 1),
  k: (axis, { row, places }) => each(row, places),
  t: (axis, { row, places }) => each(row, places),
  K: (axis, { row, places }) => range(row, Math.min(...places), Math.max(...places)),
  d: (axis, { row, places: [first, second] }) => (second === undefined ? [] : range(row, first, second - 1)),
  s: (axis, { row, pair: [here, there] }) => range(row, here, there - 1),
  r: (axis, { row, places }) => (axis.stamps ? range(row, Math.min(...places), Math.max(...places)) : []),
  o: (axis, window, out) => range("output", out, out),
  i: (axis, window, out) => each("input", rowOf(axis.positions, out).filter((_, tap) => at(axis.marks, out, tap) !== 2)),
  P: (axis) => [...before(axis), ...behind(axis)],
  P_before: before,
  P_after: behind,
  C_before: cutBefore,
  C_after: cutBehind,
  E: (axis) => [...cutBefore(axis), ...cutBehind(axis)],
  f: ({ crop_before, size_out, crop_after }) => range("output", -crop_before, size_out + crop_after - 1),
  p: ({ added_before, added_after, size_out }) =>
    [...range("output", 0, added_before - 1), ...range("output", size_out - added_after, size_out - 1)],
  u: (axis) => range("input", largest(axis.positions.values) + 1, axis.size_in + axis.pad_after - 1),
};

const largest = (places) => places.reduce((most, place) => Math.max(most, place), -1);

function before({ pad_before }) {
  return range("input", -pad_before, -1);
}

function behind({ size_in, pad_after }) {
  return range("input", size_in, size_in + pad_after - 1);
}

/** What is cut off: of a scatter's stamps, or of the input itself. */
function cutBefore(axis) {
  if (axis.stamps) return range("output", -axis.crop_before, -1);
  return range("input", 0, axis.positions.values[0] - 1);
}

function cutBehind(axis) {
  if (axis.stamps) return range("output", axis.size_out, axis.size_out + axis.crop_after - 1);
  return range("input", axis.positions.values.at(-1) + 1, axis.size_in - 1);
}

/**
 * The cells that a symbol counts, seen from output `out`.
 *
 * @returns {Array<{row: "input"|"output", from: number, to: number}>} runs of cells, `to` included;
 *   none where the symbol counts nothing, as padding of zero cells
 */
export function marksOfTerm(axis, symbol, out) {
  const mark = MARKS[symbol];
  return mark ? mark(axis, windowOf(axis, Math.min(out, axis.size_out - 1)), out) : [];
}
