"""What `kesos bench` runs, part by part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks import engine, many, national, start
from benchmarks.figures import Figure

__all__ = ["PARTS", "QUICK", "Size", "measure"]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Parameters
    ----------
    households : int
        Simulated households.
    months : int
        Months of a long run.
    repetitions : int
        How often each side is measured.
    threads : int
        Threads of the kernels.
    larger : int
        How many times as many households the parts take that need a large world.
    country : int
        Simulated households of the whole country.
    replicates : int
        Runs of an ensemble.
    region, widest : str
        Region of most worlds, and of those with all governments.
    """

    households: int = 100_000
    months: int = engine.LONGEST
    repetitions: int = 5
    threads: int = 2
    larger: int = 10
    country: int = national.HOUSEHOLDS
    replicates: int = 100
    region: str = "mpu"
    widest: str = "indonesia"


def _peers(size: Size) -> list[Figure]:
    return engine.peers(size.households, size.threads, size.repetitions, size.region)


def _memory(size: Size) -> list[Figure]:
    large = size.larger * size.households
    return engine.bandwidth(large, size.threads, size.repetitions, size.region)


def _threads(size: Size) -> list[Figure]:
    return engine.scaling(size.larger * size.households, size.repetitions, size.region)


def _decade(size: Size) -> list[Figure]:
    asked = (size.households, size.threads, size.months, size.repetitions)
    return engine.decade(*asked, size.region)


def _institutions(size: Size) -> list[Figure]:
    large = size.larger * size.households
    return engine.institutions(large, size.threads, size.repetitions, size.widest)


def _start(size: Size) -> list[Figure]:
    months = min(_FIRST_MONTHS, size.months)
    households = min(_FIRST_HOUSEHOLDS, size.households)
    return start.first_result(households, months, size.repetitions, size.region)


def _national(size: Size) -> list[Figure]:
    return national.national(size.country, size.months, size.threads, size.widest)


def _many(size: Size) -> list[Figure]:
    return many.executors(size.households, size.months, size.replicates, size.region)


def _pairing(size: Size) -> list[Figure]:
    households = min(_FIRST_HOUSEHOLDS, size.households)
    months, seeds = min(_PAIRED_MONTHS, size.months), max(3, size.replicates // 5)
    return many.pairing(households, months, seeds, size.region)


def _why(size: Size) -> list[Figure]:
    return many.why(min(_FIRST_HOUSEHOLDS, size.households), size.months, size.region)


_PAIRED_MONTHS: Final = 48
_FIRST_HOUSEHOLDS: Final = 20_000
_FIRST_MONTHS: Final = 12

PARTS: Final[dict[str, Callable[[Size], list[Figure]]]] = {
    "peers": _peers,
    "memory": _memory,
    "threads": _threads,
    "decade": _decade,
    "institutions": _institutions,
    "start": _start,
    "many": _many,
    "pairing": _pairing,
    "why": _why,
    "national": _national,
}
"""Parts by name, in the order in which they run."""

_LONG: Final = frozenset({"many", "pairing", "why", "national"})
QUICK: Final = tuple(name for name in PARTS if name not in _LONG)
"""Parts that take seconds."""


def measure(part: str, size: Size) -> list[Figure]:
    """Measure one part.

    Parameters
    ----------
    part : str
        One of `PARTS`.
    size : Size
        How much.

    Returns
    -------
    list of Figure
        Its figures.
    """
    return PARTS[part](size)
