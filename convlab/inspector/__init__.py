"""Why a layer has the shape it has, and what a network does with one: data that prints well."""

from convlab.inspector.explanation import AxisExplanation, Explanation, explain
from convlab.inspector.field import Join, ReceptiveField
from convlab.inspector.receptive import receptive_field
from convlab.inspector.tracing import Row, Trace, trace

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
