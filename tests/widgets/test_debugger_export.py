"""What is carried away from the debugger, of a network with a stranger's names."""

from convlab.inspector.diagnosis import Text
from convlab.widgets.debugger.case import Case
from convlab.widgets.debugger.export import exported

CODE = "x = Input((9, 9, 3))\nmodel = Model(x, Add()([Conv2D(8, 3, name={name!r})(x), x]))"


def test_the_title_of_a_link_is_text_in_the_report():
    page = exported(Case(Text(CODE.format(name="c")), "<script>alert(1)</script>"), "Report")
    assert "<title>&lt;script&gt;alert(1)" in page
    assert "<script" not in page


def test_a_layer_of_any_name_is_text_in_the_report():
    name = "<img src=x onerror=alert(1)>"
    page = exported(Case(Text(CODE.format(name=name)), "mine"), "Report")
    assert "&lt;img src=x" in page
    assert "<img" not in page
