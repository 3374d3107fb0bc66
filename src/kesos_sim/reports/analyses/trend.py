"""Development over time: a line over years, its breaks, and what its last step may mean."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.calculations import Change, change, inside_of, least_clear, stretch
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figures,
    Series,
    breaks,
    missing,
    place_of,
    reserved,
    sources,
    spans,
)
from kesos_sim.reports.analyses.lines import Line, lettered, lines
from kesos_sim.reports.analyses.measures import Measure, measure_of
from kesos_sim.reports.analyses.own import marked
from kesos_sim.reports.analyses.parts import (
    broken,
    clear,
    column,
    direction,
    finished,
    irregular,
    tell,
    values,
)
from kesos_sim.reports.charts import style
from kesos_sim.reports.tables import TableBuilder, TextTable

__all__ = ["trend"]

_NEED = 2


def trend(
    region: str | int,
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    since: int | None = None,
    until: int | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Show how a measure of a region developed over years.

    Parameters
    ----------
    region : str or int
        Code or name of Indonesia, a province or a district.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.
    lang : str
        ``id`` or ``en``.
    since, until : int, optional
        First and last year; all years when left out.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        A line with breaks of method and the range of irregular swings.

    Raises
    ------
    InputError
        If there is no such region or measure, or fewer than two years have a figure.

    Examples
    --------
    >>> print(trend("Blora", lang="en", since=2015, until=2019).charts[0].title)
    Poverty rate (P0) of Kabupaten Blora fell by 2.2 percentage points: from 13.52% in March
    2015 to 11.32% in March 2019
    """
    place = place_of(region, ("nation", "province", "district"))
    chosen = measure_of(measure)
    series = figures.of(chosen, place.code)
    kept = inside_of(values(series), since, until)
    cuts = breaks(chosen, place.code, kept, lang)
    whole = change(stretch(kept, cuts))
    if whole is None:
        raise missing(chosen, place, kept, _NEED)
    relative = irregular(figures, chosen, place)
    words = {
        "measure": chosen.label(lang),
        "region": place.name(lang),
        "first": chosen.say(whole.first, lang),
        "last": chosen.say(whole.last, lang),
        "since": chosen.period(whole.since, lang),
        "until": chosen.period(whole.until, lang),
        "size": chosen.size(whole.difference, lang),
    }
    title = tell(f"trend.title_{direction(whole, chosen, relative)}", lang, **words)
    half = {
        float(year): value
        for year, value in ((y, 1.96 * relative * v) for y, v in kept.items())
        if not math.isnan(value)
    }
    line = Line(
        place.name(lang),
        {float(year): value for year, value in kept.items()},
        chosen.say(kept[max(kept)], lang),
        style.PACKAGES[0],
        style.MARKS[0],
        half=half,
        marked=frozenset(float(year) for year in kept if series[year].own),
    )
    scale, unit = chosen.axis(max(kept.values()), lang)
    drawn = {"since": chosen.period(min(kept), lang), "until": chosen.period(max(kept), lang)}
    notes = [tell("trend.note", lang, unit=unit, **words | drawn)]
    notes += [tell("trend.strokes", lang)] if half else []
    notes += [tell("trend.gap", lang)] if _gaps(kept) else []
    notes += [lettered(cuts, lang)] if cuts else []
    notes += marked([[series[year] for year in kept]], lang)
    steps = "; ".join(f"{year} {chosen.say(value, lang)}" for year, value in kept.items())
    used = {chosen.name: {year: [series[year]] for year in kept}}
    chart = finished(
        f"trend_{chosen.name}_{place.code:02d}",
        lang,
        {
            "title": title,
            "note": " ".join(notes),
            "alt": tell("trend.alt", lang, lines=steps, **words),
            "source": sources(used, lang),
        },
        _table(title, chosen, (series, kept), (relative, cuts), lang, place.code),
        lines([line], lang, scale=scale, cuts=list(cuts), from_zero=min(kept.values()) >= 0.0),
    )
    said = [
        *_noise(chosen, whole, relative, lang),
        *_last(chosen, stretch(kept, cuts), relative, lang),
        *broken(cuts, lang),
        *_gap_words(kept, lang),
    ]
    return Analysis("trend", lang, place, tuple(said), (chart,))


def _gaps(points: Mapping[int, float]) -> list[int]:
    """Return the years without a figure between the first and the last."""
    return [year for year in range(min(points), max(points)) if year not in points]


def _noise(measure: Measure, whole: Change, relative: float, lang: str) -> list[str]:
    """Say how the whole change compares with irregular swings."""
    least = clear(whole, relative)
    if not measure.survey:
        return []
    if math.isnan(least):
        return [tell("noise.unknown", lang)]
    key = "within" if abs(whole.difference) <= least else "beyond"
    return [tell(f"noise.{key}", lang, least=measure.size(least, lang))]


def _last(measure: Measure, points: Mapping[int, float], relative: float, lang: str) -> list[str]:
    """Say what happened in the last step, where there is more than one."""
    years = sorted(points)
    if len(years) <= _NEED:
        return []
    step = Change(years[-2], years[-1], points[years[-2]], points[years[-1]])
    words = {
        "since": measure.period(step.since, lang),
        "size": measure.size(step.difference, lang),
        "least": measure.size(clear(step, relative), lang),
    }
    went = direction(step, measure, relative)
    told = "step" if math.isnan(relative) and went != "flat" else "last"
    return [tell(f"trend.{told}_{went}", lang, **words)]


def _gap_words(points: Mapping[int, float], lang: str) -> list[str]:
    """Say which years have no figure, and which are left out on purpose."""
    kept = reserved(points)
    gaps = [year for year in _gaps(points) if year not in kept]
    said = [tell("trend.missing_years", lang, years=spans(gaps))] if gaps else []
    return [*said, tell("trend.reserved_years", lang, years=spans(kept))] if kept else said


def _table(
    title: str,
    measure: Measure,
    figures: tuple[Series, Mapping[int, float]],
    swings: tuple[float, Mapping[int, str]],
    lang: str,
    code: int,
) -> TextTable:
    """List all years with the change since the year before, where the two can be compared."""
    (series, points), (relative, cuts) = figures, swings
    columns = [
        column("year", lang, numeric=False),
        column("value", lang),
        column("change", lang),
        column("least", lang),
        column("quality", lang, numeric=False),
    ]
    fields = ("year", "value", "change", "least_clear", "quality")
    name = f"trend_{measure.name}_{code:02d}"
    builder = TableBuilder(name, title, columns, fields, unit=measure.unit(lang))
    before: float | None = None
    for year, value in points.items():
        step = None if before is None or year in cuts else value - before
        least = math.nan if step is None else least_clear(value - step, value, relative)
        quality = series[year].quality
        builder.add(
            (
                measure.period(year, lang),
                measure.cell(value, lang),
                numbers.EN_DASH if step is None else measure.signed(step, lang),
                measure.cell(least, lang).removesuffix("%"),
                word("quality", quality, lang),
            ),
            (year, value, step, None if math.isnan(least) else least, quality),
        )
        before = value
    return builder.table()
