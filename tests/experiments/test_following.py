"""Followers see what the arrays of the run hold, and change nothing by looking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments import following
from kesos_sim.experiments.following import DistrictFollower, Follower, follow
from kesos_sim.experiments.household_life import HouseholdFollower
from kesos_sim.experiments.household_month import REASONS
from kesos_sim.experiments.orsos_life import OrsosFollower
from kesos_sim.indicators.community import COMMUNITY_MEASURES
from kesos_sim.indicators.coordination import SERVICE_MEASURES
from kesos_sim.indicators.hazards import HAZARD_MEASURES
from kesos_sim.indicators.linking import LINKING_MEASURES
from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.kernels.places import EMPTY
from kesos_sim.kernels.registry import LISTED
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.needing import EDUCATION
from kesos_sim.population.needs import KINDS
from kesos_sim.scenario import Scenario, changed, from_document
from tests.model.lives import fingerprint, live

Open = Callable[..., WelfareModel]
MONTHS = 7
"""Enough for a ranking of the registry, the income shock and the first new money."""


class Crowd:
    """Many followers at once, and the arrays of each month beside them."""

    def __init__(self, model: WelfareModel) -> None:
        self.model = model
        people, n = model.world.households, model.world.layout.n_households
        in_need = np.flatnonzero(people.needs)[:12]
        helped = np.flatnonzero(people.enrolled)[:20]
        chosen = np.unique(np.concatenate([np.arange(0, n, n // 50), in_need, helped]))
        self.homes = [HouseholdFollower(model, int(number)) for number in chosen]
        self.districts = [DistrictFollower(model, int(code)) for code in model.places.codes]
        orsos = range(0, model.parts.serving.orsos.home.size, 7)
        self.orsos = [OrsosFollower(model, number) for number in orsos]
        self.felt: list[np.ndarray] = []
        self.losses: list[np.ndarray] = []
        self.benefits: list[np.ndarray] = []
        self.needs: list[np.ndarray] = []
        self.enrolled: list[np.ndarray] = []
        self.records: list[np.ndarray] = []
        self.held: list[int] = []

    @property
    def followers(self) -> Sequence[Follower]:
        return [*self.homes, *self.districts, *self.orsos]

    def before(self) -> None:
        for one in self.followers:
            one.before()

    def after(self) -> None:
        for one in self.followers:
            one.after()
        people = self.model.world.households
        chosen = [home.number for home in self.homes]
        for kept, array in (
            (self.losses, people.loss),
            (self.benefits, people.benefit),
            (self.needs, people.needs),
            (self.enrolled, people.enrolled),
            (self.records, people.record),
        ):
            kept.append(array[chosen].copy())
        self.felt.append(self.model.parts.hazards.felt[chosen].copy())
        places = self.model.parts.serving.orsos.place_case
        self.held.append(int((places != EMPTY).sum()))


@pytest.fixture(scope="module")
def crowd(busy: Scenario, open_small: Open) -> Crowd:
    """Everybody that is followed through a busy half year."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "open_model", lambda scenario, threads, **_: open_small(scenario))
        seen, _ = follow(busy, Crowd, MONTHS, 1)
    return seen


def test_looking_changes_no_bit(crowd: Crowd, busy: Scenario, open_small: Open) -> None:
    assert crowd.model.row == MONTHS
    assert fingerprint(live(open_small(busy), MONTHS)) == fingerprint(crowd.model)


def test_shocks_are_what_the_losses_gained(crowd: Crowd) -> None:
    keep = float(crowd.model.world.rules.loss_keep)
    hits = 0
    for i, home in enumerate(crowd.homes):
        for row in range(1, MONTHS + 1):
            month = home.months[row]
            apart = {"price_rise", "disaster"}
            shocks = {kind: share for kind, share in month.shocks.items() if kind not in apart}
            event = next(e for e in crowd.model.decisions.events if e.hazard == "income_shock")
            goes_on = event.month < crowd.model.scenario.start + row <= event.month + 1
            gained = crowd.losses[row][i] - keep * crowd.losses[row - 1][i]
            gained -= crowd.felt[row][i] - keep * crowd.felt[row - 1][i]
            told = sum(-np.log1p(-share) for share in shocks.values())
            if not goes_on:  # while the event goes on it gives back what has waned
                assert gained == pytest.approx(told, abs=2e-5)
            hits += len(shocks)
    assert hits > 10
    prices = [month.shocks.get("price_rise") for month in crowd.homes[0].months]
    assert [row for row, rise in enumerate(prices) if rise] == [6]


def test_what_programmes_give_is_the_benefit(crowd: Crowd) -> None:
    plan = crowd.model.schedule
    in_kind = {name for name, premium in zip(plan.names, plan.by_person, strict=True) if premium}
    reached = 0
    for i, home in enumerate(crowd.homes):
        for row, month in enumerate(home.months):
            rupiah = crowd.benefits[row][i] * home.line * month.members["size"]
            cash = [given for name, given in month.programmes.items() if name not in in_kind]
            assert sum(given.received for given in cash) == pytest.approx(rupiah, abs=20.0)
            assert month.help == pytest.approx(rupiah, abs=1.0)
            assert all(given.received <= given.due * 1.0001 for given in cash)
            named = {
                plan.names[k] for k in range(len(plan.names)) if crowd.enrolled[row][i] >> k & 1
            }
            assert month.programmes.keys() == named
            reached += bool(cash)
    assert reached > 50


def test_reasons_are_those_of_the_records(crowd: Crowd) -> None:
    seen = set()
    for i, home in enumerate(crowd.homes):
        for row, month in enumerate(home.months):
            assert month.programmes.keys().isdisjoint(month.refused)
            assert month.listed == bool(crowd.records[row][i] & LISTED)
            seen |= set(month.refused.values())
            for programme, reason in month.refused.items():
                assert reason in REASONS
                if reason == "not_listed":
                    assert not month.listed
                if reason == "rank" and programme in {"PKH", "SEMBAKO", "PBI"}:
                    assert month.listed
                if reason == "in_regular_aid":
                    assert month.programmes.keys() & {"PKH", "SEMBAKO"}
                if reason == "urban":
                    assert not home.place[1]
                if reason == "composition" and programme == "kartu-lansia":
                    assert month.members["elderly_70"] == 0
    assert {"not_listed", "composition", "rank", "in_regular_aid", "urban"} <= seen


def test_needs_are_those_of_the_household_and_servers_hold_its_people(crowd: Crowd) -> None:
    orsos, cases = crowd.model.parts.serving.orsos, crowd.model.parts.serving.cases
    reasons = set()
    for i, home in enumerate(crowd.homes):
        for row, month in enumerate(home.months):
            bits = sum(1 << KINDS.index(need.kind) for need in month.needs)
            assert bits == crowd.needs[row][i]
            for need in month.needs:
                assert bool(need.servers) == (need.served > 0.0)
                assert 0.0 <= need.doubled <= need.served <= 1.0
                assert need.months >= 0
                assert (need.why is None) == bool(need.servers)
                own = (orsos.home == home.district) & (orsos.field == KINDS.index(need.kind))
                assert need.organisations == int((own & orsos.working).sum())
                assert need.unserved >= 0 and need.free >= 0
                reasons.add(need.why)
        held = orsos.place_case[orsos.place_case != EMPTY]
        own = held[cases.household[held] == home.number]
        assert bool(own.size) == any(need.servers for need in home.months[-1].needs)
    assert reasons >= {None, "all_full", "others_chosen"}


def test_districts_are_those_of_the_observer(crowd: Crowd) -> None:
    observer = crowd.model.observer
    assert observer is not None
    counted = observer.counted["serving"]
    at = {name: number for number, name in enumerate(SERVICE_MEASURES)}
    for district in crowd.districts:
        asking = crowd.model.parts.linking.asking[district.place]
        assert district.months[-1].asking == asking
        for row, month in enumerate(district.months):
            own = counted[row, district.place]
            for name in ("in_need", "served", "places", "awake", "working", "members", "sent_away"):
                assert getattr(month, name) == own[at[name]]
            assert month.csr_through_forum == own[at["through_forum"]]
            assert month.orsos_income == {source: own[at[source]] for source in SOURCES}
            assert [month.reached, month.months_waited] == [own[at["reached"]], own[at["waited"]]]
            for part, measures, names in (
                ("hazards", HAZARD_MEASURES, {"needed": "needed", "first_helped": "helped"}),
                (
                    "linking",
                    LINKING_MEASURES,
                    {"referral_days": "days", "counselled": "counselled"},
                ),
                ("community", COMMUNITY_MEASURES, {"groups": "active", "mutual_help": "paid"}),
            ):
                there = observer.counted[part][row, district.place]
                for name, measure in names.items():
                    assert getattr(month, name) == there[measures.index(measure)]
            if row:
                gained = month.members - district.months[row - 1].members
                assert month.joined - month.left == gained


def test_organisations_hold_their_clients(crowd: Crowd) -> None:
    serving = crowd.model.parts.serving
    assert sum(one.months[-1].clients for one in crowd.orsos) > 0
    slots = np.diff(serving.orsos.place_start)
    for one in crowd.orsos:
        agent = serving.bodies.agent(one.number)
        for before, month in zip(one.months, one.months[1:], strict=False):
            assert 0 <= month.shared <= month.clients
            assert month.clients <= month.places <= one.stands_for * slots[one.number]
            assert month.reserve >= 0 and month.income >= 0.0
            assert 0 <= month.elsewhere <= month.clients
            when = crowd.model.scenario.start + month.row
            changes = [joined for change, joined in agent.changes if change == when]
            assert (month.member != before.member) == bool(changes)
            if changes:
                assert changes == [month.member]
        assert one.months[-1].reserve == serving.funding.money.reserve[one.number]
        if not one.months[-1].working:
            assert one.months[-1].clients == 0


def test_money_and_partings_of_organisations_are_those_of_their_district(
    busy: Scenario, open_small: Open
) -> None:
    """What all organisations of a district get, spend and send away is what the district counts."""
    model = open_small(busy)
    serving = model.parts.serving
    home = serving.orsos.home
    everyone = [OrsosFollower(model, number) for number in range(home.size)]
    for row in range(MONTHS):
        for one in everyone:
            one.before()
        model.step()
        for one in everyone:
            one.after()
        last = serving.last
        assert last is not None
        for place in range(model.places.codes.size):
            months = [one.months[row] for one in everyone if one.home == place]
            working = [month for month in months if month.working]
            for column, source in enumerate(SOURCES):
                together = sum(month.received[source] for month in working)
                counted = serving.funding.income[place, column]
                assert together == pytest.approx(counted, abs=100.0 * len(working))
            assert sum(month.reserve for month in months) == serving.funding.reserves[place]
            assert sum(month.sent_away for month in months) == last.sent_away[place]
    assert any(month.sent_away for one in everyone for month in one.months)


def test_clients_come_and_go_as_counted(crowd: Crowd) -> None:
    sent = 0
    for one in crowd.orsos:
        assert one.months[0].affordable is one.months[0].planned is None
        for before, month in zip(one.months, one.months[1:], strict=False):
            assert month.affordable is not None and month.planned is not None
            assert month.planned <= month.affordable
            assert month.clients <= max(month.affordable, 0)
            assert 0 <= month.arrived <= month.clients
            assert month.clients - month.arrived <= before.clients - month.sent_away
            if month.sent_away:
                assert month.arrived == 0 and month.clients == month.affordable
            sent += month.sent_away
    assert sent > 0


def test_all_organisations_together_serve_everybody_who_is_served(
    crowd: Crowd,
) -> None:
    model = crowd.model
    everyone = [OrsosFollower(model, i) for i in range(model.parts.serving.orsos.home.size)]
    for one in everyone:
        one.after()
    clients = sum(one.months[-1].clients for one in everyone)
    assert clients == model.parts.serving.unit * crowd.held[-1]
    assert clients == sum(district.months[-1].places for district in crowd.districts)


def test_what_a_run_does_not_have_is_refused(crowd: Crowd) -> None:
    n = crowd.model.world.layout.n_households
    many = crowd.model.parts.serving.orsos.home.size
    for code, made in (
        ("KS1971", lambda: HouseholdFollower(crowd.model, n)),
        ("KS1971", lambda: HouseholdFollower(crowd.model, -1)),
        ("KS1972", lambda: OrsosFollower(crowd.model, many)),
        ("KS1973", lambda: DistrictFollower(crowd.model, 3316)),
    ):
        with pytest.raises(InputError) as refused:
            made()
        assert refused.value.code == code


def test_a_story_may_stop_before_its_run_does(small: Scenario, open_small: Open) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "open_model", lambda scenario, threads, **_: open_small(scenario))
        scenario = changed(small, {"months": 3})
        seen, run = follow(scenario, lambda model: HouseholdFollower(model, 5), 1)
        assert [month.row for month in seen.months] == [0, 1]
        assert np.isnan(run.figures["poverty_rate"][2:]).all()
        seen, _ = follow(scenario, lambda model: HouseholdFollower(model, 5), 99)
        assert seen.months[-1].row == 3


Given = tuple[WelfareModel, list[Follower], list[np.ndarray]]


@pytest.fixture(scope="module")
def given(small: Scenario, open_small: Open) -> Given:
    """A year with all that others give: youth groups, firms through forums, DNIKS, counselling."""
    levers = {
        "youth_groups": 1.0, "csr_matching": 1.0, "national_secretariat": 1.2e9,
        "slrt_capacity": 1.0, "social_workers": 10.0,
    }  # fmt: skip
    document = small.document() | {"anchor": {}, "months": 14}
    document["levers"] = {name: {"value": v, "from": "2024-05"} for name, v in levers.items()}
    document["parameters"] = dict(document.get("parameters", {})) | {
        "psks.lk3_cases": 20.0, "slrt.to_counselling": 0.3, "psks.youth_enterprise.strength": 0.5,
    }  # fmt: skip
    model = open_small(from_document(document))
    table, cases = model.parts.serving.orsos, model.parts.serving.cases
    home = int(np.bincount(table.home[table.working]).argmax())
    first, stop = cases.case_start[home : home + 2]
    needy = cases.household[first:stop][cases.kind[first:stop] == EDUCATION]
    everyone: list[Follower] = [DistrictFollower(model, int(model.places.codes[home]))]
    everyone += [OrsosFollower(model, int(i)) for i in np.flatnonzero(table.home == home)]
    everyone += [HouseholdFollower(model, int(h)) for h in needy[needy != FREE]]
    gains = [model.world.households.gain.copy()]
    for one in everyone:
        one.after()
    while model.row < MONTHS + 6:
        for one in everyone:
            one.before()
        model.step()
        for one in everyone:
            one.after()
        gains.append(model.world.households.gain.copy())
    return model, everyone, gains


def test_what_others_give_to_organisations_is_what_the_district_counts(given: Given) -> None:
    model, everyone, _ = given
    (district,) = [one for one in everyone if isinstance(one, DistrictFollower)]
    orsos = [one for one in everyone if isinstance(one, OrsosFollower)]
    for row, month in enumerate(district.months[1:], start=1):
        together = [one.months[row] for one in orsos if one.months[row].working]
        slack = 100.0 * len(together)
        forum = sum(one.through_forum for one in together)
        assert forum == pytest.approx(month.csr_through_forum, abs=slack)
        assert sum(one.from_youth for one in together) == pytest.approx(month.from_youth, abs=slack)
        assert all(0.0 <= one.through_forum <= one.received["csr"] + 1.0 for one in together)
    assert not any(month.from_youth for month in district.months[:2])
    assert sum(month.csr_through_forum for month in district.months) > 0
    # Own business varies from month to month, and gifts with it.
    gifts = model.parts.linking.youth_gifts[district.place]
    found = np.mean([month.from_youth for month in district.months[2:]])
    assert found == pytest.approx(gifts, rel=0.3)


def test_the_national_body_is_told_as_it_is_paid(given: Given) -> None:
    (district,) = [one for one in given[1] if isinstance(one, DistrictFollower)]
    told = [month.national_money for month in district.months]
    assert not any(told[:2]) and any(told)
    assert set(told) <= {0.0, 1e8}


def test_a_child_loses_the_school_that_its_household_loses(given: Given) -> None:
    """What a January takes from lasting gains of families without PKH is what is told.

    Families of a stratum get back alike what such families lose in the base period. Those whose
    needs end or are met in the same month are left out; whom something else moves are the fewer.
    """
    model, everyone, gains = given
    january = 10
    parameter = model.scenario.parameter
    year = parameter("humancapital.return_to_year") * parameter("humancapital.earner_share")
    (district,) = [one for one in everyone if isinstance(one, DistrictFollower)]
    back: dict[int, list[float]] = {}
    told = set()
    for one in everyone:
        if not isinstance(one, HouseholdFollower):
            continue
        month = one.months[january]
        assert not any(other.school_missed for other in one.months if other is not month)
        assert month.school_kept == district.months[january].school_kept > 0.0
        then, now = (
            [(n.kind, n.helped) for n in m.needs] for m in (one.months[january - 1], month)
        )
        if "PKH" not in month.programmes and then == now:
            lost = float(gains[january - 1][one.number] - gains[january][one.number])
            back.setdefault(one.stratum, []).append(year * month.school_missed - lost)
            told.add(round(month.school_missed, 6))
    assert len(told) > 1 and max(told) > 0.0
    for values in back.values():
        apart = np.abs(np.array(values) - np.median(values))
        assert (apart < 1e-6).mean() > 0.6
