"""Worlds: scenarios beside each other, in the order of the worlds, whoever is ready first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.experiments.executors import Failure, Serial
from kesos_sim.experiments.outcomes import Outcome, live
from kesos_sim.experiments.run import run
from kesos_sim.experiments.store import FAILED, Store, identity
from kesos_sim.experiments.tables import shown_regions
from kesos_sim.experiments.worlds import Pair, World, against, pairs
from kesos_sim.scenario import Scenario, load_scenario

RUPIAH = st.floats(1e6, 1e12)


def loaded(folder: Path, **world: object) -> tuple[Scenario, Scenario]:
    """The baseline and 10% of APBD in a small world."""
    asked = {"region": "3471", "households": 2000, "months": 13} | world
    first, other = (load_scenario(folder / f"{n}.yaml", asked) for n in ("baseline", "apbd-10"))
    return first, other


@pytest.mark.slow
@pytest.mark.parametrize(("region", "columns"), [("34,51", 3), ("34", 1), ("3471", 1)])
def test_a_pair_has_the_top_regions_of_its_runs(
    scenario_folder: Path, anchors: Path, region: str, columns: int
) -> None:
    """To the bit: the whole region, and provinces where there are several."""
    scenarios = loaded(scenario_folder, region=region)
    with pairs([World(scenarios)], Serial()) as found:
        (pair,) = found
    assert isinstance(pair, Pair)
    usual, changed = (run(scenario, 1) for scenario in scenarios)
    shown = shown_regions(usual.regions, "province")
    assert len(shown) == columns
    for tables, whole in (
        (pair.baseline, usual.figures),
        (pair.alternatives["apbd-10"], against(changed, usual).figures),
    ):
        assert tables.keys() == whole.keys()
        for name, table in tables.items():
            np.testing.assert_array_equal(table, whole[name][:, shown], err_msg=name)


class Shuffled:
    """Does every job, then hands out results in another order."""

    workers = 3

    def __init__(self, order: Callable[[list[Any]], list[Any]]) -> None:
        self.order = order

    @contextmanager
    def completed(
        self, function: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]
    ) -> Iterator[Iterator[tuple[int, Any]]]:
        yield iter(self.order([(number, job[0]) for number, job in enumerate(jobs)]))


def outcome(value: float) -> Outcome:
    """An outcome that is one number."""
    table = np.array([[value]])
    names = ("yearly_spending", "poor_people", "poverty_gap", "population", "poverty_rate")
    return Outcome(("2024-03",), ("34",), dict.fromkeys(names, table), np.array([1.0]), 0.0)


@given(order=st.permutations(range(6)), lost=st.sets(st.integers(0, 5)))
def test_worlds_come_in_their_own_order(small: Scenario, order: list[int], lost: set[int]) -> None:
    """Whatever is ready first; one lost run loses its world and no other."""

    def shuffled(done: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
        error = Failure.of(ValueError("lost"))
        return [(n, error if n in lost else outcome(float(n))) for n in (done[k][0] for k in order)]

    worlds = [World((small, small)) for _ in range(3)]
    with pairs(worlds, Shuffled(shuffled)) as found:
        kept = list(found)
    for number, pair in enumerate(kept):
        own = {2 * number, 2 * number + 1}
        assert isinstance(pair, Failure) == bool(own & lost)
        if isinstance(pair, Pair):
            assert pair.baseline["poverty_rate"][0, 0] == 2 * number
            assert pair.alternatives[small.name]["poverty_rate"][0, 0] == 2 * number + 1
    assert len(kept) == 3


def test_what_a_store_knows_is_not_lived_again(
    scenario_folder: Path, anchors: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it gives back is the same to the bit."""
    store, scenarios = Store(tmp_path), loaded(scenario_folder)
    with pairs([World(scenarios[:1])], Serial(), store) as found:
        (first,) = found
    lived: list[str] = []

    def watched(scenario: Scenario) -> Outcome:
        lived.append(scenario.name)
        return live(scenario)

    monkeypatch.setattr("kesos_sim.experiments.outcomes.live", watched)
    with pairs([World(scenarios), World(scenarios[:1])], Serial(), store) as found:
        again = list(found)
    assert lived == ["apbd-10"]
    for pair in again:
        assert isinstance(first, Pair) and isinstance(pair, Pair)
        assert pair.baseline.keys() == first.baseline.keys()
        for name, table in first.baseline.items():
            np.testing.assert_array_equal(pair.baseline[name], table, err_msg=name)


def test_a_run_that_fails_is_a_row_with_its_cause(
    scenario_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, (first, other) = Store(tmp_path), loaded(scenario_folder)

    def broken(scenario: Scenario) -> Outcome:
        if scenario is other:
            raise MemoryError("no room")
        return outcome(1.0)

    monkeypatch.setattr("kesos_sim.experiments.outcomes.live", broken)
    with pairs([World((first,)), World((other,)), World((first,))], Serial(), store) as found:
        kinds = [type(pair) for pair in found]
    assert kinds == [Pair, Failure, Pair]
    states = {entry.scenario: (entry.state, entry.cause) for entry in store.entries()}
    assert states["apbd-10"] == (FAILED, "MemoryError('no room')")
    assert store.find(identity(other, "outcome")) is None


@given(spending=RUPIAH, lifted=st.floats(1.0, 1e6), gap=st.floats(0.001, 5.0))
def test_value_for_money_has_its_closed_form(
    small: Scenario, spending: float, lifted: float, gap: float
) -> None:
    rows, line = 30, 600_000.0
    flat = np.ones((rows, 1))
    years = np.where(np.arange(rows)[:, None] < 12, np.nan, 12.0)
    usual = {
        "yearly_spending": 5e9 * years,
        "poor_people": 2e6 * flat,
        "poverty_gap": 6.0 * flat,
        "population": 1e7 * flat,
    }
    changed = usual | {
        "yearly_spending": (5e9 + spending) * years,
        "poor_people": (2e6 - lifted) * flat,
        "poverty_gap": (6.0 - gap) * flat,
    }

    def bought(figures: dict[str, Any]) -> Any:
        months = tuple(map(str, range(rows)))
        lived = [Outcome(months, ("34",), one, np.array([line]), 0.0) for one in (usual, figures)]
        return Pair.of(World((small, small)), lived).alternatives[small.name]

    found = bought(changed)
    assert np.isnan(found["cost_per_person_lifted"][:12]).all()
    assert found["cost_per_person_lifted"][12:] == pytest.approx(12 * spending / lifted, rel=1e-4)
    closed = gap / 100.0 * 1e7 * line
    assert found["gap_closed_per_rupiah"][12:] == pytest.approx(closed / spending, rel=1e-4)
    nothing = bought(usual)
    for name in ("cost_per_person_lifted", "gap_closed_per_rupiah"):
        assert np.isnan(nothing[name]).all()
