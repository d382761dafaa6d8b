"""From made-up answers to the rules behind them."""

from collections import Counter
from itertools import product

import pytest
from covering import covering
from fitting import rules_of, tabled

from convlab.inspector.legality.features import features_of
from convlab.inspector.legality.table import table_of

SITUATIONS = list(product(*(feature.labels for feature in features_of("Conv2D"))))
NAMES = [feature.argument for feature in features_of("Conv2D")]


def answer(message, stage="constructor"):
    return {"stage": stage, "error": "ValueError", "message": message}


def refused(situation):
    """Three rules, the first of which that holds is told."""
    told = dict(zip(NAMES, situation, strict=True))
    if told["padding"] == "a word":
        return answer(f"no such padding: {len(situation[1])}")
    if told["strides"] != "= 1" and told["dilation_rate"] != "= 1":
        return answer("strides with dilation")
    if told["groups"] == "> 1" and told["data_format"] == "'channels_first'":
        return answer("grouped in another order", "differs")
    return None


def table(rules):
    return table_of({"versions": {"jax": {}}, "rules": tabled({"jax": {"Conv2D": rules}})})


def test_the_rules_behind_the_answers():
    rules = rules_of("Conv2D", {one: refused(one) for one in SITUATIONS})
    assert sorted((when for when, _ in rules), key=len) == [
        {"padding": {"a word"}},
        {"strides": {"> 1", "> kernel_size", "unequal"}, "dilation_rate": {"> 1", "unequal"}},
        {"groups": {"> 1"}, "data_format": {"'channels_first'"}},
    ]
    told = table(rules)
    for situation in SITUATIONS:
        rule, expected = told.rule("jax", "Conv2D", situation), refused(situation)
        assert (rule is None) == (expected is None)
        assert rule is None or rule.stage == expected["stage"]


def test_a_rule_is_told_in_words():
    rules = table(rules_of("Conv2D", {one: refused(one) for one in SITUATIONS})).rules
    told = [
        {rule.words("Conv2D", one) for one in SITUATIONS if rule.covers("Conv2D", one)}
        for rule in rules
    ]
    assert told == [
        {"another word as padding"},
        {"strides > 1 with dilation_rate > 1"},
        {"groups > 1 with data_format='channels_first'"},
    ]


@pytest.mark.parametrize("strength", [1, 2, 3])
def test_a_covering_has_every_combination(strength):
    few = covering(SITUATIONS, strength)
    assert len(few) < len(SITUATIONS) / 2

    def parts(situations):
        places = product(range(5), repeat=strength)
        chosen = [one for one in places if list(one) == sorted(set(one))]
        return {(at, tuple(s[a] for a in at)) for s in situations for at in map(tuple, chosen)}

    assert parts(few) == parts(SITUATIONS)
    assert max(Counter(few).values()) == 1
