"""An explanation as text, as HTML and as LaTeX: three spellings of the same lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from convlab.geometry import MEANINGS, Step

if TYPE_CHECKING:
    from convlab.inspector.explanation import AxisExplanation, Explanation


_NO_BREAK = "\N{NO-BREAK SPACE}"


class Section(NamedTuple):
    """A heading, the derivation below it, and the remarks that end it."""

    title: str
    change: tuple[str, str]
    given: tuple[tuple[str, int | None, str], ...]
    steps: Sequence[Step]
    notes: Sequence[str]


def sections(explained: Explanation) -> Iterator[Section]:
    """One section for all axes that share their arithmetic, then one for the channels."""
    for names, axis in _alike(explained.axes):
        size_in = axis.geometry.size_in
        change = ("n" if size_in is None else str(size_in), axis.size_out)
        told = [f"{own.title}: {note}" for own in names for note in own.notes]
        title = f"{axis.step} {' and '.join(own.name for own in names)}".strip()
        yield Section(title, change, _given(axis.steps), axis.steps, told)
    change = (_number(explained.channels, "C"), _number(explained.channels_out, "?"))
    shapes = [
        f"The {name.replace('_', ' ')} has the shape {shape}."
        for name, shape in explained.weights.items()
        if name != "bias"
    ]
    notes = (*shapes, *explained.remarks)
    yield Section("channels", change, _given(explained.counts), explained.counts, notes)


def _alike(
    axes: Sequence[AxisExplanation],
) -> Iterator[tuple[list[AxisExplanation], AxisExplanation]]:
    """Axes of one and the same geometry together, in order."""
    groups: dict[object, list[AxisExplanation]] = {}
    for axis in axes:
        groups.setdefault((axis.step, axis.geometry), []).append(axis)
    for group in groups.values():
        yield group, group[0]


def _given(steps: Sequence[Step]) -> tuple[tuple[str, int | None, str], ...]:
    """The symbols that the steps take as given: those that no step finds, each once."""
    free = {"o", "t"}  # the indices that the last formula relates
    found = {step.symbol for step in steps} | free
    terms = {term[0]: term for step in steps for term in step.terms if term[0] not in found}
    order = {symbol: place for place, symbol in enumerate(MEANINGS)}
    return tuple(sorted(terms.values(), key=lambda term: order.get(term[0], len(order))))


def text(explained: Explanation) -> str:
    """Plain text, in lines that fit a terminal of 80 columns where the numbers allow it."""
    lines = [explained.layer, f"{explained.input_shape} -> {explained.output_shape}"]
    for section in sections(explained):
        lines += ["", *_text_section(section)]
    return "\n".join(lines)


def _text_section(section: Section) -> Iterator[str]:
    before, after = section.change
    yield f"{section.title}: {before} -> {after}"
    given = (f"{name} = {_number(value)} {meaning}" for name, value, meaning in section.given)
    whole = ", ".join(term.replace(" ", _NO_BREAK) for term in given)
    for line in textwrap.wrap(whole, 80, initial_indent="  ", subsequent_indent="  "):
        yield line.replace(_NO_BREAK, " ")
    if section.steps:
        yield ""
    width = max((len(step.symbol) for step in section.steps), default=0) + 2
    for step in section.steps:
        symbol, *others = step.parts()
        yield f"{symbol:>{width}} = {' = '.join(others)}"
        indent = " " * (width + 3)
        words = f"{step.name.capitalize()}. {step.reason}"
        yield from textwrap.wrap(words, 80, initial_indent=indent, subsequent_indent=indent)
    if section.notes:
        yield ""
    for note in section.notes:
        yield from textwrap.wrap(note, 80, initial_indent="  - ", subsequent_indent="    ")


def _number(value: int | None, unknown: str = "?") -> str:
    return unknown if value is None else str(value)


def latex(explained: Explanation) -> str:
    r"""An `aligned` block a section, in double dollar signs, each led by its title.

    A cell of a notebook, Markdown or a document with `amsmath` sets it.
    """
    told = (section for section in sections(explained) if section.steps)
    return "\n\n".join(_latex_section(section) for section in told)


def _latex_section(section: Section) -> str:
    lines = [rf"&\textbf{{{section.title}}}"]
    lines += [step.latex().replace(" = ", " &= ", 1) for step in section.steps]
    body = " \\\\\n".join(lines)
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


# The class is named three times so that it outweighs what notebooks say of tables and code.
_STYLE = """
.convlab-explain { color: inherit; line-height: 1.4; max-width: 60em;
  --line: color-mix(in srgb, currentColor 22%, transparent);
  --soft: color-mix(in srgb, currentColor 72%, transparent); }
OWN code { font-family: var(--jp-code-font-family, ui-monospace, monospace); background: none;
  color: inherit; padding: 0; white-space: nowrap; font-variant-numeric: tabular-nums; }
OWN .call code { font-weight: 600; white-space: pre-wrap; }
OWN .scroll { overflow-x: auto; }
OWN table { border-collapse: collapse; table-layout: auto; margin: 0.9em 0 0.3em; width: 100%;
  border: 0; color: inherit; background: none; font-size: 1em; }
OWN caption { text-align: left; padding: 0 0 0.3em; font-weight: 600; color: inherit;
  caption-side: top; }
OWN caption small { font-weight: 400; color: var(--soft); display: block; }
OWN tr { background: none; }
OWN :is(th, td) { text-align: left; vertical-align: baseline; padding: 0.35em 1.4em 0.35em 0;
  border: 0; border-bottom: 1px solid var(--line); background: none; color: inherit;
  font-weight: 400; white-space: normal; max-width: none; }
OWN thead th { color: var(--soft); font-size: 0.85em; }
OWN tbody th { min-width: 17em; }
OWN th small { display: block; color: var(--soft); font-size: 0.85em; }
OWN .result code { font-weight: 700; }
OWN ul { margin: 0.3em 0 0; padding-left: 1.2em; }
""".replace("OWN", ".convlab-explain" * 3)


def html(explained: Explanation) -> str:
    """Tables that stand alone; colours come from the page, so that light and dark both work."""
    shapes = f"{explained.input_shape} → {explained.output_shape}"
    call = f"<code>{escape(explained.layer)}</code><br><code>{escape(shapes)}</code>"
    body = "".join(_html_section(section) for section in sections(explained))
    return (
        f'<div class="convlab-explain"><style>{_STYLE}</style>'
        f'<div class="call">{call}</div>{body}</div>'
    )


def _html_section(section: Section) -> str:
    before, after = section.change
    given = ", ".join(
        f"<code>{name} = {_number(value)}</code> {escape(meaning)}"
        for name, value, meaning in section.given
    )
    head = "".join(
        f'<th scope="col">{word}</th>' for word in ("step", "formula", "with numbers", "result")
    )
    rows = "".join(_html_row(step) for step in section.steps)
    notes = "".join(f"<li>{escape(note)}</li>" for note in section.notes)
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>" if rows else ""
    return (
        f'<div class="scroll"><table><caption>{section.title}: {before} → {escape(after)}'
        f"<small>{given}</small></caption>"
        f"{body}</table></div>" + (f"<ul>{notes}</ul>" if notes else "")
    )


def _html_row(step: Step) -> str:
    formula = f"{step.symbol} = {step.formula}"
    cells = "".join(
        f"<td><code>{escape(part)}</code></td>" for part in (formula, str(step.substituted))
    )
    return (
        f'<tr><th scope="row">{escape(step.name)}<small>{escape(step.reason)}</small></th>{cells}'
        f'<td class="result"><code>{escape(step.outcome)}</code></td></tr>'
    )
