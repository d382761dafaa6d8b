// Keys: everything that the mouse does.

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const OWN = {
  BUTTON: [" ", "Enter"],
  INPUT: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"],
  SELECT: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", " ", "Enter"],
};

/** @param hands {onArrow(rows, cols, target), onFirst, onLast, onToggle, onFaster(by), onEnter, onKeys, onEscape} */
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
  if (!act && !arrow) return;
  event.preventDefault();
  event.stopPropagation();
  if (arrow) hands.onArrow(...arrow, event.target);
  else act();
}
