"""Loops over arrays, driven by plans of integers; they know no layer.

Numba and llvmlite come in with the first computation: importing this package imports neither.
"""

from convlab.kernels.convolution import Prepared, convolve, prepared
from convlab.kernels.gradient import (
    depthwise_kernel_gradient,
    exchanged,
    input_gradient,
    kernel_gradient,
)
from convlab.kernels.moving import moved, moved_back
from convlab.kernels.resample import picked, resampled, resampled_gradient
from convlab.kernels.start import is_compiled, warm_up
from convlab.kernels.windows import (
    depthwise,
    depthwise_input_gradient,
    maxima_gradient,
    window_maxima,
    window_sums,
)

__all__ = [
    "Prepared",
    "convolve",
    "depthwise",
    "depthwise_input_gradient",
    "depthwise_kernel_gradient",
    "exchanged",
    "input_gradient",
    "is_compiled",
    "kernel_gradient",
    "maxima_gradient",
    "moved",
    "moved_back",
    "picked",
    "prepared",
    "resampled",
    "resampled_gradient",
    "warm_up",
    "window_maxima",
    "window_sums",
]
