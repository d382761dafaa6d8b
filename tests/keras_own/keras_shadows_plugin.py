"""The pytest plugin (`-p keras_shadows_plugin`) that runs Keras's tests on convlab.

At the end it writes what happened, as JSON, to the file named in `CONVLAB_KERAS_REPORT`:
the `outcome` of each test with the reason if it fails, the tests `without_convlab`, those
`left_out`, and what convlab has `done`, per class.
"""

import json
import os
from pathlib import Path

import keras_shadows
import pytest
from left_out import LEFT_OUT

outcomes = {}
without_convlab = []
left_out = []


def pytest_configure():
    keras_shadows.cast_shadows()  # before the test modules are imported


def pytest_collection_modifyitems(config, items):
    out = [item for item in items if _name(item.nodeid) in LEFT_OUT]
    left_out.extend(_name(item.nodeid) for item in out)
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    before = _things_done()
    result = yield
    if outcomes[_name(item.nodeid)][0] == "passed" and _things_done() == before:
        without_convlab.append(_name(item.nodeid))
    return result


def pytest_runtest_logreport(report):
    if report.when == "call" or not report.passed:
        outcomes[_name(report.nodeid)] = [report.outcome, *_reason(report)]


def pytest_collectreport(report):
    if report.failed:
        outcomes[_name(report.nodeid)] = ["failed", *_reason(report)]


def pytest_sessionfinish():
    report = {
        "outcomes": outcomes,
        "without_convlab": without_convlab,
        "left_out": left_out,
        "done": keras_shadows.done,
    }
    Path(os.environ["CONVLAB_KERAS_REPORT"]).write_text(json.dumps(report, indent=1))


def _name(nodeid):
    """A test's name without the folders before it."""
    return nodeid.rpartition("/")[2]


def _reason(report):
    """What a failed test says, in a line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    told = crash.message if crash else report.longreprtext
    return [" ".join(told.split())[:500]] if report.failed else []


def _things_done():
    return sum(counter.total() for counter in keras_shadows.done.values())
