"""Lists of cases hold every case in use once, by district and kind, in the order of the cases."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.listing import list_cases

KINDS = 3


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-1, 9), st.integers(0, KINDS - 1)), max_size=8),
        min_size=1,
        max_size=4,
    )
)
def test_lists_are_those_of_a_plain_loop(districts: list[list[tuple[int, int]]]) -> None:
    bounds = np.concatenate([[0], np.cumsum([len(own) for own in districts])])
    cases = [case for own in districts for case in own]
    household = np.array([who for who, _ in cases], np.int32)
    kind_of = np.array([kind for _, kind in cases], np.uint8)
    start = np.full((len(districts), KINDS + 1), -7, np.int64)
    listed = np.full(len(cases), -7, np.int32)
    list_cases(0, len(districts), bounds, household, kind_of, start, listed)
    for district in range(len(districts)):
        inside = range(bounds[district], bounds[district + 1])
        assert start[district, 0] == bounds[district]
        for kind in range(KINDS):
            own = listed[start[district, kind] : start[district, kind + 1]]
            plain = [c for c in inside if household[c] != FREE and kind_of[c] == kind]
            assert own.tolist() == plain
