"""Functions that code for PyTorch brings along, as text."""

from __future__ import annotations

PAD_SAME = '''
def pad_same(x, kernel, stride, dilation, value=0.0):
    """Pad as Keras's "same" does: ceil(size / stride) windows fit, and an odd cell goes behind."""
    pads = []
    for n, k, s, d in zip(x.shape[2:], kernel, stride, dilation):
        total = max((math.ceil(n / s) - 1) * s + (k - 1) * d + 1 - n, 0)
        pads = [total // 2, total - total // 2, *pads]  # F.pad begins with the last axis
    return F.pad(x, pads, value=value)
'''

MEAN_OF_REAL = '''
def mean_of_real(pool, x, kernel, stride):
    """An average pooling with Keras's "same", which does not count the padding."""
    ones = torch.ones_like(x)
    real = pool(pad_same(ones, kernel, stride, [1] * len(kernel)))
    return pool(pad_same(x, kernel, stride, [1] * len(kernel))) / real
'''

SPARSEMAX = '''
def sparsemax(x, dim):
    """Keras's sparsemax."""
    ordered = x.sort(dim, descending=True).values
    running = ordered.cumsum(dim)
    ranks = torch.ones_like(x).cumsum(dim)
    support = ordered > (running - 1) / ranks
    total = torch.where(support, running, 0).sum(dim, keepdim=True)
    return F.relu(x - (total - 1) / support.sum(dim, keepdim=True))
'''

HELPERS = {"pad_same": PAD_SAME, "mean_of_real": MEAN_OF_REAL, "sparsemax": SPARSEMAX}
