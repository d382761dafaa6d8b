"""Fixtures that several rooms of the suite share: a headless Chromium, and pages in it."""

import os
import shutil

import pytest

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium():
    candidates = [os.environ.get("CONVLAB_CHROMIUM", ""), "chromium", "chromium-browser"]
    candidates += ["google-chrome", "google-chrome-stable", "chrome"]
    return next((path for path in map(shutil.which, filter(None, candidates)) if path), None)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium: the system's own. Absent, it skips on a user's machine, fails in CI."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium found: install it, or name it in CONVLAB_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    yield context.new_page()
    context.close()
