"""``kesos data``: what the model knows, row by row, and whether it is consistent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Setting, Text, Whole, Word
from kesos_sim.cli.output import FORMATS, show
from kesos_sim.cli.words import Command, Group, option
from kesos_sim.errors import InputError, nearest

if TYPE_CHECKING:
    from kesos_sim.data import Table

_MOST_ROWS = 10_000_000


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``data`` with ``list``, ``show`` and ``check``.
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
            form,
        ],
        lambda **asked: _show(lang=lang, **asked),
        key="data.show",
    )
    checking = Command("check", lang, [form], lambda form: _check(form, lang), key="data.check")
    return Group("data", lang, commands=[listing, showing, checking])


def _list(form: str, lang: str) -> None:
    """Print one line per table."""
    from kesos_sim.data import read_table, registry

    records = []
    for name, meta in registry().items():
        table = read_table(name)
        mix = Counter(table[meta.grade].tolist()) if meta.grade else Counter[str]()
        records.append(
            {
                "table": name,
                "title": meta.title[lang],
                "rows": len(table),
                "quality": ", ".join(f"{word} {count}" for word, count in mix.most_common()),
                "coverage": meta.coverage[lang],
                "origin": meta.origin,
                "used_for": meta.used_for[lang],
            }
        )
    columns = ("table", "title", "rows", "quality")
    more = () if form == "table" else ("coverage", "origin", "used_for")
    show(records, columns + more, form, provenance=_provenance(), headings=_headings(lang))


def _show(table: str, where: Sequence[tuple[str, str]], limit: int, form: str, lang: str) -> None:
    """Print what is known about a table, then its rows."""
    from kesos_sim.data import read_table

    known = read_table(table)
    chosen = _filtered(known, where)
    meta = known.meta
    if form == "table" and meta is not None:
        about = {
            "title": meta.title[lang],
            "coverage": meta.coverage[lang],
            "origin": meta.origin,
            "used_for": meta.used_for[lang],
        }
        for field, text in about.items():
            click.echo(f"{i18n.text(f'cli.heading.{field}', lang)}: {text}")
        units = [f"{column.name} [{column.unit}]" for column in meta.columns if column.unit]
        click.echo(f"{i18n.text('cli.heading.units', lang)}: {', '.join(units)}\n")
    rows = list(chosen.rows())
    shown = rows if limit == 0 or form != "table" else rows[:limit]
    show(shown, tuple(known.columns), form, provenance=_provenance() | {"table": table})
    if len(shown) < len(rows):
        left = i18n.text("cli.data.more", lang, shown=len(shown), rows=len(rows))
        click.echo(left, err=True)


def _check(form: str, lang: str) -> None:
    """Run every consistency check; a table that fails is an error the user can mend."""
    from kesos_sim.data.checks import run_checks

    checks = run_checks()
    records = [
        {
            "status": check.status,
            "tables": ", ".join(check.tables),
            "check": check.title(lang),
            "found": check.measured(lang),
        }
        for check in checks
    ]
    columns = ("status", "tables", "check", "found")
    show(records, columns, form, provenance=_provenance(), headings=_headings(lang))
    counts = Counter(check.status for check in checks)
    if counts["failed"] or counts["skipped"]:
        raise InputError("KS1931", "cli.data.failed", count=counts["failed"] + counts["skipped"])
    summary = i18n.text("cli.data.passed", lang, ok=counts["ok"], known=counts["known"])
    click.echo(summary, err=form != "table")


def _filtered(table: Table, where: Sequence[tuple[str, str]]) -> Table:
    """Keep the rows in which every named column has the wanted value."""
    for name, wanted in where:
        if name not in table:
            raise InputError(
                "KS1932",
                "cli.data.column",
                field="--where",
                got=name,
                expected=", ".join(table.columns),
                suggestion=nearest(name, table.columns),
            )
        column = table[name]
        kind = column.dtype.kind
        try:
            value: Any = wanted if kind == "U" else float(wanted) if kind == "f" else int(wanted)
        except ValueError:
            raise InputError(
                "KS1933", "cli.data.value", field=f"--where {name}", got=wanted
            ) from None
        table = table.where(**{name: value})
    return table


def _provenance() -> dict[str, Any]:
    """Return what identifies the data."""
    from kesos_sim import __version__
    from kesos_sim.data.checksums import data_hash

    return {"version": __version__, "data": data_hash()}


def _headings(lang: str) -> Mapping[str, str]:
    """Return the headings of all columns that these commands print."""
    names = ("table", "tables", "title", "rows", "quality", "status", "check", "found")
    return {name: i18n.text(f"cli.heading.{name}", lang) for name in names}
