"""Source text of plain layer calls as a model: read as data with `ast`, and never executed."""

from convlab.models.code.reading.reader import CodeRead, read_code
from convlab.models.code.reading.refusing import CodeRefused

__all__ = ["CodeRead", "CodeRefused", "read_code"]
