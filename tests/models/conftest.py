"""Fixtures of the models' tests."""

import os

import pytest


@pytest.fixture(scope="session")
def torch():
    """The installed PyTorch. Absent, it skips on a user's machine, fails in CI."""
    try:
        import torch
    except ImportError as error:
        reason = f"PyTorch is absent: pip install 'convlab[test]' ({error})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return torch
