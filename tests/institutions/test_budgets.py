"""Budgets: net of what is passed on, imputations marked, sums near the published totals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kesos_sim.institutions.budgets import (
    budget_table,
    district_budgets,
    national_budget,
    province_budgets,
    village_fund,
)
from kesos_sim.institutions.checks import cross_check, money_per_poor, programme_total
from kesos_sim.institutions.fiscal_figures import regional_index
from kesos_sim.institutions.shares import DEFINITIONS, room_share, starting_share

TRILLION = 1e12


def test_all_budgets_add_up_to_the_national_total() -> None:
    gross = sum(province.gross for province, _ in province_budgets(2024).values())
    gross += sum(budget.gross for budget in district_budgets(2024).values())
    assert gross / TRILLION == pytest.approx(1278.15, rel=0.03)


def test_net_is_gross_less_what_is_passed_on() -> None:
    for province, districts in province_budgets(2024).values():
        assert 0 < province.own <= province.gross
        assert districts is None or 0 < districts.own < districts.gross
    diy = province_budgets(2024)[34][0]
    assert diy.passed_on / diy.gross == pytest.approx(1.474817 / 5.947003, rel=1e-4)


def test_jakarta_has_no_district_budgets_and_no_financing() -> None:
    jakarta, districts = province_budgets(2024)[31]
    assert districts is None
    assert jakarta.gross == pytest.approx(72.6 * TRILLION)
    assert jakarta.own == jakarta.gross
    assert not [code for code in district_budgets(2024) if code // 100 == 31]


def test_districts_add_up_to_their_province() -> None:
    together = province_budgets(2024)[33][1]
    inside = [budget for code, budget in district_budgets(2024).items() if code // 100 == 33]
    assert together is not None
    assert len(inside) == 35
    assert sum(budget.gross for budget in inside) == pytest.approx(together.gross)


def test_imputations_are_marked() -> None:
    table = budget_table(2024)
    rows = {row["bps_code"]: row for row in table.rows()}
    assert rows[21]["quality"] == rows[96]["quality"] == "imputed, grade D"
    assert rows[13]["quality"] == "official"
    assert rows[3316]["quality"] == "imputed, grade D"
    assert all(row["method"] for row in rows.values())
    assert len(rows) == 1 + 38 + 508


@pytest.mark.parametrize("year", [2015, 2016, 2017, 2018, 2019, 2022, 2023, 2024])
def test_every_base_year_has_budgets(year: int) -> None:
    table = budget_table(year)
    assert (table["own"] > 0).all()
    assert national_budget(year).own > 900 * TRILLION
    assert sum(village_fund(year).values()) > 0
    assert regional_index(year) > 500


def test_parameters_move_imputed_budgets_only(
    parameters: Callable[..., Callable[[str], float]],
) -> None:
    more = parameters({"fiscal.province_per_head": 1_200_000})
    before, after = province_budgets(2024), province_budgets(2024, more)
    assert after[21][0].gross > before[21][0].gross
    assert after[33][0] == before[33][0]


def test_village_funds_go_to_villages() -> None:
    funds = village_fund(2024)
    assert sum(funds.values()) == pytest.approx(71 * TRILLION)
    assert funds[3273] == 0.0
    assert not any(funds[code] for code in funds if code // 100 == 31)


def test_three_definitions_of_the_share(
    parameters: Callable[..., Callable[[str], float]],
) -> None:
    for number, definition in enumerate(DEFINITIONS, 1):
        chosen = parameters({"fiscal.share_definition": float(number)})
        assert starting_share("nation", chosen) == starting_share("nation", chosen, definition)
        assert 0 < starting_share("province", chosen) < 0.05
    assert starting_share("district") == starting_share("province")


def test_mandatory_spending_leaves_a_tenth(
    parameters: Callable[..., Callable[[str], float]],
) -> None:
    whole = parameters({"fiscal.room_movable": 1.0})
    assert room_share("province", whole) == pytest.approx(0.10)
    tight = parameters({"fiscal.mandatory_staff": 0.37, "fiscal.mandatory_education": 0.27})
    assert room_share("district", tight) == 0.0


def test_money_per_poor_person() -> None:
    ratio = {row["bps_code"]: row["ratio"] for row in money_per_poor(0.10).rows()}
    for code in (34, 52, 53):
        assert 1.5 < ratio[code] < 3.0
    for code in (31, 51):
        assert ratio[code] > 10


def test_programme_totals_are_near_published_budgets() -> None:
    rows = cross_check()
    residual = {(row["item"], row["year"]): row["residual"] for row in rows.rows()}
    assert abs(residual["PKH", 2024]) < 3
    assert abs(residual["SEMBAKO", 2025]) < 1
    assert abs(residual["BLT_DESA", 2024]) < 1
    assert abs(residual["PBI", 2025]) < 1
    assert all(abs(value) < 15 for value in residual.values())
    assert programme_total("SEMBAKO", 2024) == pytest.approx(45.12 * TRILLION)


def test_a_run_can_stand_beside_the_published_figures() -> None:
    rows = cross_check({("PKH", 2024): 30 * TRILLION})
    found = rows.where(item="PKH", year=2024)
    assert found["model"].tolist() == [30.0]
    assert found["note"].tolist() == ["paid in the run"]
