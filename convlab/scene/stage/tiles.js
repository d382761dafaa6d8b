// Where the cells of a picture lie on its canvas: one tile, or one for each slice.

const GAP = 8; // pixels between tiles
const LABEL = 13; // pixels above each tile for its number, at the usual size of text
const GUTTER = { left: 24, top: 15 }; // pixels for the numbers of rows and columns
const FRAME = 3;
const SLIM = 26; // pixels that the longer side of a cell may have however short the other is
const STRIP = 44; // the same of a strip that shares its steps with another

/** How many tiles side by side make the largest cells. */
function bestAcross(tiles, sizeOf) {
  let best = 1;
  for (let across = 2; across <= tiles; across += 1) {
    if (sizeOf(across) > sizeOf(best) + 1e-9) best = across;
  }
  return best;
}

export class Tiles {
  /**
   * @param options {largestCell, gutter, zoom, scale, strip} and the room there is; `strip` says
   *   where the cells stand along the width, {cell, left}, if another picture decides that too
   */
  constructor(content, { width, height }, { largestCell, gutter, zoom, scale, strip }) {
    const { before, after, slices, rows, cols } = content;
    Object.assign(this, { content, first: -before[0], count: before[0] + slices + after[0] });
    this.lines = before[1] + rows + after[1];
    this.columns = before[2] + cols + after[2];
    this.many = this.count > 1;
    const plain = gutter ? { left: GUTTER.left * zoom, top: GUTTER.top * zoom } : { left: 1, top: 1 };
    this.gutter = this.many ? { left: 1, top: LABEL * zoom } : plain;
    this.fit(width, height, { largestCell, scale, zoom, strip });
  }

  fit(width, height, { largestCell, scale, zoom, strip }) {
    if (this.content.stretch && strip) return this.lay(height, strip, { largestCell, scale, zoom });
    if (this.content.stretch) return this.stretch(width, height, { largestCell, scale });
    const sizeOf = (across) => {
      const down = Math.ceil(this.count / across);
      const wide = width - this.gutter.left - FRAME - GAP * (across - 1);
      const high = height - FRAME - this.gutter.top * down;
      return Math.min(wide / (across * this.columns), high / (down * this.lines));
    };
    this.across = bestAcross(this.count, sizeOf);
    let cell = Math.min(sizeOf(this.across), largestCell);
    // Whole device pixels keep the cells even; tiny cells take the fraction instead of the loss.
    if (cell * scale >= 6) cell = Math.floor(cell * scale) / scale;
    this.cell = this.tall = Math.max(cell, 0.1);
    this.place(width);
  }

  /** Cells of one axis's steps and channels need not be square: a thin strip would show nothing. */
  stretch(width, height, { largestCell, scale }) {
    const room = (pixels, gutter, count) => Math.min((pixels - gutter - FRAME) / count, largestCell);
    const whole = (size) => (size * scale >= 6 ? Math.floor(size * scale) / scale : Math.max(size, 0.1));
    const [wide, high] = [room(width, this.gutter.left, this.columns), room(height, this.gutter.top, this.lines)];
    this.across = 1;
    this.cell = whole(Math.min(wide, Math.max(2 * high, SLIM)));
    this.tall = whole(Math.min(high, Math.max(1.5 * wide, SLIM)));
    this.place(width);
  }

  /** Steps as wide as they are told, and as high as there is room. */
  lay(height, { cell, left }, { largestCell, scale, zoom }) {
    const high = Math.min((height - this.gutter.top - FRAME) / this.lines, largestCell, Math.max(1.5 * cell, STRIP * zoom));
    this.across = 1;
    this.cell = cell;
    this.tall = Math.max(high * scale >= 6 ? Math.floor(high * scale) / scale : high, 0.1);
    this.pitch = { x: this.columns * cell + GAP, y: this.lines * this.tall + this.gutter.top };
    this.x0 = left - this.content.before[2] * cell;
    this.y0 = this.gutter.top;
  }

  place(width) {
    this.pitch = { x: this.columns * this.cell + GAP, y: this.lines * this.tall + this.gutter.top };
    const spare = width - this.gutter.left - this.across * this.pitch.x + GAP;
    this.x0 = this.gutter.left + Math.max(0, Math.floor(spare / 2));
    this.y0 = this.gutter.top;
  }

  /** The slices in view, those of the padding included. */
  slices() {
    return Array.from({ length: this.count }, (_, tile) => this.first + tile);
  }

  /** The left and the top of a slice's tile. */
  corner(slice) {
    const tile = slice - this.first;
    return [
      this.x0 + (tile % this.across) * this.pitch.x,
      this.y0 + Math.floor(tile / this.across) * this.pitch.y,
    ];
  }

  x(col, slice = 0) {
    return this.corner(slice)[0] + (col + this.content.before[2]) * this.cell;
  }

  y(row, slice = 0) {
    return this.corner(slice)[1] + (row + this.content.before[1]) * this.tall;
  }

  /** The spot at a point of the canvas, or null. */
  spotAt(x, y) {
    const [tileRow, tileCol] = [Math.floor((y - this.y0) / this.pitch.y), Math.floor((x - this.x0) / this.pitch.x)];
    const tile = tileRow * this.across + tileCol;
    if (tileRow < 0 || tileCol < 0 || tileCol >= this.across || tile >= this.count) return null;
    const slice = this.first + tile;
    const [left, top] = this.corner(slice);
    const [line, column] = [Math.floor((y - top) / this.tall), Math.floor((x - left) / this.cell)];
    if (line >= this.lines || column >= this.columns) return null;
    return { slice, row: line - this.content.before[1], col: column - this.content.before[2] };
  }

  /** The nearest spot there is. */
  nearest({ slice, row, col }) {
    const { before } = this.content;
    const clamp = (value, from, size) => Math.max(-from, Math.min(size - from - 1, value));
    return {
      slice: clamp(slice, before[0], this.count),
      row: clamp(row, before[1], this.lines),
      col: clamp(col, before[2], this.columns),
    };
  }
}
