// The mouse, the wheel and fingers: pan, zoom, press, press twice.

const STILL = 5; // pixels within which a press is no drag
const TWICE = 350; // milliseconds within which two presses are one
const WHEEL = 0.0022; // zoom a pixel of the wheel

/** @param hands {camera, onPress(place, again), onHover(place or null)} */
export function point(element, hands) {
  const fingers = new Map();
  let moved = false;
  let last = { time: -TWICE, place: [0, 0] };
  const placeOf = (event) => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { begun: placeOf(event), place: placeOf(event) });
    moved = fingers.size > 1;
  });

  element.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return hands.onHover(placeOf(event));
    const before = spread(fingers);
    const { begun } = finger;
    const place = placeOf(event);
    if (!moved && Math.hypot(place[0] - begun[0], place[1] - begun[1]) < STILL) return;
    moved = true;
    element.dataset.dragged = "";
    finger.place = place;
    const after = spread(fingers);
    if (fingers.size > 1 && before.far) hands.camera.zoom(after.far / before.far, after.middle);
    hands.camera.pan(after.middle[0] - before.middle[0], after.middle[1] - before.middle[1]);
    hands.onHover(null);
  });

  const lift = (event) => {
    const finger = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (!fingers.size) delete element.dataset.dragged;
    if (!finger || moved || event.type === "pointercancel") return;
    const near = Math.hypot(finger.place[0] - last.place[0], finger.place[1] - last.place[1]) < 4 * STILL;
    const again = near && event.timeStamp - last.time < TWICE;
    last = { time: again ? -TWICE : event.timeStamp, place: finger.place };
    hands.onPress(finger.place, again);
  };
  element.addEventListener("pointerup", lift);
  element.addEventListener("pointercancel", lift);
  element.addEventListener("pointerleave", () => hands.onHover(null));

  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const line = event.deltaMode === 1 ? 18 : 1;
    const [across, down] = [event.deltaX * line, event.deltaY * line];
    if (event.ctrlKey || event.metaKey) hands.camera.zoom(Math.exp(-down * WHEEL * 2), placeOf(event));
    else if (event.shiftKey && !across) hands.camera.pan(-down, 0);
    else hands.camera.pan(-across, -down);
  }, { passive: false });
}

function spread(fingers) {
  const places = [...fingers.values()].map(({ place }) => place);
  const middle = [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
  const far = places.length > 1 ? Math.hypot(places[0][0] - places[1][0], places[0][1] - places[1][1]) : 0;
  return { middle, far };
}
