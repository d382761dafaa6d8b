"""Signals: recorded ones that matplotlib ships, and ones computed by a formula.

Every function returns float32 `(steps, channels)`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convlab.widgets.inputs.pictures import sample

Signal = NDArray[np.float32]

BEAT = 48  # steps of one heartbeat

# P. E. McSharry et al., "A dynamical model for generating synthetic electrocardiogram signals"
# (IEEE Trans. Biomed. Eng. 50, 2003), table I: each wave's place in the beat (degrees), height
# and width (radians); the heights as in the paper's figure, the R wave 1.
_WAVES = {
    "P": (-70, 0.15, 0.25),
    "Q": (-15, -0.12, 0.1),
    "R": (0, 1.0, 0.1),
    "S": (15, -0.22, 0.1),
    "T": (100, 0.3, 0.4),
}


def brain_waves(steps: int) -> Signal:
    """The first steps of an EEG of four electrodes, which matplotlib ships, `(steps, 4)`.

    Example:
        >>> brain_waves(64).shape
        (64, 4)
    """
    return _recording()[:steps]


def brain_wave(steps: int) -> Signal:
    """The first electrode of `brain_waves` alone, `(steps, 1)`."""
    return _recording()[:steps, :1]


def heartbeat(steps: int) -> Signal:
    """An electrocardiogram, the sum of one bell for each of its five waves, `(steps, 1)`.

    Example:
        >>> int(heartbeat(96).argmax()) % BEAT
        24
    """
    angle = 2 * np.pi * (np.arange(steps) / BEAT - 0.5)
    beat = np.zeros(steps)
    for degrees, height, width in _WAVES.values():
        away = (angle - np.radians(degrees) + np.pi) % (2 * np.pi) - np.pi
        beat += height * np.exp(-(away**2) / (2 * width**2))
    return beat.astype(np.float32)[:, None]


def sweep(steps: int) -> Signal:
    """A sine that quickens from 1 period to a quarter of `steps`, `(steps, 1)`."""
    time = np.arange(steps) / steps
    return np.sin(2 * np.pi * (time + (steps / 4 - 1) * time**2 / 2)).astype(np.float32)[:, None]


def stairs(steps: int) -> Signal:
    """A level that changes every quarter: 0, 1, 0.5, -0.5, `(steps, 1)`."""
    quarter = np.arange(steps) * 4 // steps
    return np.array([0, 1, 0.5, -0.5], dtype=np.float32)[quarter][:, None]


@lru_cache(maxsize=1)
def _recording() -> Signal:
    """800 steps of four electrodes, numbers of 64 bits."""
    numbers = np.frombuffer(sample("eeg.dat").read_bytes(), dtype="<f8")
    signal = numbers.reshape(-1, 4).astype(np.float32)
    signal.setflags(write=False)
    return signal
