// The stage: a layer as pictures that answer to the mouse, the keyboard and a finger.
//
// It knows no notebook: `createStage(element, options)` needs an element and a scene. Everything
// that it lights up is read from the scene's tap tables, so it asks nothing of anyone.

import { readTables } from "./colours.js";
import { decode, unpack } from "./decode.js";
import { setAttributes, setText } from "./dom.js";
import { handleKey } from "./keyboard.js";
import { showError } from "./layout.js";
import { Place } from "./place.js";
import { Playing } from "./playing.js";
import { Pointing } from "./pointing.js";
import { SETTLE, Telling } from "./telling.js";
import { View } from "./view.js";

/**
 * @param {HTMLElement} element where to put the stage
 * @param options `onSettle({selection, playing, speed, in_view, reading})` is told where the
 *   selection has come to rest, never while hovering or playing; `onMove({part, playing})` is told every move at once,
 *   for another stage to follow: how far along each axis it is, 0 to 1; `onWeight(index, value, pass)` that a weight of
 *   a step was typed; `onFix(index)` that one of an error's fixes was pressed
 * @returns {{update: (patch: object) => void, destroy: () => void}} `update` takes any of input (the array
 *   that a scene names as the same as "input"), scene,
 *   tables, selection, error, busy, theme, playing, speed, editable, pass, reading, follow, map
 *   (see maps.js), hide ("shape", "cell", "taps" or null: what is to be predicted)
 */
export function createStage(element, options = {}) {
  return new Stage(element, options);
}

const nothing = () => {};

class Stage {
  constructor(element, { onWeight = nothing, onFix = nothing, ...told }) {
    Object.assign(this, { onWeight, onFix });
    this.state = { scene: null, place: null, hover: null, tables: readTables(), editable: false, map: "values" };
    this.dirty = new Set();
    this.pointing = new Pointing(this);
    this.play = new Playing(this);
    this.telling = new Telling(this, told);
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
      onPass: (number) => this.chosen(() => this.setPass(number)),
      onReading: (reading) => this.chosen(() => this.setReading(reading)),
      onMap: (map) => this.chosen(() => this.setMap(map)),
      onToggled: () => this.request("layout"),
      onAnswered: () => this.request("focus"),
      onScrub: (number) => play.goTo(number, { settle: null, glide: false }),
      onScrubbed: () => this.telling.settle(0),
      onStep: (by) => play.goTo(this.state.place?.number + by),
      onLoop: () => this.setLoop(!play.loop),
      onSpeed: (speed) => this.chosen(() => play.setSpeed(speed)),
      ...this.commonHands(),
    };
  }

  keyHands() {
    return {
      slices: this.state.place?.pass.rank === 3,
      onArrow: (by, target) => this.pointing.arrow(by, target),
      onFaster: (by) => this.chosen(() => this.play.faster(by)),
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
    if (patch.input?.id) this.input = new Map([[patch.input.id, unpack(patch.input)]]);
    if ("scene" in patch) this.setScene(patch.scene);
    if (typeof patch.pass === "number") this.setPass(patch.pass);
    if (patch.reading) this.setReading(patch.reading);
    if ("map" in patch) this.setMap(patch.map ?? "values");
    if ("hide" in patch) this.setHidden(patch.hide);
    if (patch.selection) this.setSelection(patch.selection);
    if (patch.follow) this.follow(patch.follow);
    if (patch.speed) this.play.setSpeed(patch.speed);
    if ("error" in patch) this.setError(patch.error);
    if ("busy" in patch) this.setBusy(patch.busy);
    if ("playing" in patch) this.setPlaying(patch.playing);
    this.request("tables" in patch || "editable" in patch ? "pictures" : "focus");
    if ("hide" in patch) this.drawDue(); // what is spoken may not tell what is hidden
    if (patch.scene || patch.selection || patch.pass !== undefined || "hide" in patch) this.telling.speak();
  }

  setTheme(theme) {
    setAttributes(this.root, { "data-theme": theme && theme !== "auto" ? theme : null });
    this.request("theme");
  }

  setScene(plain) {
    const { state } = this;
    state.scene = plain ? decode(plain, new Map(this.input)) : null;
    setAttributes(this.root, { "data-empty": plain ? null : "" });
    if (!plain) {
      state.hover = null;
      return this.play.player.pause();
    }
    state.place = new Place(state.scene, state.place);
    state.place.shown = Math.min(state.place.shown, this.reach);
    this.showStep();
  }

  /** Another step is in view: nothing of what was drawn holds. */
  showStep() {
    const { state } = this;
    state.hover = null;
    this.play.lastDrawn = state.place.number;
    this.view.showScene(state);
    this.request("scene");
  }

  /** What the viewer set, told like a selection. */
  chosen(set) {
    set();
    this.telling.settle(SETTLE);
  }

  setPass(number) {
    const { place } = this.state;
    const next = place?.passes[number] ? Math.min(number, this.reach) : place?.shown;
    if (next === place?.shown) return;
    this.setPlaying(false);
    place.shown = next;
    this.showStep();
  }

  /** The last step that may be in view: its input tells the shapes of those before it. */
  get reach() {
    return this.view.views.reveal.reach(this.state.place);
  }

  setHidden(what) {
    this.view.views.reveal.setKind(what);
    const { place } = this.state;
    if (place && place.shown > this.reach) this.chosen(() => this.setPass(this.reach));
  }

  setReading(reading) {
    const { place } = this.state;
    if (!place || place.scattered === (reading === "scatter")) return;
    this.setPlaying(false);
    place.scattered = reading === "scatter";
    this.showStep();
  }

  /** What the pictures show: values, or one of the maps. */
  setMap(map) {
    this.state.map = map;
    this.view.views.maps.value = map;
    this.request("pictures");
  }

  setSelection(index) {
    const { place } = this.state;
    const selection = place?.selectionOf(index);
    if (!selection || place.told.join() === index.join()) return;
    this.setPlaying(false);
    this.move(() => place.selectLast(selection), { settle: null, glide: false });
  }

  /** Goes as far as another stage is, and tells nobody. */
  follow({ part, playing }) {
    const { state } = this;
    if (!state.place) return;
    this.play.player.pause();
    this.telling.quiet();
    Object.assign(state, { hover: null, led: playing });
    state.place.follow(part);
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
    this.telling.moved();
    if (settle !== null) this.telling.settle(settle);
  }

  /** Selects the input cell that stamps. */
  moveSource(at, channel) {
    const { place } = this.state;
    const { pass } = place;
    const row = pass.rank === 1 ? channel : pass.channel; // with one axis, an arrow may reach no channel
    if (!place.isInput(at) || !pass.choices.includes(row)) return;
    this.setPlaying(false);
    this.state.hover = null;
    pass.channel = row;
    this.move(() => place.walkTo(at));
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
    if (filter !== place.selection.filter) this.telling.settle(SETTLE);
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

  // --- drawing: once a frame, and only what has changed ---------------------------------------

  request(...parts) {
    for (const part of parts) this.dirty.add(part);
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  /** Draws now what was to be drawn in the next frame. */
  drawDue() {
    if (this.frame) this.draw();
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { dirty, state, view } = this;
    this.dirty = new Set();
    if (!view.theme?.back) dirty.add("theme"); // there is none before the stage is in a page
    if (dirty.has("theme")) view.readTheme();
    if (!state.scene) return;
    const all = dirty.has("scene") || dirty.has("theme");
    if (all) view.chooseHues();
    if (all || dirty.has("layout")) view.fitInto();
    if (all || dirty.has("pictures")) view.showPictures(state);
    else if (dirty.has("layout")) view.repaint();
    if (view.showFocus({ ...state, ...this.play.state })) this.request("focus");
  }

  destroy() {
    this.play.player.pause();
    this.telling.quiet();
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.onScheme);
    this.root.remove();
  }
}
