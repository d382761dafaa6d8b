"""Two settings side by side in the real app: both sums are read without scrolling."""

import pytest
from viewing import Explorer

pytestmark = pytest.mark.browser

SUMS = """() => [...document.querySelectorAll('.cl-stage')].map(stage => {
  const { left, right, bottom } = stage.querySelector('.cl-sum').getBoundingClientRect();
  const { scrollHeight, clientHeight } = stage.querySelector('.cl-terms');
  return { left, right, bottom, below: scrollHeight - clientHeight };
})"""


def compared(page, address, layer):
    explorer = Explorer(page, address)
    explorer.choose_layer(layer)
    explorer.quiet()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_selector(".cx-two .cl-stage >> nth=1")
    explorer.quiet()
    return page.evaluate(SUMS)


@pytest.mark.parametrize("layer", ["Conv2D", "Conv1D", "SeparableConv2D"])
def test_both_sums_are_in_view_whole(layer, page, voila_app):
    sums = compared(page, voila_app, layer)
    assert len(sums) == 2
    for one in sums:
        assert one["bottom"] <= page.viewport_size["height"], sums
        assert one["below"] <= 0, f"{one['below']} pixels of the terms are out of view"
    assert sums[0]["bottom"] == sums[1]["bottom"], "like does not stand beside like"


def test_on_a_narrow_screen_they_stand_below_each_other(page, voila_app):
    page.set_viewport_size({"width": 700, "height": 900})
    upper, lower = compared(page, voila_app, "Conv2D")
    assert upper["bottom"] < lower["bottom"]
    assert all(one["left"] >= 0 and one["right"] <= 700 for one in (upper, lower))
