"""Fresh processes: what is imported when, where compiled code is kept, and without the JIT."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from convlab.kernels import cache

TESTS = Path(__file__).parent.parent


def run(code, **environment):
    """The output of some code in a fresh process."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def test_llvm_comes_with_the_first_computation_and_numba_not_at_all():
    code = """if True:
        import sys, numpy as np, convlab
        layer = convlab.layers.Conv2D(2, 3)
        layer.build((None, 5, 5, 1))
        layer.geometry((None, 5, 5, 1)), layer.cost((None, 5, 5, 1))
        from convlab.kernels import is_compiled
        is_compiled()
        print("numba" in sys.modules, "llvmlite" in sys.modules)
        layer(np.ones((1, 5, 5, 1)))
        print("numba" in sys.modules, "llvmlite" in sys.modules)
    """
    vector = os.environ.get("CONVLAB_KERNELS") != "portable"
    assert run(code) == ["False", "False", str(not vector), "True"]


CONVOLVE = """if True:
    import numpy as np
    from convlab import kernels
    from convlab.kernels import cache
    from convlab.layers import Conv2D
    print(kernels.is_compiled())
    y = Conv2D(1, 2, kernel_initializer="ones")(np.ones((1, 2, 2, 1)))
    print(y.item(), kernels.is_compiled(), cache.folder())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork is POSIX's")
def test_a_forked_process_computes():
    code = """if True:
        import os, numpy as np
        from convlab.layers import Conv2D
        layer, x = Conv2D(32, 3, kernel_initializer="ones"), np.ones((4, 40, 40, 32), "float32")
        layer(x)  # enough work for the threads
        child = os.fork()
        if not child:
            print(layer(x).max(), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
    """
    assert run(code) == ["288.0"]


def compiled(folder, kind="*.bin"):
    return sorted(path for path in Path(folder).rglob(kind))


def test_the_second_process_finds_the_kernel_compiled(tmp_path):
    numba_folder = tmp_path / "numba"
    first = run(CONVOLVE, CONVLAB_CACHE_DIR=tmp_path / "ours", NUMBA_CACHE_DIR=numba_folder)
    assert first[:3] == ["False", "4.0", "True"]
    files = compiled(tmp_path / "ours")
    assert files
    assert not numba_folder.exists()  # Numba's other caches are none of our business
    times = [path.stat().st_mtime_ns for path in files]
    second = run(CONVOLVE, CONVLAB_CACHE_DIR=tmp_path / "ours")
    assert second[:3] == ["True", "4.0", "True"]
    assert [path.stat().st_mtime_ns for path in compiled(tmp_path / "ours")] == times

    whole = [path.read_bytes() for path in files]
    for damaged in (whole[0][:100], b"", bytes(len(whole[0])), whole[0][:-9] + b"\0" * 9):
        for path in files:  # cut short, as a full disk leaves it, or written over
            path.write_bytes(damaged)
        assert run(CONVOLVE, CONVLAB_CACHE_DIR=tmp_path / "ours")[1] == "4.0"
        assert [path.read_bytes() for path in files] == whole  # it was made anew


def test_a_kernel_kept_under_the_name_of_another_is_compiled_anew(tmp_path):
    """As two processes leave it that save at once: float32's file holds the code for integers."""
    code = """if True:
        import numpy as np
        from convlab.layers import MaxPooling1D
        for dtype in ("float32", "int32"):
            print(*MaxPooling1D(2)(np.array([-3, 2, -1, -2], dtype).reshape(1, 4, 1)).ravel())
    """
    expected = ["2.0", "-1.0", "2", "-1"]
    assert run(code, CONVLAB_CACHE_DIR=tmp_path) == expected
    first, second = compiled(tmp_path, "*max_rows*.nbc")
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    assert run(code, CONVLAB_CACHE_DIR=tmp_path) == expected


def test_a_home_that_cannot_be_written(tmp_path):
    home = tmp_path / "file"
    home.write_text("no folder")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    output = run(
        CONVOLVE, HOME=home, XDG_CACHE_HOME=home / "cache", TMPDIR=temporary, CONVLAB_CACHE_DIR=""
    )
    assert output[:3] == ["False", "4.0", "True"]
    assert compiled(temporary)


@pytest.fixture
def fresh_folder():
    cache.folder.cache_clear()
    yield
    cache.folder.cache_clear()


def test_the_folder_carries_version_and_source(tmp_path, monkeypatch, fresh_folder):
    monkeypatch.setenv("CONVLAB_CACHE_DIR", str(tmp_path))
    from convlab import __version__

    assert cache.folder().parent == tmp_path
    assert __version__ in cache.folder().name
    assert cache.source_digest() in cache.folder().name


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are POSIX's")
def test_a_folder_that_others_may_write_is_not_trusted(tmp_path, monkeypatch, fresh_folder):
    monkeypatch.setenv("CONVLAB_CACHE_DIR", str(tmp_path))
    trusted = cache.folder()
    trusted.chmod(0o777)
    cache.folder.cache_clear()
    assert cache.folder() != trusted


def test_a_part_of_the_suite_without_the_jit():
    """The plain loop, with the same plans and the same oracle."""
    parts = ["kernels/test_plan.py", "kernels/test_convolution.py", "layers/test_conv2d.py"]
    parts += ["layers/test_recorded.py", "layers/test_naive.py"]  # every layer
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, "-k", "not large_batch", *(str(TESTS / part) for part in parts)],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:]
    assert " passed" in result.stdout
