"""From a layer's class name and config, as a file has them, to a layer; no name is imported."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from convlab import layers
from convlab.errors import ArgumentError, ArgumentTypeError, ConvlabError, FileRefused
from convlab.layers.base import Layer
from convlab.layers.input_layer import InputLayer
from convlab.layers.opaque import Opaque
from convlab.layers.outline import ARGUMENTS, Outline
from convlab.models.legacy import modern_name
from convlab.models.references import shape_in

Custom = Mapping[str, Any]
Fixes = Sequence[Mapping[str, Any]]

_HOMES = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras", "tensorflow_core")
_REPLACEABLE = ("_initializer", "_regularizer", "_constraint")


class LayerRefused(FileRefused):
    """A file describes a layer whose arguments cannot be.

    Args:
        class_name: its class.
        config: its arguments, as the file has them.
        why: what is wrong with them.
        fixes: changes of arguments that mend it.
    """

    def __init__(
        self, class_name: str, config: Mapping[str, Any], why: str, fixes: Fixes = ()
    ) -> None:
        self.class_name, self.config, self.why = class_name, dict(config), why
        super().__init__(
            f"The file describes a {class_name} that cannot be: {why}",
            received=f"name={config.get('name')!r:.60}",
            remedy="Save the model again with Keras, or mend its configuration.",
            fixes=fixes,
        )


@cache
def _known() -> Mapping[str, type[Layer]]:
    """Keras's layer classes that convlab has, by name."""
    found = {name: getattr(layers, name) for name in layers.__all__}
    classes = {
        name: value
        for name, value in found.items()
        if isinstance(value, type) and issubclass(value, Layer) and not issubclass(value, Opaque)
    }
    return classes | {"InputLayer": InputLayer}


def layer_from(
    class_name: str,
    config: Mapping[str, Any],
    entry: Mapping[str, Any],
    own: Custom,
    inner: Layer | None = None,
) -> Layer:
    """The layer that a file describes; of a class that is not known, an `Opaque` one.

    Args:
        class_name: the name of its class.
        config: its arguments, in Keras 3's terms.
        entry: all that the file says of it: "module", "registered_name".
        own: classes of layers, or rules of shapes, or functions, by the names of custom objects.
        inner: the model that it wraps, where it wraps one.

    Raises:
        FileRefused: the arguments of a class that is known cannot be.
    """
    registered = str(entry.get("registered_name") or class_name)
    for name in (registered, registered.rpartition(">")[2], class_name):
        if name in own:
            return _custom(own[name], class_name, config)
    module = entry.get("module")
    if is_keras(module, registered):
        cls = _known().get(class_name)
        if cls is not None:
            return _made(cls, dict(config), own)
        if class_name in ARGUMENTS:
            return _outlined(class_name, config, own, inner)
    return Opaque(class_name, config, rule=_told_rule(config), name=_name(config))


def _outlined(
    class_name: str, config: Mapping[str, Any], own: Custom, inner: Layer | None
) -> Layer:
    """A layer of which the shapes alone are known; `Opaque` where its config does not tell them."""
    told = dict(config)
    entry = told.get("layer")
    if inner is None and "layer" in ARGUMENTS[class_name] and isinstance(entry, Mapping):
        within, given = entry.get("class_name"), entry.get("config")
        if isinstance(within, str) and isinstance(given, Mapping):
            inner = layer_from(within, given, entry, own)
    for name in ("batch_input_shape", "input_shape"):
        told.pop(name, None)
    shape = shape_in(config.get("batch_input_shape"))
    try:
        made = Outline(class_name, told, inner, name=_name(config))
    except ArgumentTypeError:
        return Opaque(class_name, config, name=_name(config))
    made.batch_input_shape = shape or made.batch_input_shape
    return made


def _told_rule(config: Mapping[str, Any]) -> Callable[[Any], Any] | None:
    """The rule that a Lambda's config tells: the shape of one example of its output."""
    sizes = shape_in(config.get("output_shape"))
    if sizes is None:
        return None
    return lambda shape: (_batch(shape), *sizes)


def _batch(shape: Any) -> int | None:
    first = shape[0]
    batch: int | None = first[0] if isinstance(first, tuple) else first
    return batch


def is_keras(module: Any, registered: str) -> bool:
    """Whether a class is Keras's own, and no other of the same name."""
    if module is None or module == "":
        return ">" not in registered or registered.startswith("keras>")
    return isinstance(module, str) and module.partition(".")[0] in {
        home.partition(".")[0] for home in _HOMES
    }


def _custom(given: Any, class_name: str, config: Mapping[str, Any]) -> Layer:
    if isinstance(given, type) and issubclass(given, Layer):
        return given.from_config(config)
    if isinstance(given, Layer):
        return given
    if not callable(given):
        raise ArgumentError(
            "A custom object is a class of layers, or a function that makes the output's shape of "
            "the input's.",
            received=f"custom_objects={{'{class_name}': {given!r:.60}}}",
            remedy="Use e.g. lambda shape: shape.",
            argument="custom_objects",
        )
    return Opaque(class_name, config, rule=given, name=_name(config))


def _name(config: Mapping[str, Any]) -> str | None:
    name = config.get("name")
    return modern_name(name) if isinstance(name, str) else None


def _made(cls: type[Layer], config: dict[str, Any], own: Custom) -> Layer:
    """The layer; custom initializers and the like, which change no shape, are left at defaults."""
    shape = shape_in(config.pop("batch_input_shape", None))  # which not every layer takes
    for name, value in list(config.items()):
        if name.endswith("activation"):
            config[name] = _activation(value, own)
    made = _constructed(cls, config)
    made.batch_input_shape = shape or made.batch_input_shape
    return made


def _activation(value: Any, own: Custom) -> Any:
    """What stands for an activation: a name, a custom function, or a layer such as LeakyReLU."""
    said = value
    if isinstance(value, Mapping):
        said = value.get("registered_name") or value.get("config")
        class_name, config = value.get("class_name"), value.get("config")
        cls = _known().get(class_name) if isinstance(class_name, str) else None
        if cls is not None and isinstance(config, Mapping):
            return _made(cls, dict(config), own)
    return own.get(said, value) if isinstance(said, str) else value


def _constructed(cls: type[Layer], config: dict[str, Any]) -> Layer:
    for _ in range(len(config) + 1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about `input_shape`, which old files have
                return cls.from_config(config)
        except (ArgumentError, ArgumentTypeError) as error:
            if not _mended(config, error):
                raise _refused(cls, config, error) from error
        except (ConvlabError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise _refused(cls, config, error) from error
    raise _refused(cls, config, None)


def _mended(config: dict[str, Any], error: ArgumentError | ArgumentTypeError) -> bool:
    """Whether an argument that cannot be read could be done without."""
    argument = error.argument
    if argument is None or argument not in config:
        cause = error.__cause__
        argument = cause.argument if isinstance(cause, ConvlabError) else None
    if argument is None or argument not in config:
        return False
    if argument.endswith(_REPLACEABLE) or config[argument] is None:
        del config[argument]
        return True
    if argument.endswith("activation") and not callable(config[argument]):
        config[argument] = _unknown_function(config[argument])
        return True
    return False


def _unknown_function(written: Any) -> Callable[..., Any]:
    """Stands for an activation that only the file's author has; refuses to be computed."""
    said = written.get("config") if isinstance(written, Mapping) else written
    name = said if isinstance(said, str) else str(written)[:60]

    def unknown(x: Any) -> Any:  # noqa: ARG001
        raise ArgumentError(
            "What this activation computes is not known here.",
            received=f"activation={name!r}",
            remedy=f"Give it: custom_objects={{{name!r}: function of an array}}.",
            argument="custom_objects",
        )

    unknown.__name__ = name
    return unknown


def _refused(cls: type[Layer], config: Mapping[str, Any], error: Exception | None) -> FileRefused:
    cause = getattr(error, "__cause__", None) or error
    said = str(cause).partition("\n")[0] or type(cause).__name__
    return LayerRefused(cls.__name__, config, f"{said:.300}", getattr(cause, "fixes", ()))
