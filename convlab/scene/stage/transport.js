// Play, pause, step, scrub, speed.

import { h, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { SPEEDS } from "./player.js";

export class Transport {
  /** @param hands {onToggle, onStep(by), onFirst, onLast, onScrub(step), onSpeed, onLoop, onKeys} */
  constructor(hands) {
    const button = (name, label, onclick) =>
      h("button.cl-button", { type: "button", title: label, "aria-label": label, html: icon(name), onclick });
    this.play = button("play", "Play (space)", hands.onToggle);
    this.play.classList.add("cl-play");
    this.slider = h("input.cl-slider", {
      type: "range", min: 1, max: 1, step: 1, value: 1, "aria-label": "step",
      oninput: () => hands.onScrub(Number(this.slider.value)),
      onchange: () => hands.onScrubbed(),
    });
    this.text = h("output.cl-step");
    this.speed = h("select.cl-select", {
      "aria-label": "speed, steps per second",
      title: "Speed ([ and ])",
      onchange: () => hands.onSpeed(Number(this.speed.value)),
    }, ...SPEEDS.map((speed) => h("option", { value: speed }, `${speed}/s`)));
    this.loop = button("loop", "Repeat", hands.onLoop);
    this.element = h("div.cl-transport", { role: "group", "aria-label": "play" },
      button("first", "First cell (Home)", hands.onFirst),
      button("back", "One step back", () => hands.onStep(-1)),
      this.play,
      button("forward", "One step forward", () => hands.onStep(1)),
      button("last", "Last cell (End)", hands.onLast),
      this.slider, this.text, this.speed, this.loop,
      button("keys", "Keys (?)", hands.onKeys),
    );
  }

  show({ step, steps, playing, speed, loop }) {
    setAttributes(this.slider, { max: steps });
    this.slider.value = step;
    this.slider.style.setProperty("--done", `${steps > 1 ? (100 * (step - 1)) / (steps - 1) : 100}%`);
    setText(this.text, `step ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}`);
    if (this.shown !== playing) {
      this.shown = playing;
      this.play.innerHTML = icon(playing ? "pause" : "play");
      const label = playing ? "Pause (space)" : "Play (space)";
      setAttributes(this.play, { "aria-label": label, title: label });
    }
    this.speed.value = speed;
    setAttributes(this.loop, { "aria-pressed": loop });
  }
}
