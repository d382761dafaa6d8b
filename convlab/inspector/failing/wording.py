"""What the messages of Keras, TensorFlow and PyTorch mean, of all versions that are known.

The sentences are quoted in `tests/inspector/failing/recorded`, where real versions printed them.
"""

from __future__ import annotations

import re

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_AROUND = (
    re.compile(r"Exception encountered when calling .{0,200}?\.\s*\n"),
    re.compile(r"\n[^\S\n]*(?:Call a|A)rguments received by .{0,200}?:"),
)
_KINDS = (
    ("output-size", r"logits and labels must have the same|target.{0,40}output.{0,40}shape"),
    ("join-sizes", r"matching shapes except for the concat"),
    ("join-sizes", r"requires inputs with matching (?:inputs )?shapes"),
    ("join-sizes", r"[Ii]nputs have incompatible shapes|Operands could not be broadcast together"),
    ("join-sizes", r"Incompatible shapes(?: for broadcasting)?: |Cannot broadcast shape"),
    ("join-sizes", r"Dimensions must be equal, but are \d+ and \d+"),
    ("join-sizes", r"Dimension \d+ in both shapes must be equal|ConcatOp ?: Dimension"),
    ("join-sizes", r"Sizes of tensors must match except in dimension"),
    ("join-sizes", r"The size of tensor a \(\d+\) must match the size of tensor b"),
    ("join-sizes", r"all the input array dimensions .{0,60}must match exactly"),
    ("negative-size", r"Negative dimension size|[Cc]omputed output size would be (?:zero or )?neg"),
    ("negative-size", r"output is <= 0 due to downsampling|resulted in an empty output"),
    ("negative-size", r"Calculated padded input size per channel|Output size is too small"),
    ("negative-size", r"[Kk]ernel size can't be greater than actual input size"),
    (
        "negative-size",
        r"cropping.{0,20} (?:argument|parameter|must).{0,80}(?:smaller|greater) than",
    ),
    ("reshape", r"[Tt]otal size of (?:the tensor|new array) must be unchanged"),
    ("reshape", r"[Cc]annot reshape a tensor|Input to reshape is a tensor with"),
    ("groups", r"evenly divisible by the number of groups|must be divisible by groups"),
    ("channels", r"expected axis -?\d+ of input shape to have value"),
    (
        "channels",
        r"Depth of input \(\d+\) is not a multiple|depth of input .{0,40}must (?:be|match)",
    ),
    ("channels", r"Given groups=\d+, weight of size .{0,80}expected input.{0,80}channels"),
    ("channels", r"number of input channels does not match|channel dimension of the inputs"),
    ("channels", r"mat1 and mat2 shapes cannot be multiplied"),
    ("unknown-size", r"last dimension of the inputs to a Dense.{0,40} should be defined"),
    (
        "unknown-size",
        r"must be fully-defined \(no `None` dimensions\)|should be defined\. Found `?None",
    ),
    ("rank", r"expected (?:min_|max_)?ndim=\d+, found ndim=\d+|Shape must be rank \d+ but is rank"),
    ("rank", r"Input has undefined rank|[Ee]xpected .{0,20}\dD .{0,80}input"),
    (
        "rank",
        r"must have the same length as input|to have \d+ dimensions, but got array with shape",
    ),
    ("illegal-arguments", r"`?strides > 1`? (?:is )?not (?:supported in|compatible)"),
    ("illegal-arguments", r"must be strictly less than .{0,20}stride|output_padding"),
    ("illegal-arguments", r"argument must be a tuple of \d+ integers|Unrecognized keyword arg"),
)
_SENTENCES = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _KINDS)


def spoken(text: str) -> str:
    r"""The message itself: without colours, and without what Keras repeats around it.

    >>> spoken("Exception encountered when calling Add.call().\n\n\x1b[1mNo.\x1b[0m\n\nArguments "
    ...     "received by Add.call():\n  - x=1")
    'No.'
    """
    text = _COLOUR.sub("", text[:20_000])
    begin, end = _AROUND
    for match in begin.finditer(text):
        inner = text[match.end() :]
        stop = end.search(inner)
        return (inner[: stop.start()] if stop else inner).strip()
    return text.strip()


def kind_of(message: str, layer_class: str | None = None) -> str | None:
    """The kind of finding that a message speaks of; None where it is none that is known.

    Args:
        message: what is said, without what stands around it.
        layer_class: the class of the layer that failed, where it is known.

    >>> kind_of("Input 0 of layer conv2d: expected min_ndim=4, found ndim=3.")
    'rank'
    """
    if gave_its_input(message, layer_class):
        return "negative-size"
    return next((kind for kind, found in _SENTENCES if found.search(message[:20_000])), None)


def gave_its_input(message: str, layer_class: str | None) -> bool:
    """Whether TensorFlow's oneDNN gave a buffer of the input's shape: there was no room.

    The convolution itself did not complain, but what adds the bias finds other channels.
    """
    odd = "[Op:BiasAdd]" in message or "[Op:AddV2]" in message
    return odd and "Conv" in (layer_class or "")
