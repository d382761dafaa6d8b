// The graph: a network as a drawing that answers to the mouse, the keyboard and fingers.
//
// It knows no notebook: `createGraph(element, options)` needs an element and a drawing. Where each
// layer stands and what it is like comes with the drawing; nothing of that is computed here.

import { readTables } from "../stage/colours.js";
import { bytesOf } from "../stage/decode.js";
import { h, setAttributes, setText } from "../stage/dom.js";
import { Camera } from "./camera.js";
import { hit, placeIn } from "./hitting.js";
import { handleKey } from "./keys.js";
import { Legend } from "./legend.js";
import { Minimap } from "./minimap.js";
import { Mirror } from "./mirror.js";
import { readMap, readSeen } from "./pictures.js";
import { point } from "./pointing.js";
import { Surface } from "./surface.js";
import { Tip } from "./tip.js";
import { keysPanel, Tools } from "./tools.js";
import { anchored, beginning, including, whole } from "./views.js";
import { beside, problem, searched } from "./walk.js";

const STEP = 1.3; // zoom a press of a key
const NEAR = 0.8; // where one is led to a layer, it is no smaller than this
const EMPTY = { nodes: [], edges: [], frames: [], width: 1, height: 1 };

/**
 * @param {HTMLElement} element where to put the graph
 * @param options `onTold(message)` is told what the viewer did: {select: key}, {open: key},
 *   {toggle: group}, {fold: all}, {unit: {key, at: [row, column]}} or {nudge: [down, right]}
 * @returns {{update: (patch: object) => void, destroy: () => void}} `update` takes any of drawing,
 *   nothing (what to say where there is no drawing), selected (a key), maps, cone, tables, theme,
 *   and look ({key} or {all: true}: where to go)
 */
export function createGraph(element, options = {}) {
  return new Graph(element, options);
}

class Graph {
  constructor(element, { onTold = () => {} } = {}) {
    Object.assign(this, { onTold, drawing: EMPTY, selected: -1, hovered: -1, maps: new Map(), cone: new Map() });
    this.surface = new Surface({
      element: () => this.root,
      shown: () => this,
      onResized: (width, height) => this.resized(width, height),
      onPainted: (number) => this.painted(number),
    });
    this.camera = new Camera(() => this.surface.request());
    this.mirror = new Mirror();
    this.minimap = new Minimap(this.camera);
    this.tip = new Tip(this.camera);
    this.legend = new Legend();
    this.tools = new Tools(this.hands());
    this.keys = keysPanel(() => this.showKeys(false));
    this.nothing = h("p.cg-nothing", { hidden: true });
    const { canvas } = this.surface;
    this.room = h("div.cg-room", {}, canvas, this.nothing, this.mirror.element, this.legend.element, this.minimap.canvas, this.tip.element, this.keys);
    this.root = h("div.cg-graph", {}, this.tools.element, this.room);
    element.append(this.root);
    point(canvas, { camera: this.camera, onPress: (...told) => this.press(...told), onHover: (place) => this.hover(place) });
    this.room.addEventListener("keydown", (event) => handleKey(event, this.hands()));
    this.mirror.element.addEventListener("focus", () => this.onFocus());
    this.surface.fill(this.room);
  }

  hands() {
    return {
      onSearch: (text) => this.search(text, -1),
      onFind: () => this.tools.field.focus(),
      onAgain: (text) => this.search(text, this.selected),
      onLeave: () => this.mirror.element.focus(),
      onZoom: (by) => this.camera.zoom(STEP ** by),
      onAll: () => this.look({ all: true }),
      onActual: () => this.camera.glide(this.camera.centred(this.middle, this.surface.natural)),
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

  /** The middle of the selected node, or of what is in view. */
  get middle() {
    const { width, height } = this.camera;
    return this.node ? [this.node.x, this.node.y] : this.camera.world([width / 2, height / 2]);
  }

  // --- what is told from outside -------------------------------------------------------------

  update(patch) {
    if ("theme" in patch) this.setTheme(patch.theme);
    if ("tables" in patch) this.tables = readTables(patch.tables);
    if ("drawing" in patch) this.setDrawing(patch.drawing);
    if ("nothing" in patch) setText(this.nothing, patch.nothing);
    if ("maps" in patch) this.maps = this.read(patch.maps, (item, bytes) => readMap(item, bytes, this.tables[item.table]));
    if ("cone" in patch) this.setCone(patch.cone);
    if ("selected" in patch) this.show(this.nodeOf(patch.selected));
    if (patch.look) this.look(patch.look);
    this.surface.request();
  }

  /** The letters of a theme may be larger: the drawing is then as much larger. */
  setTheme(theme) {
    setAttributes(this.root, { "data-theme": theme && theme !== "auto" ? theme : null });
    const larger = this.surface.readTheme();
    this.legend.measure();
    if (larger !== 1 && !this.fresh) this.camera.zoom(larger);
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
    const kept = anchored(this.camera, this.drawing, this.node, drawing ?? EMPTY);
    const first = this.drawing === EMPTY || !drawing || this.drawing.name !== drawing.name;
    this.drawing = drawing ? { ...drawing, nodes: drawing.nodes.map((node, id) => ({ ...node, id })) } : EMPTY;
    this.nothing.hidden = Boolean(drawing);
    this.camera.drawing = this.drawing;
    for (const part of [this.minimap, this.mirror, this.tools, this.legend]) part.setDrawing(this.drawing);
    this.hovered = -1;
    this.tip.show();
    this.selected = this.nodeOf(before)?.id ?? -1;
    this.mirror.select(this.selected);
    if (first) this.fresh = true;
    else if (kept) this.camera.set(kept);
    if (this.camera.width > 1 && this.fresh) this.begin();
  }

  nodeOf(key) {
    if (!key) return undefined;
    return this.drawing.nodes.find((node) => node.key === key || node.folded.includes(key));
  }

  begin() {
    this.fresh = false;
    this.camera.set(beginning(this.camera, this.drawing, this.surface.natural));
  }

  look({ key, all }) {
    const { camera } = this;
    if (all) return camera.glide(camera.fitting(whole(this.drawing), this.surface.natural));
    const node = this.nodeOf(key);
    if (node) camera.glide(camera.centred([node.x, node.y], Math.max(camera.goal.scale, NEAR)));
  }

  // --- what the viewer does ------------------------------------------------------------------

  press(place, again) {
    const at = this.camera.world(place);
    const { node, frame } = hit(this.drawing, at);
    if (frame) this.onTold({ toggle: frame.key });
    else if (node && again) this.open(node);
    else if (node) {
      this.selectNode(node);
      const unit = placeIn(node, this.maps.get(node.key) ?? this.cone.get(node.key), at);
      if (unit) this.onTold({ unit: { key: node.key, at: unit } });
    }
    this.pressed = true;
    this.mirror.element.focus({ preventScroll: true });
    this.pressed = false;
  }

  /** Whoever comes by the keyboard finds something selected; a press chose what it wanted. */
  onFocus() {
    if (!this.pressed && this.selected < 0 && this.mirror.element.matches(":focus-visible")) this.goTo(this.drawing.nodes[0]);
  }

  hover(place) {
    const { node, frame } = place ? hit(this.drawing, this.camera.world(place)) : {};
    this.surface.canvas.style.cursor = node || frame ? "pointer" : "";
    const id = node?.id ?? -1;
    if (id === this.hovered) return;
    this.hovered = id;
    this.tip.show(node, node && this.cone.get(node.key)?.text);
    this.surface.request();
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
    this.surface.request();
  }

  /** Selects a node, and moves the drawing as little as brings it into view. */
  goTo(node) {
    if (!node) return;
    this.selectNode(node);
    const view = including(this.camera, node);
    if (view) this.camera.glide(view);
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

  // --- what follows the canvas -----------------------------------------------------------------

  resized(width, height) {
    this.camera.setSize(width, height);
    this.legend.measure();
    if (this.fresh) this.begin();
  }

  painted(number) {
    const { camera, surface } = this;
    this.minimap.draw(surface.theme);
    this.legend.giveWay(camera, this.drawing.nodes);
    this.tools.showScale(camera.scale);
    setAttributes(this.root, {
      "data-camera": [camera.x, camera.y, camera.scale].map((part) => part.toFixed(3)).join(),
      "data-selected": this.node?.key,
      "data-painted": number,
      "data-frames": surface.frames,
      "data-maps": this.maps.size,
    });
  }

  destroy() {
    this.camera.stop();
    this.surface.destroy();
    this.root.remove();
  }
}
