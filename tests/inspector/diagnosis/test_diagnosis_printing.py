"""A diagnosis prints as text, as HTML and as JSON."""

import json

from networks_to_diagnose import fine, unet

import convlab as cl


def test_text_tells_what_why_and_what_to_do():
    text = str(cl.diagnose(unet(100)))
    assert text.startswith("functional: 1 error") or "1 error" in text.splitlines()[0]
    assert "x Concatenate 'join2' joins height and width 25 x 25" in text
    assert "pool2: 25 -> (25 - 2)//2 + 1 = 12" in text
    assert "> pad 1 row and 1 column of zeros after up2: verified" in text
    assert "[also multiples of 8]" in text


def test_text_keeps_to_its_width():
    found = cl.diagnose(unet(94, padding="valid", depth=2))
    told = [line for line in found.text(70).splitlines() if "->" not in line]
    assert max(map(len, told)) <= 70


def test_html_escapes_what_a_stranger_named():
    model = cl.model_from_json(unet(100).to_json().replace("join2", "<b>"))
    html = cl.diagnose(model)._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("<details>") == len(cl.diagnose(model).errors[0].fixes[:8])


def test_json_has_everything():
    told = json.loads(cl.diagnose(unet(100)).to_json())
    (finding,) = told["findings"][:1]
    assert (finding["kind"], finding["layer"], finding["culprit"]) == (
        "join-sizes",
        "join2",
        "pool2",
    )
    assert finding["path"][1]["size_out"] == 12
    assert finding["fixes"][0]["code"].startswith("--- a/")
    assert json.loads(cl.diagnose(fine()).to_json())["ok"] is True


def test_a_finding_and_a_fix_print():
    finding = cl.diagnose(unet(100)).errors[0]
    assert str(finding).startswith("x Concatenate 'join2'")
    assert str(finding.fixes[0]) == "pad 1 row and 1 column of zeros after up2 (verified)"
    assert (finding.place.node, finding.place.axis, finding.place.index) == ("join2", "height", 1)
