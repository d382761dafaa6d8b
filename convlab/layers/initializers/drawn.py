"""Initial values that are drawn at random: normal, uniform, scaled by the fans, orthogonal."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.layers.initializers.constant import Initializer

Array = NDArray[Any]

# The standard deviation of a standard normal distribution that is cut off at 2.
_TRUNCATED_STDDEV = 0.87962566103423978


class RandomInitializer(Initializer):
    """The base of random initializers.

    Args:
        seed: an integer; None draws a seed once, so that one instance repeats itself.
    """

    def __init__(self, seed: int | None = None) -> None:
        if seed is not None and not isinstance(seed, (int, np.integer)):
            raise ArgumentError(
                f"`seed` argument should be an integer or None. Received: seed={seed}",
                received=f"seed={seed}",
                remedy="Use an integer such as seed=1, or None.",
                argument="seed",
                fixes=[{"seed": None}],
            )
        self.seed = seed
        # As in Keras, `random.seed(...)` makes unseeded initializers repeatable.
        self._stream = random.randint(1, 10**9) if seed is None else int(seed) & (2**64 - 1)

    def generator(self) -> np.random.Generator:
        """A fresh stream of random numbers: the same at every call."""
        return np.random.default_rng(self._stream)


class RandomNormal(RandomInitializer):
    """Normally distributed values."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        return self.generator().normal(self.mean, self.stddev, shape)


class TruncatedNormal(RandomNormal):
    """Normally distributed values, drawn again while beyond two standard deviations."""

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        return self.mean + self.stddev * _truncated_normal(self.generator(), shape)


class RandomUniform(RandomInitializer):
    """Uniformly distributed values from `minval` to `maxval`."""

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None
    ) -> None:
        super().__init__(seed)
        self.minval = minval
        self.maxval = maxval

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        return self.generator().uniform(self.minval, self.maxval, shape)


class VarianceScaling(RandomInitializer):
    """Values whose variance is `scale / n`, with n from the shape of the weight.

    Args:
        scale: a positive number.
        mode: which n: `"fan_in"`, `"fan_out"` or `"fan_avg"`, the mean of both.
        distribution: `"truncated_normal"` (also `"normal"`), `"untruncated_normal"` or `"uniform"`.
        seed: an integer or None.
        input_axes: the axes of the weight that count as inputs; None: see `compute_fans`.
        output_axes: the axes of the weight that count as outputs.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(seed)
        if scale <= 0:
            raise ArgumentError(
                f"Argument `scale` must be positive float. Received: scale={scale}",
                received=f"scale={scale}",
                remedy="Use scale=1.0 or another number above 0.",
                argument="scale",
            )
        self.scale = scale
        self.mode = _one_of(mode, "mode", ("fan_in", "fan_out", "fan_avg"))
        distribution = str(distribution).lower()
        self.distribution = _one_of(
            "truncated_normal" if distribution == "normal" else distribution,
            "distribution",
            ("uniform", "truncated_normal", "untruncated_normal"),
        )
        self.input_axes = input_axes
        self.output_axes = output_axes

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        variance = self.scale / max(1.0, fans[self.mode])
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return self.generator().uniform(-limit, limit, shape)
        if self.distribution == "untruncated_normal":
            return self.generator().normal(0, math.sqrt(variance), shape)
        stddev = math.sqrt(variance) / _TRUNCATED_STDDEV
        return stddev * _truncated_normal(self.generator(), shape)


class _NamedScaling(VarianceScaling):
    """A variance scaling that has a name of its own and fixed arguments."""

    law: tuple[float, str, str]

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(*self.law, seed, input_axes, output_axes)


class GlorotUniform(_NamedScaling):
    """Uniform within +-sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010)."""

    law = (1.0, "fan_avg", "uniform")


class GlorotNormal(_NamedScaling):
    """Truncated normal of variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""

    law = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_NamedScaling):
    """Uniform within +-sqrt(6 / fan_in) (He et al., 2015)."""

    law = (2.0, "fan_in", "uniform")


class HeNormal(_NamedScaling):
    """Truncated normal of variance 2 / fan_in (He et al., 2015)."""

    law = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_NamedScaling):
    """Uniform within +-sqrt(3 / fan_in) (Klambauer et al., 2017)."""

    law = (1.0, "fan_in", "uniform")


class LecunNormal(_NamedScaling):
    """Truncated normal of variance 1 / fan_in (Klambauer et al., 2017)."""

    law = (1.0, "fan_in", "truncated_normal")


class Orthogonal(RandomInitializer):
    """Orthogonal rows or columns (the shorter side), times `gain` (Saxe et al., 2014).

    A weight of higher rank is made as the matrix `(prod(shape[:-1]), shape[-1])`.
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def values(self, shape: tuple[int, ...]) -> Array:
        """The values in float64."""
        if len(shape) < 2:
            raise ShapeError(
                "The tensor to initialize must be at least two-dimensional. "
                f"Received: shape={shape} of rank {len(shape)}.",
                received=f"shape={shape} of rank {len(shape)}",
                remedy="Use another initializer for it, such as 'zeros'.",
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        normal = self.generator().normal(size=(max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(normal)
        q *= np.sign(np.diag(r))  # without it, the law would not be uniform over rotations
        return self.gain * (q.T if rows < columns else q).reshape(shape)


def compute_fans(
    shape: Sequence[int],
    input_axes: Sequence[int] | None = None,
    output_axes: Sequence[int] | None = None,
) -> tuple[int, int]:
    """How many numbers go into one output, and how many outputs one number goes to.

    >>> compute_fans((3, 3, 4, 8))
    (36, 72)
    >>> compute_fans((8,))
    (8, 8)
    """
    shape = tuple(shape)
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[a] for a in input_axes), math.prod(shape[a] for a in output_axes)
    if len(shape) < 2:
        return math.prod(shape), math.prod(shape)
    receptive_field = math.prod(shape[:-2])
    return shape[-2] * receptive_field, shape[-1] * receptive_field


def _truncated_normal(generator: np.random.Generator, shape: tuple[int, ...]) -> Array:
    values = generator.standard_normal(shape)
    while (beyond := np.abs(values) > 2).any():
        values[beyond] = generator.standard_normal(np.count_nonzero(beyond))
    return values


def _one_of(value: str, name: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ArgumentError(
            f"Invalid `{name}` argument: {value}. Please use one of {set(allowed)}",
            received=f"{name}={value!r}",
            remedy=f"Use {name}={allowed[0]!r}.",
            argument=name,
            fixes=[{name: choice} for choice in allowed],
        )
    return value
