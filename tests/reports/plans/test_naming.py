"""Files of documents of two regions lie side by side in one folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.reports.plans.naming import lines_file, region_mark, scenario_file
from kesos_sim.scenario import Scenario, load_scenario

BASELINE = Path(__file__).parents[3] / "scenarios" / "baseline.yaml"
CODES = st.lists(st.sampled_from((31, 33, 53, 3316, 5371)), min_size=1, max_size=3, unique=True)


def of(region: tuple[int, ...]) -> Scenario:
    return replace(load_scenario(BASELINE), region=region)


@given(CODES.map(tuple), CODES.map(tuple))
def test_two_regions_share_no_file(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    alike = one == other
    assert (scenario_file(of(one)) == scenario_file(of(other))) == alike
    assert (lines_file(one) == lines_file(other)) == alike


def test_a_name_that_ends_with_its_region_is_left_as_it_is() -> None:
    assert scenario_file(replace(of((53,)), name="ntt-53")) == "ntt-53.yaml"
    assert scenario_file(replace(of((53,)), name="ntt")) == f"ntt-{region_mark((53,))}.yaml"
