"""Networks that people know, as structures without weights: nothing is fetched."""

from convlab.models.examples.table import EXAMPLES, Example, example

__all__ = ["EXAMPLES", "Example", "example"]
