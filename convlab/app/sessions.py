"""One kernel an open page: how many there may be, how they start, what they may be told."""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from typing import Any

from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from tornado.web import HTTPError
from traitlets import Integer

# Threads reserve address space whether they use it or not, and every library starts one a core:
# on a large machine that alone would exceed the kernel's limit.
THREADS = str(min(4, os.cpu_count() or 1))
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": THREADS,
    "NUMBA_NUM_THREADS": THREADS,
}


class Kernel(ServerKernelManager):
    """Starts the limited kernel with the Python that runs the server.

    A kernelspec of the user's that is also called python3 could name any interpreter, one without
    convlab among them; so it is not consulted.
    """

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command line of the kernel process."""
        module = [sys.executable, "-m", "convlab.app.kernel"]
        return [*module, "-f", self.connection_file, "--log-level=ERROR", *(extra_arguments or [])]


class Sessions(AsyncMappingKernelManager):
    """The kernels of the open pages: at most `max_sessions`, two of them starting at a time."""

    max_sessions = Integer(8, config=True, help="How many pages may be open at once.")

    def __init__(self, **kwargs: Any) -> None:
        # Voila hands the list over as an argument, which wins over any configuration. A page ends
        # its kernel through the server; nobody else need be able to, by knowing the kernel's id.
        allowed = kwargs.get("allowed_message_types", [])
        kwargs["allowed_message_types"] = [kind for kind in allowed if kind != "shutdown_request"]
        kwargs["kernel_manager_class"] = f"{Kernel.__module__}.{Kernel.__qualname__}"
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._reserved: set[str] = set()
        self._gate = asyncio.Semaphore(2)

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel for a page, or refuse at once with 503 when all places are taken."""
        if len(self._reserved.union(self.list_kernel_ids())) >= self.max_sessions:
            raise HTTPError(503, "all %d sessions are taken", self.max_sessions)
        kernel_id = str(uuid.uuid4())
        kwargs["env"] = {**ENVIRONMENT, **kwargs.get("env", os.environ)}
        self._reserved.add(kernel_id)
        try:
            async with self._gate:
                return await super().start_kernel(kernel_id=kernel_id, **kwargs)
        finally:
            self._reserved.discard(kernel_id)
