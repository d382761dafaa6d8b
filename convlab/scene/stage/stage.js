// The stage: a layer as pictures that answer to the mouse, the keyboard and a finger.
//
// It knows no notebook: `createStage(element, options)` needs an element and a scene. Everything
// that it lights up is read from the scene's tap tables, so it asks nothing of anyone.

import { readTables } from "./colours.js";
import { decode } from "./decode.js";
import { describeOutput } from "./describe.js";
import { setAttributes, setText } from "./dom.js";
import { handleKey } from "./keyboard.js";
import { showError } from "./layout.js";
import { Place } from "./place.js";
import { Playing } from "./playing.js";
import { Pointing } from "./pointing.js";
import { litBy } from "./relation.js";
import { View } from "./view.js";

const SETTLE = 250; // milliseconds after the last key until the selection is told

/**
 * @param {HTMLElement} element where to put the stage
 * @param options `onSettle({selection, playing, speed})` is told where the selection has come to
 *   rest, never while hovering or playing; `onMove(selection)` is told every move at once, for
 *   another stage to follow; `onWeight(index, value, pass)` that a weight of
 *   a step was typed; `onFix(index)` that one of an error's fixes was pressed
 * @returns {{update: (patch: object) => void, destroy: () => void}} `update` takes any of scene,
 *   tables, selection, error, busy, theme, playing, speed, editable, pass, reading, follow
 */
export function createStage(element, options = {}) {
  return new Stage(element, options);
}

const nothing = () => {};

class Stage {
  constructor(element, { onSettle = nothing, onMove = nothing, onWeight = nothing, onFix = nothing }) {
    Object.assign(this, { onSettle, onMove, onWeight, onFix });
    this.state = { scene: null, place: null, hover: null, tables: readTables(), editable: false };
    this.dirty = new Set();
    this.pointing = new Pointing(this);
    this.play = new Playing(this);
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
    const { pointing, play } = this;
    return {
      onPoint: (kind, spot) => pointing.pointAt(kind, spot),
      onLeave: () => pointing.point(null),
      onPick: (kind, spot) => pointing.pick(kind, spot),
      onTap: (spot) => pointing.pointPatch(spot),
      onTerm: ({ links, slice }) => pointing.pointTap({ tap: links.map((link) => link.tap), slice }),
      onTermPicked: (term) => this.setChannel(term.channel),
      onChannel: (by) => this.setChannel(this.state.place?.pass.channelBeside(by)),
      onFilter: (by) => this.moveFilter(by),
      onPass: (number) => this.setPass(number),
      onReading: (reading) => this.setReading(reading),
      onScrub: (number) => play.goTo(number, { settle: null, glide: false }),
      onScrubbed: () => this.settle(0),
      onStep: (by) => play.goTo(this.state.place?.number + by),
      onLoop: () => this.setLoop(!play.loop),
      onSpeed: (speed) => this.setSpeed(() => play.setSpeed(speed)),
      ...this.commonHands(),
    };
  }

  keyHands() {
    return {
      onArrow: (by, target) => this.pointing.arrow(by, target),
      onFaster: (by) => this.setSpeed(() => this.play.faster(by)),
      onEnter: () => this.pointing.pickPointed(),
      onEscape: () => {
        this.showKeys(false);
        this.pointing.point(null);
      },
      ...this.commonHands(),
    };
  }

  commonHands() {
    return {
      onFirst: () => this.play.goTo(1),
      onLast: () => this.play.goTo(this.state.place?.steps),
      onToggle: () => this.setPlaying(!this.play.state.playing),
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
    if (typeof patch.pass === "number") this.setPass(patch.pass);
    if (patch.reading) this.setReading(patch.reading);
    if (patch.selection) this.setSelection(patch.selection);
    if (patch.follow) this.follow(patch.follow);
    if (patch.speed) this.play.setSpeed(patch.speed);
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
    setAttributes(this.root, { "data-empty": plain ? null : "" });
    if (!plain) {
      state.hover = null;
      return this.play.player.pause();
    }
    state.place = new Place(state.scene, state.place);
    this.showStep();
  }

  /** Another step is in view: nothing of what was drawn holds. */
  showStep() {
    const { state } = this;
    state.hover = null;
    this.play.lastDrawn = state.place.number;
    this.view.showScene(state);
    this.request("theme");
  }

  setPass(number) {
    const { place } = this.state;
    if (!place?.passes[number] || number === place.shown) return;
    this.setPlaying(false);
    place.shown = number;
    this.showStep();
    this.tell();
  }

  setReading(reading) {
    const { place } = this.state;
    if (!place || place.scattered === (reading === "scatter")) return;
    this.setPlaying(false);
    place.scattered = reading === "scatter";
    this.showStep();
  }

  setSelection(index) {
    const { place } = this.state;
    const selection = place?.selectionOf(index);
    if (!selection || place.told.join() === index.join()) return;
    this.setPlaying(false);
    this.move(() => place.selectLast(selection), { settle: null, glide: false });
  }

  /** Goes where another stage is, or to the nearest cell there is, and tells nobody. */
  follow(index) {
    const { place } = this.state;
    if (!place) return;
    this.play.player.pause();
    this.quiet();
    this.state.hover = null;
    this.request(place.follow(index) ? "pictures" : "focus");
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
    if (!playing) this.play.pause();
    else if (this.state.scene && !this.play.state.playing) this.play.start();
  }

  // --- what is selected ----------------------------------------------------------------------

  select(selection, options) {
    this.move((place) => place.select(selection), options);
  }

  /** Moves the selection: `go(place)` is true where another filter is reached. */
  move(go, { settle = SETTLE, glide = true } = {}) {
    const { place } = this.state;
    if (glide) this.view.glide.begin();
    const another = go(place);
    this.request(another ? "pictures" : "focus");
    this.onMove(place.told);
    if (settle !== null) this.settle(settle);
  }

  /** Selects the input cell that stamps. */
  moveSource(at, channel) {
    const { pass } = this.state.place;
    const row = pass.rank === 1 ? channel : pass.channel; // with one axis, an arrow may reach no channel
    if (!this.state.place.isInput(at) || !pass.choices.includes(row)) return;
    this.setPlaying(false);
    this.state.hover = null;
    Object.assign(pass, { source: at, channel: row });
    this.request("focus");
  }

  moveFilter(by) {
    const { selection, pass } = this.state.place;
    const filter = (selection.filter + by + pass.filters) % pass.filters;
    this.select({ ...selection, filter }, { glide: false });
  }

  setChannel(channel) {
    const { place } = this.state;
    if (!place || channel === place.pass.channel) return;
    const { filter } = place.selection;
    place.pass.setChannel(channel);
    this.request("pictures");
    if (filter !== place.selection.filter) this.settle(SETTLE);
  }

  setSpeed(change) {
    change();
    this.settle(SETTLE);
  }

  setLoop(loop) {
    this.play.loop = loop;
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
    this.quiet();
    const { place } = this.state;
    if (this.play.state.playing || !place) return;
    this.settling = setTimeout(() => {
      if (this.frame) this.draw(); // what is told is shown first
      this.tell();
      this.onSettle({ selection: place.told, playing: false, speed: this.play.player.speed });
    }, delay);
  }

  /** What was to be told is not told. */
  quiet() {
    clearTimeout(this.settling);
  }

  /** Writes the selection for a screen reader to speak: not at every hover, nor while playing. */
  tell() {
    const { place } = this.state;
    if (!place || this.play.state.playing) return;
    const { at, filter } = place.selection;
    const lit = litBy(place.step, { kind: "output", at, channel: filter }, filter);
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
    if (view.showFocus({ ...state, ...this.play.state })) this.request("focus");
  }

  destroy() {
    this.play.player.pause();
    this.quiet();
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.onScheme);
    this.root.remove();
  }
}
