"""Results in a terminal: sentences and tables, in colour only as an addition."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TextIO

from kesos_sim import i18n
from kesos_sim.reports.context import ReportContext, clean
from kesos_sim.reports.frames import Results
from kesos_sim.reports.outcomes import outcome_table, place_tables
from kesos_sim.reports.provenance import required
from kesos_sim.reports.sentences import outcome
from kesos_sim.reports.tables import TextTable

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

WIDEST: Final = 120
"""Columns beyond which lines are hard to read."""
_LEAST_NAME: Final = 20
_LEAST_WORDS: Final = 10
_TIE: Final = "\u00a0"
_GAP: Final = "  "
_INDENT: Final = "    "
_BULLET: Final = "  • "


def table_lines(shown: TextTable, width: int) -> list[str]:
    """Lay out a table for a width; nothing is ever cut off or left out.

    Parameters
    ----------
    shown : TextTable
        The table.
    width : int
        Columns of the terminal.

    Returns
    -------
    list of str
        Headings, a rule and the rows. Words are wrapped first; where the numbers leave too
        little room for words, the words get lines of their own above the numbers; where not
        even the numbers fit side by side, every cell gets a line.
    """
    labels = [clean(column.label) for column in shown.columns]
    numeric = [column.numeric for column in shown.columns]
    rows = [
        [
            _unbroken(cell) if right else clean(cell)
            for cell, right in zip(row, numeric, strict=True)
        ]
        for row in shown.rows
    ]
    return [line.replace(_TIE, " ") for line in _layout(labels, rows, numeric, width)]


def _unbroken(cell: str) -> str:
    """Tie the words of a number together; a range says itself where it may be broken."""
    return clean(cell) if _TIE in cell else clean(cell).replace(" ", _TIE)


def _layout(
    labels: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], width: int
) -> list[str]:
    """Lay out headings and rows in one of the three ways."""
    widths = _widths(labels, rows, numeric, width)
    if widths is not None:
        return _grid(labels, rows, numeric, widths)
    words = [i for i, is_number in enumerate(numeric) if not is_number]
    figures = [i for i, is_number in enumerate(numeric) if is_number]
    heads, cells = [labels[i] for i in figures], [[row[i] for i in figures] for row in rows]
    right = [True] * len(figures)
    inner = _widths(heads, cells, right, width - len(_INDENT)) if figures else None
    names = [textwrap.wrap(", ".join(row[i] for i in words), width) for row in rows]
    if inner is None:
        return [
            line
            for name, row in zip(names, cells, strict=True)
            for line in (*name, *_pairs(heads, row, width))
        ]
    top, *body = _blocks(heads, cells, right, inner)
    rule = "─" * (sum(inner) + len(_GAP) * (len(inner) - 1))
    return [
        *(_INDENT + line for line in (*top, rule)),
        *(
            line
            for name, block in zip(names, body, strict=True)
            for line in (*name, *(_INDENT + part for part in block))
        ),
    ]


def _pairs(heads: Sequence[str], cells: Sequence[str], width: int) -> Iterator[str]:
    """Yield one line for every cell, with its heading."""
    for head, cell in zip(heads, cells, strict=True):
        yield from textwrap.wrap(
            f"{head}: {cell}", width, initial_indent=_INDENT, subsequent_indent=_INDENT
        )


def _widths(
    labels: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], width: int
) -> list[int] | None:
    """Return widths of columns that fit, or None when words would get too little room."""
    room = width - len(_GAP) * (len(labels) - 1)
    widest, least = [], []
    for i, label in enumerate(labels):
        cells = [row[i] for row in rows]
        words = [max(map(len, cell.split(" ")), default=0) for cell in [label, *cells]]
        whole = max(map(len, cells), default=0)
        widest.append(max(len(label), whole))
        name = _LEAST_NAME if i == 0 else _LEAST_WORDS
        least.append(max(*words, 0 if numeric[i] else min(whole, name)))
    if sum(least) > room:
        return None
    found = list(least)
    for i in sorted(range(len(labels)), key=lambda i: (not numeric[i], i)):
        found[i] += max(0, min(widest[i] - least[i], room - sum(found)))
    return found


def _grid(
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    widths: Sequence[int],
) -> list[str]:
    """Return headings, a rule and rows side by side."""
    head, *body = _blocks(labels, rows, numeric, widths)
    rule = _GAP.join("─" * width for width in widths)
    return [*head, rule, *(line for block in body for line in block)]


def _blocks(
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    widths: Sequence[int],
) -> Iterator[list[str]]:
    """Yield the lines of the headings, then those of every row."""
    for row in (labels, *rows):
        cells = [textwrap.wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        height = max(1, *map(len, cells))
        yield [
            _GAP.join(
                (cell[i] if i < len(cell) else "").rjust(width)
                if right
                else (cell[i] if i < len(cell) else "").ljust(width)
                for cell, width, right in zip(cells, widths, numeric, strict=True)
            ).rstrip()
            for i in range(height)
        ]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that lays itself out for the terminal it meets."""

    shown: TextTable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield title and lines."""
        from rich.text import Text  # rich loads where it is used

        yield _Words(self.shown.title)
        lines = table_lines(self.shown, options.max_width)
        yield Text("\n".join([*lines, ""]), no_wrap=True, overflow="ignore")


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that are wrapped without idle spaces at the ends of lines."""

    text: str
    style: str = ""
    bullet: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines."""
        from rich.text import Text  # rich loads where it is used

        lines = textwrap.wrap(
            clean(self.text),
            options.max_width,
            initial_indent=self.bullet,
            subsequent_indent=" " * len(self.bullet),
        )
        yield Text("\n".join(lines), style=self.style, no_wrap=True, overflow="ignore")


def table(shown: TextTable) -> RenderableType:
    """Return a table for a terminal.

    Parameters
    ----------
    shown : TextTable
        The table.

    Returns
    -------
    rich renderable
        Title and rows, see `table_lines`.
    """
    return _Table(shown)


def report(frame: pd.DataFrame, context: ReportContext, lang: str) -> RenderableType:
    """Return the report of a run or a comparison for a terminal.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame or a comparison frame.
    context : ReportContext
        Titles, places, provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    rich.console.Group
        Sentences by scenario, tables of indicators and places, the line of provenance;
        indicators by decile are left to files and charts.
    """
    from rich.console import Group  # rich loads where it is used

    results = Results(frame)
    line = required(context.provenance).line(lang)
    blocks: list[RenderableType] = []
    shown: str | None = None if results.compares else ""
    for sentence in outcome(results, context, lang):
        if sentence.scenario != shown:
            shown = sentence.scenario
            heading = context.title(shown, lang) if shown else i18n.text("reports.caveats", lang)
            blocks += ["", _Words(heading, "bold")]
        blocks.append(_Words(sentence.text, bullet=_BULLET))
    blocks.append("")
    for scenario in results.scenarios:
        only = scenario if results.compares else None
        if scenario:
            blocks.append(_Words(context.title(scenario, lang), "bold"))
        blocks.append(table(outcome_table(results, context, lang, scenario=only, brief=True)))
    blocks += [table(places) for places in place_tables(results, context, lang)]
    blocks.append(_Words(line, "dim"))
    return Group(*blocks)


def show(shown: RenderableType, stream: TextIO | None = None, width: int | None = None) -> None:
    """Write something to a terminal or a file.

    Parameters
    ----------
    shown : rich renderable
        From `report` or `table`.
    stream : text file, optional
        Standard output when left out.
    width : int, optional
        Columns; those of the terminal, at most `WIDEST`, when left out.
    """
    target = console(stream, width)
    if width is None:
        target.width = min(target.width, WIDEST)
    target.print(shown)


def console(stream: TextIO | None = None, width: int | None = None) -> Console:
    """Return a console that takes no text for markup.

    Parameters
    ----------
    stream : text file, optional
        Standard output when left out.
    width : int, optional
        Columns; those of the terminal when left out.

    Returns
    -------
    rich.console.Console
        The console.
    """
    from rich.console import Console  # rich loads where it is used

    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
