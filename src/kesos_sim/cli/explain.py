"""``kesos explain``: the months of one household, district or organisation in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim.cli.kinds import Setting, Text, Whole, Word
from kesos_sim.cli.output import show, wrapped
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.scenarios import warn
from kesos_sim.cli.words import Command, option
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import usable_workers

if TYPE_CHECKING:
    from kesos_sim.reports.story import Chapter
    from kesos_sim.scenario import Scenario

FORMATS: Final = ("text", "table", "json", "csv")
_WORLD: Final = (
    ("region", "region"),
    ("start", "month"),
    ("households", "whole"),
    ("seed", "whole"),
)
_MOST: Final = 1_000_000_000
_MOST_THREADS: Final = 1024
_KINDS: Final = ("household", "district", "orsos")


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``explain``.
    """
    number = Whole(0, _MOST)
    return Command(
        "explain",
        lang,
        [
            click.Argument(["scenario"], type=Text("file")),
            option(lang, "--household", type=number),
            option(lang, "--district", type=Text("region")),
            option(lang, "--orsos", type=number),
            option(lang, "--months", type=Text("span"), text="told_months"),
            *(option(lang, f"--{name}", type=Text(kind)) for name, kind in _WORLD),
            option(lang, "--set", "settings", type=Setting(), multiple=True),
            option(lang, "--threads", type=Whole(1, _MOST_THREADS)),
            option(
                lang,
                "--format",
                "form",
                type=Word(FORMATS),
                default=FORMATS[0],
                text="format_text",
            ),
        ],
        lambda **asked: _explain(lang, **asked),
    )


def _explain(
    lang: str, scenario: str, months: str | None, threads: int | None, form: str, **asked: Any
) -> None:
    """Run the scenario under the eyes of a follower and tell what it saw."""
    from kesos_sim.scenario import load_scenario
    from kesos_sim.scenario.options import Typed

    named = [kind for kind in _KINDS if asked[kind] is not None]
    if len(named) != 1:
        raise InputError("KS1974", "explain.one_of")
    world: dict[str, object] = {name: asked[name] for name, _ in _WORLD if asked[name] is not None}
    loaded = load_scenario(
        scenario, world | {name: Typed(text) for name, text in asked["settings"]}
    )
    rows = told_rows(months, loaded)
    warn([loaded], lang)
    with Progress(loaded.name, lang) as progress:
        intro, seen, chapters, provenance = _told(
            named[0], asked[named[0]], loaded, rows, threads or usable_workers(), progress, lang
        )
    _print(intro, seen, chapters, provenance, loaded, form, lang)


def told_rows(span: str | None, scenario: Scenario) -> range:
    """Return the months to tell, in months since the base month.

    Parameters
    ----------
    span : str or None
        ``a:b`` with months (``2025-01``) or numbers of months since the base month; either end
        may be left out. Without it, the whole run.
    scenario : Scenario
        The scenario.

    Returns
    -------
    range
        From a to b, both told.

    Raises
    ------
    InputError
        If it is no such range inside the run.
    """
    from kesos_sim.units import Month

    if span is None:
        return range(scenario.months + 1)
    first, colon, last = span.partition(":")
    ends = []
    for text, default in ((first, 0), (last, scenario.months)):
        try:
            row = int(text) if text.strip() else default
        except ValueError:
            try:
                row = Month.parse(text.strip()) - scenario.start
            except InputError:
                row = -1
        ends.append(row)
    if not colon or not 0 <= ends[0] <= ends[1] <= scenario.months:
        end = scenario.start + scenario.months
        raise InputError(
            "KS1975",
            "explain.bad_span",
            field="--months",
            got=span,
            expected=f"0:{scenario.months}, {scenario.start}:{end}",
        )
    return range(ends[0], ends[1] + 1)


def _told(
    kind: str,
    value: Any,
    scenario: Scenario,
    rows: range,
    threads: int,
    progress: Progress,
    lang: str,
) -> tuple[str, Sequence[Any], tuple[Chapter, ...], dict[str, object]]:
    """Follow what was asked for and tell it."""
    from kesos_sim.experiments.following import (
        DistrictFollower,
        check_district,
        follow,
    )
    from kesos_sim.experiments.household_life import HouseholdFollower, check_household
    from kesos_sim.experiments.orsos_life import OrsosFollower
    from kesos_sim.reports import story_household, story_orsos, story_places

    until = rows[-1]
    if kind == "household":
        check_household(value, scenario.households)
        home, run = follow(
            scenario, lambda model: HouseholdFollower(model, value), until, threads, progress
        )
        intro = story_household.household_intro(home, lang)
        told = story_household.household_chapters(home, rows, lang)
        return intro, home.months, told, run.provenance
    if kind == "district":
        code = check_district(_district(value), scenario.districts)
        place, run = follow(
            scenario, lambda model: DistrictFollower(model, code), until, threads, progress
        )
        intro = story_places.district_intro(place, run, lang)
        told = story_places.district_chapters(place, run, rows, lang)
        return intro, place.months, told, run.provenance
    body, run = follow(
        scenario, lambda model: OrsosFollower(model, value), until, threads, progress
    )
    intro = story_orsos.orsos_intro(body, lang)
    return intro, body.months, story_orsos.orsos_chapters(body, rows, lang), run.provenance


def _district(text: str) -> int:
    """Return the code of a district that is named by code or name."""
    from kesos_sim.data.regions import codes_named, districts

    if text.isdecimal():
        return int(text)
    found = [code for code in codes_named(text) if code in districts()]
    if len(found) != 1:
        raise InputError("KS1973", "explain.no_district", field="--district", got=text)
    return found[0]


def _print(
    intro: str,
    seen: Sequence[Any],
    chapters: tuple[Chapter, ...],
    provenance: dict[str, object],
    scenario: Scenario,
    form: str,
    lang: str,
) -> None:
    """Print the story, or its months as records."""
    from kesos_sim.reports.story import chapters_text, month_records

    if form == "text":
        lines = [*wrapped(intro, ""), ""]
        for line in chapters_text(chapters, scenario.start, lang):
            indent = line[: len(line) - len(line.lstrip())]
            lines += wrapped(line.strip(), indent)
        click.echo("\n".join(lines))
        return
    told = {chapter.row for chapter in chapters}
    records = month_records(
        [month for month in seen if month.row in told], chapters, scenario.start
    )
    columns = list(records[0])
    if form == "table":
        columns = [
            name for name in columns if not isinstance(records[0][name], dict | list | tuple)
        ]
    elif form == "csv":
        records = [
            {
                name: json.dumps(value, ensure_ascii=False)
                if isinstance(value, dict | list | tuple)
                else value
                for name, value in record.items()
            }
            for record in records
        ]
    show(records, columns, form, provenance={"told": intro} | provenance)
