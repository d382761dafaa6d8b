// What the stage shows, as data on its root element: a test reads the same truth as the eye.

import { setAttributes } from "./dom.js";

const MANY = 4096; // more cells than this are given as lines along each axis only

const isInput = ({ mark }) => mark === 0;

/** The cells of a product of links as "1,2;1,3", those that `keep(links)`. */
function cellsOf({ axes }, keep = () => true) {
  if (axes.reduce((many, links) => many * links.length, 1) > MANY) return "many";
  let cells = [[]];
  for (const links of axes) cells = cells.flatMap((cell) => links.map((link) => [...cell, link]));
  return [...new Set(cells.filter(keep).map((cell) => cell.map((link) => link.at).join()))].join(";");
}

const lines = (links = []) => [...new Set(links.filter(isInput).map((link) => link.at))].join(",");

/** Writes what is lit onto the root: lists of "row,column" joined by semicolons. */
export function mirrorLit(root, lit, focus) {
  const inside = (links) => links.every(isInput);
  const stamps = focus.kind === "stamp";
  const [cols, rows, slices] = [...lit.input.axes].reverse();
  setAttributes(root, {
    "data-focus": focus.kind,
    "data-lit-input": cellsOf(lit.input, inside),
    "data-lit-padding": cellsOf(lit.input, (links) => !inside(links)),
    "data-lit-input-rows": lines(rows),
    "data-lit-input-columns": lines(cols),
    "data-lit-input-slices": slices ? lines(slices) : null,
    "data-lit-kernel": cellsOf(lit.kernel),
    "data-lit-output": cellsOf(lit.output, stamps ? inside : undefined),
    "data-lit-cropped": stamps ? cellsOf(lit.output, (links) => !inside(links)) : null,
    "data-lit-channels": lit.input.channels.map((link) => link.at).join(","),
  });
}
