// Beside the box that the pointer is on: what the layer is, and what is to be said of it.

import { h } from "../stage/dom.js";
import { boxOf } from "./painting.js";

const APART = 10; // pixels from the box
const EDGE = 4; // pixels that stay free at the edge of the room

export class Tip {
  constructor(camera) {
    this.camera = camera;
    this.element = h("div.cg-tip", { hidden: true, "aria-hidden": "true" });
  }

  /** Shows a node, with what the picked unit sees of it; of undefined, nothing. */
  show(node, seen) {
    this.element.hidden = !node;
    if (!node) return;
    const params = node.params === null ? "?" : node.params.toLocaleString("en");
    this.element.replaceChildren(
      h("b", {}, node.key), h("span", {}, `${node.title} ${node.detail}`), h("span", {}, `gives ${node.shape}`),
      h("span", {}, `${params} parameters`), ...(node.note ? [h("span.cg-wrong", {}, node.note)] : []),
      ...(seen ? [h("span.cg-seen", {}, seen)] : []),
      h("i", {}, node.folded.length ? "press twice to unfold" : "press twice to open"),
    );
    this.place(boxOf(node));
  }

  /** To the right of the box where there is room, else to its left. */
  place({ left, right, top }) {
    const { width, height } = this.element.getBoundingClientRect();
    const [beyond, high] = this.camera.screen([right + APART, top]);
    const [before] = this.camera.screen([left - APART, top]);
    const x = beyond + width < this.camera.width ? beyond : Math.max(EDGE, before - width);
    const y = Math.max(EDGE, Math.min(high, this.camera.height - height - EDGE));
    this.element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }
}
