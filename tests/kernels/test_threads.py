"""Work that threads share: all of it is done once, whoever calls, and nobody is waited for."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from convlab import layers
from convlab.kernels import threads
from convlab.kernels.choice import portable

pytestmark = pytest.mark.skipif(portable(), reason="plain loops are shared by Python's executor")


@pytest.fixture
def five(monkeypatch):
    """Five threads, whatever the machine has."""
    monkeypatch.setattr(threads, "threads", lambda: 5)
    threads._pool.cache_clear()
    yield
    threads._pool.cache_clear()


@pytest.fixture
def case():
    layer = layers.Conv2D(40, 3, padding="same")
    x = np.random.default_rng(0).integers(-3, 4, (2, 30, 31, 24)).astype("float32")
    layer.build(x.shape)
    layer.set_weights([np.random.default_rng(1).integers(-3, 4, (3, 3, 24, 40)), np.ones(40)])
    return layer, x


def test_every_item_is_done_each_time(five, case):
    layer, x = case
    expected = layer(x)
    for _ in range(300):
        np.testing.assert_array_equal(layer(x), expected)


def test_callers_of_several_threads_do_not_disturb_each_other(five, case):
    layer, x = case
    expected, wrong = layer(x), []

    def call():
        wrong.extend(n for n in range(60) if not np.array_equal(layer(x), expected))

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert not wrong


def test_threads_that_sleep_are_woken(five, case):
    layer, x = case
    expected = layer(x)
    for _ in range(5):
        threading.Event().wait(0.05)  # longer than they wait actively
        np.testing.assert_array_equal(layer(x), expected)


@pytest.mark.parametrize(("given", "expected"), [("1", 1), ("3", 3)])
def test_the_number_of_threads_is_numbas(given, expected):
    code = "from convlab.kernels import threads; print(threads.threads())"
    environment = os.environ | {"NUMBA_NUM_THREADS": given}
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert int(printed.stdout) == expected
