"""From the text of a module to the address of its functions, by way of a file that is kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
from llvmlite import binding, ir

from convlab.kernels.cache import folder
from convlab.kernels.vector.target import machine, processor

_ENGINES: list[Any] = []
"""What holds the code in memory: it is never given back."""


def assembled(name: str, write: Callable[[Any], None]) -> dict[str, int]:
    """The addresses of the functions of a module, compiled or read from the disk.

    Args:
        name: the module's name; it must tell apart modules that are written differently.
        write: adds the functions to an empty `llvmlite.ir.Module`; not called if the disk has them.

    Returns:
        The address of each function by its name.
    """
    path = folder() / f"{name}-{_digest()}.bin"
    code = _kept(path)
    if code is None:
        code = _compiled(name, write)
        _keep(path, code)
    names, _, object_code = code.partition(b"\n")
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(object_code))
    engine.finalize_object()
    _ENGINES.append(engine)
    functions = names.decode().split()
    return {function: engine.get_function_address(function) for function in functions}


def _compiled(name: str, write: Callable[[Any], None]) -> bytes:
    """A line with the names of the functions, and the object code."""
    module = ir.Module(name)
    module.triple = binding.get_process_triple()
    module.data_layout = str(machine().target_data)
    write(module)
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    options = binding.create_pipeline_tuning_options(speed_level=2)
    builder = binding.create_pass_builder(machine(), options)
    builder.getModulePassManager().run(parsed, builder)
    names = [function.name for function in module.functions if not function.is_declaration]
    return " ".join(names).encode() + b"\n" + bytes(machine().emit_object(parsed))


@cache
def _digest() -> str:
    """What object code depends on beside the sources of the kernels, which name the folder."""
    told = (binding.get_process_triple(), *processor(), llvmlite.__version__)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def _kept(path: Path) -> bytes | None:
    """The code in a file, if it is whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, code = data[:32], data[32:]
    return code if hashlib.sha256(code).digest() == digest else None


def _keep(path: Path, code: bytes) -> None:
    """Write a file at once or not at all; a full disk is done without."""
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        beside.write_bytes(hashlib.sha256(code).digest() + code)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
