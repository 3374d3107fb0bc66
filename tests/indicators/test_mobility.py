"""Mobility statistics against closed forms of the welfare process, and the table of scores."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal

from kesos_sim.data.parameters import parameter_table
from kesos_sim.indicators.mobility import (
    STATISTICS,
    Panel,
    lines_at_rates,
    mobility_statistics,
)
from kesos_sim.indicators.mobility_score import mobility_score, study_rates
from kesos_sim.indicators.survey_noise import survey_reading
from kesos_sim.rng import MONTH_BITS, Stream, draw_key
from tests.indicators.process import (
    WelfareProcess,
    expected_mobility,
    process_of,
)
from tests.kernels import twins

VALUES = {name: parameter.value for name, parameter in parameter_table().items()}
RATES = np.array([0.1542, 0.1415, 0.1333])
SPREAD = 0.6
HOUSEHOLDS = 400_000

Function = Callable[[np.ndarray], np.ndarray]


def parameter(name: str) -> float:
    return VALUES[name]


def lognormal(z: np.ndarray) -> np.ndarray:
    return np.exp(SPREAD * z)


def bent(z: np.ndarray) -> np.ndarray:
    """Steeper at the top than at the bottom, as consumption is."""
    return np.exp(0.45 * z + 0.08 * np.maximum(z + 0.5, 0.0) ** 2)


def simulate(process: WelfareProcess, waves: int, welfare: Function, seed: int = 7) -> np.ndarray:
    """Month by month, as the engine does it, kept once a year."""
    generator = np.random.default_rng(seed)
    permanent, persistent, transitory = generator.normal(size=(3, HOUSEHOLDS))
    keep = process.persistence_yearly ** (1 / 12)
    kept = process.transitory_persistence_monthly
    loads = np.sqrt(
        [process.permanent, 1 - process.permanent - process.transitory, process.transitory]
    )
    found = []
    for month in range(12 * (waves - 1) + 1):
        if month % 12 == 0:
            score = loads[0] * permanent + loads[1] * persistent + loads[2] * transitory
            found.append(welfare(score))
        persistent = keep * persistent + np.sqrt(1 - keep**2) * generator.normal(size=HOUSEHOLDS)
        transitory = kept * transitory + np.sqrt(1 - kept**2) * generator.normal(size=HOUSEHOLDS)
    return np.stack(found).astype(np.float32)


def statistics(welfare: np.ndarray, lines: np.ndarray) -> dict[str, float]:
    weights = np.ones(welfare.shape[1])
    return mobility_statistics(Panel(welfare, weights, weights, lines), 1.2, 1.5, 0.05)


@pytest.fixture(scope="module")
def simulated() -> dict[str, np.ndarray]:
    process = process_of(parameter)
    return {f.__name__: simulate(process, 3, f) for f in (lognormal, bent)}


@pytest.mark.slow
@pytest.mark.parametrize("welfare", [lognormal, bent])
def test_simulation_meets_closed_forms(simulated: dict[str, np.ndarray], welfare: Function) -> None:
    lines = welfare(ndtri(RATES))
    near = [float(np.interp(1.2 * line, welfare(GRID), ndtr(GRID))) for line in lines]
    expected = expected_mobility(process_of(parameter), RATES.tolist(), near, welfare)
    found = statistics(simulated[welfare.__name__], lines)
    for name, value in expected.items():
        if name != "correlation_ten_years":
            assert found[name] == pytest.approx(value, abs=0.006), name


GRID = np.linspace(-7, 7, 4001)


def test_closed_forms_are_bivariate_normal() -> None:
    process = WelfareProcess(0.35, 0.11, 0.665, 0.75)
    found = expected_mobility(process, RATES.tolist(), (0.3, 0.3, 0.3), lognormal)
    two = 0.35 + 0.54 * 0.665**2 + 0.11 * 0.75**24
    both = multivariate_normal.cdf(ndtri(RATES[[0, 2]]), mean=[0, 0], cov=[[1, two], [two, 1]])
    assert found["poor_both_years"] == pytest.approx(both, abs=1e-6)
    assert found["poor_two_years_before"] == pytest.approx(both / RATES[2], abs=1e-5)
    one = 0.35 + 0.54 * 0.665 + 0.11 * 0.75**12
    covariance = [[1, one, two], [one, 1, one], [two, one, 1]]
    never = multivariate_normal.cdf(-ndtri(RATES), mean=[0, 0, 0], cov=covariance)
    assert found["ever_poor"] == pytest.approx(1 - never, abs=1e-4)
    assert found["correlation_two_years"] == pytest.approx(two, abs=1e-4)


def test_default_process_has_the_designed_correlations() -> None:
    process = process_of(parameter)
    assert process.correlation(0) == pytest.approx(1.0)
    assert process.correlation(1) == pytest.approx(0.71, abs=0.01)
    assert process.correlation(2) == pytest.approx(0.59, abs=0.01)
    assert process.correlation(10) == pytest.approx(0.36, abs=0.01)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.floats(0.02, 0.4), st.floats(0.0, 0.6), st.floats(0.0, 0.35), st.floats(0.1, 0.95))
def test_expectations_obey_the_accounts(
    rate: float, permanent: float, transitory: float, persistence: float
) -> None:
    process = WelfareProcess(permanent, transitory, persistence, 0.7)
    near = min(rate * 1.4, 0.9)
    found = expected_mobility(process, (rate,) * 3, (near,) * 3, lognormal)
    stayed = rate * (1 - found["left_within_a_year"])
    assert found["entered_within_a_year"] * (1 - rate) == pytest.approx(rate - stayed, abs=1e-6)
    assert found["newly_poor"] == pytest.approx(found["left_within_a_year"], abs=1e-6)
    assert found["poor_both_years"] <= rate + 1e-9
    assert rate - 1e-6 <= found["ever_poor"] <= min(3 * rate, 1.0) + 1e-6
    assert found["ever_poor"] <= found["ever_near_poor"] + 1e-6
    assert 0 <= found["chronic_severity_share"] <= found["chronic_gap_share"] + 1e-6 <= 1 + 2e-6
    assert 0.3 * found["up_from_bottom_three"] <= 0.7
    assert found["correlation_two_years"] <= found["correlation_one_year"] + 1e-6


def test_nobody_moves() -> None:
    row = np.random.default_rng(1).lognormal(0.6, 0.6, 5000).astype(np.float32)
    found = statistics(np.tile(row, (11, 1)), np.ones(11))
    assert found["left_within_a_year"] == found["newly_poor"] == 0.0
    assert found["poor_two_years_before"] == 1.0
    assert found["up_from_bottom_three"] == found["down_from_top_six"] == 0.0
    assert found["chronic_gap_share"] == pytest.approx(1.0)
    assert found["correlation_ten_years"] == pytest.approx(1.0)
    assert found["ever_poor"] == found["mean_below_line"] == found["poor_both_years"]


def test_counted_by_hand() -> None:
    welfare = np.array(
        [
            [0.5, 0.8, 1.5, 2.0],
            [0.9, 1.1, 0.9, 2.0],
            [0.5, 1.4, 0.8, 1.1],
        ],
        dtype=np.float32,
    )
    persons = np.array([4.0, 3.0, 2.0, 1.0])
    panel = Panel(welfare, persons, np.ones(4), np.ones(3))
    found = mobility_statistics(panel, 1.2, 1.5, 0.05)
    assert found["left_within_a_year"] == pytest.approx(0.0)
    assert found["newly_poor"] == pytest.approx(0.0)
    assert found["poor_two_years_before"] == pytest.approx(4 / 6)
    assert found["poor_both_years"] == pytest.approx(1 / 4)
    assert found["mean_below_line"] == pytest.approx(1 / 4)
    assert found["chronic_gap_share"] == pytest.approx(0.5 / (0.5 * (0.7 + 0.7)), abs=1e-6)
    assert found["ever_poor"] == pytest.approx(9 / 10)
    assert found["ever_near_poor"] == pytest.approx(1.0)


def test_what_waves_do_not_allow_is_missing() -> None:
    welfare = np.random.default_rng(2).lognormal(0.6, 0.6, (2, 3000)).astype(np.float32)
    two = statistics(welfare, np.ones(2))
    assert set(two) == set(STATISTICS)
    assert np.isfinite(two["left_within_a_year"])
    assert np.isnan(two["poor_both_years"])
    assert np.isnan(statistics(welfare[:1], np.ones(1))["newly_poor"])
    rich = statistics(welfare + 5, np.ones(2))
    assert np.isnan(rich["left_within_a_year"])


def test_lines_at_rates_hit_the_rates() -> None:
    generator = np.random.default_rng(4)
    welfare = generator.lognormal(0.8, 0.6, (3, 50_000)).astype(np.float32)
    persons = generator.uniform(1, 9, 50_000)
    lines = lines_at_rates(welfare, persons, RATES)
    poor = ((welfare < lines[:, None]) * persons).sum(axis=1) / persons.sum()
    assert np.allclose(poor, RATES, atol=3e-4)


def test_no_survey_noise_is_a_copy() -> None:
    welfare = np.array([[0.5, 1.5, 2.5]], np.float32)
    read = survey_reading(welfare, np.array([24290]), draw_key(2008), 0.0)
    assert np.array_equal(read, welfare) and not np.shares_memory(read, welfare)


@pytest.mark.slow
def test_survey_noise_is_keyed_and_keeps_the_mean() -> None:
    welfare = np.random.default_rng(3).lognormal(0.8, 0.6, (2, 100_000)).astype(np.float32)
    months, key = np.array([24290, 24302]), draw_key(2008)
    read = survey_reading(welfare, months, key, 0.2)
    assert np.array_equal(read, survey_reading(welfare, months, key, 0.2))
    assert np.array_equal(read[:, 500:], survey_reading(welfare[:, 500:], months, key, 0.2, 500))
    assert not np.array_equal(read, survey_reading(welfare, months, draw_key(2009), 0.2))
    error = np.log(read / welfare)
    assert error.std() == pytest.approx(0.2, abs=0.002)
    assert read.mean() == pytest.approx(welfare.mean(), rel=0.003)
    assert abs(np.corrcoef(error)[0, 1]) < 0.012
    assert abs(np.corrcoef(error[0], np.log(welfare[0]))[0, 1]) < 0.012


def test_survey_noise_lowers_correlation_as_it_should(simulated: dict[str, np.ndarray]) -> None:
    true = simulated["lognormal"]
    read = survey_reading(true, np.array([1, 13, 25]), draw_key(1), 0.2)
    attenuation = SPREAD**2 / (SPREAD**2 + 0.2**2)
    before = statistics(true, np.ones(3))["correlation_one_year"]
    after = statistics(read, np.ones(3))["correlation_one_year"]
    assert after == pytest.approx(before * attenuation, abs=0.005)


def test_score_table(simulated: dict[str, np.ndarray]) -> None:
    welfare = simulated["bent"]
    rows = mobility_score(welfare, np.ones(welfare.shape[1]), parameter)
    by_id = {(row["id"], row["statistic"]): row for row in rows}
    roles = {row["id"]: row["role"] for row in rows}
    for name in ("T01", "T02", "T16", "T17", "A01", "A02"):
        assert roles[name] == "used to set"
    for name in ("T03", "T04", "T05", "T06", "T07", "T09", "T10", "T15"):
        assert roles[name] == "not used"
    for row in rows:
        if row["role"] == "not computed":
            assert np.isnan(row["modelled"])
            assert row["note"]
        else:
            assert row["difference"] == pytest.approx(row["modelled"] - row["published"])
    assert by_id["T04", "poor_both_years"]["published"] == pytest.approx(0.067)
    assert by_id["T15", "ever_near_poor"]["published"] == pytest.approx(0.43)
    assert by_id["T01", "poor_two_years_before"]["modelled"] == pytest.approx(0.45, abs=0.04)
    assert by_id["T02", "left_within_a_year"]["modelled"] == pytest.approx(0.5, abs=0.04)


def test_study_rates_are_the_published_ones() -> None:
    assert np.allclose(study_rates(), RATES)


def test_score_on_the_own_line(simulated: dict[str, np.ndarray]) -> None:
    welfare = simulated["bent"] * np.float32(2.2)
    weights = np.ones(welfare.shape[1])
    own = mobility_score(welfare, weights, parameter, at_study_rates=False)
    study = mobility_score(welfare, weights, parameter)
    left = [next(row for row in rows if row["id"] == "T02") for rows in (own, study)]
    assert left[0]["modelled"] > left[1]["modelled"]


def test_the_window_of_risk_lies_around_its_line() -> None:
    """Of the two within 5 log points of 1.5 lines one is poor a year later; others do not count."""
    welfare = np.array([[1.5, 1.53, 1.6, 0.66, 3.0], [0.9, 1.1, 0.5, 0.5, 0.7]], np.float32)
    persons, households = np.array([3.0, 1.0, 9.0, 9.0, 9.0]), np.ones(5)
    panel = Panel(welfare, persons, households, np.ones(2))
    found = mobility_statistics(panel, 1.2, 1.5, 0.05)
    assert found["poor_next_year_at_vulnerability_line"] == pytest.approx(3 / 4)
    assert found["left_within_a_year"] == 0.0
    assert found["entered_within_a_year"] == pytest.approx(21 / 22)


def test_a_household_ranks_at_the_middle_of_its_own_persons() -> None:
    """Of 3, 8 and 9 persons the first alone is in the bottom three tenths, and moves up."""
    welfare = np.array([[0.5, 1.0, 2.0], [0.6, 1.1, 1.9], [1.0, 0.5, 2.0]], np.float32)
    panel = Panel(welfare, np.array([3.0, 8.0, 9.0]), np.ones(3), np.ones(3))
    found = mobility_statistics(panel, 1.2, 1.5, 0.05)
    assert found["up_from_bottom_three"] == 1.0
    assert found["down_from_top_six"] == 0.0


def test_a_survey_reads_what_its_own_words_say() -> None:
    """The slow twins of the generator, household by household and wave by wave."""
    welfare = np.array([[0.5, 1.0, 2.0], [0.6, 1.1, 4.0]], np.float32)
    months, key = np.array([24290, 24302]), draw_key(2008)
    read = survey_reading(welfare, months, key, 0.3, 7)
    who = np.array([7, 8, 9], np.uint32)
    for wave, month in enumerate(months.tolist()):
        word = np.uint32(month | int(Stream.SURVEY) << MONTH_BITS)
        bits, _ = twins.philox(who, np.array([word]), int(key))
        error = 0.3 * twins.normal(bits >> np.uint32(8)) - 0.5 * 0.3**2
        np.testing.assert_allclose(read[wave], welfare[wave] * np.exp(error), rtol=1e-6)
