"""What opens a debugger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from convlab.models.examples import EXAMPLES
from convlab.models.reading import load_model
from convlab.widgets.debugger.case import Case, example_case
from convlab.widgets.debugger.debugger import Debugger


def debug(
    model: Any = None,
    x: ArrayLike | None = None,
    *,
    input_shape: Any = None,
    output_shape: Any = None,
) -> Debugger:
    """The debugger of a network: its graph, what is wrong in it, and fixes to press.

    Args:
        model: what `convlab.diagnose` takes: a model (of convlab or Keras), an exception, the text
            of a traceback or of plain layer calls, JSON, a path; or the name of an example. By
            default a U-Net that fails.
        x: an input, with or without the batch: feature maps are shown for it. By default they are
            not shown, and then of a photograph.
        input_shape: what goes in, instead of what the model says.
        output_shape: what shall come out; None is whatever does.

    Returns:
        A widget; see `Debugger` for what can be read and set.

    Raises:
        ArgumentError: it is nothing that can be debugged.
        ShapeError: a shape is none.

    Example:
        >>> import convlab as cl
        >>> from convlab.widgets.debugger import debug
        >>> x = cl.Input((9, 9, 1), name="image")
        >>> model = cl.Model(x, cl.layers.Conv2D(2, 3, name="conv")(x))
        >>> debugger = debug(model)
        >>> debugger.layer = "conv"
        >>> debugger.selection = (0, 6)
        >>> debugger.layer, debugger.view.graph.cone["image"].text
        (Conv2D(2, 3, name='conv'), 'rows 0 to 2 of 9, columns 6 to 8 of 9')
    """
    if model is None:
        model = next(iter(EXAMPLES))
    if isinstance(model, str) and model in EXAMPLES:
        case = example_case(model)
        given = {"input_shape": input_shape, "output_shape": output_shape}
        for name, shape in given.items():
            case = case if shape is None else case.asked(name, shape)
        return Debugger(case, x)
    title = getattr(model, "name", None) or type(model).__name__
    if isinstance(model, str | Path):
        model, title = _read(model)
    return Debugger(Case(model, str(title), "", input_shape, output_shape), x)


def _read(given: str | Path) -> tuple[Any, str]:
    """A model's file with its weights; what else is given, as it is."""
    if isinstance(given, str) and len(given) > 1000:
        return given, "text"
    path = Path(given)
    if path.suffix in (".keras", ".h5", ".hdf5"):
        return load_model(path), path.name
    return given, path.name if isinstance(given, Path) else "text"


def debug_example(name: str) -> Debugger:
    """The debugger of an example.

    Raises:
        ArgumentError: there is none of this name.
    """
    return Debugger(example_case(name))
