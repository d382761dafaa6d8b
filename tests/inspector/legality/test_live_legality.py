"""The TensorFlow column of the recorded table against the installed Keras, live.

Other numbers are asked about than those of which the table was made: what counts is the situation.
`CONVLAB_SEED` makes the same choice again.
"""

import json
import random

import pytest
from asking import ask
from made_situations import arguments_of, input_shapes, situations

from convlab.inspector.legality import verdicts
from convlab.inspector.legality.features import class_names
from convlab.inspector.legality.table import recorded

pytestmark = pytest.mark.keras

SEED = 6
FEW, MANY = 2, 12


def chosen_situations():
    """For each class some situations, and for each rule some that it speaks of."""
    draw = random.Random(SEED)
    found = {}
    for name in class_names():
        known = [s for s in situations(name) if arguments_of(name, s, variant=1)]
        draw.shuffle(known)
        chosen = known[:MANY]
        for rule in recorded().rules:
            if "tensorflow" in rule.backends:
                chosen += [s for s in known if rule.covers(name, s)][:FEW]
        found |= {(name, situation): None for situation in chosen}
    return list(found)


def test_tensorflow_answers_as_recorded(keras):
    keys = chosen_situations()
    given = [arguments_of(*key, variant=1) for key in keys]
    cases = [
        (name, arguments, input_shapes(name, arguments, variant=1), True)
        for (name, _), arguments in zip(keys, given, strict=True)
    ]
    versions, answers = ask("tensorflow", cases)
    told = recorded().versions["tensorflow"]
    wrong = []
    for (name, _), arguments, answer in zip(keys, given, answers, strict=True):
        verdict = verdicts(name, arguments)["tensorflow"]
        stage = answer["stage"] if answer else None
        expected = "differs" if verdict.differs else verdict.stage or None
        if (stage == "differs") != (expected == "differs") or bool(stage) != bool(expected):
            wrong.append((name, json.dumps(arguments), answer, str(verdict)))
    assert len(keys) > 300
    assert not wrong, f"recorded with {told}, answered by {versions}: {wrong[:5]}"
