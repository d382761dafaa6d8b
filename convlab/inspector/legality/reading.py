"""What the table says of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convlab.errors import ConvlabError
from convlab.inspector.legality.features import Situation, features_of, situation_of
from convlab.inspector.legality.table import Table, recorded
from convlab.inspector.legality.verdict import Verdict, Verdicts


def verdicts(class_name: str, arguments: Mapping[str, Any]) -> Verdicts:
    """What Keras on TensorFlow, JAX and PyTorch says of a layer's arguments.

    The answers are recorded from the frameworks, whose versions the verdicts name. They are about
    arguments that do not go together, whatever the input: whether a kernel fits into an input is
    told by `convlab.explain`.

    Args:
        class_name: the layer's class, such as "Conv2D".
        arguments: its arguments by name; those that are left out have their defaults.

    Returns:
        A verdict for each of "tensorflow", "tensorflow-plain" (without oneDNN), "jax" and "torch";
        none of a class of which nothing is recorded.

    Example:
        >>> found = verdicts("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 2,
        ...     "dilation_rate": 2})
        >>> found["jax"].accepted, found["jax"].reason
        (False, 'strides > 1 with dilation_rate > 1')
        >>> found = verdicts("DepthwiseConv2D", {"kernel_size": 3, "strides": 2,
        ...     "dilation_rate": 2})
        >>> found["jax"].accepted
        True
    """
    if not features_of(class_name):
        return Verdicts()
    table = recorded()
    try:
        situation = situation_of(class_name, arguments)
    except (ValueError, TypeError) as error:  # of a form that no framework takes
        return Verdicts({backend: _malformed(table, backend, error) for backend in table.versions})
    return Verdicts(
        {backend: _verdict(table, backend, class_name, situation) for backend in table.versions}
    )


def _malformed(table: Table, backend: str, error: Exception) -> Verdict:
    """What Keras says of an argument before any framework is asked."""
    told = error if isinstance(error, ConvlabError) else ConvlabError(str(error))
    return Verdict(
        backend,
        accepted=False,
        stage="constructor",
        reason=told.received or told.rule,
        arguments=(told.argument,) if told.argument else (),
        error="TypeError" if isinstance(error, TypeError) else "ValueError",
        message=told.rule,
        versions=table.versions[backend],
    )


def _verdict(table: Table, backend: str, class_name: str, situation: Situation) -> Verdict:
    rule, versions = table.rule(backend, class_name, situation), table.versions[backend]
    if rule is None:
        return Verdict(backend, accepted=True, versions=versions)
    differs = rule.stage == "differs"
    return Verdict(
        backend,
        accepted=differs,
        differs=differs,
        stage="" if differs else rule.stage,
        reason=rule.words(class_name, situation),
        arguments=tuple(rule.when),
        error=rule.error,
        message=rule.message,
        versions=versions,
    )
