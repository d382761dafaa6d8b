// Keys: everything that the mouse does.

const STILL = { slice: 0, row: 0, col: 0 };
const ARROWS = {
  ArrowUp: { ...STILL, row: -1 },
  ArrowDown: { ...STILL, row: 1 },
  ArrowLeft: { ...STILL, col: -1 },
  ArrowRight: { ...STILL, col: 1 },
  PageUp: { ...STILL, slice: -1 },
  PageDown: { ...STILL, slice: 1 },
};

const OWN = {
  BUTTON: [" ", "Enter"],
  INPUT: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"],
  SELECT: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", " ", "Enter"],
};

/** @param hands {slices (whether there are any), onArrow({slice, row, col}, target), onFirst, onLast, onToggle, onFaster(by), onEnter, onKeys, onEscape} */
export function handleKey(event, hands) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (OWN[event.target.tagName]?.includes(event.key)) return; // the control's own key
  const act = {
    Home: hands.onFirst,
    End: hands.onLast,
    " ": hands.onToggle,
    "[": () => hands.onFaster(-1),
    "]": () => hands.onFaster(1),
    Enter: hands.onEnter,
    "?": hands.onKeys,
    Escape: hands.onEscape,
  }[event.key];
  const arrow = ARROWS[event.key];
  if (arrow?.slice && !hands.slices) return; // the page scrolls
  if (!act && !arrow) return;
  event.preventDefault();
  event.stopPropagation();
  if (arrow) hands.onArrow(arrow, event.target);
  else act();
}
