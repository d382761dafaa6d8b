// The whole drawing in small, with the part that is in view: where one is, and a way to go elsewhere.

import { h } from "../stage/dom.js";

const ROOM = { width: 92, height: 190 };
const NARROW = 26; // a column is no thinner than this

export class Minimap {
  constructor(camera, theme) {
    this.camera = camera;
    this.theme = theme;
    this.canvas = h("canvas.cg-mini", { "aria-hidden": "true" });
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => event.buttons && this.goTo(event));
    this.image = null;
  }

  setDrawing(drawing) {
    this.drawing = drawing;
    this.image = null;
    const down = Math.min(ROOM.width / drawing.width, ROOM.height / drawing.height, 0.5);
    this.scale = [Math.max(down, Math.min(NARROW / drawing.width, 0.5)), down];
  }

  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.goTo(event);
  }

  goTo(event) {
    const box = this.canvas.getBoundingClientRect();
    const place = [(event.clientX - box.left) / this.scale[0], (event.clientY - box.top) / this.scale[1]];
    this.camera.set(this.camera.centred(place));
  }

  draw(theme) {
    const { camera, canvas, drawing } = this;
    const whole = camera.width / camera.scale >= drawing.width && camera.height / camera.scale >= drawing.height;
    canvas.hidden = whole;
    if (whole) return;
    if (!this.image || this.painted !== theme) this.image = this.paintAll(theme);
    const ratio = devicePixelRatio;
    const size = [drawing.width * this.scale[0], drawing.height * this.scale[1]].map((side) => Math.max(8, Math.round(side)));
    if (canvas.width !== size[0] * ratio || canvas.height !== size[1] * ratio) {
      [canvas.width, canvas.height] = size.map((side) => side * ratio);
      [canvas.style.width, canvas.style.height] = size.map((side) => `${side}px`);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.image, 0, 0, canvas.width, canvas.height);
    pen.strokeStyle = theme.accent;
    pen.lineWidth = 2 * ratio;
    const [left, top] = [Math.max(0, camera.x), Math.max(0, camera.y)];
    const right = Math.min(drawing.width, camera.x + camera.width / camera.scale);
    const bottom = Math.min(drawing.height, camera.y + camera.height / camera.scale);
    const [across, down] = this.scale.map((scale) => scale * ratio);
    pen.strokeRect(left * across, top * down, (right - left) * across, (bottom - top) * down);
  }

  paintAll(theme) {
    const { drawing } = this;
    const [across, down] = this.scale.map((scale) => scale * devicePixelRatio);
    const image = new OffscreenCanvas(Math.max(1, drawing.width * across), Math.max(1, drawing.height * down));
    const pen = image.getContext("2d");
    pen.fillStyle = theme.back;
    pen.fillRect(0, 0, image.width, image.height);
    pen.setTransform(across, 0, 0, down, 0, 0);
    const least = 2 / down;
    for (const node of drawing.nodes) {
      pen.fillStyle = node.state === "error" ? theme.alert : node.state === "culprit" ? theme.warn : theme[node.family] || theme.other;
      const more = node.state ? least : 0;
      pen.fillRect(node.x - node.width / 2, node.y - node.height / 2 - more, Math.max(least, node.width), Math.max(least, node.height) + 2 * more);
    }
    this.painted = theme;
    return image;
  }
}
