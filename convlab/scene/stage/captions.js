// The words around the pictures: titles, legends, labels for a screen reader, the facts below.

import { h } from "./dom.js";
import { showLegend } from "./layout.js";
import { filterNorm } from "./norms.js";
import { addsZeros, ALL, FACTORS, outputNorm } from "./pictures.js";
import { count, four, ordinal, shapeText, someOf } from "./words.js";

export function showTitles(pictures, place) {
  const { input, kernel, output } = place.step;
  const { rank } = place.pass;
  const taps = place.step.axes.map((axis) => axis.kernel);
  pictures.input.showTitle("input", place.sizesOf(input));
  const weighed = place.step.local ? "kernel of this place" : kernel ? "kernel" : "factors";
  pictures.kernel.showTitle(weighed, taps);
  pictures.output.showTitle("output", place.sizesOf(output));
}

/** Below the kernel stands the input under it, or `stamped`: the number that it is multiplied by. */
export function showPatchTitle(patch, { step, factors }, stamped) {
  if (typeof stamped === "number") patch.showTitle(`× ${four(stamped)} = stamp`, []);
  else if (step.kernel || factors) patch.showTitle("× input under it", []);
  else patch.showTitle("window", step.axes.map((axis) => axis.kernel));
}

/** What the patterns of the step's pictures mean: {input, output}, lists of [pattern, words]. */
function patternNotes(step) {
  const { axes, kernel, reduce } = step;
  const zeros = kernel || !reduce || reduce === "sum" ? "padding, zeros" : "padding, not counted";
  const padded = axes.some((axis) => !axis.transposed && (axis.pad_before || axis.pad_after));
  const never = axes.filter((axis) => axis.never_read.length);
  const cut = axes.some((axis) => axis.crop_before || axis.crop_after);
  const added = axes.some((axis) => axis.added_before || axis.added_after);
  const unread = never.map((axis) => someOf(axis.name, axis.never_read, axis.size_in)).join(", ");
  return {
    input: [
      ...(padded ? [["hatch", zeros]] : []),
      ...(never.length ? [["dots", `never read: ${unread}`]] : []),
    ],
    output: [
      ...(cut ? [["hatch", "cut off"]] : []),
      ...(added ? [["dashed", "added by output_padding"]] : []),
      ...(addsZeros(step) ? [["dashed", "added zeros"]] : []),
    ],
  };
}

/** What the browsers of channels and filters say: [text, whether there are several]. */
export function choices({ pass: { step, rank, channel, selection, filters } }) {
  const channels = step.input.values.shape.at(-1);
  const rows = rank === 1; // every channel and every filter is in view, one a row
  const noun = step.kernel ? "filter" : "channel";
  return {
    channel: rows ? `${channels} channels` : channel === ALL ? "all channels" : ordinal("channel", channel, channels),
    filter: partText(step, selection.filter) + ordinal(noun, selection.filter, filters),
    channels: channels > 1 && !rows,
    filters: filters > 1,
  };
}

/** "forget, ": the block of channels that a filter is in, where a step has such blocks. */
function partText({ parts, channels: { shape: [filters] } }, filter) {
  return parts?.length ? `${parts[Math.floor((filter * parts.length) / filters)]}, ` : "";
}

export function showLegends(pictures, grids, { step, pass }, tables) {
  const { channel, selection: { filter }, filters, rank } = pass;
  const notes = patternNotes(step);
  const stripes = channel === ALL ? [["rgb", "red, green, blue"]] : [];
  const norms = {
    input: channel === ALL ? { colour: true } : step.input.norm,
    kernel: step.kernel ? filterNorm(step, "kernel", filter) : FACTORS,
    output: channel === ALL && step.output.colour ? { colour: true } : outputNorm(step, filter),
  };
  for (const [name, norm] of Object.entries(norms)) {
    if (!grids[name].content) continue;
    const nan = grids[name].content.nans?.length ? [["crosses", "not a number (NaN)"]] : [];
    const own = name === "output" && step.kernel && filters > 1 && rank > 1 ? `of filter ${filter}` : "";
    const table = tables[norm.table ?? step.input.norm.table];
    const explained = { ...notes, kernel: stripes }[name];
    showLegend(pictures[name].legend, norm, table, [...explained, ...nan], own);
  }
}

export function labelGrids(grids, { step, pass: { rank } }, { channel, filter }) {
  const size = ({ values: { shape } }) => shape.slice(0, rank).join(" by ");
  const window = step.axes.map((axis) => axis.kernel).join(" by ");
  const labels = {
    input: `input, ${size(step.input)}, ${channel}. Arrow keys point at a cell and show its readers.`,
    kernel: `kernel, ${window}, ${filter}. Arrow keys point at a weight and show what it touches.`,
    patch: `input under the kernel, ${window}`,
    output: `output, ${size(step.output)}, ${filter}. Arrow keys move the selected cell.`,
  };
  for (const [name, label] of Object.entries(labels)) grids[name].top.setAttribute("aria-label", label);
}

/** In a chain, only what is said of the layer in view: its facts are led by the name of its first step. */
function factsOf({ steps, facts }, shown) {
  const leads = steps.map(({ name }, number) => `${number + 1} ${name}: `);
  const led = (fact, number) => fact.startsWith(leads[number]);
  const own = leads.findLastIndex((_, number) => number <= shown && facts.some((fact) => led(fact, number)));
  return facts.filter((fact) => !leads.some((_, number) => number !== own && led(fact, number)));
}

export function showFacts(footer, scene, shown) {
  const { input_shape: from, output_shape: to, parameters, macs } = scene;
  const meaning = "multiply-accumulate operations for one example";
  footer.replaceChildren(
    h("b", {}, `${shapeText(from)} → ${shapeText(to)}`),
    h("span", {}, count(parameters, "parameter")),
    h("abbr", { title: meaning, tabindex: 0 }, count(macs, "MAC")),
    ...factsOf(scene, shown).map((fact) => h("span", {}, fact)));
}
