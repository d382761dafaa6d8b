// The stage as it looks: it builds the elements, and draws a state on them.

import { AxisPanel } from "./axes.js";
import { readTheme, tapHues } from "./colours.js";
import { h, setAttributes, setText } from "./dom.js";
import { Glide } from "./glide.js";
import { Grid } from "./grid.js";
import { makeKeys, makePicture, showLegend } from "./layout.js";
import { describeFocus, mirrorLit } from "./mirror.js";
import { ALL, filterNorm, inputPicture, kernelPicture, outputPicture, patchPicture } from "./pictures.js";
import { diagramLinks, litBy } from "./relation.js";
import { SumPanel } from "./sum.js";
import { Transport } from "./transport.js";
import { count, ordinal, shapeText, someOf } from "./words.js";

const HINT = "Point at a cell, a weight or an input. Arrow keys move, space plays, ? shows the keys.";
const NOTHING = { rows: [], cols: [] };

export class View {
  constructor(hands) {
    const browse = (noun, onMove) => ({ browse: { noun, onMove } });
    this.pictures = {
      input: makePicture("input", browse("channel", hands.onChannel)),
      kernel: makePicture("kernel"),
      patch: makePicture("patch"),
      output: makePicture("output", browse("filter", hands.onFilter)),
    };
    this.grids = this.makeGrids(hands);
    this.sum = new SumPanel(hands);
    this.axes = new AxisPanel();
    this.transport = new Transport(hands);
    this.readout = h("div.cl-readout");
    this.footer = h("div.cl-facts");
    this.alert = h("div.cl-alert", { role: "alert", hidden: true });
    this.busy = h("div.cl-busy", { role: "status", hidden: true });
    this.live = h("div.cl-live", { "aria-live": "polite" });
    this.keys = makeKeys(hands.onKeys);
    this.root = this.assemble();
  }

  makeGrids(hands) {
    const asHand = (kind) => ({
      onPoint: (cell) => hands.onPoint({ kind, ...cell }),
      onLeave: hands.onLeave,
      onPick: (cell) => hands.onPick({ kind, ...cell }),
    });
    const term = ({ row, col }) => hands.onTerm({ row: { tap: row }, col: { tap: col } });
    const bare = { gutter: false, tint: false };
    const grids = {
      input: new Grid(this.pictures.input.host, asHand("input")),
      kernel: new Grid(this.pictures.kernel.host, asHand("kernel"), bare),
      patch: new Grid(this.pictures.patch.host, { ...asHand("patch"), onPoint: term, onPick: term }, bare),
      output: new Grid(this.pictures.output.host, asHand("output")),
    };
    grids.patch.top.tabIndex = -1; // the kernel above it answers to the keys for both
    for (const kind of ["input", "kernel"]) grids[kind].top.addEventListener("blur", hands.onLeave);
    return grids;
  }

  assemble() {
    const { input, kernel, patch, output } = this.pictures;
    const arrow = h("div.cl-operator.cl-arrow", { "aria-hidden": "true" }, "→");
    const middle = h("div.cl-middle", {}, kernel.element, patch.element);
    const pictures = h("div.cl-pictures", {}, input.element, middle, arrow, output.element);
    const attributes = {
      tabindex: -1, role: "region", "aria-label": "stage", "data-lm-suppress-shortcuts": "true",
    };
    return h("div.cl-stage", attributes,
      h("div.cl-body", {},
        h("div.cl-scene", {}, this.busy, pictures),
        this.alert, this.readout, this.transport.element,
        h("div.cl-panels", {}, this.sum.element, this.axes.element), this.footer),
      this.keys, this.live);
  }

  /** Everything whose size the drawing depends on. */
  get sized() {
    return [...Object.values(this.grids).map((grid) => grid.host), this.axes.room, this.sum.room];
  }

  // --- what changes with the scene -----------------------------------------------------------

  showScene({ scene, place }) {
    const { axes, input, kernel, output } = place.step;
    this.axes.show(axes);
    this.glide = new Glide();
    this.taps = kernel.values.shape[0] * kernel.values.shape[1];
    this.across = kernel.values.shape[1];
    this.pictures.input.showTitle("input", place.sizesOf(input));
    this.pictures.kernel.showTitle("kernel", kernel.values.shape.slice(0, 2));
    this.pictures.patch.showTitle("× input under it", []);
    this.pictures.output.showTitle("output", place.sizesOf(output));
    const padded = axes.some((axis) => axis.pad_before || axis.pad_after);
    const never = axes.filter((axis) => axis.never_read.length);
    this.notes = [
      ...(padded ? [["hatch", "padding, zeros"]] : []),
      ...(never.length ? [["dots", `never read: ${never.map((axis) => someOf(axis.name, axis.never_read, axis.size_in)).join(", ")}`]] : []),
    ];
    this.showFacts(scene);
  }

  showFacts({ input_shape: from, output_shape: to, parameters, macs, facts }) {
    const meaning = "multiply-accumulate operations for one example";
    this.footer.replaceChildren(
      h("b", {}, `${shapeText(from)} → ${shapeText(to)}`),
      h("span", {}, count(parameters, "parameter")),
      h("abbr", { title: meaning, tabindex: 0 }, count(macs, "MAC")),
      ...facts.map((fact) => h("span", {}, fact)));
  }

  readTheme() {
    this.theme = readTheme(this.root);
    this.hues = tapHues(this.taps ?? 0, this.theme["tap-lightness"]);
  }

  fitInto() {
    this.shownCell = null;
    for (const grid of Object.values(this.grids)) grid.fitInto(this.theme);
    this.axes.fitInto(this.theme);
    this.sum.fitInto();
  }

  repaint() {
    for (const grid of Object.values(this.grids)) grid.paint(this.theme);
  }

  // --- what changes with the filter and the channel ------------------------------------------

  showPictures({ place, tables, editable }) {
    const { step, channel, slice, filters } = place;
    const { filter } = place.selection;
    this.grids.input.show(inputPicture(step, channel, tables));
    this.grids.kernel.show(kernelPicture(step, filter, slice, tables));
    this.grids.output.show(outputPicture(step, filter, tables));
    for (const name of ["input", "kernel", "output"]) this.grids[name].paint(this.theme);
    const channels = step.input.values.shape[2];
    const seen = channel === ALL ? "all channels" : ordinal("channel", channel, channels);
    const filterText = ordinal("filter", filter, filters);
    this.pictures.input.selector.show(seen, channels > 1);
    this.pictures.output.selector.show(filterText, filters > 1);
    this.showLegends(place, tables);
    this.labelGrids(step, seen, filterText);
    this.grids.kernel.top.title = editable && channel !== ALL ? "Click a weight to change it" : "";
  }

  showLegends({ step, channel, selection, filters }, tables) {
    const { input } = step;
    const { filter } = selection;
    const inputNorm = channel === ALL ? { colour: true } : input.norm;
    const stripes = channel === ALL ? [["rgb", "red, green, blue"]] : [];
    const notes = { input: this.notes, kernel: stripes, output: [] };
    const norms = {
      input: inputNorm,
      kernel: filterNorm(step, "kernel", filter),
      output: filterNorm(step, "output", filter),
    };
    for (const [name, norm] of Object.entries(norms)) {
      const nan = this.grids[name].content.nans?.length ? [["crosses", "not a number (NaN)"]] : [];
      const own = name === "output" && filters > 1 ? `of filter ${filter}` : "";
      const table = tables[norm.table ?? input.norm.table];
      showLegend(this.pictures[name].legend, norm, table, [...notes[name], ...nan], own);
    }
  }

  labelGrids({ input, kernel, output }, channel, filter) {
    const size = ({ values }) => `${values.shape[0]} by ${values.shape[1]}`;
    const labels = {
      input: `input, ${size(input)}, ${channel}. Arrow keys point at a cell and show its readers.`,
      kernel: `kernel, ${size(kernel)}, ${filter}. Arrow keys point at a weight and show what it touches.`,
      patch: `input under the kernel, ${size(kernel)}`,
      output: `output, ${size(output)}, ${filter}. Arrow keys move the selected cell.`,
    };
    for (const [name, label] of Object.entries(labels)) {
      this.grids[name].top.setAttribute("aria-label", label);
    }
  }

  // --- what changes with the cell pointed at -------------------------------------------------

  /** Draws the focus; true while the window is still on its way. */
  showFocus(state) {
    const { place, hover } = state;
    const { step, selection } = place;
    const cell = hover?.kind === "output" ? { ...selection, ...hover } : selection;
    const focus = hover ?? { kind: "output", ...selection };
    const lit = litBy(step, focus);
    const read = litBy(step, { kind: "output", row: cell.row, col: cell.col }).input;
    const hues = { hues: this.hues, across: this.across };
    this.light(state, focus, lit, read, hues);
    this.showCell(state, cell, read, hues);
    this.sum.mark(focus.kind === "kernel" ? focus : null);
    this.grids.patch.light({ lit: lit.kernel, ...hues }, this.theme);
    this.axes.light(diagramLinks(lit, focus), this.theme);
    setText(this.readout, hover ? describeFocus(place, focus, lit) : HINT);
    this.mirror(state, focus, lit);
    return this.glide.moving;
  }

  /** What lies under the window, and the sum: they stay while only an input is pointed at. */
  showCell({ scene, place, tables }, cell, read, hues) {
    const { step, channel } = place;
    const shown = [step, this.theme, tables, channel, cell.row, cell.col, cell.filter];
    if (this.shownCell?.every((part, i) => part === shown[i])) return;
    this.shownCell = shown;
    this.grids.patch.show(patchPicture(step, read, channel, tables));
    this.grids.patch.paint(this.theme);
    const index = place.indexOf(cell.row, cell.col, cell.filter);
    this.sum.show({ scene, step, cell, index, theme: this.theme, ...hues });
  }

  light({ place, hover, playing }, focus, lit, read, hues) {
    const window = focus.kind === "output" ? this.glide.to(read) : null;
    const pointed = (kind) => (hover?.kind === kind && !hover.tap ? hover : null);
    // A weight is used by every output: lighting them all would say nothing.
    const outputs = focus.kind === "input" ? lit.output : NOTHING;
    const marks = {
      input: { lit: lit.input, window, cursor: pointed("input"), light: focus.kind === "kernel" },
      kernel: { lit: lit.kernel, cursor: pointed("kernel") },
      output: {
        lit: outputs,
        selected: place.selection,
        cursor: pointed("output"),
        veilFrom: playing ? place.selection : null,
      },
    };
    for (const [name, mark] of Object.entries(marks)) {
      this.grids[name].light({ ...mark, ...hues }, this.theme);
    }
  }

  mirror({ place, playing, speed, loop }, focus, lit) {
    mirrorLit(this.root, lit, focus);
    setAttributes(this.root, {
      "data-selection": place.index.join(","),
      "data-step": place.number,
      "data-steps": place.steps,
      "data-playing": playing,
      "data-speed": speed,
      "data-channel": place.channel,
      "data-filter": place.selection.filter,
    });
    this.transport.show({ step: place.number, steps: place.steps, playing, speed, loop });
  }
}
