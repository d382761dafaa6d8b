"""Every layer of the family in the real app: what lights up, and the number that is shown.

A twin of the page's explorer runs here, without a browser: it is told what the viewer does, and its
layer and geometry are what the page is judged by.
"""

import itertools
from decimal import Decimal

import numpy as np
import pytest
from viewing import Explorer

import convlab as cl
from convlab.geometry import HOLE
from convlab.widgets.arguments import controls_of
from convlab.widgets.families import SHOWN

pytestmark = pytest.mark.browser

FORMATS = ("channels_last", "channels_first")
EVERY = [
    (name, data_format)
    for data_format in FORMATS
    for name, cls in SHOWN.items()
    if data_format == "channels_last" or "data_format" in controls_of(cls)
]


class Judged:
    """A page of the app beside the explorer that it should show."""

    def __init__(self, viewed, twin):
        self.viewed, self.twin = viewed, twin

    def choose(self, name, data_format):
        """Takes a layer from the list, and a data format from its control where it has one."""
        self.viewed.choose_layer(name)
        self.twin.session.choose_layer(name)
        self.viewed.wait_for_layer(repr(self.twin.layer))
        if self.twin.layer.data_format != data_format:
            self.viewed.choose("data format", data_format)
            self.twin.session.set_argument("data_format", data_format)
            self.viewed.wait_for_layer(repr(self.twin.layer))
        self.viewed.quiet(0.2)
        assert self.twin.layer.data_format == data_format

    @property
    def scene(self):
        return self.twin.stage.scene

    def output_of(self, number):
        """What a step gives, in the order of the page's index; the last is the layer's own."""
        if number == len(self.scene.steps) - 1:
            y = self.twin.output
            return y[self.twin.time] if getattr(self.twin.layer, "return_sequences", False) else y
        values = self.scene.steps[number].output.values
        first = self.scene.data_format == "channels_first"
        return np.moveaxis(values, -1, 0) if first else values

    def judge(self):
        """Every step, as the viewer finds it, at its first and last cell and in another filter."""
        layer, viewed = self.twin.layer, self.viewed
        geometries = layer.geometry((1, *self.twin.x.shape))
        steps = self.scene.steps
        assert viewed.data("passes") == str(len(steps))
        for number, step in enumerate(steps):
            if len(steps) > 1:
                viewed.tab(number)
            axes = None if step.reduce == "gates" else geometries[number]
            self.judge_cell(number, axes)
            viewed.press("Home")
            first = self.judge_cell(number, axes)
            viewed.press("End")
            last = self.judge_cell(number, axes)
            if viewed.stage.get_by_role("button", name="next filter").is_visible():
                viewed.stage.get_by_role("button", name="next filter").click()
                viewed.press("ArrowLeft")
                self.judge_cell(number, axes)
            sizes = step.output.values.shape[:-1]
            assert (first, last) == ((0,) * len(sizes), tuple(size - 1 for size in sizes))
        said, viewed.complaints[:] = [*viewed.complaints], []
        assert said == []

    def judge_cell(self, number, geometries):
        """The cell that is selected: what it lights, and its number. Gives its place."""
        viewed, y = self.viewed, self.output_of(number)
        assert viewed.data("pass") == str(number)
        index = tuple(map(int, viewed.data("selection").split(",")))
        at = self.place_of(index, number)
        value = y.reshape(-1)[index] if self.is_flat(number) else y[index]
        assert np.float32(viewed.data("value")) == value
        shown = viewed.stage.locator(".cl-result:visible").last
        assert np.float32(shown.get_attribute("data-exact")) == value
        assert is_rounded(shown.inner_text(), value)
        lit = viewed.cells("lit-input"), viewed.cells("lit-padding")
        assert lit == (({at}, set()) if geometries is None else lit_by(geometries, at))
        return at

    def is_flat(self, number):
        return self.scene.flat and number == len(self.scene.steps) - 1

    def place_of(self, index, number):
        if self.is_flat(number):
            return (0,) * self.scene.rank
        return index[1:] if self.scene.data_format == "channels_first" else index[:-1]


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


def is_rounded(text, value):
    """Whether a printed number is the value to its last printed digit."""
    printed = Decimal(text.replace("\u2212", "-").replace(",", ""))
    half = Decimal(1).scaleb(printed.as_tuple().exponent) / 2
    return abs(printed - Decimal(float(value))) <= half


@pytest.fixture(scope="module")
def judged(browser, voila_app):
    """One page for all layers: each is taken from the list after the other."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    yield Judged(Explorer(page, voila_app), cl.explore())
    page.goto("about:blank")
    context.close()


@pytest.mark.parametrize(("name", "data_format"), EVERY)
def test_what_lights_up_is_the_geometrys_and_the_number_is_the_layers(judged, name, data_format):
    judged.choose(name, data_format)
    judged.judge()


FIRST = {"data_format": "channels_first"}
SETTINGS = [
    cl.Conv1D(2, 3, padding="causal", dilation_rate=4),
    cl.Conv2D(3, (5, 2), strides=(2, 3), padding="same", **FIRST),
    cl.Conv2DTranspose(2, (3, 4), strides=(3, 2), padding="same", output_padding=(0, 1), **FIRST),
    cl.AveragePooling2D(3, strides=2, padding="same"),
    cl.UpSampling2D((2, 3), interpolation="bilinear"),
    cl.Cropping3D(((1, 2), (0, 3), (4, 0)), **FIRST),
    cl.ConvLSTM1D(2, 5, strides=2, padding="same", return_sequences=True, **FIRST),
]


@pytest.mark.parametrize("layer", SETTINGS, ids=lambda layer: type(layer).__name__)
def test_a_link_opens_a_setting_whose_numbers_are_the_layers(page, voila_app, layer):
    twin = cl.explore(layer)
    viewed = Explorer(page, f"{voila_app}&state={twin.link}")
    viewed.wait_for_layer(repr(layer))
    Judged(viewed, twin).judge()
