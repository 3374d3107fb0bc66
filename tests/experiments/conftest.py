"""Runs and comparisons of a small region, computed once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from joblib import parallel_config

from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.run import Run, run
from kesos_sim.scenario import load_scenario

WORLD = {"region": "mpu", "households": 4000, "months": 48}


@pytest.fixture(scope="session")
def baseline_run(scenario_folder: Path, anchors: Path) -> Run:
    """The baseline of the ten provinces with few households."""
    return run(load_scenario(scenario_folder / "baseline.yaml", WORLD), 1)


@pytest.fixture(scope="session")
def comparison(scenario_folder: Path, anchors: Path) -> Comparison:
    """10% of APBD, and no social assistance at all, against the baseline; two draws."""
    names = ("baseline", "apbd-10", "tanpa-bansos")
    first, *rest = [load_scenario(scenario_folder / f"{name}.yaml", WORLD) for name in names]
    return compare(first, rest, 1, draws=2)


@pytest.fixture(autouse=True, scope="module")
def _in_this_process(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let worlds live here: other processes take longer to begin than such small ones to live."""
    if request.path.stem in {"test_executors", "test_compare"}:
        yield
        return
    with parallel_config(backend="sequential"):
        yield
