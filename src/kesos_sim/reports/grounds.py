"""What a result rests on: parameters with their grade, tables with their quality, imputations."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data.catalogue import list_tables
from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.population.targets_own import OWN
from kesos_sim.reports.context import Evidence, ReportContext, Words, clean, in_language
from kesos_sim.reports.drivers import DRIVERS, DRIVERS_OF
from kesos_sim.reports.frames import Results
from kesos_sim.reports.own_data import own_notes
from kesos_sim.reports.references import parameter_words, readable
from kesos_sim.reports.tables import TableBuilder, TextTable, heading, known

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = [
    "data_table",
    "evidence_of",
    "evidence_rows",
    "evidence_table",
    "imputations",
]

_SIGNIFICANT: Final = 3
_IMPUTED: Final = "imputed"


def evidence_of(
    scenario: Scenario, drawn: Collection[str] = (), usual: Scenario | None = None
) -> tuple[Evidence, ...]:
    """Return the parameters that the answer to a scenario leans on, weakest knowledge first.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    drawn : collection of str
        Parameters that the band draws from their ranges.
    usual : Scenario, optional
        The baseline, whose levers are not what the answer is about.

    Returns
    -------
    tuple of Evidence
        By grade from D to A, then by name.
    """
    names = dict.fromkeys(DRIVERS)
    same = usual.levers if usual is not None else {}
    for lever, setting in scenario.levers.items():
        if same.get(lever) != setting:
            names |= dict.fromkeys(DRIVERS_OF.get(lever, ()))
    table = parameter_table()
    rows = sorted((table[name] for name in names), key=lambda row: row.id)
    return tuple(
        Evidence(
            words=parameter_words(row.id),
            grade=row.grade,
            name=row.id,
            value=scenario.parameter(row.id),
            low=scenario.range_of(row.id)[0],
            high=scenario.range_of(row.id)[1],
            unit=row.unit,
            source=readable(row.sources),
            drawn=row.id in drawn and row.id not in scenario.own_parameters,
        )
        for row in sorted(rows, key=lambda row: row.grade, reverse=True)
    )


def imputations(
    base_year: int, regions: Sequence[str], own: OwnData | None = None
) -> tuple[Words, ...]:
    """Say which figures behind a run nobody publishes.

    Parameters
    ----------
    base_year : int
        Year of the base month.
    regions : sequence of str
        Codes of the run's regions; four digits are districts.
    own : OwnData, optional
        Figures of a planner that replace published and imputed ones.

    Returns
    -------
    tuple of mapping of str to str
        Sentences in both languages.
    """
    from kesos_sim.institutions.budgets import budget_table  # the model's layer, when it is there

    table = budget_table(base_year, own=own)
    inside = {int(code) for code in regions if code.isdigit()}
    inside |= {code // 100 for code in inside if code >= 100}  # noqa: PLR2004  # BPS codes nest
    counts: dict[str, Counter[bool]] = {"province": Counter(), "district": Counter()}
    for row in table.rows():
        if row["bps_code"] in inside and row["level"] in counts:
            counts[row["level"]][str(row["quality"]).startswith(_IMPUTED)] += 1
    provinces, districts = counts["province"], counts["district"]
    fields = {
        "provinces": sum(provinces.values()),
        "provinces_imputed": provinces[True],
        "districts": sum(districts.values()),
        "districts_imputed": districts[True],
    }
    keys = ["note_strata", "note_budgets", "note_quotas", "note_population", "note_wksbm"]
    if sum(1 for code in regions if len(code) == len("3316")) == 1:
        keys.append("note_district")
    imputed = tuple(
        {
            lang: i18n.text(
                f"facts.{key}",
                lang,
                **{name: numbers.number(count, lang) for name, count in fields.items()},
            )
            for lang in LANGUAGES
        }
        for key in keys
    )
    return (*own_notes(own), *imputed)


def evidence_table(results: Results, context: ReportContext, lang: str) -> TextTable | None:
    """List the parameters that the results lean on, with range, grade and source.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.
    context : ReportContext
        With the evidence of every scenario.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable or None
        One row per parameter, weakest knowledge first; None when nothing is known.
    """
    listed: dict[tuple[str, float], Evidence] = {}
    for scenario in results.scenarios:
        for row in context.evidence.get(scenario, ()):
            if row.name:
                listed.setdefault((row.name, row.value), row)
    rows = sorted(listed.values(), key=lambda row: row.grade, reverse=True)
    title = i18n.text("reports.evidence_title", lang)
    return evidence_rows("evidence", title, rows, lang) if rows else None


def evidence_rows(name: str, title: str, rows: Sequence[Evidence], lang: str) -> TextTable:
    """List parameters with range, grade and source.

    Parameters
    ----------
    name, title : str
        Name and title of the table.
    rows : sequence of Evidence
        The parameters, in order.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per parameter.
    """
    columns = [
        heading("parameter", lang, numeric=False),
        heading("value", lang),
        heading("possible", lang),
        heading("unit", lang, numeric=False),
        heading("grade", lang, numeric=False),
        heading("drawn", lang, numeric=False),
        heading("definition_source", lang, numeric=False),
    ]
    fields = ("parameter", "value", "low", "high", "unit", "grade", "drawn", "source")
    builder = TableBuilder(name, title, columns, fields)
    for row in rows:
        low, high = (_written(end, lang) for end in (row.low, row.high))
        builder.add(
            (
                in_language(row.words, lang),
                _written(row.value, lang),
                f"{low} {i18n.text('numbers.to', lang)} {high}",
                word("unit", row.unit, lang),
                i18n.text(f"reports.grade_{row.grade.lower()}", lang),
                i18n.text(f"reports.{'yes' if row.drawn else 'no'}", lang),
                in_language(row.source, lang),
            ),
            (
                row.name,
                known(row.value),
                known(row.low),
                known(row.high),
                row.unit,
                row.grade,
                int(row.drawn),
                in_language(row.source, "en"),
            ),
        )
    return builder.table()


def data_table(lang: str, own: OwnData | None = None) -> TextTable:
    """List the tables of the package with the quality of their rows.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.
    own : OwnData, optional
        Figures of a planner, which are listed first.

    Returns
    -------
    TextTable
        One row per table: what it holds, its rows by quality, who produced the figures.

    Examples
    --------
    >>> data_table("en").rows[0][0]
    'provinces'
    """
    columns = [
        heading("table", lang, numeric=False),
        heading("holds", lang, numeric=False),
        heading("rows", lang),
        heading("quality", lang, numeric=False),
        heading("origin", lang, numeric=False),
    ]
    title = i18n.text("reports.data_title", lang)
    builder = TableBuilder("data", title, columns, ("table", "holds", "rows", "quality", "origin"))
    if own is not None:
        count = numbers.number(len(own.figures), lang)
        quality = f"{word('quality', OWN, lang)} {count}"
        name = i18n.text("own_data.result.table_name", lang)
        builder.add(
            (name, clean(own.title), count, quality, clean(own.source)),
            (
                "own_data",
                clean(own.title),
                len(own.figures),
                f"{OWN} {len(own.figures)}",
                clean(own.source),
            ),
        )
    for info in list_tables():
        mix, plain = (
            ", ".join(
                f"{word('quality', name, language)} {numbers.number(count, language)}"
                for name, count in info.quality.items()
            )
            for language in (lang, "en")
        )
        named, origin = info.meta.title, info.meta.origin
        builder.add(
            (info.name, named[lang], numbers.number(info.rows, lang), mix, origin[lang]),
            (info.name, named["en"], info.rows, plain, origin["en"]),
        )
    return builder.table()


def _written(value: float, lang: str) -> str:
    """Write a value with three significant digits and no idle zeros."""
    if not math.isfinite(value):
        return numbers.EN_DASH
    decimals = 0
    if value:
        decimals = max(0, _SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return numbers.number(value, lang, len(text.partition(".")[2]))
