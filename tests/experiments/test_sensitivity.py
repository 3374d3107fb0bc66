"""Sensitivity against closed forms, with runs that answer by a formula."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.outcomes import Outcome
from kesos_sim.experiments.sensitivity import CHANCE, sensitivity
from kesos_sim.experiments.store import Store
from kesos_sim.reports.influence import export_sensitivity, influence_table, sentences
from kesos_sim.scenario import Scenario, load_scenario

NAMES = ("registry.truth", "fiscal.crowding_out", "orsos.visibility_spread", "wksbm.usul.strength")


def share(scenario: Scenario, name: str) -> float:
    """Where in its range a scenario has a parameter."""
    row = parameter_table()[name]
    return (scenario.parameter(name) - row.low) / (row.high - row.low)


@pytest.fixture
def answering(
    small: Scenario, anchors: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Scenario], float]], Scenario]:
    """Let every run answer by a formula, in the ranges of the parameter table."""
    small = small.uncalibrated

    def by(formula: Callable[[Scenario], float]) -> Scenario:
        def lived(scenario: Scenario) -> Outcome:
            months = tuple(str(small.start + row) for row in range(13))
            table = {
                name: np.full((13, 1), formula(scenario))
                for name in ("poverty_rate", "budget_spent", "yearly_spending", "poor_people",
                             "poverty_gap", "population")
            }  # fmt: skip
            return Outcome(months, ("34",), table, np.ones(1), 0.0)

        monkeypatch.setattr("kesos_sim.experiments.outcomes.live", lived)
        return small

    return by


def found(scenario: Scenario, method: str, samples: int) -> pd.DataFrame:
    result = sensitivity(scenario, None, method, NAMES, samples, Serial())
    frame = result.frame()
    return frame[frame.indicator == "poverty_rate"].set_index("factor")


def test_morris_finds_the_slopes_of_a_straight_answer(answering) -> None:
    slopes = dict(zip(NAMES, (4.0, -2.0, 0.5, 0.0), strict=True))
    scenario = answering(lambda one: sum(b * share(one, name) for name, b in slopes.items()))
    rows = found(scenario, "morris", 6)
    for name, slope in slopes.items():
        assert rows.effect[name] == pytest.approx(abs(slope), abs=1e-9)
        assert rows.spread[name] == pytest.approx(0.0, abs=1e-9)
    assert rows.effect[CHANCE] == 0.0
    assert list(rows.index[:3]) == list(NAMES[:3])


def test_morris_sees_what_depends_on_others(answering) -> None:
    scenario = answering(lambda one: 4.0 * share(one, NAMES[0]) * share(one, NAMES[1]))
    rows = found(scenario, "morris", 20)
    assert rows.spread[NAMES[0]] > 0.5 and rows.spread[NAMES[2]] == 0.0


@pytest.mark.slow
def test_sobol_divides_the_variance(answering) -> None:
    """Of a sum: the square of each slope; of a product: more together than alone."""
    slopes = dict(zip(NAMES, (3.0, 2.0, 1.0, 0.0), strict=True))
    scenario = answering(lambda one: sum(b * share(one, name) for name, b in slopes.items()))
    rows = found(scenario, "sobol", 512)
    for name, slope in slopes.items():
        assert rows.alone[name] == pytest.approx(slope**2 / 14.0, abs=0.03)
        assert rows.in_all[name] == pytest.approx(slope**2 / 14.0, abs=0.03)
    scenario = answering(lambda one: (share(one, NAMES[0]) - 0.5) * (share(one, NAMES[1]) - 0.5))
    rows = found(scenario, "sobol", 512)
    assert abs(rows.alone[NAMES[0]]) < 0.1 and rows.in_all[NAMES[0]] > 0.9


@pytest.mark.slow
def test_chance_has_a_share_of_its_own(answering) -> None:
    """Half of the variance from a parameter, half from the seed."""
    luck = np.random.default_rng(3).permutation(64)

    def formula(one: Scenario) -> float:
        return share(one, NAMES[0]) + float(luck[(one.seed - base - 1) % 64]) / 64.0

    base = 0
    scenario = answering(formula)
    base = scenario.seed
    rows = found(scenario, "sobol", 1024)
    assert rows.in_all[CHANCE] == pytest.approx(0.5, abs=0.1)
    assert rows.in_all[NAMES[0]] == pytest.approx(0.5, abs=0.1)
    assert rows.in_all[NAMES[2]] == pytest.approx(0.0, abs=0.02)


def test_what_never_moves_hangs_on_nothing(answering) -> None:
    scenario = answering(lambda _: 7.0)
    result = sensitivity(scenario, None, "morris", NAMES, 2, Serial())
    assert not result.found["poverty_rate"].any()
    assert any("No parameter" in sentence for sentence in result.sentences("en"))


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_sentences_say_how_sure_they_are_and_in_what_unit(answering, method: str) -> None:
    scenario = answering(lambda s: 10.0 + share(s, NAMES[0]))
    sure = sensitivity(scenario, None, method, NAMES, 64, Serial())
    said = sentences(sure, "en")[1]
    unit = "percentage points" if method == "morris" else "share of the variance"
    assert unit in said and "±" in said and "0" in said
    assert not any("not to be trusted" in words for words in sentences(sure, "en"))
    luck = np.random.default_rng(3).random(4096)
    noisy = answering(lambda s: 10.0 + luck[int(1e6 * sum(share(s, n) for n in NAMES)) % 4096])
    few = sensitivity(noisy, None, method, NAMES, 2, Serial())
    spread = "effect" if method == "morris" else "in_all"
    rows = few.frame().set_index("factor").drop("chance")
    unsure = bool((rows[spread] <= rows[f"{spread}_error"]).all())
    for lang, words in (("id", "belum dapat dipercaya"), ("en", "not to be trusted")):
        assert any(words in sentence for sentence in sentences(few, lang)) is unsure


@pytest.mark.parametrize(
    ("method", "names", "samples", "code"),
    [
        ("morris", ("registry.trut",), 2, "KS3025"),
        ("morris", ("coordination.settle_months",), 2, "KS3026"),
        ("sobol", NAMES, 48, "KS3027"),
    ],
)
def test_what_cannot_be_moved_is_refused(
    small: Scenario, method: str, names: tuple[str, ...], samples: int, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        sensitivity(small, None, method, names, samples, Serial())
    assert caught.value.code == code


@pytest.mark.full
def test_a_difference_hangs_on_what_is_consumed(
    scenario_folder: Path, anchors: Path, tmp_path: Path
) -> None:
    """With real runs: cash acts as far as it is consumed, and other parameters hardly matter."""
    world = {"region": "3471", "households": 2000, "months": 13}
    first, other = (
        load_scenario(scenario_folder / f"{name}.yaml", world)
        for name in ("baseline", "tanpa-bansos")
    )
    names = ("household.propensity_to_consume", "wksbm.usul.strength")
    store = Store(tmp_path / "store")
    result = sensitivity(first, other, "morris", names, 2, Serial(), store)
    rows = result.frame()
    rows = rows[rows.indicator == "poverty_gap"].set_index("factor")
    assert rows.effect[names[0]] > 5.0 * rows.effect[names[1]]
    for lang in ("id", "en"):
        assert influence_table(result, "poverty_gap", lang).rows
        assert len(sentences(result, lang, "poverty_gap")) >= 3
        assert "<svg" in result.chart("poverty_gap", lang).svg()
    folder = export_sensitivity(result, ["poverty_gap"], tmp_path / "out", "en")
    assert (folder / "charts" / "influence_poverty_gap.svg").exists()
    assert len(pd.read_parquet(folder / "sensitivity.parquet")) == len(result.frame())
