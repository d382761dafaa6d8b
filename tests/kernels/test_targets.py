"""The same code for other processors: run where this one can, and verified where it cannot."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest
from llvmlite import binding, ir

from convlab.errors import ArgumentError
from convlab.kernels import choice
from convlab.kernels.vector import jobs, target
from convlab.kernels.vector.dense import write_item

HERE = Path(__file__).parent
WIDTHS = {"skylake-avx512": (target.AVX512, "avx512f"), "haswell": (target.AVX2, "avx2")}
WIDTHS["x86-64"] = (target.NARROW, "sse2")
on_x86 = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="names processors of the x86-64 kind"
)


@on_x86
@pytest.mark.parametrize("name", WIDTHS)
def test_a_named_processor_has_its_own_vectors(name, monkeypatch):
    monkeypatch.setenv("NUMBA_CPU_NAME", name)
    for kept in (target.machine, target.processor, target.host):
        kept.cache_clear()
    try:
        assert target.host() == WIDTHS[name][0]
    finally:
        for kept in (target.machine, target.processor, target.host):
            kept.cache_clear()


@on_x86
@pytest.mark.parametrize("name", ["haswell", "x86-64"])
def test_a_narrower_processor_computes_the_same(name):
    if not binding.get_host_cpu_features().get(WIDTHS[name][1]):
        pytest.skip(f"this processor does not have {WIDTHS[name][1]}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, str(HERE / "test_guard_zones.py")],
        env=os.environ | {"NUMBA_CPU_NAME": name, "CONVLAB_GUARDED": "800"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:]
    assert " passed" in result.stdout


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("vectors", [1, 2])
def test_the_code_for_64_bit_arm_is_accepted(dtype, vectors):
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    triple = "aarch64-unknown-linux-gnu"
    module = ir.Module("arm")
    module.triple = triple
    write_item(module, dtype, vectors, target.NARROW)
    jobs.write_jobs(module)
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    machine = binding.Target.from_triple(triple).create_target_machine(cpu="generic", opt=3)
    code = machine.emit_assembly(parsed)
    lanes = {"float32": "4s", "float64": "2d"}[dtype]
    assert "fmla\tv" in code
    assert f".{lanes}" in code
    assert set(re.findall(r"\tbl\t(\w+)", code)) <= {"drain"}  # no call to what is not here


@pytest.mark.parametrize(("kind", "expected"), [("", False), ("vector", False), ("portable", True)])
def test_which_twin_computes(kind, expected, monkeypatch):
    monkeypatch.setenv("CONVLAB_KERNELS", kind)
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    choice.portable.cache_clear()
    try:
        assert choice.portable() is expected
    finally:
        choice.portable.cache_clear()


def test_another_kind_of_kernels_is_refused(monkeypatch):
    monkeypatch.setenv("CONVLAB_KERNELS", "fast")
    choice.portable.cache_clear()
    try:
        with pytest.raises(ArgumentError, match="vector or portable.\n.*CONVLAB_KERNELS=fast"):
            choice.portable()
    finally:
        choice.portable.cache_clear()
