"""The data behind a region: how recent, how good, whether consistent, and what is assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.data.catalogue import list_tables
from kesos_sim.data.reading import read_table
from kesos_sim.data.regions import NATION, districts, districts_of
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.analyses.figures import PUBLISHED, Figures, Place, place_of, spans
from kesos_sim.reports.analyses.measures import MEASURES
from kesos_sim.reports.analyses.own import figures_of
from kesos_sim.reports.context import in_language
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.grounds import data_table, evidence_of, evidence_rows, imputations
from kesos_sim.reports.office.document import Block, Bullets, Document, Heading, Paragraph, Table
from kesos_sim.reports.own_data import own_table
from kesos_sim.reports.plans.chapters import chapter, say
from kesos_sim.reports.plans.data_checks import check_sentences, check_tables
from kesos_sim.reports.tables import Column, TableBuilder, TextTable

if TYPE_CHECKING:
    from kesos_sim.data.table import Table as DataTable
    from kesos_sim.data.table import TableMeta
    from kesos_sim.reports.context import Evidence
    from kesos_sim.scenario.scenario import Scenario

__all__ = [
    "data_report",
    "filled_in",
    "region_table",
    "vintage_sentences",
    "vintage_table",
    "weakest_table",
]

_GUESSED: Final = "D"
_OLD_CODES: Final = "household_composition"
"""The table that has districts by their codes of older statistics."""
_CHECK_SHARES: Final = (5.0, 4.0)


def vintage_table(region: str | int, lang: str = "id", figures: Figures = PUBLISHED) -> TextTable:
    """List the latest figure of every measure for a region.

    Parameters
    ----------
    region : str or int
        Code or name of a province or district.
    lang : str
        ``id`` or ``en``.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    TextTable
        Period, value, quality and all years of every measure; a dash for what nobody publishes.

    Raises
    ------
    InputError
        If there is no such region.

    Examples
    --------
    >>> vintage_table("3316", "en").rows[0][:4]
    ('Poverty rate (P0)', 'March 2024', '11.42%', 'official')
    """
    place = place_of(region)
    names = ("measure", "latest", "value", "quality", "years")
    columns = [Column(say(f"column_{name}", lang), name == "value") for name in names]
    title = say("vintage_title", lang, region=place.name(lang))
    builder = TableBuilder(f"vintage_{place.code:02d}", title, columns, (*names, "unit"))
    for measure in MEASURES.values():
        series = figures.of(measure, place.code)
        if not series:
            missing = word("quality", "missing", lang)
            dash = numbers.EN_DASH
            builder.add(
                (measure.label(lang), dash, dash, missing, dash),
                (measure.name, None, None, "missing", "", measure.unit(lang)),
            )
            continue
        last = max(series)
        builder.add(
            (
                measure.label(lang),
                measure.period(last, lang),
                measure.cell(series[last].value, lang),
                word("quality", series[last].quality, lang),
                spans(series),
            ),
            (
                measure.name,
                last,
                series[last].value,
                series[last].quality,
                spans(series),
                measure.unit(lang),
            ),
        )
    return builder.table()


def vintage_sentences(scenario: Scenario, region: str | int, lang: str = "id") -> tuple[str, ...]:
    """Say which month everything starts from and how recent the figures of a region are.

    Parameters
    ----------
    scenario : Scenario
        Whose base month and own data are used.
    region : str or int
        Code or name of a province or district.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str

    Raises
    ------
    InputError
        If there is no such region.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> print(vintage_sentences(load_scenario("scenarios/blora.yaml"), "3316", "en")[0])
    Simulations start from March 2024: the figures published for that month are their
    anchor.
    """
    place, figures = place_of(region), figures_of(scenario.own_data)
    last = {name: max(figures.of(one, place.code), default=0) for name, one in MEASURES.items()}
    known = [year for year in last.values() if year]
    without = [MEASURES[name].label_inside(lang) for name, year in last.items() if not year]
    said = [say("base", lang, month=numbers.month_name(scenario.start, lang))]
    said.append(
        say(
            "vintage",
            lang,
            region=place.name(lang),
            count=numbers.number(len(known), lang),
            all=numbers.number(len(last), lang),
            latest=str(max(known, default=0) or numbers.EN_DASH),
            recent=numbers.number(known.count(max(known, default=0)), lang),
        )
    )
    if without:
        names = ", ".join(without)
        said.append(say("vintage_without", lang, region=place.name(lang), names=names))
    said.append(say("reserved", lang))
    return tuple(said)


def region_table(region: str | int, lang: str = "id") -> TextTable:
    """List the tables that hold figures by region, with the quality of those of one region.

    Parameters
    ----------
    region : str or int
        Code or name of a province or district.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Rows about the region and its parts, their quality and years, and rows about what it is a
        part of, which are all there is where it has none.

    Raises
    ------
    InputError
        If there is no such region.

    Examples
    --------
    >>> table = region_table("3316", "en")
    >>> [column.label for column in table.columns], len(table.rows) > 10
    (['What it holds', 'Rows about the region and its parts', 'Their quality', 'Years',
    'Rows about what it is a part of', 'Producer'], True)
    """
    place = place_of(region)
    names = ("holds", "rows_here", "quality_here", "years", "rows_above", "origin")
    columns = [Column(say(f"column_{name}", lang), name.startswith("rows")) for name in names]
    title = say("region_title", lang, region=place.name(lang))
    fields = ("table", *names[1:])
    builder = TableBuilder(f"tables_{place.code:02d}", title, columns, fields)
    for info in list_tables():
        found = _by_region(info.meta, place)
        if found is None:
            continue
        own, above = found
        mix = Counter(own[info.meta.grade].tolist()) if info.meta.grade else Counter[Any]()
        years = _years(own)
        words, plain = (_mix(mix, language) for language in (lang, "en"))
        builder.add(
            (
                info.meta.title[lang],
                numbers.number(len(own), lang),
                words or word("quality", "missing", lang),
                years or numbers.EN_DASH,
                numbers.number(len(above), lang),
                info.meta.origin[lang],
            ),
            (info.name, len(own), plain, years, len(above), info.meta.origin["en"]),
        )
    return builder.table()


def filled_in(scenario: Scenario, lang: str = "id") -> tuple[str, ...]:
    """Say which figures behind the region of a scenario nobody publishes.

    Parameters
    ----------
    scenario : Scenario
        Its region and base month.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> print(filled_in(load_scenario("scenarios/blora.yaml"), "en")[0].split(". ")[0])
    Urban shares, population by area and poverty inside districts are hardly published
    """
    codes = [f"{code:04d}" for code in scenario.districts]
    codes += [f"{code:02d}" for code in dict.fromkeys(code // 100 for code in scenario.districts)]
    return tuple(
        in_language(said, lang)
        for said in imputations(scenario.start.year, codes, scenario.own_data)
    )


def weakest_table(scenario: Scenario, package: Scenario, lang: str = "id") -> TextTable:
    """List the guessed parameters that every answer, and that about a package, leans on.

    Parameters
    ----------
    scenario : Scenario
        The baseline.
    package : Scenario
        What the levers are taken from.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Parameters of grade D with their range and source.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> today = load_scenario("scenarios/blora.yaml")
    >>> package = load_scenario("scenarios/apbd-10.yaml", {"region": "3316"})
    >>> weakest_table(today, package, "en").title.split(" (")[0]
    'Guessed parameters'
    """
    rows = _guessed(scenario, package)
    title = say(
        "weakest_title", lang, count=numbers.number(len(rows), lang), package=package.title[lang]
    )
    return evidence_rows("weakest", title, rows, lang)


def data_report(
    scenario: Scenario, package: Scenario, region: str | int, lang: str = "id"
) -> Document:
    """Make the report on the data behind a region.

    Parameters
    ----------
    scenario : Scenario
        The baseline of the region.
    package : Scenario
        Whose levers name the parameters that matter.
    region : str or int
        Code or name of a province or district.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        If there is no such region.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> today = load_scenario("scenarios/blora.yaml")
    >>> package = load_scenario("scenarios/apbd-10.yaml", {"region": "3316"})
    >>> [table.name for table in data_report(today, package, "3316", "en").tables][:3]
    ['vintage_3316', 'tables_3316', 'checks_known']
    """
    place = place_of(region)
    failed = [one for one in check_tables(lang) if one.name != "checks_ok"]
    blocks: Sequence[Block] = (
        Heading(say("report_vintage", lang)),
        Bullets((*vintage_sentences(scenario, region, lang), versions(lang))),
        Table(vintage_table(region, lang, figures_of(scenario.own_data))),
        Heading(say("report_quality", lang)),
        Paragraph(i18n.text("reports.data_words", lang), quiet=True),
        Table(region_table(region, lang), wide=True),
        Heading(say("report_valid", lang)),
        Bullets(check_sentences(lang)),
        *(Table(one, shares=_CHECK_SHARES) for one in failed),
        Heading(say("report_own", lang)),
        *_own_blocks(scenario, lang),
        Heading(say("report_assumed", lang)),
        Bullets(filled_in(scenario, lang)),
        Paragraph(i18n.text("reports.grade_words", lang), quiet=True),
        Table(weakest_table(scenario, package, lang), wide=True),
    )
    return chapter(
        scenario,
        f"laporan-data-{place.code:02d}",
        say("report_title", lang),
        blocks,
        lang,
        subtitle=place.name(lang),
        commands=("kesos data check", "kesos data list"),
        data=(data_table(lang), *check_tables(lang)),
    )


def _own_blocks(scenario: Scenario, lang: str) -> list[Block]:
    """Return own figures, or how to supply them."""
    found = own_table(scenario.own_data, lang)
    return [Paragraph(say("no_own_data", lang)) if found is None else Table(found, wide=True)]


def _guessed(scenario: Scenario, package: Scenario) -> list[Evidence]:
    return [row for row in evidence_of(package, usual=scenario) if row.grade == _GUESSED]


def _by_region(meta: TableMeta, place: Place) -> tuple[DataTable, DataTable] | None:
    """Return rows about a region and its parts, and about what it is a part of."""
    column = next((one.name for one in meta.columns if one.holds_codes), None)
    if column is None:
        return None
    inside = {place.code, *(districts_of(place.code) if place.level == "province" else ())}
    if meta.name == _OLD_CODES:
        known = districts()
        inside = {known[code].code_until_2023 if code in known else code for code in inside}
    table = read_table(meta.name)
    return _rows(table, column, inside), _rows(table, column, {*place.above, NATION})


def _rows(table: DataTable, column: str, codes: Iterable[int]) -> DataTable:
    return table.take(np.flatnonzero(np.isin(table[column], sorted(codes))))


def _years(table: DataTable) -> str:
    """Write the years of rows; empty where they have none."""
    if "year" not in table or table["year"].dtype.kind not in "iu" or not len(table):
        return ""
    return spans({int(year) for year in table["year"]})


def _mix(mix: Mapping[str, int], lang: str) -> str:
    return ", ".join(
        f"{word('quality', name, lang)} {numbers.number(count, lang)}"
        for name, count in mix.items()
    )
