"""A planner's own figures in the analyses: in the place of published ones, and marked as own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from kesos_sim.population.targets_own import OWN
from kesos_sim.reports.analyses.figures import PUBLISHED, Figure, Figures
from kesos_sim.reports.analyses.measures import MEASURES
from kesos_sim.reports.analyses.parts import listed, tell
from kesos_sim.reports.context import clean

if TYPE_CHECKING:
    from kesos_sim.data.own.figures import OwnData, OwnFigure

__all__ = ["figures_of", "marked", "named", "published_of"]

_MEASURE_OF: Final = {
    "p0": "poverty_rate",
    "p1": "poverty_gap",
    "p2": "poverty_severity",
    "line": "poverty_line",
    "gini": "gini",
    "mean": "mean_expenditure",
    "persons": "population",
    "household_size": "household_size",
}
"""Measure of the analyses by measure of own data."""
_WHOLE: Final = "total"
_PERCENT: Final = 100.0
_RATE, _POOR, _PEOPLE = "poverty_rate", "poor_people", "population"

_Key = tuple[str, int, int]


def figures_of(own: OwnData | None) -> Figures:
    """Put a planner's own figures in the place of published ones.

    The number of poor people follows where its rate or the number of people is own: it is their
    product, with published figures for what is not own.

    Parameters
    ----------
    own : OwnData or None
        Figures of a planner.

    Returns
    -------
    Figures
        The published ones where there are no own.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.reports.analyses import position
    >>> figures = figures_of(load_scenario("scenarios/blora.yaml").own_data)  # it has none
    >>> own, usual = (position("3316", year=2024, **use) for use in ({"figures": figures}, {}))
    >>> own.charts[0].title == usual.charts[0].title
    True
    """
    if own is None:
        return PUBLISHED
    found = {
        (_MEASURE_OF[figure.measure], figure.region, figure.year): _figure(own, figure)
        for figure in own.figures
        if figure.measure in _MEASURE_OF and figure.part == _WHOLE
    }
    return Figures({**found, **dict(_poor(found))})


def published_of(figure: OwnFigure) -> float | None:
    """Return the published figure of an own figure's region and year.

    Parameters
    ----------
    figure : OwnFigure
        A figure that analyses read.

    Returns
    -------
    float or None
        In the same unit; None where nothing is published.

    Examples
    --------
    >>> from kesos_sim.data.own import OwnFigure
    >>> published_of(OwnFigure(53, "p0", "total", 21.0, 2019))
    21.09
    """
    found = PUBLISHED.of(MEASURES[_MEASURE_OF[figure.measure]], figure.region).get(figure.year)
    return None if found is None else found.value


def _figure(own: OwnData, figure: OwnFigure) -> Figure:
    return Figure(figure.value, OWN, "", clean(own.source_of(figure)))


def _poor(own: dict[_Key, Figure]) -> Iterator[tuple[_Key, Figure]]:
    """Yield the numbers of poor people that follow from own rates and own numbers of people."""
    for region, year in sorted({key[1:] for key in own if key[0] in (_RATE, _PEOPLE)}):
        rate, poor = (PUBLISHED.of(MEASURES[name], region).get(year) for name in (_RATE, _POOR))
        implied = poor.value / rate.value if poor is not None and rate is not None else math.nan
        mine, people = own.get((_RATE, region, year)), own.get((_PEOPLE, region, year))
        share = mine or rate
        if share is None:
            continue
        whole = _PERCENT * implied if people is None else people.value
        count = whole * share.value / _PERCENT
        source = next(figure.origin for figure in (mine, people) if figure is not None)
        if math.isfinite(count):
            yield (_POOR, region, year), Figure(count, OWN, "", source)


def marked(figures: Iterable[Iterable[Figure]], lang: str) -> list[str]:
    """Say what the open diamonds of a chart stand for; nothing where no figure is own.

    Parameters
    ----------
    figures : iterable of iterable of Figure
        What the chart shows, in any grouping.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        One sentence or none.
    """
    found = any(figure.own for group in figures for figure in group)
    return [tell("own.marked", lang)] if found else []


def named(codes: Iterable[int], lang: str) -> list[str]:
    """Name the regions of a chart whose figures are own; nothing where there are none.

    Parameters
    ----------
    codes : iterable of int
        The regions.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        One sentence or none.
    """
    found = list(codes)
    return [tell("own.named", lang, names=listed(found, lang))] if found else []
