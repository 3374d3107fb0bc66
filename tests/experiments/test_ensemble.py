"""Ensembles: means, bands and errors of paired worlds, and when a direction can be told."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kesos_sim.errors import InputError
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.ensemble import Ensemble, ensemble, needed
from kesos_sim.experiments.executors import Processes, Serial
from kesos_sim.experiments.outcomes import Outcome
from kesos_sim.experiments.store import Store
from kesos_sim.scenario import Scenario, load_scenario

WORLDS = 5
RULES = ("coordination_effect", "take_up")


@pytest.fixture(scope="session")
def scenarios(scenario_folder: Path) -> list[Scenario]:
    """The baseline, 10% of APBD and no help at all in a small world."""
    world = {"region": "34,51", "households": 3000, "months": 36}
    names = ("baseline", "apbd-10", "tanpa-bansos")
    return [load_scenario(scenario_folder / f"{name}.yaml", world) for name in names]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def several(scenarios: list[Scenario], store: Store, anchors: Path) -> Ensemble:
    return ensemble(scenarios, WORLDS, Design(rules=RULES), Processes(2), store)


@pytest.mark.slow
def test_the_frame_says_what_the_worlds_say(several: Ensemble, scenarios: list[Scenario]) -> None:
    """Mean, percentiles and standard error against pandas and scipy."""
    frame = several.frame()
    for scenario, name in itertools.product(scenarios, ("poverty_rate", "budget_released")):
        part = frame[(frame.scenario == scenario.name) & (frame.indicator == name)]
        values = several.draws(scenario.name, name)
        assert values.shape == (WORLDS, 37, 3)
        flat = pd.DataFrame(values.reshape(WORLDS, -1)).dropna(axis=1, how="all")
        np.testing.assert_allclose(part["mean"], flat.mean())
        np.testing.assert_allclose(part.low, flat.quantile(0.1))
        np.testing.assert_allclose(part.high, flat.quantile(0.9))
        assert (part.replicates == WORLDS).all()
        if scenario is scenarios[0]:
            assert part.difference.isna().all() and part.needed.isna().all()
            continue
        changes = several.differences(scenario.name, name).reshape(WORLDS, -1)
        known = ~np.isnan(changes).all(axis=0)
        np.testing.assert_allclose(part.difference, changes[:, known].mean(axis=0))
        np.testing.assert_allclose(part.error, stats.sem(changes[:, known], axis=0))


def test_worlds_are_paired(several: Ensemble) -> None:
    """What worlds have in common goes out of the difference."""
    plain = several.draws("tanpa-bansos", "poverty_rate")[:, -1, 0]
    usual = several.draws("baseline", "poverty_rate")[:, -1, 0]
    apart = plain.var(ddof=1) + usual.var(ddof=1)
    assert (plain - usual).var(ddof=1) < apart
    before = several.differences("apbd-10", "poverty_rate")[:, 0]
    assert not before.any()


def test_a_certain_direction_is_called_so(several: Ensemble) -> None:
    frame = several.frame()
    last = frame[(frame.month == frame.month.max()) & (frame.region == several.runs[0].regions[0])]
    row = last[(last.scenario == "tanpa-bansos") & (last.indicator == "poverty_rate")].iloc[0]
    assert row.difference > 0.3 and row.needed <= WORLDS
    for lang, words in (("id", "dapat dipastikan dengan"), ("en", "is certain with 95")):
        said = several.sentences(lang)
        assert sum(words in sentence for sentence in said) >= 1
        assert any(str(WORLDS) in sentence for sentence in said)


def test_more_worlds_only_add(several: Ensemble, scenarios: list[Scenario], store: Store) -> None:
    """The first worlds are the same however many are asked for and whoever computes them."""
    fewer = ensemble(scenarios, 2, Design(rules=RULES), Serial(), store)
    more = several.draws("apbd-10", "poverty_rate")
    np.testing.assert_array_equal(fewer.draws("apbd-10", "poverty_rate"), more[:2])


@pytest.mark.slow
def test_finished_worlds_are_never_lived_again(
    several: Ensemble,
    scenarios: list[Scenario],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lived(scenario: Scenario) -> Outcome:
        raise AssertionError(scenario.name)

    monkeypatch.setattr("kesos_sim.experiments.outcomes.live", lived)
    monkeypatch.setattr("kesos_sim.experiments.run.lived", lived)
    again = ensemble(scenarios, WORLDS, Design(rules=RULES), Serial(), store)
    pd.testing.assert_frame_equal(again.frame(), several.frame())
    for first, second in zip(several.runs, again.runs, strict=True):
        pd.testing.assert_frame_equal(first.frame("district"), second.frame("district"))
        pd.testing.assert_frame_equal(first.ledger(), second.ledger())
        assert first.plans == second.plans
        assert first.provenance == second.provenance


@pytest.mark.slow
def test_a_lost_world_is_named_and_does_not_count(
    scenarios: list[Scenario], store: Store, several: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lived(scenario: Scenario) -> Outcome:
        raise MemoryError("no room")

    monkeypatch.setattr("kesos_sim.experiments.outcomes.live", lived)
    found = ensemble(scenarios, WORLDS + 1, Design(rules=RULES), Serial(), store)
    assert [(one.number, one.cause) for one in found.lost] == [
        (WORLDS + 1, "MemoryError('no room')")
    ]
    pd.testing.assert_frame_equal(found.frame(), several.frame())
    assert any("no room" in sentence for sentence in found.sentences("en"))
    with pytest.raises(InputError, match="no room"):
        ensemble(scenarios, 1, Design(()), Serial(), store)


def test_when_the_time_is_over_no_world_is_begun_but_the_first(
    scenarios: list[Scenario], store: Store, several: Ensemble
) -> None:
    found = ensemble(scenarios, 1000, Design(rules=RULES), Serial(), store, within=0.0)
    assert len(found.pairs) == 1
    for lang, words in (("id", "kisarannya belum diketahui"), ("en", "its range is not known")):
        assert any(words in sentence for sentence in found.sentences(lang))


@pytest.mark.slow
def test_one_scenario_has_a_level_and_no_difference(
    scenarios: list[Scenario], store: Store, tmp_path: Path
) -> None:
    found = ensemble(scenarios[:1], 2, Design(()), Serial(), store)
    assert found.frame().difference.isna().all()
    folder = found.export(tmp_path / "out", "id")
    worlds = pd.read_parquet(folder / "worlds.parquet")
    assert len(worlds) == len(found.frame())
    assert (folder / "index.html").read_text("utf-8").count("Seberapa pasti") >= 1


@pytest.mark.slow
def test_the_folder_holds_what_all_worlds_say(several: Ensemble, tmp_path: Path) -> None:
    folder = several.export(tmp_path / "out", "en")
    pd.testing.assert_frame_equal(
        pd.read_parquet(folder / "worlds.parquet"), several.frame(), check_dtype=False
    )
    assert (folder / "tables" / "precision_apbd-10.csv").exists()
    assert (folder / "charts" / "poverty_path.svg").exists()
    assert (folder / "charts" / "pairing_poverty_rate.svg").exists()
    table = (folder / "tables" / "pairing_poverty_rate.csv").read_text("utf-8").splitlines()
    assert len(table) == len(several.pairs) - 1  # a heading, and a row from the third world on


@settings(max_examples=50)
@given(mean=st.floats(0.01, 20.0), sign=st.sampled_from([-1.0, 1.0]), worlds=st.integers(2, 40))
def test_needed_worlds_are_those_after_which_the_interval_leaves_zero(
    mean: float, sign: float, worlds: int
) -> None:
    """With a spread of one: against Student's interval itself."""
    error = np.array([1.0 / np.sqrt(worlds)])
    (found,) = needed(np.array([sign * mean]), error, np.array([worlds]))

    def half(number: float) -> float:
        return float(stats.t.ppf(0.975, number - 1) / np.sqrt(number))

    # Beyond two thousand worlds the normal distribution is near enough.
    slack = 1.0 if found < 2000 else 1.001
    assert half(found) <= slack * mean
    assert found == 2.0 or slack * half(found - 1) > mean


def test_what_does_not_move_needs_no_number() -> None:
    zero, some = np.zeros(1), np.ones(1)
    assert np.isnan(needed(zero, zero, np.array([5]))).all()
    assert np.isnan(needed(zero, some, np.array([5]))).all()
    assert needed(some, zero, np.array([5])) == 2.0
