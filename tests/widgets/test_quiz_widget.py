"""The quiz as a widget: answers, verdicts, what stays, and what a browser may send."""

import html

import pytest

import convlab as cl
from convlab.errors import ArgumentError
from convlab.widgets.quiz import quiz


def shown(board):
    """The text of the card, without tags."""
    return " ".join(widget.value for widget in (board._asked, board._said, board._derivation))


def test_a_right_answer_counts_and_a_second_try_does_not():
    board = cl.quiz(seed=7, level=1)
    assert board.answer("0").right is False
    assert board.answer(board.question.answer_text).right is True
    assert board.score == (0, 1)
    board.number = 2
    board.answer(board.question.answer_text)
    assert board.score == (1, 2)


def test_what_cannot_be_read_is_no_answer():
    board = quiz(7, 1)
    verdict = board.answer("many")
    assert verdict.right is None
    assert board.score == (0, 0)
    assert "cannot be read" in shown(board)
    assert board.answer("  ") is None


def test_the_derivation_is_shown_when_it_is_asked_for():
    board = quiz(7, 1)
    assert board.question.derivation not in shown(board)
    board.reveal()
    assert board.question.derivation.split("\n")[0] in shown(board)
    board.answer(board.question.answer_text)
    assert board.score == (0, 1)  # it was told before


def test_going_back_shows_what_was_answered():
    board = quiz(7, 1)
    board._field.value = "0"  # as the browser does
    first, said = board.question, board._said.value
    assert "cx-wrong" in said
    board._buttons["Next"].click()
    assert board.number == 2
    assert board._field.value == ""
    assert board.verdict is None
    board._buttons["Back"].click()
    assert (board.question, board._field.value, board._said.value) == (first, "0", said)
    assert board.score == (0, 1)
    assert board._buttons["Back"].disabled


def test_a_choice_is_judged_when_it_is_made():
    board = quiz(7, 3)
    while not board.question.choices:
        board.number += 1
    board._choice.value = board.question.answer
    assert board.verdict.right is True
    number = board.number
    board.number += 1
    board.number = number
    assert board._choice.value == board.question.answer
    assert board.score == (1, 1)


def test_the_controls_begin_another_quiz():
    board = quiz(7, 1, number=4)
    board.answer("1")
    board._level.value = 2
    assert (board.seed, board.level, board.number, board.score) == (7, 2, 1, (0, 0))
    board._seed.value = 8
    assert board.question == quiz(8, 2).question
    board.seed = 9
    assert board._seed.value == 9


def test_a_link_and_paper_for_a_class():
    board = quiz(7, 2, number=3)
    board._buttons["For a class"].click()
    assert board.link == "?page=quiz&seed=7&level=2&question=3"
    assert board.carrier.link == board.link
    board.number = 4
    assert board.carrier.link.endswith("question=4")
    sent = []
    board.carrier.send = lambda message, buffers: sent.append((message, *buffers))
    for button in board._class.children[1:3]:
        button.click()
    assert [message["download"] for message, _ in sent] == [
        "quiz-7-level-2-questions.html",
        "quiz-7-level-2-answers.html",
    ]
    assert board.question.code[0] in html.unescape(sent[0][1].decode())


def test_what_a_browser_sends_is_bounded():
    board = quiz(7, 1)
    board._seed.value = -5
    assert board.seed == 0
    board._seed.value = 2**40
    assert board.seed == 2**31 - 1
    board.answer("<script>" * 1000)
    assert "<script>" not in board._said.value


def test_themes_and_refusals():
    board = quiz()
    board.theme = "dark"
    assert "cx-dark" in board._dom_classes
    assert "cx-light" not in board._dom_classes
    with pytest.raises(ArgumentError, match="The level of a quiz is a whole number from 1 to 4"):
        quiz(level=9)
    with pytest.raises(ArgumentError, match="The seed of a quiz"):
        board.seed = -1
