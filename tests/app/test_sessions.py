"""The kernels of the pages: the cap while some are still starting, the gate, one that hangs."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError

from convlab.app import sessions
from convlab.app.sessions import Kernel, Sessions


def run(coroutine):
    """Run in another thread: in this one the browser tests may have a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_those_that_are_starting_count(monkeypatch):
    async def never(self, **kwargs):
        await asyncio.sleep(3600)

    async def scenario():
        manager = Sessions(max_sessions=2)
        starting = [asyncio.create_task(manager.start_kernel(env={})) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(HTTPError, match="503"):
            await manager.start_kernel(env={})
        for task in starting:
            task.cancel()

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", never)
    run(scenario())


def test_no_more_start_at_once_than_the_machine_bears(monkeypatch):
    begun = []

    async def begin(self, kernel_id, **kwargs):
        begun.append(kernel_id)
        return kernel_id

    async def scenario():
        manager = Sessions(max_sessions=9)
        settled = asyncio.Event()
        monkeypatch.setattr(manager, "_settled", lambda kernel_id: settled.is_set())
        tasks = [asyncio.create_task(manager.start_kernel(env={})) for _ in range(5)]
        await asyncio.sleep(0.05)
        assert len(begun) == 2
        settled.set()
        await asyncio.wait_for(asyncio.gather(*tasks), timeout=5)
        assert len(set(begun)) == 5

    monkeypatch.setattr(sessions, "STARTING", 2)
    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", begin)
    run(scenario())


def test_one_that_never_answers_is_ended(monkeypatch, tmp_path):
    async def scenario():
        manager = Sessions(connection_dir=str(tmp_path))
        kernel_id = await manager.start_kernel(kernel_name="python3", env=dict(os.environ))
        process = manager.get_kernel(kernel_id).provisioner.process
        assert kernel_id in manager
        for _ in range(100):
            if kernel_id not in manager:
                break
            await asyncio.sleep(0.1)
        assert kernel_id not in manager
        assert process.poll() is not None

    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(Kernel, "format_kernel_cmd", lambda self, extra_arguments=None: sleeper)
    monkeypatch.setattr(sessions, "STARTUP_TIMEOUT", 0.5)
    monkeypatch.setattr(sessions, "PATIENCE", 0.5)
    run(scenario())


def test_the_kernel_is_that_of_this_python():
    command = Kernel(connection_file="there.json").format_kernel_cmd()
    assert command[:5] == [sys.executable, "-m", "convlab.app.kernel", "-f", "there.json"]
    assert command[-1] == "--log-level=ERROR"


def test_no_page_may_shut_a_kernel_down_by_message():
    manager = Sessions(allowed_message_types=["comm_msg", "shutdown_request"])
    assert manager.allowed_message_types == ["comm_msg"]
