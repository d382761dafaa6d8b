"""Pasted text as a syntax tree: prompts, magics and shell lines are taken out first."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

from convlab.models.code.reading.refusing import CodeRefused

MAX_CHARACTERS = 200_000

_PROMPT = re.compile(r"^(\s*)(?:>>> ?|\.\.\. ?|In ?\[\d*\]: ?)")
_NO_PYTHON = re.compile(r"^\s*(?:[%!?]|print\s+[\"'\w]|```)")


def parsed(text: str) -> ast.Module:
    """The tree of a text; line numbers are those of the text.

    Raises:
        CodeRefused: it is too long, or no Python.

    >>> ast.unparse(parsed(">>> x = 1"))
    'x = 1'
    """
    if len(text) > MAX_CHARACTERS:
        raise CodeRefused(
            f"A text of code may have {MAX_CHARACTERS:,} characters.",
            line=1,
            received=f"{len(text):,} characters",
            remedy="Give the part that builds the model alone.",
        )
    lines = [_PROMPT.sub(r"\1", line) for line in text.expandtabs(4).split("\n")]
    lines = [_instead(line) if _NO_PYTHON.match(line) else line for line in lines]
    try:
        with warnings.catch_warnings():  # a dubious escape in a string is no concern here
            warnings.simplefilter("ignore")
            return ast.parse(textwrap.dedent("\n".join(lines)))
    except SyntaxError as error:
        line = error.lineno or 1
        shown = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        raise CodeRefused(
            f"The text is Python code: {error.msg}.",
            line=line,
            received=shown or "nothing",
            remedy="Paste whole lines, from the first to the last of the model.",
        ) from None
    except (ValueError, MemoryError, RecursionError):
        raise CodeRefused(
            "The text is Python code of ordinary nesting.",
            line=1,
            received="code that cannot be parsed",
            remedy="Paste the part that builds the model alone.",
        ) from None


def _instead(line: str) -> str:
    """A line that does nothing, where a magic or a shell command stood."""
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass"
