"""`convlab animate`: a layer at work on a picture, a signal or a volume, written to a file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

MOST_NUMBERS = 2**22
"""An input, a layer's weights and its output have at most so many each: 16 MB."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def animate(
    layer: Annotated[
        str, typer.Argument(help="The layer, such as 'Conv2D(1, 3, padding=\"same\")'.")
    ],
    input: Annotated[
        str | None,
        typer.Option(
            "--input",
            "-i",
            metavar="FILE|SIZES",
            help="A PNG or JPEG, a table in CSV (a line a step, a column a channel), or the shape "
            "of an input of random numbers, such as 12,12,1.",
            show_default="a small one",
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help=".gif or .mp4; .png, .svg or .pdf for one step; .html, a page."
        ),
    ] = Path("slide.gif"),
    size: Annotated[
        int, typer.Option(min=1, max=512, help="The longer side that a picture is scaled to.")
    ] = 28,
    filter: Annotated[int, typer.Option(min=0, help="The filter to show, from 0.")] = 0,
    channel: Annotated[int, typer.Option(min=0, help="The channel to show, from 0.")] = 0,
    step: Annotated[
        int | None, typer.Option(help="The step of a still, row by row.", show_default="the middle")
    ] = None,
    time: Annotated[
        int | None,
        typer.Option(help="The time step of a convolutional LSTM.", show_default="the last"),
    ] = None,
    reading: Annotated[
        str,
        typer.Option(help="gather, or of a transposed convolution scatter: each input stamps."),
    ] = "gather",
    fps: Annotated[float, typer.Option(help="Frames a second.")] = 8,
    kernel: Annotated[
        str | None,
        typer.Option(
            "--kernel",
            "-k",
            metavar="NAME",
            help="A kernel by name for every filter, such as 'sobel x' or 'box blur'.",
            show_default="the layer's initial weights",
        ),
    ] = None,
    theme: Annotated[str, typer.Option(help="light, dark or projector.")] = "light",
    seed: Annotated[int, typer.Option(min=0, help="For random weights and inputs.")] = 0,
) -> None:
    """Save an animation: the window slides, and each output number is written out as a sum.

    The layer is read as data: nothing in it is executed.
    """
    import random
    import sys

    from rich.console import Console

    from convlab.draw import animate as draw
    from convlab.draw import as_batch
    from convlab.models.source import parse_call

    random.seed(seed)  # initializers without a seed of their own draw theirs from here
    made = parse_call(layer)
    batch = as_batch(made, None if input is None else _input(input, size, seed, made))
    example = (1, *batch.shape[1:])
    _check_numbers("the kernel", layer, made.cost(example).params)
    sizes = (size or 0 for size in made.compute_output_shape(example))
    _check_numbers("the output", layer, math.prod(sizes))
    if kernel is not None:
        _set_kernel(made, batch.shape, kernel)
    movie = draw(
        made, batch, filter=filter, channel=channel, time=time, reading=reading, theme=theme
    )
    written = movie.save(output, fps=fps, step=step, progress=sys.stderr.isatty())
    Console(highlight=False, soft_wrap=True).print(f"Saved {written}", markup=False)


def _input(source: str, size: int, seed: int, layer: Any) -> NDArray[np.float32]:
    """The picture or the table in a file, or random numbers of a shape."""
    import numpy as np

    from convlab.errors import ArgumentError
    from convlab.models.source import parse_shape

    path = Path(source)
    if path.suffix:
        if not path.is_file():
            raise ArgumentError(
                "There is no such file.",
                received=f"--input {source}",
                remedy="Give the path of a PNG, JPEG or CSV, or the sizes of an input such as "
                "12,12,1.",
                argument="input",
            )
        return _of_file(path, size, layer)
    shape = [1 if length is None else length for length in parse_shape(source)]
    _check_numbers("the input", f"--input {source}", math.prod(shape))
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def _of_file(path: Path, size: int, layer: Any) -> NDArray[np.float32]:
    """A table for one spatial axis, a picture or a table for two, in the layer's data format."""
    import numpy as np

    from convlab.errors import ArgumentError
    from convlab.layers.base_conv_lstm import ConvLSTM
    from convlab.widgets.inputs.numbers import table
    from convlab.widgets.inputs.pictures import decoded, scaled

    rank = 0 if isinstance(layer, ConvLSTM) else layer.rank
    is_table = path.suffix.lower() == ".csv"
    if rank != 2 and not (rank == 1 and is_table):
        raise ArgumentError(
            "A picture has two spatial axes, a table one or two.",
            received=f"--input {path} for {type(layer).__name__}",
            remedy="Give the sizes of an input of random numbers, such as 24,1.",
            argument="input",
        )
    if is_table:
        numbers: NDArray[np.float32] = table(path.read_bytes())
        values = numbers if rank == 1 else numbers[..., None]
    else:
        values = scaled(decoded(path.read_bytes()), size)
    return values if layer.data_format == "channels_last" else np.moveaxis(values, -1, 0)


def _check_numbers(what: str, received: str, count: int) -> None:
    """Refuse what would not fit into memory, or into a picture."""
    from convlab.errors import ArgumentError

    if count > MOST_NUMBERS:
        raise ArgumentError(
            f"An animation is of small arrays: {MOST_NUMBERS:,} numbers at most.",
            received=f"{received}, with which {what} has {count:,}",
            remedy="Use smaller sizes or fewer filters.",
        )


def _set_kernel(layer: Any, input_shape: tuple[int, ...], name: str) -> None:
    """Give every filter of the layer the kernel of that name; what mixes channels, their mean."""
    from convlab.errors import ArgumentError
    from convlab.widgets.filters import named_kernel
    from convlab.widgets.weights import MIXES, forms

    layer.build(input_shape)
    kernels = forms(layer)
    if not kernels:
        raise ArgumentError(
            f"{type(layer).__name__} has no kernel.",
            received=f"--kernel {name}",
            remedy="Leave --kernel away.",
            argument="kernel",
        )
    named_kernel(name, (1,) * layer.rank)  # which refuses a name that it does not know
    weights = []
    for weight, values in zip(layer.weights, layer.get_weights(), strict=True):
        form = kernels.get(weight.name)
        if form is not None:
            chosen = MIXES[0] if form.options == MIXES else name
            values = form.own(form.bank([chosen] * form.order.shape[-1])).astype(values.dtype)
        weights.append(values)
    layer.set_weights(weights)
