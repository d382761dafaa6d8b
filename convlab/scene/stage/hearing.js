// A widget that hears Python however late its module is loaded.
//
// anywidget (0.11) gives a module two seconds. On a busy machine it takes longer: the widget then
// appears all the same, but each later message waits for a promise that was refused, and is thrown
// away: the picture would never change again. Where that happened, messages are heard without that
// promise, and what was missed is asked for.

const NOTHING = { content: { data: {} }, buffers: [] };

/** anywidget's hook: called once for a model, when its module is there. */
export function initialize({ model }) {
  const whole = behind(model);
  whole?._handle_comm_msg?.(NOTHING).catch(() => hearDirectly(whole));
}

/** The model that anywidget hands out a part of: an event names it. */
function behind(model) {
  let found = null;
  const take = (whole) => { found = whole; };
  model.on("change:heard", take);
  model.set("heard", true);
  model.off("change:heard", take);
  return found;
}

function hearDirectly(model) {
  const heard = Object.getPrototypeOf(Object.getPrototypeOf(model))._handle_comm_msg; // ipywidgets' own
  model._handle_comm_msg = heard;
  model.comm.on_msg(heard.bind(model));
  model.comm.send({ method: "request_state" }, {});
}
