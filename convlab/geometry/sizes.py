"""The size formulas of a convolutional axis, each written once.

    n  input size     m  output size    k  kernel size    s  stride    d  dilation
    K  reach of the dilated kernel      P  padding in all, P_before + P_after
    f  size of a full scatter           C_before, C_after  what is cropped from it

Source: the rules that Keras 3 documents for `padding="valid"`, `"same"` and `"causal"`; `same`
puts the odd cell of padding at the end, as TensorFlow does.
"""

from convlab.geometry.formula import Symbol, ceil_div, maximum

n, m, k, s, d = (Symbol(name) for name in "nmksd")
K, P = Symbol("K"), Symbol("P")
P_before = Symbol("P_before", r"P_{\text{before}}")
P_after = Symbol("P_after", r"P_{\text{after}}")
C_before = Symbol("C_before", r"C_{\text{before}}")
C_after = Symbol("C_after", r"C_{\text{after}}")
o, t = Symbol("o"), Symbol("t")  # an output index, and a tap of the kernel
f = Symbol("f")  # the size of a full scatter

REACH = (k - 1) * d + 1
"""How many cells the kernel spans."""

GATHER_SIZE = (n + P_before + P_after - K) // s + 1
"""How many windows fit into the padded input."""

VALID_SIZE = (n - K) // s + 1
SAME_SIZE = ceil_div(n, s)
SAME_PADDING = maximum((m - 1) * s + K - n, 0)
SAME_BEFORE = P // 2
SAME_AFTER = P - P_before
CAUSAL_BEFORE = K - 1

FULL_SIZE = (n - 1) * s + K
"""How many cells the stamps of a scatter cover, before anything is cropped."""

SCATTER_SIZE = f - C_before - C_after
"""What cropping leaves of the full scatter; a negative crop adds cells."""

UNREAD = n + P_before + P_after - K - (m - 1) * s
"""What the stride leaves over behind the last window."""

INDEX = s * o + d * t - P_before
"""The input index that output `o` reads through tap `t`."""

SCATTER_INDEX = (o + C_before - d * t) // s
"""The same in a scatter, where the division leaves no remainder; elsewhere nothing is read."""

p = Symbol("p")  # output padding
E = Symbol("E")  # how much larger the full scatter is than the output

TRANSPOSED_VALID_SIZE = (n - 1) * s + maximum(K, s)
TRANSPOSED_SAME_SIZE = n * s
PADDED_VALID_SIZE = (n - 1) * s + K + p
"""The size with `padding="valid"` and a given output padding `p`."""

PADDED_SAME_SIZE = (n - 1) * s + (K - K // 2 * 2) + p
"""The size with `padding="same"` and a given output padding `p`: 1 more for an odd reach."""

EXCESS = f - m
SAME_CROP_BEFORE = maximum(E, 0) // 2
CROP_AFTER = E - C_before

r = Symbol("r")  # the factor of an upsampling
UPSAMPLED_SIZE = n * r
REPEATED_INDEX = o // r
"""The input index that output `o` repeats."""

CENTRE = (2 * o + 1 - r) // (2 * r)
"""The input index at or before output `o`, whose cell's centre is `(o + 1/2)/r - 1/2`."""

RESIZED_CENTRE = (n * (2 * o + 1) - m) // (2 * m)
"""The same for any two sizes, where the cell's centre is `(o + 1/2)*n/m - 1/2`."""

CROPPED_SIZE = n - C_before - C_after
PADDED_SIZE = n + P_before + P_after
CROPPED_INDEX = o + C_before
PADDED_INDEX = o - P_before
