// The range of colours of one filter's own numbers, so that no filter is pale beside another.

import { traitsOf } from "./numbers.js";

const knownNorms = new WeakMap();

/** @param name "kernel" or "output" */
export function filterNorm(step, name, filter) {
  if (!knownNorms.has(step)) knownNorms.set(step, new Map());
  const known = knownNorms.get(step);
  const key = `${name} ${filter}`;
  if (!known.has(key)) known.set(key, normOf(step, step[name], filter));
  return known.get(key);
}

function normOf({ activation }, { values: array, norm }, filter) {
  const { largest, negative } = filterTraits(array, filter);
  // All zero, an output without an activation is the middle of both signs, not the dark of one.
  const signed = norm.table === "signed" || negative || (largest === 0 && activation === "linear");
  const high = largest || 1;
  return signed ? { table: "signed", low: -high, high } : { table: norm.table, low: 0, high };
}

const knownTraits = new WeakMap();

/** The traits of one filter's numbers, of an array whose last axis is the filters. */
export function filterTraits(array, filter) {
  if (!knownTraits.has(array)) knownTraits.set(array, new Map());
  const known = knownTraits.get(array);
  if (!known.has(filter)) known.set(filter, traitsOf(valuesOf(array, filter)));
  return known.get(filter);
}

function* valuesOf({ values, shape }, filter) {
  for (let position = filter; position < values.length; position += shape.at(-1)) yield values[position];
}
