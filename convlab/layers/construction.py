"""From a layer back to its arguments: config, repr, and the same layer with changes."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar, Self

from convlab.errors import ArgumentError, ArgumentTypeError
from convlab.layers import activations, config, constraints, dtypes, initializers, regularizers
from convlab.layers.initializers import Values
from convlab.layers.naming import snake_case
from convlab.layers.registry import Configurable, constructor_call, parameters


class Constructed:
    """What remembers how it was made: each argument is an attribute of the same name."""

    name: str
    trainable: bool
    autocast: bool
    activity_regularizer: Any
    dtype_policy: dtypes.DTypePolicy
    _named: bool
    _input_arguments: dict[str, Any]

    plain_tuples: ClassVar[bool] = False
    """Whether a tuple of equal items means something else than one of them."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A constructor with required arguments names the one that is missing in our words."""
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls) and _required(cls.__init__):
            cls.__init__ = _naming_what_is_missing(cls.__init__)  # type: ignore[method-assign]

    def get_config(self) -> dict[str, Any]:
        """The arguments, normalised and serialised as Keras does."""
        common = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": self.dtype_policy.serialized(),
        }
        own = argument_names(type(self))
        if self.activity_regularizer is not None and "activity_regularizer" not in own:
            own = [*own, "activity_regularizer"]  # of a layer that only inherits it
        return common | {
            name: _serialized(name, getattr(self, name)) for name in own if name not in common
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Make the layer again from `get_config()`; the weights are not part of it.

        Raises:
            ArgumentTypeError: the config holds what is no argument of this layer, or is none.
        """
        if not isinstance(config, Mapping):
            raise ArgumentTypeError(
                "A config is a dictionary of a layer's arguments.",
                received=f"config={config!r}",
                remedy="Use what layer.get_config() gives.",
            )
        try:
            return cls(**config)
        except (TypeError, ArgumentError) as error:
            if isinstance(error, TypeError) or "Unrecognized keyword" in str(error):
                raise ArgumentTypeError(
                    f"Error when deserializing class '{cls.__name__}' using config={dict(config)}.",
                    received=f"config={dict(config)}",
                    remedy=f"Exception encountered: {error}",
                ) from error
            raise

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments that make this layer, as objects; a name only if given."""
        own = {name: getattr(self, name) for name in argument_names(type(self))}
        own |= {"trainable": self.trainable, "dtype": self.dtype_policy, "autocast": self.autocast}
        own.pop("name", None)  # some constructors name it, too
        own |= {"name": self.name} if self._named else {}
        return own | self._input_arguments

    def replace(self, **changes: Any) -> Self:
        """A new layer, not built, with some arguments changed.

        Example:
            >>> from convlab.layers import Conv2D
            >>> Conv2D(8, 3, padding="same").replace(kernel_size=5)
            Conv2D(8, 5, padding='same')
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about `input_shape`, of which the user knows
            return type(self)(**{**self.arguments(), **changes})

    def mending(
        self, fixes: Iterable[Mapping[str, Any]], input_shape: Sequence[int | None]
    ) -> list[dict[str, Any]]:
        """Those changes of arguments with which the layer accepts an input shape."""
        good = []
        for fix in fixes:
            try:
                self.replace(**{"name": self.name, **fix}).check(input_shape)
            except (ValueError, TypeError):
                continue
            good.append(dict(fix))
        return good

    def check(self, input_shape: Any) -> tuple[int | None, ...]:
        """Refuse an input shape that the layer cannot take; gives the output's shape."""
        raise NotImplementedError

    def changed_arguments(self) -> dict[str, Any]:
        """The arguments that differ from the defaults, in the shortest form that means the same.

        Example:
            >>> from convlab.layers import Conv2D
            >>> Conv2D(8, (3, 3), strides=(2, 2), activation="relu").changed_arguments()
            {'filters': 8, 'kernel_size': 3, 'strides': 2, 'activation': 'relu'}
        """
        shown = {
            name: value if self.plain_tuples and isinstance(value, tuple) else _shown(value)
            for name, value in self.arguments().items()
        }
        return {n: value for n, value in shown.items() if not self._is_default(n, value)}

    def __repr__(self) -> str:
        return constructor_call(self, self.changed_arguments())

    def _is_default(self, name: str, shown: Any) -> bool:
        common = {"trainable": True, "dtype": dtypes.DTypePolicy().name, "autocast": True}
        known = parameters(type(self))
        default = common.get(name) if name in common or name not in known else known[name].default
        if name == "data_format":
            default = config.image_data_format()
        if isinstance(default, str) and name.endswith("_initializer"):
            default = snake_case(default)  # PReLU's is "Zeros"
        return not isinstance(shown, _Word) and (_shown(default) == shown) is True


def argument_names(cls: type) -> list[str]:
    """The arguments that a class's constructor names."""
    known = parameters(cls).items()
    return [name for name, found in known if found.kind is not found.VAR_KEYWORD]


_SERIALIZERS: dict[str, Callable[[Any], Any]] = {
    "activation": activations.serialize,
    "initializer": initializers.serialize,
    "regularizer": regularizers.serialize,
    "constraint": constraints.serialize,
}


def _serialized(name: str, value: Any) -> Any:
    """An argument as Keras's config has it; its name ends in what kind of object it is."""
    return _SERIALIZERS.get(name.rpartition("_")[2], lambda plain: plain)(value)


def required(cls: type) -> list[str]:
    """The arguments that a class's constructor must be given, in order.

    >>> from convlab.layers import Conv2D
    >>> required(Conv2D)
    ['filters', 'kernel_size']
    """
    known = parameters(cls).values()
    return [p.name for p in known if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]


def _required(init: Callable[..., None]) -> list[str]:
    """The arguments that a constructor must be given, in order."""
    _, *own = inspect.signature(init).parameters.values()
    return [p.name for p in own if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]


def _naming_what_is_missing(init: Callable[..., None]) -> Callable[..., None]:
    required = _required(init)

    @wraps(init)
    def checked(self: Any, *args: Any, **kwargs: Any) -> None:
        missing = [name for name in required[len(args) :] if name not in kwargs]
        if missing:
            given = [*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())]
            raise ArgumentTypeError(
                f"{type(self).__name__} is missing the required argument `{missing[0]}`.",
                received=f"{type(self).__name__}({', '.join(given)})",
                remedy=f"Use e.g. {missing[0]}=3.",
                argument=missing[0],
            )
        init(self, *args, **kwargs)

    return checked


class _Word(str):
    """What `repr` shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _shown(value: Any) -> Any:
    """An argument in the shortest form that means the same."""
    if isinstance(value, tuple) and len(set(value)) == 1:
        item = _shown(value[0])
        return value if isinstance(item, tuple) else item  # ((1, 2), (1, 2)) is not (1, 2)
    if isinstance(value, dtypes.DTypePolicy):
        return value.name
    if isinstance(value, Values):
        return _Word(f"<array of shape {value.value.shape}>")
    if isinstance(value, Configurable):
        plain = repr(value) == f"{type(value).__name__}()"
        return snake_case(type(value).__name__) if plain else value
    if value is activations.linear:
        return None
    if inspect.isfunction(value):
        name = activations.serialize(value)
        return name if isinstance(name, str) else _Word(value.__name__)
    return value
