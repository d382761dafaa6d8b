// Where the viewer is: one of the scene's steps is in view, and each has a selected cell.

import { Pass } from "./pass.js";
import { ALL } from "./pictures.js";
import { cellOf } from "./sheet.js";
import { cellNumbered, countOf, numberOf } from "./walk.js";

export class Place {
  /** The same place in another scene, or the nearest there is. */
  constructor(scene, before) {
    this.scene = scene;
    const alike = before?.passes.length === scene.steps.length;
    this.passes = scene.steps.map((step, n) => new Pass(step, alike ? before.passes[n] : before?.last));
    this.shown = alike ? before.shown : 0;
    this.scattered = before?.scattered ?? false;
  }

  get pass() {
    return this.passes[this.shown];
  }

  get last() {
    return this.passes.at(-1);
  }

  get step() {
    return this.pass.step;
  }

  get selection() {
    return this.pass.selection;
  }

  /** Whether the step in view can be read as stamps of its kernel. */
  get stamps() {
    return Boolean(this.step.kernel) && this.step.axes.every((axis) => axis.stamps);
  }

  /** Whether the step in view mixes cells by weights that its axes alone decide. */
  get factors() {
    return !this.step.kernel && this.step.axes.some((axis) => axis.weights);
  }

  /** "scatter": an input cell is selected, and stamps the kernel; else "gather". */
  get reading() {
    return this.scattered && this.stamps ? "scatter" : "gather";
  }

  /** What is selected: {kind, at, channel}. */
  get focus() {
    const { selection, source, channel } = this.pass;
    if (this.reading === "scatter") return { kind: "stamp", at: source, channel: channel === ALL ? undefined : channel };
    return { kind: "output", at: selection.at, channel: selection.filter };
  }

  /** The focus on a spot of one of the pictures: what is not seen of it is what is selected. */
  focusOn(kind, spot) {
    const { rank, channel, slice, selection } = this.pass;
    const seen = { input: channel, kernel: slice, output: selection.filter }[kind];
    const focus = { channel: seen === ALL ? undefined : seen, ...cellOf(spot, rank) };
    return { kind: kind === "input" && this.reading === "scatter" && this.isInput(focus.at) ? "stamp" : kind, ...focus };
  }

  isInput(at) {
    return at.every((place, n) => place >= 0 && place < this.pass.inputSizes[n]);
  }

  /** Goes to a cell of the step in view; true when that is another filter's. */
  select(selection) {
    const moved = this.pass.select(selection);
    for (const pass of this.passes) if (pass !== this.pass) pass.moveTo(selection.at);
    return moved;
  }

  // A play: over the output cells, or over the input cells that stamp.

  get walk() {
    const { sizes, inputSizes, selection, source } = this.pass;
    return this.reading === "scatter" ? { sizes: inputSizes, at: source } : { sizes, at: selection.at };
  }

  get steps() {
    return countOf(this.walk.sizes);
  }

  get number() {
    return numberOf(this.walk.at, this.walk.sizes);
  }

  /** Goes to a number of the play. */
  goTo(number) {
    this.walkTo(cellNumbered(number, this.walk.sizes));
  }

  walkTo(at) {
    if (this.reading === "scatter") this.pass.source = at;
    else this.select({ ...this.selection, at });
  }

  // The user's own index order.

  /** The index of the cell selected in the step in view. */
  get index() {
    return this.indexIn(this.pass);
  }

  /** The index of the layer's own output: what is told. */
  get told() {
    return this.indexIn(this.last);
  }

  indexIn(pass) {
    return this.outputIndex(pass.selection, pass);
  }

  /** The index of a pass's output cell {at, filter}; a global pool may have left its axes out. */
  outputIndex({ at, filter }, pass = this.pass) {
    return this.scene.flat && pass === this.last ? [filter] : this.indexOf(at, filter);
  }

  /** The index of a cell without the batch axis. */
  indexOf(at, channel) {
    return this.scene.data_format === "channels_first" ? [channel, ...at] : [...at, channel];
  }

  /** The sizes of a grid {values} in the user's own order. */
  sizesOf({ values: { shape } }) {
    return this.indexOf(shape.slice(0, -1), shape.at(-1));
  }

  /** The selection of the last step that an index names; null when there is no such cell. */
  selectionOf(index) {
    if (!Array.isArray(index) || index.length !== this.told.length) return null;
    const first = this.scene.data_format === "channels_first";
    const [at, filter] = first ? [index.slice(1), index[0]] : [index.slice(0, -1), index.at(-1)];
    const selection = { at: index.length === 1 ? this.last.selection.at : at, filter };
    return this.last.has(selection) ? selection : null;
  }

  /** How far along each axis the play is, 0 to 1: what another stage follows. */
  get part() {
    const { sizes, at } = this.walk;
    return at.map((place, n) => (sizes[n] > 1 ? place / (sizes[n] - 1) : 0));
  }

  /** Goes as far along each axis as another stage is. */
  follow(part) {
    const { sizes } = this.walk;
    if (part.length === sizes.length) this.walkTo(part.map((share, n) => Math.round(share * (sizes[n] - 1))));
  }

  /** Selects in the last step, and the same cell in the others. */
  selectLast(selection) {
    const { filter } = this.selection;
    this.last.select(selection);
    for (const pass of this.passes) if (pass !== this.last) pass.moveTo(selection.at);
    return filter !== this.selection.filter;
  }
}
