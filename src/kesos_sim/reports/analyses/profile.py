"""Profile of poverty: who and where the poor of a region are, in the base month.

Published figures divide the poor by place only. Who they are comes from the synthetic population
of the model, which is fitted to published margins and is an estimate.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data import read_table
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.model.opening import open_model
from kesos_sim.model.sample import Sample
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.bars import Bar, Limit, bars
from kesos_sim.reports.analyses.figures import PUBLISHED, Figures, Place, place_of, short_name
from kesos_sim.reports.analyses.groups import AREAS, SIZES, Group, groups_of
from kesos_sim.reports.analyses.measures import MEASURES
from kesos_sim.reports.analyses.parts import column, finished, tell
from kesos_sim.reports.charts import style
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.provenance import record_of
from kesos_sim.reports.tables import TableBuilder, TextTable, known
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.scenario import Scenario

__all__ = ["profile"]

_PERCENT: Final = 100.0
_LARGE: Final = 5
_RATE: Final = MEASURES["poverty_rate"]
_DASHES: Final = (0, (5, 2))


def profile(
    region: str | int,
    lang: str = "id",
    *,
    scenario: Scenario | None = None,
    households: int = 4000,
    base: int = 2024,
    seed: int = 2008,
    threads: int = 1,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Show who and where the poor of a region are.

    Parameters
    ----------
    region : str or int
        Code or name of a province or district.
    lang : str
        ``id`` or ``en``.
    scenario : Scenario, optional
        Whose anchored world is shown, when its region is this one; the world without any change
        when left out, with the next three settings.
    households : int
        Simulated households.
    base : int
        Year of the base month, March.
    seed : int
        Key of every random draw.
    threads : int
        Threads of the kernels; they change nothing.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        Rates and shares of the poor by group with their range, districts, published figures.

    Raises
    ------
    InputError
        If there is no such region, or no figures are published for the base month.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> table = profile("3316", "en", scenario=blora).charts[0].table
    >>> [row[0] for row in table.rows][:3]
    ['Towns', 'Villages', 'Households of 1–2 persons']
    """
    place = place_of(region)
    began = time.perf_counter()
    asked = scenario or _unchanged(place, households, base, seed)
    sample = Sample.of(open_model(asked.anchor, threads))
    found = list(groups_of(sample, sample.inside(place.code)))
    record = record_of(asked, time.perf_counter() - began).line(lang, timing=False)
    year = asked.start.year
    said = [*_who(found, place, lang), *_where(found, place, lang)]
    said.append(tell("profile.estimate", lang, households=numbers.number(asked.households, lang)))
    charts = [_chart(found, ("area", "size", "members"), place, year, figures, lang, record)]
    if sum(one.kind == "district" for one in found) > 1:
        charts.append(_chart(found, ("district",), place, year, figures, lang, record))
    tables = tuple(filter(None, (_published(place, year, figures, lang),)))
    return Analysis("profile", lang, place, tuple(said), tuple(charts), tables)


def _unchanged(place: Place, households: int, base: int, seed: int) -> Scenario:
    """Return the world of a region without any change."""
    from kesos_sim.scenario import from_document  # compiles nothing, but reads the levers

    return from_document(
        {
            "schema": 1,
            "name": "profile",
            "title": {lang: tell("profile.scenario", lang) for lang in i18n.LANGUAGES},
            "region": [place.code],
            "start": f"{base}-03",
            "months": 1,
            "households": households,
            "seed": seed,
        }
    )


def _name(group: Group, lang: str) -> str:
    """Name a group."""
    if group.kind == "district":
        return short_name(int(group.name), lang)
    if group.kind == "size":
        low, high = group.name.split("-")
        last = SIZES[-1]
        if int(low) == last[0]:
            return tell("profile.size_over", lang, low=low)
        return tell("profile.size", lang, sizes=f"{low}{numbers.EN_DASH}{high}")
    return tell(f"profile.{group.kind}_{group.name}", lang)


def _inside(group: Group, lang: str) -> str:
    """Name a group inside a sentence."""
    name = _name(group, lang)
    return name if group.kind == "district" else name[:1].lower() + name[1:]


def _who(found: Sequence[Group], place: Place, lang: str) -> list[str]:
    """Say in which households the poor live."""
    large = [g for g in found if g.kind == "size" and int(g.name.split("-")[0]) >= _LARGE]
    rural = [g for g in found if g.kind == "area" and g.name == "rural"]
    poor, people = (sum(getattr(g, name) for g in large) for name in ("poor", "people"))
    words = {
        "region": place.name(lang),
        "large": numbers.number(poor, lang, 0),
        "large_people": numbers.number(people, lang, 0),
        "rural": numbers.number(sum(g.poor for g in rural), lang, 0),
        "rural_people": numbers.number(sum(g.people for g in rural), lang, 0),
    }
    said = [tell("profile.large", lang, **words)]
    if rural:
        said.insert(0, tell("profile.rural", lang, **words))
    rated = [g for g in found if g.kind in {"size", "members"} and math.isfinite(g.rate)]
    if rated:
        worst = max(rated, key=lambda g: g.rate)
        said.append(
            tell(
                "profile.highest",
                lang,
                name=_inside(worst, lang),
                rate=numbers.percent(worst.rate, lang),
                range=_range(worst, lang),
            )
        )
    return said


def _where(found: Sequence[Group], place: Place, lang: str) -> list[str]:
    """Say in which districts most of the poor live."""
    districts = sorted((g for g in found if g.kind == "district"), key=lambda g: -g.poor)
    if len(districts) < 2 or not math.isfinite(districts[0].poor):  # noqa: PLR2004 - a choice
        return []
    first = districts[: max(1, len(districts) // 3)]
    return [
        tell(
            "profile.districts",
            lang,
            region=place.name(lang),
            share=numbers.number(sum(g.poor for g in first), lang, 0),
            count=str(len(first)),
            all=str(len(districts)),
            names=", ".join(_name(g, lang) for g in first),
        )
    ]


def _range(group: Group, lang: str) -> str:
    low, high = max(0.0, group.rate - group.half), min(_PERCENT, group.rate + group.half)
    return numbers.interval(low, high, lang)


def _chart(
    found: Sequence[Group],
    kinds: Sequence[str],
    place: Place,
    year: int,
    figures: Figures,
    lang: str,
    record: str,
) -> Chart:
    """Draw the poverty rate of every group with its range."""
    shown = [g for kind in kinds for g in found if g.kind == kind]
    by_place = kinds == ("district",)
    if by_place:
        shown.sort(key=lambda g: -g.rate if math.isfinite(g.rate) else 0.0)
    rows = [
        Bar(
            _name(g, lang),
            g.rate if math.isfinite(g.rate) else 0.0,
            _cell(g, lang),
            low=max(0.0, g.rate - g.half) if math.isfinite(g.rate) else math.nan,
            high=g.rate + g.half if math.isfinite(g.rate) else math.nan,
        )
        for g in shown
    ]
    published = figures.of(_RATE, place.code).get(year)
    limits = []
    if published is not None:
        words = tell(
            "profile.own_line" if published.own else "profile.published_line",
            lang,
            region=short_name(place.code, lang),
            value=_RATE.cell(published.value, lang),
        )
        limits.append(Limit(published.value, words, _DASHES, style.PACKAGES[1]))
    rated = [g for g in shown if math.isfinite(g.rate)]
    period = numbers.month_name(Month(year, 3), lang)
    fields = {"region": place.name(lang), "period": period}
    if rated:
        high, low = (pick(rated, key=lambda g: g.rate) for pick in (max, min))
        fields |= {
            "high": _inside(high, lang),
            "high_rate": numbers.percent(high.rate, lang),
            "low": _inside(low, lang),
            "low_rate": numbers.percent(low.rate, lang),
        }
    key = "places" if by_place else "groups"
    title = tell(f"profile.title_{key}" if rated else "profile.title_few", lang, **fields)
    lines = "; ".join(f"{row.name} {row.words}" for row in rows)
    return finished(
        f"profile_{key}_{place.code:02d}",
        lang,
        {
            "title": title,
            "note": tell("profile.note", lang, **fields),
            "alt": tell("profile.alt", lang, lines=lines, **fields),
            "source": tell("profile.source", lang, year=str(year), own=_own(figures, lang)),
        },
        _table(title, f"profile_{key}_{place.code:02d}", shown, lang),
        bars(rows, limits, lang),
        record,
    )


def _own(figures: Figures, lang: str) -> str:
    """Say that the population is fitted to own figures as well, where it is."""
    origins = sorted({figure.origin for figure in figures.own.values()})
    return tell("profile.fitted_own", lang, sources="; ".join(origins)) if origins else ""


def _cell(group: Group, lang: str) -> str:
    """Write a rate, or that there are too few households."""
    if math.isnan(group.rate):
        return tell("profile.too_few", lang)
    return numbers.percent(group.rate, lang)


def _table(title: str, name: str, shown: Sequence[Group], lang: str) -> TextTable:
    """List groups with their share of people and of the poor."""
    columns = [
        column("group", lang, numeric=False),
        column("people_share", lang, unit="percent"),
        column("rate", lang, unit="percent"),
        column("range80", lang, unit="percent"),
        column("poor_share", lang, unit="percent"),
        column("simulated", lang),
        column("quality", lang, numeric=False),
    ]
    fields = ("group", "people_percent", "rate", "low", "high", "poor_percent", "households",
              "quality")  # fmt: skip
    builder = TableBuilder(name, title, columns, fields)
    for g in shown:
        told = math.isfinite(g.rate)
        builder.add(
            (
                _name(g, lang),
                numbers.percent(g.people, lang),
                _cell(g, lang),
                _range(g, lang) if told else numbers.EN_DASH,
                numbers.percent(g.poor, lang) if math.isfinite(g.poor) else numbers.EN_DASH,
                numbers.number(g.households, lang),
                word("quality", "estimate", lang),
            ),
            (
                f"{g.kind}:{g.name}",
                g.people,
                known(g.rate),
                known(max(0.0, g.rate - g.half)) if told else None,
                known(min(_PERCENT, g.rate + g.half)) if told else None,
                known(g.poor),
                g.households,
                "estimate",
            ),
        )
    return builder.table()


def _published(place: Place, year: int, figures: Figures, lang: str) -> TextTable | None:
    """List what is published about the poor of the region."""
    rows: list[tuple[str, str, str, float, str, str]] = []
    for name in ("poverty_rate", "poverty_gap", "poverty_severity", "poor_people"):
        measure = MEASURES[name]
        figure = figures.of(measure, place.code).get(year)
        if figure is not None:
            cell = measure.cell(figure.value, lang)
            period = measure.period(year, lang)
            told = measure.label(lang), period, cell
            rows.append((*told, figure.value, figure.quality, measure.unit(lang)))
    if place.level == "province":
        table = read_table("poverty_province").where(bps_code=place.code, year=year, month=3)
        for row in table.where(area=AREAS).rows():
            label = f"{_RATE.label(lang)}, {tell('profile.area_' + row['area'], lang).lower()}"
            rate = float(row["poverty_rate_p0"])
            if math.isfinite(rate):
                cell = _RATE.cell(rate, lang)
                told = label, _RATE.period(year, lang), cell
                rows.append((*told, rate, str(row["quality"]), _RATE.unit(lang)))
    sizes = read_table("household_composition").where(
        bps_code=place.code, indicator="mean_household_size", category="poor", area="total"
    )
    for row in sizes.rows():
        size = float(row["value"])
        period = numbers.month_name(Month(int(row["year"]), int(row["month"])), lang)
        label = tell("profile.poor_size", lang)
        told = label, period, numbers.number(size, lang, 2)
        unit = word("unit", "persons per household", lang)
        rows.append((*told, size, str(row["quality"]), unit))
    if not rows:
        return None
    columns = [column("measure", lang, numeric=False), column("period", lang, numeric=False)]
    columns += [column("value", lang), column("quality", lang, numeric=False)]
    title = tell("profile.published_title", lang, region=place.name(lang))
    fields = ("measure", "period", "value", "quality", "unit")
    builder = TableBuilder(f"profile_published_{place.code:02d}", title, columns, fields)
    for label, period, cell, value, quality, unit in rows:
        words = label, period, cell, word("quality", quality, lang)
        builder.add(words, (label, period, value, quality, unit))
    return builder.table()
