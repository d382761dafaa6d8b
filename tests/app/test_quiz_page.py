"""The Quiz page as a class meets it: by a link, with the keyboard."""

import pytest
from test_accessibility import findings

from convlab.inspector.quizzing import Quiz
from convlab.inspector.quizzing.question import written

pytestmark = pytest.mark.browser


def opened(page, voila_app, query):
    page.goto(f"{voila_app}&page=quiz&{query}")
    page.wait_for_selector(".cx-quiz-card h2", timeout=90_000)


def test_a_link_opens_a_question_which_is_answered_with_the_keyboard(page, voila_app):
    quiz = Quiz(7, 1)
    number = next(n for n in range(1, 9) if quiz.question(n).kind == "shape")
    question = quiz.question(number)
    opened(page, voila_app, f"seed=7&level=1&question={number}")
    assert page.locator(".cx-quiz-card h2").inner_text() == f"Question {number}"
    assert question.code[0] in page.locator(".cx-quiz-card").inner_text()
    field = page.get_by_label("Answer")
    field.focus()
    page.keyboard.type(written(question.mistakes[0].answer))
    page.keyboard.press("Enter")
    said = page.locator(".cx-quiz-card [role=status] p")
    said.wait_for(timeout=15_000)
    assert question.mistakes[0].words in said.inner_text()
    field.fill(question.answer_text)
    page.keyboard.press("Enter")
    page.wait_for_selector(".cx-quiz-card .cx-right", timeout=15_000)
    page.get_by_role("button", name="Show how").press("Enter")
    page.get_by_text("output size: m =").wait_for(timeout=15_000)
    assert findings(page) == []


def test_a_layer_is_chosen(page, voila_app):
    quiz = Quiz(7, 3)
    number = next(n for n in range(1, 9) if quiz.question(n).kind == "failing")
    opened(page, voila_app, f"seed=7&level=3&question={number}")
    page.get_by_role("button", name=quiz.question(number).answer, exact=True).click()
    page.wait_for_selector(".cx-quiz-card .cx-right", timeout=15_000)
    assert page.get_by_label("level").input_value() == "3"
    assert findings(page) == []


def test_the_page_stands_in_the_row_of_pages(page, voila_app):
    opened(page, voila_app, "seed=7&level=1")
    names = page.locator(".cv-names button").all_inner_texts()
    assert [name.strip() for name in names] == ["Explore", "Debug", "Learn", "Quiz"]
