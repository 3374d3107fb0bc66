"""The ledger of a run by month, payer and region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import GENERAL, SPENT, Stage
from kesos_sim.institutions.rules import STREAMS as PAYERS
from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.experiments.run import Run
    from kesos_sim.institutions.government import Plan

__all__ = ["LEVELS", "PAYERS", "PROVINCE_DIGITS", "FiscalBooks"]

Money = NDArray[np.int64]

LEVELS: Final[Mapping[str, str]] = {
    "apbn": "nation",
    "apbd_province": "province",
    "apbd_district": "district",
}
"""Level of government whose budget a payer is; the village fund is earmarked as a whole."""
PROVINCE_DIGITS: Final = 2
_RELEASED: Final = (*SPENT, Stage.RETURNED)


@dataclass(frozen=True)
class FiscalBooks:
    """The ledger of a run by month, payer and region: int64[n_months, n_payers, n_regions].

    Attributes
    ----------
    months, regions : codes of months and regions
    money : rupiah by name
    plans : yearly decisions
    """

    months: tuple[str, ...]
    regions: tuple[str, ...]
    money: Mapping[str, Money]
    plans: Sequence[Plan]

    @classmethod
    def of(cls, run: Run) -> FiscalBooks:
        """Add up the lines of a run."""
        books = run.books
        words = {name: np.array(known) for name, known in books.words.items()}
        shape = (words["month"].size, len(PAYERS), words["region"].size)
        stream = np.array([PAYERS.index(one) if one in PAYERS else -1 for one in words["stream"]])
        own = stream[books.codes["stream"]]
        general = (words["programme"] == GENERAL)[books.codes["programme"]]

        def within(stages: Sequence[Stage]) -> NDArray[np.bool_]:
            names = [stage.name.lower() for stage in stages]
            return np.asarray(np.isin(words["stage"], names)[books.codes["stage"]])

        def total(keep: NDArray[np.bool_]) -> Money:
            found = np.zeros(shape, np.int64)
            wanted = keep & (own >= 0)
            at = (books.codes["month"], own, books.codes["region"])
            np.add.at(found, tuple(one[wanted] for one in at), books.rupiah[wanted])
            return found

        released = within(_RELEASED) & ~general
        return cls(
            months=books.words["month"],
            regions=books.words["region"],
            money={
                "own": total(within((Stage.REVENUE,)) & general),
                "released": total(released),
                "absorbed": total(within(SPENT) & ~general),
                "returned": total(within((Stage.RETURNED,)) & ~general),
                "carried": total(within((Stage.CARRY_OVER,))),
            },
            plans=run.plans,
        )

    @property
    def years(self) -> tuple[int, ...]:
        """Fiscal years."""
        return tuple(dict.fromkeys(int(month[:4]) for month in self.months))

    @property
    def whole_years(self) -> tuple[int, ...]:
        """Fiscal years of which every month is there."""
        return tuple(year for year in self.years if self.of_year(year).size == MONTHS_PER_YEAR)

    def of_year(self, year: int) -> NDArray[np.int64]:
        """Return the places of the months of a year.

        Parameters
        ----------
        year : fiscal year

        Returns
        -------
        int64[n], index
        """
        return np.flatnonzero([month.startswith(f"{year:04d}-") for month in self.months])

    def yearly(self, name: str, year: int) -> Money:
        """Return money of a year; what is carried, at its end.

        Parameters
        ----------
        name : name in `money`
        year : fiscal year

        Returns
        -------
        int64[n_payers, n_regions], rupiah
        """
        rows = self.of_year(year)
        table = self.money[name]
        return np.asarray(table[rows[-1]] if name == "carried" else table[rows].sum(axis=0))

    def by_month(self, year: int) -> Money:
        """Return what is spent in each month of a year.

        Parameters
        ----------
        year : fiscal year

        Returns
        -------
        int64[n_payers, 12], rupiah
        """
        found = np.zeros((len(PAYERS), MONTHS_PER_YEAR), np.int64)
        for row in self.of_year(year).tolist():
            found[:, int(self.months[row][5:7]) - 1] = self.money["absorbed"][row].sum(axis=1)
        return found

    def planned(self, year: int) -> dict[tuple[str, str], tuple[float, int]]:
        """Return what is wanted and what fits by payer and region, of the months that are there.

        Governments set a plan aside in equal parts over its months.
        """
        of_level = {level: payer for payer, level in LEVELS.items()}
        found: dict[tuple[str, str], tuple[float, int]] = {}
        for plan in self.plans:
            if plan.year == year:
                digits = PROVINCE_DIGITS if plan.level != "district" else 2 * PROVINCE_DIGITS
                key = of_level[plan.level], f"{plan.government:0{digits}d}"
                lived = self.lived(plan)
                wanted, money = found.get(key, (0.0, 0))
                wanted += plan.wanted * lived / plan.months
                found[key] = wanted, money + plan.money * lived // plan.months
        return found

    def lived(self, plan: Plan) -> int:
        """Return how many months of a plan the run has.

        Parameters
        ----------
        plan : yearly decision

        Returns
        -------
        int
        """
        first = MONTHS_PER_YEAR + 1 - plan.months
        return sum(int(self.months[row][5:7]) >= first for row in self.of_year(plan.year).tolist())
