// What the mouse, a finger and the arrow keys point at and pick.

import { setText } from "./dom.js";
import { editWeight } from "./editor.js";
import { ALL } from "./pictures.js";
import { litBy } from "./relation.js";
import { cellOf, spotOf, spotsOf } from "./sheet.js";
import { weightAt, weightPlace } from "./weights.js";

const LETTERS = { stamp: "input" }; // the picture that a focus is on, where it has another name

export class Pointing {
  /** @param stage whose `state.hover` this is */
  constructor(stage) {
    this.stage = stage;
  }

  get place() {
    return this.stage.state.place;
  }

  /** A spot of a picture. */
  pointAt(kind, spot) {
    if (this.place) this.point(this.place.focusOn(kind, spot));
  }

  point(focus) {
    const { state } = this.stage;
    if (!state.scene || JSON.stringify(focus) === JSON.stringify(state.hover)) return;
    if (focus?.kind === "output" && !this.place.pass.has({ at: focus.at, filter: focus.channel })) return;
    state.hover = focus;
    this.stage.request("focus");
  }

  /** One tap of the output cell that is looked at; with a slice, through that channel alone. */
  pointTap({ tap, slice }) {
    const { hover } = this.stage.state;
    const { at, filter } = this.place.selection;
    const cell = hover?.kind === "output" ? hover : { at, channel: filter };
    this.point({ kind: "output", at: cell.at, channel: cell.channel, tap, slice });
  }

  /** A spot of the picture of what lies under the window. */
  pointPatch(spot) {
    const { at: tap, channel: slice } = cellOf(spot, this.place.pass.rank);
    this.pointTap({ tap, slice });
  }

  pick(kind, spot) {
    this.pickFocus(this.place.focusOn(kind, spot), spot);
  }

  pickFocus({ kind, at, channel }, spot) {
    const { stage, place } = this;
    if (kind === "output" && place.pass.has({ at, filter: channel })) {
      stage.setPlaying(false);
      stage.state.hover = null;
      stage.select({ at, filter: channel }, { settle: 0, glide: false });
    }
    if (kind === "stamp") {
      stage.moveSource(at, channel);
    }
    if (kind === "input") stage.view.views.reveal.guess(at);
    if (kind === "kernel" && stage.state.editable && place.step.kernel && channel !== undefined) {
      this.edit(at, channel, spot ?? spotOf(at, channel));
    }
  }

  edit(taps, slice, spot) {
    const { step, selection, pass } = this.place;
    if (pass.rank > 1 && pass.channel === ALL) return;
    const index = weightPlace(step, selection, taps, slice);
    const told = (value) => this.stage.onWeight(index, value, this.place.shown);
    editWeight(this.stage.view.grids.kernel, spot, weightAt(step, selection, taps, slice), told);
  }

  pickPointed() {
    const { hover } = this.stage.state;
    if (hover) this.pickFocus(hover);
  }

  /** An arrow moves the selected cell, or in the input or the kernel the cell pointed at. */
  arrow(by, target) {
    if (!this.place) return;
    const { grids } = this.stage.view;
    const kind = ["input", "kernel"].find((name) => target === grids[name].top);
    if (kind) this.arrowIn(kind, by);
    else this.arrowOn(by);
  }

  arrowOn(by) {
    const { stage, place } = this;
    const focus = place.focus;
    const { at, channel } = cellOf(moved(spotOf(focus.at, focus.channel), by), place.pass.rank);
    if (focus.kind === "stamp") return stage.moveSource(at, channel);
    const selection = { at, filter: channel ?? place.selection.filter };
    if (!place.pass.has(selection)) return;
    stage.play.pause({ settle: null });
    stage.state.hover = null;
    stage.select(selection);
  }

  /** It starts where the window is. */
  arrowIn(kind, by) {
    const { stage, place } = this;
    const { hover } = stage.state;
    const from = hover && (LETTERS[hover.kind] ?? hover.kind) === kind ? spotOf(hover.at, hover.channel) : null;
    const lit = spotsOf(litBy(place.step, place.focus, place.selection.filter)[kind]);
    const first = { slice: lit.slices[0]?.at ?? 0, row: lit.rows[0]?.at ?? 0, col: lit.cols[0]?.at ?? 0 };
    this.pointAt(kind, from ? stage.view.grids[kind].tiles.nearest(moved(from, by)) : first);
    stage.draw();
    setText(stage.view.live, stage.view.readout.textContent);
  }
}

function moved({ slice, row, col }, by) {
  return { slice: slice + by.slice, row: row + by.row, col: col + by.col };
}
