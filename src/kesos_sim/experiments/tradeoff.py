"""The same money as coordination, as cash, and as both, whatever coordination is able to do.

Coordination costs little, so it is set beside cash of the same cost: a rise of PKH amounts that
begins in the same month. Both together cost twice as much and stand beside twice the cash. All of
it is repeated without any effect of coordination, with the effects that the model assumes, and
with the strongest that their ranges allow, because nobody has measured them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.outcomes import Outcome, all_outcomes
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.coordination import STRENGTHS, rests_on_coordination, with_strengths
from kesos_sim.scenario.parts import LeverSetting

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.scenario.scenario import Scenario

__all__ = ["EFFECTS", "INDICATORS", "PACKAGES", "Tradeoff", "tradeoff"]

EFFECTS: Final = ("zero", "middle", "top")
"""What coordination can do: nothing, what the model assumes, the most that ranges allow."""
PACKAGES: Final = ("coordination", "cash", "both", "cash_twice")
"""What the money buys; the first two cost the same, and so do the last two."""
INDICATORS: Final = (
    "poverty_rate",
    "poverty_gap",
    "cases_served",
    "unmet_need_rate",
    "duplicate_service_rate",
    "days_to_service",
    "service_interruptions",
)
_BARE: Final = "baseline"
_CASH: Final = "pkh_amount"
_TRIED: Final = "trial"
_TRIAL: Final = 1.1
"""A factor of PKH amounts by which the price of cash is found."""
_AT_ONCE: Final = 3
"""Lives of a world before the price of cash is known, and after."""
_YEAR: Final = 12
_BAND: Final = (10.0, 90.0)


@dataclass(frozen=True)
class Tradeoff:
    """What each package changes.

    Attributes
    ----------
    rows : tuple of dict
        Effect, package, rupiah per year, indicator, value, baseline, difference, low and high of
        the difference over seeds, unit; means of the last twelve months of the whole region.
    seeds : int
        Repetitions behind each row.
    comparison : Comparison
        The scenario as written against no package.
    seconds : float
        Time taken.
    """

    rows: tuple[Mapping[str, object], ...]
    seeds: int
    comparison: Comparison
    seconds: float

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance | {"seconds": self.seconds}

    def frame(self) -> pd.DataFrame:
        """Return the rows as a tidy frame."""
        import pandas as pd  # pandas loads where it is used

        return pd.DataFrame(self.rows)

    def chart(self, name: str = "poverty_rate", lang: str = "id") -> Any:
        """Return the packages side by side, for one of `INDICATORS`."""
        from kesos_sim.reports.charts.tradeoff import same_money

        return same_money(self, name, lang)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write rows, charts and the comparison to a folder, all or nothing."""
        from kesos_sim.reports.tradeoff import export_tradeoff

        return export_tradeoff(self, path, lang)


def tradeoff(
    scenario: Scenario,
    seeds: int = 3,
    progress: Progress | None = None,
    *,
    executor: Executor | None = None,
    store: Store | None = None,
) -> Tradeoff:
    """Compare a scenario about coordination with cash of the same cost.

    Parameters
    ----------
    scenario : Scenario
        Moves levers that act through coordination, and no cash.
    seeds : int
        How often to repeat it, with the seeds that follow the scenario's own.
    progress : Progress, optional
        Told what is being done.
    executor : Executor, optional
        Who computes; processes of this machine when left out.
    store : Store, optional
        Who remembers finished runs.

    Returns
    -------
    Tradeoff

    Raises
    ------
    InputError
        If the scenario does not rest on coordination, moves PKH itself, or costs nothing.
    """
    began = time.perf_counter()
    strongest = with_strengths(scenario, _strengths("top"))
    if not rests_on_coordination(strongest):
        raise InputError("KS3010", "experiments.no_coordination", file=scenario.name)
    if _CASH in scenario.levers:
        raise InputError("KS3011", "experiments.moves_cash", file=scenario.name, field=_CASH)
    worlds = [
        replace(with_strengths(scenario, _strengths(effect)), seed=scenario.seed + seed)
        for effect in EFFECTS
        for seed in range(seeds)
    ]
    # It also leaves compiled kernels and the base month to all.
    comparison = compare(_bare(scenario), [scenario], draws=0, store=store)

    def lived(asked: list[dict[str, Scenario]], of: int) -> list[dict[str, Outcome]]:
        """Live half of all packages: those whose price is known."""

        def told(done: int) -> None:
            if progress is not None:
                progress("runs", of + done, 2 * _AT_ONCE * len(worlds))

        found = iter(
            all_outcomes([one for each in asked for one in each.values()], executor, store, told)
        )
        return [{name: next(found) for name in each} for each in asked]

    priced = lived(
        [
            {_BARE: _bare(world), "coordination": world, _TRIED: _paid(world, _TRIAL)}
            for world in worlds
        ],
        0,
    )
    factors = [_factors(world, found) for world, found in zip(worlds, priced, strict=True)]
    paid = lived(
        [
            {
                "cash": _paid(world, once),
                "both": _paid(world, once, beside=True),
                "cash_twice": _paid(world, twice),
            }
            for world, (once, twice) in zip(worlds, factors, strict=True)
        ],
        _AT_ONCE * len(worlds),
    )
    means = [
        _means(scenario, of_price | of_money)
        for of_price, of_money in zip(priced, paid, strict=True)
    ]
    rows = (
        row
        for place, effect in enumerate(EFFECTS)
        for row in _rows(effect, means[place * seeds : (place + 1) * seeds])
    )
    return Tradeoff(tuple(rows), seeds, comparison, time.perf_counter() - began)


_World = Mapping[str, Mapping[str, float]]
"""Indicators by package; the baseline is a package of its own."""


def _bare(scenario: Scenario) -> Scenario:
    """Return the same world without the package."""
    words = {lang: i18n.text("tradeoff.bare", lang) for lang in i18n.LANGUAGES}
    return replace(scenario, name=_BARE, title=words, levers={})


def _strengths(effect: str) -> dict[str, float]:
    """Return the strengths of one guess of what coordination can do."""
    table = parameter_table()
    if effect == "zero":
        return dict.fromkeys(STRENGTHS, 0.0)
    return {name: table[name].high if effect == "top" else table[name].value for name in STRENGTHS}


def _paid(scenario: Scenario, factor: float, *, beside: bool = False) -> Scenario:
    """Return a scenario with more cash in place of its package, or beside it."""
    first = min(setting.start or scenario.start for setting in scenario.levers.values())
    cash = {_CASH: LeverSetting(factor, first)}
    return replace(scenario, levers=dict(scenario.levers) | cash if beside else cash)


def _factors(scenario: Scenario, found: Mapping[str, Outcome]) -> tuple[float, float]:
    """Return by what PKH amounts rise so that they cost as much as the package, and twice that."""
    price = _cost(found["coordination"], found[_BARE])
    if price <= 0.0:
        raise InputError(
            "KS3012",
            "experiments.costs_nothing",
            file=scenario.name,
            got=scenario.start + scenario.months,
        )
    share = (_TRIAL - 1.0) * price / _cost(found[_TRIED], found[_BARE])
    return 1.0 + share, 1.0 + 2.0 * share


def _means(scenario: Scenario, found: Mapping[str, Outcome]) -> _World:
    """Return indicators and yearly cost of every package in one world."""
    years = scenario.months / _YEAR
    return {
        name: {measure: life.last_year(measure) for measure in INDICATORS}
        | {"rupiah": _cost(life, found[_BARE]) / years}
        for name, life in found.items()
        if name != _TRIED
    }


def _cost(found: Outcome, usual: Outcome) -> float:
    """Return what governments spend more in the whole run: rupiah."""
    spent = found.figures["budget_spent"] - usual.figures["budget_spent"]
    return float(spent[1:, 0].sum())


def _rows(effect: str, worlds: list[_World]) -> list[dict[str, object]]:
    """Return the rows of one guess: means over seeds, and a band of differences."""
    rows: list[dict[str, object]] = []
    for package in PACKAGES:
        for measure in INDICATORS:
            value, before = (
                np.array([world[name][measure] for world in worlds])
                for name in (package, "baseline")
            )
            low, high = np.percentile(value - before, _BAND)
            rows.append(
                {
                    "effect": effect,
                    "package": package,
                    "rupiah": float(np.mean([world[package]["rupiah"] for world in worlds])),
                    "indicator": measure,
                    "value": float(value.mean()),
                    "baseline": float(before.mean()),
                    "difference": float((value - before).mean()),
                    "low": float(low),
                    "high": float(high),
                    "unit": indicator(measure).unit,
                }
            )
    return rows
