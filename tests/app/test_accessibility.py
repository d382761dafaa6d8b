"""What axe-core finds, and hands other than a mouse: the keyboard alone, a finger."""

import pytest
from viewing import Explorer

import convlab as cl
from convlab.draw import exported

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")


def findings(page):
    """What axe-core calls serious or critical: each rule with the elements that break it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [
        (rule["id"], [node["html"][:160] for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in GRAVE
    ]


# What is looked at: a layer, how, and which of the explorer's buttons is pressed.
PAGES = {
    "as it opens": (cl.Conv2D(4, 3, padding="same"), {}, ()),
    "dark": (cl.Conv2D(4, 3, padding="same"), {"theme": "dark"}, ()),
    "projector": (cl.Conv2D(4, 3, padding="same"), {"theme": "projector"}, ()),
    "a signal": (cl.Conv1D(2, 3, padding="causal", dilation_rate=2), {}, ()),
    "a volume": (cl.Conv3D(2, 3), {}, ()),
    "stamps": (cl.Conv2DTranspose(2, 3, strides=2), {"reading": "scatter"}, ()),
    "two steps, to be carried away": (cl.SeparableConv2D(2, 3), {}, ("Export",)),
    "gates": (cl.ConvLSTM2D(2, 3), {"in_view": 2}, ()),
    "a map, compared": (cl.MaxPooling2D(2, 3), {"map": "counts"}, ("Compare",)),
    "to be predicted": (cl.AveragePooling1D(2), {"hide": "cell"}, ()),
}


@pytest.mark.parametrize(("layer", "looks", "pressed"), PAGES.values(), ids=PAGES)
def test_the_explorer_has_no_grave_finding(page, voila_app, layer, looks, pressed):
    explorer = cl.explore(layer)
    explorer.theme = looks.pop("theme", "light")
    for name, value in looks.items():
        assert explorer.look(name, value)
    viewed = Explorer(page, f"{voila_app}&state={explorer.link}")
    viewed.wait_for_layer(repr(layer))
    for name in pressed:
        page.get_by_role("button", name=name, exact=True).click()
    viewed.quiet()
    assert findings(page) == []


def test_an_error_has_no_grave_finding(page, voila_app):
    viewed = Explorer(page, f"{voila_app}&state={cl.explore(cl.Conv2D(2, 3, strides=2)).link}")
    viewed.wait_for_code("strides=2")
    viewed.slide("dilation", ["ArrowRight"])
    viewed.stage.get_by_role("alert").wait_for()
    viewed.quiet()
    assert findings(page) == []


def test_a_lesson_has_no_grave_finding(page, voila_app):
    page.goto(f"{voila_app}&lesson=02-padding-and-strides")
    page.locator(".cv-lesson .cl-stage[data-selection]").first.wait_for(timeout=90_000)
    page.locator(".cv-next").wait_for(timeout=90_000)  # the whole lesson has run
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_exported_page_has_no_grave_finding(page, tmp_path, theme):
    explorer = cl.explore(cl.SeparableConv2D(2, 3))
    file = tmp_path / "page.html"
    file.write_bytes(exported(explorer.layer, explorer.x[None], "html", theme=theme))
    page.goto(file.as_uri())
    page.wait_for_selector(".cl-stage[data-selection]")
    assert findings(page) == []


# The keyboard alone

CONTROLS = """() => [...document.querySelectorAll(
  "button, select, input, textarea, a[href], [tabindex], [role=slider]")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})
    && (e.type !== "radio" || e.checked))
  .map((e) => (e.dataset.tabbed ??= String(window.tabbed = (window.tabbed ?? 0) + 1)))"""
FOCUSED = """() => {
  const e = document.activeElement;
  const { outlineStyle, boxShadow, borderColor } = getComputedStyle(e);
  return [e.dataset.tabbed ?? null, e.outerHTML.slice(0, 120), outlineStyle + boxShadow];
}"""


def opened(page, address, layer, **looks):
    explorer = cl.explore(layer)
    for name, value in looks.items():
        assert explorer.look(name, value)
    viewed = Explorer(page, f"{address}&state={explorer.link}")
    viewed.wait_for_layer(repr(layer))
    viewed.quiet()
    return viewed


def test_tab_reaches_every_control_and_shows_where_it_is(page, voila_app):
    viewed = opened(page, voila_app, cl.Conv2DTranspose(2, 3, strides=2))
    page.get_by_role("button", name="Export", exact=True).click()
    viewed.quiet()
    controls = set(page.evaluate(CONTROLS))
    assert len(controls) > 40
    page.locator("body").focus()
    reached, unseen = set(), []
    for _ in range(len(controls) + 10):
        page.keyboard.press("Tab")
        number, html, ring = page.evaluate(FOCUSED)
        reached.add(number)
        if number and ring == "nonenone":
            unseen.append(html)
    assert controls - reached == set()
    assert unseen == []


def test_keys_choose_a_layer_a_step_a_reading_and_a_map(page, voila_app):
    viewed = opened(page, voila_app, cl.SeparableConv2D(2, 3))
    viewed.stage.get_by_role("tab").first.focus()
    page.keyboard.press("ArrowRight")
    viewed.wait_for("pass", "1")
    page.locator(".cx-menu select").focus()
    page.keyboard.type("Conv2DT")
    viewed.wait_for_code("Conv2DTranspose(")
    page.get_by_role("button", name="scatter").focus()
    page.keyboard.press("Enter")
    viewed.wait_for("reading", "scatter")
    viewed.press("Home", "ArrowRight", "ArrowRight", "Enter", on="input")
    viewed.wait_for("source", "0,1")
    page.get_by_role("combobox", name="what the pictures show").focus()
    page.keyboard.press("End")
    viewed.wait_for("map", "overlap")


def test_keys_export_and_compare(page, voila_app):
    viewed = opened(page, voila_app, cl.Conv1D(2, 3))
    page.get_by_role("button", name="Export", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="PNG", exact=True).focus()
    with page.expect_download() as file:
        page.keyboard.press("Enter")
    assert file.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Compare", exact=True).focus()
    page.keyboard.press("Space")
    viewed.stage.nth(1).wait_for()
    page.locator(".cl-stage .cl-output canvas").last.focus()
    page.keyboard.press("Home")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.cl-stage')].every((s) => s.dataset.step === '1')"
    )


# A finger


@pytest.fixture
def touched(browser, voila_app):
    context = browser.new_context(viewport={"width": 1180, "height": 820}, has_touch=True)
    page = context.new_page()
    yield opened(page, voila_app, cl.Conv2D(4, 3, padding="same"))
    page.goto("about:blank")
    context.close()


def tap(viewed, locator):
    box = locator.bounding_box()
    viewed.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    viewed.frames_drawn()


def drag(viewed, locator, right):
    """A finger that goes down on an element, moves to the right and lifts."""
    box = locator.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    client = viewed.page.context.new_cdp_session(viewed.page)
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + right / 2, "y": y}]),
        ("touchMove", [{"x": x + right, "y": y}]),
        ("touchEnd", []),
    ):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    client.detach()


def test_a_finger_selects_plays_and_sets(touched):
    output = touched.stage.locator(".cl-output .cl-grid")
    cell, left, top = (float(output.get_attribute(f"data-{n}")) for n in ("cell", "left", "top"))
    box = output.bounding_box()
    touched.page.touchscreen.tap(
        box["x"] + left + 3.5 * cell, box["y"] + top + 2.5 * cell
    )  # row 2, column 3
    touched.wait_for("selection", "2,3,0")
    tap(touched, touched.stage.get_by_role("button", name="next filter"))
    touched.wait_for("selection", "2,3,1")
    tap(touched, touched.stage.get_by_role("button", name="Play"))
    touched.wait_for("playing", "true")
    tap(touched, touched.stage.get_by_role("button", name="Pause"))
    touched.wait_for("playing", "false")
    step = int(touched.data("step"))
    slider = touched.stage.get_by_role("slider", name="step")
    slider_box = slider.bounding_box()
    touched.page.touchscreen.tap(
        slider_box["x"] + slider_box["width"] * 0.9, slider_box["y"] + slider_box["height"] / 2
    )
    touched.frames_drawn()
    assert int(touched.data("step")) > step + 300  # of 784
    drag(touched, touched.row("strides").locator(".noUi-handle").first, 40)
    touched.wait_for_code("strides=")
    tap(touched, touched.page.get_by_role("button", name="Undo", exact=True))
    assert touched.complaints == []
