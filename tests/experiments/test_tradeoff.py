"""The same money as coordination, cash and both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments import outcomes, run
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tradeoff import EFFECTS, INDICATORS, PACKAGES, Tradeoff, tradeoff
from kesos_sim.scenario import Scenario, load_scenario

WORLD = {"region": "34", "households": 3000, "months": 36}
SERVICES = ("cases_served", "duplicate_service_rate", "unmet_need_rate")


@pytest.fixture(scope="module")
def system(scenario_folder: Path) -> Scenario:
    """The partnership system, soon and at once."""
    soon = {
        f"levers.{lever}.{key}": value
        for lever in ("bkkks_standing", "partnership_platform")
        for key, value in (("from", "2024-06"), ("ramp_months", 0))
    }
    return load_scenario(scenario_folder / "sistem-kemitraan.yaml", WORLD | soon)


@pytest.fixture(scope="module")
def found(system: Scenario, anchors: Path) -> Tradeoff:
    return tradeoff(system, 1)


def at(found: Tradeoff, effect: str, package: str, measure: str, column: str) -> float:
    row = next(
        row
        for row in found.rows
        if (row["effect"], row["package"], row["indicator"]) == (effect, package, measure)
    )
    return float(row[column])  # type: ignore[arg-type]


@pytest.mark.slow
def test_every_guess_package_and_indicator_is_there(found: Tradeoff) -> None:
    assert len(found.rows) == len(EFFECTS) * len(PACKAGES) * len(INDICATORS)
    for row in found.rows:
        assert row["low"] <= row["difference"] <= row["high"]  # type: ignore[operator]
        assert row["difference"] == pytest.approx(row["value"] - row["baseline"])  # type: ignore[operator]


@pytest.mark.slow
def test_packages_that_stand_side_by_side_cost_the_same(found: Tradeoff) -> None:
    for effect in EFFECTS:
        cost = {name: at(found, effect, name, "poverty_rate", "rupiah") for name in PACKAGES}
        assert cost["cash"] == pytest.approx(cost["coordination"], rel=0.02)
        assert cost["cash_twice"] == pytest.approx(cost["both"], rel=0.02)
        assert cost["both"] == pytest.approx(2.0 * cost["coordination"], rel=0.02)


@pytest.mark.slow
def test_without_effect_coordination_serves_nobody_more(found: Tradeoff) -> None:
    for measure in SERVICES:
        assert at(found, "zero", "coordination", measure, "difference") == 0.0
    for effect in ("middle", "top"):
        moved = at(found, effect, "coordination", "duplicate_service_rate", "difference")
        assert moved < 0.0


@pytest.mark.slow
def test_nothing_of_that_cost_moves_poverty(found: Tradeoff) -> None:
    for effect in EFFECTS:
        for package in PACKAGES:
            assert abs(at(found, effect, package, "poverty_rate", "difference")) < 0.1


@pytest.mark.slow
def test_what_is_finished_is_not_lived_again(
    system: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, store = replace(system, months=12, households=2000), Store(tmp_path)
    first = tradeoff(short, 1, executor=Serial(), store=store)
    lives = sum(entry.kind == "outcome" for entry in store.entries())
    assert lives == len(EFFECTS) * (len(PACKAGES) + 2)  # the baseline, and a trial of cash
    for module in (outcomes, run):
        monkeypatch.setattr(module, "lived", None)
    assert tradeoff(short, 1, executor=Serial(), store=store).rows == first.rows


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "code"),
    [("pkh", "KS3011"), ("cash", "KS3010"), ("free", "KS3012")],
)
def test_what_cannot_be_set_beside_cash_is_refused(
    name: str, code: str, system: Scenario, scenario_folder: Path
) -> None:
    changes: dict[str, object] = {"months": 12, "households": 2000, "region": "34"}
    file = "sistem-kemitraan.yaml"
    if name == "pkh":
        changes["levers.pkh_amount.value"] = 1.2
    elif name == "cash":
        file = "sembako-naik.yaml"
    else:
        changes["levers.bkkks_standing.from"] = "2026-01"
    with pytest.raises(InputError) as error:
        tradeoff(load_scenario(scenario_folder / file, changes), 1)
    assert error.value.code == code
    if name == "free":
        assert "2025-03" in error.value.text("en") and "--months" in error.value.text("en")
