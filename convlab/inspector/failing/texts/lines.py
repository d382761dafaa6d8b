"""The parts of a traceback's text: the lines of the user's program, and the message at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from convlab.inspector.failing.failure import SourceLine

MOST_CHARACTERS = 200_000
"""A longer text is cut in the middle: a traceback says what matters at its ends."""

_HEAD = 50_000
_MOST_LINES = 50
_MOST_SHOWN = 8_000
_LONGEST = 2_000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MESSAGE = re.compile(r"^\s*(?:[\w.]+\.)?([A-Z]\w*(?:Error|Exception|Warning|Interrupt)): ?(.*)$")
_BARE = re.compile(r"^\s*(?:[\w.]+\.)?([A-Z]\w*(?:Error|Exception))\s*$")
_INSIDE = ("site-packages", "dist-packages", "/lib/python", "/keras/", "/tensorflow/", "<frozen")

# Python's own form, and that of IPython since version 8, of 5 to 7, and of a notebook's cell
_FILE = re.compile(r'^\s*File "([^"]{1,400})", line (\d{1,7})(?:, in (\S{1,200}))?')
_IPYTHON = re.compile(r"^File ([^\s:]{1,400})(?::(\d{1,7}))?(?:, in (.{1,200}))?")
_CELL = re.compile(r"^(?:Cell|Input) (In ?\[\d+\])(?:, in .{1,200}| line \d+|, line \d+)?")
_OLDER = re.compile(r"^(<ipython-input-[\w-]{1,60}>|[~/][^\s]{1,400}\.py) in (.{1,200})$")
_ARROW = re.compile(r"^-{1,6}> ?(\d{1,7})(?: (.*))?$")


def bounded(text: str) -> list[str]:
    """The lines of a text, without colours; a long text loses its middle, a long line its end."""
    if len(text) > MOST_CHARACTERS:
        text = text[:_HEAD] + "\n" + text[-(MOST_CHARACTERS - _HEAD) :]
    lines = _COLOUR.sub("", text).splitlines()
    if len(lines) > _MOST_SHOWN:
        lines = lines[: _MOST_SHOWN // 4] + lines[-3 * _MOST_SHOWN // 4 :]
    return [line[:_LONGEST] for line in lines]


def message_of(lines: list[str]) -> tuple[str | None, str]:
    r"""The class of the exception, and what it says: what stands behind the last such line.

    >>> message_of(["Traceback (most recent call last):", "  x", "ValueError: no", "more"])
    ('ValueError', 'no\nmore')
    """
    for place in range(len(lines) - 1, -1, -1):
        found = _MESSAGE.match(lines[place]) or _BARE.match(lines[place])
        if found:
            rest = [found[2]] if found.re is _MESSAGE else []
            return found[1], "\n".join([*rest, *lines[place + 1 :]]).strip()
    return None, "\n".join(lines).strip()


def user_lines(lines: list[str]) -> Iterator[SourceLine]:
    """The lines of the user's own program that a traceback shows, the outermost first.

    >>> [*user_lines(['  File "a.py", line 3, in <module>', '    x = Add()([a, b])'])]
    [SourceLine(file='a.py', number=3, text='x = Add()([a, b])', function='<module>')]
    """
    found = [line for line in _shown(lines) if not any(part in line.file for part in _INSIDE)]
    yield from found[-_MOST_LINES:]


def _shown(lines: list[str]) -> Iterator[SourceLine]:
    file, function = "", ""
    for place, line in enumerate(lines):
        if told := _FILE.match(line):
            text = lines[place + 1].strip() if place + 1 < len(lines) else ""
            text = "" if _FILE.match(text) or text.startswith("^") else text
            yield SourceLine(told[1], int(told[2]), text, told[3] or "")
        elif told := _CELL.match(line):
            file, function = told[1], "<module>"
        elif told := _IPYTHON.match(line):
            file, function = told[1], told[3] or ""
        elif told := _OLDER.match(line):
            file, function = told[1], told[2]
        elif (told := _ARROW.match(line)) and file:
            yield SourceLine(file, int(told[1]), (told[2] or "").strip(), function)
