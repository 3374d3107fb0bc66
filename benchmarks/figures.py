"""A figure with its threshold, and measuring two sides in turns."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final, TypeVar

__all__ = ["Figure", "Times", "alternate", "machine", "peak_bytes", "ratio", "seconds"]

_KIB: Final = 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Parameters
    ----------
    name : str
        Its words are ``bench.figure_<name>`` of the catalogue.
    value : float
        Median over the repetitions.
    unit : str
        Its words are ``bench.unit_<unit>`` of the catalogue.
    best : float, optional
        The same from the shortest times: what the machine does when nobody disturbs it.
    bound : {"least", "most"}, optional
        Whether the threshold is to be reached or kept below.
    threshold : float, optional
        What is asked of the figure; without it the figure only informs.
    """

    name: str
    value: float
    unit: str
    best: float | None = None
    bound: str | None = None
    threshold: float | None = None

    @property
    def ok(self) -> bool | None:
        """Whether the threshold holds; None without one."""
        if self.threshold is None:
            return None
        if self.bound == "least":
            return self.value >= self.threshold
        return self.value <= self.threshold

    def record(self) -> dict[str, Any]:
        """Return the figure as a record.

        Returns
        -------
        dict of str to object
            name, value, unit, best, bound, threshold, ok.
        """
        return {**asdict(self), "ok": self.ok}


@dataclass(frozen=True, slots=True)
class Times:
    """Times of one side over the repetitions.

    Parameters
    ----------
    all : tuple of float
        Seconds.
    """

    all: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median, in seconds."""
        return median(self.all)

    @property
    def best(self) -> float:
        """Shortest time, in seconds."""
        return min(self.all)


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes.

    Parameters
    ----------
    work : callable
        The work.

    Returns
    -------
    float
        Seconds by the clock on the wall.
    """
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def alternate(
    sides: Mapping[str, Callable[[], T]],
    repetitions: int,
    *,
    clock: Callable[[Callable[[], T]], float] = seconds,
) -> dict[str, Times]:
    """Measure several sides in turns, so that a disturbance falls on all of them.

    Every side works once before anything is measured. The order turns round with every
    repetition, so that no side always follows the same other one.

    Parameters
    ----------
    sides : mapping of str to callable
        What to measure.
    repetitions : int
        How often.
    clock : callable
        Lets a side work and returns the seconds that it takes.

    Returns
    -------
    dict of str to Times
        Seconds of each side.
    """
    found: dict[str, list[float]] = {name: [] for name in sides}
    for work in sides.values():
        work()
    for turn in range(repetitions):
        names = list(sides)[:: -1 if turn % 2 else 1]
        for name in names:
            found[name].append(clock(sides[name]))
    return {name: Times(tuple(times)) for name, times in found.items()}


def ratio(name: str, top: Times, bottom: Times, bound: str, threshold: float | None) -> Figure:
    """Return how many times longer one side takes than the other.

    Parameters
    ----------
    name : str
        Name of the figure.
    top, bottom : Times
        The two sides.
    bound : {"least", "most"}
        Whether the threshold is to be reached or kept below.
    threshold : float, optional
        What is asked.

    Returns
    -------
    Figure
        Median over median; ``best`` is shortest over shortest.
    """
    value, best = top.median / bottom.median, top.best / bottom.best
    return Figure(name, value, "times", best, bound, threshold)


def machine(facts: Mapping[str, object]) -> dict[str, Any]:
    """Return what a figure has to be quoted with.

    Parameters
    ----------
    facts : mapping of str to object
        What else belongs to it.

    Returns
    -------
    dict of str to object
        Versions, machine and load.
    """
    import mesa
    import numba
    import numpy as np

    from kesos_sim import __version__

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "kesos-sim": __version__,
        **facts,
        "machine": platform.machine(),
        "platform": platform.platform(terse=True),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "mesa": mesa.__version__,
        "load": None if load is None else round(load, 2),
    }


def peak_bytes(children: bool = False) -> int:
    """Return the most memory that was held at once.

    Parameters
    ----------
    children : bool
        Of the largest process that this one started, instead of this one.

    Returns
    -------
    int
        Bytes; 0 where nobody counts.
    """
    try:
        import resource
    except ImportError:
        return 0
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else _KIB)
