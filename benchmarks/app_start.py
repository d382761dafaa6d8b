"""How long from `convlab app` to the first picture, with the kernels compiled and without.

Three moments, in seconds from the start of the command: the address is printed, the browser paints
the notice, the stage has drawn its first picture. Then the same page opened again on the running
server, from the navigation. Each figure is the median of fresh processes; cold and warm take turns.

    python benchmarks/app_start.py [--runs 5] [--chromium /usr/bin/chromium]
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

COMMAND = [str(Path(sysconfig.get_path("scripts")) / "convlab"), "app", "--no-browser", "--port=0"]
PICTURE = ".cl-stage[data-selection]:not([data-busy]):not([data-drawn='0'])"
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"


def open_page(browser: Browser, address: str) -> tuple[Page, float, float]:
    """The page, and the seconds from the navigation to the notice and to the picture."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(PICTURE, timeout=120_000)
    picture = time.perf_counter() - start
    return page, page.evaluate(FIRST_PAINT), picture


def once(browser: Browser, **environment: str) -> dict[str, float]:
    start = time.perf_counter()
    process = subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, text=True, env=os.environ | environment
    )
    try:
        address = read_address(process)
        printed = time.perf_counter() - start
        page, notice, picture = open_page(browser, address)
        page.goto("about:blank")
        again = open_page(browser, address)[2]
    finally:
        process.terminate()
        process.wait()
    return {
        "address printed": printed,
        "notice painted": printed + notice,
        "first picture": printed + picture,
        "page opened again": again,
    }


def read_address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise SystemExit("convlab app ended without printing an address")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    results: dict[str, list[dict[str, float]]] = {"warm": [], "cold": []}
    with sync_playwright() as playwright:
        flags: dict[str, Any] = {"args": ["--no-sandbox", "--disable-gpu"]}
        browser = playwright.chromium.launch(executable_path=options.chromium, **flags)
        once(browser)  # fills the cache
        for _ in range(options.runs):
            results["warm"].append(once(browser))
            with tempfile.TemporaryDirectory() as folder:
                results["cold"].append(once(browser, CONVLAB_CACHE_DIR=folder))
    for kind, runs in results.items():
        for moment in runs[0]:
            median = statistics.median(run[moment] for run in runs)
            print(f"{kind}: {moment:18s} {median:6.2f} s")


if __name__ == "__main__":
    main()
