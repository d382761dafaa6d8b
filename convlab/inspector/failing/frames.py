"""Which layers were being called when an exception was raised, from the frames it leaves behind.

Keras takes its own frames out of the traceback, but the frames that stay know those that called
them, and Keras's wrappers of `__call__` keep the layer and its arguments among their locals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from convlab.inspector.failing import live

_MOST_FRAMES = 5_000
_MOST_EXCEPTIONS = 20
_RUNS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")
_CALLS = ("__call__", "symbolic_call")


@dataclass(frozen=True)
class LayerCall:
    """A call of a layer that had not returned.

    Attributes:
        layer: the live layer, model or operation.
        args: what it was called on.
        kwargs: the arguments by name.
        frame: the frame of its own `call`, where it was reached; None otherwise.
    """

    layer: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    frame: FrameType | None = None

    @property
    def shapes(self) -> list[Any]:
        """The shapes of the tensors that it was called on."""
        found = (live.shape_of(one) for one in live.tensors_in((self.args, self.kwargs)))
        return [shape for shape in found if shape is not None]


@dataclass
class Stack:
    """What was under way.

    Attributes:
        calls: the calls of layers, the outermost first.
        run: the model that was being fitted or the like, and its arguments; None if none was.
        chain: the Sequential model that was being put together, and its layers; None if none was.
        making: the class of the layer whose constructor failed, and its arguments; None if none.
    """

    calls: list[LayerCall] = field(default_factory=list)
    run: tuple[Any, str, tuple[Any, ...], dict[str, Any]] | None = None
    chain: tuple[Any, list[Any]] | None = None
    making: tuple[str, dict[str, Any]] | None = None


def exceptions_of(error: BaseException) -> Iterator[BaseException]:
    """An exception and those from which it came, however they are linked."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < _MOST_EXCEPTIONS:
        one = waiting.pop(0)
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [other for other in (one.__cause__, one.__context__) if other is not None]


def stack_of(error: BaseException) -> Stack:
    """What was under way when an exception was raised; the deepest that any of its causes tells."""
    stacks = [_read(_frames(one)) for one in exceptions_of(error)]
    deepest = max(stacks, key=lambda stack: len(stack.calls))
    for stack in stacks:
        deepest.run = deepest.run or stack.run
        deepest.chain = deepest.chain or stack.chain
        deepest.making = deepest.making or stack.making
    return deepest


def _frames(error: BaseException) -> list[FrameType]:
    """The frames from the outermost to the one that raised, Keras's own among them."""
    trace = error.__traceback__
    if trace is None:
        return []
    while trace.tb_next is not None:
        trace = trace.tb_next
    frames: list[FrameType] = []
    frame: FrameType | None = trace.tb_frame
    while frame is not None and len(frames) < _MOST_FRAMES:
        frames.append(frame)
        frame = frame.f_back
    return frames[::-1]


def _read(frames: list[FrameType]) -> Stack:
    stack = Stack()
    for frame in frames:
        name, known = frame.f_code.co_name, frame.f_locals
        if name == "error_handler":
            _wrapped(stack, known)
        elif name == "call":
            _inside(stack, frame, known)
        elif name in _CALLS and live.is_layer(known.get("self")):
            _unwrapped(stack, known)
        elif name in ("__init__", "add", "build"):
            _made(stack, name, frame, known)
    return stack


def _wrapped(stack: Stack, known: dict[str, Any]) -> None:
    """Keras's wrapper of a method: it keeps the arguments as they were given."""
    method = getattr(known.get("fn"), "__name__", "")
    args, kwargs = known.get("args"), known.get("kwargs")
    if not isinstance(args, tuple) or not args or not isinstance(kwargs, dict):
        return
    layer, *rest = args
    if not live.is_layer(layer):
        return
    if method in _RUNS:
        stack.run = (layer, method, tuple(rest), dict(kwargs))
        stack.calls.clear()
    elif method == "__call__":
        _push(stack, LayerCall(layer, tuple(rest), dict(kwargs)))


def _unwrapped(stack: Stack, known: dict[str, Any]) -> None:
    """A call as operations of Keras 3 and the layers of old Keras make it: without a wrapper."""
    args = known.get("original_args", known.get("args", ()))
    args = args if isinstance(args, tuple) else ()
    if "inputs" in known and not any(one is known["inputs"] for one in args):
        args = (known["inputs"], *args)
    kwargs = known.get("kwargs")
    _push(stack, LayerCall(known["self"], args, dict(kwargs) if isinstance(kwargs, dict) else {}))


def _push(stack: Stack, call: LayerCall) -> None:
    """Note a call; the same layer's methods that call one another are one call."""
    if not (stack.calls and stack.calls[-1].layer is call.layer):
        stack.calls.append(call)


def _inside(stack: Stack, frame: FrameType, known: dict[str, Any]) -> None:
    """The body of a layer's `call`, where it is the user's."""
    if stack.calls and stack.calls[-1].layer is known.get("self"):
        last = stack.calls[-1]
        stack.calls[-1] = LayerCall(last.layer, last.args, last.kwargs, frame)


def _made(stack: Stack, name: str, frame: FrameType, known: dict[str, Any]) -> None:
    """A Sequential that is put together, or a layer whose arguments are refused."""
    layer = known.get("self")
    if live.is_chain(layer):
        given = known.get("layers") if name == "__init__" else None
        if stack.chain is None or stack.chain[0] is not layer:
            listed = list(given) if isinstance(given, list | tuple) else []
            stack.chain = (layer, listed)
    elif name == "__init__" and live.is_layer(layer) and stack.making is None:
        stack.making = (live.class_name(layer), arguments_of(frame))


def arguments_of(frame: FrameType) -> dict[str, Any]:
    """The arguments of a constructor by name, as plain values."""
    code, known = frame.f_code, frame.f_locals
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    given = {name: known[name] for name in names if name in known}
    more = known.get("kwargs")
    given |= more if isinstance(more, dict) else {}
    return {name: live.plain(value) for name, value in given.items()}
