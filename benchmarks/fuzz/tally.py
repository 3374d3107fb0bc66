"""Trying case after case, and counting what became of them."""

from __future__ import annotations

import gc
import os
import signal
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, Final

__all__ = ["PATIENCE", "Hang", "Tally", "Target", "resident", "tried"]

PATIENCE: Final = 20.0
"""Seconds after which a case counts as hanging."""
_WARM: Final = 10
_MOST_TOLD: Final = 10
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Hang(BaseException):
    """A case took longer than anybody waits; nothing on the way may catch it."""


class Target(ABC):
    """Something that takes input from outside."""

    @abstractmethod
    def attempt(self, draw: Random) -> bool:
        """Make one input and hand it in.

        Parameters
        ----------
        draw : random.Random
            The generator of the case; nothing else decides what is made.

        Returns
        -------
        bool
            Whether it was accepted; False for a refusal as it should be.
        """

    def pids(self) -> Iterable[int]:
        """Return the processes whose memory counts: this one, if nothing else is said."""
        return (os.getpid(),)


@dataclass(slots=True)
class Tally:
    """What became of the cases of a target.

    Attributes
    ----------
    name : str
        The target.
    cases, accepted, refused, hangs : int
        How many.
    failures : list of tuple
        Number of the case and what went wrong, the first ten.
    failed : int
        Cases that ended with a traceback or broke a promise.
    slowest : float
        Seconds of the slowest case.
    slowest_case : int
        Its number.
    seconds : float
        Of all cases.
    resident_first, resident_last : int
        Bytes in memory after the first tenth and at the end.
    """

    name: str
    cases: int = 0
    accepted: int = 0
    refused: int = 0
    hangs: int = 0
    failed: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)
    slowest: float = 0.0
    slowest_case: int = 0
    seconds: float = 0.0
    resident_first: int = 0
    resident_last: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing failed and nothing hung."""
        return not self.failed and not self.hangs

    def record(self) -> dict[str, Any]:
        """Return the figures for people and programs.

        Returns
        -------
        dict of str to object
            Seconds to the millisecond, memory in MiB.
        """
        mebibyte = 2**20
        return {
            "target": self.name,
            "cases": self.cases,
            "accepted": self.accepted,
            "refused": self.refused,
            "failed": self.failed,
            "hangs": self.hangs,
            "seconds": round(self.seconds, 1),
            "slowest_seconds": round(self.slowest, 3),
            "slowest_case": self.slowest_case,
            "resident_first_mib": round(self.resident_first / mebibyte, 1),
            "resident_last_mib": round(self.resident_last / mebibyte, 1),
            "failures": self.failures,
        }


def resident(pids: Iterable[int]) -> int:
    """Return what some processes hold in memory.

    Parameters
    ----------
    pids : iterable of int
        Numbers of the processes.

    Returns
    -------
    int
        Bytes.
    """
    gc.collect()
    return _PAGE * sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)


def tried(target: Target, name: str, numbers: range, seed: int) -> Tally:
    """Try the cases of some numbers.

    Parameters
    ----------
    target : Target
        What takes them.
    name : str
        Its name; part of what a case is made from.
    numbers : range
        Numbers of the cases.
    seed : int
        Another seed makes other cases.

    Returns
    -------
    Tally
    """
    tally = Tally(name)
    warm = len(numbers) // _WARM
    for number in numbers:
        if tally.cases == warm:
            tally.resident_first = resident(target.pids())
        tally.cases += 1
        began = time.perf_counter()
        try:
            with _limited(PATIENCE):
                accepted = target.attempt(Random(f"{seed}/{name}/{number}"))  # noqa: S311
        except Hang:
            tally.hangs += 1
            if len(tally.failures) < _MOST_TOLD:
                tally.failures.append((number, f"longer than {PATIENCE:.0f} seconds"))
        except Exception:
            tally.failed += 1
            if len(tally.failures) < _MOST_TOLD:
                tally.failures.append((number, traceback.format_exc()[-1500:]))
        else:
            tally.accepted += accepted
            tally.refused += not accepted
        took = time.perf_counter() - began
        tally.seconds += took
        if took > tally.slowest:
            tally.slowest, tally.slowest_case = took, number
    tally.resident_last = resident(target.pids())
    return tally


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt what takes too long."""

    def late(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise Hang

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
