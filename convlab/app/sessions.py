"""One kernel an open page: how many there may be, how they start, what they may be told."""

from __future__ import annotations

import asyncio
import os
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from tornado.web import HTTPError
from traitlets import Integer

STARTING = max(2, os.cpu_count() or 1)  # kernels at a time
QUIET = 0.25  # seconds without a message, after which a kernel has done what its page asked first
PATIENCE = 15  # seconds after which the next one starts anyway
STARTUP_TIMEOUT = 30  # seconds after which a kernel that has not answered is given up

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
    """The kernels of the open pages: at most `max_sessions`, `STARTING` of them at a time."""

    max_sessions = Integer(8, config=True, help="How many pages may be open at once.")

    def __init__(self, **kwargs: Any) -> None:
        # Voila hands the list over as an argument, which wins over any configuration. A page ends
        # its kernel through the server; nobody else need be able to, by knowing the kernel's id.
        allowed = kwargs.get("allowed_message_types", [])
        kwargs["allowed_message_types"] = [kind for kind in allowed if kind != "shutdown_request"]
        kwargs["kernel_manager_class"] = f"{Kernel.__module__}.{Kernel.__qualname__}"
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._reserved: set[str] = set()
        self._gate = asyncio.Semaphore(STARTING)
        self._watches: set[asyncio.Task[None]] = set()

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel for a page, or refuse at once with 503 when all places are taken."""
        if len(self._reserved.union(self.list_kernel_ids())) >= self.max_sessions:
            raise HTTPError(503, "open now: %d", self.max_sessions)
        kernel_id = str(uuid.uuid4())
        kwargs["env"] = {**ENVIRONMENT, **kwargs.get("env", os.environ)}
        self._reserved.add(kernel_id)
        await self._gate.acquire()
        try:
            return await super().start_kernel(kernel_id=kernel_id, **kwargs)
        finally:
            self._reserved.discard(kernel_id)
            watch = asyncio.create_task(self._watch_start(kernel_id))
            self._watches.add(watch)
            watch.add_done_callback(self._watches.discard)

    async def _watch_start(self, kernel_id: str) -> None:
        """Let the next kernel start when this one has run its page's cell; end one that hangs.

        Started all at once, eight kernels slow each other down until none is done in time. And of
        one that never answers Voila says nothing: it would hold its place for good.
        """
        await self._until(lambda: self._settled(kernel_id), PATIENCE)
        self._gate.release()
        await self._until(lambda: not self._starting(kernel_id), STARTUP_TIMEOUT)
        if self._starting(kernel_id):
            self.log.error("Kernel %s did not start in %d seconds", kernel_id, STARTUP_TIMEOUT)
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]

    def _starting(self, kernel_id: str) -> bool:
        kernel: Any = self.get_kernel(kernel_id) if kernel_id in self else None
        return bool(kernel and kernel.execution_state == "starting")

    def _settled(self, kernel_id: str) -> bool:
        if kernel_id not in self:
            return True
        kernel: Any = self.get_kernel(kernel_id)
        quiet = (datetime.now(UTC) - kernel.last_activity).total_seconds()
        return bool(kernel.execution_state == "idle" and quiet > QUIET)

    async def _until(self, condition: Callable[[], bool], patience: float) -> None:
        deadline = time.monotonic() + patience
        while not condition() and time.monotonic() < deadline:
            await asyncio.sleep(QUIET / 4)
