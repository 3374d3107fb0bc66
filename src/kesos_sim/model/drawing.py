"""Drawing the households of a region."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kesos_sim.kernels import households as step
from kesos_sim.kernels.bins import WELFARE_BINS
from kesos_sim.kernels.synthesis import draw_households
from kesos_sim.kernels.team import Team
from kesos_sim.model.rules import Rules
from kesos_sim.model.world import World
from kesos_sim.population.households import WEIGHT_UNIT, Households, Layout, allocate
from kesos_sim.population.lifecycle import Lifecycle
from kesos_sim.population.mapping import CellRanks
from kesos_sim.population.targets import Targets
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["build_world"]


def build_world(
    targets: Targets,
    parameter: Callable[[str], float],
    n_households: int,
    key: int,
    base: Month,
    team: Team,
) -> World:
    """Draw the households of a region.

    Parameters
    ----------
    targets : published strata and distributions
    parameter : function from the id of a parameter to its value
    n_households : simulated households
    key : key of the seed and replicate
    base : base month; households are composed as of the burn-in's first year
    team : threads that share the steps

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
    cuts = team.cuts(strata.province, counts)
    layout = Layout.build(counts, strata.district, team.pieces, cuts=cuts)
    first_of_chunk = layout.block_stratum[layout.chunk_start[:-1]]
    team.know(layout.district_stratum[:-1], first_of_chunk, strata.cell)
    people = Households.empty(layout.n_households)
    word_key = np.uint32(key)
    identity = (strata.district.astype(np.uint32) << np.uint32(1)) | strata.area.astype(np.uint32)
    visits = parameter("lever.registry_verification_rate.default") / MONTHS_PER_YEAR
    team.share(
        draw_households,
        layout.n_strata,
        word_key,
        people.first_id,
        identity,
        layout.stratum_start,
        np.float32(parameter("registry.listed_poorest")),
        np.float32(parameter("registry.listed_richest")),
        np.float32(visits),
        people.permanent,
        people.persistent,
        people.transitory,
        people.record,
        people.record_month,
    )
    lifecycle = Lifecycle.of(parameter, strata.mean_household_size)
    spread = float(
        np.sqrt(1.0 + float(rules.size_slope) ** 2 * parameter("composition.log_size_variance"))
    )
    shift = strata.shift * spread
    n_cells, n_chunk = cells.p0.size, layout.n_chunks
    reference = float(np.average(strata.line, weights=strata.population))
    extreme = parameter("poverty.extreme_line_ratio") * np.average(
        cells.line, weights=cells.population
    )
    world = World(
        team=team,
        targets=targets,
        cell_ranks=CellRanks(targets),
        rules=rules,
        lifecycle=lifecycle,
        layout=layout,
        households=people,
        key=word_key,
        weight=np.full(counts.size, WEIGHT_UNIT, np.int64),
        shift=shift.astype(np.float32),
        log_before=np.log(cells.welfare),
        line_ratio=(strata.line / reference).astype(np.float32),
        extreme_line=(extreme / strata.line).astype(np.float32),
        score_counts=np.zeros((n_chunk, n_cells, step.SCORE_NODES), np.int64),
        sums=np.zeros((layout.block_start.size, len(step.MEASURES)), np.int64),
        welfare_counts=np.zeros((n_chunk, n_cells, WELFARE_BINS), np.int64),
        table=np.zeros((n_cells, step.SCORE_NODES, 2), np.float32),
        reference_line=reference,
        line_rise=np.zeros(counts.size, np.float32),
    )
    world.compose(base.year)
    size = (people.word & np.uint32(step.SIZE_MASK)).astype(np.int64)
    persons = np.add.reduceat(size, layout.stratum_start[:-1])
    team.gather("stratum", persons)
    world.weight[:] = np.rint(strata.population / persons * WEIGHT_UNIT).astype(np.int64)
    return world
