// One number of digits for all the numbers that are read together: a column of terms, a grid.
//
// A sum is checked by hand, and -0.3 beside 0.33 cannot be. What is known of a set of numbers are
// its `traits`; `styleOf` finds how many decimals its room holds, `write` writes one of them.

import { digits, MINUS } from "./words.js";

const MOST = 6; // significant digits, and decimals
const POINT = 0.6; // digits that a decimal point is wide
const SIGN = 1.3; // digits that a minus is wide
const FEWEST = 2; // significant digits of the largest; -3 for -2.97 would mislead

/** {largest, negative, decimals, finite}: what decides how wide these numbers are. */
export function traitsOf(values) {
  const traits = { largest: 0, negative: false, decimals: 0, finite: true };
  for (const value of values) {
    if (!Number.isFinite(value)) {
      traits.finite = false;
      continue;
    }
    traits.largest = Math.max(traits.largest, Math.abs(value));
    if (value < 0) traits.negative = true;
    if (traits.decimals < MOST) traits.decimals = decimalsOf(value, traits.decimals);
  }
  return traits;
}

/** How many decimals say this value to six digits, `least` at the least. */
function decimalsOf(value, least) {
  const slack = Math.abs(value) * 1e-7; // float32 holds 0.1 as 0.100000001
  for (let count = least; count < MOST; count += 1) {
    const scaled = value * 10 ** count;
    if (Math.abs(scaled - Math.round(scaled)) <= slack * 10 ** count) return count;
  }
  return MOST;
}

const known = new WeakMap();

/** The traits of a whole array {values}, worked out once. */
export function traitsOfArray(array) {
  if (!known.has(array)) known.set(array, traitsOf(array.values));
  return known.get(array);
}

/** The traits of two sets together. */
export function together(one, other) {
  return {
    largest: Math.max(one.largest, other.largest),
    negative: one.negative || other.negative,
    decimals: Math.max(one.decimals, other.decimals),
    finite: one.finite && other.finite,
  };
}

/** How to write such numbers in `room` characters: {decimals}, {power} or null where none will do. */
export function styleOf(traits, room, most = MOST) {
  const { largest, negative, finite } = traits;
  if (!finite && room < 3) return null;
  const sign = negative ? SIGN : 0;
  if (largest >= 1e7 || (largest > 0 && largest < 1e-3)) {
    const power = Math.min(2, Math.floor(room) - sign - 6); // 1.2e-10
    return power >= 0 ? { power, width: sign + power + 6 } : null;
  }
  const whole = Math.floor(Math.log10(Math.max(largest + 0.05, 1)) + 1e-9) + 1; // 9.96 may become 10.0
  // digits before the point; of 0.04 it is -1, and 1 itself is the end of a range of fractions
  const leading = largest > 1 ? whole : largest ? Math.min(0, Math.floor(Math.log10(largest)) + 1) : 0;
  const useful = Math.max(0, Math.min(traits.decimals, most, MOST - leading));
  const needed = Math.min(useful, Math.max(leading < 4 ? 1 : 0, FEWEST - leading));
  const fitting = Math.max(0, Math.floor(room - sign - whole - POINT));
  const decimals = Math.min(useful, fitting);
  const width = sign + whole + (decimals ? decimals + POINT : 0);
  return decimals < needed || width > room ? null : { decimals, width };
}

/** A whole number stands without decimals: it is exactly that. */
export function write(value, { decimals, power }) {
  if (!Number.isFinite(value) || value === 0) return digits(value, 1);
  if (power !== undefined) return value.toExponential(power).replace("e+", "e").replaceAll("-", MINUS);
  const text = Number.isInteger(value) ? String(value) : value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", MINUS);
}
