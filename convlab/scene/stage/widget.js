// The stage in a notebook: anywidget's model on one side, createStage on the other.

import { createStage } from "./stage.js";

const WATCHED = ["scene", "tables", "selection", "error", "busy", "theme", "playing", "speed", "editable"];

function render({ model, el }) {
  const stage = createStage(el, {
    onSettle: (state) => {
      for (const [name, value] of Object.entries(state)) model.set(name, value);
      model.save_changes();
    },
    onWeight: (weight, value, pass) => model.send({ weight, value, ...(pass && { pass }) }),
    onFix: (fix) => model.send({ fix }),
  });
  const read = (names) => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  stage.update(read(WATCHED));
  // Traits that change in one message are handed on together: a selection fits its own scene only.
  const changed = new Set();
  const flush = () => {
    stage.update(read(WATCHED.filter((name) => changed.has(name))));
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
    stage.destroy();
  };
}

export default { render };
