"""The animation: which cells it visits, what it draws, and the files it writes."""

import importlib
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib.colors
import numpy as np
import pytest
from PIL import Image

import convlab as cl
from convlab.draw import animate
from convlab.draw.reading.sums import conclusion, slot_rows
from convlab.draw.reading.terms import terms
from convlab.draw.style import THEMES, number, tap_hues
from convlab.errors import ArgumentError, DataError, ShapeError
from convlab.scene import build_scene

COUNTING = np.arange(20, dtype="float32").reshape(4, 5)


def _sobel(**arguments):
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "float32")[..., None, None]
    return cl.Conv2D(1, 3, weights=[kernel, np.full(1, 0.5, "float32")], **arguments)


@pytest.fixture(scope="module")
def movie():
    return animate(_sobel(activation="relu"), COUNTING)


def _near(pixel, colour, tolerance=8):
    wanted = np.array(matplotlib.colors.to_rgb(colour)) * 255
    return np.abs(np.asarray(pixel[:3], float) - wanted).max() <= tolerance


def _has_colour(picture, colour, tolerance=8):
    wanted = (np.array(matplotlib.colors.to_rgb(colour)) * 255).round().astype(int)
    pixels = np.asarray(picture.convert("RGB"), int)
    return int((np.abs(pixels - wanted).max(axis=-1) <= tolerance).sum())


def _panel(board, name="input"):
    """The grid of the input or the output, of two axes."""
    return getattr(board.rows[-1].shown, name).panel


def _step(board):
    return board.rows[-1].reading.step


# What is shown


def test_the_input_may_be_a_plane_an_example_or_a_batch():
    layer = _sobel()
    shown = [
        animate(layer, x).scene.steps[0].output.values
        for x in (COUNTING, COUNTING[..., None], COUNTING[None, ..., None])
    ]
    for values in shown:
        np.testing.assert_array_equal(values, layer(COUNTING[None, ..., None])[0])


def test_one_example_of_a_batch_is_chosen():
    batch = np.stack([COUNTING, COUNTING[::-1]])[..., None]
    layer = _sobel()
    values = animate(layer, batch, item=1).scene.steps[0].output.values
    np.testing.assert_array_equal(values, layer(batch)[1])


def test_channels_first_shows_the_same_cells():
    first = _sobel(data_format="channels_first")
    movie = animate(first, COUNTING[None])
    np.testing.assert_array_equal(
        movie.scene.steps[0].output.values, _sobel()(COUNTING[None, ..., None])[0]
    )


def test_without_an_input_there_is_a_ring():
    movie = animate(_sobel())
    values = movie.scene.steps[0].input.values
    assert values.shape == (9, 9, 1)
    assert set(np.unique(values)) == {0.0, 1.0}


def test_every_cell_is_visited_while_they_are_few(movie):
    assert movie.steps == tuple(range(6))
    assert repr(movie).endswith("6 of 6 steps>")


def test_many_cells_are_thinned_by_whole_rows_and_columns():
    movie = animate(_sobel(padding="same"), np.zeros((28, 30), "float32"))
    rows, columns = zip(*(divmod(step, 30) for step in movie.steps), strict=True)
    assert set(rows) == set(range(0, 28, 2))
    assert set(columns) == set(range(0, 30, 2))
    assert len(movie) <= 240


def test_steps_can_be_chosen(movie):
    layer = _sobel()
    assert animate(layer, COUNTING, steps=range(0, 6, 2)).steps == (0, 2, 4)
    assert animate(layer, COUNTING, steps=[-1, 0]).steps == (5, 0)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"steps": [6]}, ArgumentError, r"no step 6: there are 6(.|\n)*from -6 to 5"),
        ({"steps": [0.5]}, ArgumentError, r"no step 0\.5"),
        ({"steps": []}, DataError, r"1 to 1,000 frames.\nReceived 0 steps"),
        ({"steps": [0] * 1001}, DataError, r"Received 1,001 steps(.|\n)*steps=range\(0, 6, 1\)"),
        ({"filter": 1}, ArgumentError, "no filter 1: there are 1"),
        ({"filter": -1}, ArgumentError, "no filter -1"),
        ({"channel": 1}, ArgumentError, "no channel 1: there are 1"),
        ({"item": 3}, DataError, "one example of the batch"),
        ({"theme": "pink"}, ArgumentError, "theme is one of 'light', 'dark', 'projector'"),
    ],
)
def test_what_does_not_exist_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        animate(_sobel(), COUNTING, **options)


def test_the_layer_s_refusal_passes_through():
    with pytest.raises(ShapeError, match="the kernel reaches 3 but the padded input has 2"):
        animate(_sobel(), COUNTING[:2])


@pytest.mark.parametrize(
    "x", ["text", np.zeros((5, 5), int), np.zeros(5), np.zeros((5, 5), complex), [[None]]]
)
def test_an_input_that_is_no_picture_of_floats_is_refused(x):
    with pytest.raises((DataError, ShapeError), match=r"needs (floats|an input)"):
        animate(_sobel(), x)


# The sum


@pytest.mark.parametrize("arguments", [{}, {"groups": 2}, {"padding": "same", "dilation_rate": 2}])
def test_the_terms_add_up_to_the_layer_s_own_value(arguments):
    layer = cl.Conv2D(4, (2, 3), activation="relu", **arguments)
    x = np.random.default_rng(0).normal(size=(1, 6, 7, 4)).astype("float32")
    (step,) = build_scene(layer, x).steps
    _, rows, columns, filters = layer(x).shape
    for row, column, filter in np.ndindex(rows, columns, filters):
        products = terms(step, (row, column), filter)
        total = sum(term.product for term in products)
        assert total == pytest.approx(layer.convolve(x)[0, row, column, filter], abs=1e-5)
        assert len(products) == 6 * 4 // layer.groups
        for term in products:
            i, j = term.place
            inside = 0 <= i < 6 and 0 <= j < 7
            assert term.padding == (not inside)
            if inside:
                assert term.value == x[0, i, j, term.channel]


def test_the_conclusion_names_bias_and_activation():
    (step,) = build_scene(_sobel(activation="relu"), -COUNTING[None, ..., None]).steps
    words = conclusion(step, (0, 0), 0, terms(step, (0, 0), 0))
    assert words == "= −8  + bias 0.5  = −7.5  → relu → 0"


def test_without_a_bias_the_array_s_own_value_is_shown_and_rounding_named():
    layer = cl.Conv2D(1, 3, use_bias=False, kernel_initializer=np.full((3, 3, 1, 1), 1 / 3))
    x = np.random.default_rng(0).normal(size=(1, 9, 9, 1)).astype("float32") + 9
    (step,) = build_scene(layer, x).steps
    rounded = 0
    for row, column in np.ndindex(7, 7):
        products = terms(step, (row, column), 0)
        words = conclusion(step, (row, column), 0, products)
        value, exact = float(layer(x)[0, row, column, 0]), sum(t.product for t in products)
        assert words.startswith(f"= {number(value)}")
        assert ("(rounding " in words) == (value != exact)
        rounded += value != exact
    assert rounded


def test_a_value_that_rounding_does_not_explain_is_told():
    layer = cl.Conv2D(1, 1, use_bias=False, kernel_initializer="ones")
    x = np.ones((1, 2, 2, 1), "float32")
    (step,) = build_scene(layer, x, output=x + 1).steps
    assert conclusion(step, (0, 0), 0, terms(step, (0, 0), 0)) == "= 2 (more than rounding +1)"


def linear(x):
    return 2 * x


def test_a_function_of_the_user_named_linear_is_no_identity():
    layer = cl.Conv2D(1, 1, activation=linear, use_bias=False, kernel_initializer="ones")
    (step,) = build_scene(layer, np.ones((1, 2, 2, 1), "float32")).steps
    words = conclusion(step, (0, 0), 0, terms(step, (0, 0), 0))
    assert words.startswith("= 1  → ")
    assert words.endswith("→ 2")
    assert "activation=linear" in repr(layer)


def test_too_many_terms_are_summed_up_by_channel():
    layer = cl.Conv2D(1, 3)
    x = np.random.default_rng(0).normal(size=(1, 5, 5, 6)).astype("float32")
    (step,) = build_scene(layer, x).steps
    ((label, slots),) = slot_rows(step, terms(step, (0, 0), 0))
    assert label == ""
    assert [slot.lines[:2] for slot in slots] == [(f"channel {c}", "9 terms") for c in range(6)]


def test_too_many_terms_of_one_channel_are_summed_up_by_kernel_row():
    (step,) = build_scene(cl.Conv2D(1, 7), np.ones((1, 7, 7, 1), "float32")).steps
    ((_, slots),) = slot_rows(step, terms(step, (0, 0), 0))
    assert [slot.lines[0] for slot in slots] == [f"kernel row {row}" for row in range(7)]


# The picture


def test_a_frame_lights_the_taps_and_the_selected_cell(movie):
    board = movie._board()
    theme = THEMES["light"]
    for row, column in ((0, 0), (1, 2)):
        board.select((row, column))
        picture = board.frame()
        hues = tap_hues(9, theme.tap_lightness)
        for tap in range(9):
            i, j = divmod(tap, 3)
            x, y = _panel(board).x(column + j) + 4, _panel(board).y(row + i + 0.5)
            assert _near(picture.getpixel((round(x), round(y))), hues[tap], 40)
        x, y = _panel(board, "output").x(column) - 1, _panel(board, "output").y(row + 0.5)
        assert _near(picture.getpixel((round(x), round(y))), theme.accent, 40)


def test_values_that_are_no_numbers_are_named():
    x = np.array([[1, np.nan, 2], [3, 4, np.inf], [5, 6, 7]], "float32")
    movie = animate(cl.Conv2D(1, 1, kernel_initializer="ones"), x)
    (step,) = movie.scene.steps
    assert conclusion(step, (0, 1), 0, terms(step, (0, 1), 0)) == "= NaN  + bias 0  = NaN"
    assert conclusion(step, (1, 2), 0, terms(step, (1, 2), 0)) == "= ∞  + bias 0  = ∞"
    colours = _panel(movie._board())._colours()
    assert _near(colours[0, 1] * 255, THEMES["light"].hatch_back)


def test_cells_still_to_come_are_hidden(movie):
    board = movie._board()
    board.select((0, 0))
    first = board.frame()
    board.select((1, 2))
    last = board.frame()
    inside = (round(_panel(board, "output").x(2)) + 8, round(_panel(board, "output").y(0)) + 8)
    norm = _step(board).output.norm
    table = matplotlib.colormaps["viridis"]
    value = _step(board).output.values[0, 2, 0]
    colour = table((value - norm.low) / (norm.high - norm.low))
    assert _near(last.getpixel(inside), colour)
    assert _near(first.getpixel(inside), THEMES["light"].back, 20)


def _cells(board, top, left, bottom, right):
    """The picture of some cells of the input, without their outer lines."""
    panel = _panel(board)
    edges = (panel.x(left) + 2, panel.y(top) + 2, panel.x(right) - 2, panel.y(bottom) - 2)
    return board.frame().crop(tuple(round(edge) for edge in edges))


def test_padding_is_hatched():
    board = animate(_sobel(padding="same"), COUNTING)._board()
    board.select((0, 0))
    strip = _cells(board, -1, 3, 0, 5)
    assert _has_colour(strip, THEMES["light"].hatch_back) > 100
    assert _has_colour(strip, THEMES["light"].hatch, 40) > 30


def test_cells_that_are_never_read_are_dotted():
    board = animate(_sobel(strides=2), np.ones((21, 22), "float32"))._board()
    board.select((0, 0))
    assert "column 21 is never read" in board.choice.scene.facts
    assert _has_colour(_cells(board, 0, 21, 21, 22), THEMES["light"].muted, 40) > 20
    assert _has_colour(_cells(board, 0, 10, 21, 21), THEMES["light"].muted, 40) == 0


def test_the_fast_frame_and_the_still_show_the_same(movie, tmp_path):
    board = movie._board()
    movie._select(board, 4)
    fast = np.asarray(board.frame(), float)
    slow = np.asarray(Image.open(movie.save(tmp_path / "x.png", step=4)).convert("RGB"), float)
    assert fast.shape == slow.shape
    # letters are set by two engines; everything else is the same
    assert (np.abs(fast - slow).max(axis=-1) > 60).mean() < 0.01


def test_themes_are_those_of_the_stage():
    from convlab import scene

    css = (Path(scene.__file__).parent / "stage" / "stage.css").read_text()
    blocks = re.split(r"(?=^\S)", css, flags=re.MULTILINE)
    for name, theme in THEMES.items():
        wanted = {field.replace("_", "-"): value for field, value in vars(theme).items()}
        every = [dict(re.findall(r"--cl-([\w-]+):\s*([^;]+);", block)) for block in blocks]
        usual = next(block for block in every if block)
        found = [usual | block for block in every]  # a theme changes some of the usual values
        assert any(
            all(str(block.get(key)) == str(value) for key, value in wanted.items())
            for block in found
        ), f"no block of stage.css has the colours of the {name} theme"


# Files


def test_a_saved_gif_has_every_frame(movie, tmp_path, capsys):
    path = movie.save(tmp_path / "slide.gif", fps=10)
    board = movie._board()
    with Image.open(path) as gif:
        assert gif.n_frames == len(movie) == 6
        assert gif.info["loop"] == 0
        assert gif.info["duration"] == 100
        for step in range(6):
            gif.seek(step)
            frame = np.asarray(gif.convert("RGB"), float)
            movie._select(board, step)
            wanted = np.asarray(board.frame(), float)
            assert frame.shape == wanted.shape
            assert np.abs(frame - wanted).mean() < 0.3
            assert (frame[2, 2] == 255).all()
    assert "Drawing" in capsys.readouterr().err


def test_progress_can_be_silenced(movie, tmp_path, capsys):
    movie.save(tmp_path / "slide.gif", progress=False)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("suffix", [".gif", ".png", ".svg", ".pdf"])
def test_the_same_animation_gives_the_same_file(suffix, tmp_path):
    names = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for name in names:
        animate(_sobel(), COUNTING).save(name, progress=False)
    assert names[0].read_bytes() == names[1].read_bytes()


def test_a_png_has_the_size_asked_for(movie, tmp_path):
    with Image.open(movie.save(tmp_path / "x.png", step=0, dpi=150)) as picture:
        assert picture.width == 1500
        assert picture.format == "PNG"


def test_an_svg_is_well_formed_and_refers_to_nothing(movie, tmp_path):
    path = movie.save(tmp_path / "x.svg", step=-1)
    root = ElementTree.parse(path).getroot()
    assert root.tag.endswith("svg")
    links = [
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if name.endswith("href")
    ]
    assert links
    assert all(link.startswith(("#", "data:image/png")) for link in links)


@pytest.mark.parametrize("shape", [(3, 3), (3, 30), (30, 3), (4, 5), (9, 9)])
def test_a_still_shows_the_middle_cell_unless_told_otherwise(shape, tmp_path):
    movie = animate(_sobel(), np.zeros(shape, "float32"))
    rows, columns = shape[0] - 2, shape[1] - 2
    middle = movie.save(tmp_path / "middle.png").read_bytes()
    chosen = movie.save(tmp_path / "chosen.png", step=rows // 2 * columns + columns // 2)
    assert middle == chosen.read_bytes()


def test_a_still_of_a_step_that_does_not_exist_is_refused(movie, tmp_path):
    with pytest.raises(ArgumentError, match="no step 6: there are 6"):
        movie.save(tmp_path / "x.png", step=6)


def test_a_notebook_shows_a_small_animation_and_a_still_of_a_large_one(movie):
    markup = movie._repr_html_()
    assert markup.startswith('<img src="data:image/gif;base64,')
    assert 'alt="Conv2D(1, 3, activation=&#x27;relu&#x27;): the kernel slides"' in markup
    large = animate(_sobel(), np.zeros((12, 12), "float32"))
    assert large._repr_html_() is None
    with Image.open(io.BytesIO(large._repr_png_())) as picture:
        assert picture.width == 1000


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("slide.webp", {}, r"suffix says what to write: \.gif, \.mp4, \.png, \.svg, \.pdf, \.html"),
        ("slide", {}, r"suffix says what to write"),
        ("missing/slide.gif", {}, r"folder to write to does not exist"),
        ("slide.gif", {"fps": 0}, r"0\.1 to 50 frames a second(.|\n)*fps=0"),
        ("slide.gif", {"fps": 51}, r"0\.1 to 50 frames a second"),
        ("slide.html", {"fps": 51}, r"0\.1 to 50 frames a second"),
        ("slide.html", {"step": 6}, r"no step 6"),
    ],
)
def test_what_cannot_be_written_is_refused(movie, tmp_path, name, options, message):
    with pytest.raises(ArgumentError, match=message):
        movie.save(tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_function_is_told_the_progress(movie, tmp_path, capsys):
    told = []
    movie.save(tmp_path / "x.gif", progress=lambda *numbers: told.append(numbers))
    assert told == [(done, len(movie)) for done in range(len(movie))]
    assert capsys.readouterr() == ("", "")


def test_mp4_without_ffmpeg_is_refused_with_a_remedy(movie, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ArgumentError, match=r"ffmpeg, which is not installed(.|\n)*a '\.gif'"):
        movie.save(tmp_path / "x.mp4", progress=False)


def _pretend_ffmpeg(folder, monkeypatch, script):
    program = folder / "ffmpeg"
    program.write_text(f"#!{sys.executable}\nimport sys\n{script}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.skipif(sys.platform == "win32", reason="the pretended ffmpeg is a script")
def test_ffmpeg_receives_every_frame(movie, tmp_path, monkeypatch):
    script = "open(sys.argv[-1], 'wb').write(sys.stdin.buffer.read() + repr(sys.argv).encode())"
    _pretend_ffmpeg(tmp_path, monkeypatch, script)
    received = movie.save(tmp_path / "x.mp4", fps=12, progress=False).read_bytes()
    first = next(movie.frames())
    pixels = first.tobytes()
    assert received.startswith(pixels)
    assert len(received) // len(pixels) == len(movie)
    arguments = received[len(pixels) * len(movie) :].decode()
    assert f"'-s', '{first.width}x{first.height}', '-r', '12'" in arguments


@pytest.mark.skipif(sys.platform == "win32", reason="the pretended ffmpeg is a script")
def test_what_ffmpeg_says_is_passed_on(movie, tmp_path, monkeypatch):
    _pretend_ffmpeg(tmp_path, monkeypatch, "sys.exit('no such codec')")
    with pytest.raises(DataError, match=r"could not write the MP4(.|\n)*no such codec"):
        movie.save(tmp_path / "x.mp4", progress=False)


def test_importing_and_animating_is_cheap_until_something_is_drawn():
    program = (
        "import sys, numpy as np, convlab as cl\n"
        "cl.animate\n"
        "print([m for m in ('matplotlib', 'PIL', 'tqdm', 'numba') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert said.stdout.strip() == "[]", said.stderr


def test_a_user_s_rcparams_do_not_change_the_picture(movie):
    matplotlib = importlib.import_module("matplotlib")
    plain = movie._repr_png_()
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "font.family": "serif"}):
        assert movie._repr_png_() == plain
