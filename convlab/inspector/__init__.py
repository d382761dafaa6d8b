"""Why a layer has the shape it has: derivations that print well."""

from convlab.inspector.explanation import AxisExplanation, Explanation, explain

__all__ = ["AxisExplanation", "Explanation", "explain"]
