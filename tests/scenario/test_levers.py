"""Every lever is declared once, completely, and moves as it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.indicators.definitions import indicator
from kesos_sim.institutions import programmes
from kesos_sim.scenario import LEVERS, Lever, LeverSetting
from kesos_sim.scenario.levers import POINTS, PORTFOLIO
from kesos_sim.units import Month

START = Month(2024, 3)


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
def test_lever_is_complete(lever: Lever) -> None:
    for lang in i18n.LANGUAGES:
        assert lever.label(lang)
        assert lever.help(lang).endswith(".")
        assert lever.cost_rule(lang).endswith(".")
        assert lever.unit_words(lang)
        assert lever.kind_words(lang)
    assert lever.name.isidentifier()
    assert lever.low < lever.high
    assert lever.grade in "ABCD"
    assert lever.point is None or lever.point in POINTS
    assert lever.fixed_default is None or lever.default_parameter is None
    if lever.default is not None:
        assert lever.low <= lever.default <= lever.high
    if lever.default_parameter is not None:
        row = parameter_table()[lever.default_parameter]
        assert lever.low <= row.low <= row.high <= lever.high


@pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)
def test_lever_acts_on_indicators_that_exist(lever: Lever) -> None:
    assert lever.acts_on and len(set(lever.acts_on)) == len(lever.acts_on)
    known = {name.lower() for name in programmes.names()}
    for name in lever.acts_on:
        found = indicator(name)  # refuses a name that no table has, but knows no programmes
        assert found.of == "run"
        assert found.family != "programme_recipients" or found.part in known


def test_effects_nobody_has_measured_are_marked_where_the_lever_is_explained() -> None:
    for name in (
        "bkkks_standing",
        "partnership_platform",
        "political_dialogue",
        "regulation_outreach",
        "welfare_bylaw",
    ):
        assert LEVERS[name].grade == "D"
        for lang, words in (("id", "Belum ada penelitian"), ("en", "No study measures")):
            assert words in LEVERS[name].help(lang)
            assert "kesos compare" in LEVERS[name].help(lang)


@pytest.mark.parametrize("name", ["wksbm_growth", "wksbm_training", "wksbm_stimulus"])
def test_groups_cost_what_governments_pay_for_them(name: str) -> None:
    lever = LEVERS[name]
    assert (lever.grade, lever.cost, lever.default, lever.low) == ("D", "wksbm", 0.0, 0.0)
    for lang, words in (("id", "bukan uang pemerintah"), ("en", "no government money")):
        assert words in lever.cost_rule(lang)


def test_only_the_two_budget_shares_start_from_today() -> None:
    from_today = {name for name, lever in LEVERS.items() if lever.default is None}
    assert from_today == {"apbd_poverty_share", "apbn_poverty_share"}
    assert {LEVERS[name].point for name in from_today} == {4}


def test_default_portfolio_is_a_whole() -> None:
    assert len(PORTFOLIO) == 5
    assert sum(LEVERS[name].default or 0.0 for name in PORTFOLIO) == pytest.approx(1.0, abs=1e-12)


def test_labels_are_those_of_the_forum() -> None:
    label = LEVERS["apbd_poverty_share"].label("id")
    assert label == "Porsi APBD untuk penanggulangan kemiskinan"


@pytest.mark.parametrize(
    ("ramp", "weights"),
    [
        (0, [0, 1, 1, 1]),
        (1, [0, 1, 1, 1]),
        (2, [0, 0.5, 1, 1]),
        (4, [0, 0.25, 0.5, 0.75]),
    ],
)
def test_ramp(ramp: int, weights: list[float]) -> None:
    setting = LeverSetting(2.0, Month(2026, 1), ramp)
    months = [Month(2025, 12) + passed for passed in range(4)]
    assert [setting.weight(month, START) for month in months] == weights


def test_without_a_first_month_a_setting_holds_from_the_start() -> None:
    assert LeverSetting(2.0).weight(START, START) == 1.0
    assert LeverSetting(2.0, ramp_months=10).weight(START, START) == 0.1


@given(st.integers(0, 240), st.integers(-50, 300))
def test_weight_never_falls(ramp: int, passed: int) -> None:
    setting = LeverSetting(1.0, START, ramp)
    now, later = (setting.weight(START + passed + step, START) for step in (0, 1))
    assert 0.0 <= now <= later <= 1.0
