"""What is compiled ahead is what a run asks for, and nothing else is compiled beside it."""

from __future__ import annotations

import pytest

from kesos_sim.kernels.ahead import AHEAD, signature


@pytest.mark.parametrize("place", range(len(AHEAD)), ids=[k.py_func.__name__ for k, _ in AHEAD])
def test_signatures_are_those_of_a_run(place, small, open_small):
    kernel, spec = AHEAD[place]
    model = open_small(small)
    model.step()
    assert kernel.signatures == [signature(spec)]
