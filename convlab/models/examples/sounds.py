"""Networks that read sounds."""

from __future__ import annotations

from convlab.layers import Activation, Add, Conv1D, Input, Multiply
from convlab.layers.node import Tensor
from convlab.models.examples.calling import call, chain
from convlab.models.model import Model


def wavenet(channels: int = 16, depth: int = 8) -> Model:
    """A small WaveNet: causal convolutions whose dilation doubles, gates, residuals and skips.

    Source: A. van den Oord et al., "WaveNet: a generative model for raw audio", 2016, figure 4.

    Args:
        channels: of the residual path.
        depth: how many blocks; the last is dilated by 2**(depth - 1).
    """
    sound = Input((512, 1), name="sound")
    x = call(Conv1D(channels, 2, padding="causal", name="start"), sound)
    skips: list[Tensor] = []
    for block in range(1, depth + 1):
        name, dilation = f"block{block}", 2 ** (block - 1)
        gated = call(Multiply(name=f"{name}_gated"), *_gates(x, channels, dilation, name))
        mixed = call(Conv1D(channels, 1, name=f"{name}_mix"), gated)
        skips.append(call(Conv1D(channels, 1, name=f"{name}_skip"), gated))
        x = call(Add(name=f"{name}_add"), x, mixed)
    x = chain(
        call(Add(name="skips"), *skips),
        Activation("relu", name="relu"),
        Conv1D(channels, 1, activation="relu", name="post"),
        Conv1D(256, 1, activation="softmax", name="next_sample"),
    )
    return Model(sound, x, name="wavenet")


def _gates(x: Tensor, channels: int, dilation: int, name: str) -> list[Tensor]:
    return [
        call(
            Conv1D(
                channels,
                2,
                padding="causal",
                dilation_rate=dilation,
                activation=activation,
                name=f"{name}_{gate}",
            ),
            x,
        )
        for gate, activation in (("filter", "tanh"), ("gate", "sigmoid"))
    ]
