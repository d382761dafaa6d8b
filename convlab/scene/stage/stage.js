// The stage: a convolution as pictures that answer to the mouse, the keyboard and a finger.
//
// It knows no notebook: `createStage(element, options)` needs an element and a scene. Everything
// that it lights up is read from the scene's tap tables, so it asks nothing of anyone.

import { AxisPanel } from "./axes.js";
import { readTables, readTheme, tapHues } from "./colours.js";
import { decode } from "./decode.js";
import { h, setAttributes, setText } from "./dom.js";
import { Grid } from "./grid.js";
import { handleKey } from "./keyboard.js";
import { makeKeys, makePicture, showError, showLegend } from "./layout.js";
import { describeFocus, describeOutput, mirrorLit } from "./mirror.js";
import { ALL, inputPicture, kernelPicture, outputPicture, patchPicture } from "./pictures.js";
import { Player, SPEEDS } from "./player.js";
import { litBy, touches } from "./relation.js";
import { SumPanel } from "./sum.js";
import { Transport } from "./transport.js";
import { count, shapeText, span } from "./words.js";

const GLIDE = 90; // milliseconds
const GLIDING_SPEED = 10; // steps a second up to which the window glides
const SETTLE = 250; // milliseconds after the last key until the selection is told
const HINT = "Point at a cell, a weight or an input. Arrow keys move, space plays, ? shows the keys.";

/**
 * @param {HTMLElement} element where to put the stage
 * @param {{onSettle?: (state: {selection, playing, speed}) => void}} options told when a selection
 *   has come to rest: never while hovering or playing
 * @returns {{update: (patch: object) => void, destroy: () => void}} `update` takes any of scene,
 *   tables, selection, error, busy, theme, playing, speed
 */
export function createStage(element, options = {}) {
  return new Stage(element, options);
}

class Stage {
  constructor(element, { onSettle = () => {} }) {
    this.onSettle = onSettle;
    this.dirty = new Set();
    this.hover = null;
    this.channel = null;
    this.loop = false;
    this.tables = readTables();
    this.player = new Player(() => this.advance());
    this.stillness = matchMedia("(prefers-reduced-motion: reduce)");
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.request("theme");
    this.darkness.addEventListener("change", this.onScheme);
    this.build();
    element.append(this.root);
    this.observer = new ResizeObserver(() => this.request("layout"));
    for (const grid of Object.values(this.grids)) this.observer.observe(grid.host);
    this.observer.observe(this.axes.body);
  }

  build() {
    const hands = (kind) => ({
      onPoint: (cell) => this.point({ kind, ...cell }),
      onLeave: () => this.point(null),
      onPick: (cell) => this.point({ kind, ...cell }),
    });
    this.pictures = {
      input: makePicture("input", { browse: { noun: "channel", onMove: (by) => this.moveChannel(by) } }),
      kernel: makePicture("kernel"),
      patch: makePicture("patch"),
      output: makePicture("output", { browse: { noun: "filter", onMove: (by) => this.moveFilter(by) } }),
    };
    const { input, kernel, patch, output } = this.pictures;
    const pickOutput = { ...hands("output"), onPick: (cell) => this.pick(cell) };
    this.grids = {
      input: new Grid(input.host, hands("input")),
      kernel: new Grid(kernel.host, hands("kernel"), { gutter: false }),
      patch: new Grid(patch.host, this.patchHands(), { gutter: false }),
      output: new Grid(output.host, pickOutput),
    };
    this.grids.patch.top.tabIndex = -1; // the kernel beside it does the same
    this.sum = new SumPanel({
      onTerm: (term) => this.pointTerm(term),
      onLeave: () => this.point(null),
      onPick: (term) => this.setChannel(term.channel),
    });
    this.axes = new AxisPanel();
    this.transport = new Transport(this.transportHands());
    this.readout = h("div.cl-readout", {}, HINT);
    this.footer = h("footer.cl-facts");
    this.alert = h("div.cl-alert", { role: "alert", hidden: true });
    this.busy = h("div.cl-busy", { role: "status", hidden: true });
    this.live = h("div.cl-live", { "aria-live": "polite" });
    this.keys = makeKeys(() => this.showKeys(false));
    this.root = h("div.cl-stage", { tabindex: -1, role: "region", "aria-label": "stage", "data-lm-suppress-shortcuts": "true" },
      h("div.cl-body", {},
        h("div.cl-scene", {}, this.alert, this.busy,
          h("div.cl-pictures", {}, input.element, h("div.cl-middle", {}, kernel.element, h("div.cl-operator", { "aria-hidden": "true" }, "×"), patch.element),
            h("div.cl-operator.cl-arrow", { "aria-hidden": "true" }, "→"), output.element)),
        this.readout, this.transport.element,
        h("div.cl-panels", {}, this.sum.element, this.axes.element), this.footer),
      this.keys, this.live);
    this.root.addEventListener("keydown", (event) => handleKey(event, this.keyHands()));
    for (const kind of ["input", "kernel"]) {
      this.grids[kind].top.addEventListener("blur", () => this.point(null));
    }
  }

  transportHands() {
    return {
      onToggle: () => this.toggle(),
      onStep: (by) => this.goTo(this.step() + by),
      onFirst: () => this.goTo(1),
      onLast: () => this.goTo(this.steps()),
      onScrub: (step) => this.goTo(step, { settle: null, glide: false }),
      onScrubbed: () => this.settle(0),
      onSpeed: (speed) => this.setSpeed(speed),
      onLoop: () => this.setLoop(!this.loop),
      onKeys: () => this.showKeys(this.keys.hidden),
    };
  }

  keyHands() {
    return {
      onArrow: (rows, cols, target) => this.arrow(rows, cols, target),
      onFirst: () => this.goTo(1),
      onLast: () => this.goTo(this.steps()),
      onToggle: () => this.toggle(),
      onSpeed: (by) => {
        const next = SPEEDS.indexOf(this.player.speed) + by;
        this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, next))]);
      },
      onKeys: () => this.showKeys(this.keys.hidden),
      onEscape: () => {
        this.showKeys(false);
        this.point(null);
      },
    };
  }

  patchHands() {
    const term = (cell) => this.pointTerm({ row: { tap: cell.row }, col: { tap: cell.col } });
    return { onPoint: term, onLeave: () => this.point(null), onPick: term };
  }

  // --- what is told from outside -------------------------------------------------------------

  update(patch) {
    if ("tables" in patch) this.tables = readTables(patch.tables);
    if ("theme" in patch) this.setTheme(patch.theme);
    if ("scene" in patch) this.setScene(patch.scene);
    if (patch.selection) this.setSelection(patch.selection);
    if (patch.speed) this.setSpeed(patch.speed, { settle: null });
    if ("error" in patch) this.setError(patch.error);
    if ("busy" in patch) this.setBusy(patch.busy);
    if ("playing" in patch) this.setPlaying(patch.playing);
    if (this.scene) this.request("tables" in patch ? "pictures" : "focus");
  }

  setTheme(theme) {
    setAttributes(this.root, { "data-theme": theme && theme !== "auto" ? theme : null });
    this.request("theme");
  }

  setScene(plain) {
    this.scene = plain ? decode(plain) : null;
    setAttributes(this.root, { "data-empty": this.scene ? null : "" });
    if (!this.scene) return this.player.pause();
    [this.layerStep] = this.scene.steps;
    const { axes, input, kernel, output } = this.layerStep;
    this.layerStep.touches = new Map(axes.map((axis) => [axis, touches(axis)]));
    const [rows, cols, filters] = output.values.shape;
    const { row = rows >> 1, col = cols >> 1, filter = 0 } = this.selection ?? {};
    this.selection = {
      row: Math.min(row, rows - 1), col: Math.min(col, cols - 1), filter: Math.min(filter, filters - 1),
    };
    this.hover = null;
    if (this.channel === null || (this.channel === ALL && !input.colour) || this.channel >= input.values.shape[2]) {
      this.channel = input.colour ? ALL : 0;
    }
    this.keepChannel();
    this.axes.show(axes);
    this.across = kernel.values.shape[1];
    this.showSizes();
    this.request("theme");
  }

  showSizes() {
    const { input, kernel, output, axes } = this.layerStep;
    const padded = axes.some((axis) => axis.pad_before || axis.pad_after);
    const never = axes.filter((axis) => axis.never_read.length);
    this.pictures.input.showTitle("input", input.values.shape);
    this.pictures.kernel.showTitle("kernel", kernel.values.shape.slice(0, 2));
    this.pictures.patch.showTitle("under it", []);
    this.pictures.output.showTitle("output", output.values.shape);
    this.notes = [
      ...(padded ? [["hatch", "padding, zeros"]] : []),
      ...never.map((axis) => ["dots", `never read: ${axis.name} ${span(axis.never_read)}`]),
    ];
    const { input_shape: from, output_shape: to, parameters, macs, facts } = this.scene;
    const shapes = h("b", {}, `${shapeText(from)} → ${shapeText(to)}`);
    const sizes = [count(parameters, "parameter"), count(macs, "MAC"), ...facts];
    const mac = "multiply-accumulate operations for one example";
    this.footer.replaceChildren(shapes, ...sizes.map((text) => h("span", { title: text.includes("MAC") ? mac : null }, text)));
  }

  setSelection(index) {
    if (!this.scene) return;
    const { selection } = this;
    const first = this.scene.data_format === "channels_first";
    const [filter, row, col] = first ? index : [index[2], index[0], index[1]];
    const [rows, cols, filters] = this.layerStep.output.values.shape;
    const inside = (value, size) => Number.isInteger(value) && value >= 0 && value < size;
    if (!inside(row, rows) || !inside(col, cols) || !inside(filter, filters)) return;
    if (row === selection.row && col === selection.col && filter === selection.filter) return;
    if (filter !== selection.filter) this.request("pictures");
    this.selection = { row, col, filter };
    this.keepChannel();
  }

  setError(error) {
    showError(this.alert, error);
    setAttributes(this.root, { "data-error": error ? (error.rule ?? String(error)) : null });
  }

  setBusy(text) {
    setText(this.busy, text || "");
    this.busy.hidden = !text;
    setAttributes(this.root, { "data-busy": text || null, "aria-busy": text ? "true" : null });
  }

  setPlaying(playing) {
    if (playing && this.scene) this.play();
    else if (this.player.playing) this.pause();
  }

  // --- what is done by hand ------------------------------------------------------------------

  point(focus) {
    if (!this.scene) return;
    if (focus?.kind === "kernel" || focus?.kind === "output") {
      // a grid without padding: nothing lies outside of it
      const [rows, cols] = this.layerStep[focus.kind].values.shape;
      if (focus.row >= rows || focus.col >= cols) return;
    }
    if (JSON.stringify(focus) === JSON.stringify(this.hover)) return;
    this.hover = focus;
    this.request("focus");
  }

  pointTerm(term) {
    const { row, col } = this.cell();
    this.point({ kind: "output", row, col, tap: { row: term.row.tap, col: term.col.tap } });
  }

  pick({ row, col }) {
    this.hover = null;
    this.select({ ...this.selection, row, col }, { settle: 0, glide: false });
  }

  arrow(rows, cols, target) {
    for (const kind of ["input", "kernel"]) {
      if (target === this.grids[kind].top) return this.arrowIn(kind, rows, cols);
    }
    const [high, wide] = this.layerStep.output.values.shape;
    const { row, col, filter } = this.selection;
    const moved = { row: row + rows, col: col + cols, filter };
    if (moved.row < 0 || moved.col < 0 || moved.row >= high || moved.col >= wide) return;
    this.pause({ settle: null });
    this.hover = null;
    this.select(moved);
  }

  /** Moves the cell pointed at in the input or the kernel, from where the window is. */
  arrowIn(kind, rows, cols) {
    const { content, lines, columns } = this.grids[kind];
    const lit = litBy(this.layerStep, { kind: "output", ...this.selection })[kind];
    const start = { row: lit.rows[0].at - rows, col: lit.cols[0].at - cols };
    const from = this.hover?.kind === kind ? this.hover : start;
    const clamp = (value, before, size) => Math.max(-before, Math.min(size - before - 1, value));
    const row = clamp(from.row + rows, content.before[0], lines);
    const col = clamp(from.col + cols, content.before[1], columns);
    this.point({ kind, row, col });
    this.announceFocus = true;
  }

  moveFilter(by) {
    const filters = this.layerStep.output.values.shape[2];
    const filter = (this.selection.filter + by + filters) % filters;
    this.select({ ...this.selection, filter }, { glide: false, settle: this.player.playing ? null : SETTLE });
    this.request("pictures");
  }

  moveChannel(by) {
    const { values, colour } = this.layerStep.input;
    const choices = [...(colour ? [ALL] : []), ...Array(values.shape[2]).keys()];
    const next = choices.indexOf(this.channel) + by + choices.length;
    this.setChannel(choices[next % choices.length]);
  }

  setChannel(channel) {
    if (channel === this.channel) return;
    this.channel = channel;
    const { channels, output } = this.layerStep;
    if (this.slice() === -1) {
      // Another group's channel: go to the first filter that reads it.
      const place = channels.values.indexOf(channel);
      const filter = Math.min(Math.floor(place / channels.shape[1]), output.values.shape[2] - 1);
      this.select({ ...this.selection, filter }, { glide: false });
    }
    this.request("pictures", "focus");
  }

  /** After another filter was chosen: a channel that it reads. */
  keepChannel() {
    if (this.slice() === -1) {
      this.channel = this.layerStep.channels.values[this.selection.filter * this.layerStep.channels.shape[1]];
    }
  }

  /** The kernel's own index of the shown channel; -1 when the filter does not read it. */
  slice() {
    const { channels } = this.layerStep;
    const depth = channels.shape[1];
    if (this.channel === ALL) return depth === 3 ? ALL : -1;
    const start = this.selection.filter * depth;
    return channels.values.subarray(start, start + depth).indexOf(this.channel);
  }

  select(selection, { settle = SETTLE, glide = true } = {}) {
    if (glide) this.startGlide();
    const filterMoved = selection.filter !== this.selection.filter;
    this.selection = selection;
    if (filterMoved) {
      this.keepChannel();
      this.request("pictures");
    }
    this.request("focus");
    if (settle !== null) this.settle(settle);
  }

  // --- play ----------------------------------------------------------------------------------

  steps() {
    const [rows, cols] = this.layerStep.output.values.shape;
    return rows * cols;
  }

  step() {
    return this.selection.row * this.layerStep.output.values.shape[1] + this.selection.col + 1;
  }

  goTo(step, options) {
    if (!this.scene) return;
    this.pause({ settle: null });
    this.hover = null;
    this.select({ ...this.selection, ...this.placeOf(Math.max(1, Math.min(step, this.steps()))) }, options);
  }

  placeOf(step) {
    const cols = this.layerStep.output.values.shape[1];
    return { row: Math.floor((step - 1) / cols), col: (step - 1) % cols };
  }

  toggle() {
    if (this.player.playing) this.pause();
    else this.play();
  }

  play() {
    if (!this.scene || this.player.playing) return;
    clearTimeout(this.settling);
    this.hover = null;
    this.drawn = 0;
    this.skipped = 0;
    if (this.step() === this.steps()) this.selection = { ...this.selection, ...this.placeOf(1) };
    this.lastDrawn = this.step();
    this.player.play();
    this.request("focus");
  }

  pause({ settle = 0 } = {}) {
    if (!this.player.playing) return;
    this.player.pause();
    this.request("focus");
    if (settle !== null) this.settle(settle);
  }

  /** One step of the play, drawn at once: false at the end. */
  advance() {
    const last = this.step() === this.steps();
    if (last && !this.loop) {
      this.pause();
      return false;
    }
    if (this.player.speed <= GLIDING_SPEED) this.startGlide();
    this.selection = { ...this.selection, ...this.placeOf(last ? 1 : this.step() + 1) };
    this.request("focus");
    this.draw();
    return true;
  }

  setSpeed(speed, { settle = SETTLE } = {}) {
    this.player.speed = speed;
    this.request("focus");
    if (settle !== null) this.settle(settle);
  }

  setLoop(loop) {
    this.loop = loop;
    this.request("focus");
  }

  showKeys(shown) {
    this.keys.hidden = !shown;
    if (shown) this.keys.querySelector("button").focus();
  }

  /** Tells the selection once it has come to rest. */
  settle(delay) {
    clearTimeout(this.settling);
    if (this.player.playing) return;
    this.settling = setTimeout(() => {
      setText(this.live, describeOutput(this.layerStep, this.selection, this.litBySelection()));
      this.onSettle({ selection: this.index(), playing: this.player.playing, speed: this.player.speed });
    }, delay);
  }

  // --- drawing -------------------------------------------------------------------------------

  /** The user's index of an output or an input cell, without the batch. */
  indexOf(row, col, channel) {
    return this.scene.data_format === "channels_first" ? [channel, row, col] : [row, col, channel];
  }

  index() {
    return this.indexOf(this.selection.row, this.selection.col, this.selection.filter);
  }

  /** The output cell whose sum is shown: the one pointed at, or the selected one. */
  cell() {
    return this.hover?.kind === "output" ? { ...this.selection, ...this.hover } : this.selection;
  }

  litBySelection() {
    return litBy(this.layerStep, { kind: "output", ...this.selection });
  }

  request(...parts) {
    for (const part of parts) this.dirty.add(part);
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  draw() {
    if (this.frame) cancelAnimationFrame(this.frame);
    this.frame = null;
    const { dirty } = this;
    this.dirty = new Set();
    if (dirty.has("theme")) this.readTheme();
    if (!this.scene) return;
    if (dirty.has("layout") || dirty.has("theme")) {
      for (const grid of Object.values(this.grids)) grid.fitInto();
      this.axes.fitInto();
    }
    if (dirty.has("theme") || dirty.has("pictures")) this.showPictures();
    else if (dirty.has("layout")) for (const grid of Object.values(this.grids)) grid.paint(this.theme);
    this.showFocus();
  }

  readTheme() {
    this.theme = readTheme(this.root);
    if (!this.layerStep) return;
    const [rows, cols] = this.layerStep.kernel.values.shape;
    this.hues = tapHues(rows * cols, this.theme["tap-lightness"]);
  }

  showPictures() {
    const { layerStep: step, tables, channel, selection } = this;
    const { input, kernel, output } = step;
    const [channels, filters] = [input.values.shape[2], output.values.shape[2]];
    this.grids.input.show(inputPicture(step, channel, tables));
    this.grids.kernel.show(kernelPicture(step, selection.filter, this.slice(), tables));
    this.grids.output.show(outputPicture(step, selection.filter, tables));
    const channelText = channel === ALL ? "all channels" : `channel ${channel + 1} of ${channels}`;
    this.pictures.input.selector.show(channelText, channels > 1);
    this.pictures.output.selector.show(`filter ${selection.filter + 1} of ${filters}`, filters > 1);
    const inputNorm = channel === ALL ? { colour: true } : input.norm;
    showLegend(this.pictures.input.legend, inputNorm, tables[input.norm.table], this.notes);
    showLegend(this.pictures.kernel.legend, kernel.norm, tables[kernel.norm.table],
      channel === ALL ? [["rgb", "red, green, blue"]] : []);
    showLegend(this.pictures.output.legend, output.norm, tables[output.norm.table]);
    for (const name of ["input", "kernel", "output"]) this.grids[name].paint(this.theme);
    this.labelGrids(channelText, `filter ${selection.filter + 1} of ${filters}`);
  }

  labelGrids(channel, filter) {
    const { input, kernel, output } = this.layerStep;
    const size = ({ values }) => `${values.shape[0]} by ${values.shape[1]}`;
    const label = (name, text) => this.grids[name].top.setAttribute("aria-label", text);
    label("input", `input, ${size(input)}, ${channel}. Arrow keys point at a cell and show its readers.`);
    label("kernel", `kernel, ${size(kernel)}, ${filter}. Arrow keys point at a weight and show what it touches.`);
    label("patch", `input under the kernel, ${size(kernel)}`);
    label("output", `output, ${size(output)}, ${filter}. Arrow keys move the selected cell.`);
  }

  showFocus() {
    const { layerStep: step, theme, selection, hover } = this;
    const cell = this.cell();
    const focus = hover ?? { kind: "output", ...selection };
    const lit = litBy(step, focus);
    const read = hover?.kind === "output" && !hover.tap ? lit.input : litBy(step, { kind: "output", row: cell.row, col: cell.col }).input;
    this.lightGrids(lit, read, focus);
    this.grids.patch.show(patchPicture(step, read, this.channel, this.tables));
    this.grids.patch.paint(theme);
    this.grids.patch.light({ lit: lit.kernel, hues: this.hues, across: this.across }, theme);
    const index = this.indexOf(cell.row, cell.col, cell.filter);
    this.sum.show({ scene: this.scene, step, cell, index, hues: this.hues, across: this.across });
    this.axes.light(this.diagramLinks(lit, focus), theme);
    const shown = { filter: selection.filter, channel: this.channel, slice: this.slice(), indexOf: (...place) => this.indexOf(...place) };
    setText(this.readout, hover ? describeFocus(step, focus, lit, shown) : HINT);
    if (this.announceFocus) setText(this.live, this.readout.textContent);
    this.announceFocus = false;
    this.mirror(lit, focus);
    this.countDrawn();
  }

  lightGrids(lit, read, focus) {
    const { hues, across, theme, selection, hover } = this;
    const edge = (links, pick) => pick(...links.map((link) => link.at));
    const around = {
      top: edge(read.rows, Math.min), bottom: edge(read.rows, Math.max),
      left: edge(read.cols, Math.min), right: edge(read.cols, Math.max),
    };
    const window = focus.kind === "output" ? this.glideTo(around) : null;
    const pointed = (kind) => (hover?.kind === kind && !hover.tap ? hover : null);
    const veilFrom = this.player.playing ? selection : null;
    this.grids.input.light({ lit: lit.input, hues, across, window, cursor: pointed("input") }, theme);
    this.grids.kernel.light({ lit: lit.kernel, hues, across, cursor: pointed("kernel") }, theme);
    const outputs = focus.kind === "output" ? { rows: [], cols: [] } : lit.output;
    this.grids.output.light({ lit: outputs, hues, across, selected: selection, cursor: pointed("output"), veilFrom }, theme);
  }

  /** What each axis's diagram connects: pairs of an output and the place it reads. */
  diagramLinks(lit, focus) {
    const links = (inputs, outputs) => {
      if (focus.kind === "kernel") return inputs.map(({ at, mark }, i) => ({ at, mark, out: outputs[i].at }));
      if (focus.kind === "input") return outputs.map(({ at: out }) => ({ at: inputs[0].at, mark: inputs[0].mark, out }));
      return inputs.map(({ at, mark }) => ({ at, mark, out: outputs[0].at }));
    };
    return [links(lit.input.rows, lit.output.rows), links(lit.input.cols, lit.output.cols)];
  }

  startGlide() {
    if (this.stillness.matches || !this.window) return;
    this.glide = { from: this.window, start: performance.now() };
  }

  /** The window on its way: at once, or in a glide of less than a tenth of a second. */
  glideTo(target) {
    const part = this.glide ? (performance.now() - this.glide.start) / GLIDE : 1;
    if (part >= 1) {
      this.glide = null;
      this.window = target;
      return target;
    }
    const eased = 1 - (1 - part) ** 2;
    const { from } = this.glide;
    const between = Object.fromEntries(
      Object.keys(target).map((side) => [side, from[side] + (target[side] - from[side]) * eased]),
    );
    this.request("focus");
    return between;
  }

  mirror(lit, focus) {
    mirrorLit(this.root, lit, focus);
    const state = {
      step: this.step(), steps: this.steps(), playing: this.player.playing,
      speed: this.player.speed, loop: this.loop,
    };
    setAttributes(this.root, {
      "data-selection": this.index().join(","),
      "data-step": state.step,
      "data-steps": state.steps,
      "data-playing": state.playing,
      "data-speed": state.speed,
      "data-channel": this.channel,
      "data-filter": this.selection.filter,
    });
    this.transport.show(state);
  }

  /** Counts the steps that a play has drawn, and those that it missed. */
  countDrawn() {
    if (!this.player.playing || this.step() === this.lastDrawn) return;
    const ahead = (this.step() - this.lastDrawn + this.steps()) % this.steps();
    this.drawn += 1;
    this.skipped += ahead - 1;
    this.lastDrawn = this.step();
    setAttributes(this.root, { "data-drawn": this.drawn, "data-skipped": this.skipped });
  }

  destroy() {
    this.player.pause();
    clearTimeout(this.settling);
    if (this.frame) cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.onScheme);
    this.root.remove();
  }
}
