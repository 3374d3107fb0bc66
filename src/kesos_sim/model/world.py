"""The world of households: arrays, places and the steps that move them.

Everything here is the same under every policy except what a policy gives:
enrolments, benefits and what follows from them. Institutions live in
`kesos_sim.institutions`; the order of a month is in `kesos_sim.model.month`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.places import Places, ProvinceTotals
from kesos_sim.kernels import households as step
from kesos_sim.kernels.bins import WELFARE_BINS
from kesos_sim.kernels.composition import compose
from kesos_sim.kernels.events import strike
from kesos_sim.kernels.incidence import incidence
from kesos_sim.kernels.scores import score_histogram
from kesos_sim.kernels.synthesis import permanent_base
from kesos_sim.kernels.team import Team
from kesos_sim.model.rules import Rules
from kesos_sim.population.households import Households, Layout
from kesos_sim.population.lifecycle import Lifecycle
from kesos_sim.population.mapping import CellRanks, cumulative_ranks, welfare_table
from kesos_sim.population.targets import Targets
from kesos_sim.population.targets_own import OWN
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

__all__ = ["World", "institution_places"]

_EVENT_BITS = 24
"""Bits of the second counter word below the number of an event."""

_AT_ONCE = 1 << 16
"""Households of which numpy holds intermediate results at once."""


@dataclass
class World:
    """Households, their places, and the tables that turn score into welfare.

    Attributes
    ----------
    team : threads that share the steps
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    shift : float32[n_strata], normal score, place of the stratum in its cell
    log_before : float64[n_cells, n_rank], log ratio, quantile function before help
    line_ratio : float32[n_strata], ratio, line of the stratum to the reference line
    extreme_line : float32[n_strata], ratio, extreme poverty line to the stratum's line
    line_rise : float32[n_strata], log points, how much dearer events make living this month
    score_counts : int64[n_chunks, n_cells, SCORE_NODES], weighted persons, by score
    sums : int64[n_blocks, n_measures], persons and fixed-point persons, of the last month
    welfare_counts : int64[n_chunks, n_cells, WELFARE_BINS], weighted persons, by consumption
    """

    team: Team
    targets: Targets
    cell_ranks: CellRanks
    rules: Rules
    lifecycle: Lifecycle
    layout: Layout
    households: Households
    key: np.uint32
    weight: NDArray[np.int64]
    shift: NDArray[np.float32]
    log_before: NDArray[np.float64]
    line_ratio: NDArray[np.float32]
    extreme_line: NDArray[np.float32]
    score_counts: NDArray[np.int64]
    sums: NDArray[np.int64]
    welfare_counts: NDArray[np.int64]
    table: NDArray[np.float32]
    reference_line: float
    line_rise: NDArray[np.float32]

    def compose(self, year: int) -> None:
        """Let households grow a year older: births, school ages, leaving, old age."""
        people = self.households
        self.team.share(
            compose,
            self.layout.n_strata,
            self.key,
            year,
            people.first_id,
            self.layout.stratum_start,
            self.lifecycle.fertility,
            self.lifecycle.rule,
            people.permanent,
            people.word,
        )
        self.place()

    def place(self) -> None:
        """Set the part of the score that moves only with composition and place."""
        people = self.households
        self.team.share(
            permanent_base,
            self.layout.n_strata,
            self.layout.stratum_start,
            self.shift,
            self.rules.permanent_load,
            self.rules.size_slope,
            people.word,
            people.permanent,
            people.base,
        )

    def draw(self, month: Month, insured_mask: int) -> None:
        """Move the scores of a month and let shocks arrive."""
        people, rules, strata = self.households, self.rules, self.targets.strata
        self.team.share(
            step.draw_month,
            self.layout.n_chunks,
            self.key,
            month_word(month.ordinal, Stream.WORLD),
            people.first_id,
            *self.layout.blocks,
            strata.cell,
            strata.area,
            self.weight,
            rules.persistent_load,
            rules.transitory_load,
            rules.persistent_keep,
            rules.transitory_keep,
            rules.loss_keep,
            rules.shock_limit,
            rules.shock_loss,
            rules.insured_share,
            np.uint16(insured_mask),
            people.word,
            people.base,
            people.enrolled,
            people.persistent,
            people.transitory,
            people.loss,
            people.score,
            self.score_counts,
        )

    def strike(
        self,
        month: Month,
        number: int,
        share: NDArray[np.float32],
        size: NDArray[np.float32],
        loss: NDArray[np.float32],
    ) -> None:
        """Let a named event hit a share of the households of each district.

        Parameters
        ----------
        month : first month of the event, by which its households are drawn
        number : place of the event among those of the scenario, which draw apart
        share : float32[n_districts], share, households hit
        size : float32[n_districts], log points, loss of a household that is hit
        loss : float32[n_households], log points, losses that it adds to, in place
        """
        people = self.households
        strike(
            self.key,
            month_word(month.ordinal, Stream.EVENT) | np.uint32(number << _EVENT_BITS),
            people.first_id,
            self.layout.district_start,
            share,
            size,
            loss,
        )

    def rescore(self) -> None:
        """Take scores again after composition or places have changed, without new draws."""
        people, rules = self.households, self.rules
        for start in range(0, people.score.size, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            people.score[part] = (
                people.base[part]
                + rules.persistent_load * people.persistent[part]
                + rules.transitory_load * people.transitory[part]
            )
        self.team.share(
            score_histogram,
            self.layout.n_chunks,
            *self.layout.blocks,
            self.targets.strata.cell,
            self.weight,
            people.word,
            people.score,
            self.score_counts,
        )

    def rank(self, log_growth: NDArray[np.float64]) -> None:
        """Rank people in their cells and set welfare before help at each score.

        Parameters
        ----------
        log_growth : float64[n_cells, n_rank], log points, growth since the base month
        """
        ranks = cumulative_ranks(self.score_counts)
        for cell in np.flatnonzero(self.cell_ranks.partial).tolist():
            ranks[cell] = self.cell_ranks.of(cell, ranks[cell])
        rank_grid = self.targets.cells.rank
        self.table = welfare_table(ranks, rank_grid, self.log_before + log_growth)

    def consume(self, regular_mask: int, *, march: bool) -> None:
        """Turn scores and help into consumption, and measure it."""
        people, rules = self.households, self.rules
        self.team.share(
            step.after_help,
            self.layout.n_chunks,
            *self.layout.blocks,
            self.targets.strata.cell,
            self.weight,
            self.line_ratio,
            self.extreme_line,
            self.line_rise,
            self.table,
            rules.propensity,
            rules.smoothing,
            rules.savings_keep,
            rules.saved_share,
            np.uint16(regular_mask),
            march,
            people.word,
            people.score,
            people.gain,
            people.loss,
            people.benefit,
            people.pooled,
            people.savings,
            people.enrolled,
            people.history,
            people.welfare,
            self.sums,
            self.welfare_counts,
        )

    def incidence(
        self, group: NDArray[np.int32], n_programmes: int, regular_mask: int
    ) -> NDArray[np.int64]:
        """Return people, consumption and help by level of living.

        Parameters
        ----------
        group : int32[n_strata], index, province of the stratum
        n_programmes : number of programmes to count one by one
        regular_mask : programmes that count as being reached

        Returns
        -------
        int64[n_groups, WELFARE_BINS, 4 + n_programmes], weighted persons and fixed-point money,
        see `kesos_sim.kernels.incidence`
        """
        people = self.households
        shape = (
            self.layout.n_chunks,
            int(group.max()) + 1,
            WELFARE_BINS,
            4 + n_programmes,
        )
        counts = np.zeros(shape, np.int64)
        self.team.share(
            incidence,
            self.layout.n_chunks,
            *self.layout.blocks,
            group,
            self.weight,
            self.line_ratio,
            self.rules.propensity,
            np.uint16(regular_mask),
            people.word,
            people.welfare,
            people.benefit,
            people.enrolled,
            counts,
        )
        total: NDArray[np.int64] = counts.sum(axis=0)
        self.team.gather("province", total)
        return total


def institution_places(world: World, base_year: int) -> Places:
    """Return what institutions know of the districts of a world."""
    strata, first = world.targets.strata, world.layout.district_stratum[:-1]
    people = strata.population

    def by_district(values: NDArray[np.float64]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = np.add.reduceat(values, first)
        return total

    return Places(
        year=base_year,
        codes=strata.district[first].astype(np.int64),
        population=by_district(people),
        poor=by_district(people * strata.p0 / 100.0),
        households=by_district(people / strata.mean_household_size),
        rural=by_district(people * (strata.area == 1)),
        replaced=_replaced(world.targets),
    )


def _replaced(targets: Targets) -> dict[int, ProvinceTotals]:
    """Return the totals of provinces whose figures rest on own data."""
    cells = targets.cells
    found = {}
    for province in np.unique(cells.province[cells.quality_poverty == OWN]).tolist():
        inside = cells.province == province
        people = np.where(inside, cells.population, 0.0)
        poor = people * cells.p0 / 100.0
        found[int(province)] = ProvinceTotals(
            float(people.sum()),
            float(poor.sum()),
            float(people[cells.area == 1].sum()),
            float(poor[cells.area == 1].sum()),
        )
    return found
