// From layer to layer: along the edges, beside one another, from problem to problem.

const nearest = (nodes, { x, y }) =>
  nodes.reduce((best, node) => {
    const far = Math.hypot(node.x - x, (node.y - y) / 4);
    return !best || far < best.far ? { node, far } : best;
  }, null)?.node;

/** The node that an arrow [down, right] leads to, or undefined. */
export function beside({ nodes, edges }, node, [down, right]) {
  if (down) {
    const ends = edges.filter((edge) => (down > 0 ? edge.source : edge.target) === node.id);
    return nearest(ends.map((edge) => nodes[down > 0 ? edge.target : edge.source]), node);
  }
  const others = nodes.filter((other) => Math.abs(other.rank - node.rank) <= 1 && (other.x - node.x) * right > 8);
  return nearest(others, node);
}

/** The node that a text names: in its name, its class, its arguments, or in what is folded into it. */
export function searched({ nodes }, text, from = -1) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return { node: undefined, many: 0 };
  const fits = (node) => [node.key, node.title, node.detail, ...node.folded].some((told) => told.toLowerCase().includes(wanted));
  const found = nodes.filter(fits);
  return { node: found.find((node) => node.id > from) ?? found[0], many: found.length };
}

/** The next node with something wrong, or undefined. */
export function problem({ nodes }, from, by) {
  const wrong = nodes.filter((node) => node.state === "error");
  const told = wrong.length ? wrong : nodes.filter((node) => node.state === "advice");
  if (by < 0) told.reverse();
  return told.find((node) => (node.id - from) * by > 0) ?? told[0];
}
