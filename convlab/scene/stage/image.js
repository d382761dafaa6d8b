// Images of one pixel a cell: what a grid scales up. Slices stand below one another.

import { inkOn, paintValue } from "./colours.js";

const NONE = [0, 0, 0];
export const noValue = () => null;

/** A canvas of `across` pixels for each cell, coloured by `colour(pixels, offset, slice, row, col, part)`. */
export function image({ slices, rows, cols }, across, colour) {
  const data = new ImageData(Math.max(cols * across, 1), Math.max(slices * rows, 1));
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
  const canvas = new OffscreenCanvas(data.width, data.height);
  canvas.getContext("2d").putImageData(data, 0, 0);
  const inkAt = (slice, row, col) => {
    const pixel = 4 * ((slice * rows + row) * data.width + col * across);
    if (data.data[pixel + 3] === 0) return null;
    return inkOn(data.data[pixel], data.data[pixel + 1], data.data[pixel + 2]);
  };
  return { slices, rows, cols, image: canvas, inkAt, before: NONE, after: NONE };
}

/** A picture of the numbers of a sheet. */
export function numbers(sheet, norm, table) {
  const nans = [];
  const colour = (pixels, offset, slice, row, col) => {
    const value = sheet.valueAt(slice, row, col);
    if (Number.isNaN(value)) nans.push([slice, row, col]);
    else if (value !== null) paintValue(pixels, offset, value, norm, table);
  };
  return { ...image(sheet, 1, colour), valueAt: sheet.valueAt, nans };
}

/** Writes one cell of three sheets, red, green and blue of 0 to 1. */
export function writeColour(pixels, offset, sheets, slice, row, col) {
  for (let part = 0; part < 3; part += 1) {
    pixels[offset + part] = Math.max(0, Math.min(255, 255 * sheets[part].valueAt(slice, row, col)));
  }
  pixels[offset + 3] = 255;
}
