"""A tile of a convolution: the sums of some output pixels for some filters at once.

    y[m, v] = start[v] + sum over the runs, over r < length, of
              x[m][offset + r] * weights[row + r, v]

for pixels m and filters v, where `start` is the bias, or what stands in y already. Compilers keep
such sums in memory, unless they are written as vector instructions: then they stay in registers.
The sums begin at 0 and the start is added last.
"""

from __future__ import annotations

from convlab.kernels.tables import Run
from convlab.kernels.vector.emitter import Body, Emitter, Value, Values

UNROLL = 4


def sums(
    emit: Emitter, cells: Values, runs: Value, count: Value, weights: Value, vectors: int
) -> Values:
    """The sums over some runs: of each pixel in turn, its vectors of filters.

    Args:
        emit: what writes the instructions.
        cells: the address in x of each pixel.
        runs: the address of the first run.
        count: how many runs are summed.
        weights: the address of a block of weights, float `(rows, vectors * lanes)`.
        vectors: how many vectors of filters a block has.
    """
    b = emit.builder

    def add_run(i: Value, carried: Values) -> Values:
        run = b.add(runs, emit.times(i, 8 * Run.FIELDS))
        offset, row, length = (emit.field(run, column) for column in range(Run.FIELDS))
        starts = [emit.after(cell, offset) for cell in cells]
        first = b.add(weights, emit.times(row, vectors * emit.bytes))

        def add_numbers(n: int) -> Body:
            def add(r: Value, carried: Values) -> Values:
                *totals, line = carried
                for u in range(n):
                    places = [emit.after(start, emit.plus(r, u)) for start in starts]
                    totals = _multiply_add(emit, places, line, totals, vectors)
                    line = emit.further(line, vectors)
                return [*totals, line]

            return add

        whole = b.and_(length, emit.integer(-UNROLL))
        zero = emit.integer(0)
        carried = emit.loop(zero, whole, UNROLL, [*carried, first], add_numbers(UNROLL))
        return emit.loop(whole, length, 1, carried, add_numbers(1))[:-1]

    zeros = [emit.zero()] * (len(cells) * vectors)
    return emit.loop(emit.integer(0), count, 1, zeros, add_run)


def _multiply_add(
    emit: Emitter, places: Values, line: Value, totals: Values, vectors: int
) -> list[Value]:
    """One number of each pixel times one row of weights, added to the sums."""
    row = [emit.load(emit.further(line, v)) for v in range(vectors)]
    new: list[Value] = []
    for place in places:  # in this order, or the values would push the sums out of the registers
        value = emit.splat(emit.load_number(place))
        new += [emit.fma(value, weight, totals[len(new) + v]) for v, weight in enumerate(row)]
    return new


def write(emit: Emitter, totals: Values, starts: Values, places: Values, filters: Value) -> None:
    """Add its start to each sum, and write those of the filters that there are.

    Args:
        emit: what writes the instructions.
        totals: the sums, as `sums` gives them.
        starts: the address of what each pixel's sums are added to.
        places: the address in y of each pixel.
        filters: how many of the filters there are.
    """
    b = emit.builder
    vectors = len(totals) // len(places)

    def written(masks: list[Value]) -> None:
        for m, (start, place) in enumerate(zip(starts, places, strict=True)):
            for v, mask in enumerate(masks):
                begun = emit.load(emit.further(start, v), mask)
                value = b.fadd(begun, totals[m * vectors + v])
                emit.store(value, emit.further(place, v), mask)

    whole = b.icmp_signed(">=", filters, emit.integer(vectors * emit.lanes))
    with b.if_else(whole) as (then, otherwise):
        with then:
            written([None] * vectors)
        with otherwise:
            counts = [emit.plus(filters, -v * emit.lanes) for v in range(vectors)]
            written([emit.mask(count) for count in counts])
