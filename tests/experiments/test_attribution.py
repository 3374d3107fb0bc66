"""Attribution of packages and of households' lives: everything adds up, idle parts get nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.accounting import PARTS, State, account
from kesos_sim.experiments.attribution import Attribution, attribute, parts_of, selected
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.run import living
from kesos_sim.experiments.store import Store
from kesos_sim.model.opening import open_model
from kesos_sim.reports.why import export_attribution, why_table
from kesos_sim.scenario import Scenario, from_document, load_scenario
from kesos_sim.scenario.parts import LeverSetting

WORLD = {"region": "34,51", "households": 3000, "months": 34}


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def baseline(scenario_folder: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="session")
def package(scenario_folder: Path) -> Scenario:
    """Money of both, and a lever that reaches hardly anybody in so short a time."""
    money = load_scenario(scenario_folder / "apbd-apbn-10.yaml", WORLD)
    return replace(money, levers=dict(money.levers) | {"political_dialogue": LeverSetting(2.0)})


@pytest.fixture(scope="session")
def by_levers(baseline: Scenario, package: Scenario, store: Store, anchors: Path) -> Attribution:
    return attribute(baseline, package, "levers", worlds=2, executor=Serial(), store=store)


def test_parts_are_levers_or_points(baseline: Scenario, package: Scenario) -> None:
    assert [part.name for part in parts_of(baseline, package, "levers")] == [
        "apbd_poverty_share",
        "apbn_poverty_share",
        "political_dialogue",
    ]
    points = parts_of(baseline, package, "points")
    assert {part.name: len(part.levers) for part in points} == {"point_4": 2, "point_2": 1}
    rise = {"hazard": "price_rise", "month": "2026-02", "months": 2, "severity": 0.05}
    struck = from_document(package.document() | {"events": [rise]})
    assert parts_of(baseline, struck)[-1].name == "events"


def test_all_parts_make_the_package_and_none_the_baseline(
    baseline: Scenario, package: Scenario
) -> None:
    parts = parts_of(baseline, package)
    assert selected(baseline, package, parts, 0) is baseline
    whole = selected(baseline, package, parts, (1 << len(parts)) - 1)
    assert whole.hash == package.hash
    one = selected(baseline, package, parts, 0b010)
    assert set(one.levers) - set(baseline.levers) == {"apbn_poverty_share"}


@pytest.mark.slow
def test_levers_add_up_to_the_whole(by_levers: Attribution) -> None:
    """In every indicator, region and world; and in the world as written to the comparison."""
    first, other = by_levers.comparison.baseline, by_levers.comparison.alternatives[0]
    for name in ("poverty_rate", "poverty_gap", "budget_spent", "cases_served"):
        added = by_levers.added[name]
        assert added.shape == (2, 3, 3)
        difference = other.figures[name][-12:, :3] - first.figures[name][-12:, :3]
        np.testing.assert_allclose(added[0].sum(axis=0), difference.mean(axis=0), rtol=1e-9)
    money = by_levers.added["poverty_rate"][:, :2, 0]
    assert np.all(money < 0.0)
    # Dialogue wins councillors, who reach the decided share a little sooner: hardly a household.
    np.testing.assert_allclose(by_levers.added["poverty_rate"][:, 2], 0.0, atol=2e-2)
    assert by_levers.added["budget_spent"][:, 2].min() > 0.0
    assert by_levers.without_effect is not None
    assert by_levers.lives == 16


@pytest.mark.slow
def test_the_frame_holds_parts_and_their_sum(by_levers: Attribution) -> None:
    frame = by_levers.frame()
    for (_, _), rows in frame.groupby(["indicator", "region"]):
        whole = rows[rows.part == "total"].added.item()
        parts = rows[rows.part != "total"].added.sum()
        assert parts == pytest.approx(whole, rel=1e-9, abs=1e-9)
    assert (frame.low <= frame.high).all()


@pytest.mark.slow
def test_drawn_orders_are_used_where_parts_are_many(
    baseline: Scenario,
    package: Scenario,
    by_levers: Attribution,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All selections are in the store already: only the sums differ."""
    monkeypatch.setattr("kesos_sim.experiments.attribution.MOST_EXACT", 2)
    monkeypatch.setattr("kesos_sim.experiments.outcomes.live", None)
    found = attribute(baseline, package, "levers", executor=Serial(), store=store, orders=12)
    exact, near = by_levers.added["poverty_rate"][0], found.added["poverty_rate"][0]
    np.testing.assert_allclose(near.sum(axis=0), exact.sum(axis=0))
    error = found.error["poverty_rate"]
    assert np.all(np.abs(near - exact) <= 4.0 * error + 1e-9)
    assert any("diundi" in sentence for sentence in found.sentences("id"))


def test_a_package_without_a_change_is_refused(baseline: Scenario) -> None:
    with pytest.raises(InputError) as caught:
        attribute(baseline, replace(baseline, name="same"))
    assert "same" in caught.value.text("en")


def test_consumption_is_what_its_parts_make(baseline: Scenario, anchors: Path) -> None:
    """Of every household, in the base month and after a year with a shock, as the model has it."""
    events = [
        {"hazard": "price_rise", "month": "2025-03", "months": 2, "severity": 0.05},
        {"hazard": "income_shock", "month": "2025-02", "months": 2, "severity": 0.2, "share": 0.3},
    ]
    struck = from_document(baseline.document() | {"months": 13, "events": events})
    model = open_model(struck, 1)
    for _ in range(2):
        state = State.of(model)
        np.testing.assert_allclose(state.consumption(), state.welfare, atol=3e-5)
        assert model.observer is not None
        rate = model.observer.values(model.world.reference_line)["poverty_rate"][model.row, :3]
        np.testing.assert_allclose(state.measures()[0], rate, atol=1e-6)
        for _ in living(model):
            pass


def test_a_life_that_ends_in_january_is_accounted_for(baseline: Scenario, anchors: Path) -> None:
    """School years end after its consumption, so that gains are ahead of it."""
    model = open_model(from_document(baseline.document() | {"months": 10}), 1)
    for _ in living(model):
        pass
    assert model.month.month == 1
    state = State.of(model)
    np.testing.assert_allclose(state.consumption(), state.welfare, atol=3e-5)


def test_households_account_for_the_whole_difference(
    baseline: Scenario, scenario_folder: Path, store: Store, anchors: Path
) -> None:
    plain = load_scenario(scenario_folder / "tanpa-bansos.yaml", WORLD)
    found = account(baseline, plain, Serial(), store)
    added = dict(zip(PARTS, found.added["poverty_rate"][0, :, 0], strict=True))
    first, other = found.comparison.baseline, found.comparison.alternatives[0]
    whole = other.figures["poverty_rate"][-1, 0] - first.figures["poverty_rate"][-1, 0]
    assert sum(added.values()) == pytest.approx(whole, abs=1e-4)
    assert added["transfers"] > 0.7 * whole > 0.0
    assert added["composition"] == added["coordination"] == 0.0


def test_a_life_is_accounted_for_from_its_first_month_to_its_last(
    baseline: Scenario, store: Store, anchors: Path
) -> None:
    found = account(baseline, None, Serial(), store)
    rates = found.comparison.baseline.figures["poverty_rate"]
    for region in range(3):
        whole = found.added["poverty_rate"][0, :, region].sum()
        assert whole == pytest.approx(rates[-1, region] - rates[0, region], abs=1e-4)
    added = dict(zip(PARTS, found.added["poverty_rate"][0, :, 0], strict=True))
    assert added["growth"] < 0.0
    said = " ".join(found.sentences("en"))
    assert "growth" in said and "by household" in said


def test_the_same_life_twice_differs_in_nothing(
    baseline: Scenario, store: Store, anchors: Path
) -> None:
    found = account(baseline, replace(baseline, name="again"), Serial(), store)
    assert all(not added.any() for added in found.added.values())
    assert "does not change" in found.sentences("en")[0]
    chart = found.chart("poverty_rate", "en")
    assert "does not change poverty rate" in chart.title and "Why" not in chart.title
    (panel,) = chart.figure().axes
    low, high = panel.get_xlim()
    assert high - low > 0.02


@pytest.mark.slow
def test_charts_tables_and_files(by_levers: Attribution, tmp_path: Path) -> None:
    for lang in ("id", "en"):
        chart = by_levers.chart("poverty_rate", lang)
        assert "<svg" in chart.svg() and chart.table.rows
        table = why_table(by_levers, "poverty_rate", lang)
        values = [row[1] for row in table.data]
        assert sum(values[:-1]) == pytest.approx(values[-1])
    folder = export_attribution(by_levers, ["poverty_rate"], tmp_path / "out", "id")
    kept = pd.read_parquet(folder / "attribution.parquet")
    pd.testing.assert_frame_equal(kept, by_levers.frame(), check_dtype=False)
    assert (folder / "charts" / "why_poverty_rate.svg").exists()
    assert "Porsi APBD" in (folder / "index.html").read_text("utf-8")
