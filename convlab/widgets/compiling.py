"""The first computation of all compiles the kernels: that must not look like a hang."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from convlab import kernels

MESSAGE = "compiling kernels (first run only)"


def when_compiled(then: Callable[[], None], busy: Callable[[str | None], None]) -> None:
    """Calls `then` once the kernels are compiled, without holding up the page.

    In a notebook or in Voila the compiling runs beside the event loop, so that the page shows at
    once and says what it waits for; in a script it runs here and now.

    Args:
        then: what needs the kernels; called in this thread.
        busy: called with the message to show while they are compiled, and with None after.
    """
    if kernels.is_compiled():
        then()
        return
    busy(MESSAGE)

    def finish() -> None:
        busy(None)
        then()

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        kernels.warm_up()
        finish()
        return

    def work() -> None:
        try:
            kernels.warm_up()
        finally:  # what failed here fails again, and is told, at the first computation
            loop.call_soon_threadsafe(finish)

    threading.Thread(target=work, name="convlab-compile", daemon=True).start()
