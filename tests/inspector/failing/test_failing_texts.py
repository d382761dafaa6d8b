"""Tracebacks as real versions of Keras printed them: what is read of them."""

from pathlib import Path

import pytest
from failing_cases import CASES

from convlab import trace
from convlab.inspector.failing import failure_of
from convlab.layers.joining import Joining

RECORDED = sorted((Path(__file__).parent / "recorded").glob("keras-*/*.txt"))

ALIKE = {"missing-batch-axis": {"negative-size"}}
"""Keras 3 lets the forgotten batch pass and fails in the layer: its text tells of that alone."""

NO_LAYER = {
    "called_without_channels": "the model refused, no layer",
    "channels_of_shared_layer": "the line calls a layer that was made elsewhere",
    "dense_after_reading": "the message has the layer's name alone",
    "fit_another_size": "no layer failed, but the loss",
    "illegal_pair": "the layer has no input yet",
}
"""Texts that do not tell the layer's class and arguments, and why."""


def known(path):
    return path.name.partition(".")[0]


def test_three_versions_of_keras_at_least_are_recorded():
    versions = {path.parent.name for path in RECORDED}
    assert versions >= {"keras-2.15.0", "keras-3.3.3", "keras-3.8.0", "keras-3.15.1"}
    assert all(len([p for p in RECORDED if p.parent.name == v]) >= 30 for v in versions)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recorded_traceback_tells_kind_shapes_and_line(path):
    case, found = CASES[known(path)], failure_of(path.read_text())
    allowed = {case.kind} | ALIKE.get(case.kind, set())
    if known(path) == "dense_after_reading" and "2.15" in str(path):
        allowed = {"other"}  # Keras 2 says which shape the model wants, and no more
    assert found.kind in allowed
    if known(path) not in NO_LAYER:
        assert found.layer_class == case.layer
        assert tuple(shape[1:] for shape in found.argument_shapes) == case.shapes
    assert found.lines
    assert all(line.file.startswith(("/home/user/", "/tmp/")) for line in found.lines)
    assert "\x1b" not in found.message
    assert "rguments received by" not in found.message


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_failing_call_is_made_anew(path):
    case, found = CASES[known(path)], failure_of(path.read_text())
    if known(path) in NO_LAYER:
        return
    if known(path) == "subclassed" and path.parent.name != "keras-3.15.1":
        assert found.model is None  # TensorFlow's message has nothing of the kernel
        return
    assert found.model is not None
    rows = trace(found.model).rows
    last = next(row for row in rows if row.name == found.layer_name)
    assert last.class_name == case.layer
    if case.kind != "unknown-size":  # which is no conflict of shapes
        assert last.conflict
    joins = isinstance(found.model.get_layer(found.layer_name), Joining)
    assert len(rows) == (len(case.shapes) + 1 if joins else 2)


def test_arguments_come_from_the_line_that_failed():
    text = (Path(__file__).parent / "recorded/keras-2.15.0/conv_too_small.py.txt").read_text()
    found = failure_of(text)
    assert found.arguments["filters"] == 16
    assert found.arguments["kernel_size"] == (5, 5)
    assert found.layer_name == "c"
    assert found.lines[-1].text.startswith("x = layers.Conv2D(16, 5")
    assert found.lines[-1].number == 8


def test_a_layer_that_was_built_for_other_channels_is_called_on_both():
    text = (
        Path(__file__).parent / "recorded/keras-2.15.0/channels_of_shared_layer.py.txt"
    ).read_text()
    found = failure_of(text)
    assert [tensor.shape for tensor in found.model.inputs] == [
        (None, 28, 28, 3),
        (None, 28, 28, 1),
    ]
    assert [row.name for row in trace(found.model).conflicts] == ["shared"]


@pytest.mark.parametrize(
    ("text", "kind", "shapes"),
    [
        (
            "ValueError: Error when checking target: expected conv2d_7 to have shape "
            "(460, 692, 1) but got array with shape (458, 690, 1)",
            "output-size",
            ((None, 460, 692, 1),),
        ),
        (
            "ValueError: Error when checking input: expected input_1 to have 4 dimensions, but "
            "got array with shape (60000, 28, 28)",
            "missing-channel-axis",
            ((60000, 28, 28),),
        ),
        (
            "ValueError: Negative dimension size caused by subtracting 3 from 1 for "
            "'conv2d_2/convolution' (op: 'Conv2D') with input shapes: [?,1,28,32], [3,3,32,64].",
            "negative-size",
            ((None, 1, 28, 32),),
        ),
        (
            "ValueError: `Concatenate` layer requires inputs with matching shapes except for the "
            "concat axis. Got inputs shapes: [(None, 64, 64, 64), (None, 63, 63, 64)]",
            "join-sizes",
            ((None, 64, 64, 64), (None, 63, 63, 64)),
        ),
        (
            "InvalidArgumentError: ConcatOp : Dimension 1 in both shapes must be equal: "
            "shape[0] = [1,25,25,64] vs. shape[1] = [1,24,24,64]\n\t [[{{node cat}}]]",
            "join-sizes",
            ((1, 25, 25, 64), (1, 24, 24, 64)),
        ),
        (
            "ValueError: logits and labels must have the same shape ((None, 30, 30, 1) vs "
            "(None, 28, 28, 1))",
            "output-size",
            ((None, 30, 30, 1),),
        ),
        (
            "ValueError: Input 0 is incompatible with layer conv2d_1: expected ndim=4, "
            "found ndim=3",
            "rank",
            (),
        ),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else None,
)
def test_the_messages_of_older_versions(text, kind, shapes):
    found = failure_of(text)
    assert (found.kind, found.argument_shapes) == (kind, shapes)


def test_what_was_wanted_is_told_where_a_loss_refused():
    home = Path(__file__).parent / "recorded"
    for version in ("keras-2.15.0", "keras-3.15.1"):  # the target stands last, or first
        found = failure_of((home / version / "fit_another_size.py.txt").read_text())
        assert found.argument_shapes == ((None, 47, 47, 1),)
        assert found.output_shape == (None, 46, 46, 1)


def test_versions_are_told_where_the_text_shows_them():
    home = Path(__file__).parent / "recorded"
    for version in ("2.15.0", "3.3.3"):
        found = failure_of((home / f"keras-{version}" / "cropping.py.txt").read_text())
        assert found.versions == {"keras": version[0]}
        assert found.framework == "keras"


TORCH = {  # as torch 2.13.0 says it
    "Given groups=1, weight of size [16, 4, 3, 3], expected input[2, 8, 26, 26] to have 4 "
    "channels, but got 8 channels instead": ("channels", "Conv2D", ((2, 8, 26, 26),)),
    "mat1 and mat2 shapes cannot be multiplied (2x5408 and 100x10)": (
        "channels",
        "Dense",
        ((2, 5408),),
    ),
    "Calculated padded input size per channel: (3 x 3). Kernel size: (5 x 5). Kernel size can't be "
    "greater than actual input size": ("negative-size", None, ()),
    "Given input size: (3x2x2). Calculated output size: (3x0x0). Output size is too small": (
        "negative-size",
        None,
        (),
    ),
    "Sizes of tensors must match except in dimension 1. Expected size 25 but got size 24 for "
    "tensor number 1 in the list.": ("join-sizes", None, ()),
    "The size of tensor a (25) must match the size of tensor b (24) at non-singleton dimension 3": (
        "join-sizes",
        None,
        (),
    ),
    "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [28, 28]": (
        "rank",
        None,
        (),
    ),
}


@pytest.mark.parametrize("message", TORCH, ids=lambda message: message[:40])
def test_what_torch_says(message):
    text = f'Traceback (most recent call last):\n  File "a.py", line 3\nRuntimeError: {message}'
    for found in (failure_of(text), failure_of(RuntimeError(message))):
        assert (found.kind, found.layer_class, found.argument_shapes) == TORCH[message]
        if found.layer_class:
            assert [row.class_name for row in trace(found.model).conflicts] == [found.layer_class]


def test_the_words_of_older_tensorflow_name_the_layer():
    found = failure_of(
        "ValueError: Negative dimension size caused by subtracting 2 from 1 for "
        "'max_pooling2d_3/MaxPool' (op: 'MaxPool') with input shapes: [?,1,8,256]."
    )
    assert (found.layer_class, found.layer_name) == ("MaxPooling2D", "max_pooling2d_3")
    assert found.argument_shapes == ((None, 1, 8, 256),)


def test_concat_of_tensorflow_alone_tells_its_shapes():
    found = failure_of(
        "InvalidArgumentError: ConcatOp : Dimensions of inputs should match: shape[0] = "
        "[1,64,64,128] vs. shape[1] = [1,65,64,64] [Op:ConcatV2] name: concat"
    )
    assert (found.kind, found.layer_class) == ("join-sizes", "Concatenate")
    assert found.argument_shapes == ((1, 64, 64, 128), (1, 65, 64, 64))
