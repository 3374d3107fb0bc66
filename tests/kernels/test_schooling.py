"""Children whose household's need nobody meets lose a year of school, the others do not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.schooling import miss_school
from tests.kernels.teams import shared

F = np.float32
CASE = st.tuples(
    st.integers(-1, 9), st.integers(0, 2), st.integers(1, 5), st.integers(0, 5), st.integers(0, 5)
)
DISTRICT_STRATUM, STRATUM_START = np.array([0, 2, 3]), np.array([0, 3, 5, 10])


@settings(deadline=None)
@given(
    first=st.lists(CASE, max_size=8),
    second=st.lists(CASE, max_size=8),
    loss=st.floats(0, 0.5),
    other=st.floats(0, 0.5),
)
def test_it_equals_the_slow_twin(first, second, loss, other):
    """Households 0-4 belong to the first district, those from 5 on to the second."""
    rows = [(h if h < 0 else h % 5, *rest) for h, *rest in first]
    rows += [(h if h < 0 else 5 + h % 5, *rest) for h, *rest in second]
    case_start = np.array([0, len(first), len(rows)])
    household = np.array([h for h, *_ in rows], np.int32)
    kinds = np.array([kind for _, kind, *_ in rows], np.uint8)
    people = np.array([size for *_, size, _, _ in rows], np.int32)
    active = np.array([min(a, p) for *_, p, a, _ in rows], np.int32)
    served = np.array([min(a, p, s) for *_, p, a, s in rows], np.int32)
    gain, slow = np.zeros(10, F), np.zeros(10, F)
    missed, truth = np.full(3, 7.0), np.zeros(3)
    shared(
        miss_school, 2, np.int64(1), np.array([loss, other], F), DISTRICT_STRATUM, STRATUM_START,
        case_start, household, kinds, people, active, served, gain, missed,
    )  # fmt: skip
    for case, h in enumerate(household):
        if h == FREE or kinds[case] != 1:
            continue
        unmet = F(active[case] - served[case]) / F(people[case])
        slow[h] -= F(loss if case < len(first) else other) * unmet
        truth[np.searchsorted(STRATUM_START, h, side="right") - 1] += float(unmet)
    np.testing.assert_array_equal(gain, slow)
    np.testing.assert_array_equal(missed, truth)
    if loss == other == 0.0:
        assert not gain.any()
