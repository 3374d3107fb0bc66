"""The scenario files that come with the model say what they are meant to say."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

from kesos_sim.data import read_table
from kesos_sim.experiments.compare import check_worlds
from kesos_sim.scenario import LEVERS, Scenario, load_scenario
from kesos_sim.units import Month

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
ASKED_FOR = {
    "baseline", "apbd-10", "apbn-10", "apbd-apbn-10", "sembako-naik", "tanpa-bansos", "covid-2020",
    "backcast-2015", "backcast-2017", "backcast-2019", "blora", "bkkks-aktif", "sistem-kemitraan",
    "kewajiban-sosial", "pemasaran-sosial",
    "tanpa-koordinasi", "dialog-politik", "sosialisasi-uu", "perda-kesos",
    "banjir-ntt", "banjir-antarprovinsi",
    "wksbm-tumbuh", "kemitraan-saja", "kerja-sama-mpu", "semua-butir", "cepu-raya",
    "slrt-puskesos", "pemberdayaan", "bantuan-berpotensi", "blora-sekitar",
    "indonesia", "indonesia-apbd-apbn-10",
}  # fmt: skip


def shipped(name: str) -> Scenario:
    return load_scenario(SCENARIOS / f"{name}.yaml")


def test_all_are_there() -> None:
    assert set(NAMES) >= ASKED_FOR


@pytest.mark.parametrize("name", NAMES)
def test_file_is_named_as_its_scenario_and_explains_itself(name: str) -> None:
    assert shipped(name).name == name
    lines = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("# ") for line in lines) >= 3
    assert all(len(line) <= 100 for line in lines)


def test_questions_differ() -> None:
    assert len({shipped(name).hash for name in NAMES}) == len(NAMES)


def test_cepu_raya_and_its_neighbours_without_it_are_one_world() -> None:
    """What each element does there is in tests/model/test_together.py."""
    here, today = shipped("cepu-raya"), shipped("blora-sekitar")
    assert len(here.districts) == 7
    assert 3316 in here.districts
    assert not today.levers
    check_worlds(today, [here])
    for name, setting in here.levers.items():
        assert here.lever(name, Month(2028, 1)) == setting.value != today.lever(name, here.start)


def test_baseline() -> None:
    baseline = shipped("baseline")
    assert (baseline.region, len(baseline.districts)) == ("mpu", 175)
    assert (baseline.start, baseline.months) == (Month(2024, 3), 120)
    assert (baseline.households, baseline.seed, baseline.growth) == (100_000, 2008, "forward")
    assert not baseline.levers
    assert baseline.root is None


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("apbd-10", {"apbd_poverty_share"}),
        ("apbn-10", {"apbn_poverty_share"}),
        ("apbd-apbn-10", {"apbd_poverty_share", "apbn_poverty_share"}),
    ],
)
def test_point_four(name: str, moved: set[str]) -> None:
    scenario = shipped(name)
    assert set(scenario.levers) == moved
    for lever in moved:
        assert scenario.lever(lever, Month(2025, 12), today=0.03) == 0.03
        assert scenario.lever(lever, Month(2028, 12), today=0.03) == 0.10
    assert scenario.anchor == shipped("baseline")


def test_the_whole_country() -> None:
    nation, reform = shipped("indonesia"), shipped("indonesia-apbd-apbn-10")
    assert len(nation.districts) == 514
    assert len({code // 100 for code in nation.districts}) == 38
    assert (nation.households, nation.months, nation.levers) == (72_000_000, 120, {})
    assert reform.levers == shipped("apbd-apbn-10").levers
    assert reform.anchor == nation


def test_points_one_and_three() -> None:
    """Steps are taken one after the other, and what households live in is the baseline's world."""
    baseline, bodies, system = map(shipped, ("baseline", "bkkks-aktif", "sistem-kemitraan"))
    assert set(bodies.levers) == {"bkkks_standing"}
    assert set(system.levers) == {"bkkks_standing", "partnership_platform"}
    assert system.levers["bkkks_standing"] == bodies.levers["bkkks_standing"]
    months = [Month(2026, 1) + ahead for ahead in range(-1, 36)]
    standing = [int(bodies.lever("bkkks_standing", month)) for month in months]
    platform = [int(system.lever("partnership_platform", month)) for month in months]
    assert [standing.index(step) for step in (1, 2, 3)] == [0, 12, 24]
    assert [platform.index(step) for step in (0, 1, 2, 3)] == [0, 12, 24, 36]
    for steps in (standing, platform):
        assert steps == sorted(steps)
    assert bodies.anchor == system.anchor == baseline.anchor


@pytest.mark.parametrize(
    ("name", "lever", "point"),
    [
        ("dialog-politik", "political_dialogue", 2),
        ("sosialisasi-uu", "regulation_outreach", 6),
        ("perda-kesos", "welfare_bylaw", 7),
    ],
)
def test_points_that_win_councils(name: str, lever: str, point: int) -> None:
    """Each by itself, from 2026, in the world of the baseline; none moves a budget share."""
    scenario = shipped(name)
    assert set(scenario.levers) == {lever}
    assert LEVERS[lever].point == point
    assert scenario.lever(lever, Month(2025, 12)) == 0.0
    assert scenario.lever(lever, Month(2026, 1)) == scenario.levers[lever].value > 0.0
    assert scenario.anchor == shipped("baseline").anchor


def test_growing_groups() -> None:
    scenario, baseline = shipped("wksbm-tumbuh"), shipped("baseline")
    assert set(scenario.levers) == {"wksbm_growth", "wksbm_training", "wksbm_stimulus"}
    for lever in scenario.levers:
        assert scenario.lever(lever, Month(2025, 12)) == 0.0
        assert scenario.lever(lever, Month(2026, 1)) > 0.0
    assert scenario.anchor == baseline.anchor


def test_without_coordination() -> None:
    scenario, baseline = shipped("tanpa-koordinasi"), shipped("baseline")
    assert scenario.lever("coordination", scenario.start) == 0.0
    assert scenario.anchor.lever("coordination", scenario.start) == 1.0
    assert scenario.parameters == baseline.parameters


def test_without_social_assistance() -> None:
    scenario = shipped("tanpa-bansos")
    assert scenario.lever("social_assistance", scenario.start) == 0.0
    assert scenario.anchor.lever("social_assistance", scenario.start) == 1.0


@pytest.mark.parametrize("year", [2015, 2017, 2019])
def test_backcast_ends_with_the_inputs(year: int) -> None:
    scenario = shipped(f"backcast-{year}")
    assert (scenario.start, scenario.end) == (Month(year, 3), Month(2024, 12))
    assert (scenario.region, scenario.growth) == ("indonesia", "backcast")
    assert (scenario.levers, scenario.events) == ({}, ())


def test_a_backcast_may_go_on_beyond_its_inputs(scenario_folder: Path) -> None:
    """Growth then goes on as declared for worlds of today."""
    longer = load_scenario(scenario_folder / "backcast-2019.yaml", {"months": 84})
    assert longer.end == Month(2026, 3)


def test_blora() -> None:
    assert shipped("blora").districts == (3316,)


def national(column: str, year: int) -> float:
    rows = list(read_table("growth_prices").where(bps_code=0, year=year).rows())
    return float(rows[0][column]) / 100


def test_size_of_the_pandemic_follows_from_its_two_inputs() -> None:
    trend = sum(national("gdp_growth_percent", year) for year in (2017, 2018, 2019)) / 3
    loss_2020 = math.log1p(trend) - math.log1p(national("gdp_growth_percent", 2020))
    before = national("unemployment_percent", 2019)
    excess = {y: national("unemployment_percent", y) - before for y in (2020, 2021, 2022)}
    half = round(math.log(2), 2)
    events = shipped("covid-2020").events
    assert [event.month.year for event in events] == [2020, 2020, 2021, 2021, 2022, 2022]
    for year in (2020, 2021, 2022):
        spread, lost = sorted(
            (event for event in events if event.month == Month(year, 4)),
            key=lambda event: event.severity,
        )
        assert lost.severity == half
        assert lost.share == pytest.approx(2 * excess[year], abs=0.0006)
        mean = loss_2020 * excess[year] / excess[2020]
        assert spread.share == 0.5
        rest = (mean - 2 * excess[year] * half) / spread.share
        assert spread.severity == pytest.approx(rest, abs=0.0011)
    assert all(first.month <= second.month for first, second in pairwise(events))
