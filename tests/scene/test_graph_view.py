"""The graph in a browser: what is painted and said, the mouse, the wheel, keys, fingers."""

import numpy as np
import pytest
from drawn import Drawn, sent

import convlab as cl
from convlab.inspector.given import given_specs
from convlab.models.calls import calls_of
from convlab.models.examples import EXAMPLES
from convlab.scene.graph import Mark, Marks, Network, Small, build_drawing, groups_of

pytestmark = pytest.mark.browser


def network(name):
    example = EXAMPLES[name]
    model = example.make()
    calls = calls_of(model, given_specs(model, example.input_shape))
    return Network(calls, cl.trace(model, example.input_shape))


def failing():
    marks = Marks()
    marks.add_node("join3", Mark("error", "25 and 24 do not fit"))
    marks.add_node("pool3", Mark("culprit", "pool3 drops 1 row"))
    marks.add_edge("up3", "join3", Mark("error", "pool3 drops 1 row"))
    marks.add_edge("down3_conv2", "join3", Mark("error"))
    return marks


@pytest.fixture
def draw(page):
    opened = []

    def open_graph(name="unet-100", marks=None, state=None, **options):
        drawing = build_drawing(network(name), marks, **options)
        opened.append(Drawn(page, drawing, **(state or {})))
        return opened[-1]

    yield open_graph
    for graph in opened:
        assert graph.problems == []


def test_every_layer_is_an_option_that_tells_what_it_reads_and_gives(draw):
    graph = draw(marks=failing())
    options = graph.page.locator(".cg-list [role=option]")
    assert options.count() == len(graph.drawing.nodes)
    said = graph.page.locator("[data-key=join3]").inner_text()
    assert said == (
        "join3: Concatenate, reads down3_conv2 (25 × 25 × 256) and up3 (24 × 24 × 256), "
        "gives ? × ? × 512, wrong: 25 and 24 do not fit"
    )
    assert "the cause: pool3 drops 1 row" in graph.page.locator("[data-key=pool3]").inner_text()


def test_it_opens_where_something_is_wrong(draw):
    graph = draw(marks=failing())
    box = graph.page.locator(".cg-canvas").bounding_box()
    x, y = graph.at("join3")
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]


def test_what_fits_is_shown_whole(draw):
    graph = draw("autoencoder", opened=())
    graph.press("0")
    box = graph.page.locator(".cg-canvas").bounding_box()
    for node in graph.drawing.nodes:
        x, y = graph.screen(node.x, node.y)
        assert box["x"] <= x <= box["x"] + box["width"]
        assert box["y"] <= y <= box["y"] + box["height"]
    assert int(graph.mirror("painted")) == len(graph.drawing.nodes)


def test_the_failing_edge_and_box_are_red_and_others_are_not(draw):
    graph = draw(marks=failing())
    join, other = graph.drawing.node("join3"), graph.drawing.node("merge3_conv1")
    red = graph.colour(join.x + join.width / 2 - 40, join.y + join.height / 2 - 5)
    plain = graph.colour(other.x + other.width / 2 - 8, other.y + 14)
    assert red[0] > red[1] + 8
    assert red[0] > red[2] + 8
    assert max(plain) - min(plain) < 8


def test_a_click_selects_and_tells_once(draw):
    graph = draw(marks=failing())
    graph.click("up3")
    assert graph.told == [{"select": "up3"}]
    assert graph.mirror("selected") == "up3"
    assert graph.focused.startswith("up3: Conv2DTranspose, 256, 2×2, strides 2, reads")
    graph.page.wait_for_timeout(500)  # sooner, it would be the second press of two
    graph.click("up3")
    assert graph.told == [{"select": "up3"}]


def test_two_clicks_open(draw):
    graph = draw(marks=failing())
    graph.page.mouse.dblclick(*graph.at("up3"))
    assert graph.told[-1] == {"open": "up3"}


def test_hovering_tells_nobody_and_shows_what_a_layer_is(draw):
    graph = draw(marks=failing())
    graph.page.mouse.move(*graph.at("join3"))
    graph.frames()
    tip = graph.page.locator(".cg-tip")
    assert tip.is_visible()
    assert "25 and 24 do not fit" in tip.inner_text()
    assert graph.told == []


def test_arrows_walk_along_the_edges_and_beside(draw):
    graph = draw("wavenet")
    graph.press("Home", "ArrowDown", "ArrowDown")
    first = graph.mirror("selected")
    assert first in ("block1_filter", "block1_gate")
    graph.press("ArrowRight" if first == "block1_filter" else "ArrowLeft")
    other = graph.mirror("selected")
    if other == first:  # the other one stands on the other side
        graph.press("ArrowLeft" if first == "block1_filter" else "ArrowRight")
        other = graph.mirror("selected")
    assert {first, other} == {"block1_filter", "block1_gate"}
    graph.press("ArrowUp")
    assert graph.mirror("selected") == "start"
    graph.press("End")
    assert graph.mirror("selected") == "next_sample"
    assert graph.told[0] == {"select": "sound"}


def test_what_the_keys_select_comes_into_view(draw):
    graph = draw("vgg16", opened={f"block{n}" for n in range(1, 6)})
    graph.press("1", "Home", "End")
    box = graph.page.locator(".cg-canvas").bounding_box()
    _, y = graph.at("predictions")
    assert box["y"] < y < box["y"] + box["height"]


def test_keys_go_from_problem_to_problem_and_open(draw):
    graph = draw(marks=failing())
    graph.press("Home", "n")
    assert graph.mirror("selected") == "join3"
    graph.press("Enter")
    assert graph.told[-1] == {"open": "join3"}
    graph.press("Escape")
    assert graph.told[-1] == {"leave": True}


def test_what_is_selected_while_the_drawing_glides_comes_into_view(draw):
    graph = draw(marks=failing())
    graph.page.emulate_media(reduced_motion="no-preference")
    graph.press("End", "Home", "n")  # without a pause: the first two are on their way
    graph.page.wait_for_timeout(500)
    assert graph.mirror("selected") == "join3"
    box = graph.page.locator(".cg-canvas").bounding_box()
    x, y = graph.at("join3")
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]


def test_letters_of_the_projector_are_larger_and_so_is_the_drawing(draw):
    graph = draw(marks=failing())
    before = graph.camera[2]
    graph.update(theme="projector")
    assert graph.camera[2] == pytest.approx(before * 16 / 13, rel=1e-2)
    graph.update(theme="light")
    assert graph.camera[2] == pytest.approx(before, rel=1e-2)


def test_the_legend_gives_way_to_boxes(draw):
    graph = draw(marks=failing())
    legend = graph.page.locator(".cg-legend")
    assert legend.is_visible()
    box, room = legend.bounding_box(), graph.page.locator(".cg-canvas").bounding_box()
    x, y = graph.at("merge3_conv1")
    graph.page.mouse.move(room["x"] + 500, room["y"] + 300)
    graph.page.mouse.wheel(x - box["x"] - 20, y - box["y"] - 20)
    graph.frames()
    assert not legend.is_visible()


def test_where_nothing_is_drawn_it_is_said_why(draw):
    graph = draw()
    said = graph.page.get_by_text("no network")
    assert not said.is_visible()
    graph.page.evaluate("() => graph.update({ drawing: null, nothing: 'There is no network.' })")
    graph.frames()
    assert said.is_visible()


def test_zoom_by_keys_wheel_and_buttons(draw):
    graph = draw(marks=failing())
    before = graph.camera[2]
    graph.press("+")
    assert graph.camera[2] == pytest.approx(before * 1.3, rel=1e-2)
    graph.page.get_by_role("button", name="zoom out").click()
    graph.frames()
    assert graph.camera[2] == pytest.approx(before, rel=1e-2)
    place = graph.at("join3")
    graph.page.evaluate(  # what a trackpad's pinch sends; Chromium keeps the keyboard's for itself
        """([clientX, clientY]) => document.querySelector(".cg-canvas").dispatchEvent(
          new WheelEvent("wheel", { deltaY: -120, ctrlKey: true, clientX, clientY }))""",
        list(place),
    )
    graph.frames()
    assert graph.camera[2] > before
    assert graph.at("join3") == pytest.approx(place, abs=1)  # the point under the pointer stays


def test_the_wheel_moves_and_so_does_a_drag(draw):
    graph = draw()
    x, y, scale = graph.camera
    graph.page.mouse.move(700, 400)
    graph.page.mouse.wheel(0, 100)
    graph.frames()
    assert graph.camera[1] == pytest.approx(y + 100 / scale, abs=0.1)
    graph.page.mouse.down()
    graph.page.mouse.move(760, 430, steps=4)
    graph.page.mouse.up()
    graph.frames()
    assert graph.camera[0] == pytest.approx(x - 60 / scale, abs=0.1)
    assert graph.told == []  # a drag is no click


def test_the_drawing_cannot_be_lost(draw):
    graph = draw()
    for _ in range(30):
        graph.page.mouse.wheel(-3000, -3000)
    graph.frames()
    assert int(graph.mirror("painted")) >= 0
    x, y, scale = graph.camera
    width, height = 1280 / scale, 700 / scale
    assert x + width > 0
    assert y + height > 0


def test_search_finds_what_is_folded_too(draw):
    graph = draw("resnet50")
    graph.page.get_by_role("searchbox", name="search layers").fill("conv4_block3_2")
    graph.frames()
    assert graph.mirror("selected") == "conv4_block3"
    assert graph.page.locator(".cg-found").inner_text() == "1 found"
    graph.page.get_by_role("searchbox").fill("Conv2D")
    graph.page.keyboard.press("Enter")
    graph.frames()
    assert graph.page.locator(".cg-found").inner_text() == "17 found"  # sixteen blocks, the stem


def test_groups_fold_and_unfold_by_key_and_by_press(draw):
    graph = draw("resnet50")
    graph.page.get_by_role("searchbox").fill("conv2_block1")
    graph.press("Enter")
    assert graph.told[-1] == {"toggle": "conv2_block1"}
    before = graph.at("conv2_block1")
    told = network("resnet50")
    opened = build_drawing(told, opened={"conv2_block1"})
    graph.update(drawing=opened)
    # what was selected stays in its place on the screen
    assert graph.at("conv2_block1_1_conv")[1] < before[1] + 500
    (frame,) = graph.drawing.frames
    graph.page.mouse.click(*graph.screen(frame.left + 12, frame.top + 14))
    assert graph.told[-1] == {"toggle": "conv2_block1"}
    graph.page.get_by_role("button", name="fold all", exact=True).click()
    assert graph.told[-1] == {"fold": True}


def test_maps_are_painted_and_a_press_picks_their_unit(draw):
    cells = np.zeros((10, 10), np.uint8)
    cells[:, 5:] = 255
    graph = draw(pictures=True, state={"maps": sent({"up3": Small(cells, (24, 24), "grey")})})
    graph.update(selected="up3", look={"key": "up3"})
    node = graph.drawing.node("up3")
    left = node.x - node.width / 2 + 12
    side = node.height - 12
    dark = graph.colour(left + 0.2 * side, node.y)
    bright = graph.colour(left + 0.8 * side, node.y)
    assert dark == [0, 0, 0]
    assert bright == [255, 255, 255]
    graph.page.mouse.click(*graph.screen(left + 0.76 * side, node.y - side / 2 + 0.26 * side))
    graph.frames()
    assert graph.told[-1] == {"unit": {"key": "up3", "at": [6, 18]}}  # of 24 rows and columns
    graph.press("Shift+ArrowDown")
    assert graph.told[-1] == {"nudge": [1, 0]}


def test_a_cone_is_told_and_veils_what_is_not_read(draw):
    cells = np.full((8, 8), 255, np.uint8)
    seen = np.zeros((8, 8), np.uint8)
    seen[2:4, 2:4] = 1
    graph = draw(pictures=True, state={"maps": sent({"up3": Small(cells, (8, 8), "grey")})})
    node = graph.drawing.node("up3")
    graph.update(
        selected="up3",
        maps=sent({"up3": Small(cells * 0, (8, 8), "grey")}),
        cone=sent({"up3": Small(seen, (8, 8), text="rows 2 to 3 of 8")}),
        look={"key": "up3"},
    )
    left, side = node.x - node.width / 2 + 12, node.height - 12
    top = node.y - side / 2
    assert graph.colour(left + 3.0 / 8 * side, top + 3.0 / 8 * side) == [0, 0, 0]
    assert min(graph.colour(left + 6.5 / 8 * side, top + 6.5 / 8 * side)) > 120
    assert graph.mirror("cone") == "up3"
    option = graph.page.locator("[data-key=up3]")
    assert option.get_attribute("aria-description") == "rows 2 to 3 of 8"
    graph.update(cone=None)
    assert graph.mirror("cone") is None
    assert option.get_attribute("aria-description") is None


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_themes_change_the_ground(draw, theme):
    graph = draw(state={"theme": theme})
    ground = graph.colour(4, 4)
    assert (sum(ground) < 200) == (theme == "dark")


def test_a_finger_drags_selects_and_pinches(browser):
    context = browser.new_context(viewport={"width": 1000, "height": 700}, has_touch=True)
    page = context.new_page()
    graph = Drawn(page, build_drawing(network("unet-100"), failing()))
    page.touchscreen.tap(*graph.at("up3"))
    graph.frames()
    assert graph.told == [{"select": "up3"}]
    before = graph.camera
    client = context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [(400, 300), (600, 300)]),
        ("touchMove", [(350, 300), (650, 300)]),
        ("touchMove", [(300, 300), (700, 300)]),
        ("touchEnd", []),
    ):
        told = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})
    graph.frames()
    assert graph.camera[2] == pytest.approx(2 * before[2], rel=0.1)
    assert graph.problems == []
    context.close()


def test_500_layers_move_smoothly(draw):
    """What a frame costs: the median of a hundred, drawn while the drawing is moved."""
    from test_graph_layout import made_up
    from test_graph_layout import network as network_of

    told = network_of(made_up(3, 500))
    graph = draw()
    graph.update(drawing=build_drawing(told, opened=groups_of(told)))
    took = graph.page.evaluate("""() => {
      const took = [];
      for (let at = 0; at < 100; at += 1) {
        graph.camera.pan(0, -37);
        const begun = performance.now();
        graph.surface.draw();
        took.push(performance.now() - begun);
      }
      return took.sort((a, b) => a - b)[50];
    }""")
    assert took < 16
    assert graph.page.locator(".cg-list [role=option]").count() == 501


def test_it_cleans_up(draw):
    graph = draw()
    graph.page.evaluate("() => graph.destroy()")
    assert graph.page.locator(".cg-graph").count() == 0
