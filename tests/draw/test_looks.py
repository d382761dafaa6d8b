"""What there is to see of a cell, for every layer: its terms, what lights up, what is said."""

import math
import re

import numpy as np
import pytest
from layers_at_work import IDS, PAIRS, numbers

import convlab as cl
from convlab.draw.choice import Choice
from convlab.draw.reading.looks import Gather, Scatter
from convlab.draw.reading.sums import ACROSS, MOST_ROWS, conclusion, slot_rows
from convlab.draw.reading.terms import most_terms, terms
from convlab.errors import ArgumentError
from convlab.geometry import READ
from convlab.scene import build_scene


def _scene(layer, x, **options):
    return build_scene(layer, x, **options)


def _some(cells, most=120):
    """Cells from all over, at most so many."""
    chosen = np.random.default_rng(0).permutation(len(cells))[:most]
    return [cells[number] for number in chosen]


# Gather


@pytest.mark.parametrize(("layer", "x"), PAIRS, ids=IDS)
def test_the_terms_of_every_cell_give_its_number(layer, x):
    scene = _scene(layer, x)
    steps = [step for step in scene.steps if step.gates is None]
    for step in steps:
        for *place, filter in _some(list(np.ndindex(step.output.values.shape))):
            words = conclusion(step, tuple(place), filter, terms(step, tuple(place), filter))
            assert "more than rounding" not in words, (place, filter, words)
            assert len(most_terms(step, filter)) >= len(terms(step, tuple(place), filter))


@pytest.mark.parametrize(("layer", "x"), PAIRS, ids=IDS)
def test_the_cells_that_are_lit_are_those_of_the_geometry(layer, x):
    scene = _scene(layer, x)
    geometries = layer.geometry(x.shape)
    for step, axes in zip(scene.steps, geometries, strict=False):
        taps = [axis.taps() for axis in axes]
        last = step.output.values.shape[-1] - 1
        reading = Gather(scene, step, last, 0)
        for place in _some(list(np.ndindex(*reading.sizes))):
            own = [{int(i) for i in tap[at] if i >= 0} for tap, at in zip(taps, place, strict=True)]
            look = reading.look(place)
            sizes = step.input.values.shape
            inside = {
                cell
                for cell, _ in look.lit_input
                if all(0 <= at < size for at, size in zip(cell, sizes, strict=False))
            }
            wanted = math.prod(map(len, own))
            assert len(inside) == wanted
            assert all(at in axis for cell in inside for at, axis in zip(cell, own, strict=True))
            assert look.frame_output == (place,)


def test_the_value_at_a_tap_is_the_array_s_own():
    layer, x = cl.layers.Conv3D(2, 2, padding="same"), numbers(1, 3, 4, 3, 2)
    (step,) = _scene(layer, x).steps
    kernel = layer.get_weights()[0]
    read = 0
    for term in terms(step, (2, 3, 1), 1):
        depth = term.channel
        assert term.weight == kernel[(*term.taps, depth, 1)]
        if term.mark == READ:
            assert term.value == x[(0, *term.place, term.channel)]
            read += 1
    assert read == 2 * 2  # half of the window hangs over two faces: width is within


def test_the_largest_is_marked_and_nan_loses_against_every_number():
    layer = cl.layers.MaxPooling1D(3, padding="same")
    nan = np.nan
    x = np.array([1, 5, 5, nan, 2, 0, nan, nan, nan], "float32")[None, :, None]
    (step,) = _scene(layer, x).steps
    said = []
    for place in ((0,), (1,), (2,)):
        products = terms(step, place, 0)
        ((_, slots),) = slot_rows(step, products)
        strong = [slot.lines for slot in slots if slot.strong]
        said.append((strong, conclusion(step, place, 0, products)))
    assert said == [
        ([("5", "largest", "")], "largest of 3  = 5"),
        ([("2", "largest", "")], "largest of 3  = 2"),
        ([], "largest of 3  = NaN"),
    ]


def test_padding_is_told_as_what_it_is():
    def first(layer, x):
        (step,) = _scene(layer, x).steps
        ((_, slots),) = slot_rows(step, terms(step, (0,), 0))
        return [slot.lines[0] for slot in slots]

    x = numbers(1, 5, 1)
    layers = cl.layers
    assert first(layers.Conv1D(1, 3, padding="same"), x)[0] == "padding 0"
    assert first(layers.AveragePooling1D(3, 1, padding="same"), x)[0] == "padding"
    assert first(layers.ZeroPadding1D(1), x) == ["added 0"]
    assert "no input" in first(layers.Conv1DTranspose(1, 3, strides=2), x)


def test_a_mean_is_divided_by_the_cells_that_are_read():
    layer, x = cl.layers.AveragePooling1D(3, 1, padding="same"), np.ones((1, 4, 1), "float32")
    (step,) = _scene(layer, x).steps
    assert conclusion(step, (0,), 0, terms(step, (0,), 0)) == "= 2 ÷ 2  = 1"


def test_the_weights_of_an_axis_are_shown():
    layer = cl.layers.UpSampling2D(2, interpolation="bilinear")
    (step,) = _scene(layer, numbers(1, 3, 3, 1)).steps
    weights = [term.weight for term in terms(step, (1, 1), 0)]
    assert sorted(weights) == [0.0625, 0.1875, 0.1875, 0.5625]


def test_many_groups_end_in_one_that_says_how_many_more():
    layer, x = cl.Conv2D(1, 3), numbers(1, 3, 3, 40)
    (step,) = _scene(layer, x).steps
    rows = slot_rows(step, terms(step, (0, 0), 0))
    assert [len(slots) for _, slots in rows] == [ACROSS] * MOST_ROWS
    assert rows[-1][1][-1].lines[:2] == ("14 more", "126 terms")


# Scatter


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("named", [{}, {"padding": "same"}, {"output_padding": 1}])
def test_the_stamps_add_up_to_the_layer_s_output(rank, named):
    layer = getattr(cl.layers, f"Conv{rank}DTranspose")(
        2, 3, strides=2, bias_initializer="ones", activation="relu", **named
    )
    x = numbers(1, *(3, 4, 2)[:rank], 3)
    scene = _scene(layer, x)
    reading = Scatter(scene, scene.steps[0], 1, 0)
    last = tuple(size - 1 for size in reading.sizes)
    so_far = reading.look(last).output
    np.testing.assert_allclose(so_far, scene.steps[0].linear[..., 1], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(np.maximum(so_far, 0), layer(x)[0, ..., 1], rtol=1e-5, atol=1e-5)


def test_a_stamp_adds_its_products_and_nothing_else():
    layer, x = cl.layers.Conv2DTranspose(1, 2, strides=1, use_bias=False), numbers(1, 3, 3, 1)
    scene = _scene(layer, x)
    reading = Scatter(scene, scene.steps[0], 0, 0)
    before, after = reading.look((1, 0)).output, reading.look((1, 1)).output
    kernel = layer.get_weights()[0][:, :, 0, 0].astype(float)
    added = np.zeros((4, 4))
    added[1:3, 1:3] = kernel * float(x[0, 1, 1, 0])
    np.testing.assert_allclose(after - before, added, atol=1e-12)
    assert [place for place, _ in reading.look((1, 1)).lit_output] == [
        (1, 1), (1, 2), (2, 1), (2, 2),
    ]  # fmt: skip


def test_what_is_cropped_is_told():
    layer, x = cl.layers.Conv1DTranspose(1, 3, strides=2, padding="same"), numbers(1, 4, 1)
    scene = _scene(layer, x)
    reading = Scatter(scene, scene.steps[0], 0, 0)
    look = reading.look((3,))
    assert look.total.endswith("stamp 3 products  1 of them cropped")
    assert [slot.lines[0] for slot in look.slots[0][1]] == ["y[6]", "y[7]", "cropped"]


def test_a_large_kernel_s_stamp_is_told_by_rows():
    layer, x = cl.layers.Conv2DTranspose(1, 7), numbers(1, 2, 2, 1)
    scene = _scene(layer, x)
    ((_, slots),) = Scatter(scene, scene.steps[0], 0, 0).look((0, 0)).slots
    assert [slot.lines[:2] for slot in slots[:1]] == [("kernel row 0", "7 products")]
    assert len(slots) == 7


# Gates


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_the_gates_arithmetic_is_true(rank):
    layer = getattr(cl.layers, f"ConvLSTM{rank}D")(2, 2, padding="same")
    scene = _scene(layer, numbers(1, 3, *(4, 3, 2)[:rank], 2), time=1)
    reading = Choice(scene, 1, 0, "gather").gates
    for place in np.ndindex(*reading.sizes):
        lines = reading.lines(place)
        found = {}
        for line in lines[:4]:
            letter, squash, x, h, value = re.match(
                r"(\w) = (\w+)\((\S+) \+ (\S+)\) = (\S+)", line.replace("\N{MINUS SIGN}", "-")
            ).groups()
            total = float(x) + float(h)
            wanted = math.tanh(total) if squash == "tanh" else 1 / (1 + math.exp(-total))
            found[letter] = float(value)
            assert found[letter] == pytest.approx(wanted, abs=1e-5)
        f, before, i, g, c = map(
            float, re.findall(r"-?\d[\d.e-]*", lines[5].replace("\N{MINUS SIGN}", "-"))
        )
        assert (f, i, g) == (found["f"], found["i"], found["g"])
        assert c == pytest.approx(f * before + i * g, abs=1e-5)
        h = float(lines[6].split("= ")[-1].replace("\N{MINUS SIGN}", "-"))
        assert h == pytest.approx(found["o"] * math.tanh(c), abs=1e-5)
        assert h == pytest.approx(float(scene.steps[-1].output.values[(*place, 1)]), rel=1e-5)


# Choice


def test_a_separable_layer_shows_the_channel_that_its_second_step_reads():
    scene = _scene(cl.layers.SeparableConv2D(3, 3, depth_multiplier=2), numbers(1, 6, 7, 2))
    choice = Choice(scene, 2, 3, "gather")
    depthwise, pointwise = choice.readings
    assert (pointwise.filter, pointwise.shown_channel) == (2, 3)
    assert (depthwise.filter, depthwise.shown_channel) == (3, 1)
    assert choice.places((1, 4)) == ((1, 4), (1, 4))


def test_steps_in_a_row_show_cells_that_read_one_another():
    chain = [cl.layers.ZeroPadding2D(1), cl.Conv2D(1, 3, strides=2), cl.layers.MaxPooling2D(2)]
    scene = _scene(chain, numbers(1, 7, 7, 1))
    choice = Choice(scene, 0, 0, "gather")
    for place in np.ndindex(*choice.sizes):
        places = choice.places(place)
        for reading, at, before in zip(choice.readings[1:], places[1:], places, strict=False):
            assert before in {cell for cell, _ in reading.look(at).lit_input}


def test_cells_are_counted_row_by_row():
    choice = Choice(_scene(cl.Conv2D(1, 3), numbers(1, 6, 7, 1)), 0, 0, "gather")
    assert (choice.cells, choice.sizes) == (20, (4, 5))
    assert [choice.place(step) for step in (0, 4, 5, 19)] == [(0, 0), (0, 4), (1, 0), (3, 4)]
    assert choice.place(choice.middle) == (2, 2)
    assert choice.selection(7) == (1, 2, 0)


def test_a_scattered_input_is_selected_by_an_output_that_it_reaches():
    scene = _scene(cl.layers.Conv1DTranspose(2, 3, strides=2), numbers(1, 4, 1))
    choice = Choice(scene, 1, 0, "scatter")
    assert choice.sizes == (4,)
    assert [choice.selection(step) for step in range(4)] == [(0, 1), (2, 1), (4, 1), (6, 1)]


@pytest.mark.parametrize(
    ("layer", "shape", "options", "message"),
    [
        (cl.Conv2D(1, 3), (1, 5, 5, 1), {"reading": "sideways"}, "reading is one of 'gather'"),
        (cl.Conv2D(1, 3), (1, 5, 5, 1), {"reading": "scatter"}, "Only a transposed convolution"),
        (cl.layers.UpSampling1D(2), (1, 5, 1), {"reading": "scatter"}, "a step of upsampling"),
        ([cl.layers.ZeroPadding1D(1)] * 5, (1, 5, 1), {}, r"4 steps(.|\n)*Received 5 steps"),
        (
            [cl.layers.ZeroPadding3D(0), cl.layers.ConvLSTM2D(1, 1)],
            (1, 3, 4, 4, 1),
            {},
            "no convolutional LSTM among other layers",
        ),
    ],
)
def test_what_a_figure_cannot_show_is_refused(layer, shape, options, message):
    scene = _scene(layer, np.zeros(shape, "float32"))
    with pytest.raises(ArgumentError, match=message):
        Choice(scene, 0, 0, **{"reading": "gather", **options})


def test_a_long_window_of_one_axis_is_summed_up_by_taps():
    layer, x = cl.layers.GlobalMaxPooling1D(), numbers(1, 50, 1)
    (step,) = _scene(layer, x).steps
    rows = slot_rows(step, terms(step, (0,), 0))
    slots = [slot for _, row in rows for slot in row]
    assert [slot.lines[0] for slot in slots[:2]] == ["taps 0 to 1", "taps 2 to 3"]
    assert sum(int(slot.lines[1].split()[0]) for slot in slots) == 50
    assert [slot.lines[2] for slot in slots if slot.strong] == [f"up to {x.max():.3g}"]
