// What the stamps of a play have left on the outputs so far, in the scatter reading.

import { at } from "./decode.js";
import { channelsRead, stampedBy } from "./relation.js";
import { cellNumbered } from "./walk.js";

export class SoFar {
  constructor(step) {
    this.step = step;
    this.shape = step.output.values.shape;
    this.key = null;
  }

  /** The outputs {values, shape} of these filters after the first `number` input cells have stamped. */
  after(number, filters) {
    const key = filters.join();
    if (key !== this.key || number < this.number) this.begin(filters, key);
    const sizes = this.step.input.values.shape.slice(0, -1);
    while (this.number < number) {
      this.number += 1;
      this.stamp(cellNumbered(this.number, sizes), filters);
    }
    return { values: this.values, shape: this.shape };
  }

  /** Before the first stamp there is the bias alone. */
  begin(filters, key) {
    const { bias } = this.step;
    const all = this.shape.at(-1);
    const values = new Float64Array(this.shape.reduce((product, size) => product * size, 1));
    for (const filter of bias ? filters : []) {
      for (let cell = filter; cell < values.length; cell += all) values[cell] = bias.values[filter];
    }
    Object.assign(this, { key, values, number: 0 });
  }

  stamp(cell, filters) {
    const { input, kernel } = this.step;
    const depth = kernel.values.shape.at(-2);
    const all = this.shape.at(-1);
    for (const [place, tap] of this.places(cell)) {
      for (const filter of filters) {
        channelsRead(this.step, filter).forEach((channel, slice) => {
          const weight = kernel.values.values[(tap * depth + slice) * all + filter];
          this.values[place * all + filter] += at(input.values, ...cell, channel) * weight;
        });
      }
    }
  }

  /** Pairs of an output cell and a tap, each counted row by row, that a cell's stamp reaches. */
  places(cell) {
    let pairs = [[0, 0]];
    stampedBy(this.step, cell).forEach((links, n) => {
      const { size_out: size, kernel } = this.step.axes[n];
      const kept = links.filter(({ mark }) => mark === 0);
      pairs = pairs.flatMap(([place, tap]) => kept.map((link) => [place * size + link.at, tap * kernel + link.tap]));
    });
    return pairs;
  }
}
