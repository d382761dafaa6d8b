"""The output sizes of many axes at once: the size formula of one axis, over arrays of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from convlab.geometry.axis import AxisGeometry
from convlab.geometry.formula import Expression
from convlab.geometry.resampling import Resampling

if TYPE_CHECKING:
    from convlab.geometry.derivation import Step


def size_steps(axis: AxisGeometry | Resampling) -> tuple[Step, ...]:
    """The lines of an axis's derivation up to that of its output size; none where it has none.

    >>> from convlab.geometry import convolution
    >>> [str(step.formula) for step in size_steps(convolution(None, 3, padding="causal"))]
    ['(k - 1)*d + 1', 'K - 1', '(n + P_before + P_after - K)//s + 1']
    """
    steps = axis.derivation()
    ends = [place for place, step in enumerate(steps) if step.symbol == "m"]
    return steps[: ends[0] + 1] if ends else ()


def size_formula(axis: AxisGeometry | Resampling) -> Expression:
    """The formula of an axis's output size."""
    return size_steps(axis)[-1].formula


def sizes_out(axis: AxisGeometry | Resampling, **numbers: Any) -> NDArray[np.int64]:
    """The output sizes of axes of one rule, for arrays of its numbers.

    Args:
        axis: an axis of the rule; what is not given in `numbers` is as it is here.
        **numbers: by their symbols, such as `n` input sizes, `k` kernels, `s` strides, `d`
            dilations and `p` output paddings: arrays that can be broadcast together.

    Returns:
        The sizes; where no window fits, 0 or less.

    Example:
        >>> from convlab.geometry import convolution
        >>> sizes_out(convolution(None, 3), n=np.array([2, 3, 28]), s=2)
        array([ 0,  1, 13])
    """
    known: dict[str, Any] = dict(numbers)
    found = None
    for step in size_steps(axis):
        given = {name: value for name, value in step.values if value is not None}
        found = step.formula.values(**(given | known))
        known[step.symbol] = found
    return np.asarray(found, dtype=np.int64)
