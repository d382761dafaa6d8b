// What the stage shows, as words and as data on its root element: a screen reader and a test read
// the same truth as the eye.

import { at } from "./decode.js";
import { setAttributes } from "./dom.js";
import { ALL } from "./pictures.js";
import { count, indexText, lineWord, ordinal, six, span } from "./words.js";

const MANY = 4096; // more cells than this are given as rows and columns only

const isInput = ({ mark }) => mark === 0;

function pairs({ rows, cols }, keep) {
  if (rows.length * cols.length > MANY) return "many";
  const found = [];
  for (const row of rows) {
    for (const col of cols) {
      if (keep(row, col)) found.push(`${row.at},${col.at}`);
    }
  }
  return found.join(";");
}

const lines = (links) => [...new Set(links.filter(isInput).map((link) => link.at))].join(",");

/** Writes what is lit onto the root: lists of "row,column" joined by semicolons. */
export function mirrorLit(root, lit, focus) {
  const inside = (row, col) => isInput(row) && isInput(col);
  setAttributes(root, {
    "data-focus": focus.kind,
    "data-lit-input": pairs(lit.input, inside),
    "data-lit-padding": pairs(lit.input, (row, col) => !inside(row, col)),
    "data-lit-input-rows": lines(lit.input.rows),
    "data-lit-input-columns": lines(lit.input.cols),
    "data-lit-kernel": pairs(lit.kernel, () => true),
    "data-lit-output": pairs(lit.output, () => true),
  });
}

const inputsIn = ({ rows, cols }) => rows.filter(isInput).length * cols.filter(isInput).length;

function reach({ axes: [height, width] }, lit) {
  const [rows, cols] = [lit.input.rows, lit.input.cols];
  const padded = rows.length * cols.length - inputsIn(lit.input);
  const part = (axis, links) => {
    const places = links.filter(isInput).map((link) => link.at);
    return `${lineWord(axis.name, new Set(places).size !== 1)} ${span(places)}`;
  };
  const outside = padded ? `; ${count(padded, "tap")} in the padding, read as zero` : "";
  return `reads ${part(height, rows)}, ${part(width, cols)}${outside}`;
}

/** The selected output cell in words. */
export function describeOutput({ step, selection, filters }, lit) {
  const { axes, output } = step;
  const { row, col, filter } = selection;
  const [height, width] = axes.map((axis) => lineWord(axis.name));
  const value = six(at(output.values, row, col, filter));
  const place = `output ${height} ${row}, ${width} ${col}, ${ordinal("filter", filter, filters)}`;
  return `${place}: ${value}; ${reach({ axes }, lit)}`;
}

/** What is pointed at, in one line. */
export function describeFocus(place, focus, lit) {
  const { step, channel, slice } = place;
  const { filter } = place.selection;
  const outputs = lit.output.rows.length * lit.output.cols.length;
  const readers = outputs ? `read by ${count(outputs, "output")}` : "never read";
  if (focus.kind === "kernel") {
    const weight = slice === ALL ? "" : ` = ${six(at(step.kernel.values, focus.row, focus.col, slice, filter))}`;
    const index = [focus.row, focus.col, slice === ALL ? ":" : slice, filter];
    return `${indexText("kernel", index)}${weight} touches ${count(inputsIn(lit.input), "input cell")}`;
  }
  if (focus.kind === "input") {
    if (lit.input.rows[0].mark || lit.input.cols[0].mark) {
      return `padding: a zero beyond the edge, ${readers}`;
    }
    const index = place.indexOf(focus.row, focus.col, channel === ALL ? ":" : channel);
    const value = channel === ALL ? "" : ` = ${six(at(step.input.values, focus.row, focus.col, channel))}`;
    return `${indexText("x", index)}${value}, ${readers}`;
  }
  const value = six(at(step.output.values, focus.row, focus.col, filter));
  return `${indexText("y", place.indexOf(focus.row, focus.col, filter))} = ${value} ${reach(step, lit)}`;
}
