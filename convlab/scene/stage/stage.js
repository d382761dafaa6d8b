// The stage: a convolution as pictures that answer to the mouse, the keyboard and a finger.
//
// It knows no notebook: `createStage(element, options)` needs an element and a scene. Everything
// that it lights up is read from the scene's tap tables, so it asks nothing of anyone.

import { readTables } from "./colours.js";
import { decode } from "./decode.js";
import { setAttributes, setText } from "./dom.js";
import { editWeight } from "./editor.js";
import { handleKey } from "./keyboard.js";
import { showError } from "./layout.js";
import { describeOutput } from "./mirror.js";
import { ALL } from "./pictures.js";
import { Place } from "./place.js";
import { Player, SPEEDS } from "./player.js";
import { litBy, touches } from "./relation.js";
import { View } from "./view.js";

const GLIDING_SPEED = 10; // steps a second up to which the window glides; it jumps above
const SETTLE = 250; // milliseconds after the last key until the selection is told

/**
 * @param {HTMLElement} element where to put the stage
 * @param options `onSettle({selection, playing, speed})` is told where the selection has come to
 *   rest, never while hovering or playing; `onWeight(index, value)` that a weight was typed;
 *   `onFix(index)` that one of an error's fixes was pressed
 * @returns {{update: (patch: object) => void, destroy: () => void}} `update` takes any of scene,
 *   tables, selection, error, busy, theme, playing, speed, editable
 */
export function createStage(element, options = {}) {
  return new Stage(element, options);
}

class Stage {
  constructor(element, { onSettle = () => {}, onWeight = () => {}, onFix = () => {} }) {
    Object.assign(this, { onSettle, onWeight, onFix });
    this.state = { scene: null, place: null, hover: null, tables: readTables(), loop: false, editable: false };
    this.dirty = new Set();
    this.player = new Player(() => this.advance());
    this.view = new View(this.hands());
    this.root = this.view.root;
    this.root.addEventListener("keydown", (event) => handleKey(event, this.keyHands()));
    element.append(this.root);
    this.observer = new ResizeObserver(() => this.request("layout"));
    for (const part of this.view.sized) this.observer.observe(part);
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.request("theme");
    this.darkness.addEventListener("change", this.onScheme);
  }

  hands() {
    return {
      onPoint: (focus) => this.point(focus),
      onLeave: () => this.point(null),
      onPick: (focus) => this.pick(focus),
      onTerm: (term) => this.pointTerm(term),
      onTermPicked: (term) => this.setChannel(term.channel),
      onChannel: (by) => this.setChannel(this.state.place?.channelBeside(by)),
      onFilter: (by) => this.moveFilter(by),
      onScrub: (number) => this.goTo(number, { settle: null, glide: false }),
      onScrubbed: () => this.settle(0),
      onStep: (by) => this.goTo(this.state.place?.number + by),
      onLoop: () => this.setLoop(!this.state.loop),
      onSpeed: (speed) => this.setSpeed(speed),
      ...this.commonHands(),
    };
  }

  keyHands() {
    return {
      onArrow: (rows, cols, target) => this.arrow(rows, cols, target),
      onFaster: (by) => {
        const next = SPEEDS.findIndex((speed) => speed >= this.player.speed) + by;
        this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, next))]);
      },
      onEnter: () => {
        if (this.state.hover) this.pick(this.state.hover);
      },
      onEscape: () => {
        this.showKeys(false);
        this.point(null);
      },
      ...this.commonHands(),
    };
  }

  commonHands() {
    return {
      onFirst: () => this.goTo(1),
      onLast: () => this.goTo(this.state.place?.steps),
      onToggle: () => this.setPlaying(!this.player.playing),
      onKeys: () => this.showKeys(this.view.keys.hidden),
    };
  }

  // --- what is told from outside -------------------------------------------------------------

  update(patch) {
    const { state } = this;
    if ("editable" in patch) state.editable = patch.editable;
    if ("tables" in patch) state.tables = readTables(patch.tables);
    if ("theme" in patch) this.setTheme(patch.theme);
    if ("scene" in patch) this.setScene(patch.scene);
    if (patch.selection) this.setSelection(patch.selection);
    if (patch.speed) this.player.speed = patch.speed;
    if ("error" in patch) this.setError(patch.error);
    if ("busy" in patch) this.setBusy(patch.busy);
    if ("playing" in patch) this.setPlaying(patch.playing);
    if (patch.scene || patch.selection) this.tell();
    this.request("tables" in patch || "editable" in patch ? "pictures" : "focus");
  }

  setTheme(theme) {
    setAttributes(this.root, { "data-theme": theme && theme !== "auto" ? theme : null });
    this.request("theme");
  }

  setScene(plain) {
    const { state } = this;
    state.scene = plain ? decode(plain) : null;
    state.hover = null;
    setAttributes(this.root, { "data-empty": plain ? null : "" });
    if (!plain) return this.player.pause();
    state.place = new Place(state.scene, state.place);
    const { step } = state.place;
    step.touches = new Map(step.axes.map((axis) => [axis, touches(axis)]));
    this.lastDrawn = state.place.number;
    this.view.showScene(state);
    this.request("theme");
  }

  setSelection(index) {
    const { place } = this.state;
    const selection = place?.selectionOf(index);
    if (!selection || place.index.join() === index.join()) return;
    this.setPlaying(false);
    this.select(selection, { settle: null, glide: false });
  }

  setError(error) {
    showError(this.view.alert, error, this.onFix);
    setAttributes(this.root, { "data-error": error ? error.rule : null });
  }

  setBusy(text) {
    setText(this.view.busy, text || "");
    this.view.busy.hidden = !text;
    setAttributes(this.root, { "data-busy": text || null, "aria-busy": text ? "true" : null });
  }

  setPlaying(playing) {
    if (!playing) this.pause();
    else if (this.state.scene && !this.player.playing) this.play();
  }

  // --- what is pointed at --------------------------------------------------------------------

  point(focus) {
    const { scene, place, hover } = this.state;
    if (!scene || JSON.stringify(focus) === JSON.stringify(hover)) return;
    if (focus?.kind === "output" && (focus.row >= place.rows || focus.col >= place.cols)) return;
    this.state.hover = focus;
    this.request("focus");
  }

  /** One term of the sum that is shown. */
  pointTerm({ row, col }) {
    const { hover, place } = this.state;
    const cell = hover?.kind === "output" ? hover : place.selection;
    this.point({ kind: "output", row: cell.row, col: cell.col, tap: { row: row.tap, col: col.tap } });
  }

  pick({ kind, row, col }) {
    const { place, editable } = this.state;
    if (kind === "output") {
      this.setPlaying(false);
      this.state.hover = null;
      this.select({ ...place.selection, row, col }, { settle: 0, glide: false });
    }
    if (kind === "kernel" && editable && place.channel !== ALL) {
      const index = [row, col, place.slice, place.selection.filter];
      editWeight(this.view.grids.kernel, { row, col }, place.weight(row, col), (value) =>
        this.onWeight(index, value));
    }
  }

  arrow(rows, cols, target) {
    const { place } = this.state;
    if (!place) return;
    const kind = ["input", "kernel"].find((name) => target === this.view.grids[name].top);
    if (kind) return this.arrowIn(kind, rows, cols);
    const [row, col] = [place.selection.row + rows, place.selection.col + cols];
    if (row < 0 || col < 0 || row >= place.rows || col >= place.cols) return;
    this.pause({ settle: null });
    this.state.hover = null;
    this.select({ ...place.selection, row, col });
  }

  /** Moves the cell pointed at in the input or the kernel; it starts where the window is. */
  arrowIn(kind, rows, cols) {
    const { hover, place } = this.state;
    const { content, lines, columns } = this.view.grids[kind];
    const lit = litBy(place.step, { kind: "output", ...place.selection })[kind];
    const start = { row: lit.rows[0].at - rows, col: lit.cols[0].at - cols };
    const from = hover?.kind === kind ? hover : start;
    const clamp = (value, before, size) => Math.max(-before, Math.min(size - before - 1, value));
    const row = clamp(from.row + rows, content.before[0], lines);
    const col = clamp(from.col + cols, content.before[1], columns);
    this.point({ kind, row, col });
    this.draw();
    setText(this.view.live, this.view.readout.textContent);
  }

  moveFilter(by) {
    const { place } = this.state;
    const filter = (place.selection.filter + by + place.filters) % place.filters;
    this.select({ ...place.selection, filter }, { glide: false });
  }

  setChannel(channel) {
    const { place } = this.state;
    if (!place || channel === place.channel) return;
    const { filter } = place.selection;
    place.setChannel(channel);
    this.request("pictures");
    if (filter !== place.selection.filter) this.settle(SETTLE);
  }

  select(selection, { settle = SETTLE, glide = true } = {}) {
    if (glide) this.view.glide.begin();
    const another = this.state.place.select(selection);
    this.request(another ? "pictures" : "focus");
    if (settle !== null) this.settle(settle);
  }

  // --- play ----------------------------------------------------------------------------------

  goTo(number, options) {
    const { place } = this.state;
    if (!place) return;
    this.pause({ settle: null });
    this.state.hover = null;
    this.select({ ...place.selection, ...place.cellOf(number) }, options);
  }

  play() {
    const { place } = this.state;
    clearTimeout(this.settling);
    this.state.hover = null;
    if (place.number === place.steps) place.select({ ...place.selection, ...place.cellOf(1) });
    Object.assign(this, { drawn: 0, skipped: 0, lastDrawn: place.number });
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
    const { place, loop } = this.state;
    const last = place.number === place.steps;
    if (last && !loop) {
      this.pause();
      return false;
    }
    const cell = place.cellOf(last ? 1 : place.number + 1);
    this.select({ ...place.selection, ...cell }, { settle: null, glide: this.player.speed <= GLIDING_SPEED });
    this.draw();
    this.countDrawn(place);
    return true;
  }

  /** Counts the steps that a play has drawn, and those that it missed. */
  countDrawn({ number, steps }) {
    this.drawn += 1;
    this.skipped += (number - this.lastDrawn - 1 + steps) % steps;
    this.lastDrawn = number;
    setAttributes(this.root, { "data-drawn": this.drawn, "data-skipped": this.skipped });
  }

  setSpeed(speed) {
    this.player.speed = speed;
    this.request("focus");
    this.settle(SETTLE);
  }

  setLoop(loop) {
    this.state.loop = loop;
    this.request("focus");
  }

  showKeys(shown) {
    const { keys } = this.view;
    if (shown === !keys.hidden) return;
    keys.hidden = !shown;
    if (shown) this.focusBefore = document.activeElement;
    (shown ? keys.querySelector("button") : this.focusBefore)?.focus();
  }

  /** Tells the selection once it has come to rest. */
  settle(delay) {
    clearTimeout(this.settling);
    const { place } = this.state;
    if (this.player.playing || !place) return;
    this.settling = setTimeout(() => {
      if (this.frame) this.draw(); // what is told is shown first
      this.tell();
      this.onSettle({ selection: place.index, playing: false, speed: this.player.speed });
    }, delay);
  }

  /** Writes the selection for a screen reader to speak: not at every hover, nor while playing. */
  tell() {
    const { place } = this.state;
    if (!place || this.player.playing) return;
    const lit = litBy(place.step, { kind: "output", ...place.selection });
    setText(this.view.live, describeOutput(place, lit));
  }

  // --- drawing: once a frame, and only what has changed ---------------------------------------

  request(...parts) {
    for (const part of parts) this.dirty.add(part);
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { dirty, state, view } = this;
    this.dirty = new Set();
    if (dirty.has("theme") || !view.theme) view.readTheme();
    if (!state.scene) return;
    if (dirty.has("layout") || dirty.has("theme")) view.fitInto();
    if (dirty.has("pictures") || dirty.has("theme")) view.showPictures(state);
    else if (dirty.has("layout")) view.repaint();
    const playing = { playing: this.player.playing, speed: this.player.speed };
    if (view.showFocus({ ...state, ...playing })) this.request("focus");
  }

  destroy() {
    this.player.pause();
    clearTimeout(this.settling);
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.onScheme);
    this.root.remove();
  }
}
