"""The quiz as a widget: a question, an answer, what was mistaken, and how it comes about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from convlab.errors import ConvlabError
from convlab.inspector.quizzing import LEVELS, Question, Quiz, Verdict
from convlab.inspector.quizzing.picture import picture
from convlab.inspector.quizzing.quiz import MOST_SEED
from convlab.inspector.quizzing.worksheet import html_answers, html_questions, prose
from convlab.widgets.carry_away import Carrier
from convlab.widgets.controls import action_button
from convlab.widgets.header import style, theme_list
from convlab.widgets.stage import THEMES

_CSS = Path(__file__).with_name("quiz.css")

ON_PAPER = 10
"""So many questions stand on a worksheet."""

_MARKS = {True: "✓", False: "✗", None: "?"}
_STATES = {True: "right", False: "wrong", None: "unread"}


class QuizBoard(widgets.VBox):  # type: ignore[misc]
    """Questions by seed and level: a widget. Make it with `convlab.quiz`.

    What was answered stays: going back to a question shows the answer and its verdict again.

    Attributes:
        seed: the seed; may be set, which begins with its first question.
        level: the level, 1 to 4; likewise.
        number: the number of the question that is shown, from 1 on; may be set.
        question: the question that is shown.
        verdict: what was said to the last answer to it; None before there is one.
        score: how many questions were answered right at once, and how many were answered.
        theme: "light", "dark", "projector" or "auto"; may be set.
    """

    def __init__(self, quiz: Quiz, number: int = 1) -> None:
        self._quiz, self._number = quiz, number
        self._theme = ""
        self._showing = False
        self._given: dict[int, str] = {}
        self._verdicts: dict[int, Verdict] = {}
        self._at_once: dict[int, bool] = {}
        self._told: set[int] = set()
        self.header = widgets.HBox(self._head())
        self.header.add_class("cx-header")
        super().__init__([self.header, self._body()])
        self.add_class("cx-explorer")
        self.add_class("cx-quiz")
        self.theme = "light"
        self._show()

    # What it is

    @property
    def seed(self) -> int:
        """The seed."""
        return self._quiz.seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self._begin(Quiz(seed, self.level))

    @property
    def level(self) -> int:
        """The level."""
        return self._quiz.level

    @level.setter
    def level(self, level: int) -> None:
        self._begin(Quiz(self.seed, level))

    @property
    def number(self) -> int:
        """The number of the question that is shown."""
        return self._number

    @number.setter
    def number(self, number: int) -> None:
        self._number = max(1, int(number))
        self._show()

    @property
    def question(self) -> Question:
        """The question that is shown."""
        return self._question

    @property
    def verdict(self) -> Verdict | None:
        """What was said to the last answer to it."""
        return self._verdicts.get(self.number)

    @property
    def score(self) -> tuple[int, int]:
        """How many questions were answered right at once, and how many were answered."""
        return sum(self._at_once.values()), len(self._at_once)

    @property
    def theme(self) -> str:
        """The theme."""
        return self._theme

    @theme.setter
    def theme(self, theme: str) -> None:
        if theme in THEMES and theme != self._theme:
            self.remove_class(f"cx-{self._theme}")
            self._theme = theme
            self.add_class(f"cx-{theme}")
            self._themes.value = theme

    # Its parts

    def _head(self) -> list[widgets.Widget]:
        self._seed = widgets.BoundedIntText(
            value=self.seed, min=0, max=MOST_SEED, description="seed", tooltip="Which questions"
        )
        self._level = widgets.Dropdown(
            options=[(str(level), level) for level in LEVELS],
            value=self.level,
            description="level",
            tooltip="How much the layers use",
        )
        self._seed.observe(lambda change: self._asked_for(change["new"], self.level), "value")
        self._level.observe(lambda change: self._asked_for(self.seed, change["new"]), "value")
        for control in (self._seed, self._level):
            control.add_class("cx-theme")
        self._about = widgets.HTML()
        self._about.add_class("cx-quiz-about")
        self._themes = theme_list(lambda theme: setattr(self, "theme", theme))
        sheet = widgets.HTML(f"<style>{_CSS.read_text('utf-8')}</style>")
        sheet.layout.display = "none"
        brand = widgets.HTML('<h1 class="cx-brand">convlab</h1>')
        return [brand, self._about, self._seed, self._level, self._themes, style(), sheet]

    def _body(self) -> widgets.Widget:
        self._asked = widgets.HTML()
        self._field = widgets.Text(description="Answer", continuous_update=False)
        self._field.observe(self._typed, "value")
        self._choice = widgets.ToggleButtons(description="Answer", options=())
        self._choice.style.button_width = "auto"
        self._choice.observe(self._typed, "value")
        self._answering = widgets.VBox()
        self._said, self._derivation = widgets.HTML(), widgets.HTML()
        self._buttons = {
            "Check": action_button("Check", "Judge the answer (Enter)", self._check),
            "Show how": action_button("Show how", "The arithmetic of the answer", self.reveal),
            "Back": action_button("Back", "The question before", lambda: self._go(-1)),
            "Next": action_button("Next", "Another question", lambda: self._go(1)),
            "For a class": action_button(
                "For a class", "A link, and ten questions on paper", self._toggle_class
            ),
        }
        row = widgets.HBox(list(self._buttons.values()))
        row.add_class("cx-quiz-buttons")
        card = widgets.VBox(
            [self._asked, self._answering, row, self._said, self._derivation, self._for_a_class()]
        )
        card.add_class("cx-quiz-card")
        return card

    def _for_a_class(self) -> widgets.Widget:
        self.carrier = Carrier()
        self.carrier.add_class("cx-carrier")
        papers = {
            "Questions": (html_questions, f"{ON_PAPER} questions as a page to print"),
            "Answers": (html_answers, "The answers to them, and how they come about"),
        }
        buttons = [
            action_button(name, help, lambda name=name, make=make: self._save(name, make))  # type: ignore[misc]
            for name, (make, help) in papers.items()
        ]
        said = widgets.HTML(f"<span>{ON_PAPER} questions on paper:</span>")
        self._class = widgets.HBox([said, *buttons, self.carrier])
        self._class.layout.display = "none"
        for name in ("cx-saves", "cx-quiz-class"):
            self._class.add_class(name)
        return self._class

    # What a viewer does

    def answer(self, text: str) -> Verdict | None:
        """Answer the question that is shown; the verdict is shown below it."""
        if not str(text).strip():
            return None
        verdict = self.question.check(str(text))
        self._given[self.number] = str(text)
        self._verdicts[self.number] = verdict
        if verdict.right is not None:
            untold = self.number not in self._told
            self._at_once.setdefault(self.number, verdict.right and untold)
        self._show_verdict()
        return verdict

    def reveal(self) -> None:
        """Show the answer and how it comes about; afterwards it no longer counts as found."""
        self._told.add(self.number)
        self._show_verdict()

    def _check(self) -> None:
        self.answer(self._choice.value or "" if self.question.choices else self._field.value)

    def _typed(self, change: dict[str, Any]) -> None:
        if change["new"] is not None and not self._showing:
            self.answer(change["new"])

    def _go(self, by: int) -> None:
        self.number = self.number + by

    def _asked_for(self, seed: int, level: int) -> None:
        """Another quiz, as the controls say; what they cannot send is left alone."""
        if (seed, level) != (self.seed, self.level):
            with suppress(ConvlabError):
                self._begin(Quiz(seed, level))

    def _begin(self, quiz: Quiz) -> None:
        self._quiz, self._number = quiz, 1
        for kept in (self._given, self._verdicts, self._at_once, self._told):
            kept.clear()
        self._seed.value, self._level.value = quiz.seed, quiz.level
        self._show()

    # What is shown

    def _show(self) -> None:
        question = self._question = self._quiz.question(self.number)
        code = escape("\n".join(question.code))
        self._asked.value = (
            f"<h2>Question {self.number}</h2><p>{prose(question.prompt)}</p>"
            f"<pre>{code}</pre>{picture(question.axis)}"
        )
        given = self._given.get(self.number)
        self._showing = True  # what is written into the editors here is no answer
        self._field.value = given or ""
        self._field.placeholder = question.hint
        self._choice.options = question.choices
        self._choice.value = given if given in question.choices else None
        self._showing = False
        self._answering.children = (self._choice if question.choices else self._field,)
        self._buttons["Back"].disabled = self.number == 1
        self._buttons["Check"].layout.display = "none" if question.choices else None
        self.carrier.link = self.link
        told = f"seed={self.seed}, level={self.level}, number={self.number}"
        self.carrier.code = f"import convlab as cl\ncl.quiz({told})"
        self._show_verdict()

    def _show_verdict(self) -> None:
        verdict = self.verdict
        said = ""
        if verdict is not None:
            mark, state = _MARKS[verdict.right], _STATES[verdict.right]
            said = f'<p class="cx-{state}"><b>{mark}</b> {prose(verdict.words)}</p>'
        self._said.value = f'<div role="status" aria-live="polite">{said}</div>'
        told = self.number in self._told
        answer = f"<p>Answer: <b>{escape(self.question.answer_text)}</b></p>"
        how = f"<pre>{escape(self.question.derivation)}</pre>"
        self._derivation.value = answer + how if told else ""
        right, answered = self.score
        score = f" <b>{right} of {answered}</b> right at once" if answered else ""
        self._about.value = f"{escape(LEVELS[self.level].capitalize())}.{score}"

    @property
    def link(self) -> str:
        """What follows the app's address to open this question."""
        return f"?page=quiz&seed={self.seed}&level={self.level}&question={self.number}"

    def _toggle_class(self) -> None:
        """Shows what is handed out to a class, or hides it."""
        hidden = self._class.layout.display == "none"
        self._class.layout.display = None if hidden else "none"

    def _save(self, name: str, make: Callable[[Quiz, int], str]) -> None:
        """Lets the browser save a page."""
        file = f"quiz-{self.seed}-level-{self.level}-{name.lower()}.html"
        self.carrier.hand_over(file, "text/html", make(self._quiz, ON_PAPER).encode())


def quiz(seed: int = 0, level: int = 1, number: int = 1) -> QuizBoard:
    """Predict shapes, receptive fields and arguments: a widget that asks, and says why not.

    Args:
        seed: a whole number; the same seed and level give everybody the same questions.
        level: 1 (one convolution or pooling) to 4 (networks that join branches).
        number: the question to begin with, from 1 on.

    Returns:
        The widget; `.question`, `.answer("13, 13, 8")`, `.verdict`, `.score`.

    Raises:
        ArgumentError: there is no such seed or level.

    Example:
        >>> board = quiz(seed=7, level=1)
        >>> board.answer(board.question.answer_text).right, board.score
        (True, (1, 1))
    """
    return QuizBoard(Quiz(seed, level), max(1, int(number)))
