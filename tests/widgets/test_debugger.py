"""The debugger without a browser: what Python reads and sets, what the browser may send."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

import convlab as cl
from convlab.errors import ArgumentError, ArgumentTypeError, DataError, FileRefused, ShapeError
from convlab.widgets.debugger import debug, debug_state
from convlab.widgets.debugger.opening import MAX_TEXT, file_case, shape_of

L = cl.layers


def small():
    x = cl.Input((9, 9, 1), name="image")
    y = L.Conv2D(2, 3, name="conv")(x)
    return cl.Model(x, L.MaxPooling2D(2, name="pool")(y), name="small")


def keys(debugger):
    return [node.key for node in debugger.view.graph.drawing.nodes]


def uploaded(content, name="a.png"):
    told = {"name": name, "type": "image/png", "size": len(content), "content": content}
    return {**told, "last_modified": datetime.now(UTC)}


def said(debugger):
    return debugger.head._said.value


# What is shown


def test_it_opens_on_a_network_that_fails():
    debugger = cl.debug()
    (finding,) = debugger.findings
    assert (finding.kind, finding.layer, finding.culprit) == ("join-sizes", "join4", "pool4")
    states = {node.key: node.state for node in debugger.view.graph.drawing.nodes if node.state}
    assert states == {"join4": "error", "pool4": "culprit"}
    wrong = {edge.text: edge.note for edge in debugger.view.graph.drawing.edges if edge.state}
    assert wrong == {"71 × 71 × 512": "", "70 × 70 × 512": "pool4 drops 1 row and 1 column"} or (
        wrong["70 × 70 × 512"].startswith("pool4 drops 1 row")
    )


@pytest.mark.parametrize("subject", [small, lambda: small().to_json()])
def test_a_model_and_its_json_are_shown(subject):
    debugger = cl.debug(subject())
    assert keys(debugger) == ["image", "conv", "pool"]
    assert debugger.findings == debugger.diagnosis.findings
    assert debugger.error is None


def test_code_is_read_and_not_run():
    code = "x = Input((28, 28, 1))\ny = Conv2D(8, 3, strides=2, name='down')(x)\nm = Model(x, y)"
    debugger = cl.debug(code)
    assert keys(debugger)[-1] == "down"


def test_an_exception_is_shown_as_a_graph():
    try:
        x = cl.Input((9, 9, 1), name="image")
        L.Concatenate(name="join")([x, L.MaxPooling2D(2, name="pool")(x)])
    except ShapeError as error:
        debugger = cl.debug(error)
    assert keys(debugger)[-1] == "join"
    assert debugger.findings[0].layer == "join"


def test_what_cannot_be_debugged_is_refused():
    with pytest.raises(ArgumentError, match="a model, a layer, an exception, text, or a file"):
        cl.debug(42)


def test_another_network_can_be_set_and_undone():
    debugger = cl.debug("unet-100")
    debugger.model = small()
    assert keys(debugger) == ["image", "conv", "pool"]
    debugger.undo()
    assert "join3" in keys(debugger)
    debugger.redo()
    assert debugger.model.name == "small"


# Layer and selection


def test_layer_can_be_read_and_set_by_name_or_itself():
    model = small()
    debugger = cl.debug(model)
    assert debugger.layer is None
    debugger.layer = "conv"
    assert debugger.layer is model.get_layer("conv")
    debugger.layer = model.get_layer("pool")
    assert debugger.view.graph.selected == "pool"
    debugger.layer = None
    assert debugger.layer is None


def test_a_layer_that_is_not_there_is_refused():
    with pytest.raises(ArgumentError, match=r"(?s)no such layer.*'nothing'.*image, conv, pool"):
        cl.debug(small()).layer = "nothing"


def test_setting_a_layer_unfolds_what_it_lies_in():
    debugger = cl.debug("resnet50")
    assert "conv4_block3_2_conv" not in keys(debugger)
    debugger.layer = "conv4_block3_2_conv"
    assert "conv4_block3_2_conv" in keys(debugger)
    assert "conv4_block2" in keys(debugger)


def test_a_selection_shows_the_cone():
    model = small()
    debugger = cl.debug(model)
    debugger.layer = "pool"
    debugger.selection = (1, 2)
    cone = debugger.view.graph.cone
    assert cone["image"].text == "rows 2 to 5 of 9, columns 4 to 7 of 9"
    mask = cl.receptive_field(model, "pool", (1, 2)).mask[..., 0]
    assert np.array_equal(cone["image"].cells, mask)
    assert list(cone) == ["pool", "conv", "image"]
    debugger.selection = ()
    assert debugger.view.graph.cone is None


def test_another_layer_ends_the_selection():
    debugger = cl.debug(small())
    debugger.layer = "pool"
    debugger.selection = (0, 0)
    debugger.layer = "conv"
    assert debugger.selection == ()


@pytest.mark.parametrize("index", [(3, 0), (0,), (-1, 0), (0, 0, 0), ("a", "b")])
def test_a_selection_that_does_not_exist_is_refused(index):
    debugger = cl.debug(small())
    debugger.layer = "pool"
    with pytest.raises(ArgumentError, match=r"whole numbers below \(3, 3\)"):
        debugger.selection = index
    assert debugger.selection == ()


# Fixes


def test_a_preview_is_drawn_and_taken_away_again():
    debugger = cl.debug("unet-100")
    fix = next(f for f in debugger.findings[0].fixes if f.changes[0].kind == "insert")
    debugger.preview(fix)
    drawing = debugger.view.graph.drawing
    (changed,) = {n.key for n in drawing.nodes if n.state == "changed"}
    assert changed == fix.changes[0].layer
    assert not any(node.state == "error" for node in drawing.nodes)
    assert "Nothing is changed yet" in said(debugger)
    assert debugger.case.input_shape == (100, 100, 1)
    debugger.preview(None)
    assert changed not in keys(debugger)
    assert debugger.view.graph.drawing.node("join3").state == "error"
    assert said(debugger) == ""


def test_every_fix_that_is_offered_mends_when_it_is_applied():
    for fix in cl.debug("unet-100").findings[0].fixes:
        debugger = cl.debug("unet-100")
        debugger.apply(fix)
        assert [f for f in debugger.findings if f.severity == "error"] == [], str(fix)
        debugger.undo()
        assert debugger.findings[0].layer == "join3"


def test_a_wanted_output_is_kept_when_a_fix_is_applied():
    debugger = cl.debug("autoencoder")
    assert debugger.findings[0].kind == "output-size"
    debugger.apply(debugger.findings[0].fixes[0])
    assert debugger.findings == ()
    assert debugger.diagnosis.trace.output_shape == (None, 28, 28, 1)
    debugger.reset()
    assert debugger.findings[0].kind == "output-size"


def test_buttons_do_the_same():
    debugger = cl.debug("unet-100")
    card = debugger.problems.cards[0]
    card._look.click()
    assert "cd-previewed" in card._dom_classes
    card._look.click()
    assert "cd-previewed" not in card._dom_classes
    card._take.click()
    assert not any(node.state == "error" for node in debugger.view.graph.drawing.nodes)
    debugger.head.buttons["Undo"].click()
    assert debugger.findings[0].layer == "join3"


def test_what_was_applied_stands_there_with_its_code():
    def applied():
        told = [
            widget for widget in debugger.problems.children if "cd-applied" in widget._dom_classes
        ]
        return [widget.children[0].value for widget in told]

    debugger = cl.debug("unet-100")
    assert applied() == []
    fix = debugger.findings[0].fixes[0]
    debugger.apply(fix)
    assert len(applied()) == 1
    assert fix.summary in applied()[0]
    assert "<details open>" in applied()[0]
    assert '<span class="cd-plus">+up3' in applied()[0]
    debugger.undo()
    assert applied() == []


def test_an_error_stays_until_something_else_is_done():
    debugger = cl.debug("unet-100")
    debugger.layer = "join3"
    debugger.view.enter()
    assert debugger.error is not None
    debugger.view.graph.set_state({"selected": "up3"})
    assert debugger.error is None
    assert said(debugger) == ""


def test_other_shapes_can_be_typed():
    debugger = cl.debug("unet-100")
    debugger.opening.shapes["input_shape"].value = "96, 96, 1"
    assert debugger.findings == ()
    debugger.opening.shapes["output_shape"].value = "64, 64, 2"
    assert debugger.findings[0].kind == "output-size"
    debugger.opening.shapes["output_shape"].value = "nonsense"
    assert "A shape is written as its sizes" in said(debugger)
    assert debugger.opening.shapes["output_shape"].value == "64, 64, 2"


@pytest.mark.parametrize(
    "text", ["a", "1.5, 2", "-1, 2", "__import__('os')", "9" * 500, "0, 3", "True, 1"]
)
def test_what_is_no_shape_is_refused(text):
    with pytest.raises(ArgumentError, match="A shape is written as its sizes"):
        shape_of(text, "input_shape")


def test_findings_can_be_set():
    debugger = cl.debug("unet-100")
    other = cl.diagnose(debugger.model, (96, 96, 1))
    debugger.findings = other
    assert debugger.findings == ()
    assert not any(node.state for node in debugger.view.graph.drawing.nodes)
    with pytest.raises(ArgumentTypeError, match="Findings are what convlab.diagnose gives"):
        debugger.findings = ["wrong"]


def test_an_error_can_be_set_and_has_its_three_parts_shown():
    debugger = cl.debug("unet-100")
    debugger.error = ArgumentError("The rule.", received="a <b>", remedy="The remedy.")
    for part in ('rule">The rule.', 'received">Received a &lt;b&gt;.', 'remedy">The remedy.'):
        assert part in said(debugger)
    debugger.error = None
    assert said(debugger) == ""
    with pytest.raises(ArgumentTypeError, match="is a ConvlabError, or None"):
        debugger.error = ValueError("x")


# Feature maps


def test_maps_are_what_the_layers_give():
    model = small()
    x = np.random.default_rng(0).random((9, 9, 1)).astype(np.float32)
    debugger = cl.debug(model, x)
    maps = model.feature_maps(x[None])
    found = debugger.view.units.run().maps
    assert found.keys() == maps.keys()
    for key, values in maps.items():
        assert np.array_equal(found[key], values)
    shown = debugger.view.graph.maps
    means = maps["pool"][0].mean(axis=-1)
    assert shown["pool"].sizes == (3, 3)
    assert np.array_equal(np.argsort(shown["pool"].cells, axis=None)[-1:], [means.argmax()])


def test_maps_of_a_network_that_fails_go_as_far_as_it_does():
    debugger = cl.debug("unet-100")
    debugger.maps = True
    assert "up3" in debugger.view.graph.maps
    assert "join3" not in debugger.view.graph.maps
    assert "the layers behind join3 wait until its shapes fit" in said(debugger)
    assert "weights are random" in said(debugger)
    debugger.maps = False
    assert debugger.view.graph.maps is None


def test_maps_that_are_too_much_work_end_before():
    debugger = cl.debug("vgg16")
    debugger.maps = True
    assert "block1_conv1" in debugger.view.graph.maps
    assert "predictions" not in debugger.view.graph.maps
    assert "are too much" in said(debugger)


def test_maps_of_a_nested_model_called_twice():
    inner_x = cl.Input((6, 6, 1), name="i")
    inner = cl.Model(inner_x, L.Conv2D(1, 3, padding="same", name="c")(inner_x), name="inner")
    x = cl.Input((6, 6, 1), name="x")
    model = cl.Model(x, inner(inner(x)))
    x = np.ones((1, 6, 6, 1), np.float32)
    debugger = cl.debug(model, x)
    found = debugger.view.units.run().maps
    maps = model.feature_maps(x)
    assert set(maps) - set(found) == {"inner", "inner:1"}  # which are drawn as their layers
    for key, values in found.items():
        assert np.array_equal(maps[key], values), key
    assert "inner/c:1" in found


def test_x_of_another_shape_is_refused():
    debugger = cl.debug(small())
    debugger.x = np.ones((8, 9, 1))
    with pytest.raises(ShapeError, match=r"(?s)network reads.*\(8, 9, 1\)"):
        _ = debugger.x
    debugger.maps = True
    assert "The input has the shape that the network reads" in said(debugger)
    debugger.x = None
    assert debugger.x.shape == (9, 9, 1)


def test_a_picture_of_the_viewers_is_scaled_to_the_network():
    debugger = cl.debug(small())
    debugger.maps = True
    out = io.BytesIO()
    PIL.Image.fromarray(np.full((40, 60, 3), 255, np.uint8)).save(out, "PNG")
    debugger.head.picture.value = (uploaded(out.getvalue()),)
    assert debugger.x.shape == (9, 9, 1)
    assert debugger.x.min() == 1
    debugger.head.picture.value = (uploaded(b"no picture"),)
    assert "PNG or a JPEG" in said(debugger)


# Into a layer


def test_a_layer_opens_on_what_it_reads_and_leaves_at_the_cell():
    model = small()
    x = np.random.default_rng(0).random((9, 9, 1)).astype(np.float32)
    debugger = cl.debug(model, x)
    debugger.layer = "pool"
    debugger.selection = (2, 1)
    debugger.view.enter()
    assert debugger.view.inside
    scene = debugger.view.stage.scene
    assert np.array_equal(scene.steps[0].input.values, model.feature_maps(x[None])["conv"][0])
    assert debugger.view.stage.selection == (2, 1, 0)
    debugger.view.stage.selection = (0, 2, 1)
    debugger.view.leave()
    assert debugger.selection == (0, 2)
    assert debugger.view.graph.cone["conv"].text == "rows 0 to 1 of 7, columns 4 to 5 of 7"


def test_a_layer_that_cannot_be_opened_says_why():
    debugger = cl.debug("unet-100")
    debugger.layer = "join3"
    debugger.view.enter()
    assert not debugger.view.inside
    assert "shows layers that convolve" in str(debugger.error)


# What the browser sends is not trusted


@pytest.mark.parametrize(
    "message",
    [
        None,
        {"open": ["conv"]},
        {"toggle": "conv"},
        {"unit": {"key": "conv", "at": [1]}},
        {"unit": {"key": "conv", "at": [1.5, 2]}},
        {"unit": {"key": "x", "at": [1, 2]}},
        {"nudge": [1, 2, 3]},
        {"nudge": "up"},
        {"fold": "yes"},
        {"__init__": 1},
        {"__class__": "conv"},
    ],
)
def test_messages_that_cannot_be_are_dropped(message):
    debugger = cl.debug(small())
    before = debugger.state
    debugger.view.graph._handle_custom_msg(message, [])
    assert debugger.state == before
    assert debugger.error is None


def test_messages_that_can_be():
    debugger = cl.debug(small())
    send = lambda message: debugger.view.graph._handle_custom_msg(message, [])  # noqa: E731
    debugger.view.graph.set_state({"selected": "conv"})
    assert debugger.layer.name == "conv"
    send({"unit": {"key": "pool", "at": [2, 99]}})
    assert (debugger.layer.name, debugger.selection) == ("pool", (2, 2))
    send({"nudge": [-1, 5]})
    assert debugger.selection == (1, 2)
    send({"leave": True})
    assert debugger.selection == ()


def test_no_trait_but_a_known_layer_can_be_set_from_the_browser():
    graph = cl.debug(small()).view.graph
    before = graph.drawing
    for selected in ("x", 3, None, ["conv"]):
        graph.set_state({"drawing": None, "theme": "dark", "selected": selected})
    assert (graph.drawing, graph.theme, graph.selected) == (before, "light", "")


# Files and text of strangers


def test_a_file_is_opened_with_its_weights(tmp_path):
    folder = Path(__file__).parents[1] / "models" / "recorded"
    case = file_case("keras2.keras", (folder / "keras2_family_2d.keras").read_bytes())
    assert case.diagnosis.model is not None


def test_a_files_bounds():
    with pytest.raises(DataError, match="16 MiB at most"):
        file_case("a.keras", b"x" * (16 * 2**20 + 1))
    with pytest.raises(FileRefused, match="keras archive"):
        file_case("a.keras", b"nothing of use")
    with pytest.raises(DataError, match="characters at most"):
        file_case("a.py", b"x" * (MAX_TEXT + 1))


@pytest.mark.parametrize(
    "text", ["/etc/passwd", "convlab/__init__.py", "C:\\boot.ini", "~/.bashrc"]
)
def test_pasted_text_never_opens_a_file(text, monkeypatch):
    def opened(self, *args, **kwargs):
        raise AssertionError(f"opened {self}")

    debugger = cl.debug(small())
    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(Path, "read_text", opened)
    monkeypatch.setattr(Path, "read_bytes", opened)
    debugger.opening.text.value = text
    debugger.opening.read.click()
    assert keys(debugger) == ["image", "conv", "pool"] or debugger.view.graph.drawing is None


def test_pasted_json_code_and_nonsense():
    debugger = cl.debug("unet-100")
    for text, last in ((small().to_json(), "pool"), ("Sequential([Input((4,)), Dense(2)])", None)):
        debugger.opening.text.value = text
        debugger.opening.read.click()
        assert debugger.error is None
        assert debugger.opening._pasting.layout.display == "none"
        debugger.opening.paste.click()
        if last:
            assert keys(debugger)[-1] == last
    debugger.opening.text.value = '{"class_name": "Sequential"'
    debugger.opening.read.click()
    assert debugger.error is not None
    assert debugger.opening._pasting.layout.display is None  # there is something to correct


def test_text_without_a_network_is_not_silent():
    debugger = cl.debug("unet-100")
    debugger.opening.text.value = "y = Conv2D(4, 3, groups=3)(Input((8, 8, 3)))"
    debugger.opening.read.click()
    assert debugger.findings[0].kind == "groups"
    assert debugger.view.graph.drawing is None
    assert "nothing to draw" in debugger.view.graph.nothing


# States and links


def test_a_state_opens_the_same_again():
    debugger = debug("unet-100", input_shape=(68, 68, 1))
    debugger.layer = "down2_conv1"
    debugger.selection = (3, 4)
    debugger.theme = "dark"
    again = debug_state(debugger.link)
    assert again.state == debugger.state
    assert again.link.endswith("&page=debug")


def test_a_state_of_a_network_of_ones_own_holds_its_structure():
    debugger = cl.debug(small())
    state = json.loads(json.dumps(debugger.state))
    assert state["left out"] == ["the weights"]
    assert keys(debug_state(state)) == ["image", "conv", "pool"]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"example": "alexnet"},
        {"input_shape": "-1"},
        {"theme": "pink"},
        {"layer": "nothing"},
        {"selection": [999, 0]},
        {"more": 1},
    ],
)
def test_a_state_from_a_stranger_is_checked(change):
    debugger = cl.debug("unet-100")
    debugger.layer = "up3"
    debugger.selection = (0, 0)
    with pytest.raises((DataError, ArgumentError), match=r"\w"):
        debug_state({**debugger.state, **change})


def test_what_can_be_carried_away():
    debugger = cl.debug("unet-100")
    debugger.apply(debugger.findings[0].fixes[0])
    sent = []
    debugger.export.carrier.hand_over = lambda *told: sent.append(told)
    for button in debugger.export.children[1:-1]:
        button.click()
    names = [name for name, _, __ in sent]
    assert names == ["keras_code.py", "structure.json", "report.html", "findings.json"]
    assert b"output_padding=1" in sent[0][2]
    assert cl.trace(cl.model_from_json(sent[1][2]), (100, 100, 1)).conflicts == ()
