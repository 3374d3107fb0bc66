"""Comparisons: pairs in one world, bands, money, refusals."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.run import Run, run
from kesos_sim.reports.export import export
from kesos_sim.scenario import Scenario, load_scenario


@pytest.mark.slow
def test_differences_are_paired(comparison: Comparison) -> None:
    frame = comparison.frame()
    known = frame.dropna(subset=["baseline"])
    assert (known.value - known.baseline - known.difference).abs().max() < 1e-6
    first = known[known.month == comparison.baseline.months[0]]
    assert (first.difference == 0.0).all()
    before = known[known.month < "2026-01"]
    untouched = before[before.scenario == "apbd-10"]
    assert (untouched.difference == 0.0).all()


@pytest.mark.slow
def test_the_band_holds_the_middle_of_the_draws(comparison: Comparison) -> None:
    frame = comparison.frame()
    part = frame[(frame.indicator == "poverty_rate") & (frame.month == frame.month.max())]
    assert (part.low <= part.high).all()
    assert (part.draws == 1 + len(comparison.pairs)).all()
    assert part.against.between(0, part.draws).all()


@pytest.mark.slow
def test_without_help_poverty_is_higher(comparison: Comparison) -> None:
    alternative = comparison.alternatives[1]
    assert alternative.scenario.name == "tanpa-bansos"
    change = comparison.difference("poverty_rate", alternative)[1:, 0]
    assert change.min() > 0.3
    assert alternative.figures["benefit_delivered"][1:].max() == 0.0


@pytest.mark.slow
def test_money_of_an_alternative_adds_up(comparison: Comparison) -> None:
    context = comparison.context()
    money = context.money["apbd-10"]
    assert money.requested is not None
    assert money.feasible is not None
    assert 0.0 < money.feasible <= money.requested
    assert sum(line.rupiah for line in money.sources) == pytest.approx(money.feasible)
    assert sum(line.rupiah for line in money.uses) == pytest.approx(money.per_year, rel=1e-6)
    assert sum(money.by_province.values()) == pytest.approx(money.per_year, rel=1e-6)
    assert context.money["tanpa-bansos"].per_year < 0.0
    assert context.money["tanpa-bansos"].existing < 0.0


@pytest.mark.slow
def test_what_is_taken_is_of_the_months_that_it_pays_for(comparison: Comparison) -> None:
    """A run ends in March: nine months of one fiscal year and three of the next."""
    alternative = comparison.alternatives[0]
    money = comparison.context().money["apbd-10"]
    months = Counter(int(month[:4]) for month in alternative.months[-12:])
    expected = sum(plan.money * months[plan.year] / plan.months for plan in alternative.plans)
    assert len(months) > 1
    assert money.feasible == pytest.approx(expected, rel=1e-6)
    assert money.share is not None
    budgets = sum(
        plan.own_spending * months[plan.year] / 12.0
        for plan in alternative.plans
        if plan.level != "nation"
    )
    assert money.share.percent == pytest.approx(100.0 * money.per_year / budgets)


@pytest.mark.slow
def test_what_existing_programmes_cost_more_is_no_new_money(comparison: Comparison) -> None:
    money = comparison.context().money["apbd-10"]
    changed = comparison.ledger()
    last = changed.month.isin(comparison.baseline.months[-12:])
    paid = changed.stage.isin(["delivered", "services", "administration", "leakage"])
    today = changed.programme.isin(["PKH", "SEMBAKO", "BLT_DESA", "PBI"])
    by_name = changed[last & paid & today].groupby("scenario")["rupiah"].sum()
    assert money.existing == pytest.approx(by_name["apbd-10"] - by_name["baseline"])
    assert money.feasible is not None
    assert money.per_year - money.existing <= 1.02 * money.feasible


def test_a_budget_that_gives_the_share_today_is_named(scenario_folder: Path) -> None:
    world = {"region": "34", "households": 2000, "months": 24}
    first, both = [
        load_scenario(scenario_folder / f"{name}.yaml", world)
        for name in ("baseline", "apbd-apbn-10")
    ]
    money = compare(first, [both], 1, draws=0).context().money["apbd-apbn-10"]
    function, ministry = money.definitions
    assert "APBN" in function.words["id"] and "10,8%" in function.words["id"]
    assert "APBD" not in function.words["id"] and "(" not in ministry.words["id"]


@pytest.mark.slow
def test_sentences_and_folder_of_a_real_comparison(comparison: Comparison, tmp_path: Path) -> None:
    for lang, word in (("id", "kemiskinan"), ("en", "poverty")):
        told = comparison.sentences(lang)
        assert any(word in sentence for sentence in told)
        assert not any("nan" in sentence.lower().split() for sentence in told)
    folder = export(comparison.frame(), comparison.context(), tmp_path / "out", "en")
    assert (folder / "index.html").is_file()
    assert (folder / "charts" / "poverty_path.svg").is_file()


@pytest.mark.slow
def test_coordination_stands_beside_itself_without_effect(
    scenario_folder: Path, anchors: Path
) -> None:
    world = {"region": [34], "households": 3000, "months": 40}
    first, *rest = [
        load_scenario(scenario_folder / f"{name}.yaml", world)
        for name in ("baseline", "apbd-10", "tanpa-koordinasi")
    ]
    found = compare(first, rest, 1, draws=0)
    assert found.without_effect is not None and found.pairs == ()
    # Only what rests on coordination is asked again, and without strength it changes nobody.
    assert list(found.without_effect.alternatives) == ["tanpa-koordinasi"]
    weak = found.without_effect.alternatives["tanpa-koordinasi"]
    for name in ("poverty_rate", "cases_served", "duplicate_service_rate", "unmet_need_rate"):
        np.testing.assert_array_equal(weak[name], found.without_effect.baseline[name])
    assert weak["coordination_active"][-1, 0] == 0.0
    said = dict(zip(("id", "en"), (found.sentences(lang) for lang in ("id", "en")), strict=True))
    # What it costs and what councils do are told by themselves.
    beside = {
        "id": ("Bila koordinasi tidak", "Bila dialog", "Bila koordinasi dan"),
        "en": ("If coordination had", "If dialogue", "If coordination and"),
    }
    nothing = {"id": "tidak berpengaruh sama sekali", "en": "no effect at all"}
    for lang, begins in beside.items():
        told = [sentence for sentence in said[lang] if nothing[lang] in sentence]
        assert len(told) == len(begins)
        assert all(sum(one.startswith(begin) for one in told) == 1 for begin in begins), told


@pytest.mark.slow
def test_without_coordination_in_play_there_is_no_such_world(comparison: Comparison) -> None:
    assert comparison.without_effect is None
    assert not comparison.context().without_effect


def test_another_world_is_refused(scenario_folder: Path) -> None:
    baseline = load_scenario(scenario_folder / "baseline.yaml")
    other = load_scenario(scenario_folder / "apbd-10.yaml", {"seed": 1})
    with pytest.raises(InputError) as caught:
        compare(baseline, [other])
    assert caught.value.field == "seed"
    for lang in ("id", "en"):
        assert "seed" in caught.value.text(lang)
    with pytest.raises(InputError):
        compare(baseline, [baseline])


@pytest.mark.slow
@pytest.mark.filterwarnings("error::UserWarning:joblib")
# The pool's own thread can trip over work that is taken back while it hands it out.
@pytest.mark.filterwarnings("ignore:Exception in thread ExecutorManagerThread")
def test_an_interrupted_comparison_lets_its_draws_go(
    scenario_folder: Path, anchors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Draws run beside the alternatives; nobody waits for them, and nothing is said of them."""
    world = {"region": "3471", "households": 2000, "months": 13}
    first, other = [
        load_scenario(scenario_folder / f"{name}.yaml", world) for name in ("baseline", "apbd-10")
    ]

    def broken(scenario: Scenario, *how: Any, **more: Any) -> Run:
        if scenario is other:
            raise KeyboardInterrupt
        return run(scenario, *how, **more)

    monkeypatch.setattr("kesos_sim.experiments.compare.run", broken)
    with pytest.raises(KeyboardInterrupt):
        compare(first, [other], 1, draws=2)
