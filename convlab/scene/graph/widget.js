// The graph in a notebook: what the model has is shown, what the viewer does is sent.

import { createGraph } from "./graph.js";

const WATCHED = ["theme", "tables", "drawing", "nothing", "maps", "cone", "selected"];

function render({ model, el }) {
  const graph = createGraph(el, { onTold: (message) => ("select" in message ? select(message.select) : model.send(message)) });
  // A trait, so that an answer that is late does not undo what was selected since.
  const select = (key) => {
    model.set("selected", key);
    model.save_changes();
  };
  const read = (names) => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  graph.update(read(WATCHED));
  // Traits that change in one message are handed on together: a cone fits its own drawing only.
  const changed = new Set();
  const flush = () => {
    graph.update(read(WATCHED.filter((name) => changed.has(name))));
    changed.clear();
  };
  const listeners = WATCHED.map((name) => [
    `change:${name}`,
    () => {
      if (changed.size === 0) queueMicrotask(flush);
      changed.add(name);
    },
  ]);
  const look = (message) => message?.look && queueMicrotask(() => graph.update({ look: message.look }));
  for (const [event, listener] of listeners) model.on(event, listener);
  model.on("msg:custom", look);
  return () => {
    for (const [event, listener] of listeners) model.off(event, listener);
    model.off("msg:custom", look);
    graph.destroy();
  };
}

export default { render };
