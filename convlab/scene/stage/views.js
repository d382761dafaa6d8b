// The views that only some layers have, beside the pictures: taps as edges and the signal as a line
// (one axis), the volume in space (three), the gates (an LSTM); the maps; what is to be predicted.

import { STRIP_LEFT, stripsOf } from "./axis_layout.js";
import { TapDiagram } from "./diagram1d.js";
import { h, setAttributes } from "./dom.js";
import { GatesView } from "./gates.js";
import { GatesSum } from "./gates_sum.js";
import { VolumeView } from "./iso.js";
import { showLegend } from "./layout.js";
import { lastFrom, mapOf, MAPS } from "./maps.js";
import { SignalPlot } from "./plot.js";
import { litBy } from "./relation.js";
import { Reveal } from "./reveal.js";
import { spotOf } from "./sheet.js";
import { isStack, StackDiagram } from "./stack.js";

const ROOM_FOR_BOTH = 430; // pixels that the pictures of one axis need to have taps and signal between
const MOST_ROWS = 12; // channels above which a strip asks for no more height
const STRIPS = [["stack", "stack", "All steps, with what the selected output depends on"], ["taps", "taps", "Which inputs each output reads, as edges"], ["signal", "signal", "Input and output as lines"]];

export class Views {
  /** @param hands the stage's own, with {onMap(kind), onToggled(), onAnswered()} */
  constructor(hands) {
    const { onPoint, onLeave, onPick } = hands;
    const spot = (row, place, channel) => ({ slice: 0, row: channel, col: place });
    const filter = () => this.place.selection.filter;
    this.taps = new TapDiagram({
      onLeave,
      onPoint: (row, place) => onPoint(row, spot(row, place, row === "output" ? filter() : undefined)),
      onPick: (row, place) => onPick(row, spot(row, place, row === "output" ? filter() : this.place.pass.channel)),
    });
    this.plot = new SignalPlot();
    this.volume = new VolumeView();
    this.gates = new GatesView({ onLeave, onPoint: (at) => onPoint("output", at), onPick: (at) => onPick("output", at) });
    this.gatesSum = new GatesSum();
    this.reveal = new Reveal(hands);
    this.stack = new StackDiagram();
    this.strips = { stack: this.stack, taps: this.taps, signal: this.plot };
    this.chosen = {};
    this.shownMaps = { input: null, output: null };
    this.onToggled = hands.onToggled;
    this.makeChoices(hands);
    this.parts = [...Object.values(this.strips), this.volume, this.gates].map((view) => view.element);
  }

  makeChoices({ onMap }) {
    this.maps = h("select.cl-maps", {
      "aria-label": "what the pictures show", title: "What the pictures show", onchange: () => onMap(this.maps.value),
    });
    this.buttons = STRIPS.map(([name, text, title]) =>
      h("button.cl-button.cl-text", { type: "button", title, onclick: () => this.toggle(name) }, text));
    this.stripChoice = h("span.cl-switch", { role: "group", "aria-label": "between the strips" }, ...this.buttons);
  }

  /** Which of the views there is for a step: "strips", "volume", "gates" or null. */
  kindOf(step) {
    return step.gates ? "gates" : { 1: "strips", 3: "volume" }[step.axes.length] ?? null;
  }

  // --- what changes with the scene, or with the step of it that is in view ---------------------

  showScene({ scene, place, map }) {
    const { step } = place;
    Object.assign(this, { place, kind: this.kindOf(step), stacked: isStack(scene) });
    this.slot.hidden = !this.kind;
    this.volume.element.hidden = this.kind !== "volume";
    this.gates.element.hidden = this.gatesSum.element.hidden = this.kind !== "gates";
    this.sum.hidden = this.kind === "gates";
    this.stripChoice.hidden = this.kind !== "strips";
    if (this.kind === "strips") this.taps.show(step.axes[0]);
    if (this.stacked) this.stack.show(scene);
    if (this.kind === "volume") this.volume.show(step);
    if (step.axes.length === 1) this.shareRoom(step);
    const offered = MAPS.filter(([kind]) => isOffered(kind, step));
    this.maps.replaceChildren(...offered.map(([kind, text]) => h("option", { value: kind }, text)));
    this.maps.hidden = offered.length < 2;
    this.maps.value = offered.some(([kind]) => kind === map) ? map : "values";
  }

  /** A strip's share of the height goes by how many channels it has. */
  shareRoom(step) {
    for (const name of ["input", "output"]) {
      const rows = Math.min(step[name].values.shape.at(-1), MOST_ROWS);
      this.slot.parentElement.style.setProperty(`--cl-${name}-rows`, rows);
    }
  }

  fitInto(theme) {
    if (!this.place) return;
    const both = this.slot.parentElement.clientHeight >= ROOM_FOR_BOTH * theme.zoom;
    const { stacked } = this;
    const shown = { taps: both || !stacked, signal: both && !stacked, ...this.chosen, stack: stacked && this.chosen.stack !== false };
    STRIPS.forEach(([name], n) => {
      this.strips[name].element.hidden = this.kind !== "strips" || !shown[name];
      this.buttons[n].hidden = name === "stack" && !stacked;
      setAttributes(this.buttons[n], { "aria-pressed": shown[name] });
    });
    const room = { width: this.slot.clientWidth, left: STRIP_LEFT * theme.zoom, scale: window.devicePixelRatio || 1 };
    this.shared = this.kind === "strips" ? stripsOf(this.place.step.axes[0], room) : null;
    for (const name of ["input", "output"]) this.grids[name].strip = this.shared?.[name];
    for (const view of this.shownViews) view.fitInto(theme, this.shared);
  }

  get shownViews() {
    return [this.stack, this.taps, this.plot, this.volume, this.gates].filter((view) => this.place && !view.element.hidden);
  }

  /** Shows or hides the taps or the signal between the strips. */
  toggle(name) {
    const button = this.buttons[STRIPS.findIndex(([each]) => each === name)];
    this.chosen[name] = button.getAttribute("aria-pressed") !== "true";
    this.onToggled();
  }

  // --- what changes with the filter and the channel ------------------------------------------

  showPictures({ place, tables }, theme) {
    const { step, pass } = place;
    if (this.kind === "strips") this.plot.show(step, pass.channel, pass.selection.filter);
    if (this.kind !== "gates") return;
    this.gates.show(step, pass.selection.filter, tables);
    this.gates.paint(theme);
  }

  /** The map on one of the pictures, {content, norm, words}, or null: it shows values. */
  mapOn(picture, { scene, place, map, tables }) {
    const on = MAPS.find(([kind]) => kind === map)?.[2];
    this.shownMaps[picture] = null;
    if (on !== picture || !isOffered(map, place.step)) return null;
    const cell = fieldCell(scene, place);
    const { values } = place.step[picture];
    const found = mapOf(map, scene.steps, place.shown, { cell, rows: values.shape.at(-1), tables });
    this.shownMaps[picture] = { ...found, kind: map, cell: cell.join() };
    return found;
  }

  /** Whether the map in view is of another output than the one that is now selected. */
  mapMoved({ scene, place }) {
    const { input } = this.shownMaps;
    return input?.kind === "field" && input.cell !== fieldCell(scene, place).join();
  }

  /** The content of a grid with a map in the place of its values. */
  mapped(picture, map) {
    const { before, after, stretch, never, addedBefore, addedAfter } = picture;
    return { ...map.content, before, after, stretch, never, addedBefore, addedAfter };
  }

  showMapLegends(pictures, tables) {
    for (const [name, map] of Object.entries(this.shownMaps)) {
      if (map) showLegend(pictures[name].legend, map.norm, tables[map.norm.table], [], map.words.join("; "));
    }
  }

  // --- what changes with the cell pointed at -------------------------------------------------

  /** What may be seen of a lit set: while its taps are to be predicted, only the cell itself. */
  seen({ place, hover }, lit) {
    const { selection, step } = place;
    const own = { kind: "output", at: selection.at, channel: selection.filter };
    if (this.reveal.idle) return lit;
    this.reveal.showPlace(place, litBy(step, own, selection.filter));
    const nothing = { axes: step.axes.map(() => []), channels: [] };
    // What a weight touches has the output's shape.
    if (this.reveal.hidden === "shape" && hover?.kind === "kernel") return { ...lit, input: nothing, output: nothing };
    if (this.reveal.hidden !== "taps") return lit;
    return { input: nothing, kernel: nothing, output: nothing };
  }

  /** @param links for each axis the pairs that its diagram connects */
  light({ place, hover }, { cell, lit, links, hues }, theme) {
    const pairs = links[0] ?? [];
    if (this.kind === "strips") {
      const centre = place.reading === "scatter" ? place.pass.source : middleOf(place);
      this.taps.light(pairs, { hues, centre, focus: hover?.kind ?? null }, theme);
      if (!this.stack.element.hidden) this.stack.light({ shown: place.shown, out: cell.at[0] }, theme);
      if (!this.plot.element.hidden) this.plot.light(pairs, { hues }, theme);
    }
    if (this.kind === "volume") this.volume.light(lit, theme);
    if (this.kind !== "gates") return;
    this.gates.light(cell, theme);
    this.gatesSum.show(place.step, cell, place.outputIndex(cell));
  }

  /** What the root tells of the views. */
  mirrored({ kind, at }) {
    const { reveal, place } = this;
    const { input, output } = this.shownMaps;
    const here = kind !== "output" || at.join() === place.selection.at.join();
    return {
      "data-map": (input ?? output)?.kind ?? "values",
      "data-hide": reveal.hidden,
      "data-predict": reveal.asking,
      "data-unknown": reveal.unknownIn(place) < 0 ? null : "",
      "data-here": here ? "" : null,
    };
  }

  /** Lays over the grids what the prediction covers and marks. */
  showOver(grids) {
    this.reveal.showOver(grids, spotOf);
  }
}

/** A map is offered where it can say something. */
function isOffered(kind, { axes, gates }) {
  if (kind === "values") return true;
  if (gates) return false;
  if (kind === "overlap") return axes.some((axis) => axis.kernel > 1);
  return true;
}

/** The selected output of the last step that depends on the one in view. */
function fieldCell({ steps }, place) {
  return place.passes[lastFrom(steps, place.shown)].selection.at;
}

/** The places that the selected output reads: around them a long axis is shown. */
function middleOf({ step, selection }) {
  const [axis] = step.axes;
  const { kernel, positions } = axis;
  const [out] = selection.at;
  return [...positions.values.subarray(out * kernel, (out + 1) * kernel)];
}
