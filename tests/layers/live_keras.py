"""Every layer against the installed Keras, live: thousands of made-up cases.

test_live_keras.py runs this file in a process of its own. A failure shows its case; `CONVLAB_SEED`,
printed with it, makes the same cases again:

    CONVLAB_SEED=1 python -m pytest tests/layers/live_keras.py
"""

from collections import Counter

import made_up
import pytest
from made_up import SEED

from convlab import layers

pytestmark = pytest.mark.keras

CASES = dict.fromkeys(made_up.CLASSES, 100) | {"ConvLSTM2D": 60, "ConvLSTM3D": 30}
_judged = Counter()


def test_there_are_thousands():
    assert sum(CASES.values()) >= 3000


@pytest.mark.parametrize("name", made_up.CLASSES)
def test_made_up_cases(keras, name):
    for seed in range(SEED, SEED + CASES[name]):
        case = made_up.make_case(name, seed)

        def data(shapes, case=case, seed=seed):
            return made_up.make_data(case, shapes, seed)

        ours = made_up.outcome(layers, case, data)
        try:
            _judged[made_up.compare(ours, keras.layers, case, data)] += 1
        except AssertionError as error:
            raise AssertionError(f"CONVLAB_SEED={SEED}: {error}") from error


def test_few_were_not_judged(keras):
    """The exceptions are few, and most of the cases are accepted."""
    total = sum(_judged.values())
    if total < 3000:
        pytest.skip("the comparison did not run as a whole")
    assert _judged["not judged"] < 0.04 * total, _judged
    assert _judged["documented"] < 0.08 * total, _judged
    assert _judged["accepted"] > 0.4 * total, _judged
    assert _judged["refused"] > 0.15 * total, _judged
