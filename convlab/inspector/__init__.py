"""Why a layer has the shape it has, and what a network does with one: data that prints well."""

from convlab.inspector.explanation import AxisExplanation, Explanation, explain
from convlab.inspector.receptive_field import Join, ReceptiveField, receptive_field
from convlab.inspector.trace import Row, Trace, trace

__all__ = [
    "AxisExplanation",
    "Explanation",
    "Join",
    "ReceptiveField",
    "Row",
    "Trace",
    "explain",
    "receptive_field",
    "trace",
]
