"""Few situations in which every three labels that can meet do meet."""

from itertools import combinations


def covering(situations, strength=3, begun=()):
    """Some of the situations, in which each combination of so many labels occurs that does in all.

    What hangs on up to three arguments is found in them, at a fraction of the work.

    Args:
        situations: those to choose from.
        strength: how many labels are to meet.
        begun: situations that are chosen already, which are not given again.
    """
    left = {situation: _parts(situation, strength) for situation in situations}
    chosen, seen = [], set().union(*(_parts(one, strength) for one in begun))
    while left:
        best = max(left, key=lambda situation: len(left[situation] - seen))
        if not left[best] - seen:
            break
        seen |= left.pop(best)
        chosen.append(best)
    return chosen


def _parts(situation, strength):
    places = range(len(situation))
    return {
        tuple((at, situation[at]) for at in part)
        for part in combinations(places, min(strength, len(places)))
    }
