"""`debugging`: what is wrong with the code inside, all of it, where it stands."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from convlab.errors import ConvlabError, ShapeError
from convlab.inspector.failing import failure_of
from convlab.layers.node import watched_by
from convlab.models.forgiving import Forgiving

if TYPE_CHECKING:
    from convlab.inspector.diagnosis import Diagnosis, Finding

_LONGEST_NOTE = 10_000
_MARK = "_convlab_explained"


class Debugging(AbstractContextManager["Debugging"]):
    """What was found in a block of code; empty until the block has ended.

    Attributes:
        diagnoses: one for each network with an error, and one for the exception that ended the
            block, if one did.
    """

    def __init__(self, *, show: bool = True) -> None:
        self.diagnoses: tuple[Diagnosis, ...] = ()
        self._show = show
        self._calls = Forgiving()
        self._watching: AbstractContextManager[None] | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, network by network."""
        return tuple(finding for one in self.diagnoses for finding in one.findings)

    @property
    def ok(self) -> bool:
        """Whether no error was found."""
        return all(one.ok for one in self.diagnoses)

    def text(self) -> str:
        """What was found, as text."""
        return "\n\n".join(one.text() for one in self.diagnoses)

    def html(self) -> str:
        """What was found, in HTML."""
        return "".join(one.html() for one in self.diagnoses)

    def __enter__(self) -> Self:
        self._watching = watched_by(self._calls)
        self._watching.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Show what was found; an exception goes on, with the explanation as a note."""
        if self._watching is not None:
            self._watching.__exit__(kind, error, trace)
        found = self._of_networks()
        if isinstance(error, Exception):
            explained = explained_error(error)
            if explained is not None:
                found.append(explained)
                with suppress(Exception):  # an exception of the user's may take no attribute
                    error.add_note(explained.text()[:_LONGEST_NOTE])
                    setattr(error, _MARK, True)
        self.diagnoses = tuple(found)
        if found and self._show:
            show(self)

    def _of_networks(self) -> list[Diagnosis]:
        """The networks with an error; those that fit are not spoken of."""
        from convlab.inspector.diagnosis import diagnose

        if not self._calls.errors:
            return []
        try:
            found = [diagnose(network) for network in self._calls.networks()]
        except ConvlabError:  # two layers of one name: what was refused is told one by one
            found = [diagnose(error) for error in self._calls.errors]
        return [one for one in found if not one.ok]

    def __str__(self) -> str:
        return self.text() or "No shape error."

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html() or "<p>No shape error.</p>"


def debugging(*, show: bool = True) -> Debugging:
    """Show every shape error of the code inside, with the fixes.

    A network built of `convlab.layers` does not stop at the first error: the call gives what it
    likely would, with None for the sizes that are in dispute, and what lies behind it is followed
    as far as it can be known. Code of Keras stops where Keras stops; the exception is explained
    and goes on.

    Args:
        show: whether what was found is shown at the end of the block: displayed in a notebook,
            printed elsewhere.

    Returns:
        A context manager; after the block it holds what was found: `.findings`, `.diagnoses`,
        `.ok`, `.text()`.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> with debugging(show=False) as found:
        ...     x = cl.Input((9, 9, 3), name="image")
        ...     y = layers.MaxPooling2D(2, name="half")(x)
        ...     y = layers.UpSampling2D(2, name="double")(y)
        ...     y = layers.Concatenate(name="skip")([x, y])
        ...     y = layers.Conv2D(4, 3, groups=4, name="grouped")(y)
        >>> [finding.layer for finding in found.findings if finding.severity == "error"]
        ['skip', 'grouped']
    """
    return Debugging(show=show)


def was_explained(error: BaseException) -> bool:
    """Whether a block of `debugging` has explained an exception already."""
    return getattr(error, _MARK, False)


def explained_error(error: BaseException) -> Diagnosis | None:
    """What is known of an exception, if it is about shapes; None for all others.

    It never raises: an explanation that fails must not stand in front of the error itself.
    """
    from convlab.inspector.diagnosis import diagnose

    try:
        failure = failure_of(error)
        of_layer = failure.layer_class is not None or isinstance(error, ShapeError)
        if failure.model is None and (failure.kind is None or not of_layer):
            return None  # of no layer that is known: NumPy says the like, too
        found = diagnose(error)
    except Exception:  # whatever it is: the user's own error is the one that matters
        return None
    told = any(one.kind != "other" for one in found.errors)
    return found if told or (found.errors and failure.kind is not None) else None


def show(found: Any) -> None:
    """Display something in IPython; print it elsewhere."""
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(found)  # type: ignore[no-untyped-call]
            return
    print(found)
