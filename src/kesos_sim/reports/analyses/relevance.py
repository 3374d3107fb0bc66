"""Relevance: whether a region moves the same way as its province and the nation."""

from __future__ import annotations

import math
from itertools import pairwise

from kesos_sim.i18n import numbers
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.calculations import Change, Way, change, inside_of, stretch
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figures,
    Place,
    breaks,
    missing,
    place_of,
    sources,
)
from kesos_sim.reports.analyses.lines import Line, lines
from kesos_sim.reports.analyses.measures import Measure, measure_of
from kesos_sim.reports.analyses.own import marked
from kesos_sim.reports.analyses.parts import (
    broken,
    column,
    direction,
    finished,
    irregular,
    tell,
    values,
)
from kesos_sim.reports.charts import style
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known

__all__ = ["relevance"]

_LOOKS = (
    (style.PACKAGES[0], "o", "-"),
    (style.PACKAGES[1], "s", (0, (5, 2))),
    (style.BASELINE, "D", (0, (1, 1.5))),
)
_INDEX = 100.0
_NEED = 2


def relevance(
    region: str | int,
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    since: int | None = None,
    until: int | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Compare the development of a region with that of what it is a part of.

    Parameters
    ----------
    region : str or int
        Code or name of a province or district.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.
    lang : str
        ``id`` or ``en``.
    since, until : int, optional
        First and last year; all years that the regions have in common when left out.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        One chart with all lines, and the customary verdict.

    Raises
    ------
    InputError
        If there is no such region or measure, or fewer than two years in common.

    Examples
    --------
    >>> print(relevance("3316", lang="en", since=2015, until=2019).sentences[0])
    Kabupaten Blora fell by 2.2 percentage points, from 13.52% to 11.32%.
    """
    place, chosen = place_of(region), measure_of(measure)
    own = inside_of(values(figures.of(chosen, place.code)), since, until)
    if len(own) < _NEED:
        raise missing(chosen, place, own, _NEED)
    wider = {
        code: inside_of(values(figures.of(chosen, code)), since, until) for code in place.above
    }
    wider = {code: points for code, points in wider.items() if len(own.keys() & points.keys()) > 1}
    shared = set(own).intersection(*wider.values())
    cuts = breaks(chosen, place.code, shared, lang)
    common = set(stretch({year: own[year] for year in shared}, cuts))
    if len(common) < _NEED or 0 not in wider:
        raise missing(chosen, Place(0, "nation"), common, _NEED)
    places = [place, *(_place(code) for code in wider)]
    points = [{year: found[year] for year in sorted(common)} for found in (own, *wider.values())]
    moves = [move for move in map(change, points) if move is not None]
    ways = [
        direction(move, chosen, irregular(figures, chosen, one))
        for one, move in zip(places, moves, strict=True)
    ]
    words = {
        "measure": chosen.label(lang),
        "inside": chosen.label_inside(lang),
        "region": place.name(lang),
        "since": chosen.period(min(common), lang),
        "until": chosen.period(max(common), lang),
    }
    verdict = _verdict(ways)
    title = tell(f"relevance.title_{verdict}", lang, **words)
    indexed = chosen.counts
    notes = [
        tell(
            "relevance.note_index" if indexed else "trend.note",
            lang,
            unit=chosen.unit(lang),
            year=str(min(common)),
            **words,
        )
    ]
    told = [
        _moved(one, move, went, chosen, lang)
        for one, move, went in zip(places, moves, ways, strict=True)
    ]
    used = {
        chosen.name: {
            year: [figures.of(chosen, one.code)[year] for one in places] for year in common
        }
    }
    notes += marked(used[chosen.name].values(), lang)
    chart = finished(
        f"relevance_{chosen.name}_{place.code:02d}",
        lang,
        {
            "title": title,
            "note": " ".join(notes),
            "alt": tell("relevance.alt", lang, lines=" ".join(told), **words),
            "source": sources(used, lang),
        },
        _table(title, chosen, places, points, lang),
        lines(
            _lines(places, points, figures, chosen, lang),
            lang,
            from_zero=not indexed and min(map(min, (p.values() for p in points))) >= 0.0,
        ),
    )
    said = [*told, tell(f"relevance.verdict_{verdict}", lang, **words), *_together(points, lang)]
    if len(wider) < len(place.above):
        said.append(tell("relevance.no_province", lang, province=_place(place.parent).name(lang)))
    said += [*broken(cuts, lang), tell("relevance.caution", lang)]
    return Analysis("relevance", lang, place, tuple(said), (chart,))


def _place(code: int) -> Place:
    return Place(code, "province" if code else "nation")


def _verdict(ways: list[Way]) -> str:
    """Return the customary verdict: the same way, another way, or not to be judged."""
    if "within_noise" in ways:
        return "open"
    return "same" if len(set(ways)) == 1 else "other"


def _moved(place: Place, move: Change, went: Way, measure: Measure, lang: str) -> str:
    """Say how one region moved."""
    return tell(
        f"relevance.moved_{went}",
        lang,
        region=place.name(lang),
        first=measure.say(move.first, lang),
        last=measure.say(move.last, lang),
        size=measure.size(move.difference, lang),
    )


def _together(points: list[dict[int, float]], lang: str) -> list[str]:
    """Count the steps in which the region went the same way as the nation."""
    own, nation = points[0], points[-1]
    years = sorted(own)
    steps = [(own[b] - own[a]) * (nation[b] - nation[a]) > 0.0 for a, b in pairwise(years)]
    return [tell("relevance.steps", lang, same=str(sum(steps)), count=str(len(steps)))]


def _lines(
    places: list[Place],
    points: list[dict[int, float]],
    figures: Figures,
    measure: Measure,
    lang: str,
) -> list[Line]:
    """Return the lines; counts are drawn against their first year."""
    found = []
    for depth, (place, own) in enumerate(zip(places, points, strict=True)):
        colour, mark, dashes = _LOOKS[depth if place.code else 2]
        first = next(iter(own.values()))
        scale = _INDEX / first if measure.counts else 1.0
        drawn = {float(year): scale * value for year, value in own.items()}
        last = list(drawn.values())[-1]
        words = numbers.number(last, lang, 0) if measure.counts else measure.say(last, lang)
        series = figures.of(measure, place.code)
        mine = frozenset(float(year) for year in own if series[year].own)
        line = Line(place.name(lang), drawn, words, colour, mark, dashes, marked=mine)
        found.append(line)
    return found


def _table(
    title: str,
    measure: Measure,
    places: list[Place],
    points: list[dict[int, float]],
    lang: str,
) -> TextTable:
    """List all common years with a column for each region."""
    columns = [column("year", lang, numeric=False), *(Column(p.name(lang)) for p in places)]
    fields = ["year", *(f"{place.code:02d}" for place in places)]
    name = f"relevance_{measure.name}_{places[0].code:02d}"
    builder = TableBuilder(name, title, columns, fields, unit=measure.unit(lang))
    for year in points[0]:
        row = [found.get(year, math.nan) for found in points]
        builder.add(
            (measure.period(year, lang), *(measure.cell(value, lang) for value in row)),
            (year, *map(known, row)),
        )
    return builder.table()
