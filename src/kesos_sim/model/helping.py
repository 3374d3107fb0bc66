"""What offices and programmes do to households: visit, select, grant, teach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels import registry as office
from kesos_sim.kernels.counting import enrolled_households, school_children
from kesos_sim.kernels.gains import school_gains
from kesos_sim.model.rules import Offer
from kesos_sim.model.world import World
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

__all__ = ["count_enrolled", "count_school_age", "grant", "school", "select", "verify"]


def verify(
    world: World,
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
    world : the households
    month : the month
    age_month : months since the start of the run, for the age of records
    verified, proposed, objected : float32[n_districts], share, since the last time
    truth : correlation of the proxy-means score with lasting welfare
    need_limit : float32[n_districts, 2], normal score, limits of visible need and ease
    """
    people = world.households
    world.team.share(
        office.verify_records,
        world.layout.n_districts,
        world.key,
        month_word(month.ordinal, Stream.REGISTRY),
        np.int16(age_month),
        people.first_id,
        world.layout.district_start,
        verified,
        proposed,
        objected,
        np.float32(truth),
        world.rules.persistent_load,
        need_limit,
        people.base,
        people.persistent,
        people.score,
        people.record_score,
        people.record_month,
        people.record,
    )


def select(
    world: World,
    programme: int,
    code: int,
    quota: NDArray[np.float64],
    *,
    by_person: bool,
    elderly70: bool,
    discord: float,
    lead: float,
    regular_mask: int,
    pkh_mask: int,
) -> None:
    """Give a programme to the lowest-ranked eligible records of each district.

    Parameters
    ----------
    world : the households
    programme : number of the programme
    code : who may get it, see `kesos_sim.kernels.registry`
    quota : float64[n_districts], real households or persons, places to give
    by_person : whether the quota counts persons
    elderly70 : whether elderly means 70 and over
    discord : spread by which the programme's list differs from the registry's ranking
    lead : score by which households without an earner come earlier in the ranking
    regular_mask, pkh_mask : programmes that make a family one in regular aid
    """
    people = world.households
    world.team.share(
        office.select_by_rank,
        world.layout.n_districts,
        world.key,
        people.first_id,
        programme,
        code,
        by_person,
        elderly70,
        np.float32(discord),
        np.float32(lead),
        np.uint16(regular_mask),
        np.uint16(pkh_mask),
        world.layout.district_stratum,
        world.layout.stratum_start,
        world.targets.strata.area,
        world.weight,
        np.rint(quota * WEIGHT_UNIT).astype(np.int64),
        people.word,
        people.record_score,
        people.record,
        people.enrolled,
    )


def grant(
    world: World,
    offer: Offer,
    households: NDArray[np.int64],
    persons: NDArray[np.int64],
    rupiah: NDArray[np.int64],
) -> None:
    """Work out what each household receives a month, and what that costs a year.

    Parameters
    ----------
    world : the households
    offer : what the programmes give
    households, persons : int64[n_programmes, n_strata], simulated, written
    rupiah : int64[n_programmes, n_strata], rupiah a year due to simulated households, written
    """
    people = world.households
    world.team.share(
        office.grant_benefits,
        world.layout.n_districts,
        offer.in_kind,
        offer.flat,
        offer.pkh_part,
        offer.received,
        offer.components,
        offer.limits,
        offer.order,
        offer.most,
        offer.elderly70,
        world.layout.district_stratum,
        world.layout.stratum_start,
        world.targets.strata.line,
        offer.extra,
        people.word,
        people.enrolled,
        people.benefit,
        households,
        persons,
        rupiah,
    )
    world.team.gather("stratum", households, persons, rupiah, axis=1)


def count_enrolled(world: World, programmes: Sequence[int]) -> NDArray[np.float64]:
    """Return the real households in some programmes, by district.

    Parameters
    ----------
    world : the households
    programmes : numbers of the programmes

    Returns
    -------
    float64[len(programmes), n_districts], households
    """
    cut = world.layout.district_stratum[:-1]
    found = np.empty((len(programmes), cut.size))
    simulated = np.empty(world.weight.size, np.int64)
    for row, programme in enumerate(programmes):
        enrolled_households(
            world.layout.stratum_start, programme, world.households.enrolled, simulated
        )
        world.team.gather("stratum", simulated)
        found[row] = np.add.reduceat(simulated * (world.weight / WEIGHT_UNIT), cut)
    return found


def count_school_age(world: World) -> NDArray[np.float64]:
    """Return the real children of school age, 7 to 18 years, by district.

    Parameters
    ----------
    world : the households

    Returns
    -------
    float64[n_districts], children
    """
    simulated = np.empty(world.weight.size, np.int64)
    school_children(world.layout.stratum_start, world.households.word, simulated)
    world.team.gather("stratum", simulated)
    real = simulated * (world.weight / WEIGHT_UNIT)
    return np.asarray(np.add.reduceat(real, world.layout.district_stratum[:-1]))


def school(
    world: World,
    pkh_mask: int,
    step: float,
    expected: NDArray[np.float32],
    missed: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Add a year of schooling under PKH conditions.

    Parameters
    ----------
    world : the households
    pkh_mask : bit of PKH
    step : gain of a household per child of senior secondary age, log points
    expected : float32[n_cells], log points, what the baseline gains
    missed : float64[n_strata], log points of simulated households, what children out of school lose

    Returns
    -------
    float32[n_cells], log points, mean gain of this year before what was expected
    """
    people, strata = world.households, world.targets.strata
    children = np.zeros(strata.cell.size, np.int64)
    households = np.zeros(strata.cell.size, np.int64)
    school_gains(
        world.layout.stratum_start,
        strata.cell,
        world.weight,
        np.uint16(pkh_mask),
        np.float32(step),
        expected,
        people.word,
        people.enrolled,
        people.gain,
        children,
        households,
    )
    world.team.gather("stratum", children)
    n = expected.size
    total = np.maximum(np.bincount(strata.cell, households * world.weight, n), 1.0)
    gained = step * np.bincount(strata.cell, children * world.weight, n)
    gained -= np.bincount(strata.cell, missed * world.weight, n)
    return (gained / total).astype(np.float32)
