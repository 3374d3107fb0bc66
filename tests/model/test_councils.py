"""Councils in a whole run: placebos, what moves and what does not, books, and a stop between."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.indicators.politics import POLITICAL_MEASURES
from kesos_sim.institutions.accounts import POLITICS, Stage
from kesos_sim.institutions.perda import STAGES
from kesos_sim.institutions.programmes import TOPUP_REGIONAL
from kesos_sim.model.checkpoint import load_checkpoint, save_checkpoint
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.units import Month
from tests.model.lives import columns_of, figures, fingerprint, live

Open = Callable[..., WelfareModel]
Make = Callable[..., Scenario]
DIALOGUE = {"levers.political_dialogue": {"value": 6, "from": "2024-06"}}
OUTREACH = {"levers.regulation_outreach": {"value": 1.0, "from": "2024-06"}}
BYLAW = {"levers.welfare_bylaw": {"value": 2, "from": "2024-04"}}
SWIFT = {
    f"parameters.politics.{stage.name.lower()}_{what}": value
    for stage, months in zip(STAGES, (3.0, 1.0, 2.0, 1.0, 1.0), strict=True)
    for what, value in (("months", months), ("dropped", 0.0))
} | {"parameters.politics.bills_carried": 1.0}
"""Bills that pass as quickly as the ranges allow, so that a short run has bylaws."""
SHARE = {"parameters.politics.bylaw_share": 0.02}


@pytest.fixture(scope="module")
def make(small: Scenario) -> Make:
    """Change the small run; levers that it does not move are today's."""

    def made(*changes: dict[str, Any]) -> Scenario:
        flat: dict[str, Any] = {}
        for change in changes:
            for name, value in change.items():
                if isinstance(value, dict):
                    flat |= {f"{name}.{key}": part for key, part in value.items()}
                else:
                    flat[name] = value
        return changed(small, flat)

    return made


@pytest.fixture(scope="module")
def baseline(small: Scenario, open_small: Open) -> WelfareModel:
    """No change, lived to its end."""
    return live(open_small(small))


@pytest.fixture(scope="module")
def lawful(make: Make, open_small: Open) -> WelfareModel:
    """Swift bylaws that bring a share of the budget."""
    return live(open_small(make(BYLAW, SWIFT, SHARE)))


def counts(model: WelfareModel, name: str) -> np.ndarray:
    """Return a count of politics by month and district."""
    assert model.observer is not None
    place = POLITICAL_MEASURES.index(name)
    return model.observer.counted["politics"][:, :, place]


def differing(ours: WelfareModel, theirs: WelfareModel) -> set[str]:
    """Names of the arrays in which two lives differ; books count as one."""
    mine, other = fingerprint(ours), fingerprint(theirs)
    assert set(mine) == set(other)
    found = {name for name in other if mine[name] != other[name]}
    return {name for name in found if not name.startswith("ledger.")}


def money_of(model: WelfareModel, programme: str) -> int:
    """Rupiah of a programme's line in all months, in and out."""
    books = columns_of(model.ledger)
    return int(books["rupiah"][books["programme"] == programme].sum())


# Placebo


def test_dialogue_without_gain_changes_only_what_it_costs(make: Make, open_small: Open) -> None:
    idle = {"parameters.politics.dialogue_gain": 0.0}
    ours, theirs = (live(open_small(make(idle, more))) for more in (DIALOGUE, {}))
    assert differing(ours, theirs) == set()
    assert money_of(ours, POLITICS) > 0 == money_of(theirs, POLITICS)


def test_outreach_without_strength_changes_only_understanding_and_what_it_costs(
    make: Make, open_small: Open
) -> None:
    names = ("compliance", "outreach_support", "csr_effect")
    idle = {f"parameters.politics.{name}": 0.0 for name in names}
    ours, theirs = (live(open_small(make(idle, more))) for more in (OUTREACH, {}))
    assert differing(ours, theirs) == {"politics.understanding"}
    assert money_of(ours, POLITICS) > 0


def test_a_bylaw_without_effect_of_coordination_reaches_nobody(
    make: Make, open_small: Open
) -> None:
    """Bodies, members and trust move; no household, no client."""
    idle = {f"parameters.{name}": 0.0 for name in STRENGTHS}
    ours, theirs = (live(open_small(make(idle, SWIFT, more))) for more in (BYLAW, {}))
    moved = differing(ours, theirs)
    assert moved <= {
        "serving.orsos.state",
        "serving.orsos.trust",
        "serving.awake",
        "serving.awake_above",
        "serving.owed",
        "serving.owed_above",
        "serving.funding.forum_seen",
        "observer.counted.serving",
        "observer.counted.politics",
        "politics.step",
        "politics.since",
        "politics.enacted",
        "treasury.bylaw",
    }
    assert {"politics.enacted", "serving.awake"} <= moved
    mine, other = figures(ours), figures(theirs)
    for name in ("cases_served", "duplicate_service_rate", "unmet_need_rate", "poverty_rate"):
        np.testing.assert_array_equal(mine[name], other[name], err_msg=name)


def test_advocacy_without_strength_wins_no_council(make: Make, open_small: Open) -> None:
    firm = {"levers.bkkks_standing": {"value": 3, "from": "2024-04"}}
    idle = {"parameters.coordination.advocacy.strength": 0.0}
    ours, theirs = (live(open_small(make(idle, more))) for more in (firm, {}))
    moved = differing(ours, theirs)
    assert "serving.awake" in moved
    assert not moved & {"politics.support", "politics.understanding"}
    loud = live(open_small(make(firm)))
    np.testing.assert_array_less(
        figures(ours)["political_support"][-1, 0], figures(loud)["political_support"][-1, 0]
    )


# Directions


def test_dialogue_wins_councils_and_nothing_else(
    make: Make, open_small: Open, baseline: WelfareModel
) -> None:
    """Without an initiative or a share decided on, nobody else knows of it."""
    nobody = {"parameters.politics.initiative_gain": 0.0}
    model = live(open_small(make(DIALOGUE, nobody)))
    assert differing(model, baseline) == {"politics.support", "observer.counted.politics"}
    ours, theirs = figures(model), figures(baseline)
    np.testing.assert_array_equal(ours["political_support"][:2], theirs["political_support"][:2])
    assert np.all(ours["political_support"][4:, 0] > theirs["political_support"][4:, 0])
    assert ours["political_support"][-1, 0] > theirs["political_support"][-1, 0] + 5.0


def test_councils_that_were_won_make_bylaws_by_themselves(make: Make, open_small: Open) -> None:
    """Nobody decided on one; with the same luck those that act anyway act too."""
    own = {"parameters.politics.initiative": 0.05, "parameters.politics.initiative_gain": 0.75}
    more = {"levers.political_dialogue": {"value": 12, "from": "2024-04"}}
    ours, theirs = (live(open_small(make(own, SWIFT, change))) for change in (more, {}))
    talked, quiet = (one.parts.politics.politics.bills for one in (ours, theirs))
    assert np.all((talked.since > 0) >= (quiet.since > 0))
    assert (talked.since > 0).sum() > (quiet.since > 0).sum()
    assert np.all(talked.since[talked.since > 0] > ours.scenario.start.ordinal)
    assert figures(ours)["bylaw_coverage"][-1, 0] > figures(theirs)["bylaw_coverage"][-1, 0]


def test_a_share_is_reached_sooner_where_councils_were_won(make: Make, open_small: Open) -> None:
    """On the way to it only, never more than it; the nation's share goes its own way."""
    ramp = {"levers.apbd_poverty_share": {"value": 0.04, "from": "2025-01", "ramp_months": 12}}
    idle = {"parameters.politics.budget_speed": 0.0}
    found = {
        name: live(open_small(make(ramp, *changes))).treasury.plans
        for name, changes in {
            "usual": (idle,), "without": (idle, DIALOGUE), "sooner": (DIALOGUE,)
        }.items()
    }  # fmt: skip
    assert found["usual"] == found["without"]
    on_the_way = []
    for usual, sooner in zip(found["usual"], found["sooner"], strict=True):
        if usual.year == 2025:
            assert usual.wanted <= sooner.wanted < 1.5 * usual.wanted
            on_the_way.append(usual.wanted < sooner.wanted)
        else:
            assert usual.wanted == sooner.wanted
    assert sum(on_the_way) > len(on_the_way) / 2


def test_outreach_wins_members_and_hardly_moves_poverty(
    make: Make, open_small: Open, baseline: WelfareModel
) -> None:
    model = live(open_small(make(OUTREACH)))
    ours, theirs = figures(model), figures(baseline)
    assert np.all(ours["orsos_membership"][:, 0] >= theirs["orsos_membership"][:, 0])
    assert ours["orsos_membership"][-1, 0] > theirs["orsos_membership"][-1, 0]
    assert ours["political_support"][-1, 0] > theirs["political_support"][-1, 0]
    np.testing.assert_array_equal(ours["coordination_active"], theirs["coordination_active"])
    assert np.abs(ours["poverty_rate"] - theirs["poverty_rate"])[:, 0].max() < 0.05


def test_bylaws_keep_bodies_working_and_hardly_move_poverty(
    make: Make, open_small: Open, baseline: WelfareModel
) -> None:
    """Once they hold; with no money of their own, as is taken by default."""
    model = live(open_small(make(BYLAW, SWIFT)))
    ours, theirs = figures(model), figures(baseline)
    assert ours["bylaw_coverage"][0, 0] == theirs["bylaw_coverage"].max() == 0.0
    assert np.all(np.diff(ours["bylaw_coverage"][:, 0]) >= 0.0)
    assert ours["bylaw_coverage"][-1, 0] > 50.0
    assert 5.0 <= ours["months_to_bylaw"][-1, 0] <= 24.0
    assert np.all(ours["coordination_active"] >= theirs["coordination_active"])
    assert ours["coordination_active"][-1, 0] > theirs["coordination_active"][-1, 0]
    assert np.abs(ours["poverty_rate"] - theirs["poverty_rate"])[:, 0].max() < 0.05
    assert not model.treasury.plans
    assert money_of(model, TOPUP_REGIONAL) == money_of(baseline, TOPUP_REGIONAL) == 0


# Money


def test_what_politics_costs_is_in_the_ledger(make: Make, open_small: Open) -> None:
    """A twelfth of what rounds, outreach and drafts cost a year, paid by whom it concerns."""
    model = open_small(make(DIALOGUE, OUTREACH, BYLAW))
    for _ in range(model.scenario.months):
        ahead = model.month + 1
        setting = partial(model.decisions.lever, month=ahead)
        yearly = model.parts.politics.cost(setting)
        model.step()
        own, above = (np.rint(one / 12).sum() for one in yearly)
        for stream, rupiah in (("apbd_district", own), ("apbd_province", above)):
            booked = model.ledger.total(ahead, Stage.SERVICES, POLITICS, stream)
            assert booked.sum() == rupiah, (ahead, stream)
    assert own > 0 and above > 0


def test_a_bylaw_brings_money_only_where_it_holds_and_from_the_next_year(
    lawful: WelfareModel, make: Make, open_small: Open
) -> None:
    codes, bills = (34, *lawful.places.codes.tolist()), lawful.parts.politics.politics.bills
    enacted = dict(zip(codes, bills.enacted.tolist(), strict=True))
    plans = lawful.treasury.plans
    assert plans
    for plan in plans:
        assert plan.level in {"province", "district"}
        assert plan.months == 12
        assert plan.wanted == pytest.approx(0.02 * plan.own_spending)
    expected = {
        (code, year)
        for code, month in enacted.items()
        for year in (2025, 2026)
        if 0 < month < Month(year, 1).ordinal
    }
    assert {(plan.government, plan.year) for plan in plans} == expected
    without = live(open_small(make(BYLAW, SWIFT)))
    ours, theirs = figures(lawful), figures(without)
    assert money_of(lawful, TOPUP_REGIONAL) > 0 == money_of(without, TOPUP_REGIONAL)
    assert ours["poverty_gap"][-1, 0] < theirs["poverty_gap"][-1, 0]
    np.testing.assert_array_equal(ours["bylaw_coverage"], theirs["bylaw_coverage"])


def test_a_share_that_the_scenario_sets_itself_stays_as_it_is(make: Make, open_small: Open) -> None:
    own = {"levers.apbd_poverty_share": {"value": 0.04, "from": "2025-01"}}
    ours, theirs = (live(open_small(make(own, BYLAW, SWIFT, more))) for more in (SHARE, {}))
    assert differing(ours, theirs) == set()
    assert fingerprint(ours) == fingerprint(theirs)


# Stopping


@pytest.mark.parametrize("stop", [4, 11, 17])
def test_a_stop_in_the_middle(
    make: Make, open_small: Open, lawful: WelfareModel, tmp_path: Path, stop: int
) -> None:
    path, scenario = tmp_path / "run.npz", lawful.scenario
    save_checkpoint(live(open_small(scenario), stop), path)
    resumed = live(load_checkpoint(open_small(scenario), path))
    assert fingerprint(resumed) == fingerprint(lawful)
    assert resumed.treasury.plans == lawful.treasury.plans


@pytest.mark.slow
def test_districts_of_a_part_live_the_politics_of_the_whole(
    lawful: WelfareModel, make: Make, open_small: Open
) -> None:
    """A bylaw does not depend on which districts take part, where bodies do not advocate."""
    idle = {"parameters.coordination.advocacy.strength": 0.0, "months": 12}
    whole, part = (
        live(open_small(make(BYLAW, SWIFT, idle, more))) for more in ({}, {"region": "3404"})
    )
    place = whole.places.codes.tolist().index(3404)
    for name in ("covered", "months"):
        np.testing.assert_array_equal(counts(part, name)[:, 0], counts(whole, name)[:, place])


def test_until_a_share_is_moved_bylaws_bring_what_they_bring_without(
    make: Make, open_small: Open, lawful: WelfareModel
) -> None:
    """A decision about a later year takes nothing from the years before."""
    later = {"levers.apbd_poverty_share": {"value": 0.1, "from": "2026-01"}}
    model = live(open_small(make(BYLAW, SWIFT, SHARE, later)))
    years = [[plan for plan in one.treasury.plans if plan.year == 2025] for one in (model, lawful)]
    assert years[0] == years[1]
    assert years[0]
    assert max(plan.year for plan in model.treasury.plans) == 2026
    before = Month(2026, 1) - model.scenario.start
    ours, theirs = figures(model), figures(lawful)
    for name, values in theirs.items():
        np.testing.assert_array_equal(ours[name][:before], values[:before], err_msg=name)
