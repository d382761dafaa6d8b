"""How a diagnosis is held against what a case expects."""

import functools

from corpus_case import ANY

import convlab as cl
from convlab.layers.naming import reset_names


@functools.cache
def _diagnosed(number):
    from corpus import CASES

    case = CASES[number]
    reset_names()
    given = None if case.given is None else (None, *case.given)
    return cl.diagnose(case.code, given, output_shape=case.wanted)


def diagnosed(case):
    """The diagnosis of a case's code, made once."""
    from corpus import CASES

    return _diagnosed(CASES.index(case))


def asked(case):
    """The diagnosis of a case's text as it was asked, in the spelling of its day."""
    reset_names()
    given = None if case.given is None else (None, *case.given)
    return cl.diagnose(case.asked, given, output_shape=case.wanted)


def errors(diagnosis):
    """The findings of a diagnosis that are errors."""
    return [finding for finding in diagnosis.findings if finding.severity == "error"]


def misplaced(case, diagnosis):
    """What is wrong with the place of the first error; None where it is the right one."""
    found = errors(diagnosis)
    if not found:
        return "no error is found"
    first = found[0]
    told = f"{first.kind} at {first.layer}, axis {first.axis} {first.axes}"
    if first.layer != case.layer:
        return f"{told} instead of {case.layer}"
    if first.kind not in case.kinds:
        return f"{told} instead of {case.kinds}"
    if case.axes and first.axis not in case.axes:
        return f"{told} instead of {case.axes}"
    return None


def first_fix(diagnosis):
    """The fix that stands first at the first error; None where there is none."""
    found = errors(diagnosis)
    return found[0].fixes[0] if found and found[0].fixes else None


def is_smallest(case, fix):
    """Whether a fix is one of those that may stand first."""
    if fix is None:
        return False
    return any(_is(fix.changes, patterns, case) for patterns in case.first)


def _is(changes, patterns, case):
    """Whether each change is one of the patterns, and each pattern one of the changes."""
    if len(changes) != len(patterns):
        return False
    left = list(patterns)
    for change in changes:
        at = next((i for i, pattern in enumerate(left) if _matches(change, pattern)), None)
        if at is None:
            return False
        del left[at]
    return True


def _matches(change, pattern):
    if change.kind != pattern.kind:
        return False
    values = pattern.values
    if change.kind == "input_shape":
        return any(_as_near(change.old[1:], change.new[1:], shape) for shape in values["new"])
    return all(_is_among(getattr(change, name), those) for name, those in values.items())


def _is_among(value, those):
    those = those if isinstance(those, tuple) else (those,)
    return any(one is ANY or _listed(one) == _listed(value) for one in those)


def _listed(value):
    return [_listed(one) for one in value] if isinstance(value, list | tuple) else value


def _as_near(old, new, shape):
    """Whether an input is that shape, or lies as near to the old one along every axis."""
    if len(new) != len(shape):
        return False
    return all(
        b is ANY or a == b or (None not in (a, b, c) and abs(a - c) <= abs(b - c))
        for a, b, c in zip(new, shape, [*old, *new[len(old) :]], strict=False)
    )
