"""Whether a package can be paid, in sentences and as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.regions import region_name
from kesos_sim.experiments.feasibility import Feasibility, YearOfPayer
from kesos_sim.experiments.fiscal_books import LEVELS, PROVINCE_DIGITS
from kesos_sim.i18n import dates, numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.institutions.budgets import budget_table
from kesos_sim.reports.context import ReportContext, inside_sentence
from kesos_sim.reports.frames import Results
from kesos_sim.reports.measures.parts import caveats, column, say
from kesos_sim.reports.money import cost_range, money_sentences
from kesos_sim.reports.tables import TableBuilder, TextTable, known
from kesos_sim.reports.values import band
from kesos_sim.scenario.coordination import rests_on_coordination
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["payer", "place", "sentences", "shown", "tables"]

_MONEY: Final = (
    "own", "mandatory", "room", "asked", "feasible", "released", "absorbed", "returned", "carried",
)  # fmt: skip
_DIGITS: Final = 3
_NATION: Final = "00"
_LAST_QUARTER: Final = 9


def sentences(found: Feasibility, lang: str) -> tuple[str, ...]:
    """Say whether it can be paid, from where, and what is left.

    Parameters
    ----------
    found : Feasibility
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    context = found.comparison.context()
    package = found.package.scenario
    title = context.title(package.name, lang)
    years = shown(found)
    last = years[-1]
    told = [say(f"feasibility.verdict_{found.verdict}", lang, title=title, **_money(last, lang))]
    if found.verdict not in {"nothing", "less"}:
        told += _payers(found, last.year, lang)
        told += _sources(found, last.year, lang)
        told += _spent(last, found, lang)
        if "village_fund" in found.main:
            told.append(say("feasibility.village_fund", lang))
    if found.verdict != "nothing":
        told += _cost(found, context, lang)
    told.append(say("feasibility.how", lang))
    return (*told, *caveats(context, lang, coordination=rests_on_coordination(package)))


def shown(found: Feasibility) -> tuple[YearOfPayer, ...]:
    """Return fiscal years that the run has whole; all when there is none."""
    every = found.years()
    whole = tuple(row for row in every if row.months == MONTHS_PER_YEAR)
    return whole or every


def _money(row: YearOfPayer, lang: str) -> dict[str, str]:
    """Write the amounts of a fiscal year."""
    amounts = {name: _rupiah(getattr(row, name), lang) for name in _MONEY}
    short = _rupiah(max(row.asked - row.feasible, 0.0), lang)
    return amounts | {"year": dates.fiscal_year(row.year, lang), "short": short}


def _payers(found: Feasibility, year: int, lang: str) -> list[str]:
    """Say from which budgets the money comes."""
    rows = [row for row in found.payers() if row.year == year and row.payer in found.main]
    items = "; ".join(
        say(
            "feasibility.payer",
            lang,
            payer=payer(row.payer, lang),
            feasible=_rupiah(row.feasible, lang),
            asked=_rupiah(row.asked, lang),
            room=_rupiah(row.room, lang) if math.isfinite(row.room) else numbers.EN_DASH,
        )
        for row in rows
    )
    fiscal = dates.fiscal_year(year, lang)
    return [say("feasibility.payers", lang, year=fiscal, items=items)] if rows else []


def _sources(found: Feasibility, year: int, lang: str) -> list[str]:
    """Say which lines of the budget are cut."""
    items = "; ".join(
        i18n.text(
            "sentences.line",
            lang,
            name=inside_sentence(i18n.text(f"scenario.field_source_{line}", lang)),
            amount=_rupiah(rupiah, lang),
        )
        for (own, line), rupiah in found.sources.items()
        if own == year
    )
    return [say("feasibility.sources", lang, items=items)] if items else []


def _spent(row: YearOfPayer, found: Feasibility, lang: str) -> list[str]:
    """Say what is released, spent and carried over, and how late in the year."""
    told = [
        say(
            "feasibility.absorbed",
            lang,
            absorption=numbers.percent(row.absorption, lang),
            **_money(row, lang),
        )
    ]
    months = [max(sum(month), 0) for month in zip(*found.calendar.values(), strict=True)]
    total = sum(months)
    if total > 0 and row.year == found.calendar_year:
        late = 100.0 * sum(months[_LAST_QUARTER:]) / total
        told.append(say("feasibility.late", lang, share=numbers.percent(late, lang, 0)))
    return told


def _cost(found: Feasibility, context: ReportContext, lang: str) -> list[str]:
    """Say what the last twelve months cost, with the range and the case without effect."""
    results = Results(found.comparison.frame())
    said = money_sentences(results, context, found.package.scenario.name, lang)
    return [
        i18n.text(f"sentences.{key}", lang, **fields)
        for key, fields in said
        if key.startswith("cost")
    ]


def tables(found: Feasibility, lang: str, by: str = "province") -> tuple[TextTable, ...]:
    """List fiscal years and payers, the APBD by province or district, and the sources.

    Parameters
    ----------
    found : Feasibility
        What was found.
    lang : str
        ``id`` or ``en``.
    by : {"province", "district"}
        Regions of the table of APBD.

    Returns
    -------
    tuple of TextTable
    """
    rows = found.rows if by == "province" else (*_provinces(found), *found.district_rows)
    apbd = [row for row in rows if row.payer.startswith("apbd")]
    return (
        _table(found, "fiscal_years", say("feasibility.years_title", lang), found.payers(), lang),
        _ranges(found, lang),
        _table(found, "apbd", say("feasibility.apbd_title", lang), apbd, lang),
        _lines(found, lang),
        _figures(found, apbd, lang),
    )


def _ranges(found: Feasibility, lang: str) -> TextTable:
    """List what every whole fiscal year adds to spending, with the range of the draws."""
    context, name = found.comparison.context(), found.package.scenario.name
    results = Results(found.comparison.frame())
    builder = TableBuilder(
        "spending_years",
        say("feasibility.ranges_title", lang),
        [
            column("fiscal_year", lang, numeric=False),
            column("cost", lang, unit="rupiah"),
            column("range", lang, unit="rupiah"),
        ],
        ("year", "added", "low", "high"),
    )
    for year in dict.fromkeys(row.year for row in found.rows):
        december = Month(year, MONTHS_PER_YEAR)
        spent = results.at("yearly_spending", context.region, december, name)
        if spent is None:
            continue
        written = cost_range(results, context, name, lang, december)
        builder.add(
            [
                dates.fiscal_year(year, lang),
                _rupiah(spent.difference, lang, signed=True),
                written or numbers.EN_DASH,
            ],
            [
                year,
                spent.difference,
                *(known(end) if spent.has_band else None for end in band(spent)),
            ],
        )
    return builder.table()


def _provinces(found: Feasibility) -> list[YearOfPayer]:
    """Return the budgets of provinces themselves."""
    return [row for row in found.rows if row.payer == "apbd_province"]


def _table(
    found: Feasibility, name: str, title: str, rows: Sequence[YearOfPayer], lang: str
) -> TextTable:
    """List rows with every amount; the region only where it is not the same in all of them."""
    region = found.package.scenario.region
    places = len({row.region for row in rows}) > 1
    columns = [
        column("fiscal_year", lang, numeric=False),
        column("payer", lang, numeric=False),
        *([column("region", lang, numeric=False)] if places else []),
        *(column(f"money_{one}", lang, unit="rupiah") for one in _MONEY),
        column("absorption", lang, unit="percent"),
    ]
    where = ("region",) if places else ()
    fields = ("year", "payer", *where, *_MONEY, "absorption", "months")
    builder = TableBuilder(name, title, columns, fields)
    for row in rows:
        amounts = [getattr(row, one) for one in _MONEY]
        builder.add(
            [
                _fiscal_year(row.year, row.months, lang),
                payer(row.payer, lang),
                *([place(row.region, lang, region)] if places else []),
                *(numbers.EN_DASH if math.isnan(one) else _rupiah(one, lang) for one in amounts),
                numbers.percent(row.absorption, lang)
                if math.isfinite(row.absorption)
                else numbers.EN_DASH,
            ],
            [
                row.year,
                row.payer,
                *([row.region] if places else []),
                *(one if isinstance(one, int) else known(one) for one in amounts),
                known(row.absorption),
                row.months,
            ],
        )
    return builder.table()


def _fiscal_year(year: int, months: int, lang: str) -> str:
    """Write a fiscal year, with its months where there are fewer than twelve."""
    written = dates.fiscal_year(year, lang)
    if months == MONTHS_PER_YEAR:
        return written
    return say("feasibility.part_of_year", lang, year=written, months=numbers.number(months, lang))


def _lines(found: Feasibility, lang: str) -> TextTable:
    """List the lines of the budget that the money is taken from, in the months that are there."""
    months = {row.year: row.months for row in found.rows}
    builder = TableBuilder(
        "source_lines",
        say("feasibility.lines_title", lang),
        [
            column("fiscal_year", lang, numeric=False),
            column("line", lang, numeric=False),
            column("rupiah", lang),
        ],
        ("year", "line", "rupiah"),
    )
    for (year, line), rupiah in found.sources.items():
        builder.add(
            [
                _fiscal_year(year, months[year], lang),
                i18n.text(f"scenario.field_source_{line}", lang),
                _rupiah(rupiah, lang),
            ],
            [year, line, rupiah],
        )
    return builder.table()


def _figures(found: Feasibility, rows: Sequence[YearOfPayer], lang: str) -> TextTable:
    """List the published figures behind the budgets, with year, quality and method."""
    scenario = found.package.scenario
    builder = TableBuilder(
        "budget_sources",
        say("feasibility.figures_title", lang),
        [
            column("region", lang, numeric=False),
            column("payer", lang, numeric=False),
            column("money_own", lang, unit="rupiah"),
            column("figure_year", lang),
            column("quality", lang, numeric=False),
            column("method", lang, numeric=False),
        ],
        ("region", "payer", "own", "figure_year", "quality", "method"),
    )
    wanted = {(row.payer, row.region) for row in rows} | {("apbn", _NATION)}
    of_level = {level: name for name, level in LEVELS.items()}
    for row in budget_table(scenario.start.year, scenario.parameter).rows():
        name = of_level[row["level"]]
        digits = 2 * PROVINCE_DIGITS if name == "apbd_district" else PROVINCE_DIGITS
        code = f"{row['bps_code']:0{digits}d}"
        if not {(name, code), (name, code[:PROVINCE_DIGITS])} & wanted:
            continue
        year = int(row["figure_year"])
        builder.add(
            [
                say("nation", lang) if code == _NATION else place(code, lang),
                payer(name, lang),
                _rupiah(float(row["own"]), lang),
                str(year) if year else numbers.EN_DASH,
                word("quality", row["quality"], lang),
                word("method", row["method"], lang),
            ],
            [code, name, float(row["own"]), year or None, row["quality"], row["method"]],
        )
    return builder.table()


def _rupiah(value: float, lang: str, *, signed: bool = False) -> str:
    """Write a public amount: always three digits and a scale word, small amounts beside large."""
    return numbers.rupiah(value, lang, digits=_DIGITS, signed=signed)


def payer(name: str, lang: str) -> str:
    """Name a payer; an empty name means all together."""
    return say(f"payer.{name or 'all'}", lang)


def place(code: str, lang: str, region: str | tuple[int, ...] = ()) -> str:
    """Name a province or district where money is, as a part where the run holds only that.

    Parameters
    ----------
    code : str
        Code of the province or district; ``00`` is the whole region of the run.
    lang : str
        ``id`` or ``en``.
    region : str or tuple of int
        Region of the run.

    Returns
    -------
    str

    Examples
    --------
    >>> place("33", "en"), place("33", "en", (33,)), place("33", "en", (3316, 3318))
    ('Central Java', 'Central Java', "Central Java (this region's part)")
    """
    if code == _NATION:
        return say("whole_region", lang)
    name = region_name(int(code), lang)
    districts = {f"{one}" for one in region if isinstance(one, int)}
    if code not in districts and any(one.startswith(code) for one in districts):
        return say("part_of_place", lang, place=name)
    return name
