"""Thousands of new cases of every layer against the installed Keras, in a process of their own.

Some uses end TensorFlow's process or spoil its memory. Those that are known are left out, but new
ones are made in every run: so it runs apart, and again with others where TensorFlow itself crashed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from made_up import SEED

pytestmark = pytest.mark.keras

LIVE = Path(__file__).with_name("live_keras.py")


def test_every_layer_as_keras(keras):
    for attempt in range(3):
        done = _run(SEED + attempt)
        if done.returncode == 0:
            assert re.search(r"\b3[0-9] passed", done.stdout), done.stdout[-2000:]
            assert "skipped" not in done.stdout
            return
        if not _tensorflow_crashed(done):
            break
    pytest.fail(f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}")


def _run(seed):
    command = [sys.executable, "-X", "faulthandler", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, str(LIVE)],
        env=os.environ | {"CONVLAB_SEED": str(seed)},
        cwd=LIVE.parents[2],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def _tensorflow_crashed(done):
    """Whether the process was ended by a signal while TensorFlow computed, not convlab."""
    current = re.search(r"Current thread .*\n *File \"([^\"]*)\"", done.stderr)
    return done.returncode < 0 and current is not None and "tensorflow" in current[1]
