"""Locally connected layers in PyTorch: products of every window with a kernel of its own."""

from __future__ import annotations

from convlab.geometry import arguments
from convlab.layers.locally_connected import LocallyConnected
from convlab.models.code.refused import unknown_shape
from convlab.models.code.to_torch import activations
from convlab.models.code.to_torch.convolutions import standing
from convlab.models.code.to_torch.piece import FIRST, Piece, Place, Step, state


def locally_connected(layer: LocallyConnected, place: Place) -> Piece:
    """LocallyConnected1D, LocallyConnected2D."""
    shape = place.shape
    if shape is None or None in shape[1:]:
        raise unknown_shape(layer, "the whole shape of its input")
    last = standing(layer)
    size = arguments.whole(layer.kernel_size, "kernel_size")
    places = tuple(int(axis.size_out or 0) for axis in layer.geometry(shape)[0])
    channels, filters = int(shape[layer.channel_axis] or 0), int(layer.filters)
    # Keras flattens the weights of a window: taps then channels, or channels then taps
    inner = (*size, channels) if last == FIRST else (channels, *size)
    kernel = (*places, *inner, filters)
    at, taps = "hw"[: layer.rank], "ij"[: layer.rank]
    read = f"{taps}c" if last == FIRST else f"c{taps}"
    unfolded = "".join(
        f".unfold({axis}, {k}, {s})"
        for axis, (k, s) in enumerate(zip(size, layer.strides, strict=True), 2)
    )
    product = f'torch.einsum("nc{at}{taps},{at}{read}f->nf{at}", {{x}}{unfolded}, {{self}}.kernel)'
    steps = [Step(product, "Every place has a kernel of its own.")]
    parameters = [f'"kernel": torch.zeros{kernel}']
    names = {"kernel": f"{{w}}.reshape{kernel}"}
    if layer.use_bias:
        bias = (filters, *places)
        steps.append(Step("{x} + {self}.bias"))
        parameters.append(f'"bias": torch.zeros{bias}')
        # Keras 2 reads the numbers of a bias (*sizes, filters) in the order of its data format
        names["bias"] = "{w}.movedim(-1, 0)" if last == FIRST else f"{{w}}.reshape{bias}"
    return Piece(
        (*steps, *activations.steps(layer, layer.activation, last)),
        f"nn.ParameterDict({{{', '.join(parameters)}}})",
        (state(**names),),
        (last,),
        (last,),
        activations.helpers(layer, layer.activation),
    )
