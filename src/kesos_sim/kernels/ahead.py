"""Compiling all kernels at once, in two processes, before anything needs one of them.

The compiler works on one core, and a run needs its kernels one after the other. On a
new machine it is quicker to compile them side by side first; what is compiled is kept in
the cache, from which every process takes it. The signatures have to be those of a run:
one that no longer fits costs time and nothing else, and the test of this module says so.
"""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from typing import Any, Final, get_type_hints

import numpy as np
from numba import from_dtype, types

from kesos_sim.errors import KesosError
from kesos_sim.i18n import LANGUAGES
from kesos_sim.i18n.numbers import number
from kesos_sim.kernels.accounts import add_up
from kesos_sim.kernels.cases import end_cases, open_cases, relieve
from kesos_sim.kernels.composition import Rule, compose
from kesos_sim.kernels.counting import (
    count_missed,
    enrolled_households,
    record_ages,
    school_children,
)
from kesos_sim.kernels.curves import curves_at_nodes, rank_edges
from kesos_sim.kernels.draws import draw_words
from kesos_sim.kernels.enterprises import (
    count_unable,
    find_pioneers,
    leave_pkh,
    run_enterprises,
)
from kesos_sim.kernels.events import strike
from kesos_sim.kernels.experience import learn_trust
from kesos_sim.kernels.funding import (
    cost_orsos,
    count_volunteers,
    fund_orsos,
    keep_volunteers,
    pay_orsos,
    want_orsos,
)
from kesos_sim.kernels.gains import school_gains
from kesos_sim.kernels.hazards import draw_events, feel
from kesos_sim.kernels.households import after_help, draw_month
from kesos_sim.kernels.housing import repair_houses
from kesos_sim.kernels.incidence import incidence
from kesos_sim.kernels.listing import list_cases
from kesos_sim.kernels.pools import feel_pools, live_groups, share_pools
from kesos_sim.kernels.queues import handle_cases
from kesos_sim.kernels.registry import grant_benefits, select_by_rank, verify_records
from kesos_sim.kernels.reports import report_clients
from kesos_sim.kernels.returning import return_home
from kesos_sim.kernels.schooling import miss_school
from kesos_sim.kernels.scores import score_histogram
from kesos_sim.kernels.search import find_clients, hold_clients
from kesos_sim.kernels.shares import by_content, by_want, by_weight, largest_remainder
from kesos_sim.kernels.synthesis import draw_households, permanent_base
from kesos_sim.kernels.turnover import count_short
from kesos_sim.kernels.visits import visit

__all__ = ["AHEAD", "NEEDED_BYTES", "compile_all", "missing", "signature"]

_WORKERS: Final = 2
_MIB: Final = 2**20
_IDLE_SECONDS: Final = 5
"""After so long without work a helper ends, or one whose command was killed would hold on to that
command's output for minutes, and whoever reads it would wait."""

NEEDED_BYTES: Final = 1_342_177_280
"""Address space in which a command compiles and goes on to its run. Measured on two cores: a limit
of 1,177 million bytes was enough; with one of 1,024 million the process was ended by a library."""

AHEAD: Final = (
    (compose, "i8 i8 u4 i8 i8 i8[1] f4[1] Rule f4[1] u4[1]"),
    (
        after_help,
        "i8 i8 i8[1] i8[1] i8[1] i4[1] i4[1] i8[1] f4[1] f4[1] f4[1] f4[3] f4 f4 f4 f4 u2 ? u4[1] "
        "f4[1] f4[1] f4[1] f4[1] f4[1] f4[1] u2[1] u1[1] f4[1] i8[2] i8[3]",
    ),
    (
        select_by_rank,
        "i8 i8 u4 i8 i8 i8 ? ? f4 f4 u2 u2 i8[1] i8[1] u1[1] i8[1] i8[1] u4[1] f4[1] u1[1] u2[1]",
    ),
    (
        draw_month,
        "i8 i8 u4 u4 i8 i8[1] i8[1] i8[1] i4[1] i4[1] u1[1] i8[1] f4 f4 f4 f4 f4 i4[2] f4[1] f4 u2 "
        "u4[1] f4[1] u2[1] f4[1] f4[1] f4[1] f4[1] i8[3]",
    ),
    (
        grant_benefits,
        "i8 i8 ?[1] f8[2] f8[1] f8[2] i8[1] i8[1] i8[1] i8 ? i8[1] i8[1] f8[1] f4[1] u4[1] u2[1] "
        "f4[1] i8[2] i8[2] i8[2]",
    ),
    (
        verify_records,
        "i8 i8 u4 u4 i2 i8 i8[1] f4[1] f4[1] f4[1] f4 f4 f4[2] f4[1] f4[1] f4[1] f4[1] i2[1] u1[1]",
    ),
    (
        find_clients,
        "i8 i8 "
        "u4 u4 i2 i8 i2[1] f4 f4 i8 i8 i8[1] i8[1] i8[1] u1[1] u1[1] f4[1] f4[1] f4[1] i4[1] "
        "i4[1] i8[1] i4[1] i4[1] i4[1] i8[2] i4[1] i8[1] i4[1] i2[1] i4[1] i4[1] u1[1] i4[2] i8[2]",
    ),
    (
        open_cases,
        "i8 i8 "
        "u4 u4 i8 ? i8 i8[1] i8[1] u1[1] i8[1] i8[1] u4[1] f4[1] f4[1] f4[1] f4[1] u4[1] f4[1] "
        "u2[1] i2 f4[1] i8[1] i8[1] i4[1] u1[1] i2[1] i4[1] i4[1] i4[1] f4[1] u1[1] i8[1]",
    ),
    (
        live_groups,
        "u4 u4 i8[1] i8[1] f4 f4 f4 f4 f4 f4 f4 f4[1] i8[1] f4[2] i8[1] f4 f4 f4 f4 u4[1] i4[1] "
        "f4[1] f4[1] f4[1] u1[1] f4[2] f4[1] i8[1] i8[2] i8[2]",
    ),
    (share_pools, "i8 i8 i8[1] i8[1] i8[1] u1[1] i4[1] i8[2] f8[2] f8[2] f8[2]"),
    (
        feel_pools,
        "i8 i8 u4 u4 i8 i8[1] i8[1] u1[1] i8[1] f8[1] i4[2] f4[1] f4 u2 u2 i8[1] u2[1] f8[2] u4[1] "
        "u2[1] u2[1] f4[1] f4[1] i8[1]",
    ),
    (
        hold_clients,
        "i8 i8 "
        "u4 u4 i8[1] i8[1] u1[1] u1[1] ?[1] f4[1] f4[2] i4[1] i8[1] i4[1] i4[1] i4[1] i4[1] i8[1] "
        "i4[1] i4[1] i4[1] i4[1] u1[1] i4[1] i8[2] i8[2]",
    ),
    (
        report_clients,
        "i8 i8 i8[1] i8[1] i8[1] ?[1] i8[2] i8[1] i4[1] i4[1] i4[1] i8[1] i4[1] i4[1] i8[2]",
    ),
    (
        pay_orsos,
        "i8 i8 i8[1] i8[1] u1[1] f8[1] f8[1] f8[1] f8[1] i4[1] i4[1] i8[1] i8[1] i8[2]",
    ),
    (
        fund_orsos,
        "i8 i8 "
        "u4 u4 i8 i8[1] i8[1] u1[1] u1[1] u4[1] u1[1] u1[1] f4[2] f4[2] f4[2] f4[1] f4[1] f4 "
        "i8[1] f8[1] f8[1] f8[1] f8[1] f8[1] f8[1] f8 f8 i8[1] f8[1] i8[2] f8[1] f8[1] i4[1] i4[1]",
    ),
    (
        end_cases,
        "i8 i8 "
        "u4 u4 i8 u4[1] f4[2] f4[2] f4 i8[1] i8[1] i4[1] u1[1] i4[1] i4[1] i4[1] i4[1] i4[1] f4[1] "
        "u1[1] u4[1] f4[1] u2[1] f4[1] i8[2]",
    ),
    (
        return_home,
        "i8 i8 u4 u4 u4 i8 i8[1] f4[1] f8[1] i8[1] f4[1] f4[1] f4[1] f4[1] i8[3] i8[1] i8[1] i4[1] "
        "u1[1] i4[1] i4[1] i4[1] i4[1] i4[1] u1[1] i8[4] i8[2]",
    ),
    (relieve, "i8 i8 i8[1] i4[1] u1[1] i4[1] i4[1] i4[1] i4[1] f4[1] f4[1] f4[1] f4[1] i8[3]"),
    (
        miss_school,
        "i8 i8 i8 f4[1] i8[1] i8[1] i8[1] i4[1] u1[1] i4[1] i4[1] i4[1] f4[1] f8[1]",
    ),
    (list_cases, "i8 i8 i8[1] i4[1] u1[1] i8[2] i4[1]"),
    (
        repair_houses,
        "i8 i8 u4 u4 u4 i8 i8[1] i8[1] i8[1] f4[1] f4 f4 f4[1] u2[1] f4[1] i8[2]",
    ),
    (draw_words, "u4 u4 u4[1] u4[2]"),
    (draw_households, "i8 i8 u4 i8 u4[1] i8[1] f4 f4 f4 f4[1] f4[1] f4[1] u1[1] i2[1]"),
    (
        run_enterprises,
        "i8 i8 u4 u4 i8 i2 i2 i8[1] i8[1] i8[1] i8[1] f4 f4 ? f4[3] f4[1] f4[1] u4[1] f4[1] u1[1] "
        "u1[1] i2[1] f4[1] i8[2]",
    ),
    (
        leave_pkh,
        "u4 u4 i8 i2 i2 i8[1] i8[1] i8[1] i8[1] u2 f4 u4[1] f4[1] u1[1] u2[1] f4[1] u1[1] i2[1] "
        "i2[1] f4[1] i8[2]",
    ),
    (cost_orsos, "u1[1] f8[1] f4[1] f4[1] f4[1] f8 f8 f4 f4 f8 f8 f8 f8[1] f8[1]"),
    (
        want_orsos,
        "i8[1] u1[1] f4[2] f8[1] f8[1] f8[1] f8[1] i8[1] f8 f8 f8 f8 f8[1] f8[1]",
    ),
    (count_volunteers, "i8[1] u1[1] f8[1] f4[1] f8 f8[1]"),
    (keep_volunteers, "f8 f8 f8 ?[1] f4[1] f4[1]"),
    (count_unable, "i8[1] i8[1] i8[1] u2 u4[1] u2[1] i8[2]"),
    (find_pioneers, "i2 i8[1] i8[1] i8[1] u1[1] f4[1] i2[1] u1[1] i8[1]"),
    (curves_at_nodes, "f8[2] f8[1] f8[1] f8[2] f8[2] f8 f4[3]"),
    (
        incidence,
        "i8 i8 i8[1] i8[1] i8[1] i4[1] i4[1] i8[1] f4[1] f4 u2 u4[1] f4[1] f4[1] u2[1] i8[4]",
    ),
    (permanent_base, "i8 i8 i8[1] f4[1] f4 f4 u4[1] f4[1] f4[1]"),
    (school_gains, "i8[1] i4[1] i8[1] u2 f4 f4[1] u4[1] u2[1] f4[1] i8[1] i8[1]"),
    (score_histogram, "i8 i8 i8[1] i8[1] i8[1] i4[1] i4[1] i8[1] u4[1] f4[1] i8[3]"),
    (strike, "u4 u4 i8 i8[1] f4[1] f4[1] f4[1]"),
    (draw_events, "u4 u4 u4[1] f8[1] f4 f4 i8[1] f8[1]"),
    (
        feel,
        "i8 i8 u4 u4 i8 i8[1] f4[1] f4[1] f4[1] f4[1] f4[1] f4 f4[1] f4[1]",
    ),
    (enrolled_households, "i8[1] i8 u2[1] i8[1]"),
    (school_children, "i8[1] u4[1] i8[1]"),
    (count_missed, "i8[1] i8[1] i8[1] f4[2] f4[1] u1[1] i8[2]"),
    (
        learn_trust,
        "f4 f4 f4 f4 f4[1] f4 i8 i8[1] u1[1] f8[1] i4[2] ?[1] f8[1] f8[1] f4[1]",
    ),
    (count_short, "f8 f8[1] f8[1] i2[1]"),
    (record_ages, "i8[1] u1[1] i2[1] i8[1] i8[1]"),
    (largest_remainder, "i8[1] f8[2] i8[2]"),
    (by_weight, "i8[1] i8[1] i8[1] f8[1] i8[1]"),
    (by_want, "i8[1] i8[1] i8[1] i8[1]"),
    (visit, "f8[1] f8[2] f8[1] f8[1] f8[1] f8[1]"),
    (by_content, "i8[2] i8[1] i8[2]"),
    (add_up, "i8[2] i8[1] i8[1] i8[1] i8[2] i8[2]"),
    (rank_edges, "i8[3] f8[2]"),
    (handle_cases, "i8[3] f8[2] f8[1] f8[2] f8[1] f8 f8 f8 f8 f8 i8[2]"),
)
"""Kernels, those that take longest first, and the types of their arguments: a letter and bytes,
dimensions in brackets; ``Rule`` is the life cycle's."""

_TYPES: Final[dict[str, Any]] = {
    "u1": types.uint8,
    "u2": types.uint16,
    "u4": types.uint32,
    "i2": types.int16,
    "i4": types.int32,
    "i8": types.int64,
    "f4": types.float32,
    "f8": types.float64,
    "?": types.boolean,
}


def signature(spec: str) -> tuple[Any, ...]:
    """Return the compiler's types of a list of arguments as in `AHEAD`.

    Examples
    --------
    >>> signature("u4 f4[1] i8[2]")
    (uint32, Array(float32, 1, 'C', False, aligned=True), Array(int64, 2, 'C', False,
    aligned=True))
    """
    found: list[Any] = []
    for word in spec.split():
        name, _, rest = word.partition("[")
        kind = _rule_type() if name == "Rule" else _TYPES[name]
        found.append(types.Array(kind, int(rest.rstrip("]")), "C") if rest else kind)
    return tuple(found)


def _rule_type() -> Any:
    """Return the compiler's type of the life cycle's numbers: scalars, and one row of them."""
    fields = get_type_hints(Rule).values()
    scalars = [from_dtype(np.dtype(f)) if isinstance(f, type) else None for f in fields]
    row = types.Array(types.uint32, 1, "C")
    return types.NamedTuple([row if kind is None else kind for kind in scalars], Rule)


def missing() -> list[int]:
    """Return the places in `AHEAD` of the kernels that are not in the cache.

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.ahead import AHEAD
    >>> from kesos_sim.kernels.counting import enrolled_households
    >>> enrolled_households(np.array([0, 1]), 0, np.ones(1, np.uint16), np.zeros(1, np.int64))
    >>> enrolled_households in [AHEAD[place][0] for place in missing()]
    False
    """
    return [
        place
        for place, (kernel, _) in enumerate(AHEAD)
        if not any(Path(kernel.stats.cache_path).glob(f"*.{kernel.py_func.__name__}-*.nbi"))
    ]


@cache
def compile_all() -> int:
    """Compile what is missing, once in a process, and leave it in the cache.

    Returns
    -------
    int
        Number of kernels that were missing.

    Raises
    ------
    KesosError
        If something is missing and the process may not have as much memory as compiling takes:
        the compiler ends without a word where it gets none.
    """
    from joblib import Parallel, cpu_count, delayed

    places = missing()
    if places:
        _look_for_memory()
        workers = min(_WORKERS, cpu_count(), len(places))
        try:
            helpers = Parallel(workers, backend="loky", idle_worker_timeout=_IDLE_SECONDS)
            helpers(delayed(_compile)(place) for place in places)
        except BrokenProcessPool:
            # One was ended from outside, most likely for want of memory: alone we need less.
            for place in missing():
                _compile(place)
    return len(places)


def _look_for_memory() -> None:
    """Refuse to compile where a limit of the system leaves too little address space for it."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < NEEDED_BYTES:
        raise KesosError(
            "KS2301",
            "model.little_memory",
            limit=_in_mebibytes(limit),
            needed=_in_mebibytes(NEEDED_BYTES),
        )


def _in_mebibytes(size: int) -> dict[str, str]:
    """Write a number of bytes in both languages."""
    return {lang: number(size // _MIB, lang) for lang in LANGUAGES}


def _compile(place: int) -> None:
    """Compile one kernel of `AHEAD`."""
    kernel, spec = AHEAD[place]
    kernel.compile(signature(spec))
