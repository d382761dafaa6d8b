// Where the input and output cells of one axis stand when they are drawn as two rows.
//
// Both rows have cells of one size, and an output stands at the middle of what it reads, as the
// tap tables tell it: a stride is seen as the distance between outputs, a scatter's between inputs.

import { at } from "./decode.js";

const mean = (places) => places.reduce((sum, place) => sum + place, 0) / places.length;

/** The middle of a row of a table {values, shape}. */
function middleOf(table, row) {
  return mean(Array.from({ length: table.shape[1] }, (_, column) => at(table, row, column)));
}

/** The line through the middles of a table's first and last row: [at row 0, for each further row]. */
function lineThrough(table, size) {
  const first = middleOf(table, 0);
  if (size === 1) return [first, 1];
  return [first, (middleOf(table, size - 1) - first) / (size - 1)];
}

/** Where outputs stand, in input cells: output o at start + by * o. */
function relationOf(axis) {
  const { size_in: from, size_out: to, stamps, positions } = axis;
  const [start, by] = stamps ? lineThrough(stamps, from) : lineThrough(positions, to);
  if (stamps) return [-start / by, 1 / by]; // the same line, read backwards
  if (!(by > 0)) return [start, 1]; // every output reads the same
  return from === to && by === 1 && axis.pad_after === 0 ? [0, 1] : [start, by]; // causal: below its own step
}

/** How many input cells wide an output is drawn where its cells touch: a lone one as wide as its window. */
function paceOf({ size_out, stamps, positions }, by) {
  if (size_out > 1 || stamps) return by;
  const { values } = positions;
  return Math.max(...values) - Math.min(...values) + 1;
}

/** The cells of each row, what lies around them included: {input: [first, end], output: [first, end]}. */
export function rowsOf(axis) {
  const { transposed, size_in, size_out, pad_before, pad_after, crop_before, crop_after } = axis;
  return {
    input: transposed ? [0, size_in] : [-pad_before, size_in + pad_after],
    output: [-crop_before, size_out + crop_after],
  };
}

/**
 * Fits the two rows of an axis into `width` pixels.
 *
 * Where cells would be smaller than `smallest`, only the part around `focus` (input coordinates)
 * is in view.
 *
 * @returns {{cell: number, x: {input: Function, output: Function}, view: {input: number[], output: number[]}, whole: boolean}}
 *   the size of a cell, the middle of a cell in pixels, the cells in view (first, end)
 */
export function layOut(axis, { width, smallest, largest, focus, centred = false }) {
  const [start, by] = relationOf(axis);
  const rows = rowsOf(axis);
  const least = Math.min(1, by); // the size of a cell, in input cells
  const ends = { input: rows.input.map((place) => place - 0.5), output: rows.output.map((place) => start + by * (place - 0.5)) };
  const low = Math.min(ends.input[0] + 0.5 - least / 2, start + by * rows.output[0] - least / 2);
  const high = Math.max(ends.input[1] - 0.5 + least / 2, start + by * (rows.output[1] - 1) + least / 2);
  const fitting = (width / (high - low)) * least;
  const whole = fitting >= smallest;
  const cell = whole ? Math.min(fitting, largest) : smallest;
  const unit = cell / least;
  const span = width / unit;
  const spare = centred && whole ? (span - (high - low)) / 2 : 0;
  const from = whole ? low - spare : Math.max(low, Math.min(high - span, mean(focus.length ? focus : [low]) - span / 2));
  const x = {
    input: (place) => (place - from) * unit,
    output: (place) => (start + by * place - from) * unit,
  };
  const seen = ([first, end], middle) => {
    const found = [];
    for (let place = first; place < end; place += 1) {
      if (middle(place) >= cell / 2 - 1 && middle(place) <= width - cell / 2 + 1) found.push(place);
    }
    return found.length ? [found[0], found.at(-1) + 1] : [first, first];
  };
  return { cell, x, whole, view: { input: seen(rows.input, x.input), output: seen(rows.output, x.output) } };
}

export const STRIP_LEFT = 48; // pixels for names before a strip, at the usual size of text
const WIDEST = 64; // pixels of a cell of a strip
const MARGIN = 4;

/**
 * Fits an axis as two strips of touching cells into `width` pixels, of which the first `left` are for names.
 *
 * Both strips have one scale, so that an output stands under the middle of what it reads.
 *
 * @returns what `layOut` gives, with every place counted from `left`, and the strips themselves:
 *   {input, output}, each {cell, left}: how wide a cell is and where cell 0 begins
 */
export function stripsOf(axis, { width, left, scale }) {
  const [start, by] = relationOf(axis);
  const pace = paceOf(axis, by);
  const view = rowsOf(axis);
  const low = Math.min(view.input[0] - 0.5, start + by * view.output[0] - pace / 2);
  const high = Math.max(view.input[1] - 0.5, start + by * (view.output[1] - 1) + pace / 2);
  const least = Math.min(1, pace);
  const room = width - left - MARGIN;
  const fitting = least * Math.min(room / (high - low), WIDEST / Math.max(1, axis.size_out > 1 ? by : 1));
  // Whole device pixels keep the cells even; tiny cells take the fraction instead of the loss.
  const cell = Math.max(fitting * scale >= 6 ? Math.floor(fitting * scale) / scale : fitting, 0.1);
  const unit = cell / least;
  const edge = Math.round(left + (room - (high - low) * unit) / 2 - (low + 0.5) * unit); // where input 0 begins
  return {
    cell,
    x: {
      input: (place) => edge - left + (place + 0.5) * unit,
      output: (place) => edge - left + (start + by * place + 0.5) * unit,
    },
    whole: true,
    view,
    input: { cell: unit, left: edge },
    output: { cell: pace * unit, left: edge + (start - pace / 2 + 0.5) * unit },
  };
}

/**
 * Fits axes in a row, each reading the outputs of the one before, as rows of nodes into `width` pixels.
 *
 * Row `level` stands where the strips around it, `shared`, have their input, if all fits then. Where
 * inputs would be nearer than `smallest`, only the part around input `focus` is in view.
 *
 * @returns {{unit: number, x: Function[]}} the pixels from input to input; for the input and each
 *   axis's outputs, where a node stands
 */
export function stackOf(axes, { width, smallest, focus, shared, level }) {
  const lines = [[0, 1]]; // for each row, in inputs: place p stands at first + by * p
  for (const axis of axes) {
    const [first, by] = lines.at(-1);
    const [start, pace] = relationOf(axis);
    lines.push([first + by * start, by * pace]);
  }
  const sizes = [axes[0].size_in, ...axes.map((axis) => axis.size_out)];
  const low = Math.min(...lines.map(([first]) => first)) - 0.5;
  const high = Math.max(...lines.map(([first, by], row) => first + by * (sizes[row] - 1))) + 0.5;
  const [origin, pace] = lines[level];
  const beside = lines.map(([first, by]) => (place) => shared.x.input((first + by * place - origin) / pace));
  const spread = beside.flatMap((x, row) => [x(0), x(sizes[row] - 1)]);
  const step = shared.input.cell / pace;
  if (step >= smallest && Math.min(...spread) >= 0 && Math.max(...spread) <= width) return { unit: step, x: beside };
  const fitting = Math.min(width / (high - low), WIDEST);
  const whole = fitting >= smallest;
  const unit = whole ? fitting : smallest;
  const seen = width / unit;
  const from = whole ? low - (seen - (high - low)) / 2 : Math.max(low, Math.min(high - seen, focus - seen / 2));
  return { unit, x: lines.map(([first, by]) => (place) => (first + by * place - from) * unit) };
}
