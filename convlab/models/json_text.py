"""JSON from strangers: the standard parser behind checks that no text can exhaust.

Python's `json` accepts what JSON forbids (NaN, Infinity, duplicate keys, halves of surrogate
pairs), recurses on nesting and converts numbers of any length. Here each is refused, the costly
ones by a scan before anything is parsed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from convlab.errors import FileRefused
from convlab.models.limits import Limits

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKET = re.compile(r"[^\[\]{}]++")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONGEST_NUMBER = 400  # more digits than any double needs; what is longer costs more than it says

# Any 64-bit integer in Keras: they feed generators and hashes or are addresses, never a size.
_WIDE_KEYS = frozenset({"seed", "salt", "shared_object_id"})
_WIDE = range(-(2**63), 2**64)


def parse(text: str | bytes, limits: Limits | None = None) -> Any:
    """The value that a JSON text describes: dictionaries, lists, texts, numbers, True, None.

    Integers are bounded by `limits.integer`; only below the keys `seed`, `salt` and
    `shared_object_id` any 64-bit integer stands, signed or not.

    Args:
        text: the text, or its bytes in UTF-8 (a byte order mark is passed over).
        limits: bounds on size, nesting, number of values and integers.

    Raises:
        FileRefused: the text is no JSON, breaks a limit, or holds NaN, an infinity, a key
            twice in one object, or text that is no Unicode.

    >>> parse('{"filters": 8, "strides": [1, 1]}')
    {'filters': 8, 'strides': [1, 1]}
    >>> parse('{"filters": 8, "filters": 9}')
    Traceback (most recent call last):
    ...
    convlab.errors.FileRefused: The JSON text has a key twice in one object.
    """
    limits = limits or Limits()
    text = _decoded(text, limits)
    _check_structure(text, limits)
    numbers = _Numbers(limits)
    try:
        value = json.loads(
            text,
            parse_int=numbers.integer,
            parse_float=numbers.real,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_duplicates,
        )
    except json.JSONDecodeError as error:
        raise _refused(
            "The text is not JSON.",
            f"{error.msg} at line {error.lineno}, column {error.colno}",
            "Write it with model.to_json(), and copy it whole.",
        ) from None
    if numbers.wide:
        _check_integers(value, limits)
    if _SURROGATE.search(text):
        _check_unicode(value)
    return value


def _decoded(text: str | bytes, limits: Limits) -> str:
    _check_size(len(text), limits)
    if isinstance(text, str):
        try:
            _check_size(len(text.encode()), limits)
        except UnicodeEncodeError:
            _refuse_unicode()
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            "JSON is written in UTF-8.",
            f"the byte {error.object[error.start]:#04x} at offset {error.start}",
            "Save the text as UTF-8.",
        ) from None


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.config_bytes:
        raise _refused(
            f"A configuration may have {limits.config_bytes:,} bytes.",
            f"{size:,} bytes or more",
            "Raise Limits.config_bytes if you trust the file.",
        )


def _check_structure(text: str, limits: Limits) -> None:
    """Bound nesting and the number of values, from the brackets and commas outside of strings."""
    bare = _STRING.sub("", text)
    brackets = _NOT_BRACKET.sub("", bare)
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket in "[{" else -1
        if depth > limits.depth:
            raise _refused(
                f"A configuration may nest {limits.depth} levels deep.",
                "more levels",
                "Raise Limits.depth if you trust the file.",
            )
    nodes = 1 + bare.count(",") + len(brackets) // 2
    if nodes > limits.nodes:
        raise _refused(
            f"A configuration may hold {limits.nodes:,} values.",
            f"{nodes:,} values",
            "Raise Limits.nodes if you trust the file.",
        )


class _Numbers:
    """Conversions for the parser, which remember whether an integer beyond the limit passed."""

    def __init__(self, limits: Limits) -> None:
        self.largest = limits.integer
        self.wide = False

    def integer(self, digits: str) -> int:
        number = int(_short(digits))
        self.wide = self.wide or abs(number) > self.largest
        return number

    def real(self, digits: str) -> float:
        number = float(_short(digits))
        if not math.isfinite(number):
            raise _refused("A number must be finite.", digits, "Mend it in the file.")
        return number


def _short(digits: str) -> str:
    if len(digits) > _LONGEST_NUMBER:
        raise _refused(
            f"A number may be written with {_LONGEST_NUMBER} characters.",
            f"{digits[:20]}... with {len(digits):,}",
            "Mend it in the file.",
        )
    return digits


def _check_integers(value: Any, limits: Limits) -> None:
    for path, key, number in _integers(value, "$", ""):
        if abs(number) <= limits.integer or (key in _WIDE_KEYS and number in _WIDE):
            continue
        shown = str(number) if number in _WIDE else f"an integer of {number.bit_length()} bits"
        raise _refused(
            f"An integer may be at most {limits.integer:,} in magnitude.",
            f"{shown} at {path[:200]!r}",
            "Mend it in the file: no size of a network is as large.",
        )


def _integers(value: Any, path: str, key: str) -> Iterator[tuple[str, str, int]]:
    """Every integer with its path and the nearest key above it."""
    if isinstance(value, int):
        yield path, key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _integers(item, f"{path}.{name}", name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _integers(item, f"{path}[{index}]", key)


def _check_unicode(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        _refuse_unicode()


def _refuse_unicode() -> NoReturn:
    raise _refused(
        "Text in JSON is Unicode.",
        "half of a surrogate pair",
        "Write the character itself, or both halves.",
    ) from None


def _refuse_constant(name: str) -> NoReturn:
    raise _refused("JSON has no NaN and no Infinity.", name, "Mend the number in the file.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _refused(
                "The JSON text has a key twice in one object.",
                f"the key {key[:80]!r}",
                "Remove one of them: readers disagree on which one counts.",
            )
        found[key] = value
    return found


def _refused(rule: str, received: str, remedy: str) -> FileRefused:
    return FileRefused(rule, received=received, remedy=remedy)
