// A native list with groups, which ipywidgets has none of.

function render({ model, el }) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", model.get("label"));
  const list = () => {
    select.replaceChildren(
      ...model.get("groups").map(([title, names]) => {
        const group = document.createElement("optgroup");
        group.label = title;
        group.append(...names.map((name) => new Option(name, name)));
        return group;
      }),
    );
    show();
  };
  const show = () => { select.value = model.get("value"); };
  select.addEventListener("change", () => {
    model.set("value", select.value);
    model.save_changes();
  });
  model.on("change:groups", list);
  model.on("change:value", show);
  list();
  el.append(select);
  return () => {
    model.off("change:groups", list);
    model.off("change:value", show);
  };
}

export default { render };
