// The colours of the theme, read from the style sheet so that canvas and text agree.

const NAMES = [
  "back", "panel", "ink", "muted", "line", "accent", "alert", "alert-back", "warn", "warn-back", "changed", "halo",
  "input", "convolution", "transposed", "pooling", "join", "resizing", "other", "group", "stroke", "text",
];

const TEXT = 13; // pixels of letters, as the drawing is made for

/** The colours, the font, how strong lines are, and how much larger letters are than usual. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const theme = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--cg-${name}`).trim()]));
  theme.font = style.fontFamily;
  theme.stroke = Number.parseFloat(theme.stroke) || 1;
  theme.large = Number.parseFloat(theme.text) / TEXT || 1;
  return theme;
}
