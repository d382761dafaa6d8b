"""The page that stands alone: what it holds, and that it plays from disk with no network."""

import base64
import json
import re
import zlib
from dataclasses import replace

import numpy as np
import pytest

import convlab as cl
from convlab.draw import animate, exported
from convlab.draw.tables import lookup_tables
from convlab.errors import ArgumentError
from convlab.scene import as_plain, build_scene
from convlab.scene.page import html_page

LIMIT = 300_000  # bytes of a page for 28 x 28
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def _photograph(size=28, channels=1):
    """Values that do not compress: what a page holds at worst."""
    return np.random.default_rng(5).random((1, size, size, channels), dtype="float32")


def _layer(filters=8, **arguments):
    rng = np.random.default_rng(6)
    weights = [rng.normal(size=(3, 3, 1, filters)), rng.normal(size=filters)]
    return cl.Conv2D(filters, 3, weights=[w.astype("float32") for w in weights], **arguments)


def _unpacked(page):
    """What the page holds, read as its script reads it."""
    packed = re.search(r'id="packed">([^<]*)</script>', page)[1]
    content = zlib.decompress(base64.b64decode(packed))
    end = 4 + int.from_bytes(content[:4], "little")
    found = json.loads(content[4:end])
    arrays = []
    for size, width, base in found["arrays"]:
        array = np.frombuffer(content[end : end + size], np.uint8).reshape(width, -1).T
        end += size
        if base is not None:
            same = np.frombuffer(content[end : end + size // width], bool)[:, None]
            end += size // width
            assert not array[same[:, 0]].any()
            other = np.frombuffer(arrays[base], np.uint8).reshape(array.shape)
            array = np.where(same, other, array)
        arrays.append(array.tobytes())
    assert end == len(content)

    def restore(pairs):
        return arrays[dict(pairs)["#"]] if pairs and pairs[0][0] == "#" else dict(pairs)

    return found["module"], json.loads(found["stages"], object_pairs_hook=restore)


def _compare(plain, there, path="scene"):
    """Everything that is sent to a widget is in the page, bit for bit."""
    if isinstance(plain, dict) and "data" in plain:
        assert there == plain, path
    elif isinstance(plain, dict):
        assert plain.keys() == there.keys(), path
        for key, value in plain.items():
            _compare(value, there[key], f"{path}.{key}")
    elif isinstance(plain, list):
        assert len(plain) == len(there), path
        for position, value in enumerate(plain):
            _compare(value, there[position], f"{path}[{position}]")
    else:
        assert plain == there, path


# What it holds


@pytest.mark.parametrize("activation", [None, "relu"])
def test_a_page_holds_the_scene_bit_for_bit(activation):
    scene = build_scene(_layer(padding="same", strides=2, activation=activation), _photograph())
    _, (shown,) = _unpacked(html_page(scene, tables=lookup_tables()))
    _compare(as_plain(scene), shown["scene"])
    for kind, table in lookup_tables().items():
        assert shown["tables"][kind] == table


@pytest.mark.parametrize(
    ("filters", "arguments"),
    [
        (8, {}),
        (8, {"padding": "same", "activation": "relu"}),
        (32, {"padding": "same", "activation": "relu"}),
    ],
)
def test_a_page_of_28_by_28_is_small(filters, arguments):
    page = exported(_layer(filters, **arguments), _photograph(), "html")
    assert len(page) < LIMIT


def test_arrays_that_are_equal_are_kept_once():
    scene = build_scene(_layer(32), _photograph())
    (step,) = scene.steps
    assert np.array_equal(step.linear, step.output.values)
    grid = replace(step.output, values=np.maximum(step.linear, 0))
    rectified = replace(scene, steps=(replace(step, output=grid),))
    other = replace(scene, steps=(replace(step, linear=step.linear + 1),))
    once, half, twice = (len(html_page(one)) for one in (scene, rectified, other))
    whole = step.linear.nbytes * 4 / 3  # in base64
    assert once < half < once + 0.1 * whole
    assert twice > once + 0.7 * whole


def test_a_page_has_nothing_of_another_host():
    page = html_page(build_scene(_layer(), _photograph()))
    module, _ = _unpacked(page)
    for text in (re.sub(r'id="packed">[^<]*<', "", page), module):
        assert not re.search(r"https?:|fetch\(|XMLHttpRequest|WebSocket|@import|url\(", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_the_words_of_a_user_are_escaped():
    layer = cl.Conv2D(1, 3, name="[[style]]<script>alert(1)<b>")
    scene = build_scene(layer, np.ones((1, 4, 4, 1), "float32"))
    page = html_page(scene, title="a < b & </title><script>alert(2)</script>[[packed]]")
    assert page.count("<script") == 2
    assert page.count("[[packed]]") == 2  # as written, in the title and in the heading
    assert "<title>a &lt; b &amp; &lt;/title&gt;" in page


def test_a_theme_that_does_not_exist_is_refused():
    with pytest.raises(ArgumentError, match=r"theme is one of 'light', 'dark'(.|\n)*theme='pink'"):
        html_page(build_scene(_layer(), _photograph()), theme="pink")


def test_the_page_of_an_animation_opens_at_its_step_and_speed(tmp_path):
    movie = animate(_layer(), _photograph()[0], filter=3, theme="dark")
    path = movie.save(tmp_path / "slide.html", step=27, fps=16)
    _, (shown,) = _unpacked(path.read_text(encoding="utf-8"))
    assert (shown["selection"], shown["speed"], shown["theme"]) == ([1, 1, 3], 20, "dark")


# In a browser, from disk, with the network off


class Opened:
    """A page of the user's disk in a browser without a network."""

    def __init__(self, browser, path, **context):
        size = {"width": 1280, "height": 720}
        self.context = browser.new_context(viewport=size, offline=True, **context)
        self.page = self.context.new_page()
        self.asked, self.problems = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda said: self.problems.append(said.text))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".cl-stage[data-selection]")
        self.root = self.page.locator(".cl-stage")

    def mirror(self, name):
        return self.root.get_attribute(f"data-{name}")

    def hover(self, grid, row, col):
        box = self.page.locator(f".cl-{grid} .cl-grid")
        place = box.bounding_box()
        cell, left, top = (float(box.get_attribute(f"data-{n}")) for n in ("cell", "left", "top"))
        at = place["x"] + left + (col + 0.5) * cell, place["y"] + top + (row + 0.5) * cell
        self.page.mouse.move(*at)
        self.page.evaluate(FRAMES)

    def number(self, selector):
        return float(self.page.inner_text(selector).replace("\N{MINUS SIGN}", "-"))


@pytest.fixture
def from_disk(browser, tmp_path):
    """Opens `animate(layer, x).save(...)`; nothing may be asked for, and nothing said."""
    opened = []

    def open_page(layer, x, options=None, **context):
        path = animate(layer, x).save(tmp_path / "a layer.html", **options or {})
        opened.append((Opened(browser, path, **context), path))
        return opened[-1][0]

    yield open_page
    for one, path in opened:
        one.context.close()
        assert one.asked == [path.as_uri()]
        assert one.problems == []


@pytest.mark.browser
def test_hover_lights_the_taps_and_shows_the_layer_s_own_number(from_disk):
    layer, x = _layer(padding="same", strides=2, activation="relu"), _photograph()
    page = from_disk(layer, x, {"step": 0})
    y = layer(x)[0]
    taps = [axis.taps() for axis in layer.geometry(x.shape)[0]]
    for row, column in ((0, 0), (3, 5), (13, 13)):
        page.hover("output", row, column)
        lit = {tuple(map(int, pair.split(","))) for pair in page.mirror("lit-input").split(";")}
        rows, columns = (
            {int(i) for i in tap[at] if i >= 0} for tap, at in zip(taps, (row, column), strict=True)
        )
        assert lit == {(i, j) for i in rows for j in columns}
        assert page.number(".cl-result") == pytest.approx(float(y[row, column, 0]), rel=1e-5)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (cl.layers.Conv1D(2, 3, padding="causal", dilation_rate=2), (1, 12, 2)),
        (cl.layers.Conv3D(2, 2, data_format="channels_first"), (1, 1, 4, 5, 4)),
        (cl.layers.Conv2DTranspose(2, 3, strides=2, output_padding=1), (1, 4, 3, 1)),
        (cl.layers.SeparableConv2D(3, 3, activation="relu"), (1, 6, 7, 2)),
        (cl.layers.MaxPooling2D(2, padding="same"), (1, 5, 6, 2)),
        (cl.layers.UpSampling2D(2, interpolation="bilinear"), (1, 4, 4, 1)),
        (cl.layers.ConvLSTM2D(2, 2, padding="same"), (1, 3, 5, 4, 1)),
        (cl.layers.LocallyConnected2D(2, 2), (1, 4, 4, 1)),
        ([cl.layers.ZeroPadding2D(1), cl.Conv2D(1, 3)], (1, 5, 5, 1)),
    ],
    ids=lambda value: str(value)[:24],
)
def test_every_layer_s_page_shows_its_own_number(from_disk, layer, shape):
    x = np.random.default_rng(1).normal(size=shape).astype("float32")
    page = from_disk(layer, x)
    tabs = page.page.get_by_role("tab")
    if tabs.count():
        tabs.last.click()
        page.page.evaluate(FRAMES)
    y = x
    for one in layer if isinstance(layer, list) else [layer]:
        y = one(y)
    index = tuple(map(int, page.mirror("selection").split(",")))
    assert float(page.mirror("value")) == float(y[(0, *index)])


@pytest.mark.browser
def test_play_visits_every_cell(from_disk):
    layer, x = _layer(2), _photograph(7)
    page = from_disk(layer, x, {"step": 0, "fps": 50})
    assert (page.mirror("selection"), page.mirror("steps")) == ("0,0,0", "25")
    assert page.page.input_value(".cl-transport select") == "60"
    page.page.locator(".cl-output canvas + canvas").focus()
    page.page.keyboard.press("Space")
    page.page.wait_for_selector(".cl-stage[data-step='25'][data-playing=false]")
    assert (page.mirror("drawn"), page.mirror("skipped")) == ("24", "0")
    linear = layer(x)[0, 4, 4, 0]
    assert page.number(".cl-result") == pytest.approx(float(linear), rel=1e-5)


@pytest.mark.browser
def test_two_scenes_side_by_side_move_together(browser, tmp_path):
    x = _photograph(12)
    layers = [_layer(2, padding=padding) for padding in ("same", "valid")]
    first, second = (build_scene(layer, x) for layer in layers)
    path = tmp_path / "compared.html"
    page_text = html_page(first, beside=second, selection=(0, 0, 1), tables=lookup_tables())
    path.write_text(page_text, encoding="utf-8")
    page = Opened(browser, path)
    page.page.locator(".cl-output canvas + canvas").first.focus()
    page.page.keyboard.press("End")
    page.page.evaluate(FRAMES)
    roots = page.page.locator(".cl-stage")
    places = [roots.nth(number).get_attribute("data-selection") for number in (0, 1)]
    assert places[0] == "11,11,1"
    assert places[1].startswith("9,9,")
    boxes = [roots.nth(number).bounding_box() for number in (0, 1)]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    page.context.close()
    assert (page.asked, page.problems) == ([path.as_uri()], [])


@pytest.mark.browser
def test_the_derivation_and_the_facts_are_there(from_disk):
    page = from_disk(_layer(strides=2), _photograph())
    derivation = page.page.inner_text(".cl-derivation")
    assert "(28 − 3)//2 + 1 = 13" in derivation
    assert "row 27 is never read" in page.page.inner_text(".cl-facts")


@pytest.mark.browser
def test_the_theme_is_the_reader_s_choice(from_disk):
    page = from_disk(_layer(), _photograph(), color_scheme="dark")
    back = "() => getComputedStyle(document.body).backgroundColor"
    assert page.page.evaluate(back) == "rgb(255, 255, 255)"
    page.page.select_option("#theme", "auto")
    assert page.page.evaluate(back) == "rgb(20, 23, 28)"
    assert page.mirror("theme") is None
    page.page.select_option("#theme", "projector")
    assert page.mirror("theme") == "projector"
