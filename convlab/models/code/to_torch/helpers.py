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

CUBIC = '''
def cubic(x, dim, factor):
    """The weights of TensorFlow's bicubic upsampling along an axis: (size * factor, size).

    They are those of Keys, a = -1/2 (PyTorch's are of a = -3/4), for fractions in steps of 1/1024.
    """
    size = x.shape[dim]
    at = (torch.arange(size * factor) + 0.5) * (1 / factor) - 0.5
    t = ((at - at.floor()) * 1024).round()[:, None] / 1024
    near, far = torch.cat([t, 1 - t], 1), torch.cat([1 + t, 2 - t], 1)
    near = (1.5 * near - 2.5) * near**2 + 1
    far = ((-0.5 * far + 2.5) * far - 4) * far + 2
    cells = at.floor().long()[:, None] + torch.tensor([0, 1, -1, 2])
    return weights_of(x, cells, torch.cat([near, far], 1), size)
'''

LANCZOS = '''
def lanczos(x, dim, factor, radius):
    """The weights of TensorFlow's Lanczos upsampling along an axis: (size * factor, size)."""
    size = x.shape[dim]
    at = (torch.arange(size * factor) + 0.5) * (1 / factor)
    cells = (at - radius - 0.5).ceil().long()[:, None] + torch.arange(2 * radius + 1)
    t = (cells + 0.5 - at[:, None]).abs()
    return weights_of(x, cells, torch.sinc(t) * torch.sinc(t / radius) * (t <= radius), size)
'''

WEIGHTS_OF = '''
def weights_of(x, cells, weights, size):
    """A matrix of the weights of cells; what lies beyond the edge is shared out among the rest."""
    weights = weights * ((cells >= 0) & (cells < size))
    weights = weights / weights.sum(1, keepdim=True)
    matrix = torch.zeros(len(cells), size).scatter_add(1, cells.clamp(0, size - 1), weights)
    return matrix.to(x)
'''

HELPERS = {
    "weights_of": WEIGHTS_OF,
    "cubic": CUBIC,
    "lanczos": LANCZOS,
    "pad_same": PAD_SAME,
    "mean_of_real": MEAN_OF_REAL,
    "sparsemax": SPARSEMAX,
}
