"""Code for PyTorch that computes the same."""

from convlab.models.code.to_torch.module import written

__all__ = ["written"]
