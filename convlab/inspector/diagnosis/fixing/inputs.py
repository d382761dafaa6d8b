"""Other input sizes: the nearest with which the whole network fits, and their family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from convlab.errors import ConvlabError
from convlab.inspector.diagnosis.change import Change, input_shape
from convlab.inspector.diagnosis.context import Context
from convlab.inspector.diagnosis.finding import Finding
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import ranked
from convlab.inspector.solving.network.fitting import Fitting, fitting

MOST_SIZES = 2
"""So many sizes are tried, the nearest first, beside the nearest that the period divides."""

MEMBERS = 3
"""So many further members of a family are tried before it is named."""


def other_sizes(context: Context, finding: Finding | None) -> tuple[Fix, ...]:
    """Fixes that feed another size, each tried; the family is named where its members do too."""
    found = fitting_of(context)
    if found is None:
        return ()
    fixes: list[Fix] = []
    for sizes in (*found.nearest(MOST_SIZES), *_multiples(found)):
        changes = fed(context, found.input_shape(sizes))
        fix = context.fix(changes, finding=finding)
        if fix is not None:
            fixes.append(replace(fix, family=known_family(context, found, sizes)))
    return ranked(fixes)


def _multiples(found: Fitting) -> list[dict[str, int]]:
    """The nearest sizes that the period divides, which stay whole wherever the network halves."""
    if not found.families:
        return []
    sizes = {}
    for axis in found.axes:
        family = found.families[axis.name]
        nearest = (
            n for n in family.nearest(axis.near, 2 * family.period) if n % family.period == 0
        )
        sizes[axis.name] = next(nearest, 0)
    return [sizes] if all(sizes.values()) else []


def known_family(context: Context, found: Fitting, sizes: Mapping[str, int]) -> str | None:
    """The family of a size that works; found out once."""
    if "family" not in context.remembered:
        context.remembered["family"] = family_of(context, found, sizes)
    told: str | None = context.remembered["family"]
    return told


def fitting_of(context: Context) -> Fitting | None:
    """The input sizes that fit the network and give what is wanted; None where none are known."""
    specs = context.network.specs
    if any(spec is None for spec in specs):
        return None
    known = context.remembered.get("fitting", _UNKNOWN)
    if known is not _UNKNOWN:
        return known  # type: ignore[no-any-return]
    found: Fitting | None = None
    shapes = [spec.shape for spec in specs if spec is not None]
    try:
        found = fitting(
            context.network.model,
            shapes if len(shapes) > 1 else shapes[0],
            _wanted(context),
            tracing=False,
        )
    except ConvlabError:
        found = None
    context.remembered["fitting"] = found
    return found


_UNKNOWN = object()


def _wanted(context: Context) -> Any:
    wanted = context.output_shape
    if wanted is None:
        return None
    return wanted[0] if len(wanted) == 1 else list(wanted)


def fed(context: Context, shapes: Any) -> tuple[Change, ...]:
    """The changes that feed other shapes to the inputs."""
    begun = [call for call in context.calls if call.is_input]
    given = shapes if isinstance(shapes, list) else [shapes]
    found = []
    for call, shape in zip(begun, given, strict=True):
        old = call.outputs[0].spec
        if old is not None and tuple(shape[1:]) != old.shape[1:]:
            found.append(input_shape(call.name, old.shape, (old.shape[0], *shape[1:])))
    return tuple(found)


def family_of(context: Context, found: Fitting, sizes: Mapping[str, int]) -> str | None:
    """In words the sizes that do as well, if further ones of them are seen to do."""
    told = {name: str(family) for name, family in found.families.items()}
    if not any(family.residues for family in found.families.values()):
        return None
    for number in range(1, MEMBERS + 1):
        more = {
            name: size + number * found.families[name].period if name in found.families else size
            for name, size in sizes.items()
        }
        changes = fed(context, found.input_shape(more))
        tried = context.network.tried(changes)
        if tried.errors:
            return None
    texts = list(dict.fromkeys(told.values()))
    if len(texts) == 1:
        return texts[0]
    return ", ".join(f"{name} {text}" for name, text in told.items())
