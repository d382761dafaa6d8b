// Values to colours: lookup tables with a norm, a hue for each tap, and the theme's own colours.

import { bytesOf } from "./decode.js";

const GREY = Uint8Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 255 : Math.floor(i / 4)));

/** The lookup tables (256 x RGBA) by name; grey stands in for one that was not sent. */
export function readTables(tables) {
  const read = Object.entries(tables ?? {}).map(([name, data]) => [name, bytesOf(data)]);
  return { grey: GREY, magnitude: GREY, signed: GREY, ...Object.fromEntries(read) };
}

/** Where in its table a value lies: 0 to 255, or -1 for NaN. */
export function tableIndex(value, { low, high }) {
  if (Number.isNaN(value)) return -1;
  return Math.max(0, Math.min(255, Math.floor(((value - low) / (high - low)) * 256)));
}

/** Writes a value's colour into `pixels` at byte `offset`. NaN is transparent: its pattern shows. */
export function paintValue(pixels, offset, value, norm, table) {
  const index = tableIndex(value, norm);
  if (index < 0) return;
  for (let byte = 0; byte < 4; byte += 1) pixels[offset + byte] = table[4 * index + byte];
}

/** The ink, black or white, that reads better on a colour (WCAG relative luminance). */
export function inkOn(red, green, blue) {
  const linear = [red, green, blue].map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return luminance > 0.179 ? "#000" : "#fff";
}

/** A CSS gradient of a table, for a colour bar. */
export function gradient(table) {
  const stops = Array.from({ length: 17 }, (_, i) => {
    const entry = 4 * Math.min(255, 16 * i);
    return `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** One hue for each tap, evenly around the colour wheel. */
export function tapHues(taps, lightness) {
  return Array.from(
    { length: taps },
    (_, tap) => `oklch(${lightness} 0.17 ${((25 + (360 * tap) / taps) % 360).toFixed(1)})`,
  );
}

const USUAL_TEXT = 13; // pixels; what is drawn on canvases grows with the text beside it

const NAMES = [
  "back", "alert", "panel", "ink", "muted", "line", "accent", "halo", "hatch", "hatch-back", "tap-lightness",
  "stroke", "cell-font", "text",
];

/** The theme's colours, read from the style sheet so that canvases and text agree. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--cl-${name}`).trim();
  const theme = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  theme.font = style.fontFamily;
  theme["digit-width"] = digitWidth(`${style.fontSize} ${style.fontFamily}`);
  theme.stroke = Number.parseFloat(theme.stroke) || 2;
  theme["cell-font"] = Number.parseFloat(theme["cell-font"]) || 11;
  theme.zoom = (Number.parseFloat(theme.text) || USUAL_TEXT) / USUAL_TEXT;
  return theme;
}

function digitWidth(font) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.font = font;
  return pen.measureText("0").width;
}

/** A repeating pattern for canvases: "hatch" (padding), "dots" (never read), "crosses" (NaN). */
export function pattern(context, kind, theme, scale) {
  theme.tiles ??= new Map();
  const key = `${kind} ${scale}`;
  if (!theme.tiles.has(key)) theme.tiles.set(key, tileOf(kind, theme, scale));
  return context.createPattern(theme.tiles.get(key), "repeat");
}

function tileOf(kind, theme, scale) {
  const size = Math.round((kind === "hatch" ? 6 : 5) * scale);
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext("2d");
  if (kind === "hatch") {
    pen.fillStyle = theme["hatch-back"];
    pen.fillRect(0, 0, size, size);
    pen.strokeStyle = theme.hatch;
    pen.lineWidth = scale;
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
    }
    pen.stroke();
  } else if (kind === "crosses") {
    pen.strokeStyle = theme.alert;
    pen.lineWidth = scale;
    for (const slope of [1, -1]) {
      pen.moveTo(0.5 * scale, slope > 0 ? 0.5 * scale : size - 0.5 * scale);
      pen.lineTo(size - 0.5 * scale, slope > 0 ? size - 0.5 * scale : 0.5 * scale);
    }
    pen.stroke();
  } else {
    pen.fillStyle = theme.ink;
    pen.beginPath();
    pen.arc(size / 2, size / 2, 0.9 * scale, 0, 2 * Math.PI);
    pen.fill();
  }
  return tile;
}
