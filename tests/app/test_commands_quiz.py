"""`convlab quiz`: a worksheet in a file, its answers in another."""

import pytest
from typer.testing import CliRunner

from convlab.app.cli import cli
from convlab.errors import ArgumentError, DataError
from convlab.inspector.quizzing import Quiz
from convlab.inspector.quizzing.worksheet import html_answers, html_questions


def run(*arguments):
    return CliRunner().invoke(cli, ["quiz", *map(str, arguments)])


def test_questions_and_answers_apart(tmp_path):
    file = tmp_path / "sheet.html"
    found = run("--seed", 7, "--level", 2, "--count", 4, "-o", file)
    assert found.exit_code == 0
    assert file.read_text("utf-8") == html_questions(Quiz(7, 2), 4)
    assert (tmp_path / "sheet-answers.html").read_text("utf-8") == html_answers(Quiz(7, 2), 4)


def test_markdown_without_answers(tmp_path):
    file = tmp_path / "sheet.md"
    assert run("--no-answers", "-o", file).exit_code == 0
    assert file.read_text("utf-8").startswith("# Convolution: questions")
    assert not (tmp_path / "sheet-answers.md").exists()


def test_on_the_screen():
    found = run("--count", 2)
    assert "# Convolution: questions" in found.output
    assert "# Convolution: answers" in found.output


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["--level", 7], ArgumentError, "The level of a quiz is a whole number from 1 to 4"),
        (["-o", "sheet.pdf"], ArgumentError, "A worksheet is a page in HTML, or Markdown"),
        (["-o", "/nowhere/sheet.md"], DataError, "The file can be written"),
    ],
)
def test_what_is_refused(arguments, error, words):
    found = run(*arguments)
    assert isinstance(found.exception, error)
    assert words in str(found.exception)
