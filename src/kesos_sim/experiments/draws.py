"""Draws: the same comparison in worlds whose uncertain parameters and seed differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.run import Run, figures, lived, observed, poverty_lines

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["DRAWN", "Pair", "against", "drawn_scenario", "value_for_money"]

DRAWN = (
    "household.propensity_to_consume",
    "growth.bottom40_forward",
    "registry.truth",
    "enterprise.effect",
    "fiscal.crowding_out",
    "programme.lateness_cost",
    "coordination.shared_list.strength",
    "coordination.routing.strength",
    "orsos.visibility_spread",
    "orsos.income_ratio",
    "orsos.government.share",
    "coordination.capacity.strength",
    "coordination.matching.strength",
    "marketing.donation_effect",
    "marketing.stigma_effect",
    "orsos.success_community",
    "coordination.advocacy.strength",
    "politics.compliance",
    "politics.dialogue_gain",
    "politics.legitimacy",
    "politics.support_speed",
    "coordination.task_force.strength",
    "coordination.interprovince_aid.strength",
    "wksbm.referral.strength",
    "wksbm.usul.strength",
    "slrt.referral.strength",
    "slrt.proposal.strength",
    "psks.accompaniment.strength",
    "psks.conditions.strength",
    "enterprise.coaching.strength",
    "kube.network.strength",
    "psks.youth.strength",
    "enterprise.pioneer.strength",
    "wksbm.women.strength",
    "wksbm.ties.strength",
    "complaint.strength",
    "deliberation.strength",
)
"""Parameters that a draw takes from their ranges."""
DRAW_HOUSEHOLDS = 20_000
_YEAR = 12
_ORDERS = 64
"""Orders of slices among which a parameter chooses."""


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


@cache
def _shares(draws: int) -> dict[str, list[float]]:
    """Return where in its range each draw takes each parameter: between 0 and 1, by name.

    A range has as many slices as there are draws, and each draw gets the middle of another one
    (Latin hypercube). Of some orders of the slices a parameter takes the one that goes least
    along with those of the parameters before it; what comes later in the list changes nothing.
    """
    found: list[NDArray[np.float64]] = []
    for name in DRAWN:
        tries = [[_digest(f"{name}/{turn}/{n}") for n in range(draws)] for turn in range(_ORDERS)]
        # The same slices in every order, so that a product says how far two go together.
        centred = (np.argsort(np.argsort(tries, axis=1), axis=1) + 0.5) / draws - 0.5
        along = np.abs(centred @ np.array(found).reshape(-1, draws).T).max(axis=1, initial=0.0)
        found.append(centred[along.argmin()])
    return {name: (own + 0.5).tolist() for name, own in zip(DRAWN, found, strict=True)}


def _digest(text: str) -> int:
    """Return what orders by chance, the same everywhere."""
    return int.from_bytes(blake2b(text.encode(), digest_size=7).digest(), "big")


def drawn_scenario(scenario: Scenario, number: int, draws: int) -> Scenario:
    """Return a scenario in the world of one draw.

    Parameters
    ----------
    scenario : the scenario
    number : number of the draw, 1 or more
    draws : number of draws in all

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
            drawn[name] = row.low + _shares(draws)[name][number - 1] * (row.high - row.low)
    parameters = dict(scenario.parameters) | drawn
    root = scenario.root and replace(scenario.root, parameters=parameters)
    return replace(
        scenario,
        parameters=parameters,
        seed=scenario.seed + number,
        households=min(scenario.households, DRAW_HOUSEHOLDS),
        root=root,
    )
