"""The Quiz page as a class meets it: by a link, with the keyboard."""

import pytest

pytestmark = pytest.mark.browser


def opened(page, voila_app, query):
    page.goto(f"{voila_app}&page=quiz&{query}")
    page.wait_for_selector(".cx-quiz-card h2", timeout=90_000)


def test_a_link_opens_a_question_which_is_answered_with_the_keyboard(page, voila_app):
    opened(page, voila_app, "seed=7&level=1&question=2")
    assert page.locator(".cx-quiz-card h2").inner_text() == "Question 2"
    assert "AveragePooling2D(2)" in page.locator(".cx-quiz-card").inner_text()
    field = page.get_by_label("Answer")
    field.focus()
    page.keyboard.type("19, 19, 1")
    page.keyboard.press("Enter")
    said = page.locator(".cx-quiz-card [role=status] p")
    said.wait_for(timeout=15_000)
    assert "The stride is forgotten" in said.inner_text()
    field.fill("10, 10, 1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cx-quiz-card .cx-right", timeout=15_000)
    page.get_by_role("button", name="Show how").press("Enter")
    page.get_by_text("output size: m = (n - K)//s + 1").wait_for(timeout=15_000)


def test_a_layer_is_chosen(page, voila_app):
    opened(page, voila_app, "seed=7&level=3&question=2")
    page.get_by_role("button", name="none of them").click()
    page.wait_for_selector(".cx-quiz-card [role=status] p", timeout=15_000)
    assert page.get_by_label("level").input_value() == "3"


def test_the_page_stands_in_the_row_of_pages(page, voila_app):
    opened(page, voila_app, "seed=7&level=1")
    names = page.locator(".cv-names button").all_inner_texts()
    assert [name.strip() for name in names] == ["Explore", "Debug", "Learn", "Quiz"]
