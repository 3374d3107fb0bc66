"""Words of organisations, bodies and places are those of the one generator."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.kernels.draws import draw_words
from tests.kernels import twins

WORD = st.integers(0, 2**32 - 1)


@given(key=WORD, month=WORD, entity=st.lists(WORD, max_size=6))
def test_each_entity_has_two_words_of_its_own(key: int, month: int, entity: list[int]) -> None:
    who = np.array(entity, np.uint32)
    words = np.zeros((who.size, 2), np.uint32)
    draw_words(np.uint32(key), np.uint32(month), who, words)
    expected = twins.philox(who, np.array([month], np.uint32), key)
    np.testing.assert_array_equal(words, np.stack(expected, axis=1))
