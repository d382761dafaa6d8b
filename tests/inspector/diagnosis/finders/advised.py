"""What a diagnosis advises, by kind."""

from convlab.inspector.diagnosis import diagnose


def advised(kind, subject, input_shape=None):
    """The findings of one kind; each of them is advice, and each of its fixes was tried."""
    found = [one for one in diagnose(subject, input_shape).findings if one.kind == kind]
    assert all(one.severity == "advice" for one in found)
    assert all(fix.verified for one in found for fix in one.fixes)
    assert all(one.rule and one.received and one.remedy for one in found)
    return found


def summaries(finding):
    return [fix.summary for fix in finding.fixes]
