"""The views that only some layers have, the maps, the marked terms, and predictions."""

import itertools
import re

import numpy as np
import pytest
from scenes import scene_of

from convlab import layers
from convlab.geometry import HOLE
from convlab.scene import build_scene

pytestmark = pytest.mark.browser


def scene_of_layer(layer, *shape, seed=3):
    random = np.random.default_rng(seed)
    x = random.integers(0, 10, (1, *shape)).astype("float32")
    layer.build(x.shape)
    weights = [random.integers(-3, 4, w.shape).astype("float32") for w in layer.get_weights()]
    layer.set_weights(weights)
    return build_scene(layer, x)


def causal():
    return scene_of_layer(
        layers.Conv1D(2, 3, dilation_rate=4, padding="causal", activation="relu"), 24, 2
    )


def pairs(text):
    return {tuple(int(part) for part in edge.split(">")) for edge in text.split()}


def edges(axis, out):
    """The (place, output) pairs of the taps of an output, those in the padding too."""
    rows = zip(axis.positions[out], axis.marks[out], strict=True)
    return {(int(place), out) for place, mark in rows if mark != HOLE}


# One axis: taps as edges, the signal


def test_the_edges_are_the_taps(play):
    scene = causal()
    (axis,) = scene.steps[0].axes
    stage = play(scene)
    diagram = stage.page.locator(".cl-taps")
    for out in (0, 11, 23):
        stage.set(selection=[out, 0])
        assert pairs(diagram.get_attribute("data-edges")) == edges(axis, out)
        label = diagram.locator("canvas").get_attribute("aria-label")
        assert f"output {out} reads input" in label


def node(stage, row, place):
    """Where a node of the diagram is, found by asking every point of its row."""
    canvas = stage.page.locator(".cl-taps canvas")
    box = canvas.bounding_box()
    top = box["y"] + (24 if row == "input" else box["height"] - 24)
    for left in range(40, int(box["width"]), 6):
        stage.page.mouse.move(box["x"] + left, top)
        stage.frames()
        kind = stage.mirror("focus")
        cells = stage.cells("lit-input" if row == "input" else "lit-output")
        if kind == row and cells == {(place,)}:
            return box["x"] + left, top
    raise AssertionError(f"no node {place} in the row {row}")


def test_a_node_lights_what_it_is_connected_to_and_is_picked(play):
    scene = causal()
    (axis,) = scene.steps[0].axes
    stage = play(scene, selection=[2, 0])
    node(stage, "input", 3)
    readers = {(int(out),) for out in axis.readers[3] if out >= 0}
    assert stage.cells("lit-output") == readers == {(3,), (7,), (11,)}
    place = node(stage, "output", 5)
    assert stage.cells("lit-input") == {(1,), (5,)}
    stage.page.mouse.click(*place)
    stage.frames()
    assert stage.mirror("selection") == "5,0"


def test_a_long_axis_is_shown_around_the_selection(play):
    stage = play(scene_of_layer(layers.Conv1D(1, 3), 400, 1), selection=[350, 0])
    assert node(stage, "output", 352)
    assert pairs(stage.page.locator(".cl-taps").get_attribute("data-edges")) == {
        (352, 352), (353, 352), (354, 352)
    }  # fmt: skip


def test_the_signal_is_shown_beside_the_taps_or_without_them(play):
    stage = play(causal(), selection=[11, 0])
    taps, signal = (stage.page.locator(f".cl-{name}") for name in ("taps", "signal"))
    assert taps.is_visible()
    assert not signal.is_visible()
    stage.page.get_by_role("button", name="signal").click()
    stage.page.get_by_role("button", name="taps").click()
    stage.frames()
    assert signal.is_visible()
    assert not taps.is_visible()
    label = signal.locator("canvas").get_attribute("aria-label")
    assert "input, channel 0, from 0 to 9" in label
    assert "shaded: steps 3 to 11" in label


# Three axes


def test_the_boxes_stand_around_what_is_lit(play):
    scene = scene_of_layer(layers.Conv3D(1, (2, 3, 3), strides=(1, 2, 1)), 4, 7, 5, 1)
    stage = play(scene)
    view = stage.page.locator(".cl-volume")
    for at in [(0, 0, 0), (2, 1, 2)]:
        stage.set(selection=[*at, 0])
        lit = stage.cells("lit-input")
        low, high = np.min(list(lit), axis=0), np.max(list(lit), axis=0) + 1
        assert view.get_attribute("data-input-box") == ":".join(
            ",".join(map(str, corner)) for corner in (low, high)
        )
        ends = ",".join(str(place + 1) for place in at)
        assert view.get_attribute("data-output-box") == f"{','.join(map(str, at))}:{ends}"


# The gates


def lstm(rank=2):
    cls = {1: layers.ConvLSTM1D, 2: layers.ConvLSTM2D, 3: layers.ConvLSTM3D}[rank]
    layer = cls(2, 2, padding="same")
    x = np.random.default_rng(5).normal(size=(1, 3, *(4, 5, 3)[:rank], 2)).astype("float32")
    return build_scene(layer, x)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_the_formula_has_the_numbers_of_the_cell(play, rank):
    scene = lstm(rank)
    gates = scene.steps[2].gates
    stage = play(scene, in_view=2)
    for at, filter_ in [((0,) * rank, 0), (gates.c.shape[:-1], 1)]:
        cell = tuple(min(n, size - 1) for n, size in zip(at, gates.c.shape, strict=False))
        stage.set(selection=[*cell, filter_])
        rows = stage.page.locator(".cl-formulas tr")
        exact = [
            [float(cell.get_attribute("data-exact")) for cell in row.locator("output").all()]
            for row in rows.all()
        ]
        where = (*cell, filter_)
        for row, (block, name) in zip(exact, enumerate("ifgo"), strict=False):
            channel = block * 2 + filter_
            x, h = gates.x.values[(*cell, channel)], gates.h.values[(*cell, channel)]
            assert np.float32(row).tolist() == [getattr(gates, name)[where], x, h]
        f, c_before, i, g, c = (getattr(gates, n)[where] for n in ("f", "c_before", "i", "g", "c"))
        assert np.float32(exact[4]).tolist() == [c, f, c_before, i, g]
        assert c == pytest.approx(f * c_before + i * g, abs=1e-6)
        assert np.float32(exact[5]).tolist() == [
            gates.h_out[where], gates.o[where], gates.shown[where]
        ]  # fmt: skip
        assert float(stage.mirror("value")) == exact[5][0]


def test_the_other_steps_of_an_lstm_have_their_own_sum(play):
    stage = play(lstm())
    assert stage.page.locator(".cl-gates").is_hidden()
    assert stage.page.locator(".cl-terms").is_visible()
    stage.set(in_view=2)
    assert stage.page.locator(".cl-gates").is_visible()
    assert stage.page.locator(".cl-terms").is_hidden()


# Maps


COUNTED = """
async ([scene, kind, number, cell]) => {
  const { decode } = await import("/parts/decode.js");
  const { mapOf } = await import("/parts/maps.js");
  const { readTables } = await import("/parts/colours.js");
  const { steps } = decode(scene);
  const options = { cell, rows: 1, tables: readTables() };
  const { content, words } = mapOf(kind, steps, number, options);
  const { slices, rows, cols, valueAt } = content;
  const all = (size) => [...Array(size).keys()];
  const row = (slice, row) => all(cols).map((col) => valueAt(slice, row, col));
  return [all(slices).map((slice) => all(rows).map((line) => row(slice, line))), words];
}
"""


@pytest.fixture
def counted(play):
    """Counts a map in the browser: `counted(scene, kind, number, cell)`."""
    from conftest import PAGE, sent

    from convlab.scene.assets import _read

    def answer(route):
        name = route.request.url.rsplit("/", 1)[1]
        route.fulfill(body=_read(f"stage/{name}"), content_type="text/javascript")

    def count(scene, kind, number=0, cell=(0, 0)):
        stage = play(scene)
        stage.page.route(f"{PAGE}parts/*", answer)
        values, words = stage.page.evaluate(COUNTED, [sent(scene), kind, number, list(cell)])
        return np.squeeze(np.array(values), 0 if len(cell) < 3 else ()), " ".join(words)

    return count


def by_product(axes, counts):
    return np.multiply.outer(*[counts(axis) for axis in axes])


def test_how_often_each_input_is_read(counted):
    scene = scene_of((6, 7, 1), strides=(2, 3), kernel_size=2)
    values, words = counted(scene, "counts")
    axes = scene.steps[0].axes
    assert (values == by_product(axes, lambda axis: axis.read_counts())).all()
    assert "each cell is read 0 to 1 time" in words
    never, words = counted(scene, "never")
    assert (never == (values == 0)).all()
    assert f"{int((values == 0).sum())} of 42 cells never read" in words


def test_at_the_border_a_cell_is_read_less(counted):
    _, words = counted(scene_of((9, 9, 1), padding="same"), "counts")
    assert words == "each cell is read 4 to 9 times by a filter: the border less"
    _, words = counted(scene_of((12, 12, 1), strides=2), "counts")
    assert "border" not in words


def test_the_overlap_of_stamps_shows_a_checkerboard(counted):
    scene = scene_of_layer(layers.Conv2DTranspose(1, 3, strides=2), 5, 5, 1)
    values, words = counted(scene, "overlap")
    assert (values == by_product(scene.steps[0].axes, lambda axis: axis.tap_counts())).all()
    assert words == "1 to 4 taps reach a cell a pattern that repeats: a checkerboard can show"
    even = scene_of_layer(layers.Conv2DTranspose(1, 4, strides=2), 6, 6, 1)
    assert "checkerboard" not in counted(even, "overlap")[1]


def test_the_receptive_field_goes_back_through_every_step(counted):
    x = np.zeros((1, 12, 12, 1), "float32")
    scene = build_scene([layers.Conv2D(1, 3), layers.MaxPooling2D(2)], x)
    values, words = counted(scene, "field", 0, (1, 2))
    expected = np.zeros((12, 12))
    expected[2:6, 4:8] = 1
    assert (values == expected).all()
    assert words == "the selected output depends on 4 × 4 = 16 cells, through 2 steps"
    values, _ = counted(scene, "field", 1, (1, 2))
    assert {tuple(cell) for cell in np.argwhere(values)} == set(itertools.product((2, 3), (4, 5)))


def test_a_map_takes_the_place_of_the_values_and_is_told(play):
    scene = scene_of((6, 7, 1))
    stage = play(scene)
    assert stage.mirror("map") == "values"
    stage.page.get_by_label("what the pictures show").select_option("counts")
    stage.frames()
    assert stage.mirror("map") == "counts"
    assert "is read 1 to 9 times" in stage.page.locator(".cl-input .cl-legend").inner_text()
    stage.settled()
    assert stage.page.evaluate("() => model.get('map')") == "counts"
    stage.set(map="overlap")
    assert "9 taps reach a cell" in stage.page.locator(".cl-output .cl-legend").inner_text()
    assert "read" not in stage.page.locator(".cl-input .cl-legend").inner_text()


def test_the_receptive_field_follows_the_selection(play):
    stage = play(scene_of((6, 7, 1)), map="field", selection=[0, 0, 0])
    where = ".cl-input canvas"
    before = stage.page.locator(where).first.screenshot()
    stage.set(selection=[3, 4, 0])
    assert stage.page.locator(where).first.screenshot() != before
    assert "3 × 3 = 9 cells" in stage.page.locator(".cl-input .cl-legend").inner_text()


# Each axis


def marked(stage, symbol, axis=0):
    stage.page.locator(f".cl-meanings .cl-term[data-symbol='{symbol}']").click()
    diagram = stage.page.locator(".cl-diagram").nth(axis)
    found = diagram.get_attribute("data-marked")
    stage.page.keyboard.press("Escape")
    assert diagram.get_attribute("data-marked") is None
    return found


def test_a_term_marks_what_it_counts(play):
    stage = play(scene_of((8, 8, 1), padding="same", strides=2), selection=[1, 1, 0])
    expected = {
        "n": "input:0..7",
        "m": "output:0..3",
        "k": "input:2..2 input:3..3 input:4..4",
        "K": "input:2..4",
        "d": "input:2..2",
        "s": "input:2..3",
        "P": "input:8..8",
        "P_before": "",
        "o": "output:1..1",
    }
    assert {symbol: marked(stage, symbol) for symbol in expected} == expected


def test_a_term_of_a_scatter_marks_the_output(play):
    layer = layers.Conv2DTranspose(1, 3, strides=2, padding="same", output_padding=1)
    scene = scene_of_layer(layer, 4, 4, 1)
    stage = play(scene, selection=[4, 4, 0])
    axis = scene.steps[0].axes[0]
    expected = {
        "n": "input:0..3",
        "m": "output:0..7",
        "f": "output:0..8",
        "E": "output:8..8",
        "p": "output:0..0",
        "s": "output:4..5",
    }
    assert (axis.crop_before, axis.crop_after, axis.added_before) == (0, 1, 1)
    assert {symbol: marked(stage, symbol) for symbol in expected} == expected


def test_the_cells_left_over_are_marked(play):
    stage = play(scene_of((8, 8, 1), strides=2))
    assert marked(stage, "u") == "input:7..7"
    label = stage.page.locator(".cl-diagram canvas").first.get_attribute("aria-label")
    assert "never read: 7" in label


def test_a_term_is_a_button_that_says_what_it_means(play):
    stage = play(scene_of(strides=2))
    term = stage.page.locator(".cl-axis .cl-term[data-symbol='s']").first
    assert "s = 2: stride" in term.get_attribute("title")
    term.focus()
    stage.page.keyboard.press("Enter")
    assert term.get_attribute("aria-pressed") == "true"
    label = stage.page.locator(".cl-diagram canvas").first.get_attribute("aria-label")
    assert "s = 2 marks input" in label


# Layers over one axis in a row: the stack


def stacked(*axes_of):
    x = np.random.default_rng(2).normal(size=(1, 40, 1)).astype("float32")
    return build_scene(list(axes_of), x)


def dilated(*rates):
    return [layers.Conv1D(1, 2, padding="causal", dilation_rate=rate) for rate in rates]


def test_doubling_dilations_make_a_tree_over_the_inputs(play):
    scene = stacked(*dilated(1, 2, 4, 8))
    stage = play(scene, in_view=3, selection=[30, 0])
    stack = stage.page.locator(".cl-stack")
    assert stack.is_visible()
    assert stack.get_attribute("data-depends") == ",".join(map(str, range(15, 31)))
    label = stack.locator("canvas").get_attribute("aria-label")
    assert "output 30 of step 4 depends on 16 inputs: 15 to 30" in label
    stage.set(selection=[3, 0])
    assert stack.get_attribute("data-depends") == "0,1,2,3"  # the padding has no inputs
    stage.set(in_view=1, selection=[30, 0])
    assert stack.get_attribute("data-depends") == "27,28,29,30"
    assert stage.page.inner_text(".cl-facts").count("causal") == 1  # of the layer in view
    stage.page.get_by_role("button", name="stack").click()
    assert stack.is_hidden()


def test_a_stack_counts_strides_and_pooling(play):
    x = [layers.Conv1D(2, 3, strides=2), layers.MaxPooling1D(2), layers.Conv1D(1, 3)]
    stage = play(stacked(*x), in_view=2, selection=[4, 0])
    # places 4 to 6 of the pooling are 8 to 13 of the convolution: inputs 16 to 28
    depends = stage.page.locator(".cl-stack").get_attribute("data-depends")
    assert depends == ",".join(map(str, range(16, 29)))


def test_one_layer_is_no_stack(play):
    for layer in (layers.Conv1D(1, 3), layers.SeparableConv1D(1, 3), layers.ConvLSTM1D(1, 3)):
        shape = (1, 3, 12, 2) if isinstance(layer, layers.ConvLSTM1D) else (1, 12, 2)
        stage = play(build_scene(layer, np.ones(shape, "float32")))
        assert stage.page.locator(".cl-stack").is_hidden()
        assert stage.page.get_by_role("button", name="stack").count() == 0


# Predict, then reveal


def test_the_shape_is_hidden_until_it_is_said(play):
    stage = play(scene_of((6, 7, 1)), hide="shape")
    assert stage.mirror("hide") == "shape"
    for hidden in (".cl-output .cl-title", ".cl-facts", ".cl-derivation >> nth=0", ".cl-transport"):
        assert stage.page.locator(hidden).is_hidden()
    verdict = stage.page.locator(".cl-verdict")
    answer = stage.page.get_by_label("your answer")
    answer.fill("4, 4, 2")
    answer.press("Enter")
    assert verdict.inner_text() == "Not yet: width is different; height and channels are right."
    assert stage.page.locator(".cl-output .cl-title").is_hidden()
    answer.fill("4 x 5 x 2")
    answer.press("Enter")
    assert verdict.inner_text().startswith("Right. The output is (4, 5, 2). height: m = ")
    assert stage.page.locator(".cl-output .cl-title").is_visible()
    stage.frames()
    assert stage.mirror("hide") is None


@pytest.mark.parametrize("pointed", [None, ("input", 20, 30), ("kernel", 1, 1)])
def test_a_hidden_shape_is_told_nowhere(play, pointed):
    stage = play(scene_of((41, 53, 1)), hide="shape")
    if pointed:
        stage.hover(*pointed)
    numbers = numbers_told(stage)
    assert {"41", "53"} <= numbers
    assert not {"39", "51", str(39 * 51)} & numbers
    if pointed == ("kernel", 1, 1):  # what a weight touches has the output's shape
        assert stage.mirror("lit-input") == stage.mirror("lit-output") == ""


TITLES = """root => [...root.querySelectorAll("[title]")]
  .filter((part) => part.checkVisibility({ visibilityProperty: true }))
  .map((part) => part.title).join()"""


def numbers_told(stage):
    """The whole numbers in all that can be read, pointed at or heard."""
    told = [stage.root.aria_snapshot(), stage.root.inner_text(), stage.root.evaluate(TITLES)]
    return set(re.findall(r"(?<![\d.])\d+(?![\d.])", "\n".join(told).replace(",", "")))


def answer(stage, shape):
    stage.page.get_by_label("your answer").fill(shape)
    stage.page.keyboard.press("Enter")
    stage.frames()


CHAINS = {
    "a chain": ([layers.Conv2D(2, 3), layers.Conv2D(23, 3)], "39, 51, 2", "37, 49, 23"),
    "two steps of a layer": (
        layers.SeparableConv2D(23, 3, depth_multiplier=2),
        "39, 51, 2",
        "39, 51, 23",
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_later_step_tells_no_hidden_shape(play, name):
    subject, first, last = CHAINS[name]
    x = np.random.default_rng(0).normal(size=(1, 41, 53, 1)).astype("float32")
    stage = play(build_scene(subject, x), hide="shape", in_view=1)
    assert stage.mirror("pass") == "0"  # the second step's input would tell
    tab = stage.page.get_by_role("tab").nth(1)
    assert tab.is_disabled()
    assert tab.get_attribute("title") == "First answer step 1"
    stage.set(in_view=0)
    stage.set(in_view=1)
    assert stage.mirror("pass") == "0"
    assert not {"39", "51"} & numbers_told(stage)
    answer(stage, first)
    assert stage.page.locator(".cl-output .cl-title").is_visible()
    assert not {"37", "49", "23"} & numbers_told(stage)  # the line below tells of both steps
    tab.click()
    stage.frames()
    assert stage.mirror("pass") == "1"
    assert stage.page.locator(".cl-output .cl-title").is_hidden()
    answer(stage, last)
    assert last.replace(", ", " × ") in stage.page.locator(".cl-output .cl-title").inner_text()
    assert stage.page.locator(".cl-facts").is_visible()
    stage.page.get_by_role("tab").nth(0).click()
    stage.frames()
    assert stage.mirror("hide") is None  # it was answered
    stage.page.get_by_role("button", name="Ask again").click()
    stage.frames()
    assert stage.mirror("hide") == "shape"
    assert tab.is_disabled()


def test_the_shape_of_a_global_pooling_is_its_channels(play):
    stage = play(scene_of_layer(layers.GlobalAveragePooling2D(), 4, 5, 3), hide="shape")
    answer = stage.page.get_by_label("your answer")
    answer.fill("1, 1, 3")
    answer.press("Enter")
    assert stage.page.locator(".cl-verdict").inner_text() == "Not yet: the shape has 1 number."
    answer.fill("3")
    answer.press("Enter")
    assert stage.page.locator(".cl-verdict").inner_text().startswith("Right. The output is (3,).")


def test_one_cell_is_hidden_until_it_is_computed(play):
    scene = scene_of((6, 7, 1))
    stage = play(scene, hide="cell", selection=[1, 2, 0])
    value = int(scene.steps[0].output.values[1, 2, 0])
    result = stage.page.locator(".cl-result")
    assert result.is_hidden()
    assert stage.page.locator(".cl-cover").is_visible()
    assert str(value) not in stage.page.locator(".cl-live").inner_text()
    answer = stage.page.get_by_label("your answer")
    answer.fill(str(value - 3))
    stage.page.get_by_role("button", name="Check").click()
    assert stage.page.locator(".cl-verdict").inner_text() == "Not yet: it is larger."
    answer.fill(str(value))
    stage.page.get_by_role("button", name="Check").click()
    assert stage.page.locator(".cl-verdict").inner_text().startswith("Right.")
    stage.frames()
    assert result.is_visible()
    assert stage.page.locator(".cl-cover").is_hidden()
    stage.set(selection=[2, 2, 0])  # another cell is another question
    stage.frames()
    assert result.is_hidden()


def test_the_taps_are_hidden_until_they_are_clicked(play):
    stage = play(scene_of((6, 7, 1), kernel_size=2), hide="taps", selection=[1, 2, 0])
    stage.frames()
    assert stage.cells("lit-input") == set()
    stage.hover("input", 1, 2)
    assert stage.cells("lit-output") == set()  # which would say it
    for cell in [(1, 2), (1, 3), (2, 2), (0, 0)]:
        stage.click("input", *cell)
    check = stage.page.get_by_role("button", name="Check")
    check.click()
    verdict = stage.page.locator(".cl-verdict")
    assert verdict.inner_text() == "Not yet: 3 cells right, 1 not read, 1 missing."
    assert stage.page.locator(".cl-guess[data-sign='✗']").get_attribute("data-cell") == "0,0"
    stage.click("input", 0, 0)
    stage.press("Escape", on="input")
    stage.hover("input", 2, 3)
    stage.page.keyboard.press("Enter")  # the keyboard marks too
    check.click()
    assert verdict.inner_text().startswith("Right. It reads rows 1, 2; columns 2, 3: ")
    stage.page.mouse.move(0, 0)
    stage.frames()
    assert stage.cells("lit-input") == {(1, 2), (1, 3), (2, 2), (2, 3)}


def test_what_is_hidden_may_be_shown_and_asked_again(play):
    stage = play(scene_of((6, 7, 1)), hide="taps", selection=[1, 2, 0])
    stage.page.get_by_role("button", name="Show").click()
    stage.frames()
    assert len(stage.cells("lit-input")) == 9
    stage.page.get_by_role("button", name="Ask again").click()
    stage.frames()
    assert stage.cells("lit-input") == set()
    stage.set(hide=None)
    assert stage.mirror("hide") is None
    assert stage.page.locator(".cl-predict").is_hidden()
    assert len(stage.cells("lit-input")) == 9
