"""Effectiveness: the trend before and after a year, and beside it what a model says it changed.

The customary verdict compares two slopes. It is kept because the planning documents ask for it,
and it is always followed by the sentence that a trend is not an effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.calculations import inside_of, slope, stretch
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figures,
    Place,
    breaks,
    missing,
    moved,
    place_of,
    sources,
)
from kesos_sim.reports.analyses.lines import Band, Line, lines
from kesos_sim.reports.analyses.measures import Measure, measure_of
from kesos_sim.reports.analyses.own import marked
from kesos_sim.reports.analyses.parts import broken, column, finished, tell, values
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.provenance import required
from kesos_sim.reports.tables import TableBuilder, TextTable, known
from kesos_sim.reports.values import band, range_cell
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison

__all__ = ["effectiveness"]

_NEED: Final = 2
"""Figures that a trend needs; with no more than these it is said to be weak."""
_DASHES: Final = (0, (5, 3))


@dataclass(frozen=True)
class _Simulated:
    """What a comparison says about a measure of a region."""

    context: ReportContext
    scenario: str
    months: tuple[tuple[Month, Estimate], ...]

    @property
    def last(self) -> tuple[Month, Estimate]:
        return self.months[-1]


def effectiveness(
    region: str | int,
    year: int,
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    comparison: Comparison | None = None,
    scenario: str | None = None,
    since: int | None = None,
    until: int | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Compare the trend before and after a year, with a simulated counterfactual beside it.

    Parameters
    ----------
    region : str or int
        Code or name of Indonesia, a province or a district.
    year : int
        Year in which a programme or policy began; it belongs to both sides.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.
    lang : str
        ``id`` or ``en``.
    comparison : Comparison, optional
        With and without a policy in the same simulated world, holding the region.
    scenario : str, optional
        Which alternative of the comparison; the first when left out.
    since, until : int, optional
        First and last year of the trend.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        The published line, both slopes, the customary verdict, the caution, the simulation.

    Raises
    ------
    InputError
        If there is no such region or measure, either side has fewer than two figures, or the
        comparison does not hold the measure of the region.

    Examples
    --------
    >>> print(effectiveness("3316", 2018, lang="en", until=2019).sentences[0].split(".")[0])
    Customary verdict: effective
    """
    place = place_of(region, ("nation", "province", "district"))
    chosen = measure_of(measure)
    series = figures.of(chosen, place.code)
    wanted = inside_of(values(series), since, until)
    cuts = breaks(chosen, place.code, wanted, lang)
    points = stretch(wanted, cuts)
    before, after = inside_of(points, None, year), inside_of(points, year, None)
    if len(points) <= _NEED:
        raise missing(chosen, place, wanted, _NEED + 1)
    if min(len(before), len(after)) < _NEED:
        inner = sorted(points)[1:-1]
        raise InputError(
            "KS7005",
            "analyses.two_sides",
            field="year",
            got=year,
            expected=f"{inner[0]}{numbers.EN_DASH}{inner[-1]}",
            region=place.name(lang),
        )
    slopes = slope(before), slope(after)
    simulated = _simulated(comparison, scenario, place, chosen, lang)
    base = simulated.months[0][0].year if simulated else year
    apart = simulated is not None and moved(chosen, place.code, max(points), base)
    beside = None if apart else simulated
    words = {
        "measure": chosen.label(lang),
        "inside": chosen.label_inside(lang),
        "region": place.name(lang),
        "year": str(year),
        "before": _yearly(slopes[0], chosen, lang),
        "after": _yearly(slopes[1], chosen, lang),
        "since": chosen.period(min(points), lang),
        "until": chosen.period(max(points), lang),
    }
    verdict = _verdict(slopes, chosen)
    title = tell(f"effectiveness.title_{verdict}", lang, **words)
    scale, unit = chosen.axis(max(points.values()), lang)
    mine = [when for when in points if series[when].own]
    drawn, bands = _lines((points, mine), (before, after), slopes, beside, chosen, lang)
    notes = [tell("effectiveness.note", lang, unit=unit, **words)]
    if beside:
        name = parts.band_name(beside.context, lang)
        shaded = tell("effectiveness.simulated_band", lang, band=name) if bands else ""
        notes.append(tell("effectiveness.simulated_note", lang, band=shaded))
    notes += marked([[series[when] for when in points]], lang)
    told = _counterfactual(simulated, place, chosen, lang)
    words["lines"] = "; ".join(f"{when} {chosen.say(one, lang)}" for when, one in points.items())
    used = {chosen.name: {when: [series[when]] for when in points}}
    more = [required(beside.context.provenance).line(lang, timing=False)] if beside else []
    chart = finished(
        f"effectiveness_{chosen.name}_{place.code:02d}",
        lang,
        {
            "title": title,
            "note": " ".join(notes),
            "alt": " ".join([tell("effectiveness.alt", lang, **words), *told[: 0 if apart else 1]]),
            "source": sources(used, lang, *more),
        },
        _table(title, chosen, points, (year, slopes), beside, lang, place),
        lines(
            drawn,
            lang,
            scale=scale,
            bands=bands,
            turn=float(year),
            from_zero=min(points.values()) >= 0.0,
        ),
    )
    said = (
        tell(f"effectiveness.verdict_{verdict}", lang, **words),
        *(
            tell(f"effectiveness.two_{name}", lang, **words)
            for name, side in (("before", before), ("after", after))
            if len(side) == _NEED
        ),
        tell("effectiveness.caution", lang),
        *told,
        *broken(cuts, lang),
        *([tell("effectiveness.apart", lang)] if apart else []),
    )
    return Analysis("effectiveness", lang, place, said, (chart,))


def _yearly(per_year: float, measure: Measure, lang: str) -> str:
    """Write a yearly change: falls or rises by so much a year."""
    key = "down" if per_year < 0.0 else "up"
    if per_year == 0.0:
        key = "flat"
    return tell(f"effectiveness.yearly_{key}", lang, size=measure.size(per_year, lang))


def _verdict(slopes: tuple[float, float], measure: Measure) -> str:
    """Return the customary verdict of two slopes."""
    if measure.better == "neutral":
        return "neutral"
    sign = -1.0 if measure.better == "lower" else 1.0
    before, after = (sign * one for one in slopes)
    if after <= 0.0:
        return "wrong"
    return "faster" if after > before else "slower"


def _simulated(
    comparison: Comparison | None, scenario: str | None, place: Place, measure: Measure, lang: str
) -> _Simulated | None:
    """Take the paths of a measure of a region out of a comparison."""
    if comparison is None:
        return None
    by = "district" if place.level == "district" else "province"
    results, context = Results(comparison.frame(by)), comparison.context()
    name = results.scenarios[0] if scenario is None else scenario
    code = f"{place.code:02d}"
    months = results.series(measure.name, code, name) if name in results.scenarios else []
    if not months:
        raise InputError(
            "KS7006",
            "analyses.no_simulation",
            field="comparison",
            got=f"{measure.name}, {code}, {name}",
            expected=", ".join(results.scenarios),
            region=place.name(lang),
        )
    yearly = [(m, e) for m, e in months if (m - months[0][0]) % MONTHS_PER_YEAR == 0]
    if yearly[-1][0] != months[-1][0]:
        yearly.append(months[-1])
    return _Simulated(context, name, tuple(yearly))


def _lines(
    known: tuple[Mapping[int, float], Sequence[int]],
    sides: tuple[Mapping[int, float], Mapping[int, float]],
    slopes: tuple[float, float],
    simulated: _Simulated | None,
    measure: Measure,
    lang: str,
) -> tuple[list[Line], list[Band]]:
    """Return the published line, the slopes of both sides, and the simulated paths."""
    points, mine = known
    last = list(points.values())[-1]
    offset = (measure.month or 1) - 1

    def at(year: float) -> float:
        return year + offset / MONTHS_PER_YEAR if simulated else year

    drawn = [
        Line(
            tell("effectiveness.published_own" if mine else "effectiveness.published", lang),
            {at(float(year)): value for year, value in points.items()},
            measure.say(last, lang),
            style.PUBLISHED,
            "o",
            marked=frozenset(at(float(year)) for year in mine),
        )
    ]
    fitted = {}
    for side, per_year, key in zip(sides, slopes, ("before", "after"), strict=True):
        middle = sum(side) / len(side)
        level = sum(side.values()) / len(side)
        ends = {float(y): level + per_year * (y - middle) for y in (min(side), max(side))}
        fitted[key] = {at(year): value for year, value in ends.items()}
        drawn.append(
            Line(
                tell(f"effectiveness.slope_{key}", lang),
                fitted[key],
                "",
                style.BASELINE,
                "",
                (0, (1, 1)) if key == "before" else (0, (4, 1, 1, 1)),
                yearly=False,
            )
        )
    if simulated is None:
        return drawn, []
    paths = {
        "baseline": {parts.position(m): e.baseline for m, e in simulated.months},
        "value": {parts.position(m): e.value for m, e in simulated.months},
    }
    _, end = simulated.last
    looks = {
        "baseline": (
            tell("effectiveness.without", lang),
            end.baseline,
            style.PACKAGES[0],
            "",
            _DASHES,
        ),
        "value": (
            simulated.context.title(simulated.scenario, lang),
            end.value,
            style.PACKAGES[1],
            "s",
            "-",
        ),
    }
    for key, (name, value, colour, mark, dashes) in looks.items():
        drawn.append(
            Line(name, paths[key], measure.say(value, lang), colour, mark, dashes, yearly=False)
        )
    banded = {
        parts.position(m): (e.low_value, e.high_value)
        for m, e in simulated.months
        if e.has_level_band
    }
    return drawn, [Band(banded, style.PACKAGES[1])] if banded else []


def _counterfactual(
    simulated: _Simulated | None, place: Place, measure: Measure, lang: str
) -> list[str]:
    """Say what the simulation finds, or how to get one."""
    if simulated is None:
        return [tell("effectiveness.no_simulation", lang)]
    month, end = simulated.last
    context, name = simulated.context, simulated.scenario
    band = ""
    if end.has_band:
        low, high = (measure.signed(one, lang) for one in sorted((end.low, end.high)))
        ends = f"{low} {tell('to', lang)} {high}"
        band = tell("effectiveness.range", lang, range=ends) if low != high else ""
    said = [
        tell(
            "effectiveness.simulated",
            lang,
            region=place.name(lang),
            month=numbers.month_name(month, lang),
            title=context.title(name, lang),
            value=measure.say(end.value, lang),
            baseline=measure.say(end.baseline, lang),
            difference=measure.change(end.difference, lang),
            band=band,
        )
    ]
    zero = context.without_effect.get(name, {}).get(measure.name)
    if zero is not None:
        said.append(
            tell(
                "effectiveness.zero",
                lang,
                value=measure.say(zero[0], lang),
                baseline=measure.say(zero[1], lang),
            )
        )
    return said


def _table(
    title: str,
    measure: Measure,
    points: Mapping[int, float],
    trend: tuple[int, tuple[float, float]],
    simulated: _Simulated | None,
    lang: str,
    place: Place,
) -> TextTable:
    """List published years with their side, then the simulated months."""
    year, _ = trend
    columns = [column("period", lang, numeric=False), column("side", lang, numeric=False)]
    columns += [column(key, lang) for key in ("published", "simulated_without", "simulated_with")]
    columns += [column("difference", lang), column("difference_range", lang)]
    fields = ("period", "side", "published", "without", "with", "difference", "low", "high")
    name = f"effectiveness_{measure.name}_{place.code:02d}"
    builder = TableBuilder(name, title, columns, fields, unit=measure.unit(lang))
    rows: list[tuple[str, str, float, Estimate]] = []
    for when, value in points.items():
        side = "both" if when == year else "before" if when < year else "after"
        rows.append((measure.period(when, lang), side, value, Estimate(math.nan)))
    for month, estimate in simulated.months if simulated else ():
        rows.append((numbers.month_name(month, lang), "simulated", math.nan, estimate))
    for period, side, value, found in rows:
        low, high = band(found) if found.has_band else (math.nan, math.nan)
        ends = (measure.signed(low, lang), measure.signed(high, lang))
        builder.add(
            (
                period,
                tell(f"effectiveness.side_{side}", lang),
                measure.cell(value, lang),
                measure.cell(found.baseline, lang),
                measure.cell(found.value, lang),
                measure.signed(found.difference, lang),
                range_cell(*ends, lang),
            ),
            (
                period,
                side,
                *map(known, (value, found.baseline, found.value, found.difference, low, high)),
            ),
        )
    return builder.table()
