// A field over a cell of the kernel, in which a weight is typed.

import { h } from "./dom.js";
import { exact } from "./words.js";

/** Opens the field; `onTyped(number)` is called when another number was typed. */
export function editWeight(grid, { slice, row, col }, value, onTyped) {
  let open = true;
  const close = (keep) => {
    if (!open) return;
    open = false;
    const typed = Number(field.value.trim().replace("−", "-").replace(",", "."));
    const back = document.activeElement === field;
    field.remove();
    if (back) grid.top.focus({ preventScroll: true });
    if (keep && field.value.trim() !== "" && Number.isFinite(typed) && typed !== value) onTyped(typed);
  };
  const field = h("input.cl-weight", {
    type: "text", inputmode: "decimal", value: exact(Number(value.toPrecision(9))),
    "aria-label": `weight in row ${row}, column ${col}`,
    onblur: () => close(true),
    onkeydown: (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    },
  });
  const width = Math.max(grid.cell, 68);
  const left = grid.x(col, slice) + grid.cell / 2 - width / 2;
  field.style.left = `${Math.max(0, Math.min(left, grid.host.clientWidth - width))}px`;
  field.style.top = `${grid.y(row, slice) + grid.tall / 2 - 14}px`;
  field.style.width = `${width}px`;
  grid.host.append(field);
  field.focus();
  field.select();
}
