// The graph: a network as a drawing that answers to the mouse, the keyboard and fingers.
//
// It knows no notebook: `createGraph(element, options)` needs an element and a drawing. Where each
// layer stands and what it is like comes with the drawing; nothing of that is computed here.

import { readTables } from "../stage/colours.js";
import { bytesOf } from "../stage/decode.js";
import { h, setAttributes, setText } from "../stage/dom.js";
import { Camera } from "./camera.js";
import { handleKey } from "./keys.js";
import { Minimap } from "./minimap.js";
import { Mirror } from "./mirror.js";
import { boxOf, frameHead, paint } from "./painting.js";
import { pictureBox, readMap, readSeen } from "./pictures.js";
import { point } from "./pointing.js";
import { readTheme } from "./theme.js";
import { keysPanel, showLegend, Tools } from "./tools.js";
import { beside, problem, searched } from "./walk.js";

const STEP = 1.3; // zoom a press of a key
const USUAL = 0.62; // smaller than this, a drawing is not shown whole at first
const EMPTY = { nodes: [], edges: [], frames: [], width: 1, height: 1 };

/**
 * @param {HTMLElement} element where to put the graph
 * @param options `onTold(message)` is told what the viewer did: {select: key}, {open: key},
 *   {toggle: group}, {fold: all}, {unit: {key, at: [row, column]}} or {nudge: [down, right]}
 * @returns {{update: (patch: object) => void, destroy: () => void}} `update` takes any of drawing,
 *   selected (a key), maps, cone, tables, theme, and look ({key} or {all: true}: where to go)
 */
export function createGraph(element, options = {}) {
  return new Graph(element, options);
}

class Graph {
  constructor(element, { onTold = () => {} } = {}) {
    Object.assign(this, { onTold, drawing: EMPTY, selected: -1, hovered: -1, maps: new Map(), cone: new Map(), frames: 0 });
    this.camera = new Camera(() => this.request());
    this.canvas = h("canvas.cg-canvas", { "aria-hidden": "true" });
    this.mirror = new Mirror();
    this.minimap = new Minimap(this.camera);
    this.tip = h("div.cg-tip", { hidden: true, "aria-hidden": "true" });
    this.legend = h("div.cg-legend", { hidden: true });
    this.tools = new Tools(this.hands());
    this.keys = keysPanel(() => this.showKeys(false));
    this.room = h("div.cg-room", {}, this.canvas, this.mirror.element, this.legend, this.minimap.canvas, this.tip, this.keys);
    this.root = h("div.cg-graph", {}, this.tools.element, this.room);
    element.append(this.root);
    point(this.canvas, { camera: this.camera, onPress: (...told) => this.press(...told), onHover: (place) => this.hover(place) });
    this.room.addEventListener("keydown", (event) => handleKey(event, this.hands()));
    this.mirror.element.addEventListener("focus", () => this.onFocus());
    this.observer = new ResizeObserver(() => this.fitCanvas());
    this.observer.observe(this.room);
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.readTheme();
    this.darkness.addEventListener("change", this.onScheme);
  }

  hands() {
    return {
      onSearch: (text) => this.search(text, -1),
      onFind: () => this.tools.field.focus(),
      onAgain: (text) => this.search(text, this.selected),
      onLeave: () => this.mirror.element.focus(),
      onZoom: (by) => this.camera.zoom(STEP ** by),
      onAll: () => this.camera.glide(this.camera.fitting(this.whole)),
      onActual: () => this.camera.glide(this.camera.centred(this.middle, 1)),
      onProblem: (by) => this.goTo(problem(this.drawing, this.selected, by)),
      onFold: (all) => this.onTold({ fold: all }),
      onKeys: () => this.showKeys(this.keys.hidden),
      onEscape: () => (this.keys.hidden ? this.onTold({ leave: true }) : this.showKeys(false)),
      onFirst: () => this.goTo(this.drawing.nodes[0]),
      onLast: () => this.goTo(this.drawing.nodes.at(-1)),
      onOpen: () => this.open(this.node),
      onUnit: (arrow) => this.node && this.onTold({ nudge: arrow }),
      onArrow: (arrow) => this.goTo(this.node ? beside(this.drawing, this.node, arrow) : this.drawing.nodes[0]),
    };
  }

  get node() {
    return this.drawing.nodes[this.selected];
  }

  get whole() {
    return { left: 0, top: 0, width: this.drawing.width, height: this.drawing.height };
  }

  /** The middle of the selected node, or of what is in view. */
  get middle() {
    const { width, height } = this.camera;
    return this.node ? [this.node.x, this.node.y] : this.camera.world([width / 2, height / 2]);
  }

  // --- what is told from outside -------------------------------------------------------------

  update(patch) {
    if ("theme" in patch) {
      setAttributes(this.root, { "data-theme": patch.theme && patch.theme !== "auto" ? patch.theme : null });
      this.readTheme();
    }
    if ("tables" in patch) this.tables = readTables(patch.tables);
    if ("drawing" in patch) this.setDrawing(patch.drawing);
    if ("maps" in patch) this.maps = this.read(patch.maps, (item, bytes) => readMap(item, bytes, this.tables[item.table]));
    if ("cone" in patch) this.setCone(patch.cone);
    if ("selected" in patch) this.show(this.nodeOf(patch.selected));
    if (patch.look) this.look(patch.look);
    this.request();
  }

  read(told, make) {
    if (!told) return new Map();
    const bytes = bytesOf(told.data);
    return new Map(Object.entries(told.items).map(([key, item]) => [key, make(item, bytes)]));
  }

  setCone(told) {
    this.cone = this.read(told, readSeen);
    setAttributes(this.root, { "data-cone": told ? [...this.cone.keys()].join(";") : null });
    for (const item of this.mirror.items.values()) {
      const seen = this.cone.get(item.dataset.key);
      setAttributes(item, { "data-seen": seen?.text, "aria-description": seen?.text });
    }
  }

  setDrawing(drawing) {
    const before = this.node?.key;
    const kept = this.anchor(drawing ?? EMPTY);
    const first = this.drawing === EMPTY || !drawing || this.drawing.name !== drawing.name;
    this.drawing = drawing ? { ...drawing, nodes: drawing.nodes.map((node, id) => ({ ...node, id })) } : EMPTY;
    this.camera.drawing = this.drawing;
    this.minimap.setDrawing(this.drawing);
    this.mirror.setDrawing(this.drawing);
    this.tools.showDrawing(this.drawing);
    showLegend(this.legend, this.drawing);
    this.hovered = -1;
    this.tip.hidden = true;
    this.selected = this.nodeOf(before)?.id ?? -1;
    this.mirror.select(this.selected);
    if (first) this.fresh = true;
    else if (kept) this.camera.set(kept);
    if (this.camera.width > 1 && this.fresh) this.begin();
  }

  /** The view in which what was in the middle of the last drawing stays where it was. */
  anchor({ nodes }) {
    const { camera } = this;
    const places = new Map(nodes.map((node) => [node.key, node]));
    for (const node of nodes) for (const key of node.folded) places.set(key, node);
    const seen = (node) => (node.folded.length ? [node.key, ...node.folded] : [node.key]).map((key) => places.get(key)).find(Boolean);
    const here = camera.world([camera.width / 2, camera.height / 2]);
    const far = (node) => Math.hypot(node.x - here[0], node.y - here[1]);
    const near = [...this.drawing.nodes].sort((one, other) => far(one) - far(other));
    const ordered = this.node ? [this.node, ...near] : near;
    for (const node of ordered) {
      const now = seen(node);
      if (now) return { scale: camera.scale, x: camera.x + now.x - node.x, y: camera.y + now.y - node.y };
    }
    return null;
  }

  nodeOf(key) {
    if (!key) return undefined;
    return this.drawing.nodes.find((node) => node.key === key || node.folded.includes(key));
  }

  /** At first: all of it where that can be read, else where something is wrong, else the top. */
  begin() {
    this.fresh = false;
    const { camera, drawing } = this;
    const all = camera.fitting(this.whole, 1.15);
    if (all.scale >= USUAL) return camera.set(all);
    const scale = Math.min(1, Math.max(0.8, camera.width / drawing.width));
    const wrong = problem(drawing, -1, 1);
    const top = [drawing.nodes[0]?.x ?? drawing.width / 2, camera.height / 2 / scale - 8];
    camera.set(wrong?.state === "error" ? camera.centred([wrong.x, wrong.y - 40], scale) : camera.centred(top, scale));
  }

  look({ key, all }) {
    if (all) return this.camera.glide(this.camera.fitting(this.whole));
    const node = this.nodeOf(key);
    if (node) this.camera.glide(this.camera.centred([node.x, node.y], Math.max(this.camera.scale, 0.8)));
  }

  // --- what the viewer does ------------------------------------------------------------------

  hit([left, top]) {
    const [x, y] = this.camera.world([left, top]);
    const within = (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    const node = this.drawing.nodes.find((one) => within(boxOf(one, 3)));
    const frame = node ? undefined : this.drawing.frames.findLast((one) => within(frameHead(one)));
    return { node, frame, place: [x, y] };
  }

  press(place, again) {
    const { node, frame, place: at } = this.hit(place);
    if (frame) this.onTold({ toggle: frame.key });
    else if (node && again) this.open(node);
    else if (node) {
      this.selectNode(node);
      this.pick(node, at);
    }
    this.pressed = true;
    this.mirror.element.focus({ preventScroll: true });
    this.pressed = false;
  }

  /** Whoever comes by the keyboard finds something selected; a press chose what it wanted. */
  onFocus() {
    if (!this.pressed && this.selected < 0 && this.mirror.element.matches(":focus-visible")) this.goTo(this.drawing.nodes[0]);
  }

  /** Picks the unit of a map that is pressed. */
  pick(node, [x, y]) {
    const map = this.maps.get(node.key) ?? this.cone.get(node.key);
    if (!map?.sizes) return;
    const box = pictureBox(node, map);
    const part = [(y - box.top) / box.height, (x - box.left) / box.width];
    if (part.every((share) => share >= 0 && share < 1)) {
      this.onTold({ unit: { key: node.key, at: part.map((share, axis) => Math.floor(share * map.sizes[axis])) } });
    }
  }

  hover(place) {
    const { node, frame } = place ? this.hit(place) : {};
    this.canvas.style.cursor = node || frame ? "pointer" : "";
    const id = node?.id ?? -1;
    if (id !== this.hovered) {
      this.hovered = id;
      this.showTip(node);
      this.request();
    }
  }

  showTip(node) {
    this.tip.hidden = !node;
    if (!node) return;
    const params = node.params === null ? "?" : node.params.toLocaleString("en");
    const seen = this.cone.get(node.key)?.text;
    this.tip.replaceChildren(
      h("b", {}, node.key), h("span", {}, `${node.title} ${node.detail}`), h("span", {}, `gives ${node.shape}`),
      h("span", {}, `${params} parameters`), ...(node.note ? [h("span.cg-wrong", {}, node.note)] : []),
      ...(seen ? [h("span.cg-seen", {}, seen)] : []),
      h("i", {}, node.folded.length ? "press twice to unfold" : "press twice to open"),
    );
    const { width, height } = this.tip.getBoundingClientRect();
    const { right, left, top } = boxOf(node);
    const [beyond, high] = this.camera.screen([right + 10, top]);
    const [before] = this.camera.screen([left - 10, top]);
    const x = beyond + width < this.camera.width ? beyond : Math.max(4, before - width);
    const y = Math.max(4, Math.min(high, this.camera.height - height - 4));
    this.tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  open(node) {
    if (!node) return;
    this.onTold(node.folded.length ? { toggle: node.key } : { open: node.key });
  }

  selectNode(node) {
    if (!node || node.id === this.selected) return;
    this.show(node);
    this.onTold({ select: node.key });
  }

  show(node) {
    this.selected = node?.id ?? -1;
    this.mirror.select(this.selected);
    this.request();
  }

  /** Selects a node, and moves the drawing as little as brings it into view. */
  goTo(node) {
    if (!node) return;
    this.selectNode(node);
    const { camera } = this;
    const box = boxOf(node, 40);
    const seen = { left: camera.x, top: camera.y, right: camera.x + camera.width / camera.scale, bottom: camera.y + camera.height / camera.scale };
    const by = (low, high, from, to) => (high - low > to - from ? (low + high - from - to) / 2 : Math.min(low - from, 0) + Math.max(high - to, 0));
    const across = by(box.left, box.right, seen.left, seen.right);
    const down = by(box.top, box.bottom, seen.top, seen.bottom);
    if (across || down) camera.glide({ scale: camera.scale, x: camera.x + across, y: camera.y + down });
  }

  search(text, from) {
    const { node, many } = searched(this.drawing, text, from);
    setText(this.tools.found, text.trim() ? `${many} found` : "");
    this.goTo(node);
  }

  showKeys(shown) {
    if (shown === !this.keys.hidden) return;
    this.keys.hidden = !shown;
    (shown ? this.keys.querySelector("button") : this.mirror.element).focus();
  }

  // --- drawing: once a frame, and only what is in view -----------------------------------------

  readTheme() {
    this.theme = readTheme(this.root);
    this.request();
  }

  fitCanvas() {
    const { width, height } = this.room.getBoundingClientRect();
    if (!width || !height) return; // not shown: the view stays as it is
    const ratio = devicePixelRatio;
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    this.camera.setSize(width, height);
    if (this.fresh) this.begin();
    this.readTheme();
    this.draw();
  }

  request() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.theme || this.camera.width <= 1) return;
    const painted = paint(this.canvas.getContext("2d"), this);
    this.minimap.draw(this.theme);
    this.tools.showScale(this.camera.scale);
    this.frames += 1;
    this.tell(painted);
  }

  tell(painted) {
    const { x, y, scale } = this.camera;
    setAttributes(this.root, {
      "data-camera": [x, y, scale].map((number) => number.toFixed(3)).join(),
      "data-selected": this.node?.key,
      "data-painted": painted,
      "data-frames": this.frames,
      "data-maps": this.maps.size,
    });
  }

  destroy() {
    this.camera.stop();
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.onScheme);
    this.root.remove();
  }
}
