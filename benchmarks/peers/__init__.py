"""The peers that convlab is timed against: each module turns a workload into calls of one of them.

A module has `NAME`, `version()`, `use_threads(count)`, `running()` (a context in which its calls
are made) and `calls(work, x, weights)`: the ways to compute the workload, by name, of which the
fastest counts. Tensors are made beforehand in the peer's own layout: no conversion is counted.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

MODULES = {"torch": "pytorch", "tf": "tensorflow_ops", "keras": "keras_layer", "jax": "jax_jit"}


class Call(NamedTuple):
    """One way to compute a workload.

    Args:
        run: computes it, and waits for the result.
        to_numpy: turns what `run` returns into an array, channels_last.
    """

    run: Callable[[], Any]
    to_numpy: Callable[[Any], np.ndarray]


def limit_threads(count: int) -> None:
    """Let every library use so many threads; to be called before any of them is imported.

    The whole process, and what it starts, keeps to as many processors: a library that counts them
    itself finds no more.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])
    for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"):
        os.environ[name] = str(count)


def installed(names: list[str], threads: int) -> dict[str, ModuleType]:
    """The modules of those peers that are installed; of another, a line says that it is not."""
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    os.environ |= {"JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1"}
    found = {}
    for name in names:
        try:
            found[name] = importlib.import_module(f"peers.{MODULES[name]}")
        except ImportError as error:
            print(f"{name} is left out: {error}")
        else:
            found[name].use_threads(threads)
    return found
