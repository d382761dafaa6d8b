"""Asks a backend, in a process of its own, what it says of many layers."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("ask_framework.py")

ENVIRONMENTS = {
    "tensorflow": {"KERAS_BACKEND": "tensorflow"},
    "tensorflow-plain": {"KERAS_BACKEND": "tensorflow", "TF_ENABLE_ONEDNN_OPTS": "0"},
    "jax": {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_cpu_multi_thread_eigen=false",
    },
    "torch": {"KERAS_BACKEND": "torch"},
}

COMMON = {
    "PYTHONHASHSEED": "0",  # sets are printed
    **dict.fromkeys(("OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"),  # the cases are small
    **dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"),
}

CRASHED = {"stage": "call", "error": "crash", "message": "the process ended"}


def ask(backend, cases):
    """Its versions, and an answer for each (class, arguments, shapes, computing).

    A case that ends the process is answered so, and the rest asked in another.
    """
    told, answers = _asked(backend, cases)
    while len(answers) < len(cases):
        answers.append(CRASHED)
        answers += _asked(backend, cases[len(answers) :])[1]
    return told, answers


def _asked(backend, cases):
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        input=json.dumps(cases),
        env=os.environ | COMMON | ENVIRONMENTS[backend],
        capture_output=True,
        text=True,
        timeout=7200,
        check=False,
    )
    if not done.stdout:
        raise RuntimeError(f"{backend} did not answer:\n{done.stderr[-3000:]}")
    told, *answers = map(json.loads, done.stdout.splitlines())
    return told["versions"], answers
