"""What can go wrong, worded: the rule, the values received, the remedy.

Every error that a user can cause is one of these classes, so that a caller (the explorer, for
one) can show the three parts apart, put the message beside the control that caused it, and offer
the remedy as a button.

    >>> raise ShapeError(
    ...     "Conv2D(8, 7) on axis 'height': the kernel reaches 7 but the padded input has 5.",
    ...     received="input shape (None, 5, 28, 1), padding='valid'",
    ...     remedy="Use padding='same', kernel_size <= 5, or an input of height >= 7.",
    ...     argument="kernel_size",
    ...     fixes=({"padding": "same"},),
    ... )
    Traceback (most recent call last):
    ...
    convlab.errors.ShapeError: Conv2D(8, 7) on axis 'height': the kernel reaches 7 but the padded \
input has 5.
    Received input shape (None, 5, 28, 1), padding='valid'. Use padding='same', kernel_size <= 5, \
or an input of height >= 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ConvlabError(Exception):
    """The base of convlab's errors.

    Args:
        rule: the rule that was broken, as a sentence; Keras's own sentence where Keras has one.
        received: what was received, without the word "Received" and without a final full stop.
        remedy: what to do instead, as a sentence.
        argument: the name of the argument that broke the rule, in Keras's spelling, or None.
        fixes: argument changes that each mend it, smallest first, such as `{"padding": "same"}`.
    """

    def __init__(
        self,
        rule: str,
        *,
        received: str = "",
        remedy: str = "",
        argument: str | None = None,
        fixes: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.rule = rule
        self.received = received
        self.remedy = remedy
        self.argument = argument
        self.fixes = tuple(dict(fix) for fix in fixes)
        super().__init__(self._message())

    @property
    def told(self) -> dict[str, str]:
        """The three parts as they are shown: Keras's sentence may end in what was received."""
        said = self.rule.rstrip(".").endswith(self.received)
        received = "" if said else self.received
        return {"rule": self.rule, "received": received, "remedy": self.remedy}

    def _message(self) -> str:
        received = self.told["received"]
        details = [f"Received {received}."] if received else []
        details += [self.remedy] if self.remedy else []
        return "\n".join(part for part in (self.rule, " ".join(details)) if part)


class ArgumentError(ConvlabError, ValueError):
    """An argument has a value that the layer does not accept."""


class ArgumentTypeError(ConvlabError, TypeError):
    """An argument has a type for which Keras raises `TypeError`, or a required one is missing."""


class ShapeError(ConvlabError, ValueError):
    """The shapes do not fit: rank, channels, a size that would be zero or negative."""


class DataError(ConvlabError, ValueError):
    """The values handed over cannot be used: an image too large, an array of another kind."""


class FileRefused(DataError):  # noqa: N818 - refusing is no error
    """A file is damaged, breaks a limit, or holds something that is not read from strangers.

    What it quotes of the file is clipped: a file cannot make a message of megabytes.
    """

    def __init__(self, rule: str, *, received: str = "", **more: Any) -> None:
        super().__init__(_clipped(rule), received=_clipped(received), **more)


def _clipped(text: str, longest: int = 400) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
