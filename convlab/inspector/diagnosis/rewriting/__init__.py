"""Changes made in the user's own code, as text; nothing of it is run."""

from convlab.inspector.diagnosis.rewriting.changes import rewritten, with_argument

__all__ = ["rewritten", "with_argument"]
