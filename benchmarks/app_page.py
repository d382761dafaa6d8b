"""The real app and a page of headless Chromium on it, for the scripts beside this one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, WebSocket, sync_playwright

COMMAND = [str(Path(sysconfig.get_path("scripts")) / "convlab"), "app", "--no-browser", "--port=0"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"


@contextmanager
def served_app() -> Iterator[str]:
    """The address, token included, of a `convlab app` in a process of its own."""
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(COMMAND, stdout=printed, stderr=subprocess.STDOUT)
        try:
            yield _address(process, printed)
        finally:
            process.terminate()
            process.wait()


def _address(process: subprocess.Popen[bytes], printed) -> str:
    while process.poll() is None:
        printed.seek(0)
        if found := re.search(r"http://\S+\?token=\w+", printed.read()):
            return found[0]
        time.sleep(0.1)
    raise SystemExit("convlab app ended before it printed its address")


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Headless Chromium: the system's own."""
    path = os.environ.get("CONVLAB_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        browser.close()


class Explorer:
    """A page that shows the explorer, its first picture drawn.

    Args:
        browser: where to open it.
        address: of the served app.
        size: of the window.
    """

    def __init__(self, browser: Browser, address: str, size: tuple[int, int] = (1280, 720)) -> None:
        self.last_frame = time.monotonic()
        self.page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        self.page.set_default_timeout(120_000)
        self.page.on("websocket", self._listen)
        self.page.goto(address)
        self.page.wait_for_selector(".cl-stage[data-selection]:not([data-busy])")
        self.rest()

    def _listen(self, socket: WebSocket) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, self._heard)

    def _heard(self, _: object) -> None:
        self.last_frame = time.monotonic()

    def rest(self, seconds: float = 0.4) -> None:
        """Waits until the kernel has been silent for a while and what it told is drawn."""
        while time.monotonic() - self.last_frame < seconds:
            self.page.wait_for_timeout(50)
        self.page.evaluate(FRAMES)

    def choose_layer(self, name: str) -> None:
        """Takes a layer from the list, and waits for its picture."""
        self.page.locator(".cx-menu select").select_option(name)
        self.page.wait_for_function(
            "name => document.querySelector('.cx-code code').innerText.startsWith(name + '(')",
            arg=name,
        )
        self.rest()

    def leave(self) -> None:
        """Ends the kernel: a page that is only closed may keep it."""
        self.page.goto("about:blank")
        self.page.close()
