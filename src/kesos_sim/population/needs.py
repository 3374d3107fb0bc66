"""Needs that cash does not meet: how often they arise, how long they last, what they cost.

The published counts of PPKS (formerly PMKS) are national. A need arises in any household that
can have it, and by a given factor more often in a poor one; the yearly chance is set such that
the nation's households show the published count while nobody helps. A poor household gets over it
later, but so that needs last as long on average and each group keeps its number. A need ends too
when nobody is left in the household who can have it, which is part of how long it lasts. Regions
differ by who lives there and how many are poor, not by a factor of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.cases import ANYONE, CHILD, ELDER, PUPIL, TODDLER, VILLAGER
from kesos_sim.kernels.composition import FIELDS
from kesos_sim.population.households import Layout
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["KINDS", "Needs", "member_bits"]

KINDS: Final = (
    "education",
    "health_nutrition",
    "livelihood",
    "disability",
    "neglected_elderly",
    "neglected_children",
    "drug_rehabilitation",
    "mental_disorder",
    "homeless",
    "violence",
    "remote_community",
)
"""Kinds of needs; the place of a kind is its bit and its code."""

_WHO: Final = (
    PUPIL,
    TODDLER,
    ANYONE,
    ANYONE,
    ELDER,
    CHILD,
    ANYONE,
    ANYONE,
    ANYONE,
    ANYONE,
    VILLAGER,
)
_MEMBERS: Final = {
    TODDLER: ("age_0_6",),
    PUPIL: ("primary", "junior", "senior"),
    CHILD: ("age_0_6", "primary", "junior", "senior"),
    ELDER: ("elderly_60",),
}
"""Fields of a packed composition; anybody else has the need whatever the household's members."""
_LEAVES: Final = {TODDLER: "toddler", PUPIL: "pupil", CHILD: "child", ELDER: "elder"}
"""Members of whom a household has none any more after a time."""
_MOST: Final = 0.9
"""Highest share of the households of a kind that can have a need at a time."""
_DRAW: Final = 1.0 - 1e-6
"""Part of the numbers of a draw that stretches may fill."""
_SAMPLE: Final = 1_000_000


@dataclass(frozen=True)
class Needs:
    """Rates of every kind of need, in the order of `KINDS`.

    Attributes
    ----------
    who : int64[n_kinds], code, who can have the need, see `kesos_sim.kernels.cases`
    members : uint32[n_kinds], bits, see `member_bits`
    present : float32[n_kinds], share, households that are not poor and have the need at a time
    present_factor : float32[n_kinds], ratio, the same for poor households against these
    onset : float32[n_kinds], share per year, onset in a household that is not poor
    onset_factor : float32[n_kinds], ratio, onset in a poor household against one that is not
    years : float32[n_kinds], years, mean time until the need ends by itself
    end : float32[2, n_kinds], share per month, needs that end by themselves while those who have
        them are there: in households that are not poor, and in poor ones
    finish : float32[n_kinds], share per month, services that end
    success_by_mode : float32[2, n_kinds], share, services after which the need is over: in homes,
        and where people live
    loss : float32[n_kinds], log points, consumption lost while nobody meets the need
    """

    who: NDArray[np.int64]
    members: NDArray[np.uint32]
    present: NDArray[np.float32]
    present_factor: NDArray[np.float32]
    onset: NDArray[np.float32]
    onset_factor: NDArray[np.float32]
    years: NDArray[np.float32]
    end: NDArray[np.float32]
    finish: NDArray[np.float32]
    success_by_mode: NDArray[np.float32]
    loss: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        parameter: Callable[[str], float],
        able: NDArray[np.float64],
        households: float,
        poor: float,
    ) -> Needs:
        """Work out the rates.

        Parameters
        ----------
        parameter : function from the id of a parameter to its value
        able : float64[n_kinds], share, households that can have each need
        households : households of the nation in the base year
        poor : share of them that is poor

        Returns
        -------
        Needs
        """

        def row(name: str) -> NDArray[np.float64]:
            return np.array([parameter(f"need.{kind}.{name}") for kind in KINDS])

        ratio, years = row("poor_ratio"), row("years")
        everywhere = row("count") / (households * np.maximum(able, 1e-9))
        present = np.minimum(everywhere / (1.0 + (ratio - 1.0) * poor), _MOST)
        present_poor = np.minimum(present * ratio, _MOST)
        # The poor get over a need later, the others sooner: over all cases it takes as long, and
        # as many arise in each group as keep its number.
        of_poor = present_poor * poor / (present_poor * poor + present * (1.0 - poor))
        gap = parameter("need.recovery_gap")
        pace = np.array([1.0 + gap * of_poor, 1.0 - gap * (1.0 - of_poor)])
        leaves = np.array(
            [parameter(f"need.leaves.{_LEAVES[who]}") if who in _LEAVES else 0.0 for who in _WHO]
        )
        # Who has the need cannot get it again, so that arrivals meet only those without it.
        onset = present / (1.0 - present) / years * pace[0]
        onset_poor = present_poor / (1.0 - present_poor) / years * pace[1]

        def single(values: NDArray[np.float64]) -> NDArray[np.float32]:
            return values.astype(np.float32)

        def monthly(yearly: NDArray[np.float64]) -> NDArray[np.float32]:
            return single(1.0 - np.exp(-np.maximum(yearly, 0.0) / MONTHS_PER_YEAR))

        yearly, yearly_poor = 1.0 - np.exp(-onset), 1.0 - np.exp(-onset_poor)
        return cls(
            who=np.array(_WHO, np.int64),
            members=np.array([member_bits(who) for who in _WHO]),
            present=single(present),
            present_factor=single(present_poor / present),
            onset=single(yearly),
            onset_factor=single(yearly_poor / np.maximum(yearly, 1e-12)),
            years=single(years),
            end=monthly(pace / years - leaves),
            finish=monthly(MONTHS_PER_YEAR / row("service_months")),
            success_by_mode=single(
                np.minimum(np.outer([1.0, parameter("orsos.success_community")], row("success")), 1)
            ),
            loss=single(row("unmet_loss")),
        )

    def stretches(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the stretch of numbers that each kind owns, of the first draw or the second.

        Returns
        -------
        tuple of float32[n_kinds], share, begin and end, between 0 and 1 or between 1 and 2; wide
        enough for the highest chance of each kind
        """
        widths = np.minimum(self.onset * np.maximum(self.onset_factor, 1.0), 1.0)
        begin = np.empty(widths.size)
        used = [0.0, 0.0]
        for kind in np.argsort(-widths, kind="stable"):
            draw = int(used[0] + widths[kind] > _DRAW and used[1] < used[0])
            begin[kind] = draw + used[draw]
            used[draw] += widths[kind]
        if max(used) > _DRAW:
            raise ValueError(f"needs arise too often: {sum(used):.2f} a year in a poor household")
        return begin.astype(np.float32), (begin + widths).astype(np.float32)

    @staticmethod
    def sample(layout: Layout) -> NDArray[np.int64]:
        """Return which households are looked at: of more than a million every so manieth.

        Parameters
        ----------
        layout : where strata begin

        Returns
        -------
        int64[n_sample], household
        """
        return np.arange(0, layout.n_households, layout.n_households // _SAMPLE + 1)

    @staticmethod
    def able(
        word: NDArray[np.uint32],
        number: NDArray[np.int64],
        weight: NDArray[np.int64],
        rural: float,
    ) -> NDArray[np.float64]:
        """Return how many households of the nation can have each need.

        Families are everywhere much the same, so that those of a run stand for the nation's. Of
        villagers a run may have many or none: they are counted in the nation itself.

        Parameters
        ----------
        word : uint32[n_sample], bits, packed composition of the households of `sample`
        number : int64[n_strata], households, those of each stratum in the sample
        weight : int64[n_strata], 1/65536 households, what a simulated household stands for
        rural : share of the nation's people who live in rural strata

        Returns
        -------
        float64[n_kinds], share of households
        """
        counted = np.repeat(weight, number).astype(np.float64)
        found = [
            rural
            if who == VILLAGER
            else np.average((word & member_bits(who)) != 0, weights=counted)
            for who in _WHO
        ]
        return np.array(found)


def member_bits(who: int) -> np.uint32:
    """Return the bits of a packed composition of which one has to be set for a need.

    Parameters
    ----------
    who : code, from ``ANYONE`` to ``VILLAGER`` of `kesos_sim.kernels.cases`

    Returns
    -------
    uint32, bits
    """
    bits = 0
    for name in _MEMBERS.get(who, ("size",)):
        first, width = FIELDS[name]
        bits |= ((1 << width) - 1) << first
    return np.uint32(bits)
