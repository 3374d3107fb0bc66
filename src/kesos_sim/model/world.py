"""The world of households: arrays, places and the steps that move them.

Everything here is the same under every policy except what a policy gives:
enrolments, benefits and what follows from them. Institutions live in
`kesos_sim.institutions`; the order of a month is in `kesos_sim.model.month`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels import households as step
from kesos_sim.kernels import registry as office
from kesos_sim.kernels.composition import compose
from kesos_sim.kernels.events import strike
from kesos_sim.kernels.gains import school_gains, start_enterprises
from kesos_sim.kernels.incidence import incidence
from kesos_sim.kernels.synthesis import draw_households, permanent_base
from kesos_sim.model.rules import Offer, Rules
from kesos_sim.population.households import WEIGHT_UNIT, Households, Layout, allocate
from kesos_sim.population.lifecycle import Lifecycle
from kesos_sim.population.mapping import CellRanks, cumulative_ranks, welfare_table
from kesos_sim.population.targets import Targets
from kesos_sim.rng import MONTH_BITS, Stream
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["World", "build_world"]

@dataclass
class World:
    """Households, their places, and the tables that turn score into welfare.

    Attributes
    ----------
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    shift : float32[n_strata], normal score, place of the stratum in its cell
    log_before : float64[n_cells, n_rank], log ratio, quantile function before help
    line_ratio : float32[n_strata], ratio, line of the stratum to the reference line
    extreme_line : float32[n_strata], ratio, extreme poverty line to the stratum's line
    score_counts : int64[n_chunks, n_cells, SCORE_NODES], weighted persons, by score
    sums : int64[n_blocks, n_measures], persons and fixed-point persons, of the last month
    welfare_counts : int64[n_chunks, n_cells, WELFARE_BINS], weighted persons, by consumption
    """

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

    def copy(self) -> World:
        """Return a world that moves on its own from here; tables without change are shared."""
        households = Households(
            **{name: array.copy() for name, array in self.households.arrays().items()},
            first_id=self.households.first_id,
        )
        return replace(
            self,
            households=households,
            score_counts=self.score_counts.copy(),
            sums=self.sums.copy(),
            welfare_counts=self.welfare_counts.copy(),
            table=self.table.copy(),
        )

    def compose(self, year: int) -> None:
        """Let households grow a year older: births, school ages, leaving, old age."""
        people = self.households
        compose(
            self.key, year, people.first_id, self.layout.stratum_start,
            self.lifecycle.fertility, self.lifecycle.rule, people.permanent, people.word,
        )
        self.place()

    def place(self) -> None:
        """Set the part of the score that moves only with composition and place."""
        people = self.households
        permanent_base(
            self.layout.stratum_start, self.shift, self.rules.permanent_load,
            self.rules.size_slope, people.word, people.permanent, people.base,
        )

    def draw(self, month: Month, insured_mask: int) -> None:
        """Move the scores of a month and let shocks arrive."""
        people, rules, strata = self.households, self.rules, self.targets.strata
        step.draw_month(
            self.key, month_word(month, Stream.WORLD), people.first_id, *self.layout.blocks,
            strata.cell, strata.area, self.weight,
            rules.persistent_load, rules.transitory_load, rules.persistent_keep,
            rules.transitory_keep, rules.loss_keep, rules.shock_limit, rules.shock_loss,
            rules.insured_share, np.uint16(insured_mask),
            people.word, people.base, people.enrolled, people.persistent, people.transitory,
            people.loss, people.score, self.score_counts,
        )

    def strike(
        self, month: Month, share: NDArray[np.float32], size: NDArray[np.float32]
    ) -> None:
        """Let a named event hit a share of the households of each district.

        Parameters
        ----------
        month : the month
        share : float32[n_districts], share, households hit
        size : float32[n_districts], log points, loss of a household that is hit
        """
        people = self.households
        strike(
            self.key, month_word(month, Stream.EVENT), people.first_id,
            self.layout.district_start, share, size, people.loss,
        )

    def rescore(self) -> None:
        """Take scores again after composition or places have changed, without new draws."""
        people, rules = self.households, self.rules
        people.score[:] = (
            people.base
            + rules.persistent_load * people.persistent
            + rules.transitory_load * people.transitory
        )
        step.score_histogram(
            *self.layout.blocks, self.targets.strata.cell, self.weight,
            people.word, people.score, self.score_counts,
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
        step.after_help(
            *self.layout.blocks, self.targets.strata.cell, self.weight, self.line_ratio,
            self.extreme_line, self.table, rules.propensity, rules.smoothing,
            rules.savings_keep, rules.saved_share, np.uint16(regular_mask), march,
            people.word, people.score, people.gain, people.loss, people.benefit, people.savings,
            people.enrolled, people.history, people.welfare, self.sums, self.welfare_counts,
        )

    def verify(
        self,
        month: Month,
        age_month: int,
        verified: NDArray[np.float32],
        proposed: NDArray[np.float32],
        objected: NDArray[np.float32],
        truth: float,
        need_limit: NDArray[np.float32],
    ) -> None:
        """Let the registry visit a share of its records and take proposals and objections.

        Parameters
        ----------
        month : the month
        age_month : months since the start of the run, for the age of records
        verified, proposed, objected : float32[n_districts], share, since the last time
        truth : correlation of the proxy-means score with lasting welfare
        need_limit : float32[n_districts, 2], normal score, limits of visible need and ease
        """
        people = self.households
        office.verify_records(
            self.key, month_word(month, Stream.REGISTRY), np.int16(age_month), people.first_id,
            self.layout.district_start, verified, proposed, objected, np.float32(truth),
            self.rules.persistent_load, need_limit,
            people.base, people.persistent, people.score,
            people.record_score, people.record_month, people.record,
        )

    def select(
        self,
        programme: int,
        code: int,
        quota: NDArray[np.float64],
        *,
        by_person: bool,
        elderly70: bool,
        discord: float,
        regular_mask: int,
        pkh_mask: int,
    ) -> None:
        """Give a programme to the lowest-ranked eligible records of each district.

        Parameters
        ----------
        programme : number of the programme
        code : who may get it, see `kesos_sim.kernels.registry`
        quota : float64[n_districts], real households or persons, places to give
        by_person : whether the quota counts persons
        elderly70 : whether elderly means 70 and over
        discord : spread by which the programme's list differs from the registry's ranking
        regular_mask, pkh_mask : programmes that make a family one in regular aid
        """
        people = self.households
        office.select_by_rank(
            self.key, people.first_id, programme, code, by_person, elderly70, np.float32(discord),
            np.uint16(regular_mask), np.uint16(pkh_mask),
            self.layout.district_stratum, self.layout.stratum_start, self.targets.strata.area,
            self.weight, np.rint(quota * WEIGHT_UNIT).astype(np.int64),
            people.word, people.record_score, people.record, people.enrolled,
        )

    def grant(
        self, offer: Offer, households: NDArray[np.int64], persons: NDArray[np.int64],
        rupiah: NDArray[np.int64],
    ) -> None:
        """Work out what each household receives a month, and what that costs a year.

        Parameters
        ----------
        offer : what the programmes give
        households, persons : int64[n_programmes, n_strata], simulated, written
        rupiah : int64[n_programmes, n_strata], rupiah a year due to simulated households, written
        """
        people = self.households
        office.grant_benefits(
            offer.in_kind, offer.flat, offer.pkh_part, offer.received, offer.components,
            offer.limits, offer.order, offer.most, offer.elderly70,
            self.layout.district_stratum, self.layout.stratum_start, self.targets.strata.line,
            offer.extra, people.word, people.enrolled, people.benefit, households, persons, rupiah,
        )

    def school(self, pkh_mask: int, step: float, expected: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add a year of schooling under PKH conditions.

        Parameters
        ----------
        pkh_mask : bit of PKH
        step : gain of a household per child of senior secondary age, log points
        expected : float32[n_cells], log points, what the baseline gains

        Returns
        -------
        float32[n_cells], log points, mean gain of this year before what was expected
        """
        people, strata = self.households, self.targets.strata
        children = np.zeros(strata.cell.size, np.int64)
        households = np.zeros(strata.cell.size, np.int64)
        school_gains(
            self.layout.stratum_start, strata.cell, self.weight, np.uint16(pkh_mask),
            np.float32(step), expected, people.word, people.enrolled, people.gain,
            children, households,
        )
        n = expected.size
        total = np.maximum(np.bincount(strata.cell, households * self.weight, n), 1.0)
        mean = step * np.bincount(strata.cell, children * self.weight, n) / total
        return mean.astype(np.float32)

    def enterprise(
        self, month: Month, places: NDArray[np.float64], failure: float, effect: float
    ) -> None:
        """Let enterprises fail and start.

        Parameters
        ----------
        month : the month
        places : float64[n_districts], real households, grants to give
        failure : share of enterprises that fail in the month
        effect : gain while an enterprise works, log points
        """
        people = self.households
        start_enterprises(
            self.key, month_word(month, Stream.ENTERPRISE), people.first_id,
            self.layout.district_stratum, self.layout.stratum_start, self.weight,
            np.rint(places * WEIGHT_UNIT).astype(np.int64), np.float32(failure),
            np.float32(effect), people.record_score, people.record, people.enrolled, people.gain,
        )

    def count_enrolled(self, programmes: Sequence[int]) -> NDArray[np.float64]:
        """Return the real households in some programmes, by district.

        Parameters
        ----------
        programmes : numbers of the programmes

        Returns
        -------
        float64[len(programmes), n_districts], households
        """
        starts, cut = self.layout.stratum_start, self.layout.district_stratum[:-1]
        found = np.empty((len(programmes), cut.size))
        for row, programme in enumerate(programmes):
            inside = (self.households.enrolled >> np.uint16(programme)) & np.uint16(1)
            simulated = np.add.reduceat(inside.astype(np.int64), starts[:-1])
            found[row] = np.add.reduceat(simulated * (self.weight / WEIGHT_UNIT), cut)
        return found

    def incidence(self, group: NDArray[np.int32], n_programmes: int, regular_mask: int) -> NDArray[
        np.int64
    ]:
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
            self.layout.chunk_start.size - 1, int(group.max()) + 1, step.WELFARE_BINS,
            4 + n_programmes,
        )
        counts = np.empty(shape, np.int64)
        incidence(
            *self.layout.blocks, group, self.weight, self.line_ratio, self.rules.propensity,
            np.uint16(regular_mask), people.word, people.welfare, people.benefit, people.enrolled,
            counts,
        )
        total: NDArray[np.int64] = counts.sum(axis=0)
        return total


def month_word(month: Month, stream: Stream) -> np.uint32:
    """Return the second counter word of a month and stream."""
    return np.uint32(month.ordinal | (int(stream) << MONTH_BITS))


def build_world(
    targets: Targets,
    parameter: Callable[[str], float],
    n_households: int,
    key: int,
    base: Month,
    n_chunks: int,
) -> World:
    """Draw the households of a region.

    Parameters
    ----------
    targets : published strata and distributions
    parameter : function from the id of a parameter to its value
    n_households : simulated households
    key : key of the seed and replicate
    base : base month; households are composed as of the burn-in's first year
    n_chunks : chunks of households, about twice the threads

    Returns
    -------
    World
        Not yet anchored: ``log_before`` is the published distribution after help.
    """
    strata, cells = targets.strata, targets.cells
    rules = Rules.of(parameter)
    real = strata.population / strata.mean_household_size
    floor = int(parameter("population.district_floor"))
    counts = allocate(n_households, real, strata.district, floor)
    layout = Layout.build(counts, strata.district, n_chunks)
    people = Households.empty(layout.n_households)
    word_key = np.uint32(key)
    identity = (strata.district.astype(np.uint32) << np.uint32(1)) | strata.area.astype(np.uint32)
    visits = parameter("lever.registry_verification_rate.default") / MONTHS_PER_YEAR
    draw_households(
        word_key, identity, layout.stratum_start,
        np.float32(parameter("registry.listed_poorest")),
        np.float32(parameter("registry.listed_richest")),
        np.float32(visits),
        people.permanent, people.persistent, people.transitory, people.record, people.record_month,
    )
    lifecycle = Lifecycle.of(parameter, strata.mean_household_size)
    spread = float(
        np.sqrt(1.0 + float(rules.size_slope) ** 2 * parameter("composition.log_size_variance"))
    )
    shift = strata.shift * spread
    n_cells, n_chunk = cells.p0.size, layout.chunk_start.size - 1
    reference = float(np.average(strata.line, weights=strata.population))
    extreme = parameter("poverty.extreme_line_ratio") * np.average(
        cells.line, weights=cells.population
    )
    world = World(
        targets=targets, cell_ranks=CellRanks(targets), rules=rules, lifecycle=lifecycle, layout=layout, households=people,
        key=word_key, weight=np.full(counts.size, WEIGHT_UNIT, np.int64),
        shift=shift.astype(np.float32), log_before=np.log(cells.welfare),
        line_ratio=(strata.line / reference).astype(np.float32),
        extreme_line=(extreme / strata.line).astype(np.float32),
        score_counts=np.zeros((n_chunk, n_cells, step.SCORE_NODES), np.int64),
        sums=np.zeros((layout.block_start.size, len(step.MEASURES)), np.int64),
        welfare_counts=np.zeros((n_chunk, n_cells, step.WELFARE_BINS), np.int64),
        table=np.zeros((n_cells, step.SCORE_NODES, 2), np.float32),
        reference_line=reference,
    )
    world.compose(base.year)
    size = (people.word & np.uint32(step.SIZE_MASK)).astype(np.int64)
    persons = np.add.reduceat(size, layout.stratum_start[:-1])
    world.weight[:] = np.rint(strata.population / persons * WEIGHT_UNIT).astype(np.int64)
    return world
