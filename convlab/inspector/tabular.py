"""A trace as a table: text for a terminal, HTML for a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from convlab.layers.naming import printable

if TYPE_CHECKING:
    from rich.table import Table

    from convlab.inspector.tracing import Row, Trace

HEADS = ("layer", "output shape", "parameters", "MACs", "memory", "receptive field", "stride")
_NUMBERS = HEADS[2:5]


def cells(row: Row) -> tuple[str, ...]:
    """What the table says of a row, column by column."""
    field = row.receptive_field
    shape = row.shape_text if row.output_shape is not None else "not known"
    stride = "" if field is None else _each(field.stride)
    return (
        f"{row.name} ({row.class_name})",
        shape,
        "shared" if row.repeated and row.params else _count(row.params),
        _count(row.macs),
        _bytes(row.activation_bytes),
        "" if field is None else field.short,
        stride,
    )


def remarks(row: Row) -> Iterator[str]:
    """What stands below a row: the conflict, or what is out of place."""
    if row.conflict:
        yield row.conflict.replace("\n", " ")
    for note in row.notes:
        if any(word in note for word in ("aligned", "never read", "is not known here")):
            yield note
    sides = {pad for pad in row.pads or () if pad[0] != pad[1]}
    if sides:
        told = ", ".join(f"{before} before and {after} after" for before, after in sorted(sides))
        yield f"uneven padding: {told}"


def totals(found: Trace) -> str:
    """The sums, in one line."""
    parts = [_told(found.params, "parameters")]
    if found.trainable_params != found.params:
        parts.append(_told(found.trainable_params, "of them trainable"))
    parts += [_told(found.macs, "multiply-adds"), _told(found.flops, "operations")]
    memory = "of activations for one example"
    known = found.activation_bytes is not None
    parts += [f"{_bytes(found.activation_bytes)} {memory}"] if known else []
    return ", ".join(parts)


def _told(value: int | None, what: str) -> str:
    """A sum with its unit.

    >>> _told(1200, "parameters"), _told(None, "operations")
    ('1,200 parameters', 'operations not known')
    """
    return f"{what} not known" if value is None else f"{_count(value)} {what}"


def _count(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"


def _bytes(value: int | None) -> str:
    """Memory in three digits.

    >>> _bytes(3 * 2**20), _bytes(100)
    ('3 MiB', '100 B')
    """
    if value is None:
        return "?"
    power = min(max(value.bit_length() - 1, 0) // 10, 4)
    unit = ("B", "KiB", "MiB", "GiB", "TiB")[power]
    return f"{value / 2 ** (10 * power):.3g} {unit}"


def _each(values: tuple[Any, ...]) -> str:
    """One number where all axes have the same."""
    if not values or None in values:
        return ""
    kinds = list(dict.fromkeys(str(value) for value in values))
    return kinds[0] if len(kinds) == 1 else "x".join(str(value) for value in values)


def text(found: Trace, width: int | None) -> str:
    """The table in plain text; without a width it is as wide as it needs to be."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=width or 4000,
        color_system=None,
        force_jupyter=False,
        emoji=False,
        markup=False,
    )
    console.print(table(found))
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join([*lines, totals(found)])


def table(found: Trace) -> Table:
    """The table for a terminal."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(
        title=Text(printable(found.name)), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for head in HEADS:
        made.add_column(head, justify="right" if head in _NUMBERS else "left", overflow="fold")
    told = [tuple(remarks(row)) for row in found.rows]
    if any(told):
        made.add_column("notes", overflow="fold", min_width=20)
    for row, notes in zip(found.rows, told, strict=True):
        style = "bold red" if row.conflict else ""
        said = printable(" ".join(_sentence(note) for note in notes))
        last = [Text(said, style=style or "dim")]
        made.add_row(
            *(Text(printable(cell), style=style) for cell in cells(row)), *last * any(told)
        )
    return made


def _sentence(note: str) -> str:
    """A remark as a sentence of its own."""
    return note[:1].upper() + note[1:] + ("" if note.endswith(".") else ".")


_STYLE = """
.convlab-trace { color: inherit; line-height: 1.35;
  --line: color-mix(in srgb, currentColor 22%, transparent);
  --soft: color-mix(in srgb, currentColor 72%, transparent); }
OWN .scroll { overflow-x: auto; }
OWN table { border-collapse: collapse; border: 0; color: inherit; background: none; margin: 0;
  font-variant-numeric: tabular-nums; font-size: 1em; }
OWN caption { text-align: left; padding: 0 0 0.3em; color: inherit; caption-side: top; }
OWN caption b { font-weight: 600; }
OWN tr { background: none; }
OWN :is(th, td) { text-align: left; vertical-align: baseline; padding: 0.2em 1.3em 0.2em 0;
  border: 0; border-bottom: 1px solid var(--line); background: none; color: inherit;
  font-weight: 400; white-space: nowrap; max-width: none; }
OWN thead th { color: var(--soft); font-size: 0.85em; }
OWN .number { text-align: right; }
OWN small { color: var(--soft); font-size: 0.85em; }
OWN tr:has(+ tr.remark) :is(th, td) { border-bottom: 0; }
OWN tr.remark td { white-space: normal; padding-left: 1.2em; color: var(--soft); }
OWN tr.conflict :is(th, td) { font-weight: 600; }
OWN tr.conflict th::before { content: "✗ "; }
OWN tr.remark.conflict td { font-weight: 400; color: inherit;
  border-left: 3px solid currentColor; }
OWN tfoot td { border-bottom: 0; white-space: normal; padding-top: 0.6em; }
""".replace("OWN", ".convlab-trace" * 3)


def html(found: Trace) -> str:
    """The table; colours come from the page, so that light and dark both work."""
    heads = "".join(f'<th scope="col"{_kind(head)}>{head}</th>' for head in HEADS)
    body = "".join(_html_row(row) for row in found.rows)
    return (
        f'<div class="convlab-trace"><style>{_STYLE}</style><div class="scroll"><table>'
        f"<caption><b>{escape(found.name)}</b></caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody><tfoot><tr>"
        f'<td colspan="{len(HEADS)}">{escape(totals(found))}</td></tr></tfoot></table></div></div>'
    )


def _kind(head: str) -> str:
    return ' class="number"' if head in _NUMBERS else ""


def _html_row(row: Row) -> str:
    marked = " conflict" if row.conflict else ""
    rest = cells(row)[1:]
    told = "".join(
        f"<td{_kind(head)}>{escape(cell)}</td>" for head, cell in zip(HEADS[1:], rest, strict=True)
    )
    lines = [
        f'<tr class="layer{marked}"><th scope="row">{escape(row.name)} '
        f"<small>{escape(row.class_name)}</small></th>{told}</tr>"
    ]
    lines += [
        f'<tr class="remark{marked}"><td colspan="{len(HEADS)}">{escape(remark)}</td></tr>'
        for remark in remarks(row)
    ]
    return "".join(lines)
