"""From nothing to a first result: the whole process, as a user waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figures import Figure, Times, alternate, ratio

__all__ = ["first_result"]

_SCENARIO: Final = Path(__file__).parents[1] / "scenarios" / "baseline.yaml"
_KESOS: Final = "import sys; from kesos_sim.cli import main; sys.exit(main())"
_IMPORTS: Final = "import numpy, numba"
_MODEL: Final = "import kesos_sim.experiments.run"


def first_result(households: int, months: int, repetitions: int, region: str) -> list[Figure]:
    """Measure ``kesos run`` in a process of its own, with compiled code and anchor at hand.

    Parameters
    ----------
    households : int
        Simulated households.
    months : int
        Months of the run.
    repetitions : int
        How often.
    region : str
        Region of the run.

    Returns
    -------
    list of Figure
        Seconds of the process, and of what it imports.
    """
    size = ("--households", str(households), "--months", str(months), "--region", region)
    run = (_KESOS, "run", str(_SCENARIO), *size, "--format", "csv")
    sides = {
        "start": lambda: _python(*run),
        "libraries": lambda: _python(_IMPORTS),
        "model": lambda: _python(_MODEL),
    }
    times: dict[str, Times] = alternate(sides, repetitions)
    start, model = times["start"], times["model"]
    return [
        Figure("start", start.median, "s", start.best, "most", 3.0),
        Figure("start_imports", model.median, "s", model.best),
        ratio("start_against_imports", start, times["libraries"], "most", None),
    ]


def _python(*words: str) -> None:
    """Run some code in a new process and wait for its end."""
    with TemporaryDirectory() as store:
        # A result that is remembered would be there at once.
        place = os.environ | {"KESOS_STORE": store}
        command = [sys.executable, "-c", *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=place)
