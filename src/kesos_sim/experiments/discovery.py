"""In which worlds a package falls short: boxes of parameters and rules that tell them apart.

Scenario discovery with the patient rule induction method (PRIM; Friedman and Fisher 1999, Bryant
and Lempert 2010): of the worlds of an ensemble slices are peeled off until those that are left are
mostly worlds in which the package does not reach what it is asked for. How far a border is more
than luck says a binomial test of each.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.ensemble import Ensemble
from kesos_sim.indicators.definitions import indicator

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.reports.charts.chart import Chart

__all__ = ["Box", "Discovery", "Limit", "check_asked", "discover"]

_DENSITY: Final = 0.8
"""Share of worlds in a box that fall short, from which it is good enough."""
_LEAST_MASS: Final = 0.05
_LUCK: Final = 0.05
"""Chance that a border is nothing but luck, above which it is dropped."""
_LEAST_WORLDS: Final = 20
_HALF: Final = 0.5


@dataclass(frozen=True)
class Limit:
    """One side of a box.

    Attributes
    ----------
    name : a parameter, or a rule of the design
    low, high : ends of the parameter, in its unit; None where the box does not end
    options : options of the rule that lie in the box; empty for a parameter
    luck : chance that it is nothing but luck (binomial test)
    """

    name: str
    low: float | None
    high: float | None
    options: tuple[str, ...]
    luck: float


@dataclass(frozen=True)
class Box:
    """Worlds that have something in common.

    Attributes
    ----------
    limits : what they have in common
    coverage : share of all worlds that fall short which lie in the box
    density : share of the worlds in the box that fall short
    mass : share of all worlds that lie in the box
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True)
class Discovery:
    """Where a package falls short.

    Attributes
    ----------
    ensemble : the worlds
    scenario : name of the package
    indicator : what is asked of it
    asked : what its difference has to reach, towards the better side, in the indicator's unit
    short : bool[n_worlds], flag, worlds in which it does not
    reached : float64[n_worlds], difference in each world, in the indicator's unit
    box : where they lie; None if nothing tells them apart
    """

    ensemble: Ensemble
    scenario: str
    indicator: str
    asked: float
    short: NDArray[np.bool_]
    reached: NDArray[np.float64]
    box: Box | None

    def frame(self) -> pd.DataFrame:
        """Return the worlds as a tidy frame.

        Returns
        -------
        pandas.DataFrame
            One row for each world: its parameters and rules, the difference reached, and whether
            it falls short and lies in the box.
        """
        worlds = _worlds(self.ensemble)
        limits = self.box.limits if self.box else ()
        columns = {
            "reached": self.reached,
            "short": self.short,
            "inside": _inside(worlds, limits) & (self.box is not None),
        }
        return worlds.assign(**columns)

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return where the package falls short, in sentences."""
        from kesos_sim.reports.discovery import sentences

        found: tuple[str, ...] = sentences(self, lang)
        return found

    def chart(self, lang: str = "id") -> Chart:
        """Draw what the package reaches in each world."""
        from kesos_sim.reports.charts.worlds import worlds_chart

        return worlds_chart(self, lang)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write worlds, chart and the comparison to a folder, all or nothing."""
        from kesos_sim.reports.discovery import export_discovery

        return export_discovery(self, path, lang)


def check_asked(name: str, worlds: int) -> None:
    """Refuse what no number of finished runs could answer.

    Parameters
    ----------
    name : the indicator that a package is asked to move
    worlds : worlds in which it is lived

    Raises
    ------
    InputError
        If there is no such indicator, it has no better side, or there are too few worlds.

    Examples
    --------
    >>> check_asked("poverty_rate", 64)
    >>> from kesos_sim.errors import InputError
    >>> try:
    ...     check_asked("poverty_rate", 1)
    ... except InputError as refused:
    ...     print(refused.code)
    KS3029
    """
    if indicator(name).direction not in {"lower", "higher"}:
        raise InputError("KS3028", "experiments.no_better_side", field="--indicator", got=name)
    if worlds < _LEAST_WORLDS:
        raise InputError(
            "KS3029",
            "experiments.few_worlds",
            field="--replicates",
            got=worlds,
            expected=_LEAST_WORLDS,
        )


def discover(
    ensemble: Ensemble, scenario: str, name: str = "poverty_rate", asked: float | None = None
) -> Discovery:
    """Find what the worlds have in common in which a package falls short.

    Parameters
    ----------
    ensemble : worlds with a baseline and the package
    scenario : name of the package
    name : the indicator that it is asked to move
    asked : by how much its last year has to be better than the baseline's, in the indicator's
        unit; half of the mean difference when left out

    Returns
    -------
    Discovery

    Raises
    ------
    InputError
        If there are too few worlds, or the indicator has no better side.

    Examples
    --------
    >>> from kesos_sim import ensemble as live
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.design import Design
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.store import Store
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> design = Design(("household.propensity_to_consume",))
    >>> many = live([bare, today], 20, design, Serial(), Store.default())
    >>> found = discover(many, "baseline", "poverty_rate", 0.4)
    >>> print(found.sentences("en")[0])
    Asked: whether “No change” lowers poverty rate (P0) by at least 0.40 percentage points.
    """
    check_asked(name, len(ensemble.pairs))
    better = -1.0 if indicator(name).direction == "lower" else 1.0
    reached = np.array([pair.change(scenario, name) for pair in ensemble.pairs])
    wanted = abs(_HALF * float(reached.mean())) if asked is None else asked
    short = better * reached < wanted
    box = None if short.all() or not short.any() else _box(_worlds(ensemble), short)
    return Discovery(ensemble, scenario, name, wanted, short, reached, box)


def _worlds(ensemble: Ensemble) -> pd.DataFrame:
    """Return what differs between worlds, a column for each parameter and rule."""
    import pandas as pd

    pairs = ensemble.pairs
    table = parameter_table()
    drawn = [
        name
        for name in pairs[0].parameters
        if name in table
        and len({pair.parameters[name] for pair in pairs if name in pair.parameters}) > 1
    ]
    columns: dict[str, Any] = {
        name: [pair.parameters.get(name, table[name].value) for pair in pairs] for name in drawn
    }
    for rule in pairs[0].options:
        columns[rule] = pd.Categorical([pair.options[rule] for pair in pairs])
    return pd.DataFrame(columns, index=range(len(pairs)))


def _box(worlds: pd.DataFrame, short: NDArray[np.bool_]) -> Box | None:
    """Return the box with the most of the worlds that fall short among those dense enough."""
    with warnings.catch_warnings():
        # It says which of its further parts are not installed.
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim

        algorithm = prim.Prim(
            worlds, short.astype(np.int64), threshold=_DENSITY, mass_min=_LEAST_MASS
        )
        found = algorithm.find_box()
    path = found.peeling_trajectory
    dense = path[path.density >= _DENSITY]
    # Where no box is dense enough, the densest says most.
    best = int((dense.coverage if len(dense) else path.density).idxmax())
    limits = _limits(worlds, found.box_lims[best], found.qp[best])
    if not limits:
        return None
    # Borders that may be luck have been dropped: what is left is counted anew.
    inside = _inside(worlds, limits)
    return Box(
        limits,
        coverage=float(inside[short].mean()),
        density=float(short[inside].mean()),
        mass=float(inside.mean()),
    )


def _inside(worlds: pd.DataFrame, limits: Sequence[Limit]) -> NDArray[np.bool_]:
    """Return which worlds lie within limits: bool[n_worlds]."""
    inside = np.ones(len(worlds), np.bool_)
    for limit in limits:
        column = worlds[limit.name].to_numpy()
        if limit.options:
            inside &= np.isin(column.astype(str), limit.options)
        if limit.low is not None:
            inside &= column >= limit.low
        if limit.high is not None:
            inside &= column <= limit.high
    return inside


def _limits(worlds: pd.DataFrame, box: pd.DataFrame, luck: Mapping[str, Any]) -> tuple[Limit, ...]:
    """Return the sides of a box that are more than luck, the surest first."""
    found = []
    for name in worlds.columns:
        chances = [chance for chance in luck.get(name, ()) if chance >= 0.0]
        if not chances or min(chances) > _LUCK:
            continue
        column = worlds[name]
        if column.dtype.kind == "O" or str(column.dtype) == "category":
            inside = box[name].iloc[0]
            options = tuple(str(one) for one in column.cat.categories if one in inside)
            found.append(Limit(name, None, None, options, min(chances)))
            continue
        low, high = (float(end) for end in box[name])
        low_luck, high_luck = luck[name]
        found.append(
            Limit(
                name,
                low if 0.0 <= low_luck <= _LUCK else None,
                high if 0.0 <= high_luck <= _LUCK else None,
                (),
                min(chances),
            )
        )
    return tuple(sorted(found, key=lambda limit: limit.luck))
