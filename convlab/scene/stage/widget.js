// The stage in a notebook: anywidget's model on one side, createStage on the other.

import { createStage } from "./stage.js";

// What Python sets, by its own names; `update` knows one of them by another.
const WATCHED = [
  "input", "scene", "tables", "in_view", "reading", "map", "hide", "selection", "error", "busy", "theme", "playing",
  "speed", "editable",
];
const OTHERWISE = { in_view: "pass" };

const MOVED = "convlab-move"; // the event by which stages of one group move together

function render({ model, el }) {
  const self = {};
  const stage = createStage(el, {
    onSettle: (state) => {
      for (const [name, value] of Object.entries(state)) model.set(name, value);
      model.save_changes();
    },
    onMove: (move) => {
      const group = model.get("group");
      if (group) document.dispatchEvent(new CustomEvent(MOVED, { detail: { group, from: self, move } }));
    },
    onWeight: (weight, value, pass) => model.send({ weight, value, ...(pass && { pass }) }),
    onFix: (fix) => model.send({ fix }),
  });
  const follow = ({ detail: { group, from, move } }) => {
    if (from !== self && group === model.get("group")) stage.update({ follow: move });
  };
  document.addEventListener(MOVED, follow);
  const leave = watch(model, stage);
  return () => {
    document.removeEventListener(MOVED, follow);
    leave();
    stage.destroy();
  };
}

/** Hands every change of the model on to the stage; the function that it returns ends that. */
function watch(model, stage) {
  const read = (names) => Object.fromEntries(names.map((name) => [OTHERWISE[name] ?? name, model.get(name)]));
  stage.update(read(WATCHED));
  // Traits that change in one message are handed on together: a selection fits its own scene only.
  const changed = new Set();
  const flush = () => {
    stage.update(read(WATCHED.filter((name) => changed.has(name))));
    if (changed.has("scene")) stage.drawDue(); // so that the next frame shows it, not the one after
    changed.clear();
  };
  const listeners = WATCHED.map((name) => [
    `change:${name}`,
    () => {
      if (changed.size === 0) queueMicrotask(flush);
      changed.add(name);
    },
  ]);
  for (const [event, listener] of listeners) model.on(event, listener);
  return () => {
    for (const [event, listener] of listeners) model.off(event, listener);
  };
}

export default { render };
