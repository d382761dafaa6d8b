"""The stage in a browser: everything has its room, and what belongs together is aligned."""

import itertools

import numpy as np
import pytest

from convlab import layers as cl
from convlab.scene import build_scene

pytestmark = pytest.mark.browser

SIZES = [(980, 720), (1620, 1080), (676, 900)]  # what the app leaves the stage of three windows
SIZES += [(500, 900), (370, 800)]  # half a lesson, a telephone

CUT = """(root) => [...root.querySelectorAll(
    ".cl-chip, .cl-gate figcaption > *, .cl-headline > *, .cl-formulas td, .cl-choice, .cl-bar")]
  .filter((part) => part.checkVisibility({ visibilityProperty: true }))
  .filter((part) => {
    const own = part.getBoundingClientRect();
    const around = part.closest(".cl-terms, figcaption, .cl-panel, .cl-picture");
    const room = around.getBoundingClientRect();
    const hidden = around.matches(".cl-gate figcaption") && own.top >= room.bottom - 1; // left out
    return !hidden && (own.right > room.right + 1 || own.left < room.left - 1
      || part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0);
  }).map((part) => part.textContent)"""

COLLIDING = """(root) => {
  const words = ".cl-picture :is(.cl-title, .cl-selector, .cl-bar, .cl-key)";
  const parts = [...root.querySelectorAll(words)].filter((part) => part.checkVisibility());
  const boxes = parts.map((part) => part.getBoundingClientRect());
  return parts.flatMap((one, i) => parts.slice(i + 1).flatMap((other, j) => {
    const [a, b] = [boxes[i], boxes[i + 1 + j]];
    const across = a.right <= b.left + 1 || b.right <= a.left + 1;
    const down = a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
    return across || down ? [] : [`${one.textContent} / ${other.textContent}`];
  }));
}"""


def at_work(layer, *shape):
    x = np.random.default_rng(5).normal(size=(1, *shape)).astype("float32")
    return build_scene(layer, x)


LSTM = {"filters": 4, "kernel_size": 3, "padding": "same", "return_sequences": True}
CROWDED = {
    "gates over one axis": (cl.ConvLSTM1D(**LSTM), (6, 16, 1)),
    "gates over two axes": (cl.ConvLSTM2D(**LSTM), (4, 14, 14, 1)),
    "many never read": (cl.Cropping3D(2), (12, 12, 12, 1)),
    "a window as long as the input": (cl.GlobalMaxPooling1D(), (72, 2)),
    "a window as large as the input": (cl.GlobalAveragePooling2D(), (28, 28, 2)),
    "two by two factors": (cl.UpSampling2D(2, interpolation="bilinear"), (28, 28, 1)),
    "four by four factors": (cl.UpSampling2D(2, interpolation="bicubic"), (28, 28, 1)),
    "a strip twice as long": (cl.Conv1DTranspose(2, 3, strides=2, padding="same"), (72, 1)),
    "a long kernel": (cl.Conv1D(4, 25, padding="same"), (72, 3)),
    "a strip of several channels": (cl.Conv1D(4, 3, padding="same"), (72, 3)),
    "a kernel over two axes": (cl.Conv2D(4, 3, padding="same"), (28, 28, 3)),
    "a kernel over three axes": (cl.Conv3D(4, 3, padding="same"), (12, 12, 12, 1)),
    "no window": (cl.Cropping2D(2), (28, 28, 1)),
}


@pytest.mark.parametrize("name", CROWDED)
def test_nothing_is_cut_and_nothing_collides(play, name):
    layer, shape = CROWDED[name]
    scene = at_work(layer, *shape)
    stage = play(scene, in_view=len(scene.steps) - 1)
    for theme, size in itertools.product(("light", "projector"), SIZES):
        stage.set(theme=theme)
        stage.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        stage.page.wait_for_timeout(120)
        assert stage.root.evaluate(CUT) == [], (theme, size)
        assert stage.root.evaluate(COLLIDING) == [], (theme, size)
        below = stage.page.locator(".cl-below").bounding_box()["y"]
        for kind in ("input", "output"):
            box = stage.page.locator(f".cl-picture.cl-{kind}").bounding_box()
            assert box["y"] + box["height"] <= below + 1, (theme, size, kind)


# One axis: an output stands under what it reads


def middle(stage, kind, step):
    grid = stage.page.locator(f".cl-{kind} .cl-grid")
    cell, left = (float(grid.get_attribute(f"data-{name}")) for name in ("cell", "left"))
    return grid.bounding_box()["x"] + left + (step + 0.5) * cell


@pytest.mark.parametrize(
    ("layer", "beside"),
    [
        (cl.Conv1D(2, 3, padding="same"), {0: 0, 20: 20, 39: 39}),
        (cl.Conv1D(2, 3, padding="causal", dilation_rate=4), {0: 0, 20: 20, 39: 39}),
        (cl.Conv1D(2, 3), {0: 1, 20: 21, 37: 38}),
        (cl.MaxPooling1D(2), {0: 0.5, 10: 20.5, 19: 38.5}),
        (cl.Cropping1D((3, 1)), {0: 3, 20: 23}),
        (cl.UpSampling1D(2), {0: -0.25, 1: 0.25, 79: 39.25}),
        (cl.GlobalMaxPooling1D(), {0: 19.5}),
    ],
    ids=lambda given: type(given).__name__ if hasattr(given, "name") else "",
)
def test_an_output_stands_under_the_middle_of_what_it_reads(play, layer, beside):
    stage = play(at_work(layer, 40, 1))
    for out, read in beside.items():
        assert middle(stage, "output", out) == pytest.approx(middle(stage, "input", read), abs=1)


def test_the_edges_begin_and_end_at_the_cells_of_the_strips(play):
    stage = play(at_work(cl.Conv1D(1, 3, padding="same"), 40, 1), selection=[20, 0])
    box = stage.page.locator(".cl-taps canvas").bounding_box()
    for kind, top in [("input", 24), ("output", box["height"] - 24)]:
        stage.page.mouse.move(middle(stage, kind, 7), box["y"] + top)
        stage.frames()
        cells = stage.cells(f"lit-{kind}")
        assert cells == ({(7,)} if kind == "output" else cells)
        assert (7,) in cells


# What an axis's own weights are


def test_factors_are_told_in_full(play):
    scene = at_work(cl.UpSampling2D(2, interpolation="bilinear"), 6, 6, 1)
    stage = play(scene, selection=[5, 6, 0])
    chips = stage.page.locator(".cl-line:not([hidden]) .cl-chip").all_text_contents()
    assert [chip.split("× ")[1] for chip in chips] == ["0.1875", "0.5625", "0.0625", "0.1875"]
    diagrams = stage.page.locator(".cl-diagram")
    told = [diagrams.nth(n).get_attribute("data-factors") for n in (0, 1)]
    assert told == ["0.75 0.25", "0.25 0.75"]
    assert "times 0.75, 0.25" in diagrams.first.locator("canvas").get_attribute("aria-label")


def test_factors_of_many_taps_have_six_digits(play):
    scene = at_work(cl.UpSampling2D(2, interpolation="bicubic"), 12, 12, 1)
    stage = play(scene, selection=[10, 10, 0])
    weights = np.array(
        [axis.weights[10][axis.marks[10] == 0] for axis in scene.steps[0].axes], "float64"
    )
    chips = stage.page.locator(".cl-line:not([hidden]) .cl-chip").all_text_contents()
    shown = [float(chip.split("× ")[1].replace("\u2212", "-")) for chip in chips]
    products = np.multiply.outer(*weights).ravel()
    assert len(shown) >= 4
    np.testing.assert_allclose(shown, products[: len(shown)], rtol=1e-5)
