"""Loops over arrays, driven by plans of integers; they know no layer.

Numba comes in with the first computation: importing this package does not import it.
"""

from convlab.kernels.convolution import convolve
from convlab.kernels.gradient import exchanged, input_gradient, kernel_gradient
from convlab.kernels.plan import ConvolutionPlan, convolution_plan
from convlab.kernels.start import is_compiled, warm_up

__all__ = [
    "ConvolutionPlan",
    "convolution_plan",
    "convolve",
    "exchanged",
    "input_gradient",
    "is_compiled",
    "kernel_gradient",
    "warm_up",
]
