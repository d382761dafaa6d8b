"""The style sheets of what must answer within a frame or two."""

from pathlib import Path

import pytest

import convlab

ROOT = Path(convlab.__file__).parent
SHEETS = sorted([*ROOT.glob("widgets/*.css"), *ROOT.glob("scene/stage/*.css")])


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_is_looked_for_inside(sheet):
    """A `:has` is asked again at every change below it: a slider's picture took twice as long."""
    assert ":has(" not in sheet.read_text("utf-8")


def test_the_sheets_are_found():
    assert {"explorer.css", "stage.css"} <= {sheet.name for sheet in SHEETS}
