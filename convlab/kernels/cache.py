"""Where compiled kernels are kept: a user-level folder of convlab's own.

Numba would keep them beside the source (which an installation may not let it write) and would not
notice an edit in another file. Here the folder's name carries convlab's version and a digest of the
kernels' sources, so that an upgrade or an edit never reads stale code.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_SOURCES = Path(__file__).parent


@cache
def source_digest() -> str:
    """A digest of the sources of all kernels."""
    digest = hashlib.sha256()
    for path in sorted(_SOURCES.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def folder() -> Path:
    """The folder of compiled kernels, writable; made if need be.

    `$CONVLAB_CACHE_DIR` if that is set, else the user's cache folder; where that cannot be written,
    a private folder among the temporary files.
    """
    version = sys.modules["convlab"].__version__  # not imported: kernels import nothing above them
    name = f"kernels-{version}-{source_digest()}"
    for parent in (*_user_folders(), _temporary_folder()):
        if _writable(parent / name):
            return parent / name
    return Path(tempfile.mkdtemp(prefix="convlab-"))


def _user_folders() -> list[Path]:
    if chosen := os.environ.get("CONVLAB_CACHE_DIR"):
        return [Path(chosen)]
    try:
        home = Path.home()
    except RuntimeError:
        return []
    if sys.platform == "win32":
        return [
            Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local") / "convlab" / "cache"
        ]
    if sys.platform == "darwin":
        return [home / "Library/Caches/convlab"]
    return [Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "convlab"]


def _temporary_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"convlab-{getattr(os, 'getuid', int)()}"


def _writable(path: Path) -> bool:
    """Make the folder; say whether we may write there and nobody else may: it holds code."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
        status = path.stat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def cached(dispatcher: Any) -> Any:
    """Let Numba keep what it compiles of a jitted function in `folder()`."""
    if not hasattr(dispatcher, "enable_caching"):
        return dispatcher  # NUMBA_DISABLE_JIT: a plain function
    dispatcher._cache = _kernel_cache()(dispatcher.py_func)
    return dispatcher


@cache
def _kernel_cache() -> type:
    """Numba's cache of one function, kept in `folder()` and never in the way of a result."""
    caching: Any = import_module("numba.core.caching")

    class Locator(caching._CacheLocator):  # type: ignore[misc]
        def __init__(self, py_func: Any) -> None:
            self._py_file = py_func.__code__.co_filename
            self._name = py_func.__code__.co_firstlineno

        def get_cache_path(self) -> str:
            return str(folder())

        def get_source_stamp(self) -> str:
            return source_digest()

        def get_disambiguator(self) -> str:
            return str(self._name)

        @classmethod
        def from_function(cls, py_func: Any, _py_file: str) -> Any:
            return cls(py_func)

    class Implementation(caching.CompileResultCacheImpl):  # type: ignore[misc]
        _locator_classes = (Locator,)

    class KernelCache(caching.Cache):  # type: ignore[misc]
        _impl_class = Implementation

        def load_overload(self, sig: Any, target_context: Any) -> Any:
            try:
                found = super().load_overload(sig, target_context)
            except Exception:  # a truncated or foreign file: compile again
                return None
            # Two processes that save at once may give one file's name to two kinds of arrays.
            return found if found is None or found.signature.args == tuple(sig) else None

        def save_overload(self, sig: Any, data: Any) -> None:
            try:
                super().save_overload(sig, data)
            except OSError:  # a full disk: do without
                self.disable()

    return KernelCache
