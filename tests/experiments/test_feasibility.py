"""Budgets: every rupiah is the ledger's, and what does not fit is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kesos_sim.experiments.feasibility import Feasibility, feasibility
from kesos_sim.institutions.accounts import GENERAL, SPENT
from kesos_sim.scenario import Scenario, changed, load_scenario

pytestmark = pytest.mark.slow

WORLD = {"region": "34", "households": 2000, "months": 24}
SHARE = {"levers.apbd_poverty_share.from": "2025-01", "levers.apbd_poverty_share.ramp_months": 0}
SPENDING = [stage.name.lower() for stage in SPENT]


@pytest.fixture(scope="module")
def base(scenario_folder: Path, anchors: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def found(base: Scenario, scenario_folder: Path) -> Feasibility:
    return feasibility(
        base, load_scenario(scenario_folder / "apbd-10.yaml", WORLD | SHARE), draws=0
    )


def ledger(found: Feasibility) -> pd.DataFrame:
    """Package less baseline, by year, payer and stage, general budgets left out."""
    frame = found.comparison.ledger()
    package = found.package.scenario.name
    frame["rupiah"] = np.where(frame["scenario"] == package, frame["rupiah"], -frame["rupiah"])
    frame["year"] = frame["month"].str[:4].astype(int)
    return frame


def test_released_and_absorbed_are_the_ledgers_to_the_rupiah(found: Feasibility) -> None:
    frame = ledger(found)
    programmes = frame[frame["programme"] != GENERAL]
    for row in found.payers():
        own = programmes[(programmes["year"] == row.year) & (programmes["stream"] == row.payer)]
        by_stage = own.groupby("stage", observed=True)["rupiah"].sum()
        spent = sum(int(by_stage.get(stage, 0)) for stage in SPENDING)
        assert row.absorbed == spent
        assert row.returned == int(by_stage.get("returned", 0))
        assert row.released == row.absorbed + row.returned


def test_own_spending_and_what_is_carried_are_the_ledgers(found: Feasibility) -> None:
    usual = found.comparison.baseline.ledger()
    frame = ledger(found)
    for row in found.payers():
        revenue = usual[
            usual["month"].str.startswith(str(row.year))
            & (usual["stream"] == row.payer)
            & (usual["stage"] == "revenue")
        ]
        assert row.own == int(revenue["rupiah"].sum())
        months = sorted(frame.loc[frame["year"] == row.year, "month"].unique())
        kept = frame[
            (frame["month"] == months[-1])
            & (frame["stream"] == row.payer)
            & (frame["stage"] == "carry_over")
        ]
        assert row.carried == int(kept["rupiah"].sum())


def test_what_is_asked_is_released_or_kept_or_does_not_fit(found: Feasibility) -> None:
    opened = dict.fromkeys(("apbn", "apbd_province", "apbd_district", "village_fund"), 0)
    for row in found.payers():
        kept = row.carried - opened[row.payer]
        opened[row.payer] = row.carried
        assert row.planned + row.other == row.released + kept
        assert row.feasible <= row.asked + 1.0
        if np.isfinite(row.room):
            assert row.feasible <= row.room + 1.0
            assert row.mandatory + row.room <= row.own


def test_plans_are_those_of_the_governments(found: Feasibility) -> None:
    year = found.calendar_year
    plans = [plan for plan in found.package.plans if plan.year == year]
    rows = [row for row in found.rows if row.year == year]
    assert sum(row.planned for row in rows) == sum(plan.money for plan in plans)
    assert sum(row.wanted for row in rows) == pytest.approx(sum(plan.wanted for plan in plans))
    taken = sum(rupiah for (own, _), rupiah in found.sources.items() if own == year)
    assert taken == pytest.approx(sum(plan.money for plan in plans))
    assert found.verdict == "partly"
    assert set(found.main) == {"apbd_province", "apbd_district"}


def test_lines_are_cut_by_what_the_months_there_ask_for(found: Feasibility) -> None:
    for year in {row.year for row in found.rows}:
        planned = sum(row.planned for row in found.rows if row.year == year)
        taken = sum(rupiah for (own, _), rupiah in found.sources.items() if own == year)
        assert taken == pytest.approx(planned, abs=len(found.district_rows) + 5)


def test_districts_add_up_to_their_province(found: Feasibility) -> None:
    for row in found.rows:
        if row.payer == "apbd_district":
            inside = [one for one in found.district_rows if one.year == row.year]
            assert len(inside) == 5
            for name in ("own", "released", "absorbed", "carried", "planned"):
                assert sum(getattr(one, name) for one in inside) == getattr(row, name)


def test_the_calendar_adds_up_to_the_year(found: Feasibility) -> None:
    for row in found.payers():
        if row.year == found.calendar_year:
            assert int(found.calendar[row.payer].sum()) == row.absorbed


def test_nothing_new_costs_nothing(base: Scenario) -> None:
    same = feasibility(base, replace(base, name="paket"), draws=0)
    assert same.verdict == "nothing"
    assert not any(row.asked or row.released or row.carried for row in same.rows)
    assert not same.sources


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({"levers.pkh_amount.value": 1.1, "levers.pkh_amount.from": "2025-01"}, "paid"),
        ({"levers.pkh_amount.value": 0.5, "levers.pkh_amount.from": "2025-01"}, "less"),
        (
            {
                "levers.apbd_poverty_share.value": 0.1,
                "levers.apbd_poverty_share.from": "2025-01",
                "levers.run_beyond_room.value": True,
            },
            "beyond",
        ),
    ],
)
def test_verdicts(settings: dict[str, object], verdict: str, base: Scenario) -> None:
    package = replace(changed(base, settings), name="paket")
    assert feasibility(base, package, draws=0).verdict == verdict
