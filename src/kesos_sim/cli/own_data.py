"""``kesos data template`` and ``kesos data import``: a planner's own data."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Text, Whole, Word
from kesos_sim.cli.output import FORMATS, data_provenance, show, wrapped
from kesos_sim.cli.words import Command, option
from kesos_sim.errors import InputError

_YEARS: Final = (2010, 2100)
_BASE_YEAR: Final = 2024
WIDEST: Final = 240
"""Characters of a cell of the table of problems: what to do is never cut."""


def own_commands(lang: str) -> list[click.Command]:
    """Build the commands in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of click.Command
        ``template`` and ``import``.
    """
    making = Command(
        "template",
        lang,
        [
            option(lang, "--region", type=Text("region"), required=True, text="own_region"),
            option(lang, "--out", type=Text("file"), required=True, text="own_template"),
            option(lang, "--year", type=Whole(*_YEARS), default=_BASE_YEAR, text="own_year"),
        ],
        lambda region, out, year: _template(region, out, year, lang),
        key="data.template",
    )
    taking = Command(
        "import",
        lang,
        [
            click.Argument(["file"], type=Text("file")),
            option(lang, "--out", type=Text("file"), text="own_out"),
            option(lang, "--source", type=Text("text"), text="own_source"),
            option(lang, "--format", "form", type=Word(FORMATS), default="table"),
        ],
        lambda file, out, source, form: _import(file, out, source, form, lang),
        key="data.import",
    )
    return [making, taking]


def _template(region: str, out: str, year: int, lang: str) -> None:
    """Write the template of a region."""
    from kesos_sim.data.own import template, template_region

    path = template(template_region(region, year), out, lang, year)
    click.echo(i18n.text("cli.data.template.written", lang, place=path))


def _import(file: str, out: str | None, source: str | None, form: str, lang: str) -> None:
    """Read a planner's file; print every problem, or write the figures."""
    from kesos_sim.data.own import COLUMNS, read_own, write_own

    found = read_own(file, source, lang)
    if found.own is None:
        heads = {name: i18n.text(f"cli.data.import.{name}", lang) for name in COLUMNS}
        records = [problem.record(lang) for problem in found.problems]
        provenance = data_provenance() | {"file": Path(file).name}
        show(records, COLUMNS, form, provenance=provenance, headings=heads, widest=WIDEST)
        raise InputError("KS6000", "own_data.refused", file=file, count=found.problem_count)
    if not found.own.figures and not found.programmes:
        raise InputError("KS6099", "own_data.nothing_replaced", file=file)
    target = Path(out) if out is not None else Path(f"{Path(file).stem}.yaml")
    write_own(found.own, found.programmes, target)
    if form == "table":
        lines = [line for note in found.notes(lang) for line in wrapped(note, "")]
        click.echo("\n".join(lines))
    else:
        own = found.own
        records = [one.document() | {"acts": own.acts(one)} for one in own.figures]
        columns = ("region", "measure", "part", "value", "year", "source", "acts")
        provenance = data_provenance() | {"own_data": found.own.hash}
        show(records, columns, form, provenance=provenance)
    said = i18n.text("cli.data.import.written", lang, place=target, name=target.name)
    click.echo(said, err=form != "table")
