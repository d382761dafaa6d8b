// Where the viewer is in one step of a layer: the selected output cell, its filter, and the
// channel looked through.

import { ALL } from "./pictures.js";
import { channelsRead } from "./relation.js";

const inside = (value, size) => Number.isInteger(value) && value >= 0 && value < size;
const middle = (size) => size >> 1;
const nearest = (value, size) => Math.max(0, Math.min(value, size - 1));

export class Pass {
  /** The same place in another scene's step, or the nearest there is; at first the middle. */
  constructor(step, before) {
    const shape = step.output.values.shape;
    Object.assign(this, { step, rank: shape.length - 1, sizes: shape.slice(0, -1), filters: shape.at(-1) });
    this.inputSizes = step.input.values.shape.slice(0, -1);
    this.depth = step.channels.shape[1];
    const known = before?.rank === this.rank ? before : null;
    this.selection = {
      at: this.sizes.map((size, n) => nearest(known?.selection.at[n] ?? middle(size), size)),
      filter: nearest(known?.selection.filter ?? 0, this.filters),
    };
    this.source = this.inputSizes.map((size, n) => nearest(known?.source[n] ?? middle(size), size));
    const { colour, values } = step.input;
    this.choices = [...(colour && this.rank > 1 ? [ALL] : []), ...Array(values.shape.at(-1)).keys()];
    const same = known?.choices.length === this.choices.length; // as many channels as before
    this.channel = same ? known.channel : this.choices[0];
    this.keepChannel();
  }

  /** Goes to a cell; true when that is another filter's. */
  select({ at, filter }) {
    const moved = filter !== this.selection.filter;
    this.selection = { at, filter };
    if (moved) this.keepChannel();
    return moved;
  }

  /** Goes to the cell of another step's place, or the nearest there is. */
  moveTo(at) {
    if (at.length !== this.rank) return;
    this.selection = { ...this.selection, at: at.map((place, n) => nearest(place, this.sizes[n])) };
  }

  has({ at, filter }) {
    return at.length === this.rank && at.every((place, n) => inside(place, this.sizes[n])) && inside(filter, this.filters);
  }

  /** The kernel's own index of the channel; ALL for the three colours; -1 for another group's. */
  get slice() {
    if (this.channel === ALL) return this.depth === 3 || !this.step.kernel ? ALL : -1;
    return channelsRead(this.step, this.selection.filter).indexOf(this.channel);
  }

  keepChannel() {
    if (this.slice === -1) [this.channel] = channelsRead(this.step, this.selection.filter);
  }

  /** The channel `by` further on, around the end. */
  channelBeside(by) {
    const many = this.choices.length;
    return this.choices[(this.choices.indexOf(this.channel) + by + many) % many];
  }

  /** Looks through a channel; the filter becomes one that reads it. */
  setChannel(channel) {
    this.channel = channel;
    if (this.slice !== -1) return;
    const reads = (filter) => channelsRead(this.step, filter).includes(channel);
    const filter = [...Array(this.filters).keys()].find(reads);
    if (filter === undefined) this.keepChannel();
    else this.selection = { ...this.selection, filter };
  }
}
