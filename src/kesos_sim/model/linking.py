"""Who links households to help: facilitators, volunteers and the referral service of a month.

Each kind does one thing, as far as its people and their caseload go: subdistrict workers,
volunteers and extension workers bring cases to the front office, and people who hear from extension
workers what help there is ask for it themselves; service points in villages bring
more and shorten the way; social workers assess them, and services that they accompany succeed
more often; letters bring people to organisations and programmes; PKH facilitators hold families to
the programme's conditions; youth groups that are active bring new volunteers, people in need to
organisations, and money of their own enterprises; family counselling closes cases up to its room,
and keeps children in school. What this does to households is a deviation from the base period.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.extension import extension_cost, hearing
from kesos_sim.institutions.psks import PSKS, psks_counts, villages
from kesos_sim.institutions.slrt import Handled, Outlets, Pipeline
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.units import DAYS_PER_MONTH, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Linking"]

_CALLERS: Final = ("tksk", "psm", "penyuluh")
"""Kinds that bring cases to the front office."""
_YOUTH: Final = "karang_taruna"
_EXTENSION: Final = "penyuluh"
_PEOPLE: Final = 100_000.0


class Linking:
    """The linking people and points of a model.

    Parameters
    ----------
    model : the model

    Attributes
    ----------
    staff : float64[n_kinds, n_districts], persons or bodies, in the order of `PSKS`
    villages : float64[n_districts], villages
    pipeline : the cases that wait
    volunteers : float64[n_districts], persons, PSM at work
    proposals : float64[n_districts], cases sent to programmes since the last ranking
    usual : float64[n_districts], cases, the same in the base period
    counselled : float64[n_districts], cases that family counselling closed since the last January
    usual_counselled : float64[n_districts], cases, the same in the base period
    kept : float64[n_districts], share of lost schooling that counselling prevented in it
    last : what the last month came to; None before the first
    """

    def __init__(self, model: WelfareModel) -> None:
        self._model = model
        places, parameter = model.places, model.scenario.parameter
        nation = psks_counts(places.year, parameter, model.scenario.own_data)
        self.staff = nation.of(places.codes)
        self.villages = villages(places.year)[np.searchsorted(nation.codes, places.codes)]
        n = places.codes.size
        self.pipeline = Pipeline(n)
        self.volunteers = self._kind("psm").copy()
        self.proposals, self.usual = np.zeros(n), np.zeros(n)
        self.counselled, self.usual_counselled, self.kept = np.zeros((3, n))
        self.last: Handled | None = None

    def settle(self) -> None:
        """Fill the offices before the first month."""
        for _ in range(int(self._model.scenario.parameter("slrt.settle_months"))):
            self._handle()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see the attributes and `Pipeline`
        """
        return {
            "waiting": self.pipeline.waiting,
            "rest": self.pipeline.rest,
            "volunteers": self.volunteers,
            "proposals": self.proposals,
            "usual": self.usual,
            "counselled": self.counselled,
            "usual_counselled": self.usual_counselled,
            "kept": self.kept,
        }

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.pipeline.waiting, self.pipeline.rest = kept["waiting"], kept["rest"]
        self.volunteers, self.proposals = kept["volunteers"], kept["proposals"]
        self.usual, self.counselled = kept["usual"], kept["counselled"]
        self.usual_counselled, self.kept = kept["usual_counselled"], kept["kept"]

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the month came to.

        int64[n_districts, n_measures], counts in the order of
        `kesos_sim.indicators.linking.LINKING_MEASURES`
        """
        last = self.last
        if last is None:
            raise ValueError("no case has been handled yet")
        return np.array(
            [
                last.arrived,
                last.local,
                last.gave_up,
                last.counselled,
                last.referred,
                last.proposed,
                last.refused,
                np.rint(DAYS_PER_MONTH * last.waited + self._days() * last.decided),
                self.pipeline.backlog,
                self.families(),
                np.rint(self.facilitators),
                np.rint(self.volunteers),
                np.rint(self.youth_groups),
            ],
            np.int64,
        ).T

    # The month

    def live(self) -> None:
        """Let volunteers come and go, and the offices handle their cases."""
        parameter, lever = self._model.scenario.parameter, self._model.lever
        leaving = parameter("psks.volunteers_leave") / MONTHS_PER_YEAR
        kept = parameter("psks.support.strength") * lever("volunteer_support")
        # As many join as leave where nobody supports them and youth groups are as active as today.
        active = lever("youth_groups") / parameter("lever.youth_groups.default")
        from_groups = 1.0 + parameter("psks.youth.strength") * (active - 1.0)
        joining = from_groups * leaving * self._kind("psm")
        self.volunteers = self.volunteers + joining - leaving * (1.0 - kept) * self.volunteers
        self._handle()

    def _handle(self) -> None:
        """Handle a month's cases."""
        parameter, model = self._model.scenario.parameter, self._model
        points = model.lever("slrt_capacity") * self.villages
        callers = {kind: self._kind(kind) for kind in _CALLERS} | {"psm": self.volunteers}
        callers[_EXTENSION] = callers[_EXTENSION] * model.lever("extension_workers")
        arriving = parameter("slrt.point_cases") * points
        for kind, number in callers.items():
            arriving = arriving + parameter(f"psks.{kind}_cases") * number
        arriving = np.maximum(arriving + parameter("psks.information_office") * self.asking, 0.0)
        workers = model.lever("social_workers")
        load = parameter("psks.caseload") / MONTHS_PER_YEAR * parameter("psks.assessment_share")
        assessed = workers * load * self._kind("pekerja_sosial")
        desks = parameter("slrt.desk_cases") * self._kind("tksk")
        decisions = workers * parameter("slrt.decisions") * model.places.population / _PEOPLE
        helped = parameter("slrt.point_back_office") * points
        self.last = self.pipeline.step(
            arriving,
            np.array(
                [
                    desks + parameter("slrt.point_capacity") * points,
                    assessed + helped,
                    decisions + helped,
                ]
            ),
            Outlets(
                local=parameter("slrt.local"),
                give_up=parameter("slrt.give_up"),
                accepted=parameter("slrt.accepted"),
                counselled=parameter("slrt.to_counselling"),
                referred=parameter("slrt.to_organisation"),
                counselling=parameter("psks.lk3_cases") * self._kind("lk3"),
            ),
        )
        self.proposals = self.proposals + self.last.proposed
        self.counselled = self.counselled + self.last.counselled

    def _more_hear(self) -> NDArray[np.float64]:
        """Return who hears from extension workers beyond the base period.

        float64[n_districts], share of people in a year; below zero where fewer hear
        """
        model, people = self._model, self._model.places.population
        today, community = self._kind(_EXTENSION), model.parts.community
        if model.row <= 0:
            return np.zeros_like(today)
        now = model.lever("extension_workers") * today
        parameter = model.scenario.parameter
        heard = hearing(parameter, now, community.cohesion, people)
        return heard - hearing(parameter, today, community.usual_cohesion, people)

    # What others ask for

    @property
    def asking(self) -> NDArray[np.float64]:
        """Who asks for help after hearing of it, beyond the base period.

        float64[n_districts], people per month, in need whom nobody serves
        """
        strength = self._model.scenario.parameter("psks.information.strength")
        in_need = self._model.parts.serving.unmet
        return strength / MONTHS_PER_YEAR * self._more_hear() * in_need

    @property
    def facilitators(self) -> NDArray[np.float64]:
        """PKH facilitators: float64[n_districts], persons."""
        usual = self._model.scenario.parameter("lever.facilitator_ratio.default")
        return self._kind("pendamping_pkh") * usual / self._model.lever("facilitator_ratio")

    @property
    def youth_groups(self) -> NDArray[np.float64]:
        """Youth groups (Karang Taruna) that are active: float64[n_districts], groups."""
        return self._model.lever("youth_groups") * self._kind(_YOUTH)

    def conditions(self) -> float:
        """Return how well conditions of PKH are followed up, against today.

        Returns
        -------
        float
            1 at today's families per facilitator, or where it has no effect.
        """
        parameter = self._model.scenario.parameter
        ideal = parameter("psks.facilitator_ideal")
        now, usual = (
            min(1.0, ideal / ratio)
            for ratio in (
                self._model.lever("facilitator_ratio"),
                parameter("lever.facilitator_ratio.default"),
            )
        )
        return 1.0 + parameter("psks.conditions.strength") * (now / usual - 1.0)

    def success(self, usual: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how many services end a need, with the social workers that there are.

        Parameters
        ----------
        usual : float32[...], share, services that end the need today

        Returns
        -------
        float32[...], share
        """
        parameter = self._model.scenario.parameter
        today = parameter("psks.social_workers_share")
        covered = min(1.0, today * self._model.lever("social_workers"))
        added = parameter("psks.accompaniment.strength") * (covered - today) / (1.0 - today)
        return (usual + np.float32(added) * (np.float32(1.0) - usual)).astype(np.float32)

    def referral(self, free: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return to how many free places of each district people come.

        Letters and youth groups bring them; others have heard of help and ask for it themselves.

        Parameters
        ----------
        free : float64[n_districts], clients, places that organisations want to fill

        Returns
        -------
        float32[n_districts], share of the free places for which clients are looked
        """
        parameter = self._model.scenario.parameter
        if self.last is None:
            return np.zeros(free.size, np.float32)
        looked_for = parameter("orsos.search_effort") * free
        letters = parameter("slrt.referral.strength") * self.last.referred
        # Youth groups bring people themselves; those active today are in what is published.
        more = self.youth_groups - parameter("lever.youth_groups.default") * self._kind(_YOUTH)
        cared_for = parameter("psks.youth_care.strength") * more
        themselves = (1.0 - parameter("psks.information_office")) * self.asking
        come = letters + cared_for + themselves
        share = np.clip(come / np.maximum(looked_for, 1.0), 0.0, 1.0)
        return np.asarray(share, np.float32)

    def more_proposals(self) -> NDArray[np.float64]:
        """Return how many more proposals come to the registry than in the base period.

        Called at a ranking, after which proposals are counted anew. Of families that hear what help
        there is and are not listed, some ask for it.

        Returns
        -------
        float64[n_districts], share of unlisted households in visible need
        """
        parameter, places = self._model.scenario.parameter, self._model.places
        if self._model.row <= 0:
            self.usual = self.proposals
        more = parameter("slrt.proposal.strength") * (self.proposals - self.usual)
        self.proposals = np.zeros_like(self.proposals)
        unlisted = parameter("registry.need_rank") * (1.0 - parameter("registry.listed_poorest"))
        asking = parameter("psks.information.strength") * self._more_hear()
        asking = asking * self._model.office.interval / MONTHS_PER_YEAR
        return np.asarray(more / np.maximum(unlisted * places.households, 1.0) + asking)

    def keep_in_school(self, missing: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how much less schooling is lost since families are counselled.

        Called in January, after which cases are counted anew.

        Parameters
        ----------
        missing : int64[n_districts], children whose family's need of education nobody meets

        Returns
        -------
        float64[n_districts], share of what they would lose; below zero where fewer families are
            counselled than in the base period
        """
        if self._model.row <= 0:
            self.usual_counselled = self.counselled
        strength = self._model.scenario.parameter("psks.counselling.strength")
        more = strength * (self.counselled - self.usual_counselled)
        self.kept = np.clip(more / np.maximum(missing, 1), -1.0, 1.0)
        self.counselled = np.zeros_like(self.counselled)
        return self.kept

    @property
    def youth_gifts(self) -> NDArray[np.float64]:
        """What enterprises of youth groups give to organisations beyond those active today.

        float64[n_districts], rupiah per month; below zero where fewer groups are active
        """
        parameter = self._model.scenario.parameter
        more = self.youth_groups - parameter("lever.youth_groups.default") * self._kind(_YOUTH)
        gift = parameter("psks.youth_gift") / MONTHS_PER_YEAR
        return parameter("psks.youth_enterprise.strength") * gift * more

    def cost(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what the people and points cost.

        Returns
        -------
        tuple of float64[n_districts], rupiah per year
            From regional budgets: service points, social workers, support of volunteers, and of
            youth groups that are not active today, extension workers beyond those of today; from
            the national budget: PKH facilitators and subdistrict workers.
        """
        parameter, lever = self._model.scenario.parameter, self._model.lever
        more = max(0.0, lever("youth_groups") - parameter("lever.youth_groups.default"))
        regional = (
            parameter("slrt.point_cost") * lever("slrt_capacity") * self.villages
            + parameter("psks.social_worker_pay")
            * lever("social_workers")
            * self._kind("pekerja_sosial")
            + parameter("psks.volunteer_support_pay") * lever("volunteer_support") * self.volunteers
            + parameter("psks.youth_group_support") * more * self._kind(_YOUTH)
        )
        informing = max(0.0, lever("extension_workers") - 1.0) * self._kind(_EXTENSION)
        regional = regional + extension_cost(parameter, informing)
        national = parameter("psks.facilitator_pay") * self.facilitators
        national = national + parameter("psks.tksk_pay") * self._kind("tksk")
        return regional, national

    # Of one kind

    def _kind(self, name: str) -> NDArray[np.float64]:
        """Return the people or bodies of a kind: float64[n_districts]."""
        return np.asarray(self.staff[PSKS.index(name)])

    def _days(self) -> float:
        """Return the days that a case takes besides waiting: fewer where there are points."""
        parameter, points = self._model.scenario.parameter, self._model.lever("slrt_capacity")
        short, long = parameter("slrt.days_integrated"), parameter("slrt.days_ordinary")
        return points * short + (1.0 - points) * long

    def families(self) -> NDArray[np.float64]:
        """Return PKH families.

        Returns
        -------
        float64[n_districts], households
        """
        model = self._model
        real = model.recipients[model.schedule.index("PKH")] * (model.world.weight / WEIGHT_UNIT)
        cut = model.world.layout.district_stratum[:-1]
        return np.asarray(np.rint(np.add.reduceat(real, cut)))
