// How the terms of a sum are written, and what is said of their total.

import { styleOf } from "./numbers.js";
import { digits } from "./words.js";

const TIMES = 2.4; // digits that " × " is wide

/** "value × weight" with as many decimals as fit; on two lines, or wider, where they do not. */
export function termStyle(input, kernel, room) {
  const pair = (most) => {
    const [values, weights] = [input, kernel].map((traits) => styleOf(traits, Infinity, most));
    return values && weights && { values, weights, across: values.width + weights.width + TIMES };
  };
  const pairs = [6, 5, 4, 3, 2].map(pair).filter(Boolean);
  const beside = pairs.find(({ across }) => across <= room);
  if (beside) {
    const pads = room - beside.weights.width - TIMES >= 5 ? "pad 0" : "0";
    return { ...beside, stacked: false, width: beside.across, pads };
  }
  const tall = ({ values, weights }) => Math.max(values.width, weights.width + 2);
  const above = pairs.find((each) => tall(each) <= room) ?? pairs.at(-1);
  return { ...above, stacked: true, width: tall(above), pads: room >= 5 ? "pad 0" : "0" };
}

/** Whether the numbers as they are shown add up: then "=" is true to the eye. */
export function addsUp(sum, bias, linear) {
  if (![sum, bias, linear].every(Number.isFinite)) return true;
  const shown = (value) => Number(value.toPrecision(6));
  const slack = 1e-9 * (Math.abs(sum) + Math.abs(bias));
  return Math.abs(shown(sum) + shown(bias) - shown(linear)) <= slack;
}

/** How the array's value stands to the float64 sum of its terms. */
export function roundingText({ dtype }, sum, linear, bound) {
  if (Number.isNaN(linear)) {
    return "The sum is not a number (NaN): a term is not a number, or infinite terms cancel.";
  }
  if (!Number.isFinite(linear)) {
    const beyond = Number.isFinite(sum) && Math.abs(sum) > 1e4;
    return beyond ? `The sum is beyond what ${dtype} holds: infinite.` : "The sum is infinite.";
  }
  const difference = linear - sum;
  if (difference === 0) return `The array's ${dtype} value is exactly the float64 sum.`;
  const signed = `${difference > 0 ? "+" : ""}${digits(difference, 3)}`;
  const against = `${signed} against the exact (float64) sum`;
  if (Math.abs(difference) > bound) return `The array differs by ${against}: more than rounding explains.`;
  return `${dtype} rounding: ${against}.`;
}
