// Above the pictures: a tab for each step of the layer, and how a transposed step is read.

import { h, setAttributes } from "./dom.js";

const READINGS = [
  ["gather", "gather", "One output cell collects: the inputs whose stamps reach it"],
  ["scatter", "scatter", "One input cell stamps the kernel: the outputs that it adds to"],
];

export class Tools {
  /** @param hands {onPass(number), onReading(reading)} */
  constructor(hands) {
    this.hands = hands;
    this.tabs = h("div.cl-tabs", { role: "tablist", "aria-label": "steps of the layer", onkeydown: (event) => this.onKey(event) });
    this.buttons = READINGS.map(([reading, text, title]) =>
      h("button.cl-button.cl-text", { type: "button", title, onclick: () => hands.onReading(reading) }, text));
    this.reading = h("div.cl-switch", { role: "group", "aria-label": "reading of a transposed convolution" }, ...this.buttons);
    this.element = h("div.cl-tools", {}, this.tabs, this.reading);
  }

  showScene({ scene: { steps }, place }) {
    const tab = ({ name = "step" }, number) =>
      h("button.cl-tab", { type: "button", role: "tab", onclick: () => this.hands.onPass(number) },
        h("b", {}, String(number + 1)), ` ${name}`);
    this.tabs.replaceChildren(...(steps.length > 1 ? steps.map(tab) : []));
    this.tabs.hidden = steps.length < 2;
    this.reading.hidden = !place.stamps;
    this.element.hidden = this.tabs.hidden && this.reading.hidden;
    [...this.tabs.children].forEach((button, number) => {
      const selected = number === place.shown;
      setAttributes(button, { "aria-selected": selected, tabindex: selected ? 0 : -1 });
    });
    READINGS.forEach(([reading], n) => setAttributes(this.buttons[n], { "aria-pressed": place.reading === reading }));
  }

  /** Only the first steps can be chosen, up to one: of the others the question gives no sight yet. */
  reach(last) {
    [...this.tabs.children].forEach((button, number) => {
      const locked = number > last;
      if (locked !== button.disabled) Object.assign(button, { disabled: locked, title: locked ? `First answer step ${last + 1}` : "" });
    });
  }

  onKey(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const tabs = [...this.tabs.children];
    const next = tabs[tabs.indexOf(document.activeElement) + by];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.click();
    next.focus();
  }
}
