"""One unit of a layer, and where to look for what it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.inspector.units import cells_read, one_unit
from convlab.layers.node import Tensor
from convlab.models.calls import Calls, Wire
from convlab.models.model import Model

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Asked:
    """One unit, and where to look for what it reads.

    Attributes:
        model: the network.
        symbol: what stands in it for the tensor that the unit belongs to; None where that lies
            within a nested model.
        calls: the network's calls.
        channels: the axis of the channels of each tensor, by the id of its `Wire`.
        wire: the tensor.
        which: the number of the input.
        spatial: the input's axes that are not the channels'.
        unit: the unit's place along some of the tensor's axes; 0 is the first behind the batch.
    """

    model: Model
    symbol: Tensor | None
    calls: Calls
    channels: Mapping[int, int]
    wire: Wire
    which: int
    spatial: tuple[int, ...]
    unit: Mapping[int, int]

    def read(self, *, counting: bool) -> Array:
        """Which cells of the input the unit reads, or through how many paths.

        Raises:
            ShapeError: a size is not known.
        """
        sizes = self.wire.spec.shape[1:] if self.wire.spec else ()
        if None in sizes:
            raise ShapeError(
                "Which cells a unit reads is told for inputs of known sizes.",
                received=f"units of shape {sizes}",
                remedy="Give input_shape=(height, width, channels).",
                argument="input_shape",
            )
        unit = one_unit([size or 0 for size in sizes], self.unit, counting)
        return cells_read(self.calls, self.channels, self.wire, unit)[self.which]

    def gradient(self, x: Any, samples: int) -> Array:
        """How strongly the unit depends on each cell: shares that add up to 1.

        Args:
            x: the input; None draws normal noise.
            samples: how many inputs of noise.

        Raises:
            ArgumentError: the layer lies within a nested model.
        """
        name = self.wire.source.name if self.wire.source else ""
        if self.symbol is None:
            raise ArgumentError(
                "The effective field is told of the layers of the model itself.",
                received=f"the layer '{name}' of a nested model",
                remedy="Ask the nested model: convlab.receptive_field(model.get_layer(...)).",
                argument="layer",
            )
        part = Model(self.model.inputs, self.symbol, name=self.model.name)
        total: Any = 0
        for given in self._examples(x, samples):
            shape = np.shape(part(given))
            dy = np.zeros(shape, np.float32)
            dy[(slice(None), *(self.unit.get(a, slice(None)) for a in range(len(shape) - 1)))] = 1
            dx = part.vjp(given, dy).inputs
            slope = np.abs((dx if len(part.inputs) == 1 else dx[self.which]).astype(np.float64))
            others = tuple(a for a in range(slope.ndim) if a not in self.spatial)
            total = total + slope.sum(axis=others)
        return np.asarray(total / (total.sum() or 1))

    def _examples(self, x: Any, samples: int) -> Any:
        if x is not None:
            return [x]
        shapes = [
            tuple(1 if a == 0 else size or 0 for a, size in enumerate(call.outputs[0].spec.shape))
            for call in self.calls.calls
            if call.is_input and call.outputs[0].spec
        ]
        rng = np.random.default_rng(0)
        draws = [
            [rng.standard_normal(shape).astype(np.float32) for shape in shapes]
            for _ in range(samples)
        ]
        return [draw if len(draw) > 1 else draw[0] for draw in draws]
