// The clock of a play: one step a frame at most, so that none is ever skipped.

export const SPEEDS = [1, 2, 5, 10, 20, 30, 60];
const EARLY = 4; // milliseconds a frame may come before its time and still take the step

export class Player {
  /** @param {() => boolean} advance takes one step and draws it; false at the end */
  constructor(advance) {
    this.advance = advance;
    this.speed = 10;
    this.frame = null;
  }

  get playing() {
    return this.frame !== null;
  }

  play() {
    if (this.playing) return;
    this.due = performance.now() + 1000 / this.speed;
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    if (this.playing) cancelAnimationFrame(this.frame);
    this.frame = null;
  }

  tick(now) {
    this.frame = requestAnimationFrame((next) => this.tick(next));
    if (now < this.due - EARLY) return;
    // After a late frame the clock restarts from now: steps are delayed, never dropped.
    const interval = 1000 / this.speed;
    this.due = Math.max(this.due, now - interval) + interval;
    if (!this.advance()) this.pause();
  }
}
