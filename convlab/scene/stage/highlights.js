// The upper canvas of a grid: lit cells in the hues of their taps, the window, the selection.

export const HALO = 1; // pixels between a tap's hue and the value's colour
const TINT = 0.25; // of a hue over a cell that is too small for a frame: its value stays visible
const STRONG_TINT = 0.6; // where lit cells stand apart from one another
const FEW = 3000; // above this many cells, one mask is drawn instead of one frame each

/**
 * marks: {lit: {slices, rows, cols}, hues, taps, window, selected, cursor, veil, light}
 *   hues      the colour of each tap; `taps` is how many the kernel has along rows and columns
 *   window    {slices, top, left, bottom, right} around the taps, in cells; fractions while it glides
 *   light     many cells are lit, which must stay visible
 *   veil      [{slice, top, left, bottom, right}]: cells not yet computed in the play
 */
export function paintHighlights(grid, pen, marks, theme) {
  for (const veil of marks.veil ?? []) paintVeil(grid, pen, veil, theme);
  const { slices, rows, cols } = marks.lit;
  const many = slices.length * rows.length * cols.length > FEW;
  for (const slice of slices) (many ? paintMask : paintCells)(grid, pen, marks, slice, theme);
  for (const slice of marks.window?.slices ?? []) paintWindow(grid, pen, marks.window, slice, theme);
  if (marks.selected) paintFrame(grid, pen, marks.selected, theme.accent, theme, 1.25);
  if (marks.cursor) paintFrame(grid, pen, marks.cursor, theme.ink, theme, 1);
}

function hueOf(slice, row, col, { hues, taps: [high, wide] }, theme) {
  if ([slice, row, col].some(({ tap }) => tap === null)) return theme.accent;
  return hues[((slice.tap * high + row.tap) * wide + col.tap) % hues.length];
}

function paintCells(grid, pen, marks, slice, theme) {
  const { cell: wide, tall, least: cell } = grid;
  const thick = Math.min(theme.stroke, cell / 4);
  const tint = marks.light || isWhole(marks) ? TINT : STRONG_TINT;
  let filled = null;
  for (const row of marks.lit.rows) {
    for (const col of marks.lit.cols) {
      const [x, y] = [grid.x(col.at, slice.at), grid.y(row.at, slice.at)];
      const hue = hueOf(slice, row, col, marks, theme);
      if (hue !== filled) pen.fillStyle = filled = hue; // a colour is parsed once
      if (cell < 9 || (cell < 20 && grid.tint)) {
        pen.globalAlpha = tint;
        pen.fillRect(x, y, Math.max(wide, 1.5), Math.max(tall, 1.5));
        pen.globalAlpha = 1;
      }
      if (cell < 9) continue;
      if (cell < 20) {
        if (!grid.tint || tint !== TINT || cell >= 14) strokeInside(pen, x, y, grid, hue, 1.5);
        continue;
      }
      strokeInside(pen, x, y, grid, theme.halo, thick + HALO);
      strokeInside(pen, x, y, grid, hue, thick);
    }
  }
}

/** Whether the window is filled by what is lit, so that its own frame says where that is. */
function isWhole({ window, lit }) {
  if (!window) return false;
  const [high, wide] = [window.bottom - window.top + 1, window.right - window.left + 1];
  return lit.rows.length === Math.round(high) && lit.cols.length === Math.round(wide);
}

function strokeInside(pen, x, y, { cell, tall }, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.strokeRect(x + width / 2 + 0.5, y + width / 2 + 0.5, cell - width - 1, tall - width - 1);
}

/** Thousands of cells at once: one pixel a cell, scaled up. */
function paintMask(grid, pen, marks, slice, theme) {
  const { before } = grid.content;
  const { columns, lines } = grid.tiles;
  const mask = new OffscreenCanvas(columns, lines);
  const dots = mask.getContext("2d");
  dots.fillStyle = hueOf(slice, marks.lit.rows[0], marks.lit.cols[0], marks, theme);
  dots.fillRect(0, 0, 1, 1);
  const [hue] = new Uint32Array(dots.getImageData(0, 0, 1, 1).data.buffer);
  const image = new ImageData(columns, lines);
  const pixels = new Uint32Array(image.data.buffer);
  const places = marks.lit.cols.map((col) => col.at + before[2]);
  for (const row of marks.lit.rows) {
    const start = (row.at + before[1]) * columns;
    for (const place of places) pixels[start + place] = hue;
  }
  dots.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.globalAlpha = marks.light ? TINT : STRONG_TINT;
  pen.drawImage(mask, ...grid.tiles.corner(slice.at), columns * grid.cell, lines * grid.tall);
  pen.globalAlpha = 1;
}

function paintWindow(grid, pen, { top, left, bottom, right }, slice, theme) {
  const [x, y] = [grid.x(left, slice), grid.y(top, slice)];
  const [width, height] = [grid.x(right + 1, slice) - x, grid.y(bottom + 1, slice) - y];
  const grow = theme.stroke / 2 + 0.5;
  for (const [colour, line] of [[theme.halo, theme.stroke + 2], [theme.accent, theme.stroke]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = line;
    pen.beginPath();
    pen.roundRect(x - grow, y - grow, width + 2 * grow, height + 2 * grow, 2);
    pen.stroke();
  }
}

function paintFrame(grid, pen, { slice, row, col }, colour, theme, weight) {
  const least = 7; // a cell of one pixel still gets a frame that can be seen
  const [wide, high] = [Math.max(grid.cell, least), Math.max(grid.tall, least)];
  const x = grid.x(col, slice) + (grid.cell - wide) / 2;
  const y = grid.y(row, slice) + (grid.tall - high) / 2;
  for (const [tint, line] of [[theme.halo, theme.stroke * weight + 2.5], [colour, theme.stroke * weight]]) {
    pen.strokeStyle = tint;
    pen.lineWidth = line;
    pen.strokeRect(x - 0.5, y - 0.5, wide + 1, high + 1);
  }
}

function paintVeil(grid, pen, { slice, top, left, bottom, right }, theme) {
  pen.fillStyle = theme.back;
  pen.globalAlpha = 0.82;
  pen.fillRect(grid.x(left, slice), grid.y(top, slice), (right - left) * grid.cell, (bottom - top) * grid.tall);
  pen.globalAlpha = 1;
}
