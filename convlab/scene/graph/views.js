// Which part of a drawing to look at: at first, when the drawing changes, and to see one node.

import { boxOf } from "./painting.js";
import { problem } from "./walk.js";

const USUAL = 0.62; // smaller than this, a drawing is not shown whole at first
const LEAST = 0.8; // and what is shown of it instead is no smaller than this
const MOST = 1.15;
const AROUND = 40; // pixels of the drawing around a node that is brought into view
const ABOVE = 40; // what is wrong stands so much below the middle: what led there is above it

export const whole = ({ width, height }) => ({ left: 0, top: 0, width, height });

/** At first: all of it where that can be read, else where something is wrong, else the top. */
export function beginning(camera, drawing, natural) {
  const all = camera.fitting(whole(drawing), MOST * natural);
  if (all.scale >= USUAL * natural) return all;
  const scale = natural * Math.min(1, Math.max(LEAST, camera.width / drawing.width / natural));
  const wrong = problem(drawing, -1, 1);
  if (wrong?.state === "error") return camera.centred([wrong.x, wrong.y - ABOVE], scale);
  const down = camera.height / scale;
  return camera.centred([middleOf(drawing.nodes.filter(({ y }) => y < down)), down / 2 - 8], scale);
}

function middleOf(nodes) {
  const boxes = nodes.map((node) => boxOf(node));
  return (Math.min(...boxes.map(({ left }) => left)) + Math.max(...boxes.map(({ right }) => right))) / 2;
}

/** The view of another drawing in which what was in the middle of the last stays where it was. */
export function anchored(camera, before, selected, { nodes }) {
  const places = new Map(nodes.map((node) => [node.key, node]));
  for (const node of nodes) for (const key of node.folded) places.set(key, node);
  const now = (node) => [node.key, ...node.folded].map((key) => places.get(key)).find(Boolean);
  const here = camera.world([camera.width / 2, camera.height / 2]);
  const far = (node) => Math.hypot(node.x - here[0], node.y - here[1]);
  const near = [...before.nodes].sort((one, other) => far(one) - far(other));
  for (const node of selected ? [selected, ...near] : near) {
    const same = now(node);
    if (same) return { scale: camera.scale, x: camera.x + same.x - node.x, y: camera.y + same.y - node.y };
  }
  return null;
}

/** The view that is moved as little as brings a node into it; null where it is in it already. */
export function including(camera, node) {
  const { scale, x, y } = camera.goal;
  const box = boxOf(node, AROUND);
  const across = shift(box.left, box.right, x, x + camera.width / scale);
  const down = shift(box.top, box.bottom, y, y + camera.height / scale);
  return across || down ? { scale, x: x + across, y: y + down } : null;
}

const shift = (low, high, from, to) =>
  high - low > to - from ? (low + high - from - to) / 2 : Math.min(low - from, 0) + Math.max(high - to, 0);
