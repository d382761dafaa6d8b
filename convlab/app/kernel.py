"""The Python process behind one open page: an IPython kernel with a ceiling on what it may take.

Started by the server as `python -m convlab.app.kernel -f CONNECTION_FILE`. The limits are the
operating system's own, so a page that asks for too much gets a MemoryError and lives on, and a
class on one machine cannot be starved by one of its members. Where the system has no such limits
(Windows), or refuses one (macOS), the kernel runs without.
"""

from __future__ import annotations

import contextlib
import importlib

LIMITS = {
    "RLIMIT_AS": 2 * 1024**3,  # address space; NumPy, Numba, matplotlib and the widgets fit in half
    "RLIMIT_FSIZE": 16 * 1024**2,  # the largest file it may write
    "RLIMIT_CORE": 0,  # no core dumps
    "RLIMIT_NOFILE": 256,  # open files and sockets
}


def limit_resources() -> dict[str, int]:
    """Lower the limits of this process to `LIMITS`, and say which the system accepted."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:
        return {}
    accepted = {}
    for name, ceiling in LIMITS.items():
        limit = getattr(resource, name)
        hard = resource.getrlimit(limit)[1]
        value = ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
            accepted[name] = value
    return accepted


if __name__ == "__main__":
    limit_resources()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
