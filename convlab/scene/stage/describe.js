// What is selected and what is pointed at, in words.

import { at } from "./decode.js";
import { weightAt, weightIndex, weightName } from "./weights.js";
import { count, indexText, lineWord, ordinal, placeText, six, span } from "./words.js";

const isInput = ({ mark }) => mark === 0;
const product = (axes, sizeOf) => axes.reduce((many, links) => many * sizeOf(links), 1);
const cells = ({ axes }) => product(axes, (links) => links.length);
const inputsIn = ({ axes }) => product(axes, (links) => links.filter(isInput).length);

/** What is said of the taps that fall beyond the input. */
function paddingWords({ kernel, reduce }) {
  return kernel || reduce === "sum" || !reduce ? "in the padding, read as zero" : "in the padding, not counted";
}

function reach(step, lit) {
  const padded = cells(lit.input) - inputsIn(lit.input);
  const parts = step.axes.map((axis, n) => {
    const places = lit.input.axes[n].filter(isInput).map((link) => link.at);
    return `${lineWord(axis.name, new Set(places).size !== 1)} ${span(places)}`;
  });
  const outside = padded ? `; ${count(padded, "tap")} ${paddingWords(step)}` : "";
  return cells(lit.input) ? `reads ${parts.join(", ")}${outside}` : "no input reaches it";
}

const valueOf = (array, { at: cell, filter }) => six(at(array, ...cell, filter));

/** The selected output cell in words. */
export function describeOutput({ step, selection, pass }, lit) {
  const place = `output ${placeText(step.axes, selection.at)}, ${ordinal(step.kernel ? "filter" : "channel", selection.filter, pass.filters)}`;
  return `${place}: ${valueOf(step.output.values, selection)}; ${reach(step, lit)}`;
}

/** What is pointed at, in one line. */
export function describeFocus(place, focus, lit) {
  return { output: ofOutput, input: ofInput, kernel: ofWeight, stamp: ofStamp }[focus.kind](place, focus, lit);
}

function ofOutput(place, { at: cell, channel: filter }, lit) {
  const { step } = place;
  const value = valueOf(step.output.values, { at: cell, filter });
  return `${indexText("y", place.outputIndex({ at: cell, filter }))} = ${value} ${reach(step, lit)}`;
}

function inputText(place, { at: cell, channel }) {
  const value = channel === undefined ? "" : ` = ${six(at(place.step.input.values, ...cell, channel))}`;
  return `${indexText("x", place.indexOf(cell, channel ?? ":"))}${value}`;
}

function ofInput(place, focus, lit) {
  const outputs = cells(lit.output);
  const readers = outputs ? `read by ${count(outputs, "output")}` : "never read";
  if (place.isInput(focus.at)) return `${inputText(place, focus)}, ${readers}`;
  const pooled = !place.step.kernel && place.step.reduce !== "sum";
  return `padding: ${pooled ? "nothing" : "a zero"} beyond the edge, ${readers}`;
}

function ofWeight({ step, selection }, { at: taps, channel: slice }, lit) {
  const weight = slice === undefined ? "" : ` = ${six(weightAt(step, selection, taps, slice))}`;
  const index = weightIndex(step, selection, taps, slice ?? ":");
  return `${indexText(weightName(step), index)}${weight} touches ${count(inputsIn(lit.input), "input cell")}`;
}

function ofStamp(place, focus, lit) {
  const kept = product(lit.output.axes, (links) => links.filter(isInput).length);
  const cut = cells(lit.output) - kept;
  const border = cut ? `, ${count(cut, "cell")} of it in the border that is cut off` : "";
  return `${inputText(place, focus)} stamps the kernel onto ${count(kept, "output")}${border}`;
}
