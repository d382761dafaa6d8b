"""Code that failed: exceptions, the frames they leave, and the texts of tracebacks."""

from convlab.inspector.failing.failure import Failure, SourceLine
from convlab.inspector.failing.reading import failure_of

__all__ = ["Failure", "SourceLine", "failure_of"]
