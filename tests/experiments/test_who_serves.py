"""Who serves whom: margins are the run's indicators, and nothing is served twice by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.run import Run
from kesos_sim.experiments.who_serves import GROUPS, NEIGHBOURS, Map, WhoServes, who_serves
from kesos_sim.population.needs import KINDS
from kesos_sim.scenario import Scenario, load_scenario

pytestmark = pytest.mark.slow

WORLD = {"region": "34", "households": 3000, "months": 12}
SOON = {
    f"levers.{lever}.{key}": value
    for lever in ("bkkks_standing", "partnership_platform")
    for key, value in (("from", "2024-04"), ("ramp_months", 0))
}


@pytest.fixture(scope="module")
def base(scenario_folder: Path, anchors: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def found(base: Scenario, scenario_folder: Path) -> WhoServes:
    package = load_scenario(scenario_folder / "sistem-kemitraan.yaml", WORLD | SOON)
    return who_serves(base, package, Serial())


def maps(found: WhoServes) -> list[tuple[Map, Run]]:
    runs = (found.comparison.baseline, found.comparison.alternatives[0])
    return list(zip((found.baseline, found.package), runs, strict=True))


def test_margins_are_the_indicators_of_the_run(found: WhoServes) -> None:
    for own, run in maps(found):
        served, needed, places = (
            float(table.sum()) for table in (own.served, own.in_need, own.places)
        )
        assert served == pytest.approx(run.at("cases_served"))
        assert 100.0 * (needed - served) / needed == pytest.approx(run.at("unmet_need_rate"))
        doubled = 100.0 * (places - served) / served
        assert doubled == pytest.approx(run.at("duplicate_service_rate"))


def test_organisations_together_serve_whom_the_run_serves(found: WhoServes) -> None:
    for own, _ in maps(found):
        reach = own.reach[: len(GROUPS)]
        # Everybody who is served is reached by a group, and by no more places than there are.
        assert (reach.max(axis=0) <= own.served.sum(axis=0) + 1e-9).all()
        assert (reach.sum(axis=0) >= own.served.sum(axis=0) - 1e-9).all()
        assert (reach.sum(axis=0) <= own.places.sum(axis=0) + 1e-9).all()
        both = own.overlap[: len(GROUPS), : len(GROUPS)]
        pairs = (both.sum() - np.trace(both)) / 2.0
        # Inclusion and exclusion: groups less their overlaps are at most everybody once.
        assert reach.sum() - pairs <= own.served.sum() + 1e-6


def test_who_pays_adds_up_to_the_places(found: WhoServes) -> None:
    for own, _ in maps(found):
        assert own.paid.sum(axis=0) == pytest.approx(own.places.sum(axis=0), rel=1e-6)
        assert (own.paid >= 0.0).all()


def test_overlaps_are_shares_and_mutual(found: WhoServes) -> None:
    for own, _ in maps(found):
        off = ~np.eye(len(own.providers), dtype=bool)
        assert np.allclose(own.overlap[off], own.overlap.T[off])
        known = own.shares[off][np.isfinite(own.shares[off])]
        assert (known >= 0.0).all() and (known <= 100.0 + 1e-9).all()
        assert own.total == pytest.approx(own.reach.sum(axis=1))
        assert own.providers[: len(GROUPS)] == GROUPS and own.providers[-1] == NEIGHBOURS
        assert (own.total <= own.in_need.sum() + 1e-6).all()


def test_gaps_are_the_largest_numbers_of_unserved_people(found: WhoServes) -> None:
    gaps = found.package.gaps(7)
    assert len(gaps) == 7
    people = [gap[2] for gap in gaps]
    assert people == sorted(people, reverse=True)
    code, kind, unserved, share = gaps[0]
    d, k = found.package.districts.index(code), KINDS.index(kind)
    assert unserved == found.package.unmet.max() == found.package.unmet[d, k]
    assert share == pytest.approx(100.0 * unserved / found.package.in_need[d, k])


def test_coordination_without_effect_serves_nobody_more(found: WhoServes) -> None:
    assert found.without_effect is not None
    usual, moved = found.without_effect
    assert np.array_equal(usual.served, moved.served)
    assert np.array_equal(usual.places, moved.places)
    before, after = (
        (own.places.sum() - own.served.sum()) / own.served.sum()
        for own in (found.baseline, found.package)
    )
    assert after < before


def test_a_package_that_changes_nothing_has_the_same_overlap(base: Scenario) -> None:
    same = who_serves(base, replace(base, name="paket"), Serial())
    assert same.without_effect is None
    for name in ("served", "places", "reach", "total", "paid"):
        assert np.array_equal(getattr(same.baseline, name), getattr(same.package, name))
    assert np.array_equal(same.baseline.overlap, same.package.overlap, equal_nan=True)
