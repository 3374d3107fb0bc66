"""What it brings that scenarios are compared in the same world: spread of differences, worlds.

A difference between two scenarios of one world leaves out what all scenarios of that world share.
Had each scenario been lived in worlds of its own, the variances of both would add up. Both are
measured from the same ensemble.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from kesos_sim import i18n
from kesos_sim.experiments.ensemble import needed
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.context import in_language
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import say_difference, unit_words
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.experiments.ensemble import Ensemble
    from kesos_sim.experiments.run import Run

__all__ = ["Pairing", "pairing", "pairing_table"]

_SHOWN: Final = (
    "poverty_rate",
    "poverty_gap",
    "gini",
    "exclusion_error",
    "cases_served",
    "unmet_need_rate",
    "budget_released",
)
_HALF_OUTSIDE: Final = 0.975
_LEAST: Final = 3
"""Of two worlds the interval is so wide that nothing else could be seen."""
_FIELDS: Final = ("indicator", "mean", "paired", "unpaired", "ratio", "needed", "needed_unpaired")


@dataclass(frozen=True)
class Pairing:
    """One indicator in the last month of two scenarios in many worlds.

    Attributes
    ----------
    name : str
        The indicator.
    usual, other : float64[n_worlds], in the unit of the indicator, without and with the change
    """

    name: str
    usual: NDArray[np.float64]
    other: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean difference, in the unit of the indicator."""
        return float((self.other - self.usual).mean())

    @property
    def paired(self) -> float:
        """Standard deviation of differences in the same world."""
        return _spread(self.other - self.usual)

    @property
    def unpaired(self) -> float:
        """Standard deviation of differences between worlds that have nothing in common."""
        return math.hypot(_spread(self.usual), _spread(self.other))

    @property
    def ratio(self) -> float:
        """How many times smaller the variance is in pairs; NaN where nothing varies."""
        return (self.unpaired / self.paired) ** 2 if self.paired > 0.0 else math.nan

    def worlds(self, *, paired: bool) -> float:
        """Return after how many worlds the sign of the difference can be told.

        Parameters
        ----------
        paired : bool
            Whether both scenarios are lived in the same worlds.

        Returns
        -------
        float
            Worlds of each scenario; NaN where nothing differs.
        """
        count = self.usual.size
        error = (self.paired if paired else self.unpaired) / math.sqrt(count)
        one = needed(np.array([self.mean]), np.array([error]), np.array([count]))
        return float(one[0])

    def intervals(self) -> Iterator[tuple[int, float, float, float]]:
        """Yield how sure the mean is after the first worlds.

        Yields
        ------
        (int, float, float, float)
            Worlds, mean difference, and half the width of its 95% interval, paired and unpaired.
        """
        for count in range(_LEAST, self.usual.size + 1):
            first = Pairing(self.name, self.usual[:count], self.other[:count])
            reach = float(stdtrit(count - 1.0, _HALF_OUTSIDE)) / math.sqrt(count)
            yield count, first.mean, reach * first.paired, reach * first.unpaired


def _spread(values: NDArray[np.float64]) -> float:
    """Return the standard deviation over worlds."""
    return float(values.std(ddof=1)) if values.size > 1 else math.nan


def pairing(ensemble: Ensemble, name: str, scenario: str | None = None) -> Pairing:
    """Return an indicator of the whole region in the last month, with and without a change.

    Parameters
    ----------
    ensemble : Ensemble
        Two scenarios or more.
    name : str
        The indicator.
    scenario : str, optional
        Name of the alternative; the first when left out.

    Returns
    -------
    Pairing
        Of the worlds that know the indicator in both scenarios.
    """
    usual = ensemble.draws(ensemble.runs[0].scenario.name, name)[:, -1, 0]
    other = ensemble.draws(scenario or ensemble.runs[1].scenario.name, name)[:, -1, 0]
    both = np.isfinite(usual) & np.isfinite(other)
    return Pairing(name, usual[both], other[both])


def pairing_table(ensemble: Ensemble, lang: str) -> TextTable:
    """List how far differences lie apart, paired and unpaired, and how many worlds it takes.

    Parameters
    ----------
    ensemble : Ensemble
        Two scenarios or more; the first alternative is told.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        The main indicators.

    Examples
    --------
    >>> from kesos_sim import ensemble, load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> many = ensemble([today, bare], 2, executor=Serial())
    >>> [row[0] for row in pairing_table(many, "en").rows][:3]
    ['Poverty rate (P0)', 'Poverty gap (P1)', 'Gini ratio']
    """
    names = (
        ("column_indicator", False),
        ("pairing_unit", False),
        ("column_difference", True),
        ("pairing_spread_paired", True),
        ("pairing_spread_unpaired", True),
        ("pairing_ratio", True),
        ("pairing_needed_paired", True),
        ("pairing_needed_unpaired", True),
    )
    columns = [Column(i18n.text(f"ensemble.{name}", lang), numeric) for name, numeric in names]
    title = i18n.text("ensemble.pairing_table", lang, **around(ensemble, lang))
    builder = TableBuilder("pairing", title, columns, _FIELDS)
    for name in _SHOWN:
        if any(name not in run.figures for run in ensemble.runs[:2]):
            continue
        found, definition = pairing(ensemble, name), indicator(name)
        worlds = found.worlds(paired=True), found.worlds(paired=False)
        builder.add(
            (
                definition.label(lang),
                unit(definition, lang),
                say_difference(found.mean, definition, lang),
                spread(found.paired, definition, lang),
                spread(found.unpaired, definition, lang),
                count(found.ratio, lang),
                *(count(one, lang) for one in worlds),
            ),
            (
                name,
                *(
                    known(one)
                    for one in (found.mean, found.paired, found.unpaired, found.ratio, *worlds)
                ),
            ),
        )
    return builder.table()


def around(ensemble: Ensemble, lang: str) -> dict[str, str]:
    """Return what an ensemble's first alternative is, where and when.

    Parameters
    ----------
    ensemble : Ensemble
        Two scenarios or more.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to str
        ``scenario``, ``month``, ``region``, ``count`` in words.
    """
    run: Run = ensemble.runs[1]
    context = run.context()
    return {
        "scenario": in_language(run.scenario.title, lang),
        "month": numbers.month_name(Month.parse(run.months[-1]), lang),
        "region": context.place(context.region, lang),
        "count": numbers.number(len(ensemble.pairs), lang),
    }


def unit(definition: Indicator, lang: str) -> str:
    """Write the unit of a difference."""
    points = definition.unit == "percent"
    return i18n.text("ensemble.pairing_points", lang) if points else unit_words(definition, lang)


def spread(value: float, definition: Indicator, lang: str) -> str:
    """Write a standard deviation, with one digit more than a level."""
    if math.isnan(value):
        return numbers.EN_DASH
    if definition.unit in {"percent", "index"}:
        return numbers.number(value, lang, definition.decimals + 1)
    return say_difference(value, definition, lang).removeprefix("+")


def count(value: float, lang: str) -> str:
    """Write a number of worlds or a ratio; a dash where nothing differs."""
    return numbers.EN_DASH if math.isnan(value) else numbers.short(value, lang, 2)
