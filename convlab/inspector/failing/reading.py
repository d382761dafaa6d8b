"""An exception, or the text of a traceback, as a `Failure`."""

from __future__ import annotations

from convlab.errors import ArgumentError
from convlab.inspector.failing.failure import Failure
from convlab.inspector.failing.raised import failure_of_exception
from convlab.inspector.failing.texts import failure_of_text


def failure_of(subject: BaseException | str) -> Failure:
    """What is known of a failure; it never raises for what the exception or the text holds.

    Args:
        subject: an exception of Keras, TensorFlow, PyTorch or convlab, or the text of a traceback.

    Raises:
        ArgumentError: it is neither.

    Example:
        >>> failure_of("ValueError: A `Concatenate` layer requires inputs with matching shapes "
        ...     "except for the concatenation axis. Received: input_shape=[(None, 9, 9, 4), "
        ...     "(None, 8, 8, 4)]").argument_shapes
        ((None, 9, 9, 4), (None, 8, 8, 4))
    """
    if isinstance(subject, BaseException):
        return failure_of_exception(subject)
    if isinstance(subject, str):
        return failure_of_text(subject)
    raise ArgumentError(
        "A failure is an exception, or the text of a traceback.",
        received=f"{type(subject).__name__}",
        remedy="Give e.g. sys.last_value, or what was printed in red.",
        argument="subject",
    )
