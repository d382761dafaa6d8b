"""A live exception as a `Failure`: the stack it left, the graph behind its tensors, its words."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from convlab.inspector.failing import live, ours, own, partial
from convlab.inspector.failing.failure import Failure, Shape, SourceLine
from convlab.inspector.failing.frames import LayerCall, Stack, exceptions_of, stack_of
from convlab.inspector.failing.texts import failure_of_text
from convlab.inspector.failing.texts.sentences import told_by
from convlab.inspector.failing.texts.told import unlike
from convlab.inspector.failing.wording import gave_its_input, kind_of, spoken
from convlab.models.calls import calls_of
from convlab.models.model import Model

_INSIDE = ("/site-packages/", "/dist-packages/", "/lib/python", "<frozen", "/convlab/")
_MODULES = ("keras", "tf_keras", "tensorflow", "convlab", "IPython", "ipykernel", "torch")
_MOST_LINES = 50


def failure_of_exception(error: BaseException) -> Failure:
    """What an exception tells: see `failure_of`."""
    message = spoken(_text_of(error))
    known: dict[str, Any] = {
        "message": message,
        "lines": tuple(user_lines(error)),
        "versions": live.versions(),
    }
    if (failing := ours.call_of(error)) is not None:
        return _of_ours(failing, known)
    if (making := ours.making_of(error)) is not None:
        return _of_constructor(making, "convlab", known)
    stack = stack_of(error)
    kind = told_by(message).kind or kind_of(message)
    if stack.calls:
        return _of_calls(stack, kind, known)
    if stack.run is not None:
        return _of_run(stack.run, kind, known)
    if stack.making is not None:
        return _of_constructor(stack.making, "keras", known)
    read = failure_of_text(f"{type(error).__name__}: {_text_of(error)}")  # no layer of Keras's
    return replace(read, lines=known["lines"], versions=known["versions"])


def _of_constructor(
    making: tuple[str, dict[str, Any]], framework: str, known: dict[str, Any]
) -> Failure:
    name, arguments = making
    kind = kind_of(known["message"])
    return Failure(
        kind=kind if kind == "groups" else "illegal-arguments",
        framework=framework,
        layer_class=name,
        arguments=arguments,
        **known,
    )


def _of_ours(failing: ours.Failing, known: dict[str, Any]) -> Failure:
    return Failure(
        kind=kind_of(known["message"]),
        framework="convlab",
        layer_class=failing.layer.class_name,
        layer_name=failing.layer.name if failing.model else None,
        argument_shapes=failing.shapes,
        model=failing.model,
        **known,
    )


def _of_calls(stack: Stack, kind: str | None, known: dict[str, Any]) -> Failure:
    """Of the calls under way the innermost is what failed; the graph begins where one is known."""
    last = stack.calls[-1]
    if gave_its_input(known["message"], live.class_name(last.layer)):
        kind = "negative-size"
    found, outer, shapes = _model_of(stack, kind)
    if found is not None and isinstance(shapes, tuple) and len(found.inputs) == 1:
        expected = found.inputs[0].spec
        kind = (unlike(shapes, expected.shape) if expected else None) or kind
        shapes = _open_batch(shapes) if expected and len(shapes) == len(expected.shape) else shapes
    return Failure(
        kind=kind,
        framework="keras",
        layer_class=live.class_name(last.layer),
        layer_name=_name_in(found, stack.calls[outer:]) if found else None,
        arguments=live.config_of(last.layer),
        argument_shapes=tuple(last.shapes),
        model=found,
        input_shapes=shapes,
        **known,
    )


def _model_of(stack: Stack, kind: str | None) -> tuple[Model | None, int, Any]:
    """The graph, which of the calls is its last, and the shapes that went into the whole."""
    for number, call in enumerate(stack.calls):
        symbolic = any(live.history(one) for one in live.tensors_in((call.args, call.kwargs)))
        with suppress(Exception):  # of foreign objects anything may come
            if symbolic and not live.is_own(call.layer):
                return partial.graph_up_to(call, _after(stack, call)), number, None
            if live.is_graph(call.layer) and not live.is_own(call.layer):
                found = partial.model_of(call.layer)
                return found, number + 1, _one_or_all(call.shapes)
            if live.is_own(call.layer) and call.frame is not None:
                within = own.graph_within(call)
                if within is not None:
                    return within, number + 1, None
    last = len(stack.calls) - 1
    with suppress(Exception):  # of foreign objects anything may come
        keep = kind in ("rank", "missing-batch-axis", "missing-channel-axis")
        return partial.alone(stack.calls[last], keep), last, None
    return None, last, None


def _after(stack: Stack, call: LayerCall) -> list[Any]:
    """The layers that a Sequential has behind the one that failed."""
    if stack.chain is None or len(stack.calls) > 1:
        return []
    chain, given = stack.chain
    listed = given or list(getattr(chain, "_layers", None) or getattr(chain, "layers", []))
    places = [place for place, layer in enumerate(listed) if layer is call.layer]
    return [one for one in listed[places[0] + 1 :] if live.is_layer(one)] if places else []


def _name_in(model: Model, calls: list[LayerCall]) -> str | None:
    """The name of the failing layer in a trace: those of the models around it before it."""
    path = [live.name_of(call.layer) for call in calls]
    names = {call.name for call in calls_of(model, [t.spec for t in model.inputs]).calls}
    for start in range(len(path)):
        joined = "/".join(path[start:])
        if joined in names:
            return joined
    near = [name for name in names if path and name.rpartition("/")[2] == path[-1]]
    return near[0] if len(near) == 1 else None


def _of_run(run: Any, kind: str | None, known: dict[str, Any]) -> Failure:
    """A model that was being fitted and whose layers all returned: its output is not wanted."""
    model, method, args, kwargs = run
    given = dict(zip(("x", "y"), args, strict=False)) | kwargs
    x, y = ([live.shape_of(one) for one in live.tensors_in(given.get(name))] for name in ("x", "y"))
    found = None
    with suppress(Exception):  # of foreign objects anything may come
        found = partial.model_of(model) if live.is_graph(model) else None
    wanted = y and method in ("fit", "evaluate", "train_on_batch", "test_on_batch")
    return Failure(
        kind="output-size" if wanted else kind,
        framework="keras",
        layer_class=live.class_name(model),
        argument_shapes=tuple(_open_batch(shape) for shape in x if shape),
        model=found,
        input_shapes=_one_or_all([_open_batch(shape) for shape in x if shape]),
        output_shape=_one_or_all([_open_batch(shape) for shape in y if shape]) if wanted else None,
        **known,
    )


def _open_batch(shape: Shape) -> Shape:
    return (None, *shape[1:])


def _one_or_all(shapes: list[Shape]) -> Any:
    return None if not shapes else shapes[0] if len(shapes) == 1 else shapes


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:20_000]
    except Exception:  # an exception of the user's may not be printable
        return type(error).__name__


def user_lines(error: BaseException) -> Iterator[SourceLine]:
    """The lines of the user's own code that an exception passed through, the outermost first."""
    seen: set[tuple[str, int]] = set()
    for one in [*exceptions_of(error)][::-1]:
        for frame, number in [*traceback.walk_tb(one.__traceback__)][:_MOST_LINES]:
            file = frame.f_code.co_filename
            module = str(frame.f_globals.get("__name__")).partition(".")[0]
            inside = module in _MODULES or any(part in file for part in _INSIDE)
            if inside or (file, number) in seen:
                continue
            seen.add((file, number))
            text = linecache.getline(file, number, frame.f_globals).strip()
            yield SourceLine(file, number, text[:500], frame.f_code.co_name)
