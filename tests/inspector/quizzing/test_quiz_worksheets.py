"""A quiz on paper: questions and answers apart, without a network."""

import re

import pytest

from convlab.geometry import convolution, transposed
from convlab.inspector.quizzing import LEVELS, Quiz
from convlab.inspector.quizzing.picture import picture
from convlab.inspector.quizzing.worksheet import (
    html_answers,
    html_questions,
    markdown_answers,
    markdown_questions,
)


@pytest.mark.parametrize("level", LEVELS)
def test_questions_do_not_tell_the_answers(level):
    quiz = Quiz(3, level)
    page, text = html_questions(quiz, 6), markdown_questions(quiz, 6)
    assert page.count("<li>") == 6
    for question in quiz.questions(6):
        assert question.derivation not in page
        assert question.derivation.split("\n")[-1] not in text
        assert question.code[0] in text


@pytest.mark.parametrize("level", LEVELS)
def test_answers_have_their_derivations(level):
    quiz = Quiz(3, level)
    page, text = html_answers(quiz, 6), markdown_answers(quiz, 6)
    for question in quiz.questions(6):
        assert f"<b>{question.answer_text}</b>" in page
        assert f"**{question.answer_text}**" in text
        assert question.derivation.split("\n")[0] in text


def test_a_page_needs_no_network_and_is_the_same_each_time():
    page = html_questions(Quiz(7, 1), 10)
    assert page.startswith("<!doctype html>")
    assert not re.search(r"(src|href)=|https?://|@import|url\(", page)
    assert "@media print" in page
    assert page == html_questions(Quiz(7, 1), 10)


def test_a_picture_shows_what_is_read():
    axis = convolution(8, 3, stride=2, padding="same")
    svg = picture(axis)
    assert svg.count('class="cell"') == 8
    assert svg.count('class="padding"') == 1  # one cell behind the last
    assert svg.count("<circle") == 3 * 3
    assert "8 cells of input and the first 3 windows of 3 taps" in svg


@pytest.mark.parametrize("axis", [None, convolution(64, 3), transposed(4, 3), convolution(None, 3)])
def test_where_there_is_nothing_to_see_there_is_no_picture(axis):
    assert picture(axis) == ""
