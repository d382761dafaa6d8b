"""Why a layer has the shape it has: derivations that print well."""

from convlab.inspector.explain import AxisExplanation, Explanation, explain

__all__ = ["AxisExplanation", "Explanation", "explain"]
