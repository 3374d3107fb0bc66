"""All households of the country for ten years, in a process of its own.

``python -m benchmarks.national`` prints what each stage took and the most memory it held.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from benchmarks.engine import BASELINE, BESIDE
from benchmarks.figures import Figure, peak_bytes

__all__ = ["measure", "national"]

HOUSEHOLDS: Final = 72_000_000
MONTHS: Final = 120
_GIB: Final = 1 << 30
_ROOT: Final = Path(__file__).parents[1]


def national(households: int, months: int, threads: int, region: str) -> list[Figure]:
    """Measure the country in a new process, so that the memory is its own.

    Parameters
    ----------
    households : int
        Simulated households; all of the country's by default.
    months : int
        Months to live.
    threads : int
        Threads of the kernels.
    region : str
        Region of the world.

    Returns
    -------
    list of Figure
        Seconds and memory in all, and seconds of every stage.
    """
    numbers = (str(households), str(months), str(threads))
    words = [sys.executable, "-m", "benchmarks.national", *numbers, region]
    done = subprocess.run(words, cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    total = sum(found["opening"].values()) + sum(found["months"].values())
    beside = sum(found["months"][stage.__name__] for stage in BESIDE)
    seconds = found["opening"] | found["months"]
    return [
        Figure("national", total, "s", None, "most", 360.0),
        Figure("national_spine", total - beside, "s", None, "most", 240.0),
        Figure("national_peak", found["peak"] / _GIB, "gib", None, "most", 12.0),
        Figure("national_arrays", found["arrays"] / _GIB, "gib"),
        Figure("national_households", float(found["households"]), "households"),
        *(Figure(f"stage_{name}", spent, "s") for name, spent in seconds.items()),
    ]


def measure(households: int, months: int, threads: int, region: str) -> dict[str, Any]:
    """Open the country and live some months, with the clock on every stage.

    Parameters
    ----------
    households : int
        Simulated households.
    months : int
        Months to live.
    threads : int
        Threads of the kernels.
    region : str
        Region of the world.

    Returns
    -------
    dict of str to object
        Seconds by stage of the opening and of the months, memory in bytes.
    """
    from kesos_sim.model.month import STAGES
    from kesos_sim.model.opening import open_model
    from kesos_sim.scenario import load_scenario

    asked = {"region": region, "households": households, "months": months}
    scenario = load_scenario(BASELINE, asked)
    opening: dict[str, float] = defaultdict(float)
    now, since = "load", time.perf_counter()

    def note(stage: str) -> None:
        nonlocal now, since
        moment = time.perf_counter()
        opening[now] += moment - since
        now, since = stage, moment

    model = open_model(scenario, threads, note=note)
    note("done")
    after_opening = peak_bytes()
    spent: dict[str, float] = defaultdict(float)
    for _ in range(months):
        model.month = model.month + 1
        for stage in STAGES:
            started = time.perf_counter()
            stage(model)
            spent[stage.__name__] += time.perf_counter() - started
    people = model.world.households
    return {
        "households": people.word.size,
        "opening": dict(opening),
        "months": dict(spent),
        "arrays": people.bytes_per_household * people.word.size,
        "peak_of_opening": after_opening,
        "peak": peak_bytes(),
    }


if __name__ == "__main__":
    households, months, threads, place = sys.argv[1:] or (HOUSEHOLDS, MONTHS, 2, "indonesia")
    print(json.dumps(measure(int(households), int(months), int(threads), str(place))))
