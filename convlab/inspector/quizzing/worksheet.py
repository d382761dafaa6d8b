"""A quiz on paper: the questions, and apart from them the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from convlab.inspector.quizzing.picture import picture
from convlab.inspector.quizzing.question import Question
from convlab.inspector.quizzing.quiz import LEVELS, Quiz

_STYLE = """
body { font: 12pt/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color: #111; background: #fff; }
h1 { font-size: 1.5rem; margin: 0; }
.about { color: #444; margin: 0 0 1.5rem; }
ol { padding-left: 1.8rem; }
li { margin: 0 0 1.6rem; break-inside: avoid; }
pre { font: 0.9em/1.4 ui-monospace, monospace; margin: 0.4rem 0; white-space: pre-wrap; }
.line { border-bottom: 1px solid #888; height: 1.8rem; width: 60%; }
.line small { color: #555; }
svg { max-width: 100%; height: auto; }
@media print { body { margin: 0; max-width: none; } .answers { break-before: page; } }
"""


def html_questions(quiz: Quiz, count: int) -> str:
    """A page with the questions alone: it needs no network, and prints."""
    items = "".join(f"<li>{''.join(_asked(q))}</li>" for q in quiz.questions(count))
    body = f"{_heading(quiz, 'Questions')}<p>Name: ______________________</p><ol>{items}</ol>"
    return _page(f"Worksheet {quiz.seed}, level {quiz.level}", body)


def html_answers(quiz: Quiz, count: int) -> str:
    """A page with the answers and how they come about."""
    items = "".join(
        f"<li><b>{escape(q.answer_text)}</b><pre>{escape(q.derivation)}</pre></li>"
        for q in quiz.questions(count)
    )
    body = f"{_heading(quiz, 'Answers')}<ol>{items}</ol>"
    return _page(f"Answers {quiz.seed}, level {quiz.level}", body)


def prose(text: str) -> str:
    """A sentence as HTML, in which what stands between backticks is code.

    >>> prose("Which `padding` does it?")
    'Which <code>padding</code> does it?'
    """
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _asked(question: Question) -> Iterator[str]:
    yield f"{prose(question.prompt)}<pre>{escape(chr(10).join(question.code))}</pre>"
    yield picture(question.axis)
    if question.choices:
        yield f"<p>{' &nbsp; '.join(f'☐ {escape(choice)}' for choice in question.choices)}</p>"
    else:
        yield '<div class="line"></div>'


def _heading(quiz: Quiz, what: str) -> str:
    about = f"Level {quiz.level}: {LEVELS[quiz.level]}. Seed {quiz.seed}."
    return f'<h1>Convolution: {what.lower()}</h1><p class="about">{escape(about)}</p>'


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def markdown_questions(quiz: Quiz, count: int) -> str:
    """The questions as Markdown."""
    lines = _markdown_heading(quiz, "questions")
    for number, question in enumerate(quiz.questions(count), 1):
        lines += [f"{number}. {question.prompt}", "", *_fenced(question.code), ""]
        if question.choices:
            lines += [*(f"    - [ ] {choice}" for choice in question.choices), ""]
    return "\n".join(lines)


def markdown_answers(quiz: Quiz, count: int) -> str:
    """The answers and how they come about, as Markdown."""
    lines = _markdown_heading(quiz, "answers")
    for number, question in enumerate(quiz.questions(count), 1):
        lines += [f"{number}. **{question.answer_text}**", ""]
        lines += [*_fenced(question.derivation.split("\n")), ""]
    return "\n".join(lines)


def _markdown_heading(quiz: Quiz, what: str) -> list[str]:
    about = f"Level {quiz.level}: {LEVELS[quiz.level]}. Seed {quiz.seed}."
    return [f"# Convolution: {what}", "", about, ""]


def _fenced(lines: Sequence[str]) -> list[str]:
    return ["    ```", *(f"    {line}" for line in lines), "    ```"]
