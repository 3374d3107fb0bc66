"""One run on threads and on workers of a local Dask cluster, and what workers tell each other.

``python -m benchmarks.sharding [households] [months] [rounds]`` prints seconds of each way, taken
in turns, its ratio to two threads, and the exchanges and bytes of a month.
"""

from __future__ import annotations

import json
import sys
import time
from statistics import median
from typing import Any, Final

import numpy as np

from benchmarks.engine import BASELINE
from kesos_sim.experiments.executors import LOCAL, Cluster
from kesos_sim.experiments.run import Run, run
from kesos_sim.experiments.sharding import Part, run_sharded
from kesos_sim.model.opening import open_model
from kesos_sim.scenario import Scenario, load_scenario

__all__ = ["measure"]

HOUSEHOLDS: Final = 3_000_000
MONTHS: Final = 60
ROUNDS: Final = 2
_TWO_THREADS: Final = "2 threads"
_MEBIBYTE: Final = 1 << 20


def measure(households: int, months: int, rounds: int) -> dict[str, Any]:
    """Live the country in several ways, and refuse to tell times if the results differ.

    Parameters
    ----------
    households : int
        Simulated households.
    months : int
        Months to live after the base month.
    rounds : int
        How often each way has its turn.

    Returns
    -------
    dict of str to object
        Seconds of the run itself and with the start of workers, ratios, processor seconds of all
        threads or of the busiest worker, which other processes hardly disturb, exchanges and
        bytes of a month, burn-in included.
    """
    asked = {"region": "indonesia", "households": households, "months": months}
    scenario = load_scenario(BASELINE, asked)
    # Everybody finds kernels, curves and anchor where this leaves them.
    open_model(load_scenario(BASELINE, asked | {"months": 1}), 2)
    inside: dict[str, list[float]] = {}
    outside: dict[str, list[float]] = {}
    busy: dict[str, list[float]] = {}
    parts: tuple[Part, ...] = ()
    first: Run | None = None
    for _ in range(rounds):
        for name in ("1 thread", _TWO_THREADS, "1 worker", "2 workers"):
            began, processor = time.perf_counter(), time.process_time()
            found, parts = _lived(name, scenario)
            longest = max((part.busy for part in parts), default=time.process_time() - processor)
            busy.setdefault(name, []).append(longest)
            outside.setdefault(name, []).append(time.perf_counter() - began)
            inside.setdefault(name, []).append(found.seconds)
            first = first or found
            if not _same(first, found):
                raise SystemExit(f"{name}: other results")
    lived = months + int(scenario.parameter("model.burn_in_months"))
    return {
        "households": households,
        "months": months,
        "seconds": {name: median(times) for name, times in inside.items()},
        "best": {name: min(times) for name, times in inside.items()},
        "with_start": {name: median(times) for name, times in outside.items()},
        "against_two_threads": {
            name: median(times) / median(inside[_TWO_THREADS]) for name, times in inside.items()
        },
        "processor_seconds": {name: median(times) for name, times in busy.items()},
        "exchanges_a_month": max(part.exchanges for part in parts) / lived,
        "mebibytes_a_month": max(part.told for part in parts) / lived / _MEBIBYTE,
    }


def _lived(name: str, scenario: Scenario) -> tuple[Run, tuple[Part, ...]]:
    """Live a scenario in one of the ways."""
    number, kind = name.split()
    if kind.startswith("thread"):
        return run(scenario, int(number)), ()
    return run_sharded(scenario, Cluster(LOCAL, int(number)))


def _same(one: Run, other: Run) -> bool:
    """Whether two runs found the same to the bit."""
    return np.array_equal(one.books.rupiah, other.books.rupiah) and all(
        np.array_equal(values, other.figures[name], equal_nan=True)
        for name, values in one.figures.items()
    )


if __name__ == "__main__":
    defaults = (HOUSEHOLDS, MONTHS, ROUNDS)
    asked_for = tuple(map(int, sys.argv[1:])) + defaults[len(sys.argv) - 1 :]
    print(json.dumps(measure(*asked_for), indent=2))
