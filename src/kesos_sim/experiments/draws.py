"""Draws: the same comparison in worlds whose uncertain parameters and seed differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.run import Run, figures, lived, observed, poverty_lines

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["DRAWN", "Pair", "against", "drawn_scenario", "value_for_money"]

_OF_MONEY = (
    "household.propensity_to_consume",
    "growth.bottom40_forward",
    "registry.truth",
    "enterprise.effect",
    "fiscal.crowding_out",
    "programme.lateness_cost",
)
_OF_COORDINATION = (
    "coordination.shared_list.strength",
    "coordination.routing.strength",
    "orsos.visibility_spread",
)
_OF_COUNCILS = (
    "coordination.advocacy.strength",
    "politics.compliance",
    "politics.dialogue_gain",
    "politics.legitimacy",
    "politics.support_speed",
)
_OF_DISASTERS = (
    "coordination.task_force.strength",
    "coordination.interprovince_aid.strength",
)
_OF_COMMUNITY = ("wksbm.referral.strength", "wksbm.usul.strength")
_OF_LINKING = (
    "slrt.referral.strength",
    "slrt.proposal.strength",
    "psks.accompaniment.strength",
    "psks.conditions.strength",
    "enterprise.coaching.strength",
    "kube.network.strength",
)
DRAWN = (
    *_OF_MONEY,
    *_OF_COORDINATION,
    *_OF_COUNCILS,
    *_OF_DISASTERS,
    *_OF_COMMUNITY,
    *_OF_LINKING,
)
"""Parameters that a draw takes from their ranges."""
DRAW_HOUSEHOLDS = 20_000
_YEAR = 12
_STEPS = {
    name: root ** -(place + 1)
    for names, root in (
        (_OF_MONEY, 1.1673039782614187),
        (_OF_COORDINATION, 1.2207440846057596),
        (_OF_COUNCILS, 1.1347241384015194),
        (_OF_COMMUNITY, 1.324717957244746),
        (_OF_DISASTERS, 1.324717957244746),
        (_OF_LINKING, 1.1127756842787055),
    )
    for place, name in enumerate(names)
}
"""Steps of low-discrepancy sequences of few dimensions, one for each group: the roots solve
x**(n + 1) = x + 1 for n dimensions. One of all would spread a few draws too unevenly."""


@dataclass(frozen=True)
class Pair:
    """One draw: differences of every alternative from its own baseline.

    Attributes
    ----------
    parameters : values drawn, if any
    baseline : float64[n_months, 1 + n_provinces] by indicator
    alternatives : the same by scenario
    """

    parameters: dict[str, float]
    baseline: dict[str, NDArray[np.float64]]
    alternatives: dict[str, dict[str, NDArray[np.float64]]]

    @classmethod
    def of(cls, scenarios: Sequence[Scenario]) -> Pair:
        """Run scenarios of one world on one thread.

        Parameters
        ----------
        scenarios : the baseline, then the alternatives

        Returns
        -------
        Pair
            With the figures of the whole region and its provinces.
        """
        first, *rest = scenarios
        model = lived(first, 1)
        regions = observed(model).regions.top
        usual, lines = figures(model, regions), poverty_lines(model, regions)
        alternatives = {}
        for scenario in rest:
            found = figures(lived(scenario, 1), regions)
            alternatives[scenario.name] = found | value_for_money(found, usual, lines)
        drawn = {name: first.parameters[name] for name in DRAWN if name in first.parameters}
        return cls(drawn, usual, alternatives)


def against(alternative: Run, baseline: Run) -> Run:
    """Return a run with the indicators that need a baseline."""
    lines = np.array([baseline.lines[code] for code in baseline.regions])
    money = value_for_money(alternative.figures, baseline.figures, lines)
    return replace(alternative, figures=alternative.figures | money)


def value_for_money(
    alternative: dict[str, NDArray[np.float64]],
    baseline: dict[str, NDArray[np.float64]],
    lines: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """Return what the added spending of twelve months buys.

    Parameters
    ----------
    alternative, baseline : float64[n_months, n_regions] by indicator
    lines : float64[n_regions], rupiah per person and month, poverty line

    Returns
    -------
    dict of float64[n_months, n_regions]
        ``cost_per_person_lifted`` in rupiah per person and ``gap_closed_per_rupiah`` in rupiah of
        the yearly poverty gap per rupiah; NaN in the first twelve months and where no money is
        added or nobody is lifted.
    """

    def year(table: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.full_like(table, np.nan)
        if table.shape[0] > _YEAR:
            running = np.cumsum(table, axis=0)
            total[_YEAR:] = running[_YEAR:] - running[:-_YEAR]
        return total

    added = year(alternative["budget_released"] - baseline["budget_released"])
    lifted = baseline["poor_people"] - alternative["poor_people"]
    gaps = [
        found["poverty_gap"] / 100.0 * found["population"] * lines * _YEAR
        for found in (baseline, alternative)
    ]
    closed = year((gaps[0] - gaps[1]) / _YEAR)
    paid = added > 0.0
    return {
        "cost_per_person_lifted": np.divide(
            added, lifted, out=np.full_like(added, np.nan), where=paid & (lifted > 0.0)
        ),
        "gap_closed_per_rupiah": np.divide(
            closed, added, out=np.full_like(added, np.nan), where=paid
        ),
    }


def drawn_scenario(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario in the world of one draw.

    Parameters
    ----------
    scenario : the scenario
    number : number of the draw, 1 or more

    Returns
    -------
    Scenario
        With drawn parameters (those that the scenario sets itself stay), another seed, and at
        most `DRAW_HOUSEHOLDS` households.
    """
    table = parameter_table()
    drawn = {}
    for name in DRAWN:
        if name not in scenario.parameters:
            row = table[name]
            share = (0.5 + number * _STEPS[name]) % 1.0
            drawn[name] = row.low + share * (row.high - row.low)
    parameters = dict(scenario.parameters) | drawn
    root = scenario.root and replace(scenario.root, parameters=parameters)
    return replace(
        scenario,
        parameters=parameters,
        seed=scenario.seed + number,
        households=min(scenario.households, DRAW_HOUSEHOLDS),
        root=root,
    )
