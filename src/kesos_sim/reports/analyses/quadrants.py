"""Quadrants: the level of every region against its change, relative to a reference."""

from __future__ import annotations

import math
from typing import Final, Literal

from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.calculations import Change, change, inside_of, quadrant
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figures,
    Place,
    missing,
    moved,
    place_of,
    short_name,
    sources,
)
from kesos_sim.reports.analyses.measures import Measure, measure_of
from kesos_sim.reports.analyses.own import marked
from kesos_sim.reports.analyses.parts import column, finished, listed, tell, values
from kesos_sim.reports.analyses.scatter import Dot, roman, scatter
from kesos_sim.reports.tables import TableBuilder, TextTable
from kesos_sim.reports.values import difference_unit

__all__ = ["Reference", "grouped", "quadrants"]

Reference = Literal["mean", "province", "nation"]
_NEED: Final = 2
_LEAST_REGIONS: Final = 3
_SPAN: Final = 5
"""Years over which change is measured unless other years are asked for."""


def quadrants(
    region: str | int,
    measure: str = "poverty_rate",
    lang: str = "id",
    *,
    since: int | None = None,
    until: int | None = None,
    reference: Reference | float = "mean",
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Sort regions into four quadrants by level and yearly change.

    Parameters
    ----------
    region : str or int
        Indonesia for its provinces, a province for its districts, a district for its peers.
    measure : str
        One of `kesos_sim.reports.analyses.MEASURES`.
    lang : str
        ``id`` or ``en``.
    since, until : int, optional
        First and last year; the last five years when left out.
    reference : {"mean", "province", "nation"} or float
        What regions are compared with: the mean of the regions shown, the province, the nation,
        or a level (with no change).
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        The chart, and the list of regions in each quadrant.

    Raises
    ------
    InputError
        If there is no such region, measure or reference, or too few regions have figures.

    Examples
    --------
    >>> print(quadrants("33", lang="en", since=2015, until=2019).charts[0].title)
    5 of 35 regions in Central Java are in quadrant I, behind and slower: Sragen, Demak,
    Grobogan, Blora, Magelang
    """
    place = place_of(region, ("nation", "province", "district"))
    chosen = measure_of(measure)
    moves, absent = _moves(figures, chosen, place, since, until)
    if len(moves) < _LEAST_REGIONS:
        raise missing(chosen, place, sorted({m.until for m in moves.values()}), _LEAST_REGIONS)
    point = _reference(figures, chosen, place, moves, reference)
    groups = grouped(moves, point, chosen)
    span = next(iter(moves.values()))
    words = {
        "measure": chosen.label(lang),
        "region": _whole(place).name(lang),
        "since": chosen.period(span.since, lang),
        "until": chosen.period(span.until, lang),
        "count": str(len(groups[1])),
        "all": str(len(moves)),
        "level": chosen.say(point[0], lang),
        "step": chosen.signed(point[1], lang),
        "reference": _reference_words(reference, place, lang),
    }
    kind = "plain" if chosen.better == "neutral" else "judged"
    titles = {which: tell(f"quadrants.{kind}_{which}", lang) for which in groups}
    title = tell(
        "quadrants.title" if groups[1] else "quadrants.title_none",
        lang,
        name=titles[1],
        names=listed(groups[1], lang),
        **words,
    )
    order = [code for which in sorted(groups) for code in groups[which]]
    shown = {year: figures.values(chosen, order, year) for year in (span.since, span.until)}
    mine = {code for known in shown.values() for code, figure in known.items() if figure.own}
    dots = [
        Dot(
            number,
            short_name(code, lang),
            moves[code].last,
            moves[code].per_year,
            which,
            own=code == place.code,
            marked=code in mine,
        )
        for number, (which, code) in enumerate(
            ((which, code) for which in sorted(groups) for code in groups[which]), start=1
        )
    ]
    table = _table(title, chosen, groups, moves, titles, lang, place)
    members = "; ".join(
        f"{roman(which)} {titles[which]}: {', '.join(short_name(c, lang) for c in codes)}"
        for which, codes in groups.items()
        if codes
    )
    used = {chosen.name: {year: known.values() for year, known in shown.items()}}
    flip = chosen.better == "higher"
    corners = {
        1: (float(not flip), float(not flip)),
        2: (float(not flip), float(flip)),
        3: (float(flip), float(not flip)),
        4: (float(flip), float(flip)),
    }
    chart = finished(
        f"quadrants_{chosen.name}_{place.code:02d}",
        lang,
        {
            "title": title,
            "note": " ".join(
                [
                    tell("quadrants.note", lang, unit=chosen.unit(lang), **words),
                    *marked(used[chosen.name].values(), lang),
                ]
            ),
            "alt": tell("quadrants.alt", lang, members=members, **words),
            "source": sources(used, lang),
        },
        table,
        scatter(dots, point, corners, titles, lang),
    )
    said = [
        tell(
            "quadrants.list",
            lang,
            number=roman(which),
            name=titles[which],
            count=str(len(codes)),
            names=", ".join(short_name(code, lang) for code in codes) or numbers.EN_DASH,
        )
        for which, codes in groups.items()
    ]
    if absent:
        said.append(tell("quadrants.absent", lang, names=listed(absent, lang), **words))
    said.append(tell("quadrants.caution", lang))
    return Analysis("quadrants", lang, place, tuple(said), (chart,))


def _whole(place: Place) -> Place:
    """Return what the regions shown are parts of."""
    return Place(place.parent, "province") if place.level == "district" else place


def moves_of(
    figures: Figures, measure: Measure, codes: tuple[int, ...], since: int | None, until: int | None
) -> dict[int, Change]:
    """Return the change of every region over the same years.

    Parameters
    ----------
    figures : Figures
        Where the series are.
    measure : Measure
        What changes.
    codes : tuple of int
        The regions.
    since, until : int, optional
        First and last year; when left out, the last year that at least half of the regions with
        any figure have, and the first such year in the five years before it.

    Returns
    -------
    dict of int to Change
        Without regions that lack either year, or whose figures are about something else since.
    """
    points = {code: inside_of(values(figures.of(measure, code)), since, until) for code in codes}
    points = {code: found for code, found in points.items() if found}
    years = sorted({year for found in points.values() for year in found})
    often = [y for y in years if 2 * sum(y in found for found in points.values()) >= len(points)]
    if len(often) < _NEED:
        return {}
    recent = [year for year in often if year >= often[-1] - _SPAN]
    ends = (often if since else recent)[0], often[-1]
    kept = {code: {y: found[y] for y in ends if y in found} for code, found in points.items()}
    changes = {code: change(found) for code, found in kept.items()}
    return {
        code: found
        for code, found in changes.items()
        if found is not None and not moved(measure, code, *ends)
    }


def _moves(
    figures: Figures, measure: Measure, place: Place, since: int | None, until: int | None
) -> tuple[dict[int, Change], list[int]]:
    """Return the changes of the regions shown, and the regions without."""
    codes = _whole(place).parts(until or max(_years(figures, measure, place), default=0))
    moves = moves_of(figures, measure, codes, since, until)
    return moves, [code for code in codes if code not in moves]


def _years(figures: Figures, measure: Measure, place: Place) -> list[int]:
    return list(figures.of(measure, _whole(place).code))


def _reference(
    figures: Figures,
    measure: Measure,
    place: Place,
    moves: dict[int, Change],
    reference: Reference | float,
) -> tuple[float, float]:
    """Return level and yearly change of the reference."""
    if isinstance(reference, int | float) and not isinstance(reference, bool):
        return float(reference), 0.0
    if reference == "mean":
        count = len(moves)
        return (
            math.fsum(move.last for move in moves.values()) / count,
            math.fsum(move.per_year for move in moves.values()) / count,
        )
    codes = {"province": _whole(place).code, "nation": 0}
    if reference not in codes or (reference == "province" and place.level == "nation"):
        raise InputError(
            "KS7007",
            "analyses.unknown_reference",
            field="reference",
            got=reference,
            expected="mean, province, nation, 10.5",
        )
    if measure.counts:
        raise InputError("KS7008", "analyses.sum_as_reference", field="reference", got=reference)
    span = next(iter(moves.values()))
    found = values(figures.of(measure, codes[reference]))
    move = change({year: found[year] for year in (span.since, span.until) if year in found})
    if move is None:
        raise missing(measure, Place(codes[reference], reference), found, _NEED)
    return move.last, move.per_year


def _reference_words(reference: Reference | float, place: Place, lang: str) -> str:
    """Name the reference."""
    if reference == "province":
        return _whole(place).name(lang)
    if reference == "nation":
        return Place(0, "nation").name(lang)
    return tell("quadrants.mean" if reference == "mean" else "quadrants.number", lang)


def grouped(
    moves: dict[int, Change], point: tuple[float, float], measure: Measure
) -> dict[int, list[int]]:
    """Return the regions of every quadrant, the most urgent first.

    Parameters
    ----------
    moves : dict of int to Change
        Change of every region.
    point : (float, float)
        Level and yearly change of the reference.
    measure : Measure
        Says which way is better; neutral ones are sorted as if lower were.

    Returns
    -------
    dict of int to list of int
        Region codes by quadrant, 1 to 4.
    """
    higher = measure.better == "higher"
    sign = 1.0 if higher else -1.0
    groups: dict[int, list[int]] = {1: [], 2: [], 3: [], 4: []}
    for code in sorted(moves, key=lambda code: (sign * moves[code].last, code)):
        move = moves[code]
        groups[quadrant(move.last, move.per_year, point, higher_is_better=higher)].append(code)
    return groups


def _table(
    title: str,
    measure: Measure,
    groups: dict[int, list[int]],
    moves: dict[int, Change],
    titles: dict[int, str],
    lang: str,
    place: Place,
) -> TextTable:
    """List regions by quadrant with the number that the chart uses."""
    columns = [
        column("number", lang),
        column("quadrant", lang, numeric=False),
        column("code", lang, numeric=False),
        column("region", lang, numeric=False),
        column("level", lang, unit=measure.unit(lang)),
        column("per_year", lang, unit=difference_unit(measure.definition, lang)),
    ]
    fields = ("number", "quadrant", "code", "region", "level", "per_year")
    builder = TableBuilder(f"quadrants_{measure.name}_{place.code:02d}", title, columns, fields)
    number = 0
    for which, codes in groups.items():
        for code in codes:
            number += 1
            move, name = moves[code], short_name(code, lang)
            builder.add(
                (
                    str(number),
                    f"{roman(which)} {titles[which]}",
                    f"{code:02d}",
                    name,
                    measure.cell(move.last, lang),
                    measure.signed(move.per_year, lang),
                ),
                (number, which, f"{code:02d}", name, move.last, move.per_year),
            )
    return builder.table()
