"""The convolutional LSTM in PyTorch, which has none: a small module that is written out."""

from __future__ import annotations

from convlab.geometry import arguments
from convlab.layers.base_conv_lstm import ConvLSTM
from convlab.models.code.python_text import comment, short
from convlab.models.code.refused import no_equal
from convlab.models.code.to_torch import activations
from convlab.models.code.to_torch.convolutions import channels_of, module, reordered, windows
from convlab.models.code.to_torch.padding import Padding, Windows
from convlab.models.code.to_torch.piece import FIRST, IN_ORDER, SECOND, Piece, Place, Step, state

_CLASS = '''
class {{cls}}(nn.Module):
    """Keras's {name}: two convolutions make what goes into all four gates."""

    def __init__(self):
        super().__init__()
        self.from_input = {from_input}
        self.from_state = {from_state}

    def forward(self, x, h=None, c=None):
        outputs = []
        for x_t in {times}:{pad_input}
            z = self.from_input(x_t)
            if h is None:
                h = c = z.new_zeros(len(z), {filters}, *z.shape[2:])
{pad_state}            z = z + self.from_state({state})
            i, f, g, o = z.chunk(4, dim=1)  # Keras's order: input, forget, candidate, output
            c = {f} * c + {i} * {g}
            h = {o} * {tanh_c}
            outputs.append(h)
        return {result}
'''


def conv_lstm(layer: ConvLSTM, place: Place, *begin: Place) -> Piece:  # noqa: ARG001
    """ConvLSTM1D, ConvLSTM2D, ConvLSTM3D; the state may be handed over, too."""
    if layer.stateful:
        raise no_equal(
            layer,
            "torch",
            "a module keeps no state between calls",
            "Use stateful=False, and hand h and c over.",
        )
    last = IN_ORDER if layer.channel_axis == 2 else FIRST
    window = windows(layer, place)
    of_state = Windows(window.kernel, (1,) * layer.rank, (1,) * layer.rank, "same")
    names = {"from_input.weight": reordered(layer.rank), "from_state.weight": reordered(layer.rank)}
    names |= {"from_input.bias": "{w}"} if layer.use_bias else {}
    sequence = SECOND if last == FIRST and layer.return_sequences else last
    gives = (sequence, last, last) if layer.return_state else (sequence,)
    functions = (layer.activation, layer.recurrent_activation)
    return Piece(
        (Step("{self}({xs})"),),
        "{cls}()",
        (state(**names),),
        (SECOND if last == FIRST else IN_ORDER, last, last),
        gives,
        (*window.padded().helpers, *activations.helpers(layer, *functions)),
        _definition(layer, place, window.padded(), of_state.padded(), last),
    )


def _definition(layer: ConvLSTM, place: Place, pads: Padding, state: Padding, last: int) -> str:
    size = arguments.whole(layer.kernel_size, "kernel_size")
    filters = int(layer.filters)
    from_input = module(
        "Conv",
        layer.rank,
        channels_of(layer, place),
        4 * filters,
        short(size),
        stride=short(layer.strides),
        padding=pads.argument,
        dilation=short(layer.dilation_rate),
        bias=bool(layer.use_bias),
    )
    from_state = module(
        "Conv", layer.rank, filters, 4 * filters, short(size), padding=state.argument, bias=False
    )
    gate, function = (
        activations.name_of(layer, f) for f in (layer.recurrent_activation, layer.activation)
    )
    output = "torch.stack(outputs, dim=1)" if layer.return_sequences else "h"
    return _CLASS.format(
        name=layer.class_name,
        from_input=from_input,
        from_state=from_state,
        times="reversed(x.unbind(1))" if layer.go_backwards else "x.unbind(1)",
        pad_input=_padded(pads, "x_t", "x_t"),
        pad_state=_padded(state, "padded", "h").lstrip("\n") + "\n" * bool(state.steps),
        state="padded" if state.steps else "h",
        filters=filters,
        **{name: activations.expression(gate, name, last) for name in "ifo"},
        g=activations.expression(function, "g", last),
        tanh_c=activations.expression(function, "c", last),
        result=f"{output}, h, c" if layer.return_state else output,
    )


def _padded(padding: Padding, to: str, x: str) -> str:
    """The lines that pad, in the loop over time."""
    if not padding.steps:
        return ""
    (step,) = padding.steps
    indent = " " * 12
    why = "\n".join(comment(step.why, indent))
    return f"\n{why}\n{indent}{to} = {step.expression.format(x=x)}"
