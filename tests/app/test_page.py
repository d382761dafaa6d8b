"""The page in headless Chromium, served by `convlab app`."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from serving import serving
from viewing import TWO_FRAMES

from convlab.app.page import notebook

ROOT = Path(__file__).parents[2]
WIDGETS = "#rendered_cells .jupyter-widgets"


def test_the_notebook_at_the_root_is_the_one_that_is_served():
    assert nbformat.read(ROOT / "app.ipynb", as_version=4) == nbformat.from_dict(notebook())


def test_the_notebook_is_valid():
    nbformat.validate(notebook())


def opened(page, address):
    page.goto(address)
    page.wait_for_selector("#starting", state="detached", timeout=60_000)
    page.wait_for_selector(WIDGETS)


@pytest.mark.browser
def test_the_page_opens_and_asks_no_other_host(page, voila_app):
    requested, complaints = [], []
    page.on("request", lambda request: requested.append(request.url))
    page.on("websocket", lambda websocket: requested.append(websocket.url))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    opened(page, voila_app)
    page.wait_for_timeout(500)
    ours = urlsplit(voila_app).netloc
    abroad = [url for url in requested if urlsplit(url.removeprefix("blob:")).netloc != ours]
    assert [url for url in abroad if not url.startswith("data:")] == []
    assert any(url.startswith("ws:") for url in requested)
    assert complaints == []


@pytest.mark.browser
def test_the_page_is_a_document_that_a_screen_reader_can_use(page, voila_app):
    opened(page, voila_app)
    assert page.title() == "convlab"
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("main").count() == 1
    assert page.get_attribute("main", "aria-busy") is None
    assert page.locator("link[rel=icon]").get_attribute("href").startswith("data:image/svg+xml,")


@pytest.mark.browser
def test_the_page_uses_the_width_and_does_not_scroll_sideways(page, voila_app):
    page.set_viewport_size({"width": 700, "height": 720})
    opened(page, voila_app)
    for width in (700, 1280):
        page.set_viewport_size({"width": width, "height": 720})
        page.wait_for_function("width => innerWidth === width", arg=width)
        page.evaluate(TWO_FRAMES)
        main = page.locator("#rendered_cells")
        assert main.evaluate("main => [main.clientWidth, main.scrollWidth]") == [width, width]
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
def test_the_notice_says_what_is_going_on(page, voila_app):
    page.goto(voila_app, wait_until="commit")
    notice = page.locator("#starting")
    assert notice.get_attribute("role") == "status"
    assert re.search(r"Starting Python|Loading convlab|Drawing", notice.inner_text())
    notice.wait_for(state="detached", timeout=60_000)


@pytest.mark.browser
def test_a_session_that_ended_is_told(page, voila_app):
    opened(page, voila_app)
    page.evaluate(
        """async () => {
            const { kernelId } = JSON.parse(
              document.getElementById("jupyter-config-data").textContent);
            const body = new FormData();
            body.append("_xsrf", document.cookie.match("_xsrf=([^;]*)")[1]);
            await fetch(`/voila/api/shutdown/${kernelId}`, { method: "POST", body });
        }"""
    )
    told = page.get_by_role("alert")
    told.wait_for(timeout=15_000)
    assert "Python has stopped" in told.inner_text()
    told.get_by_role("link", name="Load again").click()
    told.wait_for(state="detached")  # the page that had it is left
    page.wait_for_selector(WIDGETS, timeout=60_000)
    assert page.get_by_role("alert").count() == 0


@pytest.mark.browser
def test_a_page_that_is_left_ends_its_kernel(page, voila_app):
    opened(page, voila_app)
    kernel = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    model = voila_app.replace("/?", f"/api/kernels/{kernel}?")
    assert page.request.get(model).status == 200
    page.goto("about:blank")
    for _ in range(100):
        if page.request.get(model).status == 404:
            break
        page.wait_for_timeout(100)
    assert page.request.get(model).status == 404


@pytest.mark.browser
def test_a_page_whose_python_fails_says_so(page, tmp_path):
    broken = "import sys; sys.modules['anywidget'] = None"  # as if it were not installed
    (tmp_path / "sitecustomize.py").write_text(broken)
    with serving("--port", "0", PYTHONPATH=str(tmp_path)) as address:
        page.goto(address)
        told = page.get_by_role("alert")
        told.wait_for()
        assert "convlab could not start" in told.inner_text()
        assert "The terminal that runs convlab says why" in told.inner_text()
        assert told.get_by_role("link", name="Load again").is_visible()
        page.goto("about:blank")


@pytest.mark.browser
def test_without_javascript_the_page_says_so(browser, voila_app):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(voila_app, wait_until="commit")
    page.get_by_role("heading", name="convlab needs JavaScript").wait_for()
    assert not page.locator("#starting").is_visible()
    context.close()


@pytest.mark.browser
def test_the_token_page_lets_in_who_has_the_token(page, voila_app):
    page.goto(voila_app.split("?")[0])
    page.get_by_label("Token").fill("not-the-token")
    page.get_by_role("button", name="Open convlab").click()
    assert "That is not the token" in page.get_by_role("alert").inner_text()
    page.get_by_label("Token").fill(voila_app.split("token=")[1])
    page.get_by_role("button", name="Open convlab").click()
    page.wait_for_selector(WIDGETS, timeout=60_000)
