"""Disasters strike as often and as hard as the tables say; few numbers are our own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from kesos_sim.data import read_table
from kesos_sim.institutions.hazards import (
    KINDS,
    OBSERVED,
    HazardRates,
    mean_size,
    province_rates,
    tagana,
)
from kesos_sim.rng import draw_key
from kesos_sim.units import Month
from tests.institutions.conftest import places_of

MONTH = Month(2025, 6)


def test_rates_of_provinces_add_up_to_the_mean_of_the_observed_years() -> None:
    total = sum(province_rates().values())
    table = read_table("disasters_province").where(bps_code=0, period="full_year")
    for place, kind in enumerate(KINDS):
        rows = table.where(hazard_type=kind, year=list(OBSERVED))
        assert len(rows) == len(OBSERVED)
        houses = rows["houses_heavy"] + rows["houses_medium"] + rows["houses_light"]
        expected = [rows["events"].mean(), rows["affected_displaced"].mean(), houses.mean()]
        np.testing.assert_allclose(total[:, place], expected, rtol=1e-9, err_msg=kind)


def test_rates_of_provinces_follow_the_year_that_has_them() -> None:
    table = read_table("disasters_province").where(hazard_type="flood", year=2023)
    flood = KINDS.index("flood")
    ratio = [
        province_rates()[row["bps_code"]][1, flood] / row["affected_displaced"]
        for row in table.rows()
        if row["bps_code"] and row["affected_displaced"] > 0 and row["events"] > 0
    ]
    assert len(ratio) > 30
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)


@pytest.mark.parametrize("year", [2019, 2024])
def test_districts_of_the_nation_have_the_rates_of_their_provinces(year: int) -> None:
    """Also in years in which some provinces were one."""
    places = places_of("indonesia", year)
    rates = HazardRates.of(places, 1.5, 3.5)
    yearly = 12 * rates.usual.sum(axis=1)
    people = sum(r[1].sum() for r in province_rates().values())
    assert yearly[0] == pytest.approx(people, rel=1e-6)


def test_what_happens_over_many_seeds_is_what_the_rates_say() -> None:
    """Events within their Poisson error; people and houses within that of a heavy tail."""
    rates = HazardRates.of(places_of("mpu"), 1.0, 3.5)
    seeds = 400
    found = np.array(
        [rates.draw(draw_key(seed), MONTH + seed % 12).sum(axis=1) for seed in range(seeds)]
    )
    expected = np.array([rates.events.sum(), *rates.usual.sum(axis=1)])
    error = found.std(axis=0) / np.sqrt(seeds)
    assert np.all(np.abs(found.mean(axis=0) - expected) < 4 * error)
    poisson = np.sqrt(expected[0] / seeds)
    assert abs(found[:, 0].mean() - expected[0]) < 4 * poisson
    assert error[0] == pytest.approx(poisson, rel=0.2)


def test_a_district_is_struck_by_the_same_whatever_else_is_simulated() -> None:
    alone, among = (
        HazardRates.of(places, 1.5, 3.5) for places in (places_of("3402"), places_of("mpu"))
    )
    place = places_of("mpu").codes.tolist().index(3402)
    for ahead in range(6):
        ours, theirs = (rates.draw(5, MONTH + ahead) for rates in (alone, among))
        np.testing.assert_allclose(ours[:, 0], theirs[:, place])


def test_months_and_seeds_differ() -> None:
    rates = HazardRates.of(places_of("mpu"), 1.5, 3.5)
    one = rates.draw(1, MONTH)
    assert not np.array_equal(one, rates.draw(2, MONTH))
    assert not np.array_equal(one, rates.draw(1, MONTH + 1))


@given(spread=st.floats(0.0, 2.5), most=st.floats(1.0, 4.0))
def test_the_mean_of_a_size_is_its_integral(spread: float, most: float) -> None:
    inside, _ = quad(lambda z: np.exp(spread * z) * norm.pdf(z), -most, most)
    ends = norm.cdf(-most) * (np.exp(spread * most) + np.exp(-spread * most))
    assert mean_size(spread, most) == pytest.approx(inside + ends, rel=1e-6)


def test_volunteers_are_those_known_and_add_up() -> None:
    nation = places_of("indonesia")
    found = tagana(nation)
    by_province = np.bincount(nation.province_code, found)
    kalsel, sumsel = by_province[63], by_province[16]
    assert (kalsel, sumsel) == pytest.approx((1417, 747))
    assert found.sum() == pytest.approx(39_004)
