"""What accounts come to equals plain sums over their rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.kernels.accounts import add_up


@given(st.integers(0, 2**32 - 1), st.integers(0, 30), st.integers(1, 9))
def test_streams_and_stages_add_up(seed: int, rows: int, regions: int) -> None:
    chance = np.random.default_rng(seed)
    streams, sign = 4, np.array([1, -1, -1, 1, -1])
    money = chance.integers(0, 2**55, (rows, regions))
    stream, stage = chance.integers(0, streams, rows), chance.integers(0, sign.size, rows)
    missing = np.zeros((streams, regions), np.int64)
    total = np.zeros((streams, sign.size), np.int64)
    add_up(money, stream, stage, sign, missing, total)
    for own in range(streams):
        inside = stream == own
        plain = (sign[stage[inside], None] * money[inside]).sum(axis=0)
        np.testing.assert_array_equal(missing[own], plain)
        for side in range(sign.size):
            assert total[own, side] == money[inside & (stage == side)].sum()
