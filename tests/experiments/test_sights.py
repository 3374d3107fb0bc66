"""Lives beside each other: a package that rests on coordination brings its case without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.experiments.sights import pair_of
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.coordination import STRENGTHS, rests_on_coordination


@pytest.mark.parametrize(
    ("name", "rests"), [("slrt-puskesos", True), ("semua-butir", True), ("sembako-naik", False)]
)
def test_the_case_without_effect_comes_along(scenario_folder: Path, name: str, rests: bool) -> None:
    usual = load_scenario(scenario_folder / "baseline.yaml")
    package = load_scenario(scenario_folder / f"{name}.yaml")
    both = (usual, package)
    found = pair_of(usual, package)
    assert found[:2] == both and len(found) == 2 + 2 * rests
    for of, idle in zip(both, found[2:], strict=False):
        assert not rests_on_coordination(idle)
        assert all(idle.parameter(strength) == 0.0 for strength in STRENGTHS)
        assert idle.levers == of.levers
        assert "tidak berpengaruh" in idle.title["id"] and "without effect" in idle.title["en"]
