"""Levers without effect and cost change no bit, and a lever with an effect would be found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kesos_sim.calibration import placebo
from kesos_sim.calibration.placebo import EXAMPLES, PLACEBOS, Placebo, placebo_table, placebos
from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.store import Store
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario import LEVERS, Scenario, load_scenario


@pytest.fixture(scope="module")
def world(small: Scenario, anchors: Path) -> Scenario:
    return replace(small, months=8, households=2000)


@pytest.mark.slow
def test_no_placebo_changes_a_bit(world: Scenario, tmp_path: Path) -> None:
    found = placebos(world, store=Store(tmp_path))
    assert [one.lever for one in found] == list(EXAMPLES)
    assert {one.lever: one.differ for one in found} == dict.fromkeys(EXAMPLES, 0)
    assert all(one.compared > 5000 for one in found)


@pytest.mark.full
def test_no_lever_without_effect_and_cost_changes_a_bit(world: Scenario, tmp_path: Path) -> None:
    """Every lever that can be without both, past the turn of a year."""
    found = placebos(replace(world, months=14), PLACEBOS, Store(tmp_path))
    assert {one.lever: one.differ for one in found} == dict.fromkeys(PLACEBOS, 0)


@pytest.mark.slow
def test_a_platform_moves_no_money_of_firms_either(
    scenario_folder: Path, anchors: Path, tmp_path: Path
) -> None:
    """Past a January in which the forum of firms has come to lean on bodies."""
    world = {"households": 2000, "months": 12}
    blora = load_scenario(scenario_folder / "blora.yaml", world)
    (found,) = placebos(blora, ["partnership_platform"], Store(tmp_path))
    assert found.differ == 0


def test_a_lever_that_is_no_placebo_is_money_or_a_rule_by_itself() -> None:
    programmes = {name for name in LEVERS if name.endswith(("_amount", "_quota"))}
    assert LEVERS.keys() - PLACEBOS.keys() == programmes | {
        "apbd_poverty_share", "apbn_poverty_share", "social_assistance", "national_secretariat",
        "social_marketing", "registry_verification_rate", "registry_openness",
        "social_obligation", "community_care", "orsos_certification", "pkh_graduation",
    }  # fmt: skip


def test_what_counts_the_activity_itself_does_move(
    world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise nothing would have been moved at all."""
    costs, beside = PLACEBOS["complaint_channel"]
    assert beside
    monkeypatch.setattr(placebo, "PLACEBOS", {"complaint_channel": (costs, ())})
    (found,) = placebos(world, ["complaint_channel"])
    assert 0 < found.differ <= len(beside) * found.compared // 100


def test_a_lever_with_a_cost_is_found_out(world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placebo, "PLACEBOS", {"orsos_training": ((), ())})
    (found,) = placebos(world, ["orsos_training"])
    assert found.differ > 0
    table = placebo_table([found], "id")
    assert table.rows[0][-1] == "meleset" and "0 dari 1" in table.title


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_table_names_what_was_set_to_zero_with_its_grade(lang: str) -> None:
    found = [
        Placebo("csr_matching", 1.0, ("coordination.matching.strength",), (), 100, 0),
        Placebo("women_leaders", 1.0, ("wksbm.cost_women",), ("wksbm_women_led",), 90, 7),
    ]
    table = placebo_table(found, lang)
    assert [row[0] for row in table.data] == ["women_leaders", "csr_matching"]
    assert table.rows[0][2].endswith(")") and "(" in table.rows[0][2]
    assert table.rows[0][5] == indicator("wksbm_women_led").label(lang)
    assert "1 " in table.title and " 2 " in table.title


def test_placebos_are_levers_with_strengths() -> None:
    for name, (costs, beside) in PLACEBOS.items():
        assert LEVERS[name].strengths or costs or LEVERS[name].beside
        assert all(indicator(one) for one in beside)
        assert all(parameter_table()[one] for one in costs)
