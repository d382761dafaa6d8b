// What the colours of the boxes mean: those that there are. Where a box lies, the legend gives way.

import { h } from "../stage/dom.js";

const FAMILIES = {
  input: "input",
  convolution: "convolution",
  transposed: "transposed convolution",
  pooling: "pooling",
  resizing: "upsampling, padding, cropping",
  join: "join, operator",
  other: "other layers",
  group: "layers folded into one",
};

export class Legend {
  constructor() {
    this.element = h("div.cg-legend", { hidden: true });
  }

  setDrawing({ nodes }) {
    const met = new Set(nodes.map((node) => (node.folded.length ? "group" : node.family)));
    this.element.hidden = !met.size;
    this.element.replaceChildren(...Object.entries(FAMILIES).filter(([family]) => met.has(family))
      .map(([family, told]) => h("span", {}, h("i", { style: `background: var(--cg-${family})` }), told)));
    this.measure();
  }

  measure() {
    const { offsetLeft, offsetTop, offsetWidth } = this.element;
    this.corner = { right: offsetLeft + offsetWidth, top: offsetTop };
  }

  /** Hides it while a box lies under it. */
  giveWay(camera, nodes) {
    const [x, y] = camera.world([this.corner.right, this.corner.top]);
    const under = (node) => node.x - node.width / 2 < x && node.y + node.height / 2 > y
      && node.x + node.width / 2 > camera.x && node.y - node.height / 2 < camera.y + camera.height / camera.scale;
    this.element.toggleAttribute("data-covered", nodes.some(under));
  }
}
