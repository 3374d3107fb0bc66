"""Where the base month misses what is published, and that it is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.experiments.base_month import base_misses, published_rates
from kesos_sim.experiments.compare import Comparison
from kesos_sim.experiments.run import Run, run
from kesos_sim.scenario import load_scenario

MARCH = "2024-03"


def rates(**percent: float) -> dict[str, np.ndarray]:
    return {"poverty_rate": np.array([list(percent.values()), [99.0] * len(percent)])}


def test_published_rates_are_those_of_the_table() -> None:
    found = published_rates("mpu", [MARCH], ["mpu", "33", "51", "3316"])
    assert found[MARCH, "51"] == 4.0 and found[MARCH, "33"] == 10.47
    assert 4.0 < found[MARCH, "mpu"] < 10.47
    assert (MARCH, "3316") not in found
    assert published_rates([3316], [MARCH], ["3316"]).keys() == {(MARCH, "3316")}


def test_a_province_of_which_only_districts_are_run_has_no_published_rate() -> None:
    found = published_rates([33, 3401], [MARCH], ["33+3401", "33", "34", "3401"])
    assert found.keys() == {(MARCH, "33")}
    found = published_rates([33, 34], [MARCH], ["33+34", "33", "34"])
    assert found.keys() == {(MARCH, "33"), (MARCH, "34"), (MARCH, "33+34")}


@given(st.floats(0.0, 20.0))
def test_a_miss_is_what_lies_beyond_the_tolerance(modelled: float) -> None:
    found = base_misses([51], MARCH, ["51"], rates(bali=modelled))
    assert bool(found) == (abs(modelled - 4.0) > 0.1 + 1e-9)
    if found:
        (miss,) = found
        assert miss == {"region": "51", "published": 4.0, "modelled": modelled, "tolerance": 0.1}


def test_the_worst_miss_comes_first_and_districts_may_miss_more() -> None:
    regions = ["33+51", "33", "51"]
    found = base_misses([33, 51], MARCH, regions, rates(all=8.0, jateng=10.6, bali=0.0))
    assert [miss["region"] for miss in found] == ["51", "33"]
    published = published_rates([3316], [MARCH], ["3316"])[MARCH, "3316"]
    assert not base_misses([3316], MARCH, ["3316"], rates(blora=published + 0.29))
    assert base_misses([3316], MARCH, ["3316"], rates(blora=published + 0.31))


@pytest.mark.slow
def test_few_households_are_warned_of(comparison: Comparison, baseline_run: Run) -> None:
    misses = baseline_run.base_misses
    assert misses, "4,000 households cannot show ten provinces"
    assert baseline_run.provenance["base_misses"] == misses
    assert comparison.provenance["base_misses"] == comparison.baseline.base_misses
    record = comparison.context().provenance
    assert record is not None
    assert record.document()["base_misses"] == misses
    told = comparison.sentences("id")
    (warning,) = [sentence for sentence in told if sentence.startswith("PERHATIAN: bulan dasar")]
    assert "4.000" in warning


@pytest.mark.slow
def test_enough_households_meet_what_is_published(scenario_folder: Path, anchors: Path) -> None:
    world = {"region": "34", "households": 40_000, "months": 1}
    found = run(load_scenario(scenario_folder / "baseline.yaml", world), 1)
    assert found.base_misses == ()


def test_nothing_is_judged_where_nothing_was_published() -> None:
    assert not base_misses([34], "1999-01", ["34"], rates(diy=50.0))
