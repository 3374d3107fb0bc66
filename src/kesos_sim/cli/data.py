"""``kesos data``: what the model knows, row by row, and whether it is consistent."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.derived import DERIVED
from kesos_sim.cli.kinds import MonthKind, Setting, Text, Whole, Word
from kesos_sim.cli.output import FORMATS, data_provenance, headed, show, wrapped
from kesos_sim.cli.own_data import own_commands
from kesos_sim.cli.words import Command, Group, option
from kesos_sim.data.table import Table, TableMeta
from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import Kind, word
from kesos_sim.units import Month

DEFAULT_BASE: Final = Month(2024, 3)
"""Base month of the shipped baseline."""
_MOST_ROWS: Final = 10_000_000
_WIDE_CELL: Final = 100
_SHORT_SUM: Final = 12
_KINDS: Final[Mapping[str, Kind]] = {
    "unit": "unit",
    "quality": "quality",
    "status": "quality",
    "method": "method",
}
_MARKS: Final = {"quality": "quality", "status": "quality", "grade": "grade"}
_MEANINGS: Final = {"quality": "reports.data_words", "grade": "reports.grade_words"}
_CHECK_COLUMNS: Final = ("status", "tables", "check", "found")


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``data`` with ``list``, ``show``, ``check``, ``template`` and ``import``.
    """
    form = option(lang, "--format", "form", type=Word(FORMATS), default="table")
    listing = Command("list", lang, [form], lambda form: _list(form, lang), key="data.list")
    showing = Command(
        "show",
        lang,
        [
            click.Argument(["table"], type=Text("text")),
            option(lang, "--where", type=Setting(), multiple=True),
            option(lang, "--limit", type=Whole(0, _MOST_ROWS), default=20),
            option(lang, "--start", type=MonthKind(), text="derived_start"),
            form,
        ],
        lambda **asked: _show(lang=lang, **asked),
        key="data.show",
    )
    checking = Command("check", lang, [form], lambda form: _check(form, lang), key="data.check")
    return Group("data", lang, commands=[listing, showing, checking, *own_commands(lang)])


def _list(form: str, lang: str) -> None:
    """Print what is known about every table."""
    from kesos_sim.data.catalogue import list_tables

    records = [
        {
            "table": info.name,
            "title": info.meta.title[lang],
            "rows": info.rows,
            "quality": ", ".join(
                f"{word('quality', name, lang)} {numbers.number(count, lang)}"
                if form == "table"
                else f"{name} {count}"
                for name, count in info.quality.items()
            ),
            "coverage": info.meta.coverage[lang],
            "origin": info.meta.origin[lang],
            "used_for": info.meta.used_for[lang],
            "sha256": info.sha256,
        }
        for info in list_tables()
    ]
    records += [
        {
            "table": view.name,
            "title": view.title[lang],
            "quality": i18n.text("cli.derived.quality", lang),
            "coverage": i18n.text("cli.derived.coverage", lang),
            "origin": "kesos-sim",
            "used_for": i18n.text("cli.derived.used_for", lang),
        }
        for view in DERIVED.values()
    ]
    columns = ("table", "title", "rows", "quality", "coverage", "origin", "used_for", "sha256")
    if form == "table":
        click.echo("\n".join(line for record in records for line in _card(record, lang)))
    else:
        show(records, columns, form, provenance=data_provenance())


def _card(record: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Yield the lines about one table: its name, then what else is known, indented."""
    yield f"{record['table']}: {record['title']}"
    size = [headed("quality", record["quality"], lang)]
    if "rows" in record:
        size.insert(0, i18n.text("cli.data.rows", lang, rows=numbers.number(record["rows"], lang)))
        size.append(f"sha256: {record['sha256'][:_SHORT_SUM]}")
    yield from wrapped("; ".join(size))
    for field in ("coverage", "origin", "used_for"):
        yield from wrapped(headed(field, record[field], lang))


def _show(
    table: str,
    where: Sequence[tuple[str, str]],
    limit: int,
    start: Month | None,
    form: str,
    lang: str,
) -> None:
    """Print what is known about a table or a derived view, then its rows."""
    from kesos_sim.data import catalogue

    view = DERIVED.get(table)
    if view is None and start is not None:
        raise InputError(
            "KS1932",
            "cli.data.start",
            field="--start",
            got=table,
            expected=", ".join(DERIVED),
        )
    wanted: dict[str, str] = {}
    for name, value in where:
        wanted[name] = f"{wanted[name]},{value}" if name in wanted else value
    found = _known(table) if view is None else view.table(start or DEFAULT_BASE)
    chosen = catalogue.show(found, wanted)
    meta = chosen.meta
    if form == "table" and meta is not None:
        click.echo("\n".join(_about(meta, lang)) + "\n")
    codes = {column.name for column in meta.columns if column.holds_codes} if meta else set()
    rows = [
        {name: _code(value) if name in codes else value for name, value in row.items()}
        for row in chosen.rows()
    ]
    shown = rows if limit == 0 or form != "table" else rows[:limit]
    columns = tuple(chosen.columns)
    if form == "table":
        columns, shown = _in_words(columns, shown, lang)
    show(shown, columns, form, provenance=data_provenance() | {"table": table})
    if not rows:
        click.echo(i18n.text("cli.data.none", lang), err=True)
    if len(shown) < len(rows):
        left = i18n.text("cli.data.more", lang, shown=len(shown), rows=len(rows))
        click.echo(left, err=True)


def _code(value: float) -> str:
    """Write a BPS code; a missing one is empty."""
    return "" if math.isnan(value) else f"{int(value):02d}"


def _about(meta: TableMeta, lang: str) -> Iterator[str]:
    """Yield what is known about a table apart from its rows, and what its marks mean."""
    for field, texts in (
        ("title", meta.title),
        ("coverage", meta.coverage),
        ("origin", meta.origin),
        ("used_for", meta.used_for),
    ):
        yield from wrapped(headed(field, texts[lang], lang), "")
    units = [f"{c.name} [{word('unit', c.unit, lang)}]" for c in meta.columns if c.unit]
    yield from wrapped(headed("units", ", ".join(units), lang), "")
    marks = [_MARKS.get(column.name.partition("_")[0]) for column in meta.columns]
    for mark, meaning in _MEANINGS.items():
        if mark in marks:
            yield from wrapped(headed(mark, i18n.text(meaning, lang), lang), "")


def _in_words(
    columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]], lang: str
) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Write units, words of quality and methods, and texts of two columns, in one language."""
    texts = {name: f"{name}_id" for name in columns if f"{name}_id" in columns}
    kept = tuple(name for name in columns if name not in texts.values())
    written = []
    for row in rows:
        record = {name: row[texts[name] if lang == "id" else name] for name in texts}
        for name, kind in _KINDS.items():
            for column in kept:
                if column.partition("_")[0] == name and isinstance(row[column], str):
                    record[column] = word(kind, row[column], lang)
        written.append({**row, **record})
    return kept, written


def _known(table: str) -> Table:
    """Return a table of the package; the refusal of another name knows the derived views, too."""
    from kesos_sim.data.reading import read_table, registry

    names = [*registry(), *DERIVED]
    if table not in names:
        raise InputError(
            "KS1101",
            "data.unknown_table",
            got=table,
            suggestion=nearest(table, names),
        )
    return read_table(table)


def _check(form: str, lang: str) -> None:
    """Run every consistency check; one that fails is an error the user can mend."""
    from kesos_sim.data.catalogue import run_checks
    from kesos_sim.reports.checks import found_words

    checks = run_checks()
    words = {
        status: i18n.text(f"cli.data.status.{status}", lang) if form == "table" else status
        for status in ("ok", "known", "failed", "skipped")
    }
    records = [
        {
            "status": words[check.status],
            "tables": ", ".join(check.tables),
            "check": check.title(lang),
            "found": found_words(check, lang),
        }
        for check in checks
    ]
    columns = ("status", "check", "found") if form == "table" else _CHECK_COLUMNS
    known = _headings(lang)
    show(records, columns, form, provenance=data_provenance(), headings=known, widest=_WIDE_CELL)
    counts = Counter(check.status for check in checks)
    if counts["failed"] or counts["skipped"]:
        raise InputError("KS1931", "cli.data.failed", count=counts["failed"] + counts["skipped"])
    summary = i18n.text("cli.data.passed", lang, ok=counts["ok"], known=counts["known"])
    click.echo(summary, err=form != "table")


def _headings(lang: str) -> Mapping[str, str]:
    """Return the headings of the table of checks."""
    return {name: i18n.text(f"cli.heading.{name}", lang) for name in _CHECK_COLUMNS}
