// Numbers and places as text.

export const MINUS = "\u2212";

/** The value that a float holds, in full. */
export function exact(value) {
  return String(value);
}

export function digits(value, count) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const rounded = Number(value.toPrecision(count));
  if (rounded === 0) return "0";
  const size = Math.abs(rounded);
  const plain = size >= 1e-4 && size < 1e7;
  const text = plain ? String(rounded) : rounded.toExponential().replace("e+", "e");
  return text.replaceAll("-", MINUS);
}

/** At most six significant digits. */
export function six(value) {
  return digits(value, 6);
}

/** Four significant digits, for scales. */
export function four(value) {
  return digits(value, 4);
}

/** "1 to 7, 9 and 12": indices in words, runs joined. */
export function span(numbers) {
  const runs = runsOf(numbers);
  if (runs.length === 0) return "none";
  const words = runs.flatMap(([first, last]) =>
    last - first > 1 ? [`${first} to ${last}`] : first === last ? [`${first}`] : [`${first}`, `${last}`]);
  return listed(words);
}

/** "depth, height and width". */
export function listed(words) {
  const [most, end] = [words.slice(0, -1), words.at(-1)];
  return most.length ? `${most.join(", ")} and ${end}` : end;
}

function runsOf(numbers) {
  const runs = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && number === run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

/** Indices of so many: "5 to 7"; of more than `pieces` pieces only how many they are, "21 of 28". */
export function manyOf(numbers, size, pieces = 2) {
  return runsOf(numbers).length > pieces ? `${numbers.length} of ${size}` : span(numbers);
}

/** The same with the word for them: "row 27", "columns 5 to 7", "21 of 28 rows". */
export function someOf(axisName, numbers, size) {
  const [some, word] = [manyOf(numbers, size), lineWord(axisName, numbers.length > 1)];
  return some.includes("of") ? `${some} ${word}` : `${word} ${some}`;
}

/** A filter or a channel, counted as its index is: "filter 0 (1 of 4)". */
export function ordinal(noun, index, many) {
  return `${noun} ${index} (${index + 1} of ${many})`;
}

/** "1 cell", "3 cells". */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** A shape in the one style: (None, 28, 28, 1). */
export function shapeText(shape) {
  const inside = shape.map((size) => (size === null ? "None" : size)).join(", ");
  return shape.length === 1 ? `(${inside},)` : `(${inside})`;
}

/** An index: y[5, 3, 0]. */
export function indexText(name, index) {
  return `${name}[${index.join(", ")}]`;
}

const LINES = {
  height: ["row", "rows"],
  width: ["column", "columns"],
  depth: ["slice", "slices"],
  steps: ["step", "steps"],
};

/** What one index along an axis is called. */
export function lineWord(axisName, many = false) {
  const [one, several] = LINES[axisName] ?? [`${axisName} index`, `${axisName} indices`];
  return many ? several : one;
}

/** "row 3, column 2": where a cell is. */
export function placeText(axes, at) {
  return axes.map((axis, n) => `${lineWord(axis.name)} ${at[n]}`).join(", ");
}
