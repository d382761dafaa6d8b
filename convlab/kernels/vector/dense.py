"""The work item of a convolution in which every filter reads all channels of its group.

An item is some of the tiles of one image, for some blocks of filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlab.kernels.tables import Chain, Descriptor, Region, Run
from convlab.kernels.vector.emitter import Emitter, Value, Values
from convlab.kernels.vector.target import Target
from convlab.kernels.vector.tile import sums, write


def write_item(module: Any, dtype: str, vectors: int, target: Target) -> None:
    """Add the function `item(descriptor, number)` to a module.

    Args:
        module: llvmlite's.
        dtype: "float32" or "float64".
        vectors: how many vectors of filters a block has.
        target: the processor.
    """
    emit = Emitter(module, "item", ("descriptor", "number"), dtype, target.bytes)
    _Item(emit, vectors, target).write()
    emit.end()


class _Item:
    """The item's loops: over regions, blocks, tiles and chains."""

    def __init__(self, emit: Emitter, vectors: int, target: Target) -> None:
        self.emit, self.vectors, self.target = emit, vectors, target
        self.descriptor, self.number = emit.arguments
        self.scratch = emit.scratch(vectors * max(target.pixels, target.few))

    def get(self, field: int) -> Value:
        """An integer of the descriptor."""
        return self.emit.field(self.descriptor, field)

    def write(self) -> None:
        """Write the loop over the regions, inside what this item has of each."""
        emit, get, d = self.emit, self.get, Descriptor
        tile_parts, block_parts = get(d.TILE_PARTS), get(d.BLOCK_PARTS)
        image, part = emit.divided(self.number, emit.times(tile_parts, block_parts))
        tile_part, block_part = emit.divided(part, block_parts)
        x = emit.after(get(d.X), emit.times(image, get(d.IMAGE_IN)))
        y = emit.after(get(d.Y), emit.times(image, get(d.IMAGE_OUT)))
        first, end = (
            emit.part(get(d.TILES), one, tile_parts) for one in (tile_part, emit.plus(tile_part, 1))
        )
        first_block, end_block = (
            emit.part(get(d.BLOCKS), one, block_parts)
            for one in (block_part, emit.plus(block_part, 1))
        )

        def region(number: Value, _: Values) -> Values:
            at = emit.plus(get(d.REGIONS), emit.times(number, 8 * Region.FIELDS))
            before = emit.field(at, Region.BEFORE)
            begin = emit.larger(first, before)
            stop = emit.smaller(end, emit.plus(before, emit.field(at, Region.TILES)))
            _Part(self, at, (x, y), (begin, stop), (first_block, end_block)).write()
            return []

        emit.loop(emit.integer(0), get(d.REGION_COUNT), 1, [], region)


class _Part:
    """What an item has of a region: some of its tiles, for some blocks of filters."""

    def __init__(
        self,
        item: _Item,
        region: Value,
        images: tuple[Value, Value],
        tiles: tuple[Value, Value],
        blocks: tuple[Value, Value],
    ) -> None:
        emit = item.emit
        self.item, self.emit, self.blocks = item, emit, blocks
        self.x, self.y = images
        self.fields = [emit.field(region, n) for n in range(Region.FIELDS)]
        self.tiles = [emit.builder.sub(tile, self.fields[Region.BEFORE]) for tile in tiles]
        self.into = _Steps(emit, self.fields, Region.IN)
        self.out = _Steps(emit, self.fields, Region.OUT)

    def write(self) -> None:
        """Write the loops over the tiles, large ones first."""
        emit = self.emit
        begin, stop = self.tiles
        large = self.fields[Region.LARGE]
        emit.loop(begin, emit.smaller(stop, large), 1, [], self.large)
        emit.loop(emit.larger(begin, large), stop, 1, [], self.small)

    def large(self, number: Value, _: Values) -> Values:
        """A tile that fills the registers; the last one overlaps its neighbour."""
        emit, pixels = self.emit, self.item.target.pixels
        latest = emit.plus(self.fields[Region.PIXELS], -pixels)
        self.tile(emit.smaller(emit.times(number, pixels), latest), pixels, clamped=False)
        return []

    def small(self, number: Value, _: Values) -> Values:
        """A tile of what is left over; pixels that do not exist are the last one again."""
        emit, pixels, few = self.emit, self.item.target.pixels, self.item.target.few
        large = self.fields[Region.LARGE]
        behind = emit.times(emit.builder.sub(number, large), few)
        at = emit.builder.add(emit.times(large, pixels), behind)
        latest = emit.larger(emit.plus(self.fields[Region.PIXELS], -few), emit.integer(0))
        self.tile(emit.smaller(at, latest), few, clamped=True)
        return []

    def tile(self, first: Value, pixels: int, *, clamped: bool) -> None:
        """Some pixels for one block of filters after the other: what they read stays at hand."""
        emit, get, d = self.emit, self.item.get, Descriptor
        places = self.pixels(first, pixels, clamped=clamped)
        width = self.item.vectors * emit.lanes

        def block(number: Value, _: Values) -> Values:
            group, place = emit.divided(number, get(d.GROUP_BLOCKS))
            begun = emit.times(place, width)
            into = emit.after(emit.integer(0), emit.times(group, get(d.DEPTH)))
            out = emit.plus(emit.times(group, get(d.GROUP_FILTERS)), begun)
            out = emit.after(emit.integer(0), out)
            rows = emit.times(emit.times(number, get(d.ROWS)), width)
            self.sum(
                [emit.plus(cell, into) for cell, _ in places],
                [emit.plus(place, out) for _, place in places],
                emit.after(get(d.WEIGHTS), rows),
                emit.after(get(d.BIAS), emit.times(number, width)),
                emit.builder.sub(get(d.GROUP_FILTERS), begun),
            )
            return []

        first_block, end = self.blocks
        emit.loop(first_block, end, 1, [], block)

    def sum(
        self, cells: Values, places: Values, weights: Value, bias: Value, filters: Value
    ) -> None:
        """The sums of some pixels for a block of filters, chain by chain.

        Between two chains they lie in scratch memory and not in y, where a tile that overlaps this
        one may be written by another thread.
        """
        emit, b, d = self.emit, self.emit.builder, Descriptor
        chain, chains = self.fields[Region.CHAIN], self.fields[Region.CHAINS]
        vectors = self.item.vectors
        kept = [emit.further(self.item.scratch, m * vectors) for m in range(len(cells))]
        full = emit.integer(vectors * emit.lanes)

        def add_chain(number: Value, _: Values) -> Values:
            at = emit.times(b.add(chain, number), 8 * Chain.FIELDS)
            begun = b.add(self.item.get(d.CHAINS), at)
            run, count = (emit.field(begun, n) for n in range(Chain.FIELDS))
            runs = b.add(self.item.get(d.RUNS), emit.times(run, 8 * Run.FIELDS))
            totals = sums(emit, cells, runs, count, weights, vectors)
            is_first = b.icmp_signed("==", number, emit.integer(0))
            is_last = b.icmp_signed("==", emit.plus(number, 1), chains)
            starts = [emit.choose(is_first, bias, one) for one in kept]
            ends = [emit.choose(is_last, *pair) for pair in zip(places, kept, strict=True)]
            write(emit, totals, starts, ends, emit.choose(is_last, filters, full))
            return []

        emit.loop(emit.integer(0), chains, 1, [], add_chain)

    def pixels(self, first: Value, count: int, *, clamped: bool) -> list[tuple[Value, Value]]:
        """The addresses in x and in y of some pixels of the region, one after the other."""
        emit, b = self.emit, self.emit.builder
        columns, lines = self.fields[Region.COUNT_2], self.fields[Region.COUNT_1]
        row, column = emit.divided(first, columns)
        plane, line = emit.divided(row, lines)
        cell, place = (one.at(plane, line, column) for one in (self.into, self.out))
        found = []
        for m in range(count):
            found.append((emit.after(self.x, cell), emit.after(self.y, place)))
            ahead, below = emit.plus(column, 1), emit.plus(line, 1)
            ends_line = b.icmp_signed("==", ahead, columns)
            ends_plane = b.and_(ends_line, b.icmp_signed("==", below, lines))
            next_cell, next_place = (
                b.add(
                    now,
                    emit.choose(ends_plane, one.plane, emit.choose(ends_line, one.line, one.cell)),
                )
                for now, one in ((cell, self.into), (place, self.out))
            )
            if clamped:
                exists = emit.less(emit.plus(first, m + 1), self.fields[Region.PIXELS])
                next_cell = emit.choose(exists, next_cell, cell)
                next_place = emit.choose(exists, next_place, place)
            column = emit.choose(ends_line, emit.integer(0), ahead)
            line = emit.choose(ends_plane, emit.integer(0), emit.choose(ends_line, below, line))
            cell, place = next_cell, next_place
        return found


class _Steps:
    """How the offset of a region's pixels grows, in the input or in the output."""

    def __init__(self, emit: Emitter, fields: Sequence[Value], at: int) -> None:
        self.emit = emit
        self.first, *self.steps = fields[at : at + 4]
        b = emit.builder
        plane, line, cell = self.steps
        back = emit.times(emit.plus(fields[Region.COUNT_2], -1), cell)
        further_back = emit.times(emit.plus(fields[Region.COUNT_1], -1), line)
        self.cell = cell
        self.line = b.sub(line, back)
        """From the end of a line to the next one."""
        self.plane = b.sub(b.sub(plane, further_back), back)
        """From the end of a plane to the next one."""

    def at(self, plane: Value, line: Value, column: Value) -> Value:
        """The offset of a pixel by its place in the region."""
        offset = self.first
        for step, number in zip(self.steps, (plane, line, column), strict=True):
            offset = self.emit.plus(offset, self.emit.times(step, number))
        return offset
