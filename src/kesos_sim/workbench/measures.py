"""What a planner's notebook shows of measures and documents, one call per cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.html import chart_html
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.office import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    SignatureBoxes,
    Table,
)
from kesos_sim.reports.plans.measure import Measure
from kesos_sim.reports.tables import TextTable
from kesos_sim.workbench.notebook import Shown, said, show

__all__ = ["drawing", "findings", "listing", "section"]

_FOLDED_TABLE: Final = re.compile(r"\n?<details>.*?</details>", re.DOTALL)
_BLANK: Final = "………………"
_LONG: Final = 40
"""Rows from which on a table of a document unfolds when it is asked to."""
_LONG_LIST: Final = 20
"""The same for a table of a measure."""


def findings(found: Measure, bahasa: str = "id") -> Shown:
    """Show what a measure says.

    Parameters
    ----------
    found : WhoServes, Options, Worth, Feasibility, Stress or Winners
        The measure.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown
        Sentences, and where they come from.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.feasibility import feasibility
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> print(findings(feasibility(today, more, draws=0), "en").text.split(":")[0])
    - “10% of APBD for poverty” can be paid
    """
    return said(found.sentences(bahasa), bahasa, found.provenance)


def drawing(found: Measure, name: str, bahasa: str = "id") -> Shown:
    """Show one chart of a measure, or say which ones there are.

    Parameters
    ----------
    found : WhoServes, Options, Worth, Feasibility, Stress or Winners
        The measure.
    name : str
        Name of the chart.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.feasibility import feasibility
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> print(drawing(feasibility(today, more, draws=0), "budget", "en").text)
    This result has no chart budget. There are: budget_years, budget_months.
    """
    charts = {chart.name: chart for chart in found.charts(bahasa)}
    if name in charts:
        return show(charts[name], bahasa)
    return _missing("no_chart", name, charts, bahasa)


def listing(found: Measure, name: str, bahasa: str = "id") -> Shown:
    """Show one table of a measure, or say which ones there are.

    Parameters
    ----------
    found : WhoServes, Options, Worth, Feasibility, Stress or Winners
        The measure.
    name : str
        Name of the table.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.feasibility import feasibility
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> print(listing(feasibility(today, more, draws=0), "fiscal_years", "en").text.splitlines()[0])
    Fiscal years by payer
    """
    tables = {table.name: table for table in found.tables(bahasa)}
    if name not in tables:
        return _missing("no_table", name, tables, bahasa)
    table = tables[name]
    if len(table.rows) > _LONG_LIST:
        return _folded(show([table], bahasa, found.provenance))
    if table.rows:
        return show(table, bahasa, found.provenance)
    return _told(i18n.text("planner_plans.no_rows", bahasa, title=table.title), bahasa)


def section(document: Document, number: int) -> Shown:
    """Show one section of a document as it will be printed.

    Parameters
    ----------
    document : Document
        For instance an RPKD.
    number : int
        0 for what stands before the first heading, 1 for the first section.

    Returns
    -------
    Shown
        In the language of the document; what is to be filled in is dotted.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> from kesos_sim.reports.plans import profile
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> chapter = profile(compare(today, [bare], draws=0), "en")
    >>> print(section(chapter, 9).text)
    This document has no section 9. There are: 0 to 4.
    """
    parts: list[list[Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            parts.append([])
        parts[-1].append(block)
    lang = document.lang
    if not 0 <= number < len(parts):
        return _missing("no_section", str(number), [str(len(parts) - 1)], lang)
    blocks = parts[number]
    html = "".join(part for block in blocks for part in _html(block))
    return Shown(
        f'<section class="tables" lang="{lang}">{html}'
        f'<p class="quiet provenance">{escape(document.line)}</p></section>',
        "\n".join([*(line for block in blocks for line in _text(block)), document.line]),
    )


def _missing(key: str, name: str, known: Iterable[str], lang: str) -> Shown:
    """Say that there is nothing of that name, and what there is."""
    names = ", ".join(known) or numbers.EN_DASH
    return _told(i18n.text(f"planner_plans.{key}", lang, name=name, found=names), lang)


def _folded(shown: Shown) -> Shown:
    """Show a table that unfolds when it is asked to."""
    return Shown(shown.html.replace("<details open>", "<details>", 1), shown.text)


def _told(words: str, lang: str) -> Shown:
    """Show one sentence."""
    return Shown(f'<p lang="{lang}">{escape(words)}</p>', words)


def _html(block: Block) -> Iterator[str]:
    """Yield a block of a document as HTML."""
    match block:
        case Heading(words, level):
            yield f"<h{level + 2}>{escape(words)}</h{level + 2}>"
        case Paragraph(words, quiet):
            look = ' class="quiet"' if quiet else ""
            yield f"<p{look}>{escape(words)}</p>"
        case Note(words):
            yield f"<p><strong>{escape(words)}</strong></p>"
        case Bullets(items, numbered):
            tag = "ol" if numbered else "ul"
            listed = "".join(f"<li>{escape(item)}</li>" for item in items)
            yield f"<{tag}>{listed}</{tag}>"
        case Facts(rows):
            pairs = "".join(
                f"<dt>{escape(name)}</dt><dd>{escape(value or _BLANK)}</dd>" for name, value in rows
            )
            yield f"<dl>{pairs}</dl>"
        case Listing(name, words):
            yield f"<p>{escape(name)}</p><pre><code>{escape(words)}</code></pre>"
        case Picture(chart):
            # Its table follows in the document, or is in the workbook.
            yield _FOLDED_TABLE.sub("", chart_html(chart))
        case Table():
            yield _table(block)
        case SignatureBoxes(parties, fields):
            boxes = "".join(
                f"<li>{escape(party)}: {escape(', '.join(f'{f} {_BLANK}' for f in fields))}</li>"
                for party in parties
            )
            yield f"<ul>{boxes}</ul>"
        case PageBreak():
            return


def _table(block: Table) -> str:
    """Return a table; empty cells of columns to be filled in are dotted, a long one unfolds."""
    table = _dotted(block)
    note = f'<p class="quiet">{escape(block.note)}</p>' if block.note else ""
    if len(table.rows) <= _LONG:
        return table_html(table) + note
    title = escape(table.title)
    return f"<details><summary>{title}</summary>{table_html(table)}</details>{note}"


def _dotted(block: Table) -> TextTable:
    """Return a table whose fields to be filled in are dotted."""
    table = block.table
    rows = tuple(
        tuple(
            _BLANK if not cell and place in block.fill else cell for place, cell in enumerate(row)
        )
        for row in table.rows
    )
    return TextTable(table.name, table.title, table.columns, rows, table.fields, table.data)


def _text(block: Block) -> Iterator[str]:
    """Yield a block of a document as lines of plain text."""
    match block:
        case Heading(words) | Paragraph(words) | Note(words):
            yield words
        case Bullets(items):
            yield from (f"- {item}" for item in items)
        case Facts(rows):
            yield from (f"{name}: {value or _BLANK}" for name, value in rows)
        case Listing(name, words):
            yield from (name, words)
        case Picture(chart):
            yield f"{chart.title}. {chart.alt}"
        case Table():
            yield _dotted(block).text()
        case SignatureBoxes(parties):
            yield from parties
        case PageBreak():
            return
