// The upper canvas of a grid: lit cells in the hues of their taps, the window, the selection.

export const HALO = 1; // pixels between a tap's hue and the value's colour
const TINT = 0.25; // of a hue over a cell that is too small for a frame: its value stays visible
const STRONG_TINT = 0.6; // where lit cells stand apart from one another
const FEW = 3000; // above this many cells, one mask is drawn instead of one frame each

/**
 * marks: {lit: {rows, cols}, hues, across, window, selected, cursor, veilFrom, light}
 *   hues      the colour of each tap; `across` is how many taps the kernel is wide
 *   window    {top, left, bottom, right} around the taps, in cells; fractions while it glides
 *   light     many cells are lit, which must stay visible
 *   veilFrom  {row, col}: cells after this one are not yet computed in the play
 */
export function paintHighlights(grid, pen, marks, theme) {
  if (marks.veilFrom) paintVeil(grid, pen, marks.veilFrom, theme);
  const { rows, cols } = marks.lit;
  if (rows.length * cols.length > FEW) paintMask(grid, pen, marks, theme);
  else paintCells(grid, pen, marks, theme);
  if (marks.window) paintWindow(grid, pen, marks.window, theme);
  if (marks.selected) paintFrame(grid, pen, marks.selected, theme.accent, theme, 1.25);
  if (marks.cursor) paintFrame(grid, pen, marks.cursor, theme.ink, theme, 1);
}

function hueOf(row, col, { hues, across }, theme) {
  return row.tap === null || col.tap === null ? theme.accent : hues[row.tap * across + col.tap];
}

function paintCells(grid, pen, marks, theme) {
  const { cell } = grid;
  const thick = Math.min(theme.stroke, cell / 4);
  const tint = marks.light || isWhole(marks) ? TINT : STRONG_TINT;
  let filled = null;
  for (const row of marks.lit.rows) {
    for (const col of marks.lit.cols) {
      const [x, y] = [grid.x(col.at), grid.y(row.at)];
      const hue = hueOf(row, col, marks, theme);
      if (hue !== filled) pen.fillStyle = filled = hue; // a colour is parsed once
      if (cell < 9 || (cell < 20 && grid.tint)) {
        pen.globalAlpha = tint;
        pen.fillRect(x, y, Math.max(cell, 1.5), Math.max(cell, 1.5));
        pen.globalAlpha = 1;
      }
      if (cell < 9) continue;
      if (cell < 20) {
        if (!grid.tint || tint !== TINT || cell >= 14) strokeInside(pen, x, y, cell, hue, 1.5);
        continue;
      }
      strokeInside(pen, x, y, cell, theme.halo, thick + HALO);
      strokeInside(pen, x, y, cell, hue, thick);
    }
  }
}

/** Whether the window is filled by what is lit, so that its own frame says where that is. */
function isWhole({ window, lit }) {
  if (!window) return false;
  const [high, wide] = [window.bottom - window.top + 1, window.right - window.left + 1];
  return lit.rows.length === Math.round(high) && lit.cols.length === Math.round(wide);
}

function strokeInside(pen, x, y, cell, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.strokeRect(x + width / 2 + 0.5, y + width / 2 + 0.5, cell - width - 1, cell - width - 1);
}

/** Thousands of cells at once: one pixel a cell, scaled up. */
function paintMask(grid, pen, marks, theme) {
  const { before } = grid.content;
  const mask = new OffscreenCanvas(grid.columns, grid.lines);
  const dots = mask.getContext("2d");
  dots.fillStyle = hueOf(marks.lit.rows[0], marks.lit.cols[0], marks, theme);
  dots.fillRect(0, 0, 1, 1);
  const [hue] = new Uint32Array(dots.getImageData(0, 0, 1, 1).data.buffer);
  const image = new ImageData(grid.columns, grid.lines);
  const pixels = new Uint32Array(image.data.buffer);
  const columns = marks.lit.cols.map((col) => col.at + before[1]);
  for (const row of marks.lit.rows) {
    const start = (row.at + before[0]) * grid.columns;
    for (const column of columns) pixels[start + column] = hue;
  }
  dots.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  const [width, height] = [grid.columns * grid.cell, grid.lines * grid.cell];
  pen.globalAlpha = marks.light ? TINT : STRONG_TINT;
  pen.drawImage(mask, grid.x0, grid.y0, width, height);
  pen.globalAlpha = 1;
}

function paintWindow(grid, pen, { top, left, bottom, right }, theme) {
  const [x, y] = [grid.x(left), grid.y(top)];
  const [width, height] = [grid.x(right + 1) - x, grid.y(bottom + 1) - y];
  const grow = theme.stroke / 2 + 0.5;
  for (const [colour, line] of [[theme.halo, theme.stroke + 2], [theme.accent, theme.stroke]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = line;
    pen.beginPath();
    pen.roundRect(x - grow, y - grow, width + 2 * grow, height + 2 * grow, 2);
    pen.stroke();
  }
}

function paintFrame(grid, pen, { row, col }, colour, theme, weight) {
  const least = 7; // a cell of one pixel still gets a frame that can be seen
  const size = Math.max(grid.cell, least);
  const shift = (grid.cell - size) / 2;
  const [x, y] = [grid.x(col) + shift, grid.y(row) + shift];
  for (const [tint, line] of [[theme.halo, theme.stroke * weight + 2.5], [colour, theme.stroke * weight]]) {
    pen.strokeStyle = tint;
    pen.lineWidth = line;
    pen.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
  }
}

function paintVeil(grid, pen, { row, col }, theme) {
  const { rows, cols } = grid.content;
  pen.fillStyle = theme.back;
  pen.globalAlpha = 0.82;
  pen.fillRect(grid.x(col + 1), grid.y(row), (cols - col - 1) * grid.cell, grid.cell);
  pen.fillRect(grid.x(0), grid.y(row + 1), cols * grid.cell, (rows - row - 1) * grid.cell);
  pen.globalAlpha = 1;
}
