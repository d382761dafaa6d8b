// What the stage tells others: the selection once it rests, every move at once, and the spoken word.

import { describeOutput } from "./describe.js";
import { setText } from "./dom.js";
import { litBy } from "./relation.js";

export const SETTLE = 250; // milliseconds after the last key until the selection is told

export class Telling {
  /** @param options {onSettle, onMove}, as `createStage` takes them */
  constructor(stage, { onSettle = () => {}, onMove = () => {} }) {
    Object.assign(this, { stage, onSettle, onMove });
  }

  get place() {
    return this.stage.state.place;
  }

  /** Tells the selection once it has come to rest. */
  settle(delay) {
    this.quiet();
    const { stage, place } = this;
    if (stage.play.state.playing || !place) return;
    this.settling = setTimeout(() => {
      stage.drawDue(); // what is told is shown first
      this.speak();
      const { told: selection, shown: in_view, reading } = place;
      const { map } = stage.state;
      this.onSettle({ selection, playing: false, speed: stage.play.state.speed, in_view, reading, map });
    }, delay);
  }

  /** What was to be told is not told. */
  quiet() {
    clearTimeout(this.settling);
  }

  moved() {
    if (this.place) this.onMove({ part: this.place.part, playing: this.stage.play.state.playing });
  }

  /** Writes the selection for a screen reader to speak: not at every hover, nor while playing. */
  speak() {
    const { stage, place } = this;
    if (!place || stage.play.state.playing) return;
    const { at, filter } = place.selection;
    const lit = litBy(place.step, { kind: "output", at, channel: filter }, filter);
    const { reveal } = stage.view.views;
    setText(stage.view.live, reveal.hidden ? reveal.question.textContent : describeOutput(place, lit));
  }
}
