// Play, step and scrub: the selection on its way through the cells.

import { setAttributes } from "./dom.js";
import { Player, SPEEDS } from "./player.js";

const GLIDING_SPEED = 10; // steps a second up to which the window glides; it jumps above

export class Playing {
  /** @param stage whose selection is moved */
  constructor(stage) {
    this.stage = stage;
    this.player = new Player(() => this.advance());
    this.loop = false;
  }

  get place() {
    return this.stage.state.place;
  }

  /** {playing, speed, loop}: what the transport shows. */
  get state() {
    const { playing, speed } = this.player;
    return { playing, speed, loop: this.loop };
  }

  start() {
    const { stage, place } = this;
    stage.telling.quiet();
    Object.assign(stage.state, { hover: null, led: false });
    if (place.number === place.steps) place.goTo(1);
    Object.assign(this, { drawn: 0, skipped: 0, lastDrawn: place.number });
    this.player.play();
    stage.request("focus");
  }

  pause({ settle = 0 } = {}) {
    if (!this.player.playing) return;
    this.player.pause();
    this.stage.telling.moved();
    this.stage.request("focus");
    if (settle !== null) this.stage.telling.settle(settle);
  }

  goTo(number, options) {
    if (!this.place) return;
    this.pause({ settle: null });
    this.stage.state.hover = null;
    this.stage.move((place) => place.goTo(number), options);
  }

  /** One step of the play, drawn at once: false at the end. */
  advance() {
    const { stage, place } = this;
    const last = place.number === place.steps;
    if (last && !this.loop) {
      this.pause();
      return false;
    }
    const next = last ? 1 : place.number + 1;
    stage.move(() => place.goTo(next), { settle: null, glide: this.player.speed <= GLIDING_SPEED });
    stage.draw();
    this.countDrawn(place);
    return true;
  }

  /** Counts the steps that a play has drawn, and those that it missed. */
  countDrawn({ number, steps }) {
    this.drawn += 1;
    this.skipped += (number - this.lastDrawn - 1 + steps) % steps;
    this.lastDrawn = number;
    setAttributes(this.stage.root, { "data-drawn": this.drawn, "data-skipped": this.skipped });
  }

  setSpeed(speed) {
    this.player.speed = speed;
    this.stage.request("focus");
  }

  /** The next speed up or down. */
  faster(by) {
    const next = SPEEDS.findIndex((speed) => speed >= this.player.speed) + by;
    this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, next))]);
  }
}
