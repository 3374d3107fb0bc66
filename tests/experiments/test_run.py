"""A run: its frame, its ledger, its provenance."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from kesos_sim.data.regions import mpu_provinces
from kesos_sim.experiments.run import Run, run, sensible_threads
from kesos_sim.indicators.definitions import indicator
from kesos_sim.institutions.rules import STREAMS
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, changed


def test_frame_is_tidy_and_complete(baseline_run: Run) -> None:
    frame = baseline_run.frame()
    assert list(frame.columns) == ["month", "region", "indicator", "value", "unit"]
    assert not frame.isna().to_numpy().any()
    assert not frame.duplicated(["month", "region", "indicator"]).any()
    assert set(frame.region) == {"mpu", *(f"{code:02d}" for code in mpu_provinces())}
    for name, part in frame.groupby("indicator"):
        assert set(part.unit) == {indicator(str(name)).unit}


def test_districts_are_listed_on_request_and_add_up(baseline_run: Run) -> None:
    frame = baseline_run.frame("district")
    poor = frame[(frame.indicator == "poor_people") & (frame.month == baseline_run.months[-1])]
    by_region = poor.set_index("region")["value"]
    districts = by_region[[code for code in by_region.index if len(code) == 4 and code.isdigit()]]
    assert len(districts) == 175
    assert districts.sum() == pytest.approx(by_region["mpu"])
    for province, part in districts.groupby(districts.index.str[:2]):
        assert part.sum() == pytest.approx(by_region[str(province)])


def test_money_of_the_indicators_is_that_of_the_ledger(baseline_run: Run) -> None:
    ledger = baseline_run.ledger()
    ours = (ledger.stage == "delivered") & ledger.stream.isin(STREAMS)
    delivered = ledger[ours].groupby("month")["rupiah"].sum()
    told = baseline_run.figures["benefit_delivered"][:, 0]
    for row, month in enumerate(baseline_run.months):
        assert told[row] == pytest.approx(float(delivered.get(month, 0)))
    absorbed = baseline_run.figures["budget_absorbed"]
    known = ~np.isnan(absorbed)
    assert known.any()
    assert (absorbed[known] <= 100.0 + 1e-9).all()


def test_provenance_has_what_it_takes_to_run_it_again(baseline_run: Run) -> None:
    record = baseline_run.provenance
    assert record["scenario_hash"] == baseline_run.scenario.hash
    assert len(str(record["code_hash"])) == len(str(record["scenario_hash"])) == 64
    assert baseline_run.context().provenance is not None
    assert not baseline_run.context().provenance.missing()


def test_threads_pay_off_only_with_enough_households() -> None:
    assert sensible_threads(2000) == 1
    assert sensible_threads(10**8) >= sensible_threads(2000)


def test_flows_of_a_year_are_missing_where_no_year_is_complete(small: Scenario) -> None:
    lived = run(changed(small, {"months": 14}), 1)
    for name in ("entered_poverty", "left_poverty", "chronic_poverty_rate"):
        known = np.flatnonzero(~np.isnan(lived.figures[name][:, 0]))
        assert known.tolist() == [12]


@pytest.mark.slow
def test_a_run_leaves_no_model_behind(baseline_run: Run) -> None:
    """A page or an ensemble runs hundreds of models in one process."""

    def models() -> int:
        gc.collect()
        return sum(isinstance(one, WelfareModel) for one in gc.get_objects())

    before = models()
    run(changed(baseline_run.scenario, {"months": 2}), 1)
    assert models() == before
