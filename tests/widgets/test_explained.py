"""What appears under a traceback: text, HTML and a picture that stands still."""

import re
from xml.etree import ElementTree

import convlab as cl
from convlab import layers
from convlab.inspector.diagnosis import diagnose
from convlab.models.forgiving import Forgiving, unchecked
from convlab.widgets.explained import Explained


def broken(count=0, name="skip"):
    with cl.debugging(show=False) as found:
        x = cl.Input((9, 9, 4), name="image")
        y = layers.UpSampling2D(2, name="double")(layers.MaxPooling2D(2, name="half")(x))
        y = layers.Concatenate(name=name)([x, y])
        for _ in range(count):
            y = layers.ReLU()(y)
    return found.diagnoses[0]


def picture(html):
    return ElementTree.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL)[0])


def test_the_picture_has_every_layer_and_marks_what_is_wrong():
    html = Explained(broken()).html()
    texts = ["".join(one.itertext()) for one in picture(html).iter("text")]
    sign = "\N{MULTIPLICATION SIGN}"
    assert {"image", "! half", "double", f"{sign} skip"} <= set(texts)
    assert texts.count("9 × 9 × 4") == 2  # to the pooling, and to the join
    assert any("half drops" in text for text in texts)
    red = [one for one in picture(html).iter("polyline") if one.get("stroke") == "#d33"]
    assert len(red) == 2


def test_labels_lie_in_holes_of_the_lines():
    svg = picture(Explained(broken()).html())
    mask = svg.find("mask")
    assert svg.find("g").get("mask") == f"url(#{mask.get('id')})"
    assert len(mask.findall("rect")) == 1 + len(list(svg.iter("polyline")))


def test_both_forms_are_told_and_no_script():
    shown = Explained(broken())
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"] == repr(shown) == shown.diagnosis.text()
    assert "<script" not in bundle["text/html"]
    assert "<details open>" in bundle["text/html"]
    assert "<details>" in Explained(broken(30)).html()


def test_names_of_layers_are_escaped():
    name = '<img src=x onerror=alert(1)>&"'
    html = Explained(broken(name=name)).html()
    assert "<img" not in html
    assert any(name in "".join(one.itertext()) for one in picture(html).iter("text"))


def test_a_large_network_is_left_to_the_debugger():
    html = Explained(broken(300)).html()
    assert "<svg" not in html
    assert "convlab.debug(sys.last_value)" in html


def test_a_text_without_a_network_has_no_picture():
    found = diagnose("ValueError: Negative dimension size caused by subtracting 3 from 2")
    assert "<svg" not in Explained(found).html()


def test_the_graph_of_some_tensors_is_a_model_whatever_its_shapes():
    watcher = Forgiving()
    x = cl.Input((4, 4, 1))
    model = unchecked([layers.Flatten()(x), layers.ReLU()(x)])
    assert [tensor.shape for tensor in model.outputs] == [(None, 16), (None, 4, 4, 1)]
    assert watcher.networks() == []
