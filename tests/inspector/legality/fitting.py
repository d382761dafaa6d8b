"""From the answers about single situations to few rules that say the same.

A rule names as few arguments as it can: `strides > 1 with dilation_rate > 1` and not the hundred
situations in which both hold. The rules are checked against every answer that they were made of.
"""

import re
from collections import defaultdict
from itertools import combinations

from convlab.inspector.legality.features import features_of


def reason(answer):
    """What makes two answers the same: not the numbers in them."""
    return (
        answer["stage"],
        answer["error"],
        re.sub(r"[-\d.,()\[\] ]*\d[\d.,()\[\]]*", "#", answer["message"]),
    )


def rules_of(class_name, answers):
    """Rules `(when, answer)` for the answers of one backend about one class, by situation."""
    differ = {s for s, a in answers.items() if a and a["stage"] == "differs"}
    refused = {s for s, a in answers.items() if a} - differ
    features = features_of(class_name)
    found = _conjunctions(answers, refused, answers, features)
    taken = [situation for situation in answers if situation not in refused]
    found = _merged(found + _conjunctions(taken, differ, answers, features))
    for when, _ in found:
        _widen(when, features, asked=answers)
    return [
        ({features[at].argument: labels for at, labels in when.items()}, answer)
        for when, answer in found
    ]


def _widen(when, features, asked):
    """Of one axis no two strides can differ: such labels go with the rest, to say it shortly."""
    for at, labels in when.items():
        possible = {situation[at] for situation in asked}
        if labels == possible - {features[at].labels[0]}:
            labels |= set(features[at].labels) - possible


def _conjunctions(asked, bad, answers, features):
    """Pairs `({feature: {label}}, answer)`, as few features as will do, that cover all of `bad`."""
    found, left = [], set(bad)
    places = range(len(next(iter(bad), ())))
    for many in range(1, len(places) + 1):
        for chosen in combinations(places, many):
            groups = defaultdict(list)
            for situation in asked:
                groups[tuple(situation[at] for at in chosen)].append(situation)
            for labels, group in groups.items():
                new = [situation for situation in group if situation in left]
                if new and all(situation in bad for situation in group):
                    when = {at: {label} for at, label in zip(chosen, labels, strict=True)}
                    found.append((when, group, answers[_plainest(new, features)]))
        left -= {situation for _, group, _ in found for situation in group}
    return _needed(found, bad)


def _needed(found, bad):
    """Those of the rules that others do not make superfluous."""
    left, kept = set(bad), []
    for when, group, answer in sorted(found, key=lambda one: (len(one[0]), -len(one[1]))):
        if left & set(group):
            kept.append((when, answer))
            left -= set(group)
    return kept


def _plainest(group, features):
    """The situation with the fewest arguments that are not as usual.

    Where several things are wrong, a framework tells but one: here it is the one of all the group.
    """
    usual = [feature.labels[0] for feature in features]
    return min(group, key=lambda one: sum(a != b for a, b in zip(one, usual, strict=True)))


def _merged(rules):
    """Rules that differ in the labels of one feature only, as one."""
    rules = list(rules)
    for one, other in combinations(range(len(rules)), 2):
        (first, answer), (second, again) = rules[one], rules[other]
        if first.keys() == second.keys() and reason(answer) == reason(again):
            apart = [at for at in first if first[at] != second[at]]
            if len(apart) == 1:
                joined = {**first, apart[0]: first[apart[0]] | second[apart[0]]}
                rest = [rule for at, rule in enumerate(rules) if at not in (one, other)]
                return _merged([(joined, answer), *rest])
    return rules


def tabled(per_backend):
    """The rules of all classes and backends: `{backend: {class: rules}}` as a list for JSON."""
    who, example = defaultdict(lambda: defaultdict(set)), {}
    for backend, classes in per_backend.items():
        for class_name, rules in classes.items():
            labels = {f.argument: f.labels for f in features_of(class_name)}
            for when, answer in rules:
                plain = tuple(
                    (name, tuple(label for label in labels[name] if label in when[name]))
                    for name in labels
                    if name in when
                )
                key = plain, reason(answer)
                who[key][class_name].add(backend)
                example.setdefault(key, answer)
    table = []
    for key, classes in who.items():
        together = defaultdict(list)
        for class_name, backends in classes.items():
            together[tuple(b for b in per_backend if b in backends)].append(class_name)
        for backends, names in together.items():
            rule = {"layers": names, "backends": backends, "when": dict(key[0])}
            table.append(rule | example[key])
    return table
