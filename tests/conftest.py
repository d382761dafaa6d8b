"""Fixtures that several rooms of the suite share: the served app, headless Chromium, pages."""

import os
import shutil

import hypothesis
import pytest
from serving import serving

# A shared machine stalls now and then: no example is timed.
hypothesis.settings.register_profile("convlab", deadline=None)
hypothesis.settings.load_profile("convlab")

# The suggestions under the address are pages of Chromium's own, two more in every window, and take
# as long as a stage. A second list replaces Playwright's, whose names are therefore repeated.
LEFT_OUT = [
    *["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
    *["AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"],
    *["DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"],
    *["LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"],
    *["PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"],
]
CHROMIUM_FLAGS = [
    f"--disable-features={','.join(LEFT_OUT)}",
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
    page = context.new_page()
    yield page
    page.goto("about:blank")  # a page that is left ends its kernel; one that is closed may not
    context.close()


@pytest.fixture(scope="session")
def keras():
    """The installed Keras on TensorFlow, the judge."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    try:
        import keras
        import tensorflow  # noqa: F401
    except ImportError as error:
        reason = f"the judge is absent: pip install 'convlab[test]' ({error})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return keras


@pytest.fixture(scope="session")
def voila_app():
    """The address, token included, of the real app, served once for the whole run."""
    with serving("--port", "0", "--max-sessions", "16") as address:
        yield address
