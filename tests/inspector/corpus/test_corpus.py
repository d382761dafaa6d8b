"""The corpus: the right place in all, a verified fix wherever there is one, the smallest first."""

import pytest
from corpus import CASES
from corpus_judge import asked, diagnosed, errors, first_fix, is_smallest, misplaced

SHARE = 0.9
"""In how many of the cases the smallest fix stands first."""

each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def test_the_corpus_is_large_enough_and_names_its_threads():
    assert len(CASES) >= 60
    assert len({case.thread for case in CASES}) == len(CASES)
    assert all(case.thread.count("#") == 1 or "://" in case.thread for case in CASES)


@each
def test_the_right_place_is_found(case):
    assert misplaced(case, diagnosed(case)) is None


@each
def test_a_fix_is_verified(case):
    assert any(fix.verified for fix in errors(diagnosed(case))[0].fixes)


@pytest.mark.parametrize("case", [c for c in CASES if c.asked], ids=lambda case: case.id)
def test_the_text_as_it_was_asked_is_judged_alike(case):
    diagnosis = asked(case)
    assert misplaced(case, diagnosis) is None
    assert any(fix.verified for fix in errors(diagnosis)[0].fixes)
    assert is_smallest(case, first_fix(diagnosis)) == is_smallest(case, first_fix(diagnosed(case)))


def test_the_smallest_fix_stands_first():
    others = {c.id: first_fix(diagnosed(c)) for c in CASES}
    others = {c.id: others[c.id] for c in CASES if not is_smallest(c, others[c.id])}
    assert len(others) <= (1 - SHARE) * len(CASES), {k: str(v) for k, v in others.items()}
