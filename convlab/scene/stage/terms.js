// How the terms of a sum are written, and what is said of their total.

import { filterTraits } from "./norms.js";
import { styleOf, traitsOf, traitsOfArray, write } from "./numbers.js";
import { digits, exact, six } from "./words.js";

const TIMES = 2.4; // digits that " × " is wide

/** How a step's terms are written in `room` digits each: a value with its weight or factor, or alone. */
export function chipStyle(step, filter, room) {
  const values = traitsOfArray(step.input.values);
  if (step.kernel) return termStyle(values, filterTraits(step.kernel.values, filter), room);
  const factors = factorsOf(step);
  return factors.length ? factorStyle(values, factors, room) : aloneStyle(values, room);
}

/** Factors are few numbers that come again and again: each is written to six digits where it may. */
function factorStyle(values, factors, room) {
  const style = termStyle(values, traitsOf(factors), room);
  const widest = Math.max(...factors.map((factor) => six(factor).length));
  const width = style.stacked ? Math.max(style.values.width, widest + 2) : style.values.width + widest + TIMES;
  return width <= room ? { ...style, width, inFull: true } : { ...style, cut: true };
}

const known = new WeakMap();

/** Every number that an input may be multiplied by: the products of the axes' weights. */
function factorsOf(step) {
  if (!known.has(step)) {
    const weighed = step.axes.filter((axis) => axis.weights).map((axis) => [...new Set(axis.weights.values)]);
    const products = weighed.reduce((all, weights) => all.flatMap((one) => weights.map((other) => one * other)), [1]);
    known.set(step, weighed.length ? [...new Set(products)] : []);
  }
  return known.get(step);
}

function aloneStyle(traits, room) {
  const styles = [6, 5, 4, 3, 2].map((most) => styleOf(traits, Infinity, most)).filter(Boolean);
  const found = styles.find(({ width }) => width <= room) ?? styles.at(-1);
  return { values: found, alone: true, stacked: false, width: found.width, pads: "pad" };
}

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

/** A term as its chip says it. */
export function chipText({ value, weight, factor, mark, stamped }, { values, weights, stacked, pads, alone, inFull }) {
  const left = mark && !stamped ? pads : write(value, values);
  if (alone) return left;
  return `${left}${stacked ? "\n" : " "}× ${inFull ? six(factor) : write(weight ?? factor, weights)}`;
}

/** What a chip tells on hover, and what is copied of it. */
export function chipTitle({ kernel, reduce }, { value, weight, factor, term, mark, stamped }) {
  const by = weight ?? factor;
  if (mark && !kernel && reduce !== "sum") return { title: "padding, not counted", exact: "" };
  const lead = mark ? (stamped ? "cut off, " : "padding, ") : "";
  if (by === null) return { title: `${lead}${exact(value)}`, exact: exact(value) };
  return { title: `${lead}${exact(value)} × ${exact(by)} = ${exact(term)}`, exact: `${exact(value)}*${exact(by)}` };
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
