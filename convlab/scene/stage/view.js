// The stage as it looks: it builds the elements, and draws a state on them.

import { AxisPanel } from "./axes.js";
import { choices, labelGrids, showFacts, showLegends, showPatchTitle, showTitles } from "./captions.js";
import { readTheme, tapHues } from "./colours.js";
import { at } from "./decode.js";
import { describeFocus } from "./describe.js";
import { h, setAttributes, setText } from "./dom.js";
import { groupHues } from "./groups.js";
import { Glide } from "./glide.js";
import { Grid } from "./grid.js";
import { makeKeys, makePicture } from "./layout.js";
import { marksOf } from "./marks.js";
import { mirrorLit } from "./mirror.js";
import { ALL, factorsPicture, inputPicture, kernelPicture, outputPicture, patchPicture, stampPicture } from "./pictures.js";
import { diagramLinks, litBy } from "./relation.js";
import { along } from "./sheet.js";
import { SoFar } from "./so_far.js";
import { SumPanel } from "./sum.js";
import { Tools } from "./tools.js";
import { Transport } from "./transport.js";
import { Views } from "./views.js";

const HINT = "Point at a cell, a weight or an input. Arrow keys move, space plays, ? shows the keys.";
const COUNTING = "The output is what the stamps so far have left on it, before the activation.";
const MOST_HUES = 3000; // of more taps, neighbours could not be told apart

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
    this.tools = new Tools(hands);
    this.views = new Views(hands);
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
      onPoint: (spot) => hands.onPoint(kind, spot),
      onLeave: hands.onLeave,
      onPick: (spot) => hands.onPick(kind, spot),
    });
    const patch = { onPoint: hands.onTap, onLeave: hands.onLeave, onPick: hands.onTap };
    const bare = { gutter: false, tint: false, largestCell: 84 };
    const grids = {
      input: new Grid(this.pictures.input.host, asHand("input")),
      kernel: new Grid(this.pictures.kernel.host, asHand("kernel"), bare),
      patch: new Grid(this.pictures.patch.host, patch, bare),
      output: new Grid(this.pictures.output.host, asHand("output")),
    };
    grids.patch.top.tabIndex = -1; // the kernel above it answers to the keys for both
    for (const kind of ["input", "kernel"]) grids[kind].top.addEventListener("blur", hands.onLeave);
    return grids;
  }

  assemble() {
    const { input, kernel, patch, output } = this.pictures;
    const arrow = h("div.cl-operator.cl-arrow", { "aria-hidden": "true" }, "→");
    this.middle = h("div.cl-middle", {}, kernel.element, patch.element);
    const { views } = this;
    views.slot = h("div.cl-slot.cl-between", { hidden: true }, ...views.parts);
    Object.assign(views, { sum: this.sum.element, grids: this.grids });
    input.host.append(views.reveal.marks);
    output.host.append(views.reveal.cover);
    const pictures = h("div.cl-pictures", {},
      input.element, this.middle, views.slot, arrow, output.element);
    this.panels = h("div.cl-panels", {}, this.sum.element, this.axes.element);
    const below = h("div.cl-below", {}, views.maps, this.readout, views.reveal.element, views.stripChoice);
    const attributes = {
      tabindex: -1, role: "region", "aria-label": "stage", "data-lm-suppress-shortcuts": "true",
    };
    return h("div.cl-stage", attributes,
      h("div.cl-body", {},
        this.tools.element,
        h("div.cl-scene", {}, this.busy, pictures),
        this.alert, below, this.transport.element,
        this.panels, this.footer),
      this.keys, this.live);
  }

  /** Everything whose size the drawing depends on. */
  get sized() {
    return [...Object.values(this.grids).map((grid) => grid.host), this.axes.room, this.sum.room, this.views.slot];
  }

  // --- what changes with the scene, or with the step of it that is in view ---------------------

  showScene({ scene, place, map }) {
    const { axes, kernel } = place.step;
    this.views.showScene({ scene, place, map });
    const panel = this.views.kind === "gates" ? this.views.gatesSum.element : this.sum.element;
    if (this.panels.firstChild !== panel) this.panels.firstChild.replaceWith(panel); // one at a time
    this.axes.show(axes);
    this.glide = new Glide();
    this.taps = axes.map((axis) => axis.kernel);
    this.pictures.kernel.element.hidden = !kernel && !place.factors;
    const all = axes.every((axis) => axis.kernel === axis.size_in); // the window is the whole input
    this.middle.hidden = !kernel && (all || this.taps.every((taps) => taps === 1));
    setAttributes(this.root, { "data-rank": axes.length, "data-kernel": kernel ? "" : null, "data-window": this.middle.hidden ? null : "", "data-view": this.views.kind });
    this.grids.kernel.content = null;
    this.tools.showScene({ scene, place });
    showTitles(this.pictures, place);
    showFacts(this.footer, scene, place.shown);
  }

  readTheme() {
    this.theme = readTheme(this.root);
  }

  chooseHues() {
    const taps = (this.taps ?? []).reduce((many, size) => many * size, 1);
    this.hues = tapHues(Math.min(taps, MOST_HUES), this.theme["tap-lightness"]);
  }

  /** Takes the room there is. What is measured after something was written costs a layout each. */
  fitInto() {
    this.shownCell = null;
    this.views.fitInto(this.theme); // it may take room from the others
    const parts = [...Object.values(this.grids), this.axes, this.sum];
    for (const part of parts) part.measure();
    for (const part of parts) part.fitInto(this.theme);
  }

  repaint() {
    for (const grid of Object.values(this.grids)) grid.paint(this.theme);
  }

  // --- what changes with the filter and the channel ------------------------------------------

  showPictures(state) {
    const { place, tables, editable } = state;
    const { pass } = place;
    this.shownKernel = null;
    this.views.showPictures(state, this.theme);
    this.showKernel(place, pass.selection, tables);
    for (const name of ["input", "output"]) this.showValues(name, state);
    const said = choices(place);
    const hue = groupHues(place, this.theme);
    this.pictures.input.selector.show(said.channel, said.channels, hue.ofChannel(pass.channel));
    this.pictures.output.selector.show(said.filter, said.filters, hue.ofFilter(pass.selection.filter));
    showLegends(this.pictures, this.grids, place, tables);
    this.views.showMapLegends(this.pictures, tables);
    labelGrids(this.grids, place, said);
    this.grids.kernel.top.title = editable && pass.channel !== ALL ? "Click a weight to change it" : "";
  }

  /** The input or the output: its values, or a map in their place. */
  showValues(name, state) {
    const { place: { step, pass }, tables } = state;
    const map = this.views.mapOn(name, state);
    const picture = name === "input"
      ? inputPicture(step, pass.channel, tables)
      : outputPicture(step, pass.selection.filter, pass.channel, tables);
    const rowHues = groupHues(state.place, this.theme).ofRows(name);
    this.grids[name].show({ ...(map ? this.views.mapped(picture, map) : picture), rowHues });
    this.grids[name].paint(this.theme);
  }

  /** The weights that an output cell uses: its filter's, and where they are local its own. */
  showKernel({ step, pass, factors }, cell, tables) {
    if (!step.kernel && !factors) return;
    const shown = [step, tables, pass.slice, cell.filter, step.local || factors ? cell.at.join() : ""];
    if (this.shownKernel?.every((part, i) => part === shown[i])) return;
    this.shownKernel = shown;
    const content = factors ? factorsPicture(step, cell, tables) : kernelPicture(step, cell, pass.slice, tables);
    this.grids.kernel.show(content);
    this.grids.kernel.paint(this.theme);
  }

  // --- what changes with the cell pointed at -------------------------------------------------

  /** Draws the focus; true while the window is still on its way. */
  showFocus(state) {
    const { place, hover } = state;
    const { step, selection } = place;
    const focus = hover ?? place.focus;
    const lit = this.views.seen(state, litBy(step, focus, selection.filter));
    if (this.views.mapMoved(state)) {
      this.showValues("input", state);
      this.views.showMapLegends(this.pictures, state.tables);
    }
    const cell = focus.kind === "output" ? { at: focus.at, filter: focus.channel } : selection;
    const hues = { hues: this.hues, taps: along(this.taps, 1).slice(1) };
    const counting = this.showSoFar(state);
    const links = this.views.reveal.hidden === "taps" ? [] : diagramLinks(lit, focus);
    this.showCell(state, cell, focus.kind === "stamp" ? focus : null, hues);
    this.sum.mark(focus.kind === "kernel" ? focus : null);
    this.views.showOver(this.grids);
    this.tools.reach(this.views.reveal.reach(place));
    setText(this.readout, hover ? describeFocus(place, focus, lit) : counting ? COUNTING : HINT);
    this.mirror(state, focus, lit);
    // all is written: now it is painted
    for (const grid of Object.values(this.grids)) grid.paintDue();
    this.light(state, focus, lit, hues);
    this.axes.light(links, this.theme);
    this.views.light(state, { focus, cell, lit, links, ...hues }, this.theme);
    return this.glide.moving;
  }

  /** What lies under the window, and the sum: they stay while only an input is pointed at. */
  showCell({ scene, place, tables }, cell, stamp, hues) {
    const { step, pass } = place;
    const source = stamp && { at: stamp.at, channel: stamp.channel ?? 0 };
    const shown = [step, this.theme, tables, pass.channel, cell.at.join(), cell.filter, source?.at.join(), source?.channel];
    if (this.shownCell?.every((part, i) => part === shown[i])) return;
    this.shownCell = shown;
    this.showKernel(place, cell, tables);
    if (!this.middle.hidden) {
      this.grids.patch.show(source ? stampPicture(step, source, cell.filter, tables) : patchPicture(step, cell, pass.channel, tables));
      showPatchTitle(this.pictures.patch, place, source && at(step.input.values, ...source.at, source.channel));
      this.grids.patch.paint(this.theme);
    }
    const index = source ? place.indexOf(source.at, source.channel) : place.outputIndex(cell);
    this.sum.show({ scene, step, cell, source, index, theme: this.theme, ...hues });
  }

  /** While stamps are played, the output is what they have left on it so far. */
  showSoFar(state) {
    const { place, playing, led, tables } = state;
    const counting = place.reading === "scatter" && (playing || led);
    if (!counting && !this.soFar) return false;
    const { step, pass: { rank, filters, selection, channel } } = place;
    if (!counting) {
      this.soFar = null;
      this.showValues("output", state);
      setAttributes(this.root, { "data-so-far": null });
      return false;
    }
    if (this.soFar?.step !== step) this.soFar = new SoFar(step);
    const shown = rank === 1 ? [...Array(filters).keys()] : [selection.filter];
    const array = this.soFar.after(place.number, shown);
    this.grids.output.show(outputPicture(step, selection.filter, channel, tables, array));
    this.grids.output.paint(this.theme);
    setAttributes(this.root, { "data-so-far": at(array, ...selection.at, selection.filter) });
    return true;
  }

  light(state, focus, lit, hues) {
    const whole = { ...focus, tap: undefined, slice: undefined };
    const around = focus.tap ? litBy(state.place.step, whole, state.place.selection.filter) : lit;
    const window = focus.kind === "stamp" ? around.output : around.input;
    const marks = marksOf(state, focus, lit, window, this.glide);
    for (const [name, mark] of Object.entries(marks)) {
      const grid = this.grids[name];
      if (grid.content && grid.inView) grid.light({ ...mark(grid), ...hues }, this.theme);
    }
  }

  mirror({ scene, place, playing, speed, loop }, focus, lit) {
    mirrorLit(this.root, lit, focus);
    const { pass, selection, step } = place;
    setAttributes(this.root, {
      "data-selection": place.index.join(","),
      "data-value": String(at(step.output.values, ...selection.at, selection.filter)),
      "data-pass": place.shown,
      "data-passes": scene.steps.length,
      "data-reading": place.reading,
      "data-source": place.reading === "scatter" ? pass.source.join(",") : null,
      "data-step": place.number,
      "data-steps": place.steps,
      "data-playing": playing,
      "data-speed": speed,
      "data-channel": pass.channel,
      "data-filter": selection.filter,
      ...this.views.mirrored(focus),
    });
    this.transport.show({ step: place.number, steps: place.steps, playing, speed, loop });
  }
}
