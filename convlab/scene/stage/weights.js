// The weights of a step: their values, and how the layer itself indexes them.

import { at } from "./decode.js";
import { channelsRead } from "./relation.js";

/** One weight: `taps` are its place in the kernel, `slice` its place in the depth. */
export function weightAt({ kernel, local }, { at: cell, filter }, taps, slice) {
  return at(kernel.values, ...(local ? cell : []), ...taps, slice, filter);
}

/** The index of that weight in the scene's own kernel: what is told of a typed one. */
export function weightPlace({ local }, { at: cell, filter }, taps, slice) {
  return [...(local ? cell : []), ...taps, slice, filter];
}

/** The layer's own index of that weight: what is shown; a slice of ":" stands for all of them. */
export function weightIndex(step, { at: cell, filter }, taps, slice) {
  if (!step.weight_index?.length) return [...taps, slice, filter];
  const named = {
    slice,
    filter,
    channel: channelsRead(step, filter)[slice] ?? slice,
    multiplier: filter % (step.multiplier || 1),
    ...Object.fromEntries(taps.map((tap, n) => [`tap${n}`, tap])),
    ...Object.fromEntries(cell.map((place, n) => [`out${n}`, place])),
  };
  return step.weight_index.map((part) => (typeof part === "string" ? named[part] : sumOf(part, named)));
}

/** An index into several coordinates that the layer keeps as one: [name, factor] pairs. */
function sumOf(pairs, named) {
  if (pairs.some(([name]) => named[name] === ":")) return ":";
  return pairs.reduce((sum, [name, factor]) => sum + named[name] * factor, 0);
}

export function weightName({ weight_name: name }) {
  return name || "kernel";
}
