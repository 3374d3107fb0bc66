"""What varies: worlds whose uncertain parameters, rules and seed differ.

Each parameter that the answer hangs on is drawn from its range, evenly and by a sequence of low
discrepancy, so that any number of worlds covers the ranges; rules of which nobody knows which one
holds are dealt out as evenly as their number allows. World number n is the same however many are
asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError, nearest
from kesos_sim.scenario.coordination import STRENGTHS, with_strengths

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["DRAWN", "Design", "alternatives", "check_parameters"]

DRAWN: Final = (
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
    "psks.youth_care.strength",
    "psks.counselling.strength",
    "psks.information.strength",
    "psks.youth_enterprise.strength",
    "psks.trust.strength",
    "enterprise.pioneer.strength",
    "wksbm.women.strength",
    "wksbm.ties.strength",
    "complaint.strength",
    "deliberation.strength",
)
"""Parameters that a world takes from their ranges."""
_BITS: Final = 20
_FEW: Final = 8
"""Worlds in which no two parameters shall go in step."""
_COARSE: Final = 4
_TURNS: Final = 128
_COMMUNITY: Final = "registry.truth_community"
_UNDELIVERED: Final = "_undelivered"


@cache
def alternatives() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Return rules of which nobody knows which one holds.

    Returns
    -------
    mapping
        Parameters that each option sets, by alternative and option; what an option does not set
        stays as drawn.
    """
    table = parameter_table()
    lost = [name for name in table if name.startswith("channel.") and name.endswith(_UNDELIVERED)]
    return {
        "targeting_rule": {
            "proxy_means": {},
            "community": {"registry.truth": table[_COMMUNITY].value},
        },
        "coordination_effect": {
            "none": dict.fromkeys(STRENGTHS, 0.0),
            "assumed": {},
            "strongest": {name: table[name].high for name in STRENGTHS},
        },
        "take_up": {
            "assumed": {},
            "weak": {name: table[name].high for name in lost},
        },
    }


def check_parameters(parameters: Sequence[str]) -> None:
    """Refuse parameters that cannot be moved.

    Parameters
    ----------
    parameters : sequence of str
        Names that somebody asked for.

    Raises
    ------
    InputError
        If one is not in the parameter table or has no range.

    Examples
    --------
    >>> check_parameters(["registry.truth"])
    >>> from kesos_sim.errors import InputError
    >>> try:
    ...     check_parameters(["registry.trut"])
    ... except InputError as refused:
    ...     print(refused.code)
    KS3025
    """
    table = parameter_table()
    for name in parameters:
        if name not in table:
            raise InputError(
                "KS3025",
                "experiments.no_such_parameter",
                field="--parameter",
                got=name,
                suggestion=nearest(name, table),
            )
        if table[name].low == table[name].high:
            raise InputError("KS3026", "experiments.no_range", field="--parameter", got=name)


@dataclass(frozen=True)
class Design:
    """Which worlds there are.

    Attributes
    ----------
    parameters : tuple of str
        Parameters that are drawn; none for worlds that differ by their seed alone.
    rules : tuple of str
        Some of `alternatives`, whose options are dealt out.
    """

    parameters: tuple[str, ...] = DRAWN
    rules: tuple[str, ...] = ()

    def shares(self, number: int) -> dict[str, float]:
        """Return where in its range a world takes each parameter.

        Parameters
        ----------
        number : int
            Number of the world, 1 or more.

        Returns
        -------
        dict of str to float
            Between 0 and 1, by name. Of the first 2^k worlds each takes another of 2^k slices.
        """
        if not self.parameters:
            return {}
        point = _point(len(self.parameters), number)
        return {
            name: (_scrambled(own, f"{name}/{turn}") + 0.5) / (1 << _BITS)
            for name, own, turn in zip(self.parameters, point, _turns(self.parameters), strict=True)
        }

    def options(self, number: int) -> dict[str, str]:
        """Return which rules hold in a world.

        Parameters
        ----------
        number : int
            Number of the world, 1 or more.

        Returns
        -------
        dict of str to str
            Option by alternative; each option holds as often as every other, give or take one.
        """
        found = {}
        for name in self.rules:
            options = sorted(alternatives()[name])
            deal, place = divmod(number - 1, len(options))
            dealt = sorted(options, key=lambda one: _digest(f"{name}/{deal}/{one}"))
            found[name] = dealt[place]
        return found

    def world(self, scenario: Scenario, number: int) -> Scenario:
        """Return a scenario in one of the worlds.

        Parameters
        ----------
        scenario : Scenario
            The scenario.
        number : int
            Number of the world, 1 or more.

        Returns
        -------
        Scenario
            With a seed of its own and the world's parameters, from the interval of the scenario's
            calibration where it has one; those that the scenario sets itself stay.
        """
        ranges = {name: scenario.range_of(name) for name in self.parameters}
        drawn = {
            name: ranges[name][0] + share * (ranges[name][1] - ranges[name][0])
            for name, share in self.shares(number).items()
        }
        for name, option in self.options(number).items():
            drawn |= alternatives()[name][option]
        own = {name: value for name, value in drawn.items() if name not in scenario.own_parameters}
        return with_strengths(replace(scenario, seed=scenario.seed + number), own)


@cache
def _point(dimensions: int, number: int) -> tuple[int, ...]:
    """Return a point of Sobol's sequence: whole numbers below 2^20."""
    from scipy.stats.qmc import Sobol  # scipy.stats loads where it is used

    sequence = Sobol(dimensions, scramble=False, bits=_BITS)
    if number > 1:
        sequence.fast_forward(number - 1)
    return tuple(int(share * (1 << _BITS)) for share in sequence.random(1)[0])


def _scrambled(value: int, text: str, bits: int = _BITS) -> int:
    """Scramble a coordinate by its name, as Owen (1995) does: halves of halves change places."""
    found = 0
    for bit in range(bits):
        flip = _digest(f"{text}/{value >> (bit + 1) | 1 << (bits - bit)}") & 1
        found |= ((value >> bit & 1) ^ flip) << bit
    return found


@cache
def _turns(names: tuple[str, ...]) -> tuple[int, ...]:
    """Return how often each parameter was scrambled anew, so that no two go in step.

    With few worlds some of many coordinates agree. Of some scrambles a parameter takes the one
    that goes least along with the parameters before it; what comes later changes nothing.
    """
    worlds = range(1, _FEW + 1)
    points = np.array([_point(len(names), number) for number in worlds]) >> (_BITS - _COARSE)
    chosen: list[NDArray[np.float64]] = []
    turns = []
    for place, name in enumerate(names):
        tries = np.array(
            [
                [_scrambled(int(own), f"{name}/{turn}", _COARSE) for own in points[:, place]]
                for turn in range(_TURNS)
            ],
            float,
        )
        tries -= tries.mean(axis=1, keepdims=True)
        tries /= np.linalg.norm(tries, axis=1, keepdims=True)
        along = np.abs(tries @ np.array(chosen).reshape(-1, _FEW).T).max(axis=1, initial=0.0)
        turns.append(int(along.argmin()))
        chosen.append(tries[turns[-1]])
    return tuple(turns)


def _digest(text: str) -> int:
    """Return 64 bits that a text has everywhere."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
