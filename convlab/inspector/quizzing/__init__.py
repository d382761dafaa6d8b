"""Questions about shapes, made by the engine that answers them."""

from convlab.inspector.quizzing.question import Mistake, Question, Verdict
from convlab.inspector.quizzing.quiz import LEVELS, Quiz

__all__ = ["LEVELS", "Mistake", "Question", "Quiz", "Verdict"]
