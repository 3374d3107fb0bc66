"""Own figures in the targets of a population: met, consistent, and nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.data.own import OwnData, OwnFigure
from kesos_sim.institutions.budget import own_budget, share_now, share_room
from kesos_sim.institutions.budgets import budget_table, province_budgets, village_fund
from kesos_sim.institutions.fiscal_figures import regional_index
from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.programmes import schedule
from kesos_sim.institutions.psks import PSKS, psks_counts
from kesos_sim.institutions.quotas import province_quota, quotas
from kesos_sim.institutions.rules import default_parameter, yearly_quota
from kesos_sim.institutions.wksbm import group_numbers
from kesos_sim.population.targets import published_targets
from kesos_sim.population.targets_own import OWN, with_own
from kesos_sim.population.targets_published import PublishedFigures, published_figures
from kesos_sim.units import Month
from tests.institutions.conftest import places_of, scenario_of

YEAR, PROVINCE, DISTRICT = 2024, 34, 3402
BASE = Month(YEAR, 3)


def own(*figures: tuple[int, str, str, float]) -> OwnData:
    made = tuple(sorted(OwnFigure(*figure, year=YEAR) for figure in figures))
    return OwnData("uji", "sumber uji", YEAR, made)


def changed(*figures: tuple[int, str, str, float]) -> tuple[PublishedFigures, PublishedFigures]:
    known = published_figures(YEAR)
    return known, with_own(known, own(*figures))


def rate(figures: PublishedFigures, name: str = "p0") -> float:
    cells = [cell for key, cell in figures.cells.items() if key[0] == PROVINCE]
    people = sum(cell.population for cell in cells)
    return sum(cell.population * getattr(cell, name) for cell in cells) / people


def test_nothing_own_changes_nothing() -> None:
    known, same = changed()
    for name in ("cells", "districts", "provinces"):
        assert repr(getattr(known, name)) == repr(getattr(same, name))


def test_figures_of_an_area_replace_and_other_provinces_stay() -> None:
    known, new = changed((PROVINCE, "p0", "urban", 9.0), (PROVINCE, "line", "urban", 600_000.0))
    before, after = known.cells[PROVINCE, 0], new.cells[PROVINCE, 0]
    assert (after.p0, after.line) == (9.0, 600_000.0)
    assert after.population == pytest.approx(before.population)
    assert after.p1 / before.p1 == pytest.approx(9.0 / before.p0)
    assert after.quality["poverty"] == OWN
    assert new.cells[PROVINCE, 1] == known.cells[PROVINCE, 1]
    assert new.cells[33, 0] == known.cells[33, 0]
    assert new.provinces[PROVINCE]["p0"] == pytest.approx(rate(new))


@pytest.mark.parametrize("total", [6.0, 10.83, 18.0])
def test_own_total_of_a_province_is_met_by_its_areas(total: float) -> None:
    _, new = changed((PROVINCE, "p0", "total", total), (PROVINCE, "p1", "total", total / 6))
    assert rate(new) == pytest.approx(total)
    assert rate(new, "p1") == pytest.approx(total / 6)
    assert new.provinces[PROVINCE]["p0"] == pytest.approx(total)


def test_a_province_follows_its_district_by_its_part() -> None:
    known, new = changed((DISTRICT, "p0", "total", 15.0))
    district = known.districts[DISTRICT]
    people = sum(d.population for d in known.districts.values() if d.province == PROVINCE)
    expected = rate(known) + (15.0 - district.p0) * district.population / people
    assert new.districts[DISTRICT].p0 == 15.0
    assert new.districts[DISTRICT].quality == OWN
    assert rate(new) == pytest.approx(expected, rel=2e-3)


def test_more_people_in_a_district_are_more_in_its_province() -> None:
    known, new = changed((DISTRICT, "persons", "total", 2_000_000.0))
    more = 2_000_000.0 - known.districts[DISTRICT].population
    for figures, extra in ((known, more), (new, 0.0)):
        total = sum(c.population for k, c in figures.cells.items() if k[0] == PROVINCE)
        if figures is known:
            expected = total + extra
        else:
            assert total == pytest.approx(expected)
    assert rate(new) == pytest.approx(rate(known))


def test_targets_meet_own_figures() -> None:
    figures = own(
        (PROVINCE, "p0", "urban", 9.0), (PROVINCE, "gini", "urban", 0.40),
        (DISTRICT, "p0", "total", 12.5), (DISTRICT, "line", "total", 560_000.0),
    )  # fmt: skip
    targets = published_targets((DISTRICT, 3403), BASE, default_parameter, own=figures)
    assert targets.cells.p0[0] == 9.0
    assert targets.nested.gini[0] == pytest.approx(0.40, abs=0.005)
    assert targets.districts.p0_fitted[0] == pytest.approx(12.5, abs=0.05)
    assert targets.districts.quality[0] == OWN
    line = {int(d): n for d, n in zip(targets.strata.district, targets.strata.line, strict=True)}
    usual = published_targets((DISTRICT, 3403), BASE, default_parameter)
    before = {int(d): n for d, n in zip(usual.strata.district, usual.strata.line, strict=True)}
    assert line[DISTRICT] / line[3403] > before[DISTRICT] / before[3403]
    quality = {(r.code, r.measure): r.quality for r in targets.report() if r.level == "district"}
    assert quality[DISTRICT, "p0"] == OWN
    assert quality[3403, "p0"] == "official"


def test_budgets_are_replaced_and_carried_over() -> None:
    figures = own(
        (PROVINCE, "amount", "total", 6e12), (PROVINCE, "amount", "poverty", 5e11),
        (PROVINCE, "amount", "movable", 4e11), (DISTRICT, "amount", "village_fund", 9e10),
    )  # fmt: skip
    usual = province_budgets(YEAR)[PROVINCE][0]
    budget = own_budget(usual, YEAR, figures)
    assert (budget.gross, budget.quality) == (6e12, OWN)
    assert budget.passed_on / budget.gross == pytest.approx(usual.passed_on / usual.gross)
    assert share_now(budget) == pytest.approx(5e11 / budget.own)
    assert share_room(budget) == pytest.approx(4e11 / budget.own)
    assert share_now(usual) == share_now(own_budget(usual, YEAR, None))
    assert village_fund(YEAR, figures)[DISTRICT] == 9e10
    older = OwnData("x", "y", YEAR, (OwnFigure(PROVINCE, "amount", "total", 5e12, 2022),))
    scale = regional_index(YEAR) / regional_index(2022)
    assert own_budget(usual, YEAR, older).gross == pytest.approx(5e12 * scale)
    rows = {row["bps_code"]: row["quality"] for row in budget_table(YEAR, own=figures).rows()}
    assert rows[PROVINCE] == OWN
    assert rows[33] != OWN


def test_numbers_of_bodies_are_replaced() -> None:
    places = places_of(PROVINCE)
    figures = own(
        (DISTRICT, "number", "lks", 900.0), (PROVINCE, "number", "wksbm", 500.0),
        (DISTRICT, "number", "psm", 77.0),
    )  # fmt: skip
    drawn = OrsosTable.draw(places, default_parameter, 7, own_data=figures)
    usual = OrsosTable.draw(places, default_parameter, 7)
    count, before = (t.by_district(np.ones(t.home.size, np.int64), 5) for t in (drawn, usual))
    here = places.codes == DISTRICT
    assert count[here] == 900
    assert np.array_equal(count[~here], before[~here])
    groups, imputed = group_numbers(places, default_parameter, figures)
    assert groups.sum() <= 500.0 + 1e-6
    assert not imputed.any()
    counts = psks_counts(YEAR, default_parameter, figures).of(places.codes)
    assert counts[PSKS.index("psm")][here] == 77.0


def test_own_number_of_a_province_is_shared_by_its_districts() -> None:
    places = places_of(PROVINCE)
    figures = own((PROVINCE, "number", "lks", 2_000.0), (DISTRICT, "number", "lks", 300.0))
    drawn = OrsosTable.draw(places, default_parameter, 7, own_data=figures)
    assert drawn.home.size == pytest.approx(2_000, abs=5)


def test_recipients_are_replaced_and_the_nation_keeps_its_number() -> None:
    figures = own((PROVINCE, "recipients", "PKH", 300_000.0))
    scenario = scenario_of(PROVINCE)
    plan = schedule(BASE, lambda name: scenario.lever(name, BASE))
    before, after = (province_quota(plan, "PKH", own=one) for one in (None, figures))
    national = float(plan.national_quota[plan.index("PKH")])
    part = national / yearly_quota("PKH", YEAR)
    assert after[PROVINCE] == pytest.approx(300_000.0 * part)
    assert sum(after.values()) == pytest.approx(sum(before.values()))
    one = own((DISTRICT, "recipients", "PKH", 50_000.0))
    places = places_of(PROVINCE)
    found, usual = (quotas(plan, places, own=o)[plan.index("PKH")] for o in (one, None))
    assert found[places.codes == DISTRICT] == pytest.approx(50_000.0 * part)
    assert found.sum() == pytest.approx(usual.sum())
