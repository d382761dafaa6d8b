// The lower canvas of a grid: the values, the padding around them, what is never read, the numbers.

import { pattern } from "./colours.js";
import { HALO } from "./highlights.js";
import { styleOf, traitsOf, write } from "./numbers.js";

const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const TEXT_CELL = 20; // below this many pixels no number is readable

export function paintPicture(grid, pen, theme) {
  for (const slice of grid.tiles.slices()) paintTile(grid, pen, slice, theme);
  paintSpots(grid, pen, grid.content.holes, [theme.back], theme);
  // Cells that hold no number have a pattern of their own, which is not that of padding.
  paintSpots(grid, pen, grid.content.nans, [theme.back, patternOf(grid, pen, "crosses", theme)], theme);
  for (const slice of grid.tiles.slices()) paintOver(grid, pen, slice, theme);
  if (grid.least >= TEXT_CELL) paintNumbers(grid, pen, theme);
  if (grid.tiles.many) paintLabels(grid, pen, theme);
  else if (grid.gutter) paintTicks(grid, pen, theme);
}

function patternOf(grid, pen, kind, theme) {
  const fill = pattern(pen, kind, theme, grid.scale);
  fill.setTransform(new DOMMatrix().scale(1 / grid.scale));
  return fill;
}

const isReal = ({ content }, slice) => slice >= 0 && slice < content.slices;

function frameOf({ content: { rows, cols }, cell, tall, tiles }, slice) {
  return [tiles.x(0, slice), tiles.y(0, slice), cols * cell, rows * tall];
}

function paintTile(grid, pen, slice, theme) {
  const { rows, image } = grid.content;
  const { columns, lines, cell, tall } = grid.tiles;
  pen.fillStyle = patternOf(grid, pen, "hatch", theme);
  pen.fillRect(...grid.tiles.corner(slice), columns * cell, lines * tall);
  if (!isReal(grid, slice)) return;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(grid.pixels, 0, slice * rows, image.width, rows, ...frameOf(grid, slice));
}

/** What lies over the values: what is never read, what is added, the lines between cells. */
function paintOver(grid, pen, slice, theme) {
  if (isReal(grid, slice)) paintNeverRead(grid, pen, slice, theme);
  if (grid.least >= 5) paintLines(grid, pen, slice, theme);
  if (!isReal(grid, slice)) return;
  pen.strokeStyle = theme.muted;
  pen.lineWidth = 1;
  pen.strokeRect(...frameOf(grid, slice));
  paintAdded(grid, pen, slice, theme);
}

function paintSpots(grid, pen, spots = [], fills, theme) {
  for (const fill of spots.length ? fills : []) {
    pen.fillStyle = fill;
    for (const [slice, row, col] of spots) pen.fillRect(grid.x(col, slice), grid.y(row, slice), grid.cell, grid.tall);
  }
}

function paintNeverRead(grid, pen, slice, theme) {
  const [slices, rows, cols] = grid.content.never ?? [[], [], []];
  const [left, top, width, height] = frameOf(grid, slice);
  const bands = slices.includes(slice)
    ? [[left, top, width, height]]
    : [
        ...rows.map((row) => [left, grid.y(row, slice), width, grid.tall]),
        ...cols.map((col) => [grid.x(col, slice), top, grid.cell, height]),
      ];
  for (const [fill, alpha] of [[theme.back, 0.72], [patternOf(grid, pen, "dots", theme), 1]]) {
    pen.globalAlpha = alpha;
    pen.fillStyle = fill;
    for (const band of bands) pen.fillRect(...band);
  }
  pen.globalAlpha = 1;
}

/** The cells that exist by output_padding alone are set apart by a dashed line. */
function paintAdded(grid, pen, slice, theme) {
  const { addedBefore = [0, 0, 0], addedAfter = [0, 0, 0], ...content } = grid.content;
  const [left, top, width, height] = frameOf(grid, slice);
  const ends = (n, size) => [[0, addedBefore[n]], [size - addedAfter[n], addedAfter[n]]].filter(([, many]) => many);
  const bands = [
    ...ends(0, content.slices).filter(([from, many]) => slice >= from && slice < from + many).map(() => [left, top, width, height]),
    ...ends(1, content.rows).map(([from, many]) => [left, grid.y(from, slice), width, many * grid.tall]),
    ...ends(2, content.cols).map(([from, many]) => [grid.x(from, slice), top, many * grid.cell, height]),
  ];
  pen.setLineDash([4, 3]);
  for (const [colour, width] of [[theme.halo, 3], [theme.ink, 1.5]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    for (const band of bands) pen.strokeRect(...band);
  }
  pen.setLineDash([]);
}

function paintLines(grid, pen, slice, theme) {
  const { lines, columns, cell, tall } = grid.tiles;
  const [x0, y0] = grid.tiles.corner(slice);
  pen.strokeStyle = theme.line;
  pen.globalAlpha = grid.least < 9 ? 0.35 : 0.6;
  pen.lineWidth = 1 / grid.scale;
  pen.beginPath();
  for (let line = 0; line <= lines; line += 1) {
    pen.moveTo(x0, y0 + line * tall);
    pen.lineTo(x0 + columns * cell, y0 + line * tall);
  }
  for (let column = 0; column <= columns; column += 1) {
    pen.moveTo(x0 + column * cell, y0);
    pen.lineTo(x0 + column * cell, y0 + lines * tall);
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

function paintNumbers(grid, pen, theme) {
  const { content, cell, tall } = grid;
  const wanted = Math.min(theme["cell-font"] * 1.35, theme.zoom * Math.max(10, cell * 0.26));
  const traits = content.traits ?? traitsOf(valuesOf(content));
  const found = fitNumbers(grid, pen, traits, [wanted, 0.85 * wanted], theme);
  if (!found) return; // all cells or none: some alone would mislead
  const { size, style } = found;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [slice, row, col] of spotsIn(content)) {
    const value = content.valueAt(slice, row, col);
    if (value === null) continue;
    const text = write(value, style);
    const [x, y] = [grid.x(col, slice) + cell / 2, grid.y(row, slice) + tall / 2];
    const ink = content.inkAt(slice, row, col);
    if (!ink) {
      // a padding cell: the number stands on the hatch, so it is given a ground of its own
      pen.fillStyle = theme["hatch-back"];
      const width = pen.measureText(text).width + 4;
      pen.fillRect(x - width / 2, y - size * 0.65, width, size * 1.25);
    }
    pen.fillStyle = ink ?? theme.ink;
    pen.fillText(text, x, y + 0.5);
  }
}

/** The first of these sizes of text in which the numbers have enough digits. */
function fitNumbers(grid, pen, traits, sizes, theme) {
  const frame = grid.tint ? 3 : 2 * (theme.stroke + HALO) + 1;
  for (const size of sizes) {
    pen.font = `${size}px ${theme.font}`;
    const style = styleOf(traits, (grid.cell - frame) / pen.measureText("0").width);
    if (style) return { size, style };
  }
  return null;
}

/** The number of each slice, above its tile. */
function paintLabels(grid, pen, theme) {
  pen.font = `${10.5 * theme.zoom}px ${theme.font}`;
  pen.fillStyle = theme.muted;
  pen.textAlign = "left";
  pen.textBaseline = "bottom";
  for (const slice of grid.tiles.slices()) {
    const [x, y] = grid.tiles.corner(slice);
    pen.fillText(isReal(grid, slice) ? String(slice) : (grid.content.beyond ?? "pad"), x + 1, y - 1);
  }
}

function paintTicks(grid, pen, theme) {
  const { rows, cols } = grid.content;
  const { cell, tall, x0, y0 } = grid.tiles;
  pen.font = `${10.5 * theme.zoom}px ${theme.font}`;
  pen.fillStyle = theme.muted;
  const every = (size, room) => TICKS.find((step) => step * size >= room * theme.zoom) ?? 1000;
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  for (let col = 0; col < cols; col += every(cell, 22)) pen.fillText(col, grid.x(col) + cell / 2, y0 - 2);
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  paintRowHues(grid, pen);
  pen.fillStyle = theme.muted;
  for (let row = 0; row < rows; row += every(tall, grid.content.stretch ? 12 : 22)) pen.fillText(row, x0 - (grid.content.rowHues ? 6 : 4), grid.y(row) + tall / 2 + 0.5);
}

/** Rows of one group of channels have one colour, beside their numbers. */
function paintRowHues(grid, pen) {
  (grid.content.rowHues ?? []).forEach((hue, row) => {
    pen.fillStyle = hue;
    pen.fillRect(grid.tiles.x0 - 4, grid.y(row), 3, grid.tall);
  });
}

function* spotsIn({ slices, rows, cols }) {
  for (let slice = 0; slice < slices; slice += 1) {
    for (let row = 0; row < rows; row += 1) {
      for (let col = 0; col < cols; col += 1) yield [slice, row, col];
    }
  }
}

function* valuesOf(content) {
  for (const spot of spotsIn(content)) {
    const value = content.valueAt(...spot);
    if (value !== null) yield value;
  }
}
