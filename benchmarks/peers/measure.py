"""One peer beside ours: first the gate, then times in turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from benchmarks.figures import Figure, alternate, ratio
from benchmarks.peers.gate import against, closed_forms, gate
from benchmarks.peers.host import Host
from benchmarks.simplified import SUMS, Compiled

__all__ = ["MOST_IN_GATE", "Size", "beside", "ours", "passes"]

MOST_IN_GATE: Final = 100_000
"""Households of the gate: more would narrow it, and take long where a household is an object."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Parameters
    ----------
    households : int
        Simulated households, before a peer's factor.
    months : int
        Months of one time.
    repetitions : int
        Times of each side.
    threads : int
        Threads of ours.
    """

    households: int = 100_000
    months: int = 12
    repetitions: int = 5
    threads: int = 2

    @property
    def in_gate(self) -> int:
        """Households of the gate."""
        return min(self.households, MOST_IN_GATE)


class Side(Protocol):
    """What lets a world live: `Host` in this process, `Process` in another one."""

    def check(self, sums: Mapping[str, float], households: int, months: int) -> dict[str, Any]:
        """Say what a world looks like that has lived."""

    def open(self, sums: Mapping[str, float], households: int) -> dict[str, Any]:
        """Make the world to be timed."""

    def time(self, months: int) -> dict[str, Any]:
        """Return seconds of some months."""


def ours(threads: int) -> Host:
    """Return our side.

    Parameters
    ----------
    threads : int
        Threads of the kernel.

    Returns
    -------
    Host
        Lets the compiled month live; its numbers are compiled in, those of `SUMS`.
    """
    return Host(lambda _sums, households: Compiled(households, threads))


def passes(
    key: str, life: Mapping[str, Any], own: Mapping[str, Any] | None, tell: Tell
) -> tuple[Figure, bool]:
    """Hold a life against closed forms and against ours.

    Parameters
    ----------
    key : str
        Whose, as a part of the figure's name.
    life : mapping
        What its side says of it.
    own : mapping, optional
        The same of ours; None if it is ours that is judged.
    tell : callable
        Is told what deviates too much.

    Returns
    -------
    tuple of Figure and bool
        The largest deviation, and whether it may be timed.
    """
    deviations = [*closed_forms(life, SUMS), *(against(life, own) if own is not None else ())]
    figure, wrong = gate(key, deviations)
    for deviation in wrong:
        tell(f"{key} does other work: {deviation}")
    return figure, not wrong


def beside(
    key: str, side: Side, host: Host, households: int, least: float | None, size: Size
) -> list[Figure]:
    """Time a peer and ours in turns.

    Parameters
    ----------
    key : str
        The peer, as a part of names of figures.
    side : Side
        The peer.
    host : Host
        Ours.
    households : int
        Households of both.
    least : float, optional
        How many times as long as ours it has to take.
    size : Size
        Months and repetitions.

    Returns
    -------
    list of Figure
        How many times as long it takes, and its mean month in milliseconds.
    """
    sides: dict[str, Side] = {"ours": host, "peer": side}
    for one in sides.values():
        one.open(SUMS, households)
    months = {name: partial(_month, one, size.months) for name, one in sides.items()}
    times = alternate(months, size.repetitions, clock=lambda month: month())
    peer = times["peer"]
    return [
        ratio(f"same_against_{key}", peer, times["ours"], "least", least),
        Figure(f"month_{key}", 1e3 * peer.median, "ms", 1e3 * peer.best),
    ]


def _month(side: Side, months: int) -> float:
    """Return the mean seconds of a month by the clock of the side itself."""
    return float(side.time(months)["seconds"]) / months
