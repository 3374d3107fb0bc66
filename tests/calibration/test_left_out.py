"""Provinces left out of the fit: nothing that was published of them later is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.calibration.left_out import BASE, folds, left_out_figures
from kesos_sim.calibration.paths import Published
from kesos_sim.data import read_table
from kesos_sim.population.growth_link import fit_link
from kesos_sim.population.known import KnownUntil
from kesos_sim.scenario import Scenario, from_document
from kesos_sim.units import Month


@given(st.sets(st.integers(11, 96), min_size=1, max_size=38))
def test_every_province_is_left_out_once(provinces: set[int]) -> None:
    dealt = folds(sorted(provinces))
    assert sorted(code for fold in dealt for code in fold) == sorted(provinces)
    assert max(len(fold) for fold in dealt) <= 3


def later_moved(codes: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish other poverty rates of some provinces after the base month."""
    table = read_table("poverty_province")

    class Changed:
        columns = table.columns

        def __getitem__(self, name: str) -> Any:
            column = np.asarray(table[name])
            if name != "poverty_rate_p0":
                return column
            later = np.asarray(table["year"]) > BASE
            there = np.isin(np.asarray(table["bps_code"]).astype(int), list(codes))
            return np.where(later & there, 0.7 * column, column)

    monkeypatch.setattr(
        "kesos_sim.population.known.read_table",
        lambda name: Changed() if name == "poverty_province" else read_table(name),
    )


def test_the_link_reads_later_surveys_of_other_provinces_only(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = KnownUntil(Month(BASE, 3), Month(2024, 3), frozenset({33, 34, 35}))
    before = fit_link(view, small.parameter)
    assert max(before.years) == 2023
    later_moved({33, 34, 35, 0}, monkeypatch)
    hidden = fit_link(view, small.parameter)
    np.testing.assert_array_equal(before.coefficients, hidden.coefficients)
    later_moved({32, 36}, monkeypatch)
    seen = fit_link(view, small.parameter)
    assert np.any(seen.coefficients != before.coefficients)


def test_figures_are_those_of_later_years_beside_no_change(
    small: Scenario, anchors: object
) -> None:
    world = replace(small, region=(34, 51), households=3000)
    figures = left_out_figures(from_document(world.document()))
    published = Published.read().value
    rows = [figure for figure in figures if figure.measure == "left_out_path"]
    assert {(figure.code, figure.detail) for figure in rows} == {
        (code, (BASE, year)) for code in ("34", "51") for year in (2022, 2023, 2024)
    }
    assert all(published[int(f.code), int(f.detail[1])] == f.published for f in rows)
    assert all(f.use == "scored" and abs(f.difference) < 6.0 for f in rows)
    (error,) = (figure for figure in figures if figure.measure == "left_out_error")
    last = [figure for figure in rows if figure.detail[1] == 2024]
    assert error.modelled == pytest.approx(np.mean([abs(f.difference) for f in last]))
    moved = [abs(published[int(f.code), BASE] - f.published) for f in last]
    assert error.published == pytest.approx(np.mean(moved))
