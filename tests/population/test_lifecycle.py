"""The life cycle: expectation against simulation, sizes of strata, and published figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from kesos_sim.data.parameters import parameter_table
from kesos_sim.kernels.composition import compose, field
from kesos_sim.population.lifecycle import (
    Lifecycle,
    children_shares,
    expected_ages,
    expected_size,
    read_rule,
    solve_fertility,
)
from kesos_sim.population.lifecycle_report import FITTED, composition_report, fit_composition
from kesos_sim.rng import draw_key

N = 200_000
TABLE = parameter_table()
RANGES = {name: (p.low, p.high) for name, p in TABLE.items() if name.startswith("composition.")}
KEY = np.uint32(draw_key(3))


def parameters(name: str) -> float:
    return TABLE[name].value


RULE = read_rule(parameters)


def drawn(fertility: np.ndarray, *, households: int = N, year: int = 2024) -> np.ndarray:
    """Households of several strata, one row each."""
    permanent = np.tile(ndtri((np.arange(households) + 0.5) / households), fertility.size)
    start = np.arange(fertility.size + 1, dtype=np.int64) * households
    word = np.zeros(permanent.size, np.uint32)
    compose(
        0, fertility.size, KEY, year, 0, start, fertility, RULE, permanent.astype(np.float32), word
    )
    return word.reshape(fertility.size, households)


def test_expected_ages_are_those_of_many_households():
    fertility = np.array([0.5, 2.6, 5.0], np.float32)
    for centre, word in zip(fertility, drawn(fertility, households=1_000_000), strict=True):
        ages = sum(expected_ages(RULE, float(centre)).values())
        assert expected_size(RULE, centre)[0] == pytest.approx(ages.sum())
        bounds = {
            "size": (0, 128), "age_0_6": (0, 7), "primary": (7, 13), "junior": (13, 16),
            "senior": (16, 19), "elderly_60": (60, 128), "elderly_70": (70, 128),
        }  # fmt: skip
        for name, (low, high) in bounds.items():
            found = field(word, name)
            error = found.std() / np.sqrt(word.size)
            assert found.mean() == pytest.approx(ages[low:high].sum(), abs=4 * error), name


def test_children_shares_add_up_and_rise_with_the_wish():
    shares = children_shares(RULE, [-2.0, 0.0, 2.5, 6.0, 12.0])
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert np.all(shares > -1e-12)
    assert np.all(np.diff(shares @ np.arange(8)) > 0)
    assert np.all(np.diff(expected_size(RULE, np.linspace(-1, 12, 200))) > 0)


def test_every_stratum_gets_its_mean_size():
    sizes = np.array([2.7, 2.922, 3.4, 3.767, 4.2, 5.0, 5.77, 6.5])
    lifecycle = Lifecycle.of(parameters, sizes)
    assert lifecycle.fertility.dtype == np.float32
    found = field(drawn(lifecycle.fertility), "size").mean(axis=1)
    np.testing.assert_allclose(found, sizes, atol=0.02)
    exact = expected_size(RULE, lifecycle.fertility)
    np.testing.assert_allclose(exact, sizes, atol=5e-4)


@pytest.mark.parametrize("size", [1.2, 8.0, np.nan])
def test_a_size_that_no_life_leads_to_is_refused(size):
    with pytest.raises(ValueError, match="mean household sizes"):
        solve_fertility(RULE, [3.7, size])


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("founding_age_low", 20, "younger than 19"),
        ("cycle_years", 60, "60 and over at home"),
        ("birth_spacing_low", 0, "two births"),
        ("elder_stay_low", 60, "beyond the table"),
        ("partner_loss_low", 50, "loss of the partner"),
    ],
)
def test_an_impossible_life_is_refused(name, value, problem):
    def changed(wanted: str) -> float:
        return value if wanted == f"composition.{name}" else parameters(wanted)

    with pytest.raises(ValueError, match=problem):
        read_rule(changed)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_parameters_in_their_ranges_make_a_life_that_reaches_every_district(data):
    places = {name: data.draw(st.sampled_from([0.0, 0.3, 1.0])) for name in RANGES}

    def moved(name: str) -> float:
        low, high = RANGES[name]
        return low + places[name] * (high - low)

    life = Lifecycle.of(moved, [2.9, 5.8])
    assert life.fertility.shape[0] == 2
    assert np.isfinite(life.fertility).all()


def test_every_parameter_of_the_table_is_read():
    asked = {"composition.log_size_variance"}

    def recorded(name: str) -> float:
        asked.add(name)
        return parameters(name)

    read_rule(recorded)
    assert asked == set(RANGES)
    assert {f"composition.{name}" for name in FITTED} <= asked


def test_the_stated_variance_of_log_size_is_that_of_the_fitted_life_cycle():
    fertility = solve_fertility(RULE, [3.2, 3.767, 5.5])
    found = np.log(field(drawn(fertility), "size").astype(float)).var(axis=1)
    stated = TABLE["composition.log_size_variance"]
    assert found[1] == pytest.approx(stated.value, abs=0.002)
    assert np.all((found > stated.low - 0.002) & (found < stated.high + 0.002))


@pytest.fixture(scope="module")
def report():
    return {(r.region, r.indicator, r.category, r.year): r for r in composition_report(parameters)}


@pytest.mark.parametrize(
    ("key", "tolerance"),
    [
        ((0, "mean_household_size", "all", 2017), 0.02),
        ((0, "population_share_by_age", "7-12", 2022), 0.1),
        ((0, "population_share_by_age", "13-15", 2022), 0.05),
        ((0, "population_share_by_age", "16-18", 2022), 0.05),
        ((0, "population_share_by_age", "19-59", 2022), 0.2),
        ((0, "population_share_by_age", "60+", 2023), 0.15),
        ((0, "population_share_by_age", "0-6 plus 60+", 2022), 0.2),
        ((0, "households_with_elderly", "any member 60+", 2023), 0.6),
        ((0, "elderly_who_head_household", "head among elderly households", 2023), 1.0),
        ((0, "elderly_by_age", "60-69", 2023), 1.0),
        ((0, "elderly_by_age", "80+", 2023), 0.5),
        ((0, "severe_disability_share", "60+", 2015), 0.5),
        ((15, "currently_pregnant_share", "all persons", 2020), 0.03),
    ],
)
def test_national_figures_are_met(report, key, tolerance):
    assert report[key].modelled == pytest.approx(report[key].published, abs=tolerance)


@pytest.mark.parametrize(
    ("region", "indicator", "tolerance"),
    [
        (15, "household_share_by_size", 1.5),
        (33, "households_by_size", 2.5),
        (12, "households_by_size", 2.5),
        (73, "households_by_size", 4.0),
    ],
)
def test_size_distributions_keep_their_shape(report, region, indicator, tolerance):
    rows = [row for key, row in report.items() if key[:2] == (region, indicator)]
    assert len(rows) == 8
    assert sum(row.modelled for row in rows) == pytest.approx(100.0)
    assert max(abs(row.modelled - row.published) for row in rows) < tolerance


def test_districts_with_larger_households_are_younger_as_published(report):
    rows = [row for row in report.values() if "change per person" in row.category]
    assert len(rows) == 2
    for row in rows:
        assert row.use == "checked"
        assert row.modelled == pytest.approx(row.published, rel=0.15)


@pytest.mark.full
def test_the_fit_has_nothing_left_to_gain():
    fitted, left = fit_composition(parameters, RANGES, households=60_000, evaluations=250)
    _, at_table = fit_composition(parameters, RANGES, households=60_000, evaluations=1)
    assert left > 0.95 * at_table
    for name, value in fitted.items():
        low, high = RANGES[name]
        assert low <= value <= high
