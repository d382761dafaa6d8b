// ipywidgets writes a slider's description before it, but the handle that takes the focus has no name.
//
// The names are given to all sliders of the box that this stands in, now and whenever they change.

function render({ el }) {
  el.hidden = true;
  let observer = null;
  const name = (around) => {
    for (const slider of around.querySelectorAll(".widget-slider")) {
      const text = slider.querySelector(".widget-label")?.textContent ?? "";
      for (const handle of slider.querySelectorAll(".noUi-handle")) {
        if (handle.getAttribute("aria-label") !== text) handle.setAttribute("aria-label", text);
      }
    }
  };
  const begin = () => {
    const around = el.closest(".widget-box");
    if (!around) return (waiting = requestAnimationFrame(begin)); // not on the page yet
    observer = new MutationObserver(() => name(around));
    observer.observe(around, { childList: true, subtree: true });
    name(around);
  };
  let waiting = requestAnimationFrame(begin);
  return () => {
    cancelAnimationFrame(waiting);
    observer?.disconnect();
  };
}

export default { render };
