// What each grid shows: images of one pixel a cell, with the values behind them.

import { inkOn, paintValue } from "./colours.js";
import { at } from "./decode.js";
import { traitsOf, traitsOfArray } from "./numbers.js";

export const ALL = "all"; // the channel that stands for the three colours of a picture at once

/** A canvas of `across` pixels for each cell, coloured by `colour(pixels, offset, row, col, part)`. */
function image(rows, cols, across, colour) {
  const data = new ImageData(Math.max(cols * across, 1), Math.max(rows, 1));
  let offset = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let col = 0; col < cols; col += 1) {
      for (let part = 0; part < across; part += 1, offset += 4) {
        colour(data.data, offset, row, col, part);
      }
    }
  }
  const canvas = new OffscreenCanvas(data.width, data.height);
  canvas.getContext("2d").putImageData(data, 0, 0);
  const inkAt = (row, col) => {
    const pixel = 4 * (row * data.width + col * across);
    if (data.data[pixel + 3] === 0) return null;
    return inkOn(data.data[pixel], data.data[pixel + 1], data.data[pixel + 2]);
  };
  return { image: canvas, inkAt };
}

function picture(rows, cols, valueAt, norm, table) {
  const nans = [];
  const colour = (pixels, offset, row, col) => {
    const value = valueAt(row, col);
    if (Number.isNaN(value)) nans.push([row, col]);
    else paintValue(pixels, offset, value, norm, table);
  };
  return { rows, cols, valueAt, ...image(rows, cols, 1, colour), nans, before: [0, 0], after: [0, 0] };
}

function writeColour(pixels, offset, values, row, col) {
  for (let part = 0; part < 3; part += 1) {
    pixels[offset + part] = Math.max(0, Math.min(255, 255 * at(values, row, col, part)));
  }
  pixels[offset + 3] = 255;
}

const noValue = () => null;

/** The input through one channel, or in its colours, with the padding around it. */
export function inputPicture({ axes: [height, width], input }, channel, tables) {
  const [rows, cols] = input.values.shape;
  const colour = (pixels, offset, row, col) => writeColour(pixels, offset, input.values, row, col);
  const inside =
    channel === ALL
      ? { rows, cols, valueAt: noValue, ...image(rows, cols, 1, colour) }
      : picture(
          rows, cols, (row, col) => at(input.values, row, col, channel),
          input.norm, tables[input.norm.table],
        );
  return {
    ...inside,
    before: [height.pad_before, width.pad_before],
    after: [height.pad_after, width.pad_after],
    neverRows: height.never_read,
    neverCols: width.never_read,
  };
}

/** The weights of one filter for one channel; for all colours, three stripes in each cell. */
export function kernelPicture(step, filter, slice, tables) {
  const { kernel } = step;
  const [rows, cols] = kernel.values.shape;
  const norm = filterNorm(step, "kernel", filter);
  const table = tables[norm.table];
  if (slice !== ALL) {
    const weight = (row, col) => at(kernel.values, row, col, slice, filter);
    return picture(rows, cols, weight, norm, table);
  }
  const stripe = (pixels, offset, row, col, part) =>
    paintValue(pixels, offset, at(kernel.values, row, col, part, filter), norm, table);
  const none = [0, 0];
  return { rows, cols, valueAt: noValue, ...image(rows, cols, 3, stripe), before: none, after: none };
}

/** What lies under the window: the input cells that the output cell reads, tap by tap. */
export function patchPicture({ input }, { rows, cols }, channel, tables) {
  const value = (row, col) => {
    if (rows[row].mark || cols[col].mark) return 0;
    return at(input.values, rows[row].at, cols[col].at, channel);
  };
  const padded = (row, col) => rows[row].mark || cols[col].mark;
  const nans = [];
  const colour = (pixels, offset, row, col) => {
    if (padded(row, col)) return;
    if (channel === ALL) writeColour(pixels, offset, input.values, rows[row].at, cols[col].at);
    else if (Number.isNaN(value(row, col))) nans.push([row, col]);
    else paintValue(pixels, offset, value(row, col), input.norm, tables[input.norm.table]);
  };
  return {
    rows: rows.length,
    cols: cols.length,
    valueAt: channel === ALL ? noValue : value,
    traits: traitsOfArray(input.values), // the same digits wherever the window stands
    ...image(rows.length, cols.length, 1, colour),
    nans,
    before: [0, 0],
    after: [0, 0],
  };
}

/** One filter's output. */
export function outputPicture(step, filter, tables) {
  const { output } = step;
  const [rows, cols] = output.values.shape;
  const value = (row, col) => at(output.values, row, col, filter);
  const norm = filterNorm(step, "output", filter);
  return picture(rows, cols, value, norm, tables[norm.table]);
}

/** The range of colours of one filter's own numbers, so that no filter is pale beside another. */
export function filterNorm(step, name, filter) {
  const known = (step.filterNorms ??= new Map());
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
  if (!known.has(filter)) {
    const filters = array.shape.at(-1);
    known.set(filter, traitsOf(array.values.filter((_, position) => position % filters === filter)));
  }
  return known.get(filter);
}
