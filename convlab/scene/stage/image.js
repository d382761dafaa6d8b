// Images (ImageData) of one pixel a cell: what a grid scales up. Slices stand below one another.

import { inkOn, tableIndex } from "./colours.js";

const NONE = [0, 0, 0];
export const noValue = () => null;

/** `across` pixels for each cell, coloured by `colour(pixels, offset, slice, row, col, part)`. */
export function image({ slices, rows, cols }, across, colour) {
  const data = blank(slices * rows, cols * across);
  let offset = 0;
  for (let slice = 0; slice < slices; slice += 1) {
    for (let row = 0; row < rows; row += 1) {
      for (let col = 0; col < cols; col += 1) {
        for (let part = 0; part < across; part += 1, offset += 4) {
          colour(data.data, offset, slice, row, col, part);
        }
      }
    }
  }
  return shown({ slices, rows, cols }, across, data);
}

const blank = (high, wide) => new ImageData(Math.max(wide, 1), Math.max(high, 1));

function shown({ slices, rows, cols }, across, data) {
  const inkAt = (slice, row, col) => {
    const pixel = 4 * ((slice * rows + row) * data.width + col * across);
    if (data.data[pixel + 3] === 0) return null;
    return inkOn(data.data[pixel], data.data[pixel + 1], data.data[pixel + 2]);
  };
  return { slices, rows, cols, image: data, inkAt, before: NONE, after: NONE };
}

/** A picture of the numbers of a sheet. */
export function numbers(sheet, norm, table) {
  const nans = [];
  const { slices, rows, cols, valueAt } = sheet;
  const data = blank(slices * rows, cols);
  const pixels = new Uint32Array(data.data.buffer);
  const colours = coloursOf(table);
  let pixel = 0;
  for (let slice = 0; slice < slices; slice += 1) {
    for (let row = 0; row < rows; row += 1) {
      for (let col = 0; col < cols; col += 1, pixel += 1) {
        const value = valueAt(slice, row, col);
        if (Number.isNaN(value)) nans.push([slice, row, col]);
        else if (value !== null) pixels[pixel] = colours[tableIndex(value, norm)];
      }
    }
  }
  return { ...shown(sheet, 1, data), valueAt, nans };
}

const packed = new WeakMap();

/** A table's entries as pixels. */
function coloursOf(table) {
  if (!packed.has(table)) packed.set(table, new Uint32Array(Uint8Array.from(table).buffer));
  return packed.get(table);
}

/** Writes one cell of three sheets, red, green and blue of 0 to 1. */
export function writeColour(pixels, offset, sheets, slice, row, col) {
  for (let part = 0; part < 3; part += 1) {
    pixels[offset + part] = 255 * sheets[part].valueAt(slice, row, col); // is clamped where it is kept
  }
  pixels[offset + 3] = 255;
}
