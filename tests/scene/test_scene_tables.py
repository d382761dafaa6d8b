"""The tables of every layer's axes against its geometry; how they travel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_scenes import CASES, scene_of_case
from travelling import arrived

from convlab.geometry import READ, Resampling, nearest, transposed, upsampling
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.scene import Axis, as_plain

SEEDS = range(3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "data_format"), CASES)
def test_the_axes_are_the_geometry(name, data_format, seed):
    layer, x, scene = scene_of_case(name, data_format, seed)
    steps = layer.geometry(x.shape)
    shown = scene.steps[:2] if isinstance(layer, ConvLSTM) else scene.steps
    for step, geometries in zip(shown, steps, strict=True):
        for axis, geometry in zip(step.axes, geometries, strict=True):
            assert np.array_equal(axis.taps, geometry.taps())
            assert np.array_equal(axis.readers, geometry.readers())
            positions, marks = geometry.positions()
            assert np.array_equal(axis.positions, positions)
            assert np.array_equal(axis.marks, marks)
            assert np.array_equal(np.where(axis.marks == READ, axis.positions, -1), axis.taps)
            assert np.array_equal(axis.read_counts(), geometry.read_counts())
            assert axis.never_read == geometry.never_read()
            assert (axis.size_out, axis.kernel) == (geometry.size_out, geometry.kernel)
            if isinstance(geometry, Resampling):
                assert np.array_equal(axis.weights, geometry.weights())
                assert not axis.transposed
                continue
            assert axis.weights is None
            assert (axis.stride, axis.dilation) == (geometry.stride, geometry.dilation)
            assert axis.transposed == geometry.transposed
            if not axis.transposed:
                assert axis.stamps is None
                ends = (axis.crop_before, axis.crop_after, axis.added_before, axis.added_after)
                assert ends == (0, 0, 0, 0)


TRANSPOSED = st.tuples(
    st.integers(1, 9), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3),
    st.sampled_from(["valid", "same"]), st.none() | st.integers(0, 3),
)  # fmt: skip


@given(TRANSPOSED)
def test_stamps_are_where_each_input_falls(arguments):
    size, kernel, stride, dilation, padding, extra = arguments
    extra = None if extra is None else min(extra, stride - 1)
    geometry = transposed(size, kernel, stride, dilation, padding, extra)
    axis = Axis.of("steps", geometry)
    for cell in range(size):
        for tap in range(kernel):
            output = cell * stride + tap * dilation - geometry.crop_before
            assert axis.stamps[cell, tap] == output
            read = axis.readers[cell, tap]
            assert read == (output if 0 <= output < axis.size_out else -1)
    full = max(0, axis.stamps.max() + 1 - axis.size_out)
    assert axis.crop_before == -min(0, axis.stamps.min())
    assert axis.crop_after == full  # what lies behind the output, and no more
    assert axis.added_before + axis.added_after >= max(0, axis.size_out - 1 - axis.stamps.max())
    if extra is not None:
        assert axis.added_before + axis.added_after == extra


@given(st.integers(1, 6), st.integers(1, 4))
def test_repeated_cells_are_stamps_side_by_side(size, factor):
    axis = Axis.of("steps", nearest(size, factor))
    assert axis.stamps.ravel().tolist() == list(range(size * factor))
    assert axis.tap_counts().tolist() == [1] * (size * factor)
    assert (axis.crop_before, axis.crop_after, axis.added_before, axis.added_after) == (0, 0, 0, 0)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "lanczos3", "lanczos5"])
def test_a_resampled_axis_has_no_padding(interpolation):
    axis = Axis.of("height", upsampling(4, 3, interpolation))
    assert (axis.pad_before, axis.pad_after) == (0, 0)
    assert np.allclose(axis.weights.sum(axis=1), 1, atol=1e-6)
    assert (axis.weights[axis.marks != READ] == 0).all()


@pytest.mark.parametrize(("name", "data_format"), CASES)
def test_what_travels_is_what_was_there(name, data_format):
    _, _, scene = scene_of_case(name, data_format, 0)
    sent = arrived(as_plain(scene))
    assert (sent["rank"], tuple(sent["selectable"])) == (scene.rank, scene.selectable)
    _same(scene, sent)


def _same(there, sent):
    """Every field of a dataclass, and of those in it, is in what was sent."""
    for name, value in vars(there).items():
        plain = sent[name]
        if isinstance(value, np.ndarray):
            assert np.array_equal(plain, value)
            assert plain.dtype == value.dtype
        elif hasattr(value, "__dataclass_fields__"):
            _same(value, plain)
        elif isinstance(value, tuple) and value and hasattr(value[0], "__dataclass_fields__"):
            for item, sent_item in zip(value, plain, strict=True):
                _same(item, sent_item)
        else:
            assert plain == _listed(value)


def _listed(value):
    return [_listed(item) for item in value] if isinstance(value, tuple) else value
