"""The IPython extension: shape errors are explained under their traceback, and `%%convlab`.

    %load_ext convlab

It listens for cells that ended with an exception, and does nothing for all others. The user's own
traceback is shown by IPython, before and untouched; what goes wrong here is kept quiet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from convlab.inspector.diagnosis import Diagnosis

_MAGIC = "convlab"
_EVENT = "post_run_cell"


class CellFailed(Exception):  # noqa: N818 -- the error itself was shown before
    """Ends a `%%convlab` cell whose own exception has been shown, so that "run all" stops there."""

    def _render_traceback_(self) -> list[str]:
        return [f"{self}: see the traceback above."]


class Extension:
    """What is registered with one shell.

    Args:
        shell: IPython's `InteractiveShell`.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def load(self) -> None:
        """Begin to listen."""
        self.shell.events.register(_EVENT, self.after_cell)
        self.shell.register_magic_function(self.run_cell, "cell", _MAGIC)

    def unload(self) -> None:
        """Leave the shell as it was."""
        self.shell.events.unregister(_EVENT, self.after_cell)
        self.shell.magics_manager.magics["cell"].pop(_MAGIC, None)

    def after_cell(self, result: Any) -> None:
        """Explain the exception with which a cell ended, if it is about shapes; never raises."""
        error = getattr(result, "error_in_exec", None)
        if not isinstance(error, Exception) or isinstance(error, CellFailed):
            return
        _quietly(lambda: _explain(error))

    def run_cell(self, line: str, cell: str) -> None:
        """Run a cell and show every shape error in it.

        Networks built of `convlab.layers` go on where shapes conflict, as inside
        `convlab.debugging()`; an exception is explained under its traceback.
        """
        del line
        from IPython.core.error import UsageError

        from convlab.inspector.debugging import debugging

        code = self.shell.transform_cell(cell)
        if self.shell.should_run_async(cell, transformed_cell=code):
            raise UsageError(
                "A %%convlab cell has no top-level await: use `with convlab.debugging():` there."
            )
        with debugging(show=False) as found:
            result = self.shell.run_cell(cell)
        for diagnosis in found.diagnoses:
            _quietly(lambda diagnosis=diagnosis: _show(diagnosis))  # type: ignore[misc]
        if not result.success:
            error = result.error_in_exec or result.error_before_exec
            raise CellFailed(type(error).__name__)


_loaded: WeakKeyDictionary[Any, Extension] = WeakKeyDictionary()


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext convlab` calls."""
    if shell not in _loaded:
        _loaded[shell] = Extension(shell)
        _loaded[shell].load()


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext convlab` calls."""
    extension = _loaded.pop(shell, None)
    if extension is not None:
        extension.unload()


def _explain(error: Exception) -> None:
    from convlab.inspector.debugging import explained_error, was_explained

    diagnosis = None if was_explained(error) else explained_error(error)
    if diagnosis is not None:
        _show(diagnosis)


def _show(diagnosis: Diagnosis) -> None:
    from IPython.display import display

    from convlab.widgets.explained import Explained

    display(Explained(diagnosis))  # type: ignore[no-untyped-call]


def _quietly(do: Callable[[], None]) -> None:
    """Do something whose failure must not stand in front of the user's own error."""
    try:
        do()
    except Exception:
        return
