"""The pages of the app: what each is for, and what makes it of what an address asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ipywidgets as widgets

from convlab.app.learn import Learn
from convlab.app.quiz import opened_quiz
from convlab.errors import ConvlabError
from convlab.widgets import explore, explore_state
from convlab.widgets.debugger import Debugger, debug, debug_example, debug_state
from convlab.widgets.explorer import Explorer
from convlab.widgets.quiz import QuizBoard

Asked = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """A page of the app.

    Args:
        about: what it is for, in a few words.
        make: makes it of what the address asks for and of the row of the pages' names, which it
            places behind its own name.
    """

    about: str
    make: Callable[[Asked, widgets.Widget], widgets.Widget]


def _explore_page(asked: Asked, names: widgets.Widget) -> Explorer:
    explorer = opened(asked.get("state", ""))
    _name_pages(explorer.children[0], names)
    return explorer


def _debug_page(asked: Asked, names: widgets.Widget) -> Debugger:
    debugger = opened_debugger(asked.get("state", ""), asked.get("example", ""))
    _name_pages(debugger.head.line, names)
    return debugger


def _learn_page(asked: Asked, names: widgets.Widget) -> Learn:
    learn = Learn(names)
    learn.present(asked.get("lesson", ""))
    return learn


def _quiz_page(asked: Asked, names: widgets.Widget) -> QuizBoard:
    board = opened_quiz(asked)
    _name_pages(board.header, names)
    return board


PAGES: Mapping[str, Page] = {
    "Explore": Page("Every layer", _explore_page),
    "Debug": Page("A network: its graph, and what is wrong in it", _debug_page),
    "Learn": Page("The course", _learn_page),
    "Quiz": Page("Questions by seed and level", _quiz_page),
}
"""Name -> page, in the order of the row."""


def _name_pages(header: widgets.Box, names: widgets.Widget) -> None:
    """Puts the names of the pages behind the name of the app."""
    brand, *rest = header.children
    header.children = (brand, names, *rest)


def opened(state: str) -> Explorer:
    """The explorer in a state, or on its example; with the reason where a state is refused."""
    refused: ConvlabError | None = None
    explorer: Explorer | None = None
    if state:
        try:
            explorer = explore_state(state)
        except ConvlabError as error:
            refused = error
    if explorer is None:
        explorer = explore()
        explorer.theme = "auto"  # the page is ours, so it may look as the system does
    if refused is not None:
        explorer.error = refused
    return explorer


def opened_debugger(state: str, example: str) -> Debugger:
    """The debugger in a state, or on an example; with the reason where these are refused."""
    refused: ConvlabError | None = None
    debugger: Debugger | None = None
    try:
        if state:
            debugger = debug_state(state)
        elif example:
            debugger = debug_example(example)
    except ConvlabError as error:
        refused = error
    if debugger is None:
        debugger = debug()
    if not state or refused is not None:
        debugger.theme = "auto"
    if refused is not None:
        debugger.error = refused
    return debugger
