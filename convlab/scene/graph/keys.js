// Keys: everything that the mouse does.

export const KEYS = [
  [["↑", "↓"], "the layer before, the layer after"],
  [["←", "→"], "the branch beside it"],
  [["Home", "End"], "first and last layer"],
  [["Enter"], "open the layer; fold or unfold a group"],
  [["Shift ↑ ↓ ← →"], "another unit of the layer"],
  [["+", "−"], "zoom in and out"],
  [["0", "1"], "all of it; actual size"],
  [["n", "p"], "next and previous problem"],
  [["/"], "search"],
  [["?"], "these keys"],
];

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param hands what each key calls */
export function handleKey(event, hands) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  const act = {
    Home: hands.onFirst,
    End: hands.onLast,
    Enter: hands.onOpen,
    " ": hands.onOpen,
    "+": () => hands.onZoom(1),
    "=": () => hands.onZoom(1),
    "-": () => hands.onZoom(-1),
    0: hands.onAll,
    1: hands.onActual,
    n: () => hands.onProblem(1),
    p: () => hands.onProblem(-1),
    "/": hands.onFind,
    "?": hands.onKeys,
    Escape: hands.onEscape,
  }[event.key];
  if (!act && !arrow) return;
  event.preventDefault();
  event.stopPropagation();
  if (!arrow) act();
  else if (event.shiftKey) hands.onUnit(arrow);
  else hands.onArrow(arrow);
}
