// The order of a play: row by row, counted from 1.

export function countOf(sizes) {
  return sizes.reduce((product, size) => product * size, 1);
}

export function numberOf(at, sizes) {
  return at.reduce((number, place, n) => number * sizes[n] + place, 0) + 1;
}

/** The cell at a number, or the first or last one there is. */
export function cellNumbered(number, sizes) {
  let left = Math.max(1, Math.min(number, countOf(sizes))) - 1;
  const at = [];
  for (const size of [...sizes].reverse()) {
    at.unshift(left % size);
    left = Math.floor(left / size);
  }
  return at;
}
