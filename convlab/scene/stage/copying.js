// Numbers are copied exactly, whatever number of digits the screen shows.

import { h, setText } from "./dom.js";
import { exact, six } from "./words.js";

/** Shows a number; its exact value is told on hover, and copied. */
export function setNumber(element, value, what = "") {
  setText(element, six(value));
  element.title = what ? `${what}: ${exact(value)}` : exact(value);
  element.dataset.exact = exact(value);
}

/** Copies all of an element, as if its whole text were selected. */
export function copyWhole(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  document.execCommand("copy");
  selection.removeAllRanges();
}

/** Answers a copy: what is selected, with exact numbers. */
export function copyExactly(event) {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const inside = range.commonAncestorContainer.parentElement?.closest("[data-exact]");
  const copied = h("div", {}, range.cloneContents());
  for (const element of copied.querySelectorAll("[data-exact]")) {
    element.textContent = ` ${element.dataset.exact} `;
  }
  for (const element of copied.querySelectorAll(".cl-line, header, .cl-total")) element.append("\n");
  const text = inside ? inside.dataset.exact : copied.textContent.replaceAll(/ +/g, " ").trim();
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
}
