"""What opens an explorer: a layer, a saved state, two layers to compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import ArrayLike

from convlab import layers
from convlab.errors import ArgumentTypeError, ConvlabError, DataError
from convlab.models import Model
from convlab.widgets.explorer import Explorer
from convlab.widgets.families import family_class, opening_arguments, room_of
from convlab.widgets.given import setting_of
from convlab.widgets.inputs import input_of
from convlab.widgets.stage import THEMES
from convlab.widgets.state import decoded, read_setting

_SETTING = ("version", "layer", "arguments", "input", "kernels", "bias", "left out")


def explore(layer: Any = None, x: ArrayLike | None = None) -> Explorer:
    """The explorer of a layer on an input: the kernel slides, every number is explained.

    Args:
        layer: a layer that convolves, pools, pads, crops or resizes, or a convolutional LSTM,
            built or not; by default a Conv2D with four kernels that people know by name. Its
            weights are shown, unless it would begin with random ones: then named kernels are.
        x: one channel `(dim_1, ..., dim_N)`, or with channels in the layer's data format, or a
            batch of which the first is shown; with time before the spatial axes for a
            convolutional LSTM. By default a signal, a photograph, a volume or a film, in as many
            channels as the layer was built for.

    Returns:
        A widget; see `Explorer` for what can be read and set.

    Raises:
        ShapeError: the input has another rank or other channels than the layer.
        DataError: the input holds no real numbers.
        ArgumentTypeError: the layer is none of the explorer's, or it is a chain of layers.

    Example:
        >>> import numpy as np
        >>> import convlab as cl
        >>> explorer = cl.explore(cl.Conv2D(1, 3, padding="same"), np.ones((6, 6)))
        >>> explorer.output.shape
        (6, 6, 1)
        >>> explorer.selection = (0, 5, 0)
        >>> cl.explore(cl.MaxPooling1D(2), np.arange(6.0)).output.ravel()
        array([1., 3., 5.], dtype=float32)
    """
    if isinstance(layer, list | tuple | Model):
        raise _no_layer(layer)
    if layer is None:
        layer = layers.Conv2D(**opening_arguments(layers.Conv2D))
    room = room_of(family_class(layer))
    chosen = None if x is None else input_of(x, layer.data_format, room)
    return Explorer(setting_of(layer, chosen))


def _no_layer(chain: Any) -> ConvlabError:
    many = "" if isinstance(chain, Model) else f" of {len(chain)}"
    return ArgumentTypeError(
        "The explorer changes the arguments of one layer: it shows no chain of several.",
        received=f"a {type(chain).__name__}{many}",
        remedy="Use convlab.compare(chain, other) for two chains on one input, "
        "convlab.animate(chain) for one, or convlab.debug(model) for a network.",
        argument="layer",
    )


def explore_state(state: Mapping[str, Any] | str) -> Explorer:
    """The explorer in a state that was saved: what a link opens.

    Args:
        state: what `Explorer.state` gave, or the text of a link (`Explorer.link`). It may come
            from a stranger: names, types and sizes are checked before anything is computed.

    Raises:
        DataError: it is no such state.
        ConvlabError: the layer refuses its arguments or its input.

    Example:
        >>> saved = explore().state
        >>> saved["layer"], explore_state(saved).layer
        ('Conv2D', Conv2D(4, 3, padding='same'))
    """
    plain: Any = decoded(state) if isinstance(state, str) else state
    if not isinstance(plain, Mapping):
        raise _refused("state", plain)
    unknown = [key for key in plain if key not in (*_SETTING, *_SHOW)]
    if unknown:
        raise _refused("state", unknown[0])
    setting = read_setting({key: plain[key] for key in _SETTING if key in plain})
    setting.build()  # what is refused is refused here, not in a widget
    explorer = Explorer(setting)
    for name, show in _SHOW.items():
        if plain.get(name) is not None:
            show(explorer, plain[name])
    return explorer


def _select(explorer: Explorer, index: Any) -> None:
    if not isinstance(index, list | tuple):
        raise _refused("selection", index)
    explorer.selection = tuple(index)


def _view(explorer: Explorer, view: Any) -> None:
    if not isinstance(view, Mapping):
        raise _refused("view", view)
    for name, value in view.items():
        if not explorer.look(name, value):
            raise _refused("view", f"{name}={value}")


def _theme(explorer: Explorer, theme: Any) -> None:
    if theme not in THEMES:
        raise _refused("theme", theme)
    explorer.theme = theme


def _time(explorer: Explorer, step: Any) -> None:
    explorer.time = step


def _beside(explorer: Explorer, state: Any) -> None:
    pinned = read_setting(state)
    pinned.build()
    explorer.pin(pinned)


_SHOW = {
    "time": _time,
    "selection": _select,
    "view": _view,
    "beside": _beside,
    "theme": _theme,
}
"""What a state holds beside the setting, and how it is shown."""


def _refused(name: str, value: Any) -> ConvlabError:
    return DataError(
        f"A saved state has no such {name}.",
        received=f"{name}={value!r:.80}",
        remedy="Use what `Explorer.state` gives.",
        argument=name,
    )
