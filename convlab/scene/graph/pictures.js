// The feature maps in the boxes, and on them what of each the picked unit reads.

const MARGIN = 6;

/** Where a box has its picture: as large as it fits, in its own proportions. */
export function pictureBox(node, { width, height }) {
  const room = node.height - 2 * MARGIN;
  const scale = Math.min(room / width, room / height);
  const left = node.x - node.width / 2 + 6 + MARGIN + (room - width * scale) / 2;
  const top = node.y - room / 2 + (room - height * scale) / 2;
  return { left, top, width: width * scale, height: height * scale };
}

/** A feature map as it travels, {width, height, at, sizes}, as something to paint. */
export function readMap({ width, height, at, ...more }, bytes, table) {
  const image = new OffscreenCanvas(width, height);
  const pen = image.getContext("2d");
  const pixels = pen.createImageData(width, height);
  for (let cell = 0; cell < width * height; cell += 1) {
    const entry = 4 * bytes[at + cell];
    for (let byte = 0; byte < 4; byte += 1) pixels.data[4 * cell + byte] = table[entry + byte];
  }
  pen.putImageData(pixels, 0, 0);
  return { width, height, image, ...more };
}

/** What of a map is read, as it travels, as two images: a veil over the rest, and the read cells. */
export function readSeen({ width, height, at, ...more }, bytes) {
  const cells = bytes.subarray(at, at + width * height);
  return { width, height, cells, ...more };
}

export function paintPicture(pen, node, { map, seen, theme, scale }) {
  const shown = map ?? seen;
  if (!shown || node.folded.length) return;
  const box = pictureBox(node, shown);
  if (map) {
    pen.imageSmoothingEnabled = false;
    pen.drawImage(map.image, box.left, box.top, box.width, box.height);
  } else {
    pen.fillStyle = theme.back;
    pen.fillRect(box.left, box.top, box.width, box.height);
  }
  pen.strokeStyle = theme.muted;
  pen.lineWidth = 1 / Math.max(scale, 1);
  pen.strokeRect(box.left, box.top, box.width, box.height);
  if (seen) paintSeen(pen, box, seen, theme, scale);
}

function paintSeen(pen, box, seen, theme, scale) {
  const [cell, tall] = [box.width / seen.width, box.height / seen.height];
  pen.beginPath();
  for (let row = 0; row < seen.height; row += 1) {
    for (let column = 0; column < seen.width; column += 1) {
      if (!seen.cells[row * seen.width + column]) continue;
      let end = column + 1;
      while (end < seen.width && seen.cells[row * seen.width + end]) end += 1;
      pen.rect(box.left + column * cell, box.top + row * tall, (end - column) * cell, tall);
      column = end;
    }
  }
  pen.rect(box.left, box.top, box.width, box.height);
  pen.fillStyle = theme.back; // a veil over what is not read
  pen.globalAlpha = 0.72;
  pen.fill("evenodd");
  pen.globalAlpha = 1;
  const hull = hullOf(seen);
  if (!hull) return;
  const least = 3 / Math.max(scale, 0.5); // a unit that is smaller than a speck is still shown
  const frame = [
    box.left + hull.left * cell, box.top + hull.top * tall,
    Math.max(least, (hull.right - hull.left) * cell), Math.max(least, (hull.bottom - hull.top) * tall),
  ];
  for (const [colour, width] of [[theme.halo, 3.4], [theme.accent, 1.6]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = (width * theme.stroke) / Math.max(scale, 0.7);
    pen.strokeRect(...frame);
  }
}

/** The smallest box around the read cells, or null. */
function hullOf({ width, height, cells }) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      if (!cells[row * width + column]) continue;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
    }
  }
  return right > left ? { left, top, right, bottom } : null;
}
