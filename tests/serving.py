"""The real app, served by a process of its own."""

import contextlib
import os
import re
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path

import pytest


@contextlib.contextmanager
def serving(*options, **environment):
    """Run `convlab app` in a process of its own, and give the address that it prints."""
    command = [Path(sysconfig.get_path("scripts")) / "convlab", "app", "--no-browser", *options]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=os.environ | environment
        )
        try:
            yield _printed_address(process, output)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _printed_address(process, output, patience=60):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        output.seek(0)
        printed = output.read()
        if address := re.search(r"http://\S+\?token=\w+", printed):
            return address[0]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"convlab app did not start; it printed:\n{printed}")
