"""Output sizes by counting: windows and stamps are laid down one by one. Nothing of convlab."""


def windows(n, k, s, d, padding):
    """The output size of a convolution: windows are laid down until they do not fit."""
    if padding == "valid":
        return sum(1 for start in range(0, n, s) if start + (k - 1) * d < n)
    return len(range(0, n, s))


def stamps(n, k, s, d, padding, extra):
    """The output size of a transposed convolution: stamps are laid down, and cropped."""
    reach = 1 + max(tap * d for tap in range(k))
    last = max(cell * s + tap * d for cell in range(n) for tap in range(k)) + 1
    if padding == "valid":
        return max(last, n * s) if extra is None else last + extra
    return n * s if extra is None else last - reach + (1 if reach % 2 else 0) + extra
