"""The stage in a browser: what lights up, checked against the geometry."""

import itertools

import pytest
from scenes import scene_of

from convlab.geometry import convolution

pytestmark = pytest.mark.browser

LAYERS = {
    "same, stride 2: padding at the end only": {"padding": "same", "strides": 2},
    "valid, stride 2: a column is never read": {"strides": (2, 3), "kernel_size": 2},
    "dilated: holes between the taps": {"padding": "same", "dilation_rate": 2},
    "axes that differ": {"padding": "same", "strides": (3, 1), "kernel_size": (4, 2)},
}


@pytest.fixture(params=LAYERS.values(), ids=LAYERS)
def layer(request):
    return request.param


def geometries(kernel_size=3, strides=1, padding="valid", dilation_rate=1):
    def pair(value):
        return value if isinstance(value, tuple) else (value, value)

    sizes = (6, 7)
    values = zip(sizes, pair(kernel_size), pair(strides), pair(dilation_rate), strict=True)
    return [convolution(*value, padding) for value in values]


def product(rows, columns):
    return set(itertools.product(map(int, rows), map(int, columns)))


def real(indices):
    return [index for index in indices if index >= 0]


def test_an_output_cell_lights_its_taps(play, layer):
    height, width = geometries(**layer)
    stage = play(scene_of(**layer))
    for row, col in [(0, 0), (height.size_out - 1, width.size_out - 1), (1, 0)]:
        stage.hover("output", row, col)
        read = product(real(height.taps()[row]), real(width.taps()[col]))
        assert stage.cells("lit-input") == read
        (rows, _), (cols, _) = height.positions(), width.positions()
        assert stage.cells("lit-padding") == product(rows[row], cols[col]) - read
        assert stage.cells("lit-kernel") == product(range(height.kernel), range(width.kernel))
        assert stage.cells("lit-output") == {(row, col)}
    assert stage.messages == []


def test_an_input_cell_lights_its_readers(play, layer):
    height, width = geometries(**layer)
    stage = play(scene_of(**layer))
    for row, col in [(0, 0), (5, 6), (3, 2)]:
        stage.hover("input", row, col)
        rows, cols = height.readers()[row], width.readers()[col]
        assert stage.cells("lit-output") == product(real(rows), real(cols))
        assert stage.cells("lit-input") == {(row, col)}
    assert stage.messages == []


def test_a_weight_lights_all_that_it_touches(play, layer):
    height, width = geometries(**layer)
    stage = play(scene_of(**layer))
    for row, col in [(0, 0), (height.kernel - 1, width.kernel - 1)]:
        stage.hover("kernel", row, col)
        touched = product(real(height.taps()[:, row]), real(width.taps()[:, col]))
        assert stage.cells("lit-input") == touched
        assert stage.cells("lit-kernel") == {(row, col)}
        assert f"touches {len(touched)} input cell" in stage.page.inner_text(".cl-readout")
    assert stage.messages == []


def test_padding_lights_the_outputs_that_reach_it(play):
    stage = play(scene_of(padding="same"))
    stage.hover("input", -1, 2)
    assert stage.cells("lit-output") == {(0, 1), (0, 2), (0, 3)}
    assert stage.cells("lit-padding") == {(-1, 2)}
    assert stage.page.inner_text(".cl-readout").startswith("padding: a zero beyond the edge")


def test_an_input_that_is_never_read_lights_nothing_and_says_so(play):
    stage = play(scene_of(strides=2))  # 6 rows, kernel 3, stride 2: row 5 is left over
    stage.hover("input", 5, 0)
    assert stage.cells("lit-output") == set()
    assert "never read" in stage.page.inner_text(".cl-readout")
    assert "never read: row 5" in stage.page.inner_text(".cl-input .cl-legend")
    assert "row 5 is never read" in stage.page.inner_text(".cl-facts")


def test_leaving_goes_back_to_the_selection(play):
    stage = play(scene_of(), selection=[1, 2, 0])
    before = stage.cells("lit-input")
    stage.hover("input", 0, 0)
    assert stage.cells("lit-input") == {(0, 0)}
    stage.page.mouse.move(1, 1)
    stage.frames()
    assert stage.cells("lit-input") == before == product([1, 2, 3], [2, 3, 4])
    assert stage.mirror("selection") == "1,2,0"


def test_a_term_lights_the_cell_that_it_counts(play):
    stage = play(scene_of(), selection=[1, 2, 0])
    stage.page.locator(".cl-chip").nth(5).hover()  # kernel row 1, column 2
    stage.frames()
    assert stage.cells("lit-kernel") == {(1, 2)}
    assert stage.cells("lit-input") == {(2, 4)}


def test_a_finger_lights_what_it_touches(browser, play):
    context = browser.new_context(has_touch=True, viewport={"width": 1000, "height": 700})
    stage = type(play(scene_of()))(context.new_page(), scene_of(), {})
    stage.page.touchscreen.tap(*stage.centre("input", 2, 3))
    stage.frames()
    assert stage.cells("lit-input") == {(2, 3)}
    stage.page.touchscreen.tap(*stage.centre("output", 1, 1))
    stage.frames()
    assert stage.mirror("selection") == "1,1,0"
    context.close()


def test_a_large_picture_lights_up_too(play):
    stage = play(
        scene_of((224, 224, 3), integers=False, picture=True, strides=2, padding="same"),
        selection=[50, 60, 1],
    )
    assert stage.cells("lit-input") == product([100, 101, 102], [120, 121, 122])
    stage.hover("kernel", 1, 1)
    assert stage.mirror("lit-input") == "many"
    assert stage.mirror("lit-input-rows").split(",") == [str(i) for i in range(1, 224, 2)]
