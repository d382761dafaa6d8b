// The drawing on a canvas: what is in view, as large as the view has it.

import { paintPicture } from "./pictures.js";

const BAND = 6; // the coloured edge of a box
const ROUND = 7;
const TALL = 60; // a box above this has room for a picture
const HEAD = 24; // the edge of a group, where it is folded
const SPECK = 0.3; // below this scale a box is a patch of its family's colour
const READABLE = 0.42; // below this scale letters would be specks
const FINE = 0.62; // below this one the small ones are

const wide = (theme, state) => (state === "error" ? 2.6 : state ? 2.2 : 1.2) * theme.stroke;
const tint = (theme, state, plain) => ({ error: theme.alert, culprit: theme.warn, advice: theme.warn, changed: theme.changed })[state] ?? plain;

/** Paints what is in view; the number of boxes that were. */
export function paint(pen, { drawing, camera, theme, selected, hovered, maps, cone }) {
  const { x, y, scale, width, height } = camera;
  const ratio = pen.canvas.width / width;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = theme.back;
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.setTransform(ratio * scale, 0, 0, ratio * scale, -x * ratio * scale, -y * ratio * scale);
  const view = { left: x, top: y, right: x + width / scale, bottom: y + height / scale, scale };
  for (const frame of drawing.frames) paintFrame(pen, frame, view, theme);
  const near = (edge) => edge.source === selected || edge.target === selected;
  for (const lit of [false, true]) {
    for (const edge of drawing.edges) {
      if ((near(edge) || Boolean(edge.state)) === lit) paintEdge(pen, edge, view, theme, near(edge));
    }
  }
  const taken = [];
  const label = (edge) => paintLabel(pen, edge, view, theme, taken);
  if (scale > READABLE) drawing.edges.filter((edge) => !edge.state).forEach(label);
  let painted = 0;
  for (const node of drawing.nodes) {
    if (!touches(boxOf(node, 12), view)) continue;
    const pictured = !node.folded.length && (maps.has(node.key) || cone.has(node.key));
    paintNode(pen, node, view, theme, { selected: node.id === selected, hovered: node.id === hovered, pictured });
    paintPicture(pen, node, { map: maps.get(node.key), seen: cone.get(node.key), theme, scale });
    painted += 1;
  }
  drawing.edges.filter((edge) => edge.state).forEach(label); // large where boxes are small, so above them
  return painted;
}

export function boxOf({ x, y, width, height }, more = 0) {
  return { left: x - width / 2 - more, top: y - height / 2 - more, right: x + width / 2 + more, bottom: y + height / 2 + more };
}

const touches = (box, view) =>
  box.left < view.right && box.right > view.left && box.top < view.bottom && box.bottom > view.top;

// Groups

function paintFrame(pen, { key, left, top, width, height }, view, theme) {
  if (!touches({ left, top: top - 18, right: left + width, bottom: top + height }, view)) return;
  pen.globalAlpha = 0.5;
  pen.fillStyle = theme.panel;
  rounded(pen, left, top, width, height, ROUND + 3);
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = theme.line;
  pen.lineWidth = theme.stroke;
  pen.setLineDash([5, 4]);
  pen.stroke();
  pen.setLineDash([]);
  if (view.scale < FINE) return;
  const word = { colour: theme.muted, font: theme.font };
  write(pen, "−", { x: left + HEAD / 2, y: top + 14, size: 17, align: "center", ...word });
  pen.save(); // the name runs down the edge
  pen.translate(left + HEAD / 2, top + 30);
  pen.rotate(Math.PI / 2);
  write(pen, shortName(key), { x: 0, y: 0, size: 10.5, room: height - 40, ...word });
  pen.restore();
}

/** Where the frame is pressed to fold its group again. */
export const frameHead = ({ left, top, height }) => ({ left, top, right: left + HEAD, bottom: top + height });

// Edges

function paintEdge(pen, edge, view, theme, lit) {
  const { points } = edge;
  const ys = [points[0][1], points.at(-1)[1]];
  if (Math.max(...ys) < view.top || Math.min(...ys) > view.bottom) return;
  pen.strokeStyle = tint(theme, edge.state, lit ? theme.accent : theme.line);
  pen.lineWidth = edge.state ? wide(theme, edge.state) : (lit ? 1.9 : 1.5) * theme.stroke;
  if (edge.state === "error") pen.setLineDash([7, 4]);
  const tip = Math.min(7, 5 + pen.lineWidth);
  pen.beginPath();
  trace(pen, points, tip * 0.7);
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = pen.strokeStyle;
  const [x, y] = points.at(-1);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - tip * 0.62, y - tip);
  pen.lineTo(x + tip * 0.62, y - tip);
  pen.fill();
}

/** A line through the points that is upright in each, and ends a little above the last. */
function trace(pen, points, short) {
  pen.moveTo(...points[0]);
  for (let at = 1; at < points.length; at += 1) {
    const [[x, y], [toX, end]] = [points[at - 1], points[at]];
    const toY = at === points.length - 1 ? end - short : end;
    if (Math.abs(toX - x) < 0.6) pen.lineTo(toX, toY);
    else {
      const middle = (y + toY) / 2;
      pen.bezierCurveTo(x, middle, toX, middle, toX, toY);
    }
  }
}

function paintLabel(pen, edge, view, theme, taken) {
  const [middle, y] = edge.label;
  if (y < view.top - 30 || y > view.bottom + 30 || middle < view.left - 120 || middle > view.right + 120) return;
  const lines = edge.note ? [edge.text, edge.note] : [edge.text];
  const colour = tint(theme, edge.state, theme.muted);
  const bold = Boolean(edge.state);
  const size = bold ? 12 / Math.min(1, Math.max(view.scale, 0.34)) : 11;
  const deep = size * 1.35;
  pen.font = `${bold ? "650 " : ""}${size}px ${theme.font}`;
  const room = Math.max(...lines.map((line) => pen.measureText(line).width)) + 8;
  const x = bold ? aside({ x: middle, y, width: room, height: deep * lines.length }, taken) : middle;
  pen.fillStyle = edge.state === "error" ? theme["alert-back"] : edge.state ? theme["warn-back"] : theme.back;
  rounded(pen, x - room / 2, y - (deep * lines.length) / 2, room, deep * lines.length, 4);
  pen.fill();
  if (bold) {
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    pen.stroke();
  }
  lines.forEach((line, at) =>
    write(pen, line, { x, y: y + (at - (lines.length - 1) / 2) * deep, size, colour, font: theme.font, bold, align: "center" }));
}

/** Where a label that grows as the drawing shrinks is beside those that were painted before. */
function aside(label, taken) {
  for (const other of taken) {
    const [across, down] = [(label.width + other.width) / 2 + 4, (label.height + other.height) / 2];
    if (Math.abs(label.x - other.x) < across && Math.abs(label.y - other.y) < down) {
      label.x = other.x + (label.x < other.x ? -across : across);
    }
  }
  taken.push(label);
  return label.x;
}

// Boxes

function paintNode(pen, node, view, theme, { selected, hovered, pictured }) {
  const { left, top } = boxOf(node);
  const { width, height } = node;
  const round = node.family === "join" && height < TALL ? height / 2 : node.family === "input" ? 14 : ROUND;
  if (node.folded.length) paintStack(pen, node, left, top, round, theme);
  const hue = theme[node.family] || theme.other;
  if (selected) {
    pen.strokeStyle = theme.accent;
    pen.globalAlpha = 0.28;
    pen.lineWidth = 9;
    rounded(pen, left, top, width, height, round);
    pen.stroke();
    pen.globalAlpha = 1;
  }
  rounded(pen, left, top, width, height, round);
  pen.fillStyle = view.scale < SPECK ? tint(theme, node.state, hue) : ground(theme, node.state);
  pen.fill();
  if (view.scale >= SPECK) {
    pen.save();
    pen.clip();
    pen.fillStyle = hue;
    pen.fillRect(left, top, round > ROUND + 8 ? BAND + 4 : BAND, height);
    pen.restore();
  }
  pen.strokeStyle = selected ? theme.accent : tint(theme, node.state, hovered ? theme.ink : theme.line);
  pen.lineWidth = selected ? 2.4 * theme.stroke : wide(theme, node.state);
  rounded(pen, left, top, width, height, round);
  pen.stroke();
  if (view.scale > READABLE) paintWords(pen, node, view, theme, pictured);
}

function ground(theme, state) {
  return { error: theme["alert-back"], culprit: theme["warn-back"], advice: theme["warn-back"] }[state] ?? theme.panel;
}

function paintStack(pen, { width, height }, left, top, round, theme) {
  pen.fillStyle = theme.panel;
  pen.strokeStyle = theme.line;
  pen.lineWidth = theme.stroke;
  for (const by of [8, 4]) {
    rounded(pen, left + by, top + by, width - by, height - 2, round);
    pen.fill();
    pen.stroke();
  }
}

function paintWords(pen, node, view, theme, pictured) {
  const { left, top } = boxOf(node);
  const high = node.height > TALL;
  const round = node.family === "join";
  const begin = left + BAND + (round ? 14 : 9) + (pictured ? node.height - 8 : 0);
  const end = left + node.width - (round ? 16 : 8) - (node.folded.length || node.state ? 18 : 0);
  const [upper, lower] = high ? [top + 24, top + 44] : [top + 14, top + 30];
  const { font } = theme;
  const [name, more, below] = node.folded.length ? [shortName(node.key), node.title, node.detail] : [node.title, node.detail, shortName(node.key)];
  const used = write(pen, name, { x: begin, y: upper, size: 12.5, colour: theme.ink, font, bold: true, room: end - begin });
  if (view.scale < FINE) return;
  if (more) write(pen, more, { x: begin + used + 6, y: upper, size: 11, colour: theme.muted, font, room: end - begin - used - 6 });
  write(pen, below, { x: begin, y: lower, size: 11, colour: theme.muted, font, room: end - begin });
  if (high) write(pen, node.shape, { x: begin, y: top + 62, size: 11, colour: theme.ink, font, room: end - begin });
  if (node.folded.length) write(pen, "+", { x: end + 10, y: top + node.height / 2, size: 17, colour: theme.muted, font, align: "center" });
  else if (node.state) paintSign(pen, node.state, end + 8, top + node.height / 2, theme);
}

/** A sign beside the colour: what is wrong, what to look at, what has changed. */
function paintSign(pen, state, x, y, theme) {
  const sign = { error: "!", culprit: "▾", advice: "i", changed: "✓" }[state];
  pen.fillStyle = tint(theme, state);
  pen.beginPath();
  pen.arc(x, y, 8, 0, 2 * Math.PI);
  pen.fill();
  write(pen, sign, { x, y: y + 0.5, size: 11, colour: theme.back, font: theme.font, bold: true, align: "center" });
}

export const shortName = (key) => key.split("/").at(-1);

/** One line of text, cut short where it has no room; its width. */
function write(pen, text, { x, y, size, colour, font, bold = false, align = "left", room = Infinity }) {
  if (room < size) return 0;
  pen.font = `${bold ? "650 " : ""}${size}px ${font}`;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  const told = fitted(pen, text, room);
  pen.fillText(told, x, y);
  return pen.measureText(told).width;
}

const cuts = new Map(); // font, room and text -> what fits

function fitted(pen, text, room) {
  if (room === Infinity) return text;
  const key = `${pen.font}|${Math.round(room)}|${text}`;
  let told = cuts.get(key);
  if (told === undefined) {
    if (cuts.size > 5000) cuts.clear();
    told = text;
    if (pen.measureText(text).width > room) {
      let length = text.length;
      while (length > 1 && pen.measureText(`${text.slice(0, length)}…`).width > room) length -= 1;
      told = `${text.slice(0, length)}…`;
    }
    cuts.set(key, told);
  }
  return told;
}

function rounded(pen, x, y, width, height, round) {
  pen.beginPath();
  pen.roundRect(x, y, width, height, Math.min(round, height / 2));
}
