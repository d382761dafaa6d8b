"""The button that carries a state away: a link in the app, Python code in a notebook."""

from pathlib import Path

import pytest

import convlab.widgets

pytestmark = pytest.mark.browser

MODULE = Path(convlab.widgets.__file__).with_name("carrier.js")
HTML = '<!doctype html><html lang="en"><title>carrier</title><link rel="icon" href="data:,"><main>'
STATE = {"link": "?state=abc", "code": "cl.explore(...)", "note": "Your file is left out."}
RENDER = """async (state) => {
  const module = await import("/carrier.js");
  const model = { get: (name) => state[name], on() {}, off() {} };
  module.default.render({ model, el: document.querySelector("main") });
}"""


@pytest.fixture
def carried(page):
    """What the button of a page at a path says, and what it gives without a clipboard."""

    def carried(path, origin="http://class.invalid"):
        def serve(route):
            script = route.request.url.endswith("carrier.js")
            body = MODULE.read_text("utf-8") if script else HTML
            route.fulfill(body=body, content_type="text/javascript" if script else "text/html")

        page.route(f"{origin}/**", serve)
        page.goto(origin + path)
        page.evaluate(RENDER, STATE)
        button = page.get_by_role("button")
        said = button.inner_text()
        button.click()
        return said, page.get_by_label("copy this").input_value(), page.locator("main").inner_text()

    return carried


@pytest.mark.parametrize("path", ["/", "/voila/render/app.ipynb", "/user/a/voila/render/lab.ipynb"])
def test_in_the_app_it_gives_a_link_that_says_what_it_leaves_out(carried, path):
    said, given, told = carried(path)
    assert said == "Copy link"
    assert given == f"http://class.invalid{path}?state=abc"
    assert STATE["note"] in told


@pytest.mark.parametrize("path", ["/lab", "/user/a/lab/tree/b.ipynb", "/notebooks/b.ipynb"])
def test_in_a_notebook_it_gives_python_code(carried, path):
    said, given, told = carried(path)
    assert said == "Copy Python code"
    assert given == STATE["code"]
    assert STATE["note"] in told
