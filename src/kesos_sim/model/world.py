"""The world of households: arrays, places and the steps that move them.

Everything here is the same under every policy except what a policy gives:
enrolments, benefits and what follows from them. Institutions live in
`kesos_sim.institutions`; the order of a month is in `kesos_sim.model.month`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kesos_sim.kernels import households as step
from kesos_sim.kernels import registry as office
from kesos_sim.kernels.composition import compose
from kesos_sim.kernels.incidence import incidence
from kesos_sim.kernels.synthesis import draw_households, permanent_base
from kesos_sim.population.households import WEIGHT_UNIT, Households, Layout, allocate
from kesos_sim.population.lifecycle import Lifecycle
from kesos_sim.population.mapping import cumulative_ranks, welfare_table
from kesos_sim.population.targets import Targets
from kesos_sim.rng import MONTH_BITS, Stream
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["SHOCKS", "Rules", "World", "build_world"]

SHOCKS = ("illness", "earner_death", "job_loss", "harvest")
"""Kinds of shock; illness first, because insurance acts on it."""

_AREAS = ("urban", "rural")
_BITS16 = 1 << 16


@dataclass(frozen=True)
class Rules:
    """Parameters of households in the form that the kernels take.

    Attributes
    ----------
    permanent_load, persistent_load, transitory_load : float32, score, weights of the parts
    persistent_keep, transitory_keep : float32, share per month, autoregressions
    size_slope : float32, score per log person, fall of the score with household size
    shock_limit : int32[2, n_shocks], 1/65536 per month, cumulative chance by area
    shock_loss : float32[n_shocks], log points, loss at once
    loss_keep : float32, share per month, part of a loss that is left a month later
    insured_share : float32, share, part of an illness loss that insurance takes over
    propensity : float32, share, part of a transfer that is consumed
    smoothing, savings_keep, saved_share : float32, share, use of savings
    """

    permanent_load: np.float32
    persistent_load: np.float32
    transitory_load: np.float32
    persistent_keep: np.float32
    transitory_keep: np.float32
    size_slope: np.float32
    shock_limit: NDArray[np.int32]
    shock_loss: NDArray[np.float32]
    loss_keep: np.float32
    insured_share: np.float32
    propensity: np.float32
    smoothing: np.float32
    savings_keep: np.float32
    saved_share: np.float32

    @classmethod
    def of(cls, parameter: Callable[[str], float]) -> Rules:
        """Read the rules from the parameter table.

        Parameters
        ----------
        parameter : function from the id of a parameter to its value

        Returns
        -------
        Rules
        """
        permanent = parameter("household.permanent_share")
        transitory = parameter("household.transitory_share")
        chance = np.array(
            [[parameter(f"shock.{kind}_chance_{area}") for kind in SHOCKS] for area in _AREAS]
        )
        yearly = parameter("household.persistence_yearly")
        return cls(
            permanent_load=np.float32(np.sqrt(permanent)),
            persistent_load=np.float32(np.sqrt(1.0 - permanent - transitory)),
            transitory_load=np.float32(np.sqrt(transitory)),
            persistent_keep=np.float32(yearly ** (1.0 / MONTHS_PER_YEAR)),
            transitory_keep=np.float32(parameter("household.transitory_persistence_monthly")),
            size_slope=np.float32(parameter("household.size_score_slope")),
            shock_limit=np.rint(np.cumsum(chance, axis=1) * _BITS16).astype(np.int32),
            shock_loss=np.array([parameter(f"shock.{k}_loss") for k in SHOCKS], np.float32),
            loss_keep=np.float32(parameter("shock.monthly_keep")),
            insured_share=np.float32(parameter("shock.insured_share")),
            propensity=np.float32(parameter("household.propensity_to_consume")),
            smoothing=np.float32(parameter("household.savings_smoothing")),
            savings_keep=np.float32(parameter("household.savings_keep")),
            saved_share=np.float32(parameter("household.saved_share")),
        )


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
    shift = (ndtri(cells.p0[strata.cell] / 100.0) - ndtri(strata.p0 / 100.0)) * spread
    n_cells, n_chunk = cells.p0.size, layout.chunk_start.size - 1
    reference = float(np.average(strata.line, weights=strata.population))
    extreme = parameter("poverty.extreme_line_ratio") * np.average(
        cells.line, weights=cells.population
    )
    world = World(
        targets=targets, rules=rules, lifecycle=lifecycle, layout=layout, households=people,
        key=word_key, weight=np.full(counts.size, WEIGHT_UNIT, np.int64),
        shift=shift.astype(np.float32), log_before=np.log(cells.welfare),
        line_ratio=(strata.line / reference).astype(np.float32),
        extreme_line=(extreme / strata.line).astype(np.float32),
        score_counts=np.zeros((n_chunk, n_cells, step.SCORE_NODES), np.int64),
        sums=np.zeros((layout.block_start.size, len(step.MEASURES)), np.int64),
        welfare_counts=np.zeros((n_chunk, n_cells, step.WELFARE_BINS), np.int64),
        table=np.zeros((n_cells, step.SCORE_NODES, 2), np.float32),
    )
    world.compose(base.year)
    size = (people.word & np.uint32(step.SIZE_MASK)).astype(np.int64)
    persons = np.add.reduceat(size, layout.stratum_start[:-1])
    world.weight[:] = np.rint(strata.population / persons * WEIGHT_UNIT).astype(np.int64)
    return world
