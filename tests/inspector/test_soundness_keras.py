"""Fixes of broken networks, in real Keras: every one that is marked verified builds and runs.

Each commit has 120 networks of its own; CONVLAB_BROKEN=2000 asks for more, and CONVLAB_SEED for
those of another commit.
"""

import collections
import os
import sys
from pathlib import Path

import pytest
from broken_networks import broken
from in_keras import objection

import convlab as cl
from convlab.inspector.diagnosis.finding import ERRORS

sys.path.insert(0, str(Path(__file__).parents[1] / "layers"))
from made_up import SEED

pytestmark = pytest.mark.keras
pytest.importorskip("keras")

MANY = int(os.environ.get("CONVLAB_BROKEN", "120"))
PARTS = max(4, MANY // 50)
EACH_WITH_VALUES = 20
"""Numbers are sent through one mended network in so many: most is said by the shapes."""


REFUSED_ONCE = (900443, 900573, 900907, 901169, 901278, 901589, 901834, 901845, 901903, 901914)
"""Networks of which Keras once refused a fix that was called verified; numbers are sent through."""


@pytest.mark.parametrize("number", REFUSED_ONCE)
def test_what_keras_refused_once_is_not_verified_again(number):
    drawn = broken(number)
    findings = cl.diagnose(drawn.text, output_shape=drawn.output_shape).findings
    fixes = [fix for finding in findings for fix in finding.fixes if fix.verified]
    why = {str(fix): objection(fix, drawn.wanted, True) for fix in fixes}
    assert why == dict.fromkeys(why)
    assert findings


@pytest.mark.parametrize("part", range(PARTS))
def test_every_verified_fix_builds_and_runs_in_keras(part):
    counted = collections.Counter()
    refused = {}
    for number in range(SEED + part, SEED + MANY, PARTS):
        drawn = broken(number)
        found = cl.diagnose(drawn.text, output_shape=drawn.output_shape)
        counted.update({"networks": 1, "told": any(f.kind in ERRORS for f in found.findings)})
        for finding in found.findings:
            for fix in finding.fixes:
                if fix.verified:
                    counted["fixes"] += 1
                    values = counted["fixes"] % EACH_WITH_VALUES == 0
                    why = objection(fix, drawn.wanted, values)
                    if why:
                        refused[f"{number}: {drawn.what}: {fix}"] = why
    assert not refused
    assert counted["told"] == counted["networks"]
    assert counted["fixes"] > counted["networks"]
