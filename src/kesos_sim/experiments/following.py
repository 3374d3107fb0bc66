"""Runs that are watched through the eyes of one household, district or organisation.

A follower only looks: a run that is followed is the same to the bit as one that is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
from kesos_sim.experiments.run import Progress, Run, observed, read, sensible_threads
from kesos_sim.indicators.parts import COUNTED
from kesos_sim.institutions.youth import part_of_gifts
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.opening import open_model
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = [
    "DistrictFollower",
    "DistrictMonth",
    "Follower",
    "check_district",
    "follow",
]


class Follower(Protocol):
    """What looks at a model before and after each month."""

    def before(self) -> None:
        """Look before the model lives a month."""

    def after(self) -> None:
        """Look after the model has lived a month."""


@dataclass(frozen=True, slots=True)
class DistrictMonth:
    """One month of a district's coordinating body and services.

    Attributes
    ----------
    row : int
        Months since the base month.
    awake : bool
        Whether its coordinating body works.
    unpaid : bool
        Whether the body works and the money of its secretariat has not been released this year.
    working, members : int
        Organisations that work, and members among them.
    joined, left : int
        Organisations that have become members, and that have ceased to be, since the month
        before.
    in_need, served, places : int
        Clients with a need, those whom somebody serves, and these counted once for each
        organisation that serves them.
    reached, months_waited, sent_away : int
        Clients newly served whom nobody had served, the months that these had waited together,
        and clients whose service ended since organisations had no money for it.
    orsos_income : mapping of str to int
        Rupiah of the price year that its organisations receive in the month, by source.
    from_youth : float
        Rupiah of the price year, of their own business, that enterprises of youth groups give
        beyond what is usual; below zero where they give less.
    csr_through_forum : int
        Rupiah of the price year, of the money of firms, that came through the forum and the body.
    csr_routed : float
        Part of its firms' money that the forum of its province hands to bodies this year.
    orsos_spent, orsos_reserve : int
        Rupiah of the price year that they spend in it, and that they have left.
    referral_arrived, referral_letters, referral_refused, referral_backlog : int
        Cases that come to the referral service (SLRT), those decided with a letter and without,
        and those that wait.
    referral_days : int
        Days that the decided cases had taken together.
    counselled : int
        Cases of the referral service that family counselling closed.
    school_kept : float
        Share of the school years that children with an unmet need of education would lose, which
        family counselling has kept since January, against the base period.
    national_money : float
        Rupiah of the price year of the national budget for the secretariat of the national body.
    asking : float
        People in need whom nobody serves, who ask for help after hearing of it from extension
        workers, beyond those of the base period.
    bylaw : bool
        Whether a bylaw on social welfare holds in it, its own or its province's.
    affected, needed, first_helped, aided, waiting : int
        People whom disasters of the month hit, those of them who need first help, those who had it
        in this month, those among them who had it through other provinces, and those who still
        wait for it.
    cash_families : int
        Families to whom a rule gives cash after disasters of the month.
    groups : int
        Neighbourhood groups (WKSBM) that work.
    mutual_help : int
        Rupiah of the price year that they pay to members and neighbours.
    """

    row: int
    awake: bool
    unpaid: bool
    working: int
    members: int
    joined: int
    left: int
    in_need: int
    served: int
    places: int
    reached: int
    months_waited: int
    sent_away: int
    orsos_income: Mapping[str, int]
    from_youth: float
    csr_through_forum: int
    csr_routed: float
    orsos_spent: int
    orsos_reserve: int
    referral_arrived: int
    referral_letters: int
    referral_refused: int
    referral_backlog: int
    referral_days: int
    counselled: int
    school_kept: float
    national_money: float
    asking: float
    bylaw: bool
    affected: int
    needed: int
    first_helped: int
    aided: int
    waiting: int
    cash_families: int
    groups: int
    mutual_help: int


class DistrictFollower:
    """Follows the body and the services of one district.

    Parameters
    ----------
    model : WelfareModel
        The model, in its base month.
    code : int
        BPS code of the district.
    """

    def __init__(self, model: WelfareModel, code: int) -> None:
        self.model = model
        self.code = check_district(code, model.places.codes.tolist())
        self.place = int(np.searchsorted(model.places.codes, code))
        self.months: list[DistrictMonth] = []
        self._own = np.flatnonzero(model.parts.serving.orsos.home == self.place)
        self._members = self._now_members()
        self._national = False

    @property
    def body(self) -> tuple[tuple[str, bool], ...]:
        """When its body fell dormant (false) or revived (true) since the base month."""
        changes = self.model.parts.serving.bodies.bodies[self.place].changes
        start = self.model.scenario.start
        return tuple((str(month), awake) for month, awake in changes if month > start)

    def before(self) -> None:
        """Remember who is a member, and whether the national body is paid for the coming month."""
        self._members = self._now_members()
        self._national = bool(self.model.parts.serving.bodies.above.awake[0])

    def after(self) -> None:
        """Take the month that the model has lived."""
        serving, d = self.model.parts.serving, self.place
        last, now = serving.last, self._now_members()
        if last is None:
            raise ValueError("nobody has been served yet")
        forums = serving.funding.giving.business
        paid = self.model.lever("national_secretariat")
        seen, row = observed(self.model).counted, self.model.row
        hit, near, led, done = (
            dict(zip(COUNTED[part].measures, seen[part][row, d].tolist(), strict=True))
            for part in ("hazards", "community", "linking", "serving")
        )
        self.months.append(
            DistrictMonth(
                row=self.model.row,
                awake=bool(serving.bodies.awake[d]),
                unpaid=bool(serving.bodies.unpaid(self.model.lever)[d]),
                working=int(serving.bodies.working[d]),
                members=int(serving.bodies.members[d]),
                joined=int((now & ~self._members).sum()),
                left=int((self._members & ~now).sum()),
                in_need=int(last.in_need[d].sum()),
                served=int(last.served[d].sum()),
                places=int(last.places[d].sum()),
                reached=done["reached"],
                months_waited=done["waited"],
                sent_away=done["sent_away"],
                orsos_income={source: done[source] for source in SOURCES},
                from_youth=done["own_business"] * part_of_gifts(serving.funding.with_gifts[d]),
                csr_through_forum=int(serving.funding.giving.through_forum[d]),
                csr_routed=float(forums.routed(self.model.lever("csr_matching"))[d]),
                orsos_spent=done["spent"],
                orsos_reserve=done["reserves"],
                referral_arrived=led["arrived"],
                referral_letters=led["counselled"] + led["referred"] + led["proposed"],
                referral_refused=led["refused"],
                referral_backlog=led["backlog"],
                referral_days=led["days"],
                counselled=led["counselled"],
                school_kept=float(self.model.parts.linking.kept[d]),
                national_money=self._national * paid / MONTHS_PER_YEAR,
                asking=float(self.model.parts.linking.asking[d]),
                bylaw=bool(serving.bodies.backing.law[d]),
                affected=hit["affected"],
                needed=hit["needed"],
                first_helped=hit["helped"],
                aided=hit["aided"],
                waiting=hit["waiting"],
                cash_families=hit["cash_families"],
                groups=near["active"],
                mutual_help=near["paid"],
            )
        )

    def _now_members(self) -> NDArray[np.bool_]:
        """Return which organisations of the district are members: bool[n], flag."""
        return self.model.parts.serving.orsos.members[self._own]


F = TypeVar("F", bound=Follower)


def follow(
    scenario: Scenario,
    start: Callable[[WelfareModel], F],
    until: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[F, Run]:
    """Run a scenario and look at it with a follower.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    start : function
        Makes the follower of a model in its base month.
    until : int, optional
        Last month to live, in months since the base month; all when left out.
    threads : int, optional
        Threads of the kernels.
    progress : function, optional
        Told what is being done.

    Returns
    -------
    tuple of Follower and Run
        What was seen, and the run as far as it was lived.
    """
    began = time.perf_counter()
    tell = progress or (lambda *_: None)
    threads = threads or sensible_threads(scenario.households)
    model = open_model(scenario, threads, note=lambda what: tell(what, 0, 1))
    follower = start(model)
    last = scenario.months if until is None else min(until, scenario.months)
    follower.after()
    while model.row < last:
        follower.before()
        model.step()
        follower.after()
        tell("months", model.row, last)
    return follower, read(model, time.perf_counter() - began)


def check_district(code: int, districts: Sequence[int]) -> int:
    """Return the code of a district that a run has.

    Parameters
    ----------
    code : int
        BPS code.
    districts : sequence of int
        Districts of the run.

    Returns
    -------
    int
        The code.

    Raises
    ------
    InputError
        If the run does not have it.
    """
    if code not in districts:
        raise InputError("KS1973", "explain.no_district", field="--district", got=code)
    return code
