"""What names of libraries mean, however they were imported; no library is."""

from __future__ import annotations

from typing import Any

from convlab import layers
from convlab.layers.base import Layer
from convlab.layers.naming import snake_case
from convlab.layers.opaque import Lambda, Opaque
from convlab.layers.operators.table import KINDS, known
from convlab.layers.operators.tensorflow import known_tf
from convlab.layers.outline import ARGUMENTS
from convlab.models import applications
from convlab.models.code.reading import older
from convlab.models.code.reading.values import Name

_KERAS = (
    *("keras.api", "keras._tf_keras.keras", "keras", "tf_keras.api", "tf_keras", "convlab"),
    *("tensorflow.keras", "tensorflow.python.keras", "tensorflow._api.v2.keras", "tf.keras"),
)
MERGES = ("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate")

COMMON = {
    "keras": "keras",
    "layers": "keras.layers",
    "L": "keras.layers",
    "KL": "keras.layers",
    "models": "keras.models",
    "applications": "keras.applications",
    "backend": "keras.backend",
    "K": "keras.backend",
    "ops": "keras.ops",
    "tf": "tensorflow",
    "cl": "convlab",
    "np": "numpy",
    "math": "math",
    "Input": "keras.Input",
    "Model": "keras.Model",
    "Sequential": "keras.Sequential",
    **{name: f"keras.layers.{name}" for name in MERGES},
}
"""What a name means that a pasted piece of code uses without importing it."""


def name_of(path: str) -> Name:
    """A name of a library, in one form for all ways by which Keras is imported.

    >>> name_of("tensorflow.keras.layers.Conv2D"), name_of("convlab.Input")
    (Name(path='keras.layers.Conv2D'), Name(path='keras.Input'))
    """
    for home in _KERAS:
        if path == home or path.startswith(home + "."):
            return Name("keras" + path[len(home) :])
    return Name(path.replace("tensorflow._api.v2", "tensorflow", 1))


def common(name: str) -> Name | None:
    """What a name that was not imported is taken for; None if it is none of Keras's."""
    if name in COMMON:
        return name_of(COMMON[name])
    if name in applications.names():
        return Name(f"keras.applications.{name}")
    known = layer_class(Name(name)) or is_outlined(Name(name)) or name in older.names()
    return name_of(f"keras.layers.{name}") if known else None


def layer_class(name: Name) -> type[Layer] | None:
    """The class of layers that a name of Keras's means; None if it is none."""
    if not (name.path.startswith("keras") or "." not in name.path):
        return None
    found: Any = getattr(layers, name.last, None) if name.last[:1].isupper() else None
    if not isinstance(found, type) or not issubclass(found, Layer) or found in (Layer, Opaque):
        return None
    return found


def is_outlined(name: Name) -> bool:
    """Whether a name means a layer of Keras of which the shapes alone are known."""
    return (name.path.startswith("keras") or "." not in name.path) and name.last in ARGUMENTS


def is_application(name: Name) -> bool:
    """Whether a name means a network of `keras.applications` of which the structure is known."""
    return name.path.startswith("keras.applications.") and name.last in applications.names()


def is_lambda(cls: type[Layer]) -> bool:
    """Whether a class is that of functions as layers."""
    return issubclass(cls, Lambda)


def operation(name: Name) -> tuple[str, str] | None:
    """Whose operation a name is, and its name there: ("tensorflow", "math.add").

    >>> operation(Name("keras.ops.concatenate")), operation(Name("tensorflow.nn.relu"))
    (('keras', 'Concatenate'), ('tensorflow', 'nn.relu'))
    """
    root, _, rest = name.path.partition(".")
    if root == "tensorflow" and rest:
        return ("tensorflow", rest) if known_tf(rest) else None
    if root == "keras" and rest.startswith(("ops.", "backend.", "activations.")):
        last = name.last
        camel = "".join(part.capitalize() for part in last.split("_"))
        if last in KINDS or known(camel):
            return "keras", camel
    return None


def is_home(name: Name) -> bool:
    """Whether a name is one of Keras, rather than of another library."""
    return name.path.partition(".")[0] == "keras"


def is_other_layer(name: Name) -> bool:
    """Whether a name means a layer of Keras that is not known here."""
    return name.path.startswith("keras.layers.") and snake_case(name.last) != name.last
