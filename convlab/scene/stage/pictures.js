// What each grid shows: the input, the kernel, what lies under it, the output.

import { factorOf } from "./arithmetic.js";
import { paintValue } from "./colours.js";
import { at } from "./decode.js";
import { image, noValue, numbers, writeColour } from "./image.js";
import { filterNorm } from "./norms.js";
import { traitsOfArray } from "./numbers.js";
import { channelsRead, readAlong } from "./relation.js";
import { along, sheetOf, spotsOf } from "./sheet.js";

export const ALL = "all"; // the channel that stands for the three colours of a picture at once
export const FACTORS = { table: "signed", low: -1, high: 1 }; // bicubic ones may be negative

const rankOf = ({ axes }) => axes.length;
const colours = (array, rank) => [0, 1, 2].map((channel) => sheetOf(array, rank, [channel]));

/** The input through one channel, or in its colours, with the padding around it. */
export function inputPicture(step, channel, tables) {
  const { axes, input } = step;
  const rank = rankOf(step);
  return {
    ...(channel === ALL ? colourPicture(input.values, rank) : channelPicture(input, rank, channel, tables)),
    before: along(axes.map((axis) => (axis.transposed ? 0 : axis.pad_before)), 0),
    after: along(axes.map((axis) => (axis.transposed ? 0 : axis.pad_after)), 0),
    stretch: rank === 1,
    never: along(axes.map((axis) => axis.never_read), []),
  };
}

const pictured = new WeakMap();

/** What `make` makes of an array: not again while the array and the key stay, as an input mostly does. */
function remembered(array, key, make) {
  const last = pictured.get(array);
  if (last?.key.every((part, n) => part === key[n])) return last.made;
  const made = make();
  pictured.set(array, { key, made });
  return made;
}

function colourPicture(array, rank) {
  return remembered(array, [rank, ALL], () => inColours(array, rank));
}

function inColours(array, rank) {
  const sheets = colours(array, rank);
  const colour = (pixels, offset, slice, row, col) => writeColour(pixels, offset, sheets, slice, row, col);
  return { ...image(sheets[0], 1, colour), valueAt: noValue };
}

function channelPicture({ values, norm }, rank, channel, tables) {
  const table = tables[norm.table];
  const key = [rank, channel, norm.low, norm.high, table];
  return remembered(values, key, () => numbers(sheetOf(values, rank, [channel]), norm, table));
}

/** The weights of one filter for one channel; for all colours, three stripes in each cell. */
export function kernelPicture(step, { at: cell, filter }, slice, tables) {
  const { kernel, local } = step;
  const norm = filterNorm(step, "kernel", filter);
  const table = tables[norm.table];
  const sheet = (depth) => sheetOf(kernel.values, rankOf(step), [depth, filter], local ? cell : []);
  const stretch = rankOf(step) === 1;
  if (slice !== ALL) return { ...numbers(sheet(slice), norm, table), stretch };
  const sheets = [0, 1, 2].map(sheet);
  const stripe = (pixels, offset, row, col, depth, part) =>
    paintValue(pixels, offset, sheets[part].valueAt(row, col, depth), norm, table);
  return { ...image(sheets[0], 3, stripe), valueAt: noValue };
}

/** What lies under the window: the input cells that an output cell reads, tap by tap. */
export function patchPicture(step, { at: cell, filter }, channel, tables) {
  const { axes, input } = step;
  const rank = rankOf(step);
  const read = {
    axes: axes.map((axis, n) => readAlong(axis, cell[n])),
    channels: [...channelsRead(step, filter)].map((place) => ({ at: place, tap: null, mark: 0 })),
  };
  const { slices, rows, cols } = spotsOf(read);
  const links = (slice, row, col) => [slices[slice], rows[row], cols[col]];
  const mark = (...spot) => Math.max(...links(...spot).map((link) => link.mark));
  const sheet = channel === ALL ? null : sheetOf(input.values, rank, [channel]);
  const sheets = channel === ALL ? colours(input.values, rank) : null;
  const value = (...spot) => (mark(...spot) ? 0 : sheet.valueAt(...links(...spot).map((link) => link.at)));
  const [nans, holes] = [[], []];
  const colour = (pixels, offset, ...spot) => {
    const kind = mark(...spot);
    if (kind === 2) holes.push(spot);
    if (kind) return;
    const places = links(...spot).map((link) => link.at);
    if (channel === ALL) writeColour(pixels, offset, sheets, ...places);
    else if (Number.isNaN(value(...spot))) nans.push(spot);
    else paintValue(pixels, offset, value(...spot), input.norm, tables[input.norm.table]);
  };
  const extent = { slices: slices.length, rows: rows.length, cols: cols.length };
  return {
    ...image(extent, 1, (pixels, offset, slice, row, col) => colour(pixels, offset, slice, row, col)),
    valueAt: channel === ALL ? noValue : (...spot) => (mark(...spot) === 2 ? null : value(...spot)),
    traits: traitsOfArray(input.values), // the same digits wherever the window stands
    nans,
    holes,
    stretch: rank === 1,
  };
}

/** The stamp of an input cell {at, channel}: its value times the weights of a filter. */
export function stampPicture(step, source, filter, tables) {
  const rank = rankOf(step);
  const value = at(step.input.values, ...source.at, source.channel);
  const slice = channelsRead(step, filter).indexOf(source.channel);
  const weights = sheetOf(step.kernel.values, rank, [slice, filter]);
  const row = (number) => (rank === 1 ? slice : number); // with one axis, the rows are all slices
  const sheet = {
    ...weights,
    rows: rank === 1 ? 1 : weights.rows,
    valueAt: (depth, line, col) => value * weights.valueAt(depth, row(line), col),
  };
  const high = Math.abs(value) * filterNorm(step, "kernel", filter).high || 1;
  return { ...numbers(sheet, { table: "signed", low: -high, high }, tables.signed), stretch: rank === 1 };
}

/** One filter's output; with one axis, all filters', one a row. `values` may stand for its own. */
export function outputPicture(step, filter, channel, tables, values = step.output.values) {
  const rank = rankOf(step);
  const norm = values === step.output.values ? outputNorm(step, filter) : signed(outputNorm(step, filter));
  const cut = (name) => along(step.axes.map((axis) => axis[name] ?? 0), 0);
  // Of a step that only adds zeros, the padding is what there is of the output alone.
  const [before, after] = addsZeros(step) ? ["pad_before", "pad_after"] : ["added_before", "added_after"];
  const inColour = channel === ALL && step.output.colour;
  return {
    ...(inColour ? colourPicture(values, rank) : numbers(sheetOf(values, rank, [filter]), norm, tables[norm.table])),
    before: cut("crop_before"),
    after: cut("crop_after"),
    beyond: "cut",
    addedBefore: cut(before),
    addedAfter: cut(after),
    stretch: rank === 1,
  };
}

/** The same range for numbers before the activation, which may be negative. */
const signed = ({ low, high }) => ({ table: "signed", low: -Math.max(-low, high), high: Math.max(-low, high) });

/** Whether a step does nothing but put zeros around its input. */
export function addsZeros({ axes, kernel }) {
  return !kernel && axes.every((axis) => axis.kernel === 1) && axes.some((axis) => axis.pad_before || axis.pad_after);
}

/** How an output's numbers are coloured: as its input's where nothing is computed, else its own. */
export function outputNorm(step, filter) {
  return rankOf(step) === 1 || !step.kernel ? step.output.norm : filterNorm(step, "output", filter);
}

/** What each tap is multiplied by where an axis is resampled. */
export function factorsPicture(step, { at: cell }, tables) {
  const links = step.axes.map((axis, n) => readAlong(axis, cell[n]));
  const { slices, rows, cols } = spotsOf({ axes: links, channels: [{ at: 0, tap: 0, mark: 0 }] });
  const own = (slice, row, col) => [slices[slice], rows[row], cols[col]].slice(3 - step.axes.length);
  const valueAt = (...spot) => {
    const found = own(...spot);
    return found.some((link) => link.mark === 2) ? null : factorOf(step, found);
  };
  const sheet = { slices: slices.length, rows: rows.length, cols: cols.length, valueAt };
  return numbers(sheet, FACTORS, tables[FACTORS.table]);
}
