"""What gives an output the shape that is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from convlab.inspector.diagnosis.context import Context, Goal, Shape
from convlab.inspector.diagnosis.fix import Fix
from convlab.inspector.diagnosis.fixing.choosing import bounded, ranked
from convlab.inspector.diagnosis.fixing.formats import format_candidates
from convlab.inspector.diagnosis.fixing.inputs import fed, fitting_of
from convlab.inspector.diagnosis.fixing.shapes import Wanted, shape_candidates
from convlab.inspector.diagnosis.network import Tried
from convlab.inspector.wanting import fits

NEAREST = 3
"""So many input sizes are tried, the nearest first."""


def output_fixes(context: Context, number: int, shape: Shape) -> tuple[Fix, ...]:
    """The fixes of one output that should have a shape, ranked."""
    wanted = context.output_shape or ()

    def reached(tried: Tried) -> bool:
        """Whether this output fits, and no other does not that did before."""
        pairs = zip(tried.outputs, context.network.outputs, wanted, strict=True)
        return fits(tried.outputs[number], shape) and all(
            fits(now, want) or not fits(wire.spec, want) for now, wire, want in pairs
        )

    at = Wanted(context.network.outputs[number], shape, None, number)
    formatted = context.fixes(format_candidates(context, ()), goal=reached)
    found = list(context.fixes(bounded(context, shape_candidates(context, at)), goal=reached))
    return ranked([*formatted, *found, *_other_inputs(context, reached)])


def _other_inputs(context: Context, reached: Goal) -> Iterator[Fix]:
    sizes = fitting_of(context)
    for shapes in sizes.input_shapes(NEAREST) if sizes is not None else ():
        fix = context.fix(fed(context, shapes), goal=reached)
        if fix is not None:
            yield fix
