// Numbers and places as text.

const MINUS = "\u2212";

/** The value that a float holds, in full. */
export function exact(value) {
  return String(value);
}

function digits(value, count) {
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

/** As many digits, six at most, as `room` characters hold; null when not even one does. */
export function fit(value, room) {
  const fewest = Math.abs(value) < 1 ? 1 : 2; // 12345 in four characters is not 10000
  for (let count = 6; count >= fewest; count -= 1) {
    const text = digits(value, count);
    if (text.length <= room) return text;
  }
  const bare = digits(value, fewest).replace("0.", ".");
  if (bare.length <= room) return bare;
  const power = value.toExponential(0).replace("e+", "e").replaceAll("-", MINUS);
  return power.length <= room ? power : null;
}

/** "5 to 7", or "5 and 9", or "5". */
export function span(numbers) {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  if (sorted.length === 0) return "none";
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (sorted.length === 1) return String(first);
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${first} to ${last}`;
  if (sorted.length > 6) return `${sorted.slice(0, 3).join(", ")} ... ${last}`;
  return `${sorted.slice(0, -1).join(", ")} and ${last}`;
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

/** What one index along an axis is called. */
export function lineWord(axisName, many = false) {
  const [one, several] = { height: ["row", "rows"], width: ["column", "columns"] }[axisName] ?? [
    `${axisName} index`,
    `${axisName} indices`,
  ];
  return many ? several : one;
}
