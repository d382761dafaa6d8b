"""The text of a traceback: what was pasted, read as far as it goes."""

from convlab.inspector.failing.texts.reading import failure_of_text

__all__ = ["failure_of_text"]
