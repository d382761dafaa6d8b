// How cells of one, two or three axes lie on a flat picture, and back.
//
// A spot of a picture is {slice, row, col}. Two axes are its rows and columns; one axis is its
// columns, with the channels as rows; of three axes the first is the slices, side by side.

/** Where on its picture a cell lies; `channel` is the row where there is one axis. */
export function spotOf(at, channel = 0) {
  if (at.length === 1) return { slice: 0, row: channel, col: at[0] };
  const [slice, row, col] = at.length === 2 ? [0, ...at] : at;
  return { slice, row, col };
}

/** The cell at a spot: {at}, with one axis {at, channel}. */
export function cellOf({ slice, row, col }, rank) {
  if (rank === 1) return { at: [col], channel: row };
  return { at: rank === 2 ? [row, col] : [slice, row, col] };
}

const ONE = [{ at: 0, tap: 0, mark: 0 }];

/** A lit set {axes, channels} as links along {slices, rows, cols}. */
export function spotsOf({ axes, channels }) {
  if (axes.length === 1) {
    return { slices: ONE, rows: channels.map((link) => ({ ...link, tap: 0 })), cols: axes[0] };
  }
  const [slices, rows, cols] = axes.length === 2 ? [ONE, ...axes] : axes;
  return { slices, rows, cols };
}

/** What stands for each axis along {slice, row, col}: `along([one for each axis], otherwise)`. */
export function along(values, otherwise) {
  return [...Array(3 - values.length).fill(otherwise), ...values];
}

/**
 * A {values, shape} as a picture: {slices, rows, cols, valueAt(slice, row, col)}.
 *
 * Its axes are `lead` fixed indices, `rank` spatial axes, then `rest` fixed indices; with one
 * spatial axis the first of the rest is the rows, and is not fixed.
 */
export function sheetOf({ values, shape }, rank, rest, lead = []) {
  const pace = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, next) => size * next, 1));
  const spatial = Array.from({ length: rank }, (_, axis) => lead.length + axis);
  const own = rank === 1 ? [lead.length + 1, lead.length] : spatial;
  const fixed = [...lead, ...Array(rank).fill(0), ...rest];
  let start = 0;
  fixed.forEach((index, axis) => {
    if (!own.includes(axis)) start += index * pace[axis];
  });
  const [sizes, paces] = [shape, pace].map((each) => along(own.map((axis) => each[axis]), 1));
  const [slices, rows, cols] = sizes;
  const [bySlice, byRow, byCol] = paces;
  const valueAt = (slice, row, col) => values[start + slice * bySlice + row * byRow + col * byCol];
  return { slices, rows, cols, valueAt };
}

/** The cells of a picture that come after one in the order of a play: [{slice, top, left, bottom, right}]. */
export function after(at, { slices, rows, cols }) {
  const { slice: now, row, col } = spotOf(at);
  if (at.length === 1) return [{ slice: 0, top: 0, left: col + 1, bottom: rows, right: cols }];
  const later = Array.from({ length: slices - now - 1 }, (_, n) => now + 1 + n);
  return [
    { slice: now, top: row, left: col + 1, bottom: row + 1, right: cols },
    { slice: now, top: row + 1, left: 0, bottom: rows, right: cols },
    ...later.map((slice) => ({ slice, top: 0, left: 0, bottom: rows, right: cols })),
  ];
}
