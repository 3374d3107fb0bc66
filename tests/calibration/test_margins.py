"""The population beside published margins: what it should meet it meets, the rest is only shown."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.margins import coverage, margins
from kesos_sim.calibration.published import Validation
from kesos_sim.calibration.table import misses_first, reach
from kesos_sim.data import read_table
from kesos_sim.scenario import Scenario


@pytest.fixture(scope="module")
def population(small: Scenario, anchors: Path) -> Validation:
    return margins(small)


def of(found: Validation, measure: str) -> list[Figure]:
    return [figure for figure in found.figures if figure.measure == measure]


def test_people_are_those_whom_published_numbers_of_poor_imply(population: Validation) -> None:
    (implied,), (projected,) = of(population, "people_implied"), of(population, "people_projected")
    # Read from the table of poverty itself: poor people over the rate.
    key = {"bps_code": 34, "year": 2024, "month": 3, "area": "total"}
    row = next(read_table("poverty_province").where(**key).rows())
    expected = float(row["poor_thousand"]) / float(row["poverty_rate_p0"]) * 100.0
    assert implied.published == pytest.approx(expected, rel=1e-4)
    assert implied.hit and implied.modelled == pytest.approx(expected, rel=1e-3)
    assert projected.hit is None and projected.modelled == implied.modelled
    (urban,) = of(population, "urban_share")
    assert urban.hit and 0.0 < urban.modelled < 100.0


def test_deciles_divide_all_consumption(population: Validation) -> None:
    shares = of(population, "decile_share")
    assert [figure.detail[1] for figure in shares] == list(range(1, 11))
    for values in ([f.modelled for f in shares], [f.published for f in shares]):
        assert sum(values) == pytest.approx(100.0, abs=0.01)
        assert values == sorted(values)
    assert {figure.verdict for figure in shares} == {"not_judged"}


def test_coverage_adds_up_to_the_families_of_the_programme(small: Scenario, anchors: Path) -> None:
    found = coverage(small, "PKH")
    tenths = of(found, "decile_coverage")
    assert len(tenths) == 10
    assert all(math.isnan(figure.published) for figure in tenths)
    assert tenths[0].modelled > 2.0 * tenths[-1].modelled
    (whole,) = of(found, "receipt_rate")
    # Deciles hold the same people, and poor families are larger, so the mean is only near.
    assert sum(f.modelled for f in tenths) / 10.0 == pytest.approx(whole.modelled, rel=0.15)


def figure(difference: float, measure: str = "poverty_rate", use: str = "set") -> Figure:
    return Figure(
        "anchor", "province", "34", measure, (), 10.0, 10.0 + difference, "percent",
        "official", use, "poverty_province",
    )  # fmt: skip


def test_misses_come_first_and_what_is_not_judged_last() -> None:
    near, far, worst = figure(0.05), figure(-0.4), figure(math.nan)
    shown = figure(9.0, use="shown")
    other = figure(-3.0, "receipt_rate")
    assert misses_first([shown, near, other, far, worst]) == [worst, far, other, near, shown]
    assert reach(far) == pytest.approx(4.0)
    assert reach(other) == pytest.approx(0.6)
