// Inline icons: nothing is fetched, and they take the colour of the text.

const PATHS = {
  first: "M4 3v10M13 3 6 8l7 5z",
  back: "M11 3 4 8l7 5zM13 3v10",
  play: "M4 2.5 13 8l-9 5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M5 3l7 5-7 5zM3 3v10",
  last: "M12 3v10M3 3l7 5-7 5z",
  loop: "M3 8a5 5 0 0 1 8.6-3.5L13 6M13 2.5V6H9.5M13 8a5 5 0 0 1-8.6 3.5L3 10M3 13.5V10h3.5",
  previous: "M10 3 5 8l5 5",
  next: "M6 3l5 5-5 5",
  copy: "M5 5h8v8H5zM3 11V3h8",
  keys: "M1.5 4h13v8h-13zM4 6.5h.1M6.5 6.5h.1M9 6.5h.1M11.5 6.5h.1M5 9.5h6",
  alert: "M8 2 15 14H1zM8 6.5v3.5M8 12h.1",
};
const SOLID = new Set(["play", "pause"]);

export function icon(name) {
  const fill = SOLID.has(name) ? "currentColor" : "none";
  return (
    `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="${fill}" ` +
    `stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">` +
    `<path d="${PATHS[name]}"/></svg>`
  );
}
