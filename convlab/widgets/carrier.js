// Hands things over to the viewer: a file as a download, a text to the clipboard.

const inNotebook = () => /\/(lab|notebooks|doc|nbclassic)(\/|$)/.test(location.pathname);

function render({ model, el }) {
  const copy = document.createElement("button");
  copy.className = "jupyter-button widget-button";
  copy.type = "button";
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  told.className = "cx-told";

  const name = () => {
    copy.textContent = inNotebook() ? "Copy Python code" : "Copy link";
    copy.title = inNotebook()
      ? "A line of Python that opens the explorer in this state"
      : "An address that opens the app in this state";
  };
  const text = () => {
    if (inNotebook()) return model.get("code");
    const link = model.get("link");
    return `${location.origin}${location.pathname}${link.startsWith("?") ? link : `?state=${link}`}`;
  };
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      told.textContent = `copied. ${model.get("note")}`;
    } catch {
      const field = document.createElement("input"); // no clipboard without https or permission
      field.readOnly = true;
      field.value = text();
      field.setAttribute("aria-label", "copy this");
      told.replaceChildren(field, ` ${model.get("note")}`);
      field.select();
    }
  });

  let address = null;
  const receive = (message, buffers) => {
    if (!message || !message.download) return;
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(new Blob([buffers[0]], { type: message.type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = message.download;
    link.textContent = `${message.download}, ${Math.ceil(buffers[0].byteLength / 1000)} kB`;
    told.replaceChildren(link);
    link.click();
  };
  const say = () => { told.textContent = model.get("status"); };
  model.on("msg:custom", receive);
  model.on("change:status", say);
  name();
  el.append(copy, told);
  return () => {
    model.off("msg:custom", receive);
    model.off("change:status", say);
    if (address) URL.revokeObjectURL(address);
  };
}

export default { render };
