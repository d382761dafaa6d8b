// What is drawn over each picture: what is lit, the window, the selection, the cell pointed at.

import { after, spotOf, spotsOf } from "./sheet.js";

const NOTHING = { slices: [], rows: [], cols: [] };

/**
 * The marks of each grid for a focus.
 *
 * state: {place, hover, playing, led}, the last true while a stage that plays is followed; `around` is what the window stands around, {axes, channels}.
 */
export function marksOf({ place, hover, playing, led }, focus, lit, around, glide) {
  const { reading, pass } = place;
  const stamps = focus.kind === "stamp";
  const pointed = (kind) => (hover?.kind === kind && !hover.tap ? spotOf(hover.at, hover.channel) : null);
  const window = stamps || focus.kind === "output" ? glide.to(spotsOf(around)) : null;
  // A weight is used by every output: lighting them all would say nothing.
  const outputs = focus.kind === "input" || stamps ? spotsOf(lit.output) : NOTHING;
  const veil = (grid) => (playing || led ? after(place.walk.at, grid.content) : []);
  const scatters = reading === "scatter";
  const source = scatters ? spotOf(pass.source, rowOf(pass.channel)) : null;
  return {
    input: (grid) => ({
      lit: spotsOf(lit.input), window: stamps ? null : window, selected: source,
      cursor: pointed(scatters ? "stamp" : "input"), light: focus.kind === "kernel",
      veil: scatters ? veil(grid) : [],
    }),
    kernel: () => ({ lit: spotsOf(lit.kernel), cursor: pointed("kernel") }),
    patch: (grid) => ({ lit: within(spotsOf(lit.kernel), grid.content) }),
    output: (grid) => ({
      lit: outputs, window: stamps ? window : null,
      selected: scatters ? null : spotOf(pass.selection.at, pass.selection.filter),
      cursor: pointed("output"), veil: scatters ? [] : veil(grid),
    }),
  };
}

/** With one axis the patch of a stamp has one row, whichever channel it is of. */
function within(lit, { rows }) {
  return rows === 1 && lit.rows.length ? { ...lit, rows: [{ ...lit.rows[0], at: 0 }] } : lit;
}

const rowOf = (channel) => (typeof channel === "number" ? channel : 0);
