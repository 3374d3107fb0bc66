"""Indicators of services from counts: closed forms, parts and wholes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.indicators.coordination import SERVICE_MEASURES, service_indicators
from kesos_sim.kernels.funding import SOURCES

MEASURE = {name: place for place, name in enumerate(SERVICE_MEASURES)}


@st.composite
def counts_of(draw: st.DrawFn) -> np.ndarray:
    """Draw possible counts of some months and districts; some have nobody to count."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 5)))
    in_need = chance.integers(0, 500, shape) * (chance.random(shape) < 0.8)
    served = chance.integers(0, in_need + 1)
    places = served + (served > 0) * chance.integers(0, 50, shape)
    reached = chance.integers(0, served + 1)
    waited = reached * chance.integers(0, 60, shape)
    working = chance.integers(0, 40, shape)
    members = chance.integers(0, working + 1)
    parts = (in_need, served, places, reached, waited, np.ones(shape), chance.integers(0, 2, shape))
    children = chance.integers(0, 10**6, shape) * chance.integers(0, 2, shape)
    school = (children, chance.integers(0, children + 1))
    money = chance.integers(0, 10**9, (len(SOURCES) + 3, *shape)) * chance.integers(0, 2, shape)
    money[len(SOURCES)] = chance.integers(0, money[SOURCES.index("csr")] + 1)
    sent_away = chance.integers(0, places + 1)
    others = chance.integers(0, 90, (6, *shape)) * chance.integers(0, 2, shape)
    ends = (sent_away, *others)
    return np.stack([*parts, working, members, *ends, *school, *money], axis=1).astype(float)


@given(counts=counts_of())
def test_values_are_those_of_plain_arithmetic(counts):
    found = service_indicators(counts)
    for month, region in np.ndindex(counts.shape[0], counts.shape[2]):
        of = {name: counts[month, place, region] for name, place in MEASURE.items()}

        def ratio(part: float, whole: float, scale: float = 100.0) -> float:
            return scale * part / whole if whole else np.nan

        income = sum(of[source] for source in SOURCES)
        expected = {
            "unmet_need_rate": ratio(of["in_need"] - of["served"], of["in_need"]),
            "cases_served": of["served"],
            "duplicate_service_rate": ratio(of["places"] - of["served"], of["served"]),
            "days_to_service": ratio(of["waited"], of["reached"], 365.25 / 12),
            "coordination_active": 100.0 * of["awake"],
            "orsos_membership": ratio(of["members"], of["working"]),
            "orsos_working": of["working"],
            "cases_ended": of["helped"],
            "remote_in_need": of["remote"],
            "returned_home": of["returned"],
            "orsos_volunteers": of["volunteers"],
            "school_attendance": ratio(of["school_age"] - of["school_missed"], of["school_age"]),
            "relapse_rate": ratio(of["relapsed"], of["relapsed"] + of["at_risk"]),
            "service_interruptions": ratio(of["sent_away"], of["places"], 1200.0),
            "orsos_income": income,
            "orsos_government_share": ratio(of["government"], income),
            "orsos_business_share": ratio(of["csr"], income),
            "orsos_zakat": of["zakat"],
            "csr_through_forum": ratio(of["through_forum"], of["csr"]),
            "orsos_reserve_months": ratio(of["reserves"], of["spent"], 1.0),
        }
        assert set(found) == set(expected)
        for name, value in expected.items():
            assert found[name][month, region] == pytest.approx(value, nan_ok=True), name


@given(counts=counts_of())
def test_a_whole_is_the_weighted_mean_of_its_parts(counts):
    parts, whole = service_indicators(counts), service_indicators(counts.sum(axis=2, keepdims=True))
    for name, weight in (
        ("unmet_need_rate", "in_need"),
        ("duplicate_service_rate", "served"),
        ("days_to_service", "reached"),
        ("coordination_active", "bodies"),
        ("orsos_membership", "working"),
        ("service_interruptions", "places"),
        ("orsos_reserve_months", "spent"),
        ("csr_through_forum", "csr"),
    ):
        weights = counts[:, MEASURE[weight]]
        total = np.nansum(parts[name] * weights, axis=1)
        known = weights.sum(axis=1) > 0
        np.testing.assert_allclose(
            whole[name][known, 0], total[known] / weights.sum(axis=1)[known], err_msg=name
        )
        assert np.all(np.isnan(whole[name][~known]))
    np.testing.assert_allclose(whole["cases_served"][:, 0], parts["cases_served"].sum(axis=1))
