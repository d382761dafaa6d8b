// What of a drawing lies at a point of it.

import { boxOf, frameHead } from "./painting.js";
import { pictureBox } from "./pictures.js";

/** The node, or else the frame's edge, at a point. */
export function hit({ nodes, frames }, [x, y]) {
  const within = (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  const node = nodes.find((one) => within(boxOf(one, 3)));
  return { node, frame: node ? undefined : frames.findLast((one) => within(frameHead(one))) };
}

/** The place [row, column] of a node's picture at a point; null beside it. */
export function placeIn(node, picture, [x, y]) {
  if (!picture?.sizes) return null;
  const box = pictureBox(node, picture);
  const part = [(y - box.top) / box.height, (x - box.left) / box.width];
  if (!part.every((share) => share >= 0 && share < 1)) return null;
  return part.map((share, axis) => Math.floor(share * picture.sizes[axis]));
}
