// What the graph shows, as a list: a screen reader and a test read the same truth as the eye.

import { h, setAttributes } from "../stage/dom.js";

let lists = 0;

export class Mirror {
  constructor() {
    this.number = lists += 1;
    this.element = h("ul.cg-list", { role: "listbox", tabindex: "0", "aria-label": "layers of the network" });
    this.items = new Map();
  }

  setDrawing({ nodes, edges }) {
    const reads = new Map(nodes.map(({ id }) => [id, []]));
    for (const edge of edges) reads.get(edge.target).push(`${nodes[edge.source].key} (${edge.text})`);
    this.items = new Map(nodes.map((node) => [node.id, this.item(node, reads.get(node.id))]));
    this.element.replaceChildren(...this.items.values());
  }

  item(node, reads) {
    const { id, key, title, detail, shape, state, note, x, y, width, height, folded } = node;
    const read = reads.length ? `reads ${reads.join(" and ")}` : "";
    const what = folded.length ? "folded" : detail;
    const said = { error: "wrong", culprit: "the cause", advice: "advice", changed: "changed" }[state];
    const parts = [`${key}: ${title}`, what, read, `gives ${shape}`, said && `${said}: ${note}`];
    return h("li", {
      role: "option", id: `cg-${this.number}-${id}`, "aria-selected": "false",
      "data-key": key, "data-state": state || null, "data-note": note || null,
      "data-box": [x - width / 2, y - height / 2, width, height].join(), "data-folded": folded.length || null,
    }, parts.filter(Boolean).join(", "));
  }

  select(id) {
    const item = this.items.get(id);
    for (const other of this.items.values()) {
      setAttributes(other, { "aria-selected": String(other === item) });
    }
    setAttributes(this.element, { "aria-activedescendant": item?.id });
  }
}
