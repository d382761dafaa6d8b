"""The words of a proof say what counting finds, for layers drawn at random too."""

import random
import re

import pytest
from size_counting import stamps, windows

import convlab as cl
from convlab.inspector.solving import solve


def transposed(kernel, stride, extra):
    return cl.Conv2DTranspose(1, kernel, strides=stride, padding="same", output_padding=extra)


@pytest.mark.parametrize("kernel", [2, 4, 6, 8])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("n", [2, 7, 14, 28])
def test_no_legal_output_padding_of_an_even_kernel_reaches_n_times_the_stride(kernel, stride, n):
    found = solve(
        transposed(kernel, stride, 0), size_in=n, size_out=n * stride, vary=["output_padding"]
    )
    assert [s.changes for s in found.solutions] == [{"output_padding": None}]
    assert "only output_padding=None gives n*s" in found.proof
    reached = [stamps(n, kernel, stride, 1, "same", extra) for extra in range(stride)]
    assert max(reached) == n * stride - 1  # which is what the words say


def test_of_one_cell_and_a_stride_of_1_nothing_is_left():
    found = solve(transposed(4, 1, 0), size_in=1, size_out=1, vary=["output_padding"])
    assert [s.changes for s in found.solutions] == [{"output_padding": None}]
    assert "no cell comes out of 1" in found.proof


def test_an_odd_kernel_reaches_it_and_nothing_is_said():
    found = solve(transposed(3, 2, 0), size_in=14, size_out=28, vary=["output_padding"])
    assert {s.arguments["output_padding"] for s in found.solutions} == {1, None}
    assert found.proof == ""


def test_the_sizes_in_a_proof_are_those_that_are_counted():
    draw, seen = random.Random(5), 0
    for _ in range(300):
        n, m = draw.randint(2, 40), draw.randint(2, 60)
        kernel, padding = draw.randint(1, 6), draw.choice(["valid", "same"])
        held = {"kernel_size": kernel, "padding": padding, "dilation_rate": 1}
        found = solve(cl.Conv1D(1, kernel), size_in=n, size_out=m, bounds=held)
        strides = range(1, 9)
        sizes = {s: windows(n, kernel, s, 1, padding) for s in strides}
        assert bool(found.solutions) == (m in sizes.values())
        if found.solutions:
            assert found.proof == ""
            continue
        for stride, size in re.findall(r"strides=(\d+) gives (\d+)", found.proof):
            assert sizes[int(stride)] == int(size)
            seen += 1
        if match := re.search(r"at most (\d+)", found.proof):
            assert int(match[1]) == max(sizes.values()) < m
        if match := re.search(
            r"Outside of the bounds kernel_size=(\d+), strides=(\d+) does", found.proof
        ):
            assert windows(n, int(match[1]), int(match[2]), 1, padding) == m
        if "Larger numbers do not help" in found.proof:
            every = {windows(n, k, s, 1, padding) for k in range(1, n + 9) for s in range(1, n + 9)}
            assert m not in every
    assert seen > 100


@pytest.mark.parametrize(
    ("layer", "sizes", "words"),
    [
        (cl.UpSampling2D(2), (5, 14), "m = n*r. From n = 5 size=2 gives 10 and size=3 gives 15"),
        (cl.Cropping2D(1), (10, 17), "it gives at most 10, never 17. Larger numbers do not help"),
        (cl.ZeroPadding1D(1), (10, 3), "it gives at least 10, never 3"),
        (cl.MaxPooling2D(2), (28, 20), 'padding="same": m = ceil(n / s). From n = 28 strides=1'),
    ],
)
def test_proofs_of_other_layers(layer, sizes, words):
    found = solve(layer, size_in=sizes[0], size_out=sizes[1])
    assert words in found.proof


def test_a_kernel_larger_than_the_input():
    found = solve(cl.Conv1D(1, 9), size_in=5, size_out=2, vary=["strides"])
    assert "no window fits into the cells of 5" in found.proof


def test_several_axes_are_told_apart():
    found = solve(cl.Conv2D(8, 3), size_in=(28, 32), size_out=(14, 33))
    assert 'padding="same" (width): m = ceil(n / s)' in found.proof
    assert "(height)" not in found.proof


def test_strides_and_dilation_of_different_axes():
    held = {"kernel_size": 3, "padding": "valid"}
    found = solve(cl.Conv2D(8, 3), size_in=(28, 28), size_out=(13, 24), bounds=held)
    assert not found.solutions
    assert "strides and dilation would both be more than 1" in found.proof
