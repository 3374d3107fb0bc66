"""Families: found by what the model holds, followed through both lives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.families import TYPES, Families, families
from kesos_sim.experiments.family_traits import MEMBERS, Wanted, alike
from kesos_sim.experiments.following import follow
from kesos_sim.experiments.household_traits import Traits
from kesos_sim.kernels.components import has_earner
from kesos_sim.kernels.housing import REPAIRED
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.opening import open_model
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.scenario import Scenario, changed, load_scenario

pytestmark = pytest.mark.slow

WORLD = {"region": "34", "households": 2000, "months": 6}


@pytest.fixture(scope="module")
def base(scenario_folder: Path, anchors: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def found(base: Scenario) -> Families:
    settings = {"levers.pkh_amount.value": 2.0, "levers.pkh_amount.from": "2024-05"}
    package = replace(changed(base, settings), name="pkh-dua-kali")
    return families(base, package, threads=1)


def test_families_are_of_their_kind(found: Families) -> None:
    first = {one.kind: one.lives[0][0] for one in found.families if one.without is not None}
    assert len(first) >= 8
    assert first["lone_elderly"].members["size"] == first["lone_elderly"].members["elderly_60"] == 1
    assert "PKH" in first["pkh"].programmes
    assert (
        first["disabled"].members["disabled_under_60"]
        + first["disabled"].members["disabled_elderly"]
    )
    assert 1.0 <= first["near_poor_urban"].welfare < 1.5
    assert first["helped_not_poor"].welfare >= 1.5
    assert first["poor_without_help"].welfare < 1.0 and first["poor_without_help"].listed
    assert first["in_need"].needs


def test_both_lives_are_of_one_household_and_begin_alike(found: Families) -> None:
    for one in found.families:
        before, after = one.lives
        assert len(before) == len(after) == (0 if one.without is None else 7)
        if one.without is None or one.with_package is None:
            continue
        assert one.without.number == one.with_package.number
        assert before[:2] == after[:2]
        assert [month.members for month in before] == [month.members for month in after]


def test_the_package_reaches_the_family_that_gets_pkh(found: Families) -> None:
    one = next(one for one in found.families if one.kind == "pkh")
    last = [months[-1].programmes for months in one.lives]
    assert last[1]["PKH"].due == pytest.approx(2.0 * last[0]["PKH"].due, rel=1e-3)
    elderly = next(one for one in found.families if one.kind == "helped_not_poor")
    assert elderly.households > 0.0


def test_counts_are_those_of_the_population(found: Families, base: Scenario) -> None:
    model = open_model(base, 1)
    traits = Traits.of(model)
    for one in found.families:
        assert one.found == int(np.count_nonzero(TYPES[one.kind](traits)))
    for one in ("lone_elderly", "poor_unlisted"):
        wanted = {
            "lone_elderly": Wanted(1, 1, {"elderly": True}),
            "poor_unlisted": Wanted(rural=True, poor=True, listed=False),
        }[one]
        same = alike(traits, wanted)
        if one == "lone_elderly":
            assert set(same.tolist()) == set(np.flatnonzero(TYPES[one](traits)).tolist())
        else:
            assert set(np.flatnonzero(TYPES[one](traits)).tolist()) <= set(same.tolist())
        assert (np.diff(traits.welfare[same]) >= 0.0).all()
    for name in MEMBERS:
        some, none = (alike(traits, Wanted(members={name: there})).size for there in (True, False))
        assert some + none == traits.welfare.size
    everybody = model.world.weight @ np.diff(model.world.layout.stratum_start) / 65536
    assert all(one.households <= everybody for one in found.families)


def test_a_package_that_changes_nothing_leaves_lives_as_they_are(base: Scenario) -> None:
    same = families(base, replace(base, name="tetap"), ("pkh", "lone_elderly"), 1)
    assert all(one.lives[0] == one.lives[1] for one in same.families)


def test_who_earns_and_who_lives_in_an_unfit_house_is_as_the_model_has_it(base: Scenario) -> None:
    opened = open_model(base, 1)
    traits = Traits.of(opened)
    earns = [has_earner(word) for word in opened.world.households.word]
    assert (traits.earners > 0).tolist() == earns and 0 < sum(earns) < len(earns)
    assert (traits.earners <= traits.members["size"]).all()
    seen: list[tuple[Traits, float]] = []

    class Look:
        def __init__(self, model: WelfareModel) -> None:
            self.model = model

        def before(self) -> None:
            """See nothing."""

        def after(self) -> None:
            """Compare with what the list of January came to, for the whole province."""
            if self.model.month.month == 1:
                seen.append((Traits.of(self.model), float(self.model.parts.housing.last.sum())))

    repairs = {"levers.house_repair.value": 0.3, "levers.house_repair.from": "2024-04"}
    follow(changed(base, repairs | {"months": 12}), Look, threads=1)
    assert seen
    for held, listed in seen:
        repaired = held.needs & int(REPAIRED) != 0
        assert repaired.any() and not (repaired & held.unfit).any()
        left = float(held.weight[held.unfit | repaired].sum()) * WEIGHT_UNIT
        assert left == pytest.approx(listed, rel=0.02)  # who is poor has changed since
        assert held.unfit[held.poor].mean() > held.unfit[~held.poor].mean()


def test_kinds_that_the_model_does_not_hold_are_refused(base: Scenario) -> None:
    with pytest.raises(InputError) as error:
        families(base, replace(base, name="tetap"), ("widow",))
    assert error.value.code == "KS8020"


def test_a_package_that_rests_on_coordination_is_followed_without_its_effect_too(
    base: Scenario, scenario_folder: Path, anchors: Path
) -> None:
    package = load_scenario(scenario_folder / "sistem-kemitraan.yaml", WORLD)
    found = families(base, package, ("pkh", "in_need"), 1)
    for one in found.families:
        assert one.idle is not None and one.idle_lives is not None and one.without is not None
        assert {home.number for home in one.idle} == {one.without.number}
        strengths = [home.model.scenario.own_parameters for home in one.idle]
        assert all(set(held.values()) == {0.0} for held in strengths)
        assert [len(months) for months in one.idle_lives] == [7, 7]
        assert one.idle_lives[0][0].members == one.lives[0][0].members
    kinds, *lives = found.tables("id")
    assert kinds.fields[-2:] == ("ratio_idle", "poor_idle")
    assert all("ratio_idle" in table.fields for table in lives)
    assert all("oordinasi tidak berpengaruh" in words for words in found.sentences("id")[:2])
    for chart in found.charts("en"):
        assert "if coordination has no effect" in chart.svg()
