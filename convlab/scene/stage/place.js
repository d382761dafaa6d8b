// Where the viewer is: the selected output cell, its filter, and the channel looked through.

import { at } from "./decode.js";
import { ALL } from "./pictures.js";

export class Place {
  /** The same place in another scene, or the nearest there is; at first the middle. */
  constructor(scene, before) {
    this.scene = scene;
    [this.step] = scene.steps;
    const [rows, cols, filters] = this.step.output.values.shape;
    Object.assign(this, { rows, cols, filters, depth: this.step.channels.shape[1] });
    const old = before?.selection ?? { row: rows >> 1, col: cols >> 1, filter: 0 };
    this.selection = {
      row: Math.min(old.row, rows - 1),
      col: Math.min(old.col, cols - 1),
      filter: Math.min(old.filter, filters - 1),
    };
    const { colour, values } = this.step.input;
    this.choices = [...(colour ? [ALL] : []), ...Array(values.shape[2]).keys()];
    const same = before?.choices.length === this.choices.length; // as many channels as before
    this.channel = same ? before.channel : this.choices[0];
    this.keepChannel();
  }

  /** Goes to a cell; true when that is another filter's. */
  select(selection) {
    const moved = selection.filter !== this.selection.filter;
    this.selection = selection;
    if (moved) this.keepChannel();
    return moved;
  }

  /** The kernel's own index of the channel; ALL for the three colours; -1 for another group's. */
  get slice() {
    if (this.channel === ALL) return this.depth === 3 ? ALL : -1;
    return this.channelsRead().indexOf(this.channel);
  }

  channelsRead() {
    const start = this.selection.filter * this.depth;
    return this.step.channels.values.subarray(start, start + this.depth);
  }

  keepChannel() {
    if (this.slice === -1) [this.channel] = this.channelsRead();
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
    const reads = (filter) => {
      const start = filter * this.depth;
      return this.step.channels.values.subarray(start, start + this.depth).includes(channel);
    };
    const filter = [...Array(this.filters).keys()].find(reads);
    if (filter === undefined) this.keepChannel();
    else this.selection = { ...this.selection, filter };
  }

  // The order of a play: row by row, counted from 1.

  get steps() {
    return this.rows * this.cols;
  }

  get number() {
    return this.selection.row * this.cols + this.selection.col + 1;
  }

  cellOf(number) {
    const last = Math.max(1, Math.min(number, this.steps)) - 1;
    return { row: Math.floor(last / this.cols), col: last % this.cols };
  }

  // The user's own index order.

  get index() {
    const { row, col, filter } = this.selection;
    return this.indexOf(row, col, filter);
  }

  /** The index of an input or output cell without the batch axis. */
  indexOf(row, col, channel) {
    return this.scene.data_format === "channels_first" ? [channel, row, col] : [row, col, channel];
  }

  /** The sizes of a grid {values} in the user's own order. */
  sizesOf({ values: { shape } }) {
    return this.indexOf(...shape);
  }

  /** The selection that an index names; null when there is no such cell. */
  selectionOf(index) {
    if (!Array.isArray(index) || index.length !== 3) return null;
    const first = this.scene.data_format === "channels_first";
    const [row, col, filter] = first ? [index[1], index[2], index[0]] : index;
    const inside = (value, size) => Number.isInteger(value) && value >= 0 && value < size;
    const exists = inside(row, this.rows) && inside(col, this.cols) && inside(filter, this.filters);
    return exists ? { row, col, filter } : null;
  }

  weight(row, col) {
    return at(this.step.kernel.values, row, col, this.slice, this.selection.filter);
  }
}
