// Maps of a step: how often each input cell is read, which are never read, what the selected output
// depends on; and how many taps reach each output. Everything is counted in the tap tables.
//
// What is counted is a product of counts along the axes, of one filter: other filters count alike.

import { at } from "./decode.js";
import { numbers } from "./image.js";
import { readAlong } from "./relation.js";
import { along } from "./sheet.js";
import { count } from "./words.js";

/** The maps there are: [kind, what it is called, the picture that it is on]. */
export const MAPS = [
  ["values", "values", null],
  ["counts", "how often read", "input"],
  ["never", "never read", "input"],
  ["field", "receptive field", "input"],
  ["overlap", "taps per output", "output"],
];

const known = new WeakMap();

/** Along an axis: how many (output, tap) pairs read each input, how many taps of each output read. */
function countsAlong(axis) {
  if (!known.has(axis)) {
    const inputs = new Array(axis.size_in).fill(0);
    const outputs = new Array(axis.size_out).fill(0);
    for (let out = 0; out < axis.size_out; out += 1) {
      for (const link of readAlong(axis, out)) {
        if (link.mark) continue;
        inputs[link.at] += 1;
        outputs[out] += 1;
      }
    }
    known.set(axis, { inputs, outputs });
  }
  return known.get(axis);
}

/** Along each axis of a step, the inputs that some of its outputs read. */
function readThrough(step, outs) {
  return step.axes.map((axis, n) => {
    const found = new Set();
    for (const out of outs[n]) {
      for (let tap = 0; tap < axis.kernel; tap += 1) {
        const place = at(axis.taps, out, tap);
        if (place >= 0) found.add(place);
      }
    }
    return found;
  });
}

/**
 * The receptive field of an output of the last step on the input of step `number`.
 *
 * @returns {Array<Set<number>>} for each axis the places; a step counts where it reads what the one
 *   before it gave
 */
export function fieldOf(steps, number, cell) {
  let places = cell.map((place) => new Set([place]));
  for (let n = lastFrom(steps, number); n >= number; n -= 1) places = readThrough(steps[n], places);
  return places;
}

/** The last step that depends on step `number` through each one's output being the next one's input. */
export function lastFrom(steps, number) {
  let last = number;
  while (steps[last + 1]?.input.values === steps[last].output.values) last += 1;
  return last;
}

/** For each axis a list of numbers, of which a map's cell is the product. */
function factorsOf(kind, steps, number, cell) {
  const { axes } = steps[number];
  if (kind === "overlap") return axes.map((axis) => countsAlong(axis).outputs);
  if (kind !== "field") return axes.map((axis) => countsAlong(axis).inputs);
  const field = fieldOf(steps, number, cell);
  return axes.map((axis, n) => Array.from({ length: axis.size_in }, (_, place) => Number(field[n].has(place))));
}

/**
 * A map as the content of a grid, with a number in every cell and its legend.
 *
 * @param kind one of MAPS, not "values"
 * @param rows how many rows a picture of one axis has: its channels
 * @param cell the selected output of the step that `lastFrom` gives
 * @returns {{content: object, norm: object, words: string[], range: [number, number]}}
 */
export function mapOf(kind, steps, number, { cell, rows, tables }) {
  const step = steps[number];
  const factors = factorsOf(kind, steps, number, cell);
  const never = kind === "never";
  const value = never ? (many) => Number(many === 0) : (many) => many;
  const [first, second, third] = along(factors, [1]);
  const strip = step.axes.length === 1;
  const sheet = {
    slices: first.length,
    rows: strip ? rows : second.length,
    cols: third.length,
    valueAt: (slice, row, col) => value(first[slice] * (strip ? 1 : second[row]) * third[col]),
  };
  const ends = (pick) => factors.map((list) => list.reduce((a, b) => pick(a, b))).reduce((a, b) => a * b, 1);
  const [least, most] = [ends(Math.min), ends(Math.max)];
  const norm = { table: "magnitude", low: 0, high: Math.max(1, never || kind === "field" ? 1 : most) };
  return {
    content: numbers(sheet, norm, tables[norm.table]),
    norm,
    range: [least, most],
    words: wordsOf(kind, step, factors, [least, most], lastFrom(steps, number) - number),
  };
}

const times = (least, most) => (least === most ? count(most, "time") : `${least} to ${count(most, "time")}`);

function wordsOf(kind, step, factors, [least, most], later) {
  if (kind === "counts") return [`each cell is read ${times(least, most)} by a filter${borderLess(step) ? ": the border less" : ""}`];
  if (kind === "never") return [neverWords(factors)];
  if (kind === "field") return [fieldWords(factors, later)];
  const taps = least === most ? count(most, "tap") : `${least} to ${count(most, "tap")}`;
  return [`${taps} reach a cell`, ...(unequal(step) ? ["a pattern that repeats: a checkerboard can show"] : [])];
}

/** Whether the cells inside are read equally often, and those at the border less. */
function borderLess({ axes }) {
  const inner = axes.map((axis) => inside(countsAlong(axis).inputs, axis));
  const even = inner.every((list) => list.length && list.every((many) => many === list[0]));
  return even && axes.some((axis, n) => countsAlong(axis).inputs.some((many) => many < inner[n][0]));
}

/** What lies further from both ends than a window reaches. */
function inside(list, { kernel, dilation }) {
  const reach = kernel * Math.max(dilation, 1);
  return list.slice(reach, Math.max(reach, list.length - reach));
}

function neverWords(factors) {
  const total = factors.reduce((many, list) => many * list.length, 1);
  const read = factors.reduce((many, list) => many * list.filter(Boolean).length, 1);
  return read === total ? "every cell is read" : `${(total - read).toLocaleString("en")} of ${count(total, "cell")} never read`;
}

function fieldWords(factors, later) {
  const sizes = factors.map((list) => list.filter(Boolean).length);
  const many = sizes.reduce((a, b) => a * b, 1);
  const through = later ? `, through ${count(later + 1, "step")}` : "";
  return `the selected output depends on ${sizes.length > 1 ? `${sizes.join(" × ")} = ` : ""}${count(many, "cell")}${through}`;
}

/** Whether outputs inside the border of a scatter collect unequal numbers of taps. */
function unequal({ axes }) {
  return axes.some((axis) => {
    if (!axis.transposed) return false;
    const inner = inside(countsAlong(axis).outputs, axis);
    return inner.some((many) => many !== inner[0]);
  });
}
