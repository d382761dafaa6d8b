"""Real Keras and the corpus: every case fails there, and what is said to mend it does."""

import sys
from pathlib import Path

import numpy as np
import pytest
from corpus import CASES
from corpus_case import run
from corpus_judge import diagnosed

sys.path.insert(0, str(Path(__file__).parents[1]))
from in_keras import keras_library, objection

pytestmark = pytest.mark.keras
pytest.importorskip("keras")

each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def used(case, code):
    """Run a code, send zeros through the network, and give the output's shape without the batch."""
    model = run(code, keras_library())
    shapes = [case.given] if case.given else [x.shape[1:] for x in model.inputs]
    values = [np.zeros([1, *(size or 16 for size in shape)], "float32") for shape in shapes]
    return tuple(model(values if len(values) > 1 else values[0]).shape)[1:]


def _of_tensorflow():
    """What TensorFlow raises where sizes that were open meet."""
    return __import__("tensorflow").errors.InvalidArgumentError


@each
def test_the_case_fails_in_keras(case):
    if case.wanted:
        assert used(case, case.code) != case.wanted
    else:
        with pytest.raises((ValueError, TypeError, _of_tensorflow())):
            used(case, case.code)


@pytest.mark.parametrize("case", [c for c in CASES if c.accepted], ids=lambda case: case.id)
def test_what_the_thread_accepted_works_in_keras(case):
    shape = used(case, case.mended)
    assert case.wanted in (None, shape)


@each
def test_every_fix_that_is_verified_works_in_keras(case):
    fixes = [fix for finding in diagnosed(case).findings for fix in finding.fixes if fix.verified]
    refused = {str(fix): objection(fix, case.wanted) for fix in fixes}
    assert not {fix: why for fix, why in refused.items() if why}
