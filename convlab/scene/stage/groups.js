// Which channels and filters belong together: those of one group have one colour.

import { tapHues } from "./colours.js";
import { channelsRead } from "./relation.js";

const NONE = { ofChannel: () => null, ofFilter: () => null, ofRows: () => null };

/** The colours of the groups of a step: of a depthwise one, each channel is a group of its own. */
export function groupHues({ step, pass }, theme) {
  const channels = step.input.values.shape.at(-1);
  const { depth, filters, rank } = pass;
  const groups = channels / depth;
  if (!step.kernel || groups < 2) return NONE;
  const hues = tapHues(groups, theme["tap-lightness"]);
  const ofChannel = (channel) => hues[Math.floor(channel / depth)] ?? null;
  const ofFilter = (filter) => ofChannel(channelsRead(step, filter)[0]);
  const rows = { input: [channels, ofChannel], output: [filters, ofFilter] };
  const ofRows = (name) => (rank === 1 ? Array.from({ length: rows[name][0] }, (_, row) => rows[name][1](row)) : null);
  return { ofChannel, ofFilter, ofRows };
}
