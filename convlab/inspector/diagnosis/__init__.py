"""From an error to a verified fix: what is wrong with a network, where, why, and what mends it."""

from convlab.inspector.diagnosis.asking import diagnose
from convlab.inspector.diagnosis.change import Change
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.diagnosis import Diagnosis
from convlab.inspector.diagnosis.finding import Finding, Place, Step
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.subjects import Text

__all__ = ["Change", "Context", "Diagnosis", "Finding", "Fix", "Place", "Step", "Text", "diagnose"]
