"""Hotspots: which districts come first by number, rate, depth and change of poverty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.bars import pointed
from kesos_sim.reports.analyses.calculations import Change, Priority, priorities
from kesos_sim.reports.analyses.figures import (
    PUBLISHED,
    Figure,
    Figures,
    Place,
    missing,
    place_of,
    short_name,
    sources,
)
from kesos_sim.reports.analyses.measures import MEASURES
from kesos_sim.reports.analyses.own import named
from kesos_sim.reports.analyses.parts import Drawing, column, finished, listed, tell
from kesos_sim.reports.analyses.people import poor_people
from kesos_sim.reports.analyses.quadrants import grouped, moves_of
from kesos_sim.reports.analyses.scatter import roman
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.tables import TableBuilder, TextTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["WEIGHTS", "hotspots"]

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {"count": 1.0, "rate": 1.0, "depth": 1.0, "change": 1.0}
)
"""Weights of the criteria unless others are given: all equal."""
_RATE, _DEPTH, _COUNT = (MEASURES[n] for n in ("poverty_rate", "poverty_gap", "poor_people"))
_SHOWN: Final = 15
_LEAST: Final = 3
_FIRST: Final = 3
"""A list of priorities has a third of the regions."""
_ALWAYS: Final = 100.0
_NAME_ROOM: Final = 138.0
_ROW: Final = {False: 18.0, True: 11.0}


@dataclass(frozen=True)
class _Found:
    """The regions, their figures and their priorities, the most urgent first."""

    codes: tuple[int, ...]
    year: int
    count: Mapping[int, Figure]
    rate: Mapping[int, Figure]
    depth: Mapping[int, Figure]
    moves: Mapping[int, Change]
    quadrant: Mapping[int, int]
    priority: Mapping[int, Priority]
    first: int


def hotspots(
    region: str | int,
    lang: str = "id",
    *,
    weights: Mapping[str, float] = WEIGHTS,
    since: int | None = None,
    until: int | None = None,
    figures: Figures = PUBLISHED,
) -> Analysis:
    """Put the districts of a province, or the provinces of Indonesia, in order of urgency.

    Parameters
    ----------
    region : str or int
        Code or name of a province or of Indonesia; a district stands for its province.
    lang : str
        ``id`` or ``en``.
    weights : mapping of str to float
        Weight of ``count`` (poor people), ``rate`` (P0), ``depth`` (P1) and ``change`` (yearly
        change of P0); those left out count nothing.
    since, until : int, optional
        Years of the change, the second being the year of all figures; the last five years when
        left out.
    figures : Figures
        The published ones unless a user's own are added.

    Returns
    -------
    Analysis
        Ranks with their range over every choice of weights, and the criteria behind them.

    Raises
    ------
    InputError
        If there is no such region, a weight is wrong, or too few regions have figures.

    Examples
    --------
    >>> found = hotspots("33", "en", weights={"rate": 1.0}, until=2019)
    >>> print(found.charts[0].title)
    First priorities in Central Java with these weights: Kebumen, Wonosobo, Brebes
    """
    place = place_of(region, ("nation", "province", "district"))
    chosen = _weights(weights)
    found, absent = _found(figures, place, chosen, since, until)
    whole = _whole(place)
    top = found.codes[: found.first]
    words = {
        "region": whole.name(lang),
        "period": _RATE.period(found.year, lang),
        "names": listed(list(top[:_FIRST]), lang),
        "count": str(found.first),
        "all": str(len(found.codes)),
        "weights": "; ".join(
            f"{tell(f'hotspots.{name}', lang)} {numbers.percent(share, lang, 0)}"
            for name, share in zip(WEIGHTS, _shares(chosen), strict=True)
        ),
    }
    title = tell("hotspots.title", lang, **words)
    shown = found.codes[:_SHOWN]
    lines = "; ".join(
        f"{found.priority[code].place} {short_name(code, lang)} "
        f"({found.priority[code].best}{numbers.EN_DASH}{found.priority[code].worst})"
        for code in shown
    )
    used = {
        "criteria": {
            found.year: [*found.count.values(), *found.rate.values(), *found.depth.values()]
        }
    }
    chart = finished(
        f"hotspots_{whole.code:02d}",
        lang,
        {
            "title": title,
            "note": " ".join(
                [
                    tell("hotspots.note", lang, shown=str(len(shown)), **words),
                    *named(_owned(found), lang),
                ]
            ),
            "alt": tell("hotspots.alt", lang, lines=lines, **words),
            "source": sources(used, lang),
        },
        _table(title, found, whole, lang),
        _drawing(found, shown, place, lang),
    )
    firm = [code for code in top if found.priority[code].firm >= _ALWAYS]
    said = [tell("hotspots.weights", lang, **words)]
    said.append(
        tell(
            "hotspots.firm", lang, **words | {"names": listed(firm, lang), "number": str(len(firm))}
        )
        if firm
        else tell("hotspots.none_firm", lang, **words)
    )
    estimated = [c for c in found.codes if found.count[c].quality == "estimate"]
    if estimated:
        said.append(tell("hotspots.estimated", lang, number=str(len(estimated)), **words))
    if absent:
        said.append(tell("hotspots.absent", lang, names=listed(absent, lang)))
    said += [tell("hotspots.no_sepakat", lang), tell("hotspots.caution", lang)]
    return Analysis("hotspots", lang, place, tuple(said), (chart,))


def _owned(found: _Found) -> list[int]:
    """Return the regions whose criteria are a planner's own."""
    criteria = (found.count, found.rate, found.depth)
    return [code for code in found.codes if any(one[code].own for one in criteria)]


def _whole(place: Place) -> Place:
    return Place(place.parent, "province") if place.level == "district" else place


def _weights(weights: Mapping[str, float]) -> tuple[float, ...]:
    """Check the weights; return one for each criterion."""
    for name, weight in weights.items():
        if name not in WEIGHTS:
            raise InputError(
                "KS7009",
                "analyses.unknown_criterion",
                field="weights",
                got=name,
                expected=", ".join(WEIGHTS),
                suggestion=nearest(name, WEIGHTS),
            )
        if not 0.0 <= weight < float("inf"):
            raise InputError("KS7010", "analyses.wrong_weight", field=f"weights.{name}", got=weight)
    found = tuple(float(weights.get(name, 0.0)) for name in WEIGHTS)
    if not sum(found) > 0.0:
        raise InputError("KS7010", "analyses.wrong_weight", field="weights", got=dict(weights))
    return found


def _shares(weights: Sequence[float]) -> list[float]:
    return [100.0 * weight / sum(weights) for weight in weights]


def _found(
    figures: Figures,
    place: Place,
    weights: tuple[float, ...],
    since: int | None,
    until: int | None,
) -> tuple[_Found, list[int]]:
    """Gather the criteria and rank the regions that have all of them."""
    whole = _whole(place)
    codes = whole.parts(until or max(figures.of(_RATE, whole.code), default=0))
    moves = moves_of(figures, _RATE, codes, since, until)
    year = max((move.until for move in moves.values()), default=0)
    rate = figures.values(_RATE, codes, year)
    depth = figures.values(_DEPTH, codes, year)
    if whole.level == "nation":
        count = figures.values(_COUNT, codes, year)
    else:
        count = poor_people(figures, codes, year)
    kept = tuple(c for c in codes if c in moves and c in rate and c in depth and c in count)
    if len(kept) < _LEAST:
        raise missing(_RATE, whole, sorted({year} - {0}), _LEAST)
    criteria = np.array(
        [(count[c].value, rate[c].value, depth[c].value, moves[c].per_year) for c in kept]
    )
    first = max(1, round(len(kept) / _FIRST))
    priority = dict(zip(kept, priorities(criteria, weights, first), strict=True))
    inside = {code: moves[code] for code in kept}
    mean = float(criteria[:, 1].mean()), float(criteria[:, 3].mean())
    groups = grouped(inside, mean, _RATE)
    quadrant = {code: which for which, members in groups.items() for code in members}
    order = tuple(sorted(kept, key=lambda code: (priority[code].place, code)))
    found = _Found(order, year, count, rate, depth, inside, quadrant, priority, first)
    return found, [code for code in codes if code not in kept]


def _drawing(found: _Found, shown: Sequence[int], place: Place, lang: str) -> Drawing:
    """Draw the rank of each region with its range over all choices of weights."""
    names = [pointed(short_name(code, lang), own=code == place.code) for code in shown]
    values = [_range(found.priority[code]) for code in shown]
    own = shown.index(place.code) if place.code in shown else -1
    key = (
        KeyEntry(tell("hotspots.key_place", lang), "D", style.PACKAGES[0]),
        KeyEntry(tell("hotspots.key_range", lang), "", style.BASELINE, line="-"),
    )

    def placed(sheet: Sheet) -> labels.Rows:
        return labels.Rows.of(names, _ROW[sheet.narrow], _NAME_ROOM, sheet)

    def layout(sheet: Sheet) -> Layout:
        rows = placed(sheet)
        return Layout(
            height=len(shown) * rows.height,
            left=rows.room,
            right=labels.room_beside(values),
            key=key,
        )

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        rows = placed(sheet)
        parts.plain(panel, "x")
        last = len(found.codes)
        panel.set_xlim(1 - 0.04 * last, last + 0.04 * last)
        rows.write(panel, strong=own)
        panel.axvline(
            found.first + 0.5, color=style.INK, linestyle=(0, (5, 2)), linewidth=1.0, zorder=2
        )
        for row, code in enumerate(shown):
            one, y = found.priority[code], row + rows.shift
            panel.plot([one.best, one.worst], [y, y], color=style.BASELINE, linewidth=2.0, zorder=3)
            panel.plot(one.place, y, marker="D", markersize=6, color=style.PACKAGES[0], zorder=4)
            labels.beside(panel, y, values[row])
        step = 5 if last > _SHOWN else 1
        ticks = [1, *range(step, last + 1, step)] if step > 1 else list(range(1, last + 1))
        panel.set_xticks(ticks, [numbers.number(tick, lang) for tick in ticks])

    return layout, draw


def _range(one: Priority) -> str:
    """Write a place with the best and the worst that other weights give."""
    if one.best == one.worst:
        return str(one.place)
    return f"{one.place} ({one.best}{numbers.EN_DASH}{one.worst})"


def _table(title: str, found: _Found, whole: Place, lang: str) -> TextTable:
    """List all regions with their criteria."""
    columns = [
        column("rank", lang),
        column("code", lang, numeric=False),
        column("region", lang, numeric=False),
        column("score", lang, unit="index 0-1"),
        column("rank_range", lang),
        column("firm", lang),
        column("poor", lang, unit="persons"),
        column("poor_quality", lang, numeric=False),
        column("rate", lang, unit="percent"),
        column("depth", lang, unit="percent"),
        column("per_year", lang, unit="percentage points"),
        column("quadrant", lang),
    ]
    fields = (
        "rank", "code", "region", "score", "best", "worst", "firm", "poor", "poor_quality",
        "rate", "depth", "per_year", "quadrant",
    )  # fmt: skip
    builder = TableBuilder(f"hotspots_{whole.code:02d}", title, columns, fields)
    for code in found.codes:
        one, name = found.priority[code], short_name(code, lang)
        count, move = found.count[code], found.moves[code]
        rate, depth = found.rate[code].value, found.depth[code].value
        words = (
            str(one.place),
            f"{code:02d}",
            name,
            numbers.number(one.score, lang, 2),
            f"{one.best}{numbers.EN_DASH}{one.worst}",
            numbers.percent(one.firm, lang, 0),
            _COUNT.cell(count.value, lang),
            word("quality", count.quality, lang),
            _RATE.cell(rate, lang),
            _DEPTH.cell(depth, lang),
            _RATE.signed(move.per_year, lang),
            roman(found.quadrant[code]),
        )
        ranks = one.place, f"{code:02d}", name, one.score, one.best, one.worst, one.firm
        figures = count.value, count.quality, rate, depth, move.per_year, found.quadrant[code]
        builder.add(words, (*ranks, *figures))
    return builder.table()
