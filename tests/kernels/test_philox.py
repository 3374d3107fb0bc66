"""The generator: published answers, the slow twin, and the statistics of the keys in use."""

from __future__ import annotations

import numba as nb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from kesos_sim.kernels.philox import exp32, log32, normal_from_bits, philox2x32, uniform_from_bits
from kesos_sim.rng import MONTH_BITS, Stream, draw_key
from tests.kernels import twins

WORDS = st.integers(0, 2**32 - 1)
N_PEOPLE, N_MONTHS = 20_000, 24


@nb.njit
def _words(c0, c1, key):
    out = np.empty((c0.size, 2), np.uint32)
    for i in range(c0.size):
        out[i, 0], out[i, 1] = philox2x32(c0[i], c1, key)
    return out


@nb.njit
def _apply_normal(bits):
    out = np.empty(bits.size, np.float32)
    for i in range(bits.size):
        out[i] = normal_from_bits(bits[i])
    return out


@nb.njit
def _apply_log_exp(values):
    out = np.empty((2, values.size), np.float32)
    for i in range(values.size):
        out[0, i] = log32(values[i])
        out[1, i] = exp32(out[0, i])
    return out


@nb.njit
def _apply_uniform(bits, width):
    return uniform_from_bits(bits, width)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0x00000000, 0x00000000), 0x00000000, (0xFF1DAE59, 0x6CD10DF2)),
        ((0xFFFFFFFF, 0xFFFFFFFF), 0xFFFFFFFF, (0x2C3F628B, 0xAB4FD7AD)),
        ((0x243F6A88, 0x85A308D3), 0x13198A2E, (0xDD7CE038, 0xF62A4C12)),
    ],
)
def test_published_known_answers(counter, key, answer):
    """Known answers of the authors' reference implementation for ten rounds."""
    words = _words(np.array([counter[0]], np.uint32), np.uint32(counter[1]), np.uint32(key))
    assert tuple(int(w) for w in words[0]) == answer


@given(c0=st.lists(WORDS, min_size=1, max_size=40), c1=WORDS, key=WORDS)
def test_equals_its_slow_twin(c0, c1, key):
    """The kernel and plain numpy give the same words for any counter and key."""
    counters = np.array(c0, np.uint32)
    slow = np.stack(twins.philox(counters, np.uint32(c1), key), axis=1)
    assert np.array_equal(_words(counters, np.uint32(c1), np.uint32(key)), slow)


def test_normal_scores_follow_the_inverse_of_the_normal():
    """Close to scipy's ndtri everywhere, symmetric, and never falling beyond rounding."""
    bits = np.arange(0, 2**24, 61, dtype=np.uint32)
    scores = _apply_normal(bits)
    assert np.abs(scores - ndtri((bits + 0.5) / 2**24)).max() < 2e-5
    assert np.diff(scores).min() > -2e-6
    mirrored = _apply_normal(np.uint32(2**24 - 1) - bits)
    assert np.array_equal(scores, -mirrored)
    assert np.allclose(scores, twins.normal(bits), atol=2e-6)


def test_log_and_exp_agree_with_libm():
    """Own polynomials are as good as float32 allows."""
    values = np.exp(np.linspace(-30, 30, 100_001)).astype(np.float32)
    result = _apply_log_exp(values)
    truth = np.log(values.astype(np.float64))
    assert np.abs(result[0] - truth).max() < 4e-6
    assert np.abs(result[1] / np.exp(result[0].astype(np.float64)) - 1).max() < 3e-7


@given(bits=st.integers(0, 2**23 - 1))
def test_uniforms_stay_inside(bits):
    """Neither 0 nor 1 ever comes out."""
    assert 0.0 < _apply_uniform(np.uint32(bits), 23) < 1.0


def _panel(stream: Stream, first_month: int = 24_290) -> np.ndarray:
    """Return normals of households (rows) and months (columns) under the model's own keys."""
    people = np.arange(N_PEOPLE, dtype=np.uint32)
    key = np.uint32(draw_key(2008))
    columns = [
        _apply_normal(
            _words(people, np.uint32(first_month + m | (int(stream) << MONTH_BITS)), key)[:, 0]
            >> np.uint32(8)
        )
        for m in range(N_MONTHS)
    ]
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("stream", [Stream.WORLD, Stream.REGISTRY])
def test_draws_are_standard_normal_and_unrelated(stream):
    """Moments, uniformity, and correlations over months and over neighbours."""
    panel = _panel(stream)
    n = panel.size
    assert abs(panel.mean()) < 4.5 / np.sqrt(n)
    assert abs(panel.var() - 1) < 4.5 * np.sqrt(2 / n)
    assert abs(stats.skew(panel.ravel())) < 4.5 * np.sqrt(6 / n)
    assert abs(stats.kurtosis(panel.ravel())) < 4.5 * np.sqrt(24 / n)
    assert stats.kstest(panel[:, 5], "norm").pvalue > 1e-4
    limit = 4.5 / np.sqrt(N_PEOPLE)
    months = np.corrcoef(panel, rowvar=False)
    assert np.abs(months - np.eye(N_MONTHS)).max() < limit
    for distance in (1, 2, 32, 2048):
        assert abs(np.corrcoef(panel[:-distance, 3], panel[distance:, 3])[0, 1]) < limit


def test_streams_seeds_and_replicates_are_unrelated():
    """Two processes, two seeds and two replicates share nothing."""
    people = np.arange(N_PEOPLE, dtype=np.uint32)
    limit = 4.5 / np.sqrt(N_PEOPLE)
    keys = [draw_key(2008), draw_key(2009), draw_key(2008, 1)]
    rows = [
        _words(people, np.uint32(24_290 | (int(stream) << MONTH_BITS)), np.uint32(key))[:, 0]
        for key in keys
        for stream in (Stream.WORLD, Stream.EVENT)
    ]
    related = np.corrcoef(np.array(rows, dtype=np.float64))
    assert len(set(keys)) == len(keys)
    assert np.abs(related - np.eye(len(rows))).max() < limit


def test_sums_over_months_have_the_variance_of_independent_draws():
    """Shared draws in successive months would show here first."""
    panel = _panel(Stream.WORLD)
    assert abs(panel.sum(axis=1).var() / N_MONTHS - 1) < 4.5 * np.sqrt(2 / N_PEOPLE)
