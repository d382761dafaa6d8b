"""A setting at work: its layer, its input, its output, and the scene of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.errors import ArgumentError, ShapeError
from convlab.scene import Scene, build_scene
from convlab.widgets.setting import Setting
from convlab.widgets.work import Work, work_of

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Picture:
    """What a stage shows of a setting. Make it with `Picture.of`.

    Args:
        setting: what it was made of.
        layer: built, with the setting's weights.
        x: one input in the layer's data format, without the batch axis.
        given: another framework's output, say, to be shown in the place of the layer's own.

    Example:
        >>> picture = Picture.of(Setting({"filters": 2, "kernel_size": (3, 3)}))
        >>> picture.x.shape, picture.output.shape
        ((28, 28, 1), (26, 26, 2))
    """

    setting: Setting
    layer: Any
    x: Array
    given: Array | None = None

    @classmethod
    def of(cls, setting: Setting) -> Picture:
        """Builds the layer and the input.

        Raises:
            ConvlabError: the arguments, or the input's shape, are refused.
        """
        return cls(setting, *setting.build())

    @property
    def output(self) -> Array:
        """What the layer gives for `x`, or what was given in its place; without the batch axis."""
        return self._own if self.given is None else self.given

    @property
    def work(self) -> Work:
        """What it takes to compute and to show it."""
        return work_of(self.layer, (None, *self.x.shape))

    @property
    def _own(self) -> Array:
        return np.asarray(self.layer(self.x[None])[0])

    def with_output(self, y: ArrayLike) -> Picture:
        """The picture with another output in the place of the layer's own.

        Raises:
            ShapeError: it has another shape.
        """
        own = self._own
        given = np.asarray(y, dtype=own.dtype)
        if given.shape != own.shape:
            raise ShapeError(
                "An output to be shown has the shape of the layer's own.",
                received=f"shape {given.shape}; the layer's is {own.shape}",
                remedy="Leave out the batch axis, and keep the layer's data format.",
                argument="output",
            )
        return replace(self, given=given)

    def check_time(self, step: Any) -> None:
        """Refuses what is no time step of the input.

        Raises:
            ArgumentError: there is none of this number, or no time at all.
        """
        steps = len(self.x) if self.setting.room.timed else 0
        if type(step) is not int or not 0 <= step < steps:
            raise ArgumentError(
                f"The input has {steps} time steps." if steps else "The layer has no time.",
                received=f"time={step!r:.80}",
                remedy=f"Use an integer from 0 to {steps - 1}." if steps else "Use a ConvLSTM.",
                argument="time",
            )

    def scene(self, time: int | None = None) -> Scene:
        """The scene of it.

        Args:
            time: the time step, where the layer has time; the last where it has fewer.
        """
        if time is not None:
            time = min(time, len(self.x) - 1) if self.setting.room.timed else None
        return build_scene(
            self.layer,
            self.x[None],
            picture=self.setting.input.is_picture,
            output=None if self.given is None else self.given[None],
            time=time,
        )
