"""Figures of every layer: what is lit where, what is hidden, what is written."""

import matplotlib.colors
import numpy as np
import pytest
from layers_at_work import IDS, PAIRS, numbers
from PIL import Image

import convlab as cl
from convlab.draw import animate, as_batch
from convlab.draw.figure.arrangement import MARGIN, WIDTH
from convlab.draw.figure.words import Word
from convlab.draw.style import THEMES
from convlab.errors import ArgumentError


def _board(layer, x=None, **options):
    return animate(layer, x, **options)._board()


def _rgb(colour):
    return np.array(matplotlib.colors.to_rgb(colour)) * 255


def _is(pixel, colour, tolerance=40):
    return np.abs(np.asarray(pixel[:3], float) - _rgb(colour)).max() <= tolerance


def _edge(frame, square, colour):
    """Whether the left edge of a square has this colour somewhere."""
    (x, top), *_, (_, bottom) = square
    at = ((x + dx, (top + bottom) / 2) for dx in (-1, 0, 1))
    return any(_is(frame.getpixel((round(x), round(y))), colour) for x, y in at)


@pytest.mark.parametrize(("layer", "x"), PAIRS, ids=IDS)
def test_every_layer_has_a_figure_and_every_word_stands_on_it(layer, x):
    board = _board(layer, x, filter=1, item=1)
    for step in (0, board.choice.cells - 1):
        board.select(board.choice.place(step), "step")
        assert board.frame().size == (WIDTH, board.height)
        for word in board.moving_words:
            _assert_on_page(word, board.height)


def _assert_on_page(word: Word, height):
    wide = len(word.text) * word.size * 0.56  # of a usual letter
    assert 0 < word.y < height, word
    assert word.x >= MARGIN - 1, word
    if word.align == "left":
        assert word.x + wide <= WIDTH + 4, word


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize(
    ("layer", "x", "place"),
    [
        (cl.layers.Conv1D(2, 3, dilation_rate=2), numbers(1, 9, 2), (1,)),
        (cl.Conv2D(1, 2), numbers(1, 4, 5, 1), (1, 2)),
        (cl.layers.Conv3D(1, 2), numbers(1, 3, 3, 4, 1), (1, 0, 2)),
    ],
)
def test_each_tap_is_lit_in_its_hue(theme, layer, x, place):
    board = _board(layer, x, theme=theme)
    board.select(place)
    frame = board.frame()
    (row,) = board.rows
    look = row.reading.look(place)
    assert len(look.lit_input) == len(row.hues)
    for cell, tap in look.lit_input:
        assert _edge(frame, row.shown.input.square(cell, 3), row.hues[tap]), (cell, tap)
    (frame_of,) = row.shown.output.around([place])
    assert _edge(frame, frame_of, THEMES[theme].accent)


def test_a_stamp_is_lit_on_the_output():
    layer = cl.layers.Conv2DTranspose(1, 2, strides=2)
    board = _board(layer, numbers(1, 3, 3, 1), reading="scatter")
    board.select((1, 2))
    frame, (row,) = board.frame(), board.rows
    for cell, tap in row.reading.look((1, 2)).lit_output:
        assert _edge(frame, row.shown.output.square(cell, 3), row.hues[tap])
    (window,) = row.shown.input.around([(1, 2)])
    assert _edge(frame, window, THEMES["light"].accent)


def test_the_output_grows_with_every_stamp():
    layer = cl.layers.Conv2DTranspose(1, 2, strides=2, kernel_initializer="ones")
    board = _board(layer, np.ones((2, 2), "float32"), reading="scatter")
    (row,) = board.rows
    shown = []
    for place in np.ndindex(2, 2):
        board.select(place)
        shown.append(row.shown.output.panel.values.sum())
    assert shown == [4, 8, 12, 16]
    assert {word.text for word in row.shown.output.numbers()} == {"1"}


def test_a_locally_connected_layer_shows_the_kernel_of_the_place():
    layer, x = cl.layers.LocallyConnected2D(1, 2), numbers(1, 3, 4, 1)
    board = _board(layer, x)
    (row,) = board.rows
    kernel = layer.get_weights()[0]
    for number, place in enumerate(np.ndindex(2, 3)):
        board.select(place)
        np.testing.assert_array_equal(
            row.shown.kernel.panel.values.ravel(), kernel.reshape(6, 4)[number]
        )


def test_slices_are_numbered_and_those_of_padding_are_hatched():
    board = _board(cl.layers.Conv3D(1, 3, padding="same"), numbers(1, 2, 3, 3, 1))
    (row,) = board.rows
    slices = row.shown.input
    assert (slices.first, len(slices.panels)) == (-1, 4)
    written = [text.get_text() for text in board.page.texts]
    assert {"-1", "0", "1", "2"} <= set(written)
    board.select((0, 0, 0))
    left, top, width, _ = (round(edge) for edge in slices.panels[0].frame)
    tile = np.asarray(board.frame().crop((left, top, left + width, top + 12)), float)
    assert (np.abs(tile - _rgb(THEMES["light"].hatch)).max(axis=-1) < 40).any()


def test_slices_behind_the_one_that_is_played_are_hidden():
    board = _board(cl.layers.Conv3D(1, 2), numbers(1, 3, 4, 4, 1))
    (row,) = board.rows
    board.select((0, 1, 1))
    first = row.shown.output.after((0, 1, 1))
    assert len(first) == 3  # the row, the rows below, the other slice
    assert len(row.shown.output.after((1, 1, 1))) == 2


def test_only_the_last_of_several_steps_hides_what_is_to_come():
    board = _board(cl.layers.SeparableConv2D(2, 3), numbers(1, 6, 6, 2))
    board.select((0, 0))
    first, second = board.rows
    assert len(first._veil.get_paths()) == 0
    assert len(second._veil.get_paths()) == 2
    assert [word.text for word in board.moving_words if word.bold] == ["z[0, 0, 0]", "y[0, 0, 0]"]


def test_cells_that_output_padding_adds_are_behind_dashes():
    layer = cl.layers.Conv2DTranspose(1, 3, strides=3, output_padding=2)
    board = _board(layer, numbers(1, 2, 2, 1))
    written = [text.get_text() for text in board.page.texts]
    assert any("dashed: added" in text for text in written)
    plain = _board(cl.layers.Conv2DTranspose(1, 3, strides=3), numbers(1, 2, 2, 1))
    assert not any("dashed: added" in text.get_text() for text in plain.page.texts)


def test_a_figure_is_no_higher_than_its_pictures_need():
    short = _board(cl.Conv2D(1, (1, 9)), numbers(1, 2, 40, 1))
    high = _board(cl.Conv2D(1, 3), numbers(1, 28, 28, 1))
    assert short.height < 400 < high.height
    for board in (short, high):
        (row,) = board.rows
        for picture in (row.shown.input, row.shown.kernel, row.shown.output):
            left, top, width, height = picture.box
            assert left >= MARGIN
            assert left + width <= WIDTH - MARGIN + 1
            assert top >= 84
            assert top + height <= row.shown.bottom - 62 + 1


def test_facts_that_do_not_fit_a_line_take_another():
    layer = cl.layers.DepthwiseConv2D(3, depth_multiplier=2, strides=2)
    board = _board(layer, numbers(1, 6, 7, 2))
    facts = board.choice.scene.facts
    assert len("   ".join(facts)) > 138
    lines = [text.get_text() for text in board.page.texts]
    assert all(any(fact in line for line in lines) for fact in facts)
    assert len(board.facts) > 1


def test_a_very_long_call_is_cut():
    layer = cl.Conv2D(1, 3, name="a" * 200)
    written = [text.get_text() for text in _board(layer, numbers(1, 4, 4, 1)).page.texts]
    assert any(text.startswith("Conv2D(1, 3") and text.endswith("…") for text in written)


@pytest.mark.parametrize("name", ["Conv1D", "Conv3D", "ConvLSTM2D", "Conv2DTranspose"])
def test_the_fast_frame_and_the_still_show_the_same(name, tmp_path):
    movie = animate(getattr(cl.layers, name)(2, 2))
    board = movie._board()
    movie._select(board, 3)
    fast = np.asarray(board.frame(), float)
    slow = np.asarray(Image.open(movie.save(tmp_path / "x.png", step=3)).convert("RGB"), float)
    assert fast.shape == slow.shape
    # letters are set by two engines; everything else is the same
    assert (np.abs(fast - slow).max(axis=-1) > 60).mean() < 0.02


# Inputs


@pytest.mark.parametrize(
    ("layer", "given", "wanted"),
    [
        (cl.layers.Conv1D(1, 3), (7,), (1, 7, 1)),
        (cl.layers.Conv1D(1, 3), (7, 2), (1, 7, 2)),
        (cl.layers.Conv3D(1, 3), (3, 4, 5), (1, 3, 4, 5, 1)),
        (cl.layers.Conv3D(1, 3, data_format="channels_first"), (3, 4, 5), (1, 1, 3, 4, 5)),
        (cl.layers.ConvLSTM2D(1, 3), (2, 4, 5), (1, 2, 4, 5, 1)),
        (cl.layers.ConvLSTM2D(1, 3, data_format="channels_first"), (2, 4, 5), (1, 2, 1, 4, 5)),
        ([cl.layers.ZeroPadding2D(), cl.Conv2D(1, 3)], (4, 5), (1, 4, 5, 1)),
        (cl.Sequential([cl.Input((4, 5, 1)), cl.Conv2D(1, 3)]), (4, 5), (1, 4, 5, 1)),
    ],
)
def test_an_input_takes_the_axes_that_it_lacks(layer, given, wanted):
    assert as_batch(layer, np.zeros(given, "float32")).shape == wanted


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("name", ["Conv{}D", "Conv{}DTranspose", "MaxPooling{}D", "ConvLSTM{}D"])
def test_without_an_input_there_is_one_that_shows_something(name, rank):
    arguments = () if "Pooling" in name else (1, 2)
    layer = getattr(cl.layers, name.format(rank))(*arguments)
    x = as_batch(layer, None)
    assert np.ptp(x) > 0
    assert len(animate(layer)) > 0


@pytest.mark.parametrize("layer", [cl.layers.Dense(3), "Conv2D", None, []])
def test_what_is_no_convolutional_layer_is_refused(layer):
    with pytest.raises(ArgumentError, match="A scene shows (convolutional layers|at least one)"):
        animate(layer, np.zeros((5, 5), "float32"))


def test_a_time_step_is_chosen():
    layer, x = cl.layers.ConvLSTM2D(1, 2), numbers(1, 3, 4, 4, 1)
    movie = animate(layer, x, time=1)
    assert (movie.scene.time.step, movie.scene.time.steps) == (1, 3)
