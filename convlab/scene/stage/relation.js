// Which cells belong together. Nothing is computed here: everything is looked up in tap tables.
//
// What lights up is always a product, so a lit set is {axes, channels}: for each spatial axis, and
// for the channels, a list of links {at, tap, mark, out}: the place, the tap through which it is
// reached, whether it is a cell (0), padding (1) or a hole (2), and the output that reaches it.

import { at } from "./decode.js";

const all = (size) => Array.from({ length: size }, (_, index) => index);
// Beyond the input of a scatter there is no padding: nothing stamps from there.
const isReached = (axis) => ({ mark }) => (axis.transposed ? mark === 0 : mark !== 2);
const exactly = (place, tap = null, mark = 0) => [{ at: place, tap, mark }];
const tapsOf = (links) => links.map(({ tap, mark }) => ({ at: tap, tap, mark }));
const asLinks = (places) => places.map((place) => ({ at: place, tap: null, mark: 0 }));

const known = new WeakMap();

/** What `make(subject)` found, worked out once. */
function once(subject, name, make) {
  if (!known.has(subject)) known.set(subject, new Map());
  const found = known.get(subject);
  if (!found.has(name)) found.set(name, make(subject));
  return found.get(name);
}

/** What each coordinate of an axis, padding included, is read by: Map coordinate -> links. */
function touches(axis) {
  const found = new Map();
  for (let out = 0; out < axis.size_out; out += 1) {
    for (const link of readAlong(axis, out).filter(isReached(axis))) {
      if (!found.has(link.at)) found.set(link.at, []);
      found.get(link.at).push({ at: out, tap: link.tap, mark: link.mark, out });
    }
  }
  return found;
}

/** What the taps of an output read along an axis, the holes of a scatter among them. */
export function readAlong(axis, out, taps = all(axis.kernel)) {
  return taps.map((tap) => ({ at: at(axis.positions, out, tap), tap, mark: at(axis.marks, out, tap), out }));
}

/** The input channels that an output channel reads. */
export function channelsRead({ channels }, channel) {
  const depth = channels.shape[1];
  return channels.values.subarray(channel * depth, (channel + 1) * depth);
}

/** For each input channel, the output channels that read it. */
function channelReaders(step) {
  const [filters] = step.channels.shape;
  const found = new Map();
  for (let filter = 0; filter < filters; filter += 1) {
    for (const channel of channelsRead(step, filter)) {
      if (!found.has(channel)) found.set(channel, []);
      found.get(channel).push(filter);
    }
  }
  return found;
}

/** What an output cell reads: for each axis its links, where there is something to read. */
export function readBy(step, cell) {
  return step.axes.map((axis, n) => readAlong(axis, cell[n]).filter(isReached(axis)));
}

/** Where the kernel of an input cell falls; marked is what is cut off. */
export function stampedBy(step, cell) {
  return step.axes.map((axis, n) =>
    all(axis.kernel).map((tap) => {
      const out = at(axis.stamps, cell[n], tap);
      return { at: out, tap, mark: out < 0 || out >= axis.size_out ? 1 : 0, out };
    }));
}

/**
 * What lights up in input, kernel and output when the focus is on one cell of one of them.
 *
 * focus: {kind, at, channel, tap, slice}: `at` has one index an axis; `channel` is the filter of an
 * output, the channel of an input, the slice of a weight (undefined for all); `tap` and `slice` are
 * given for one term of an output's sum alone. `filter` is the one whose weights are looked at.
 */
export function litBy(step, focus, filter) {
  const lit = { output: litByOutput, input: litByInput, kernel: litByKernel, stamp: litByStamp };
  return lit[focus.kind](step, focus, filter);
}

function litByOutput(step, { at: cell, channel, tap, slice }) {
  const axes = step.axes.map((axis, n) => readAlong(axis, cell[n], tap && [tap[n]]).filter(isReached(axis)));
  const read = [...channelsRead(step, channel)];
  const slices = slice === undefined ? [...read.keys()] : [slice];
  return {
    input: { axes, channels: asLinks(slices.map((depth) => read[depth])) },
    kernel: { axes: axes.map(tapsOf), channels: asLinks(slices) },
    output: { axes: cell.map((place) => exactly(place)), channels: exactly(channel) },
  };
}

const isNumber = (channel) => typeof channel === "number";

function litByInput(step, { at: cell, channel }, filter) {
  const axes = step.axes.map((axis, n) => once(axis, "touches", touches).get(cell[n]) ?? []);
  const read = axes.every((links) => links.length);
  const filters = isNumber(channel) ? once(step, "readers", channelReaders).get(channel) ?? [] : [filter];
  return {
    input: inputCell(step, cell, channel, filter),
    kernel: { axes: axes.map(tapsOf), channels: slicesOf(step, channel, filter) },
    output: { axes: read ? axes : axes.map(() => []), channels: asLinks(filters) },
  };
}

function inputCell(step, cell, channel, filter) {
  const outside = (axis, place) => (place < 0 || place >= axis.size_in ? 1 : 0);
  return {
    axes: step.axes.map((axis, n) => exactly(cell[n], null, outside(axis, cell[n]))),
    channels: asLinks(isNumber(channel) ? [channel] : [...channelsRead(step, filter)]),
  };
}

/** Through which slices of its depth a filter reads a channel. */
function slicesOf(step, channel, filter) {
  const read = [...channelsRead(step, filter)];
  return asLinks([...read.keys()].filter((slice) => !isNumber(channel) || read[slice] === channel));
}

function litByKernel(step, { at: taps, channel }, filter) {
  const read = [...channelsRead(step, filter)];
  const slices = isNumber(channel) ? [channel] : [...read.keys()];
  const outputs = step.axes.map((axis) => all(axis.size_out));
  return {
    input: {
      axes: step.axes.map((axis, n) =>
        outputs[n].flatMap((out) => readAlong(axis, out, [taps[n]])).filter(isReached(axis))),
      channels: asLinks(slices.map((slice) => read[slice])),
    },
    kernel: { axes: taps.map((tap) => exactly(tap, tap)), channels: asLinks(slices) },
    output: {
      axes: outputs.map((outs, n) => outs.map((out) => ({ at: out, tap: taps[n], mark: 0, out }))),
      channels: exactly(filter),
    },
  };
}

/** The scatter reading: where the kernel of an input cell falls, the cropped border included. */
function litByStamp(step, { at: cell, channel }, filter) {
  const axes = stampedBy(step, cell);
  return {
    input: inputCell(step, cell, channel, filter),
    kernel: { axes: axes.map(tapsOf), channels: slicesOf(step, channel, filter) },
    output: { axes, channels: exactly(filter) },
  };
}

/** What each axis's diagram connects: for each axis, pairs of an output and the place it reads. */
export function diagramLinks(lit, { kind }) {
  if (kind === "output" || kind === "kernel") return lit.input.axes;
  return lit.output.axes.map((links, n) =>
    links.filter(({ mark }) => kind !== "stamp" || mark === 0)
      .map((link) => ({ ...lit.input.axes[n][0], tap: link.tap, out: link.at })));
}
