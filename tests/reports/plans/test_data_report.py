"""The report on the data behind a region agrees with the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.reading import read_table
from kesos_sim.errors import InputError
from kesos_sim.reports.plans.data_checks import check_sentences, check_tables
from kesos_sim.reports.plans.data_report import (
    data_report,
    filled_in,
    region_table,
    vintage_sentences,
    vintage_table,
    weakest_table,
)
from kesos_sim.scenario import Scenario, load_scenario

WORLD = {"region": "3316", "households": 2000, "months": 12}


@pytest.fixture(scope="module")
def baseline(scenario_folder: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def package(scenario_folder: Path) -> Scenario:
    return load_scenario(scenario_folder / "semua-butir.yaml", WORLD)


def test_latest_figures_are_those_of_the_table() -> None:
    rows = read_table("poverty_kabupaten").where(bps_code=3316).rows()
    last = max(rows, key=lambda row: row["year"])
    found = {row[0]: row for row in vintage_table("Blora").data}
    assert found["poverty_rate"][1:4] == (
        last["year"],
        pytest.approx(last["poverty_rate_p0"]),
        last["quality"],
    )
    assert found["gini"][1:-1] == (None, None, "missing", "")
    assert found["poor_people"][-1] == "orang"


@pytest.mark.parametrize("region", ["33", "3316", "94"])
def test_rows_of_a_region_are_counted_with_their_quality(region: str) -> None:
    table = read_table("poverty_kabupaten")
    inside = [row for row in table.rows() if f"{row['bps_code']:04d}".startswith(region)]
    found = {row[0]: row for row in region_table(region).data}["poverty_kabupaten"]
    assert found[1] == len(inside)
    assert found[2] == (f"official {len(inside)}" if inside else "")


def test_what_nobody_publishes_is_named(baseline: Scenario) -> None:
    said = " ".join(vintage_sentences(baseline, "3316"))
    assert "Maret 2024" in said
    assert "rasio Gini" in said
    assert "dipasok" in said
    assert any("Kabupaten" in one or "kabupaten" in one for one in filled_in(baseline))


def test_checks_are_all_listed_and_counted() -> None:
    tables = check_tables()
    assert [one.name for one in tables] == ["checks_known", "checks_ok"]
    for table, said in zip(tables, reversed(check_sentences()), strict=True):
        assert str(len(table.rows)) in said


def test_guesses_are_of_grade_d_and_hold_coordination(
    baseline: Scenario, package: Scenario
) -> None:
    names = [row[0] for row in weakest_table(baseline, package).data]
    assert {parameter_table()[str(name)].grade for name in names} == {"D"}
    assert "coordination.shared_list.strength" in names


def test_report_is_about_the_region(baseline: Scenario, package: Scenario) -> None:
    document = data_report(baseline, package, "3316", "en")
    assert document.subtitle == "Kabupaten Blora"
    assert document.provenance.scenario_hash == baseline.hash
    assert {"vintage_3316", "tables_3316", "weakest", "data"} <= {t.name for t in document.tables}


def test_nation_and_unknown_places_are_refused() -> None:
    for region in ("00", "Atlantis"):
        with pytest.raises(InputError):
            vintage_table(region)
