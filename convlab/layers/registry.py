"""Objects known by name, and Keras's serialised form of them.

Initializers, regularizers and constraints are all given by name, dict, class, instance or
callable, and all written as `{module, class_name, config, registered_name}`. Reading a config
never imports anything: what is not Keras's own must be handed over in `custom_objects`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Self

from convlab.errors import ArgumentError
from convlab.layers.naming import snake_case


def _parameters(cls: type) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(cls).parameters


parameters: Callable[[type], Mapping[str, inspect.Parameter]] = cache(_parameters)
"""The parameters of a class's constructor; kept, since finding them takes half a millisecond."""


def constructor_call(obj: object, shown: Mapping[str, Any]) -> str:
    """The call that makes `obj`, from the arguments to show (only those that are not default)."""
    required = [
        name
        for name, parameter in parameters(type(obj)).items()
        if parameter.default is parameter.empty and name in shown
    ]
    words = [repr(shown[name]) for name in required]
    words += [f"{name}={value!r}" for name, value in shown.items() if name not in required]
    return f"{type(obj).__name__}({', '.join(words)})"


def interpreted(argument: str, get: Callable[[Any], Any], identifier: Any) -> Any:
    """What `get` makes of an identifier; its refusal says which argument it is about."""
    try:
        return get(identifier)
    except ArgumentError as error:
        error.argument = argument
        raise


def interpret(layer: object, get: Callable[[Any], Any], **identifiers: Any) -> None:
    """Set each argument of a layer to what `get` makes of its identifier."""
    for name, identifier in identifiers.items():
        setattr(layer, name, interpreted(name, get, identifier))


class Configurable:
    """An object whose arguments are its attributes: config and repr follow from the signature."""

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments, ready for JSON."""
        return {name: getattr(self, name) for name in parameters(type(self))}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Make the object again from `get_config()`."""
        return cls(**config)

    def __repr__(self) -> str:
        known = parameters(type(self))
        values = {name: getattr(self, name) for name in known}
        given = {k: v for k, v in values.items() if v != known[k].default}
        return constructor_call(self, given)


class Registry:
    """The classes of one kind, by name.

    Args:
        kind: what they are, in the singular, as the error message calls them.
        classes: Keras's own classes; each is known under its name and its snake-case name.
        aliases: further names.
    """

    def __init__(
        self,
        kind: str,
        classes: Iterable[type[Configurable]],
        aliases: Mapping[str, type[Configurable]] | None = None,
    ) -> None:
        self.kind = kind
        self.module = f"keras.{kind}s"
        self.own = tuple(classes)
        self.names = {cls.__name__: cls for cls in self.own}
        self.names |= {snake_case(cls.__name__): cls for cls in self.own}
        self.names |= aliases or {}

    def get(self, identifier: Any) -> Any:
        """The callable that a name, dict, class, instance or callable stands for."""
        found = identifier
        if isinstance(identifier, Mapping):
            found = self.deserialize(identifier)
        elif isinstance(identifier, str):
            found = self.names.get(identifier)
        if found is None or not callable(found):
            raise self._unknown(identifier)
        return self._make(found, {}) if inspect.isclass(found) else found

    def serialize(self, obj: Any) -> dict[str, Any] | None:
        """Keras's serialised form of an object of this kind."""
        if obj is None:
            return None
        own = type(obj) in self.own
        if inspect.isfunction(obj) or not hasattr(obj, "get_config"):
            name = getattr(obj, "__name__", type(obj).__name__)
            return serialized("builtins", "function", name, name)
        module = self.module if own else type(obj).__module__
        name = type(obj).__name__
        return serialized(module, name, obj.get_config(), None if own else name)

    def deserialize(
        self, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> Any:
        """The object that a serialised form stands for."""
        known = {**self.names, **(custom_objects or {})}
        name, arguments = config.get("class_name"), config.get("config", {})
        if name == "function":
            name, arguments = arguments, None
        found = known.get(name) if isinstance(name, str) else None
        if found is None:
            raise self._unknown(dict(config))
        return self._make(found, arguments) if inspect.isclass(found) else found

    def _make(self, cls: Callable[..., Any], arguments: Any) -> Any:
        try:
            return cls(**(arguments or {}))
        except TypeError as error:
            names = ", ".join(inspect.signature(cls).parameters) or "none"
            raise ArgumentError(
                f"Could not make the {self.kind} {cls.__name__}: {error}.",
                received=f"config={arguments!r}",
                remedy=f"Use a config with its arguments: {names}.",
            ) from error

    def _unknown(self, identifier: Any) -> ArgumentError:
        return ArgumentError(
            f"Could not interpret {self.kind} identifier: {identifier}",
            received=f"{self.kind}={identifier!r}",
            remedy=f"Use one of {', '.join(sorted(n for n in self.names if n.islower()))}.",
        )


def serialized(module: str, name: str, config: Any, registered: str | None) -> dict[str, Any]:
    """Keras's serialised form."""
    return {
        "module": module,
        "class_name": name,
        "config": config,
        "registered_name": registered,
    }
