"""Lives that are lived side by side in processes of one machine."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TypeVar

from joblib import Parallel, delayed

__all__ = ["in_parallel", "workers_for"]

Found = TypeVar("Found")


def workers_for(jobs: int) -> int:
    """Return how many processes live so many jobs: one for each core, and no idle one."""
    return max(1, min(jobs, os.cpu_count() or 1))


@contextmanager
def in_parallel(
    function: Callable[..., Found], jobs: Sequence[tuple[object, ...]]
) -> Iterator[Iterator[Found]]:
    """Begin jobs in processes of their own, and let them go when the block is left.

    Parameters
    ----------
    function : function
        Of a module, so that another process finds it.
    jobs : sequence of tuple
        Arguments of each call.

    Yields
    ------
    iterator
        What the calls return, in the order of the jobs.
    """
    found = Parallel(n_jobs=workers_for(len(jobs)), return_as="generator")(
        delayed(function)(*job) for job in jobs
    )
    with warnings.catch_warnings(), closing(found):
        # Workers are renewed when their memory has grown, and let go if we are interrupted.
        said = r"A worker stopped|\d+ tasks which"
        warnings.filterwarnings("ignore", message=said, category=UserWarning)
        yield found
