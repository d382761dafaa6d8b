"""Live exceptions of the installed Keras: the graph up to the call that failed."""

import linecache

import pytest
from failing_cases import BEGIN, CASES

from convlab import trace
from convlab.inspector.failing import failure_of

pytestmark = pytest.mark.keras
pytest.importorskip("keras")


def fail(code, path):
    """Run a program of `failing_cases` from a file, as a script is, and give its exception."""
    path.write_text(BEGIN + code)
    linecache.checkcache()
    with pytest.raises(Exception) as caught:
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_the_graph_up_to_the_failing_call_is_found(name, tmp_path):
    case = CASES[name]
    found = failure_of(fail(case.code, tmp_path / "program.py"))
    assert found.kind == case.kind
    assert found.layer_class == case.layer
    if case.kind not in ("illegal-arguments", "output-size"):
        assert tuple(shape[1:] for shape in found.argument_shapes) == case.shapes
    assert found.lines[-1].file.endswith("program.py") or found.lines[0].file.endswith("program.py")
    assert found.versions["keras"]
    if not case.rows:
        assert found.model is None
        assert found.arguments["strides"] == found.arguments["dilation_rate"] == 2
        return
    traced = trace(found.model, found.input_shapes)
    assert len(traced.rows) == case.rows
    if found.output_shape is not None:
        assert found.output_shape == (None, 46, 46, 1) != traced.output_shape
    elif case.kind not in ("unknown-size", "missing-batch-axis"):  # no conflicts of shapes
        assert [row.name for row in traced.conflicts] == [found.layer_name]
        assert traced[found.layer_name].class_name == found.layer_class


def test_a_subclassed_model_of_parts_of_its_own(tmp_path):
    code = """\
class Block(layers.Layer):
    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.convs = [layers.Conv2D(filters, 3, name=f"{self.name}_{i}") for i in range(2)]

    def call(self, x):
        for conv in self.convs:
            x = conv(x)
        return keras.activations.relu(x)

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = {"a": Block(4, name="a"), "b": Block(8, name="b")}

    def call(self, x):
        y = self.blocks["a"](x)
        return self.blocks["b"](layers.MaxPooling2D(2, name="half")(y))

Net()(np.zeros((1, 10, 10, 3), "float32"))
"""
    found = failure_of(fail(code, tmp_path / "program.py"))
    rows = trace(found.model).rows
    names = ["input_layer", "a_0", "a_1", "relu", "half", "b_0", "b_1", "relu_1"]
    assert [row.name for row in rows] == names
    assert [row.name for row in rows if row.conflict] == ["b_1"]
    assert rows[0].output_shape == (None, 10, 10, 3)


def test_the_error_of_a_nested_model_is_found_inside_it(tmp_path):
    code = """\
chain = [keras.Input((None, None, 1)), layers.Conv2D(4, 5, name="wide")]
inner = keras.Sequential(chain, name="in")
inputs = keras.Input((None, None, 1))
model = keras.Model(inputs, inner(inputs), name="out")
model(np.zeros((1, 3, 9, 1), "float32"))
"""
    found = failure_of(fail(code, tmp_path / "program.py"))
    assert found.layer_name == "in/wide"
    assert [row.name for row in trace(found.model, found.input_shapes).conflicts] == ["in/wide"]


def test_the_live_model_is_left_as_it_was(tmp_path):
    import keras

    path = tmp_path / "program.py"
    path.write_text(BEGIN + CASES["concatenate"].code)
    names = {}
    with pytest.raises(ValueError, match="matching shapes") as caught:
        exec(compile(path.read_text(), str(path), "exec"), names)
    before = [len(names[key]._keras_history[0]._outbound_nodes) for key in ("down", "deep", "up")]
    failure_of(caught.value)
    after = [len(names[key]._keras_history[0]._outbound_nodes) for key in ("down", "deep", "up")]
    assert before == after
    assert keras.Model(names["inputs"], names["up"]).output_shape == (None, 96, 96, 16)


def test_an_exception_that_is_about_something_else():
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018
    found = failure_of(caught.value)
    assert (found.kind, found.model, found.layer_class) == (None, None, None)
    assert found.message == "division by zero"
