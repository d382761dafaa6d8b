"""The Debug page through the real app: from an error to a fix, into a layer, with every hand."""

import pytest
from test_accessibility import CONTROLS, FOCUSED, findings
from viewing import AT_REST, TWO_FRAMES

import convlab as cl
from convlab.widgets.debugger import debug

pytestmark = pytest.mark.browser


class Viewed:
    """The page as its viewer meets it."""

    def __init__(self, page, address):
        self.page, self.complaints = page, []
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        self.origin = address.split("/voila")[0].split("?")[0].rstrip("/")
        page.goto(address)
        page.locator(".cg-graph[data-camera]").wait_for(timeout=90_000)
        page.locator(".cd-findings h2").wait_for()

    def _asked(self, request):
        if not request.url.startswith((self.origin, "data:", "blob:", "ws")):
            self.complaints.append(request.url)

    def button(self, name, nth=0):
        return self.page.get_by_role("button", name=name, exact=True).nth(nth)

    def state(self, key):
        return self.page.locator(f".cg-list [data-key='{key}']").get_attribute("data-state")

    def wait(self, selector):
        self.page.locator(selector).first.wait_for(state="attached")

    def headline(self, text):
        self.page.get_by_role("heading", name=text).wait_for()

    def data(self, name):
        return self.page.locator(".cg-graph").get_attribute(f"data-{name}")

    def press(self, *keys):
        self.page.locator(".cg-list").focus()
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(80)


@pytest.fixture
def view(page, voila_app):
    opened = []

    def open_page(query="page=debug&example=unet-100"):
        opened.append(Viewed(page, f"{voila_app}&{query}"))
        return opened[-1]

    yield open_page
    for viewed in opened:
        assert viewed.complaints == []


def test_from_an_error_to_a_fix_and_back(view):
    viewed = view()
    viewed.headline("1 problem")
    assert (viewed.state("join3"), viewed.state("pool3")) == ("error", "culprit")
    viewed.button("Preview").click()
    viewed.wait(".cd-previewing, .cd-status")
    viewed.wait(".cg-list [data-state=changed]")
    viewed.button("Back").click()
    viewed.wait(".cg-list [data-key=join3][data-state=error]")
    viewed.button("Apply").click()
    viewed.headline("No problem found")
    viewed.page.wait_for_function(  # the graph hears of it after the findings
        "() => !document.querySelector('.cg-list [data-state=error]')"
    )
    viewed.button("Undo").click()
    viewed.headline("1 problem")
    viewed.button("Redo").click()
    viewed.headline("No problem found")


def test_the_keyboard_alone_goes_to_a_layer_to_a_cell_and_back(view):
    viewed = view()
    viewed.press("Home", "ArrowDown")
    assert viewed.data("selected") == "down1_conv1"
    camera = viewed.data("camera")
    viewed.press("Enter")
    stage = viewed.page.locator(".cl-stage")
    viewed.page.wait_for_selector(".cl-stage[data-selection]")
    assert "100 × 100" in stage.inner_text()
    stage.locator(".cl-output canvas").last.focus()
    viewed.page.keyboard.press("Home")
    viewed.page.wait_for_selector(".cl-stage[data-selection='0,0,0']")
    viewed.page.evaluate(AT_REST)
    viewed.button("‹ Back to the graph").focus()
    viewed.page.keyboard.press("Enter")
    viewed.wait(".cg-graph[data-cone]")
    assert viewed.data("selected") == "down1_conv1"
    assert viewed.data("camera").split(",")[2] == camera.split(",")[2]
    seen = viewed.page.locator("[data-key=image]").get_attribute("data-seen")
    assert seen == "rows 0 to 1 of 100, columns 0 to 1 of 100"


def test_a_unit_of_a_feature_map_has_its_cone_in_every_layer(view):
    viewed = view()
    viewed.button("Feature maps").click()
    viewed.page.wait_for_function(
        "() => +document.querySelector('.cg-graph').dataset.maps > 10", timeout=60_000
    )
    viewed.press("Home", "ArrowDown", "ArrowDown", "ArrowDown", "Shift+ArrowRight")
    viewed.wait(".cg-graph[data-cone]")
    seen = viewed.page.locator("[data-key=image]").get_attribute("data-seen")
    assert viewed.data("selected") == "pool1"
    assert seen == "rows 48 to 53 of 100, columns 50 to 55 of 100"  # of the unit (25, 26)
    viewed.press("Escape")
    viewed.page.wait_for_selector(".cg-graph:not([data-cone])")


def test_code_is_pasted_and_read(view):
    viewed = view("page=debug")
    viewed.button("Paste text").click()
    viewed.page.get_by_role("textbox", name="text to read").fill(
        "x = Input((28, 28, 1))\n"
        "y = Conv2D(8, 3, strides=2, name='down')(x)\n"
        "z = UpSampling2D(name='up')(y)\n"
        "model = Model(x, Concatenate(name='join')([x, z]))"
    )
    viewed.button("Read it").click()
    viewed.wait(".cg-list [data-key=join][data-state=error]")
    viewed.button("Apply").click()
    viewed.headline("No problem found")


def test_what_cannot_be_read_leaves_the_picture_and_says_why(view):
    viewed = view()
    viewed.button("Paste text").click()
    viewed.page.get_by_role("textbox", name="text to read").fill("{no json")
    viewed.button("Read it").click()
    viewed.page.get_by_role("alert").wait_for()
    assert viewed.state("join3") == "error"


def test_a_file_is_opened(view, tmp_path):
    model = cl.Sequential([cl.Input((8, 8, 1)), cl.Conv2D(2, 3, name="only_one")])
    viewed = view()
    with viewed.page.expect_file_chooser() as chooser:
        viewed.page.get_by_role("button", name="Open a file").click()
    content = model.to_json().encode()
    chooser.value.set_files({"name": "m.json", "mimeType": "application/json", "buffer": content})
    viewed.wait(".cg-list [data-key=only_one]")
    viewed.headline("No problem found")


def test_the_shapes_can_be_typed(view):
    viewed = view()
    field = viewed.page.get_by_role("textbox", name="input", exact=True)
    field.fill("96, 96, 1")
    field.press("Enter")
    viewed.headline("No problem found")


def test_a_link_opens_the_same_again(view):
    debugger = debug("autoencoder")
    debugger.layer = "encode2"
    debugger.selection = (3, 4)
    viewed = view(f"state={debugger.link}")
    viewed.wait(".cg-graph[data-selected=encode2][data-cone]")
    assert viewed.page.locator("[data-key=encode2]").get_attribute("data-seen") == (
        "row 3 of 14, column 4 of 14"
    )


def test_a_link_of_a_stranger_is_refused_beside_the_example(view):
    viewed = view("page=debug&example=../../etc/passwd")
    viewed.page.get_by_role("alert").wait_for()
    assert viewed.state("join4") == "error"


LOOKS = {
    "as it opens": ("page=debug", "light", ()),
    "dark": ("page=debug&example=unet-100", "dark", ()),
    "folded": ("page=debug&example=resnet50", "light", ()),
    "unfolded": ("page=debug&example=wavenet", "light", ("unfold all",)),
    "advice, to be carried away": ("page=debug&example=dcgan", "light", ("Export",)),
    "maps, pasting": ("page=debug&example=autoencoder", "light", ("Feature maps", "Paste text")),
    "keys": ("page=debug&example=vgg16", "dark", ("keys",)),
}


@pytest.mark.parametrize(("query", "scheme", "pressed"), LOOKS.values(), ids=LOOKS)
def test_axe_has_no_grave_finding(page, view, query, scheme, pressed):
    page.emulate_media(color_scheme=scheme)
    viewed = view(query)
    for name in pressed:
        viewed.button(name).click()
    page.wait_for_timeout(800)
    assert findings(page) == []


def test_tab_reaches_every_control_and_shows_where_it_is(page, view):
    view().button("Paste text").click()
    page.wait_for_timeout(500)
    controls = set(page.evaluate(CONTROLS))
    assert len(controls) > 20
    page.locator("body").focus()
    reached, unseen = set(), []
    for _ in range(len(controls) + 10):
        page.keyboard.press("Tab")
        number, html, ring = page.evaluate(FOCUSED)
        reached.add(number)
        if number and ring == "nonenone" and "cg-list" not in html:  # whose ring is its room's
            unseen.append(html)
    assert controls - reached == set()
    assert unseen == []


def test_a_finger_previews_selects_and_opens(browser, voila_app):
    context = browser.new_context(viewport={"width": 1180, "height": 820}, has_touch=True)
    viewed = Viewed(context.new_page(), f"{voila_app}&page=debug&example=autoencoder")
    viewed.button("Preview").tap()
    viewed.wait(".cg-list [data-state=changed]")
    viewed.button("Back").tap()
    option = viewed.page.locator(".cg-list [data-key=encode1]")
    left, top, width, height = map(float, option.get_attribute("data-box").split(","))
    viewed.button("fit").tap()
    viewed.page.evaluate(AT_REST)
    x, y, scale = map(float, viewed.data("camera").split(","))
    room = viewed.page.locator(".cg-canvas").bounding_box()
    viewed.page.touchscreen.tap(
        room["x"] + (left + width / 2 - x) * scale, room["y"] + (top + height / 2 - y) * scale
    )
    viewed.wait(".cg-graph[data-selected=encode1]")
    viewed.button("Open the layer").tap()
    viewed.page.wait_for_selector(".cl-stage[data-selection]")
    assert viewed.complaints == []
    viewed.page.goto("about:blank")
    context.close()


def test_nothing_is_cut_off_at_the_side(page, view):
    """Opened on a narrow screen, and made wider."""
    page.set_viewport_size({"width": 480, "height": 900})
    view()
    for width, height in [(480, 900), (1280, 720), (1920, 1080)]:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => innerWidth === width", arg=width)
        page.evaluate(TWO_FRAMES)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        room = page.locator(".cg-room").bounding_box()
        assert room["width"] > 300, width
        assert room["height"] > 300, width
