"""Which arguments turn one size into another: judged by counting windows, one by one."""

import itertools
import json
import random

import pytest
from size_counting import stamps, windows

import convlab as cl
from convlab.errors import ArgumentError
from convlab.inspector.solving import solve
from convlab.inspector.solving.bounds import asked, in_words

SMALL = {"kernel_size": range(1, 6), "strides": range(1, 4), "dilation_rate": range(1, 4)}


def counted(n, together):
    """Every small set of a convolution's arguments by the size that it gives."""
    found = {}
    for k, s, d, padding in itertools.product(*SMALL.values(), ("valid", "same")):
        size = windows(n, k, s, d, padding)
        if size and (together or s == 1 or d == 1):
            found.setdefault(size, set()).add((k, s, d, padding))
    return found


def stamped(n):
    found = {}
    for k, s, d, padding in itertools.product(*SMALL.values(), ("valid", "same")):
        for extra in (None, *range(s)):
            size = stamps(n, k, s, d, padding, extra)
            if size > 0 and (s == 1 or d == 1):
                found.setdefault(size, set()).add((k, s, d, padding, extra))
    return found


def answers(found, *names):
    told = [tuple(solution.arguments[name] for name in names) for solution in found.solutions]
    assert len(set(told)) == len(told), "an answer is told twice"
    return set(told)


CONV = ("kernel_size", "strides", "dilation_rate", "padding")


@pytest.mark.parametrize(
    ("layer", "together"),
    [(cl.Conv2D(1, 3), False), (cl.DepthwiseConv2D(3), True), (cl.ConvLSTM2D(1, 3), False)],
)
def test_a_convolution_has_all_answers_and_no_other(layer, together):
    for n in range(1, 65):
        expected = counted(n, together)
        for m in {1, 2, n // 3, n // 2, n - 1, n, n + 1} - {0}:
            found = solve(layer, size_in=n, size_out=m, bounds=SMALL)
            assert answers(found, *CONV) == expected.get(m, set()), (n, m)


def test_a_transposed_convolution_has_all_answers_and_no_other():
    layer = cl.Conv1DTranspose(1, 3)
    for n in range(1, 33):
        expected = stamped(n)
        for m in {n, 2 * n - 1, 2 * n, 2 * n + 1, 3 * n - 2, 3 * n + 1, 64}:
            found = solve(layer, size_in=n, size_out=m, bounds=SMALL)
            assert answers(found, *CONV, "output_padding") == expected.get(m, set()), (n, m)


def test_every_output_size_at_once():
    found = solve(cl.Conv1D(1, 3), size_in=11, bounds={**SMALL, "padding": ("valid", "same")})
    by_size = {}
    for one in found.solutions:
        by_size.setdefault(one.size_out, set()).add(tuple(one.arguments[name] for name in CONV))
    assert by_size == counted(11, False)


def test_a_pooling_has_all_answers_and_no_other():
    bounds = {"pool_size": range(1, 6), "strides": range(1, 6)}
    for n in range(1, 65):
        for m in {1, n // 4, n // 2, n} - {0}:
            found = solve(cl.MaxPooling1D(2), size_in=n, size_out=m, bounds=bounds)
            expected = {
                (k, s, padding)
                for k, s in itertools.product(range(1, 6), range(1, 6))
                for padding in ("valid", "same")
                if windows(n, k, s, 1, padding) == m
            }
            assert answers(found, "pool_size", "strides", "padding") == expected, (n, m)


def test_applied_a_solution_gives_the_size():
    draw = random.Random(3)
    layers = [
        cl.Conv2D(2, 3, strides=2),
        cl.Conv2DTranspose(2, 4, strides=2, padding="same"),
        cl.SeparableConv2D(2, 3),
        cl.AveragePooling2D(3),
        cl.Cropping2D(((1, 2), (0, 1))),
        cl.ZeroPadding2D(1),
        cl.UpSampling2D(2, interpolation="bilinear"),
        cl.Conv2D(2, (3, 5), data_format="channels_first"),
    ]
    for layer in layers:
        for _ in range(6):
            n, m = draw.randint(3, 20), draw.randint(2, 24)
            for solution in solve(layer, size_in=n, size_out=m).solutions[:40]:
                shape = layer.whole_shape(None, (n, n), 2)
                assert solution.apply().compute_output_shape(shape) == layer.whole_shape(
                    None, (m, m), layer.compute_output_shape(shape)[layer.channel_axis]
                )


def test_axes_of_several_sizes():
    layer = cl.Conv2D(1, 3)
    found = solve(layer, size_in=(9, 12), size_out=(3, 6), bounds=SMALL)
    expected = set()
    options = list(itertools.product(*SMALL.values(), ("valid", "same")))
    for a, b in itertools.product(options, repeat=2):
        sizes = windows(9, *a[:3], a[3]), windows(12, *b[:3], b[3])
        apart = max(a[1], b[1]) == 1 or max(a[2], b[2]) == 1
        if a[3] == b[3] and sizes == (3, 6) and apart:
            expected.add((*map(_short, zip(a[:3], b[:3], strict=True)), a[3]))
    assert answers(found, *CONV) == expected
    assert found.solutions[0].size_in == (9, 12)
    assert found.solutions[0].size_out == (3, 6)


def _short(pair):
    return pair[0] if pair[0] == pair[1] else pair


def test_axes_with_arguments_of_their_own_are_kept_apart():
    found = solve(cl.Conv2D(1, (3, 5)), size_in=28, size_out=(26, 24))
    assert found.solutions[0].changes == {}


@pytest.mark.parametrize(
    ("layer", "sizes", "first"),
    [
        # what the layer does already is no change
        (cl.Conv2D(8, 3), (28, 26), {}),
        (cl.Conv2D(8, 3), (28, 28), {"padding": "same"}),
        (cl.Conv2D(8, 3), (28, 13), {"strides": 2}),
        (cl.Conv2D(8, 3), (28, 14), {"strides": 2, "padding": "same"}),
        (cl.Conv2D(8, 3, strides=2), (28, 14), {"padding": "same"}),
        (cl.Conv2D(8, 3), (28, 24), {"dilation_rate": 2}),  # weights fit; those of 5 x 5 do not
        (cl.Conv2DTranspose(8, 3, strides=2), (14, 30), {"output_padding": 1}),
        (cl.Conv2DTranspose(8, 3, strides=2), (14, 28), {"padding": "same"}),
        (cl.MaxPooling2D(2), (28, 9), {"strides": 3}),
        (cl.MaxPooling2D(2), (29, 15), {"padding": "same"}),
        (cl.Cropping2D(0), (10, 7), {"cropping": ((1, 2), (1, 2))}),
        (cl.ZeroPadding1D(1), (10, 14), {"padding": 2}),
        (cl.UpSampling2D(2), (5, 15), {"size": 3}),
    ],
)
def test_the_smallest_change_is_first(layer, sizes, first):
    found = solve(layer, size_in=sizes[0], size_out=sizes[1])
    assert found.solutions[0].changes == first


def test_the_number_of_changes_never_falls():
    for layer in (cl.Conv2D(8, 3), cl.Conv2DTranspose(8, 3, strides=2)):
        counts = [len(s.changes) for s in solve(layer, size_in=14, size_out=7).solutions]
        assert counts == sorted(counts)


def test_what_tensorflow_refuses_is_told_and_comes_later():
    layer = cl.Conv2DTranspose(1, 2, strides=2, padding="same")
    found = solve(layer, size_in=8, size_out=7, vary=["output_padding", "strides", "padding"])
    refused = [s for s in found.solutions if "TensorFlow refuses" in s.note]
    told = [(s.arguments["padding"], s.arguments["output_padding"]) for s in refused]
    assert told == [("same", 0)]
    found = solve(layer, size_in=8, size_out=14, bounds={"kernel_size": (2, 4), "strides": 2})
    assert all(s.note for s in found.solutions)
    assert "no convolution has this as its gradient" in str(found)


def test_a_missing_size_is_looked_for_with_the_layer_as_it_is():
    layer = cl.Conv2D(8, 3, strides=2, padding="same")
    found = solve(layer, size_out=14)
    assert [(s.size_in, s.changes) for s in found.solutions] == [(27, {}), (28, {})]
    assert found.bounds["size_in"] == range(1, 513)
    forward = solve(layer, size_in=(28, 31))
    assert [s.size_out for s in forward.solutions] == [(14, 16)]
    narrow = solve(layer, size_out=14, bounds={"size_in": range(28, 40)})
    assert [s.size_in for s in narrow.solutions] == [28]


def test_of_a_class_the_defaults_are_compared_with():
    found = solve(cl.Conv2D, size_in=28, size_out=14)
    assert found.solutions[0].code == "Conv2D(filters, 3, strides=2, padding='same')"
    assert str(found.solutions[0]) == "kernel_size=3, strides=2, padding='same': 28 -> 14"
    assert answers(found, *CONV) == answers(solve(cl.Conv2D(1, 3), size_in=28, size_out=14), *CONV)


def test_only_some_arguments_vary():
    found = solve(cl.Conv2D(8, 3), size_in=28, size_out=14, vary=["strides"])
    assert not found.solutions
    assert found.bounds["kernel_size"] == (3,)
    assert "strides=1 gives 26 and strides=2 gives 13, never 14" in found.proof


def test_an_original_layer_is_not_altered_and_a_name_is_kept():
    layer = cl.Conv2D(8, 3, name="stem")
    made = solve(layer, size_in=28, size_out=14).solutions[0].apply()
    assert (made.name, made.strides) == ("stem", (2, 2))
    assert layer.strides == (1, 1)


def test_what_is_found_prints_and_is_data():
    found = solve(cl.MaxPooling2D(2), size_in=28, size_out=9)
    assert str(found).startswith("MaxPooling2D(): 28 -> 9, 4 answers")
    assert "<td>strides=3</td>" in found._repr_html_()
    told = json.loads(found.to_json())
    assert told["solutions"][0]["changes"] == {"strides": 3}
    assert len(told["solutions"]) == 4
    assert repr(found.solutions).startswith("[<strides=3: 28 -> 9>,")
    assert found.solutions[-1] == list(found.solutions)[-1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "At least one of the sizes is given"),
        ({"size_in": 0, "size_out": 3}, "`size_in` is a whole number of 1 or more, or 2 of them"),
        ({"size_in": (28, 28, 1)}, "the channels and the batch are no part of it"),
        ({"size_in": "28"}, "`size_in` is a whole number"),
        ({"size_in": 28, "vary": ["pool_size"]}, "Conv2D has no argument `pool_size` that decides"),
        ({"size_in": 28, "bounds": {"strides": 2.5}}, "The bounds of an argument are the values"),
        ({"size_in": 28, "bounds": {"padding": "full"}}, "Conv2D accepts none of these values"),
        ({"size_in": 28, "input_shape": (28, 28, 1)}, "A layer is asked for the sizes along its"),
    ],
)
def test_what_is_refused_of_a_layer(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        solve(cl.Conv2D(8, 3), **arguments)


@pytest.mark.parametrize("subject", [cl.Dense(3), cl.Dense, 3, "Conv2D", cl.GlobalMaxPooling2D()])
def test_what_has_no_such_arguments_is_refused(subject):
    with pytest.raises(ArgumentError, match="solve takes a layer over|No argument of Global"):
        solve(subject, size_in=28, size_out=14)


def test_too_many_answers_are_refused():
    wide = {"kernel_size": range(1, 30), "dilation_rate": range(1, 20), "strides": range(1, 30)}
    with pytest.raises(ArgumentError, match="More than 2,000,000 answers"):
        solve(cl.DepthwiseConv2D(3), size_in=(5, 6), size_out=(1, 1), bounds=wide)


def test_bounds_in_words():
    assert in_words((1, 2, 5, 6, 7)) == "1, 2 or 5 to 7"
    assert in_words([None]) == "None"
    with pytest.raises(ArgumentError, match="one, or several"):
        asked("strides", ())
