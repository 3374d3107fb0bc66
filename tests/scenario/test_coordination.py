"""A scenario that rests on coordination, and the same one if coordination did nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.scenario import changed, load_scenario
from kesos_sim.scenario.coordination import STRENGTHS, rests_on_coordination, without_effect

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RESTING = {
    "bkkks-aktif", "dialog-politik", "perda-kesos", "sistem-kemitraan", "sosialisasi-uu",
    "tanpa-koordinasi", "banjir-antarprovinsi", "kemitraan-saja", "kerja-sama-mpu", "semua-butir",
    "cepu-raya", "wksbm-tumbuh", "slrt-puskesos",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_only_what_moves_coordination_rests_on_it(path: Path) -> None:
    scenario = load_scenario(path)
    assert rests_on_coordination(scenario) == (scenario.name in RESTING)
    assert not rests_on_coordination(without_effect(scenario))


def test_only_the_strengths_change_and_the_anchor_knows_them() -> None:
    scenario = load_scenario(SCENARIOS / "sistem-kemitraan.yaml")
    weak = without_effect(scenario)
    assert weak.levers == scenario.levers
    for one in (weak, weak.anchor):
        assert {name: one.parameter(name) for name in STRENGTHS} == dict.fromkeys(STRENGTHS, 0.0)
    same = changed(scenario, {f"parameters.{name}": 0.0 for name in STRENGTHS})
    assert dict(weak.parameters) == dict(same.parameters)


def test_one_strength_is_enough_to_rest_on() -> None:
    scenario = load_scenario(SCENARIOS / "sistem-kemitraan.yaml")
    one = changed(scenario, {f"parameters.{STRENGTHS[0]}": 0.0})
    assert rests_on_coordination(one)
