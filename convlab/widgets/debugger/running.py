"""What the layers of a network give for one input, as far as it can be computed.

A network that fails is computed up to where it does; one that is too much work, up to there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.inspector.tracing import Row
from convlab.layers.input_layer import InputLayer
from convlab.layers.node import Node, leaves, tensors_in
from convlab.models.model import Model
from convlab.scene.graph import Network

Array = NDArray[Any]


@dataclass(frozen=True)
class Budget:
    """How much is computed at most.

    Args:
        macs: multiply-adds.
        params: weights of the layers that are used, in numbers.
        size: bytes of what the layers give.
    """

    macs: int = 6 * 10**9
    params: int = 32 * 10**6
    size: int = 256 * 2**20


@dataclass
class Run:
    """What was computed.

    Attributes:
        maps: what each layer gives, by its key, batch first.
        left: why the rest was not computed: "" where all was.
    """

    maps: dict[str, Array] = field(default_factory=dict)
    left: str = ""


def run(
    network: Network, model: Model, given: Sequence[Array], budget: Budget | None = None
) -> Run:
    """What the layers give.

    Args:
        network: the model's calls and their rows.
        model: the network itself.
        given: one example for each input, without the batch.
        budget: how much is computed at most.
    """
    worker = _Worker(dict(_rows(network)), budget or Budget())
    worker.spread(model, [np.asarray(x)[None] for x in given], "")
    return worker.run


def _rows(network: Network) -> Sequence[tuple[str, Row]]:
    return list(zip(network.keys(), network.trace.rows, strict=True))


class _Worker:
    """Goes through the calls in order, and leaves out what cannot be computed."""

    def __init__(self, rows: Mapping[str, Row], budget: Budget) -> None:
        self.rows, self.budget = rows, budget
        self.run = Run()
        self._times: dict[str, int] = {}
        self._spent = {"macs": 0, "params": 0, "size": 0}

    def spread(self, model: Model, given: Sequence[Array | None], prefix: str) -> list[Any]:
        """The outputs of a network; None for what was not computed."""
        known: dict[int, Any] = {}
        for tensor, x in zip(model.inputs, given, strict=True):
            known[id(tensor)] = x
            if isinstance(tensor.node.layer, InputLayer):
                self._keep(self._key(prefix + tensor.node.layer.name), x)
        for node in model.graph.nodes:
            if any(id(output) in known for output in node.outputs):
                continue
            for output, value in zip(node.outputs, self._called(node, known, prefix), strict=False):
                known[id(output)] = value
        return [known.get(id(tensor)) for tensor in model.outputs]

    def _called(self, node: Node, known: Mapping[int, Any], prefix: str) -> Sequence[Any]:
        arrays = [known.get(id(tensor)) for tensor in tensors_in((node.args, node.kwargs))]
        if isinstance(node.layer, Model) and len(arrays) == len(node.layer.inputs):
            return self.spread(node.layer, arrays, f"{prefix}{node.layer.name}/")
        key = self._key(prefix + node.layer.name)
        if any(x is None for x in arrays) or not self._may(key):
            return []
        args, kwargs = node.arguments(lambda tensor: known[id(tensor)])
        try:
            found = list(leaves(node.layer(*args, **kwargs)))
        except (ValueError, TypeError, MemoryError) as error:
            self._stop(f"{key} could not be computed: {error}".partition("\n")[0])
            return []
        self._keep(key, found[0])
        return found

    def _key(self, name: str) -> str:
        count = self._times.get(name, 0)
        self._times[name] = count + 1
        return f"{name}:{count}" if count else name

    def _may(self, key: str) -> bool:
        """Whether a layer fits into the budget; if it does, it is spent."""
        row = self.rows.get(key)
        if row is None or row.conflict:
            self._stop(f"the layers behind {key} wait until its shapes fit" if row else "")
            return False
        asked = {"macs": row.macs, "params": row.params, "size": row.activation_bytes}
        after = {name: self._spent[name] + (count or 0) for name, count in asked.items()}
        over = [name for name in after if after[name] > getattr(self.budget, name)]
        if over:
            told = {"macs": "multiply-adds", "params": "weights", "size": "bytes of feature maps"}
            allowed = getattr(self.budget, over[0])
            self._stop(f"computed before {key}: more than {allowed:,} {told[over[0]]} are too much")
            return False
        self._spent = after
        return True

    def _stop(self, reason: str) -> None:
        self.run.left = self.run.left or reason

    def _keep(self, key: str, x: Array | None) -> None:
        if x is not None and math.prod(x.shape):
            self.run.maps[key] = x
