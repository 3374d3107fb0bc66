"""Backcasts beside published paths and simple forecasts, none of which looks ahead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kesos_sim.calibration import paths
from kesos_sim.calibration.paths import BASES, FORECASTS, Published, backcast, elasticity, forecasts
from kesos_sim.data import read_table
from kesos_sim.experiments.executors import Serial
from kesos_sim.population.known import known_until
from kesos_sim.scenario import Scenario
from kesos_sim.units import Month


def test_the_elasticity_is_that_of_least_squares() -> None:
    """By hand, from the tables themselves, up to the base month."""
    base = 2017
    poverty, growth = read_table("poverty_province"), read_table("growth_prices")
    rate = {
        (int(code), int(year)): float(value)
        for code, year, month, area, value in zip(
            *(poverty[n] for n in ("bps_code", "year", "month", "area", "poverty_rate_p0")),
            strict=True,
        )
        if area == "total" and month == 3 and year <= base
    }
    grown = {
        (int(code), int(year)): np.log1p(float(value) / 100.0)
        for code, year, value in zip(
            *(growth[n] for n in ("bps_code", "year", "gdp_growth_percent")), strict=True
        )
    }
    rows = [
        (grown[key], np.log(rate[key[0], key[1] + 1] / rate[key]))
        for key in rate
        if key[0] and (key[0], key[1] + 1) in rate and not np.isnan(grown.get(key, np.nan))
    ]
    x, y = np.array(rows).T
    expected = np.linalg.lstsq(x[:, None], y, rcond=None)[0][0]
    found = elasticity(known_until(Month(base, 3)))
    assert found == pytest.approx(expected)
    assert -2.0 < found < 0.0


@pytest.mark.parametrize("base", BASES)
def test_no_forecast_looks_ahead(base: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With other outcomes after the base month it says the same."""
    codes, rate = [33, 53], [13.0, 22.0]
    before = forecasts(base, 2024, codes, rate)
    table = read_table("poverty_province")

    class Changed:
        columns = table.columns

        def __getitem__(self, name: str) -> Any:
            column = np.asarray(table[name])
            if name != "poverty_rate_p0":
                return column
            later = np.asarray(table["year"]) * 12 + np.asarray(table["month"]) > base * 12 + 3
            return np.where(later, 50.0, column)

    monkeypatch.setattr(
        "kesos_sim.population.known.read_table",
        lambda name: Changed() if name == "poverty_province" else read_table(name),
    )
    after = forecasts(base, 2024, codes, rate)
    for name in FORECASTS:
        np.testing.assert_array_equal(before[name], after[name])
    np.testing.assert_array_equal(before["no_change"], rate)
    assert np.all(before["elasticity"] < before["no_change"])


def test_a_backcast_decides_nothing_and_stops_where_figures_do(small: Scenario) -> None:
    found = backcast(small, 2019)
    assert (str(found.start), str(found.end)) == ("2019-03", "2024-03")
    assert found.growth == "backcast" and not found.levers and not found.events
    assert found.region == small.region
    assert small.calibration and not found.calibration and not found.parameters


@pytest.mark.slow
def test_errors_are_those_of_the_rows(small: Scenario, anchors: object) -> None:
    """Every published March of two provinces; means of misses beside simple forecasts."""
    world = replace(small, region=(34, 51), households=3000)
    from kesos_sim.scenario import from_document

    figures = paths.path_figures(from_document(world.document()), Serial())
    gini = [figure for figure in figures if figure.measure == "gini_path"]
    spread = Published.read("gini_path").value
    assert {int(figure.detail[1]) for figure in gini} == {2016, 2017, 2018, 2019, 2022, 2023, 2024}
    assert all(spread[int(f.code), int(f.detail[1])] == f.published for f in gini)
    assert all(abs(figure.difference) < 0.15 for figure in gini)
    published = Published.read().value
    for base in BASES:
        rows = [f for f in figures if f.measure == "poverty_path" and f.detail[0] == base]
        years = {int(f.detail[1]) for f in rows}
        assert not years & {2020, 2021} and max(years) == 2024 and min(years) > base
        assert {f.code for f in rows} == {"34", "51"}
        assert all(published[int(f.code), int(f.detail[1])] == f.published for f in rows)
        errors = {f.detail[1]: f for f in figures if f.measure == "path_error"
                  and f.detail[0] == base}  # fmt: skip
        assert set(errors) == set(FORECASTS)
        mine = np.mean([abs(f.difference) for f in rows])
        still = np.mean([abs(published[int(f.code), base] - f.published) for f in rows])
        assert errors["no_change"].modelled == pytest.approx(mine)
        assert errors["no_change"].published == pytest.approx(still)
        assert errors["elasticity"].verdict == "not_judged"
