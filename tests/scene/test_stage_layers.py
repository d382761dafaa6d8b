"""The stage in a browser, for every layer of the family: what lights up and the number shown."""

import itertools

import numpy as np
import pytest
from stage_layers import CASES, STEPS, TRANSPOSED, layer_of

from convlab import layers
from convlab.geometry import HOLE
from convlab.scene import build_scene

pytestmark = pytest.mark.browser


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request):
    name, arguments = request.param
    return layer_of(name, **arguments)


def corners(sizes):
    """The first cell, the last, and one between."""
    return [tuple(0 for _ in sizes), tuple(n - 1 for n in sizes), tuple(n // 2 for n in sizes)]


def product(axes):
    return set(itertools.product(*axes))


def lit_by(geometries, at):
    """The cells that the geometry says are read, and those in the padding."""
    chosen = list(zip(geometries, at, strict=True))
    read = product([[i for i in axis.taps()[o].tolist() if i >= 0] for axis, o in chosen])
    if any(getattr(axis, "transposed", False) for axis in geometries):
        return read, set()  # around a scatter there is no padding
    tables = [(axis.positions()[0][o], axis.positions()[1][o]) for axis, o in chosen]
    return read, product([places[marks != HOLE].tolist() for places, marks in tables]) - read


def test_what_lights_up_is_the_geometrys_and_the_number_is_the_layers(play, case):
    layer, x = case
    scene = build_scene(layer, x)
    stage = play(scene, in_view=len(scene.steps) - 1)
    check_selections(stage, scene, layer.geometry(x.shape)[-1], np.asarray(layer(x))[0])
    stage.set(in_view=0)
    check_inputs(stage, scene.steps[0], layer.geometry(x.shape)[0])
    assert stage.messages == []


def check_selections(stage, scene, geometries, y):
    """Each selected output lights what it reads, and shows its own number."""
    last = scene.steps[-1]
    for at in corners(last.output.values.shape[:-1]):
        for channel in {0, last.output.values.shape[-1] - 1}:
            index = scene.index(at, channel)
            stage.set(selection=list(index))
            assert stage.mirror("selection") == ",".join(map(str, index))
            assert np.float32(stage.mirror("value")) == y[index]
            if last.reduce != "gates":
                assert np.float32(stage.number()) == y[index]
                lit = stage.cells("lit-input"), stage.cells("lit-padding")
                assert lit == lit_by(geometries, at)
                assert stage.mirror("lit-channels") == ",".join(map(str, last.channels[channel]))


def check_inputs(stage, step, geometries):
    """An input that is pointed at lights all outputs that read it."""
    for at in corners(step.input.values.shape[:-1]):
        stage.hover("input", *at)
        readers = [
            [o for o, taps in enumerate(axis.taps()) if i in taps]
            for axis, i in zip(geometries, at, strict=True)
        ]
        assert stage.cells("lit-output") == product(readers)
        assert stage.cells("lit-input") == {at}


@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_a_tab_that_lights_what_its_geometry_says(play, name):
    layer, x = layer_of(name)
    scene = build_scene(layer, x)
    stage = play(scene)
    for number, geometries in enumerate(layer.geometry(x.shape)):
        stage.page.get_by_role("tab").nth(number).click()
        stage.frames()
        seen = stage.mirror("pass"), stage.mirror("passes")
        assert seen == (str(number), str(len(scene.steps)))
        step = scene.steps[number]
        for at in corners(step.output.values.shape[:-1]):
            stage.hover("output", *at)
            lit = stage.cells("lit-input"), stage.cells("lit-padding")
            assert lit == lit_by(geometries, at)
            assert np.float32(stage.number()) == step.output.values[(*at, 0)]


@pytest.mark.parametrize("name", TRANSPOSED)
def test_a_stamp_falls_where_the_geometry_says(play, name):
    layer, x = layer_of(name)
    scene = build_scene(layer, x)
    stage = play(scene, selection=list(scene.index([0] * scene.rank, 1)))
    stage.page.get_by_role("button", name="scatter").click()
    stage.frames()
    assert stage.mirror("reading") == "scatter"
    stage.set(speed=10)
    (geometries,) = layer.geometry(x.shape)
    (step,) = scene.steps
    for at in corners(step.input.values.shape[:-1]):
        stage.click("input", *at)
        assert stage.mirror("source") == ",".join(map(str, at))
        readers = [
            [o for o, taps in enumerate(axis.taps()) if i in taps]
            for axis, i in zip(geometries, at, strict=True)
        ]
        assert stage.cells("lit-output") == product(readers)
        stamped = [axis.stamps[i].tolist() for axis, i in zip(step.axes, at, strict=True)]
        assert stage.cells("lit-cropped") == product(stamped) - product(readers)
        assert len(stage.cells("lit-kernel")) == len(product(stamped))
        assert f"{len(product(stamped))} product" in stage.page.inner_text(".cl-total")


def test_a_play_of_stamps_runs_over_the_inputs(play):
    layer, x = layer_of("Conv2DTranspose")
    stage = play(build_scene(layer, x), reading="scatter", speed=60)
    assert stage.mirror("steps") == "20"  # the input is 4 x 5
    stage.press("Home", " ")
    stage.page.wait_for_function(
        "() => document.querySelector('.cl-stage').dataset.source == '3,4'", timeout=20000
    )
    assert (stage.mirror("drawn"), stage.mirror("skipped")) == ("19", "0")


@pytest.mark.parametrize("name", TRANSPOSED)
def test_a_play_of_stamps_adds_up_to_the_output(play, name):
    layer, x = layer_of(name)
    scene = build_scene(layer, x)
    (step,) = scene.steps
    at = tuple(axis.size_out // 2 for axis in step.axes)
    stage = play(scene, selection=list(scene.index(at, 1)), reading="scatter", speed=60)
    stage.page.evaluate("""() => {
      const root = document.querySelector(".cl-stage");
      window.sums = new Map();
      new MutationObserver(() => {
        const { soFar, source, playing } = root.dataset;
        if (soFar && playing === "true") sums.set(source, Number(soFar));
      }).observe(root, { attributes: true });
    }""")
    stage.press("Home", " ")
    last = ",".join(str(axis.size_in - 1) for axis in step.axes)
    stage.page.wait_for_function("(last) => sums.has(last)", arg=last, timeout=20000)
    stage.page.wait_for_selector(".cl-stage[data-playing='false']")
    sums = {
        tuple(map(int, cell.split(","))): value for cell, value in stage.page.evaluate("[...sums]")
    }
    assert sums[tuple(axis.size_in - 1 for axis in step.axes)] == pytest.approx(
        step.linear[(*at, 1)], rel=1e-5
    )
    total = float(step.bias[1])
    for cell in np.ndindex(*(axis.size_in for axis in step.axes)):
        taps = [axis.stamps[i].tolist() for axis, i in zip(step.axes, cell, strict=True)]
        if all(o in stamp for o, stamp in zip(at, taps, strict=True)):
            tap = tuple(stamp.index(o) for o, stamp in zip(at, taps, strict=True))
            total += float(step.input.values[cell] @ step.kernel.values[tap][:, 1])
        if cell in sums:
            assert sums[cell] == pytest.approx(total, rel=1e-5, abs=1e-6)
    assert stage.mirror("so-far") is None


def test_the_place_is_kept_from_step_to_step(play):
    layer, x = layer_of("SeparableConv2D")
    scene = build_scene(layer, x)
    stage = play(scene, selection=[2, 1, 2])
    assert stage.mirror("selection") == "2,1,0"  # the first step has channels of its own
    stage.click("output", 0, 2)
    assert [message["selection"] for message in stage.settled()] == [[0, 2, 2]]
    stage.page.get_by_role("tab", name="pointwise").click()
    stage.frames()
    assert (stage.mirror("pass"), stage.mirror("selection")) == ("1", "0,2,2")


def test_a_chain_shows_a_layer_after_the_other(play):
    x = np.ones((1, 5, 6, 1), "float32")
    chain = [layers.ZeroPadding2D(1), layers.Conv2D(2, 3, strides=2)]
    scene = build_scene(chain, x)
    stage = play(scene)
    tabs = stage.page.get_by_role("tab").all_inner_texts()
    assert tabs == ["1 padding", "2 convolution"]
    stage.click("output", 6, 7)  # beyond the second step's output
    stage.set(in_view=1)
    assert stage.mirror("selection") == "2,2,0"


def test_a_number_is_the_largest_of_its_window(play):
    layer, x = layer_of("MaxPooling2D")
    scene = build_scene(layer, x)
    stage = play(scene, selection=[0, 0, 0])  # padding is not counted: all may be negative
    largest = stage.page.locator(".cl-chip.cl-largest")
    assert float(largest.get_attribute("data-exact")) == layer(x)[0, 0, 0, 0]
    assert "largest of" in stage.page.inner_text(".cl-total")


def test_a_mean_counts_no_padding(play):
    layer, x = layer_of("AveragePooling2D")
    stage = play(build_scene(layer, x), selection=[2, 2, 0])
    read = len(stage.cells("lit-input"))
    assert f"sum of {read} value" in stage.page.inner_text(".cl-total")
    assert f"/ {read}" in stage.page.inner_text(".cl-total")


@pytest.mark.parametrize(
    ("name", "taps", "words"),
    [
        ("DepthwiseConv2D", (1, 2), "kernel[1, 2, 0, 0]"),
        ("Conv2DTranspose", (1, 2), "kernel[1, 2, 0, 0]"),
        ("LocallyConnected2D", (1, 1), "kernel["),
    ],
)
def test_a_weight_has_the_layers_own_index(play, name, taps, words):
    layer, x = layer_of(name)
    scene = build_scene(layer, x)
    stage = play(scene, selection=list(scene.index([1] * scene.rank, 0)))
    stage.hover("kernel", *taps)
    (step,) = scene.steps
    index = step.weight_at(taps, 0, 0, [1] * scene.rank)
    said = stage.page.inner_text(".cl-readout")
    assert words in said
    assert f"{step.weight_name}{list(index)} = " in said
    weight = layer.get_weights()[0][index]
    assert f"= {weight:.6g} " in said.replace("\u2212", "-")


def test_stages_follow_how_far_another_is_and_tell_nobody(play):
    layer, x = layer_of("Conv2D")
    stage = play(build_scene(layer, x), group="pair")  # the output is 4 x 3
    move = """(move) => document.dispatchEvent(new CustomEvent("convlab-move",
      { detail: { group: "pair", from: null, move } }))"""
    stage.page.evaluate(move, {"part": [1, 0.5], "playing": False})
    stage.frames()
    assert stage.mirror("selection") == "3,1,0"
    stage.page.evaluate("""() => document.addEventListener("convlab-move",
      ({ detail }) => { window.told = detail; })""")
    stage.press("ArrowUp")
    assert stage.page.evaluate("told.move") == {"part": [2 / 3, 0.5], "playing": False}
    assert [message["selection"] for message in stage.settled()] == [[2, 1, 0]]


def test_a_group_has_one_colour_in_the_input_and_in_the_output(play):
    layer, x = layer_of("Conv2D in groups")  # channels 0 and 1 are read by filters 0 and 1
    stage = play(build_scene(layer, x), selection=[0, 0, 0])
    seen = []
    for filter in range(4):
        stage.set(selection=[0, 0, filter])
        swatches = stage.page.locator(".cl-group")
        colours = swatches.evaluate_all("(all) => all.map((one) => one.style.background)")
        assert colours[0] == colours[1] != ""
        seen.append(colours[0])
    assert seen[0] == seen[1] != seen[2] == seen[3]
