"""The layers between the convolutions against the installed Keras, live: thousands of new cases.

A failure shows its case; `CONVLAB_SEED`, printed with it, makes the same cases again.
"""

import inspect
import warnings
from collections import Counter

import made_up
import made_up_core
import numpy as np
import pytest
from made_up import SEED

from convlab import layers

pytestmark = pytest.mark.keras

EACH = 60
_judged = Counter()


@pytest.fixture(scope="module")
def theirs(keras):
    return made_up_core.namespace(keras)


@pytest.mark.parametrize("name", made_up_core.LAYERS)
def test_made_up_cases(theirs, name):
    for seed in range(SEED, SEED + EACH):
        case = made_up_core.make_case(name, seed)

        def data(shapes, case=case, seed=seed):
            return made_up_core.make_data(case, shapes, seed)

        ours = made_up.outcome(layers, case, data)
        try:
            _judged[made_up_core.compare(ours, made_up.outcome(theirs, case, data), case)] += 1
        except AssertionError as error:
            raise AssertionError(f"CONVLAB_SEED={SEED}: {error}") from error


@pytest.mark.parametrize("name", made_up_core.LAYERS)
def test_signatures(theirs, name):
    """The same arguments in the same order, with the same defaults."""
    assert arguments(getattr(layers, name)) == arguments(getattr(theirs, name))


def arguments(cls):
    own = ("rms_scaling",)  # which Keras takes by keyword, out of **kwargs
    found = inspect.signature(cls).parameters.values()
    return [(p.name, p.default, p.kind) for p in found if p.name not in own]


@pytest.mark.parametrize("name", made_up_core.LAYERS)
def test_a_repr_makes_the_layer_again(name):
    made = 0
    for seed in range(30):
        arguments, _ = made_up_core.make(name, np.random.default_rng([seed, 7]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layer = getattr(layers, name)(**arguments, name="same")
            if "array" in repr(layer) or "np." in repr(layer):
                continue
            again = eval(repr(layer), vars(layers))
            assert again.get_config() == layer.get_config()
        made += 1
    assert made >= 10


def test_most_were_judged(keras):
    """The exceptions are few, and most of the cases are accepted."""
    total = sum(_judged.values())
    if total < EACH * len(made_up_core.LAYERS):
        pytest.skip("the comparison did not run as a whole")
    assert _judged["not judged"] < 0.08 * total, _judged
    assert _judged["accepted"] > 0.5 * total, _judged
    assert _judged["refused"] > 0.1 * total, _judged
