"""Stories tell the figures of the run, in both languages, without a key or a gap."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from kesos_sim import i18n
from kesos_sim.experiments import following
from kesos_sim.experiments.following import DistrictFollower, Follower, follow
from kesos_sim.experiments.household_life import HouseholdFollower
from kesos_sim.experiments.household_month import UNSERVED
from kesos_sim.experiments.orsos_life import OrsosFollower
from kesos_sim.experiments.run import Run
from kesos_sim.i18n import numbers
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.rules import SHOCKS
from kesos_sim.population.needs import KINDS
from kesos_sim.reports import story_household, story_orsos, story_places
from kesos_sim.reports.story import Chapter, chapters_text, month_records, tell, years_of
from kesos_sim.reports.story_places import district_money
from kesos_sim.scenario import Scenario

Open = Callable[..., WelfareModel]
ROWS = range(13)


@dataclass
class Several:
    """Some followers of each kind at once."""

    homes: list[HouseholdFollower]
    districts: list[DistrictFollower]
    orsos: list[OrsosFollower]

    @classmethod
    def of(cls, model: WelfareModel) -> Several:
        people = model.world.households
        needy = np.flatnonzero(people.needs)[:10]
        helped = np.flatnonzero(people.enrolled)[:10]
        poor = np.flatnonzero(people.welfare < 1.0)[:10]
        chosen = np.unique(np.concatenate([needy, helped, poor, np.arange(0, 4000, 200)]))
        return cls(
            [HouseholdFollower(model, int(h)) for h in chosen],
            [DistrictFollower(model, int(code)) for code in model.places.codes],
            [OrsosFollower(model, i) for i in range(0, 60, 4)],
        )

    def every(self) -> list[Follower]:
        return [*self.homes, *self.districts, *self.orsos]

    def before(self) -> None:
        for one in self.every():
            one.before()

    def after(self) -> None:
        for one in self.every():
            one.after()


@pytest.fixture(scope="module")
def seen(busy: Scenario, open_small: Open) -> tuple[Several, Run]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "open_model", lambda scenario, threads, **_: open_small(scenario))
        return follow(busy, Several.of, ROWS[-1], 1)


def pages(seen: tuple[Several, Run], lang: str) -> list[tuple[str, tuple[Chapter, ...]]]:
    several, run = seen
    found = [
        (
            story_household.household_intro(home, lang),
            story_household.household_chapters(home, ROWS, lang),
        )
        for home in several.homes
    ]
    found += [
        (
            story_places.district_intro(one, run, lang),
            story_places.district_chapters(one, run, ROWS, lang),
        )
        for one in several.districts
    ]
    return found + [
        (story_orsos.orsos_intro(one, lang), story_orsos.orsos_chapters(one, ROWS, lang))
        for one in several.orsos
    ]


@pytest.mark.slow
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_text_is_whole_sentences_without_keys(seen: tuple[Several, Run], lang: str) -> None:
    several, _ = seen
    start = several.homes[0].model.scenario.start
    for intro, chapters in pages(seen, lang):
        assert [chapter.row for chapter in chapters] == list(ROWS)
        lines = [intro, *chapters_text(chapters, start, lang)]
        for line in lines:
            assert line.rstrip().endswith((".", ":")), line
            assert not re.search(r"explain\.|[{}]|\bnan\b|None|_[a-z]", line), line
        assert chapters[0].sentences


def test_languages_tell_the_same(seen: tuple[Several, Run]) -> None:
    for (_, told), (_, other) in zip(pages(seen, "id"), pages(seen, "en"), strict=True):
        assert [len(a.sentences) for a in told] == [len(b.sentences) for b in other]
        assert all(
            a.sentences != b.sentences for a, b in zip(told, other, strict=True) if a.sentences
        )


def test_help_of_a_year_is_the_sum_of_its_months(seen: tuple[Several, Run]) -> None:
    several, _ = seen
    start = several.homes[0].model.scenario.start
    helped = 0
    for home in several.homes:
        chapters = story_household.household_chapters(home, ROWS, "en")
        for row, months in years_of(home.months, start).items():
            total = sum(month.help for month in months)
            (said,) = [s for s in chapters[row].sentences if "help received" in s]
            written = re.search(r"received Rp([\d,]+)", said)
            assert written
            assert int(written[1].replace(",", "")) == pytest.approx(total, abs=250.0)
            helped += total > 0.0
    assert helped > 5


def test_what_a_household_spends_is_told_as_the_arrays_have_it(seen: tuple[Several, Run]) -> None:
    for home in seen[0].homes:
        month = home.months[0]
        first = story_household.household_chapters(home, [0], "id")[0].sentences
        assert numbers.rupiah(round(month.consumption), "id") in first[0]
        assert ("miskin." in first[0].split(". ")[0] + ".") == (month.welfare < 1.0)
        told = " ".join(first)
        for name in month.refused:
            assert told.count(
                f"Tidak mendapat {story_household.programme_label(name.lower(), 'id')}:"
            )


def test_money_of_a_district_is_that_of_the_ledger(seen: tuple[Several, Run]) -> None:
    several, run = seen
    ledger = run.ledger()
    for one in several.districts:
        money = district_money(run, one.code, ROWS)
        own = ledger[(ledger.region == f"{one.code:04d}") & (ledger.programme != "GENERAL")]
        for stage, by_programme in money.items():
            expected = own[own.stage == stage].groupby("programme").rupiah.sum().to_dict()
            assert by_programme == expected
        assert sum(money["delivered"].values()) > 0
        plans = [plan for plan in run.plans if plan.government == one.code]
        told = story_places.district_chapters(one, run, ROWS, "en")
        assert sum("new poverty money" in s for c in told for s in c.sentences) == len(plans)


def test_months_are_records_with_what_is_told(seen: tuple[Several, Run]) -> None:
    several, _ = seen
    home = several.homes[0]
    chapters = story_household.household_chapters(home, ROWS, "id")
    found = month_records(home.months, chapters, home.model.scenario.start)
    assert [record["month"] for record in found][:2] == ["2024-03", "2024-04"]
    for record, month, chapter in zip(found, home.months, chapters, strict=True):
        assert record["welfare"] == month.welfare
        assert record["told"] == list(chapter.sentences)


def test_every_change_has_words(seen: tuple[Several, Run]) -> None:
    """What this half-year did not bring is told too."""
    home = seen[0].homes[0]
    one = home.months[0]
    need = story_household.Need("education", 3, 0.5, 0.1, 0.0, 0.0, (7, 9), 4, 2, 90)
    two = replace(
        one,
        row=1,
        listed=not one.listed,
        record_months=0,
        welfare=0.5 if one.welfare >= 1.0 else 1.5,
        needs=(need,),
        programmes={},
        refused=dict.fromkeys(one.programmes, "rank"),
        enterprise=True,
        house_repaired=True,
        neighbours=-25_000.0,
        group=7,
        group_works=True,
        school_missed=0.1234,
        school_kept=-0.02,
        shocks=dict.fromkeys((*SHOCKS, "income_shock", "price_rise"), 0.2),
    )
    well = replace(need, served=0.2, doubled=0.0, helped=0.3, at_home=0.4)
    three = replace(
        two, row=2, needs=(well,), enterprise=False, record_months=1, refused={}, neighbours=0.0,
        school_missed=0.0,
    )  # fmt: skip
    four = replace(three, row=3, needs=(), neighbours=40_000.0, group_works=False)
    before = replace(one, needs=(), group=0, group_works=False)
    follower = HouseholdFollower(home.model, home.number)
    follower.months = [before, two, three, four]
    for lang in i18n.LANGUAGES:
        told = story_household.household_chapters(follower, range(4), lang)
        for key in ("enterprise_starts", "put_on_list" if two.listed else "taken_off_list"):
            assert tell(key, lang) in told[1].sentences
        assert tell("enterprise_fails", lang) in told[2].sentences
        education = tell("need.education", lang)
        assert tell("need_helped", lang, need=education, helped="30") in told[2].sentences
        assert tell("need_ends", lang, need=education) in told[3].sentences
        assert tell("house_repaired", lang) in told[1].sentences
        lost = {"lost": numbers.number(12.3, lang, 1)}
        assert tell("school_missed", lang, **lost) in told[1].sentences
        assert tell("school_not_kept", lang, kept=numbers.number(2, lang, 1)) in told[1].sentences
        assert not any(tell("house_repaired", lang) in one.sentences for one in told[2:])
        assert tell("no_group", lang) in told[0].sentences
        assert tell("group_works", lang, number="7") in told[1].sentences
        assert tell("group_sleeps", lang, number="7") in told[3].sentences
        for key, rupiah, row in (("neighbours_take", 25_000, 1), ("neighbours_give", 40_000, 3)):
            assert tell(key, lang, rupiah=numbers.rupiah(rupiah, lang)) in told[row].sentences
        assert sum(i18n.text(f"explain.shock.{kind}", lang, loss="20") in told[1].sentences
                   for kind in two.shocks) == 6  # fmt: skip


@pytest.mark.parametrize("why", UNSERVED)
def test_a_need_that_nobody_serves_says_why_and_how_long(
    seen: tuple[Several, Run], why: str
) -> None:
    home = seen[0].homes[0]
    organisations, free = {"no_organisation": (0, 0), "all_full": (3, 0), "others_chosen": (3, 5)}[
        why
    ]
    need = story_household.Need("education", 0, 0.0, 0.0, 0.0, 0.0, (), organisations, free, 1234)
    assert need.why == why
    one = replace(home.months[0], needs=(), listed=False, record_months=3)
    two = replace(one, row=1, needs=(need,), record_months=0)
    three = replace(one, row=2, needs=(replace(need, months=14),), record_months=1)
    follower = HouseholdFollower(home.model, home.number)
    follower.months = [one, two, three]
    for lang in i18n.LANGUAGES:
        told = story_household.household_chapters(follower, range(3), lang)
        place = story_household.hundred(two.record_place, lang)
        assert tell("visited_unlisted", lang, place=place) in told[1].sentences
        counts = {"organisations": str(organisations), "free": str(free)}
        people = numbers.number(1234, lang)
        reason = tell(f"unserved_since.{why}", lang, people=people, **counts)
        education = tell("need.education", lang)
        fields = {"need": education, "months": numbers.span(0, lang), "reason": reason}
        assert tell("unserved", lang, **fields) in told[1].sentences
        fields["months"] = numbers.span(14, lang)
        assert tell("still_unserved", lang, **fields) in told[2].sentences


def test_a_service_that_ends_is_told_however_few_it_served(seen: tuple[Several, Run]) -> None:
    home = seen[0].homes[0]
    served = story_household.Need("education", 5, 0.08, 0.0, 0.0, 0.0, (40,), 6, 5, 90)
    nobody = replace(served, served=0.0, servers=(), months=6)
    begins = replace(served, months=7)
    follower = HouseholdFollower(home.model, home.number)
    follower.months = [
        replace(home.months[0], row=row, needs=(need,))
        for row, need in enumerate((served, nobody, begins, replace(begins, months=8)))
    ]
    told = story_household.household_chapters(follower, range(4), "en")
    assert any("nobody serves" in one for one in told[1].sentences)
    assert any("8 of 100 real people" in one for one in told[2].sentences)
    assert not any("education" in one for one in told[3].sentences if "real people" in one)


def test_one_organisation_is_one(seen: tuple[Several, Run]) -> None:
    """English has another word for one than for many."""
    for why in ("all_full", "others_chosen"):
        fields = {"free": "4", "people": "90"}
        one, two = (
            tell(f"unserved_since.{why}", "en", organisations=n, **fields) for n in ("1", "2")
        )
        assert "1 organisation of" in one and "2 organisations of" in two


def test_a_district_names_its_body_and_its_share_of_firms(seen: tuple[Several, Run]) -> None:
    """As its place calls it; and a share is out of something."""
    several, run = seen
    for one in several.districts:
        body = one.model.parts.serving.bodies.bodies[one.place]
        for lang, share in (("id", "dari 100 rupiah dana"), ("en", "of 100 rupiah of firms")):
            intro = story_places.district_intro(one, run, lang)
            starts = one.model.world.layout.district_start
            few = int(starts[one.place + 1] - starts[one.place])
            assert few < 2000 and f" {numbers.number(few, lang)} " in intro
            told = story_places.district_chapters(one, run, ROWS, lang)
            assert f"({body.label(lang)})" in told[0].sentences[0]
            assert any(share in line for chapter in told for line in chapter.sentences)


def test_an_idle_organisation_names_one_that_works(seen: tuple[Several, Run]) -> None:
    several, _ = seen
    working = several.orsos[0].model.parts.serving.orsos.working
    idle = next(o for o in several.orsos if not o.months[0].working)
    assert working[idle.active]
    nearer = range(idle.number - abs(idle.active - idle.number) + 1, idle.number)
    assert not any(working[number] for number in nearer if number >= 0)
    for lang in i18n.LANGUAGES:
        first = story_orsos.orsos_chapters(idle, [0], lang)[0].sentences
        assert first == (tell("orsos_idle", lang, other=idle.active),)


def test_what_befalls_a_district_has_words(seen: tuple[Several, Run]) -> None:
    """Disasters, cash, bylaws and neighbours, whether this half-year brought them or not."""
    several, run = seen
    district = several.districts[0]
    calm = replace(
        district.months[0], needed=0, first_helped=0, cash_families=0, bylaw=False, sent_away=0
    )
    hit = replace(
        calm, row=1, affected=5000, needed=260, first_helped=250, aided=40, waiting=10,
        cash_families=900, bylaw=True, reached=20, months_waited=60, sent_away=7,
        referral_arrived=500, referral_letters=30, referral_refused=10, referral_days=1600,
        referral_backlog=77, asking=12.4, counselled=5, school_kept=0.012, national_money=4e8,
        from_youth=3e6,
    )  # fmt: skip
    after = replace(
        hit, row=2, affected=0, needed=0, waiting=0, cash_families=0, reached=0, months_waited=0,
        referral_arrived=0, referral_letters=0, referral_refused=0, referral_days=0, asking=12.4,
        national_money=0.0, from_youth=-1e6,
    )  # fmt: skip
    calm = replace(
        calm, reached=0, months_waited=0, referral_arrived=0, referral_letters=0,
        referral_refused=0, referral_days=0, asking=-2.0,
    )  # fmt: skip
    follower = DistrictFollower(district.model, district.code)
    follower.months = [calm, hit, after]
    people = ("affected", "needed", "first_helped", "aided", "waiting")
    for lang in i18n.LANGUAGES:
        told = story_places.district_chapters(follower, run, range(3), lang)
        for month, key in ((hit, "disaster"), (after, "disaster_after")):
            counted = {name: numbers.number(getattr(month, name), lang) for name in people}
            assert tell(key, lang, **counted) in told[month.row].sentences
        assert tell("disaster_cash", lang, families="900") in told[1].sentences
        assert tell("bylaw", lang) in told[1].sentences
        assert tell("bylaw", lang) not in told[2].sentences
        year = told[2].sentences
        assert tell("year_reached", lang, reached="20", days="91", sent_away="14") in year
        referral = {"arrived": "500", "letters": "30", "days": "40", "backlog": "77"}
        assert tell("year_referral", lang, **referral) in year
        assert tell("year_asking", lang, people="23") in year
        assert tell("year_counselled", lang, cases=10 + calm.counselled) in year
        assert tell("school_kept", lang, kept=numbers.number(1.2, lang, 1)) in year
        paid = {"rupiah": numbers.rupiah(4e8, lang, digits=3), "months": numbers.months(1, lang)}
        assert tell("year_national", lang, **paid) in year
        youth = numbers.rupiah(2e6, lang, digits=3)
        assert tell("year_youth", lang, rupiah=youth) in year
        total = numbers.rupiah(3 * sum(calm.orsos_income.values()), lang, digits=3)
        assert any(total in one for one in year)
        assert any(numbers.number(calm.groups, lang) in one and "arisan" in one for one in year)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_an_organisation_says_which_way_money_of_others_came(
    seen: tuple[Several, Run], sign: float
) -> None:
    """Firms through the forum or straight, zakat beside the usual, and gifts of youth groups."""
    one = next(o for o in seen[0].orsos if o.months[0].working)
    sources = dict.fromkeys(one.months[0].usual, 0.0)
    calm = replace(one.months[1], row=0, received=sources, usual=sources | {"zakat": 4e5})
    given = sources | {"csr": 8e6, "zakat": 5e5, "own_business": 1e6}
    paid = replace(calm, row=1, received=given, through_forum=2e6, from_youth=sign * 3e5)
    follower = OrsosFollower(one.model, one.number)
    for last in (paid, replace(calm, row=1)):
        follower.months = [calm, last]
        for lang in i18n.LANGUAGES:
            told = story_orsos.orsos_chapters(follower, [0, 1], lang)[1].sentences
            words = {
                name: numbers.rupiah(rupiah, lang, digits=3)
                for name, rupiah in {"csr": 8e6, "forum": 2e6, "zakat": 5e5, "usual": 8e5,
                                     "rupiah": 3e5}.items()
            }  # fmt: skip
            youth = "orsos_year_youth" if sign > 0.0 else "orsos_year_youth_less"
            expected = (
                tell("orsos_year_forum", lang, csr=words["csr"], forum=words["forum"]),
                tell("orsos_year_zakat", lang, zakat=words["zakat"], usual=words["usual"]),
                tell(youth, lang, rupiah=words["rupiah"]),
            )
            assert [line in told for line in expected] == 3 * [last is paid]


def test_neighbours_own_money_is_no_programme(seen: tuple[Several, Run]) -> None:
    several, run = seen
    for one in several.districts:
        ends = years_of(one.months, one.model.scenario.start)
        chapters = story_places.district_chapters(one, run, ROWS, "en")
        for row, months in ends.items():
            money = district_money(run, one.code, [month.row for month in months])["delivered"]
            programmes = sum(
                v for name, v in money.items() if name not in {"ARISAN", "MUTUAL_HELP"}
            )
            told = chapters[row].sentences
            (reached,) = [s for s in told if s.startswith("Money in")]
            assert f"reached people {numbers.rupiah(programmes, 'en', digits=3)}" in reached
            (listed,) = [s for s in told if s.startswith("What arrived")]
            assert "arisan" not in listed and "WKSBM" not in listed
            (own,) = [s for s in told if s.startswith("Neighbours' own money")]
            assert numbers.rupiah(money.get("ARISAN", 0), "en", digits=3) in own


def test_want_of_money_is_told_once_and_with_its_causes(seen: tuple[Several, Run]) -> None:
    """A year without grants: the reserve shrinks, is gone, clients leave, a grant comes."""
    one = next(o for o in seen[0].orsos if o.months[0].working)
    sources = dict.fromkeys(one.months[0].usual, 0.0)
    calm = replace(
        one.months[1], row=0, accredited=True, community=False, paying=("government", "csr"),
        places=40, clients=40, affordable=40, planned=40, arrived=0, sent_away=0,
        received=sources | {"donation": 9e6, "government": 5e6}, usual=sources | {"donation": 1e7},
        running=5e6, per_client=4e5, reserve=70_000_000, spent=2e7, volunteers=1.0,
    )  # fmt: skip
    poor = sources | {"donation": 8e6}
    holds = replace(calm, row=1, accredited=False, received=poor, planned=30, reserve=40_000_000)
    still = replace(holds, row=2, planned=20, reserve=20_000_000)
    gone = replace(still, row=3, planned=8, affordable=10, clients=10, sent_away=28, reserve=9_000)
    dry = replace(gone, row=4, sent_away=1, clients=9, affordable=9)
    again = replace(
        calm, row=5, accredited=False, clients=30, arrived=21, places=44, volunteers=0.8,
        community=True, received=poor | {"csr": 9e7}, paying=("csr",),
    )  # fmt: skip
    certified = replace(again, row=6, accredited=True, received=poor, arrived=0)
    follower = OrsosFollower(one.model, one.number)
    follower.months = [calm, holds, still, gone, dry, again, certified]
    for lang in i18n.LANGUAGES:
        told = [c.sentences for c in story_orsos.orsos_chapters(follower, range(7), lang)]
        assert tell("orsos_accreditation_lapses", lang, part="0") in told[1]
        assert sum("40" in s and "30" in s for s in told[1]) == 1
        assert told[2] == () and told[4] == ()
        away = {"affordable": "10", "sent": "28", "clients": "10"}
        assert tell("orsos_sends_away", lang, **away) in told[3]
        money = {name: numbers.rupiah(v, lang, digits=3) for name, v in
                 (("received", 8e6), ("spent", 2e7), ("reserve", 9_000))}  # fmt: skip
        assert tell("orsos_reserve_gone", lang, **money) in told[3]
        csr = {"source": i18n.text("measures.fund.csr", lang)}
        ninety = numbers.rupiah(9e7, lang, digits=3)
        assert tell("orsos_yearly_money", lang, rupiah=ninety, **csr) in told[5]
        assert tell("orsos_recovers", lang, planned="40", arrived=21) in told[5]
        assert tell("orsos_builds", lang, before=40, places=44) in told[5]
        assert tell("orsos_community", lang) in told[5]
        assert tell("orsos_accredited_only", lang) in told[6]
        each = numbers.rupiah(4e5, lang, digits=3)
        assert tell("orsos_volunteers", lang, volunteers="80", per_client=each) in told[5]
        (year,) = [s for s in told[6] if "29" in s and "2024" in s]
        assert "21" in year


def test_people_of_an_organisation_are_real_people(seen: tuple[Several, Run]) -> None:
    for one in seen[0].orsos:
        intro = story_orsos.orsos_intro(one, "en")
        assert ("stands for" in intro) == (one.stands_for > 1)
        assert all(month.clients <= month.places for month in one.months)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_need_and_shock_has_a_name(lang: str) -> None:
    assert len({tell(f"need.{kind}", lang) for kind in KINDS}) == len(KINDS)
    assert len({tell(f"shock.{kind}", lang, loss=1) for kind in SHOCKS}) == len(SHOCKS)
