"""Jobs in processes: everything comes back, in order, whatever their number."""

from __future__ import annotations

import math
import os
import warnings

import pytest

from kesos_sim.experiments.parallel import in_parallel, workers_for


@pytest.mark.parametrize("number", [1, 2, 7])
def test_results_come_in_the_order_of_the_jobs(number: int) -> None:
    jobs = [(7 + place, place) for place in range(number)]
    with in_parallel(math.comb, jobs) as found:
        assert list(found) == [math.comb(*job) for job in jobs]


def test_nobody_waits_for_what_nobody_wants() -> None:
    with in_parallel(math.factorial, [(5,), (6,), (7,)]) as found:
        assert next(found) == 120


def test_a_renewed_worker_is_no_news() -> None:
    """Any other warning is an error here, as everywhere in the tests."""
    with in_parallel(math.sqrt, [(4.0,)]) as found:
        warnings.warn("A worker stopped while some jobs were given", UserWarning, stacklevel=1)
        with pytest.raises(UserWarning, match="something else"):
            warnings.warn("something else", UserWarning, stacklevel=1)
        assert list(found) == [2.0]


def test_cores_are_used_and_no_process_is_idle() -> None:
    cores = os.cpu_count() or 1
    assert [workers_for(jobs) for jobs in (0, 1, 1000)] == [1, 1, cores]
