"""How often and how much a visitor may ask: kind to seventy phones behind one address."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from kesos_sim.forum.pace import Bucket

__all__ = ["Gate", "Limits", "raise_descriptors"]

PER_VISITOR: Final = 14
"""File descriptors that the server holds per kernel."""
_SPARE_DESCRIPTORS: Final = 400
_WANTED_DESCRIPTORS: Final = 16_384
_MOST_ADDRESSES: Final = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows.

    Parameters
    ----------
    visitors : int
        Kernels in use at once; whoever comes beyond waits.
    pool : int
        Kernels kept ready beside them.
    pages_burst, pages_per_second : float
        Pages that one address may ask for at once, and later per second.
    pending : int
        Pages sent to one address that have not yet connected.
    message_bytes : int
        Longest message of a page.
    messages_burst, messages_per_second : float
        Messages of one page at once, and later per second.
    bytes_burst, bytes_per_second : float
        Bytes of one page at once, and later per second.
    connections : int
        Connections to one kernel.
    request_seconds : float
        How long a connection may take to send a request, or stay open without one. Without an
        end, half-sent requests would use up the descriptors of the server.
    unclaimed_seconds, left_seconds, asleep_seconds : float
        As of `kesos_sim.forum.kernels.ForumKernels`.
    """

    visitors: int = 150
    pool: int = 15
    pages_burst: float = 240.0
    pages_per_second: float = 3.0
    pending: int = 60
    message_bytes: int = 128 * 1024
    messages_burst: float = 200.0
    messages_per_second: float = 20.0
    bytes_burst: float = 2e6
    bytes_per_second: float = 100e3
    connections: int = 4
    request_seconds: float = 60.0
    unclaimed_seconds: float = 90.0
    left_seconds: float = 600.0
    asleep_seconds: float = 10_800.0

    @property
    def descriptors(self) -> int:
        """File descriptors that the server needs at most."""
        return PER_VISITOR * (self.visitors + self.pool) + _SPARE_DESCRIPTORS


@dataclass(slots=True)
class Gate:
    """Decides who gets a page now and who waits.

    Parameters
    ----------
    limits : Limits
        What is allowed.
    visitors : callable
        Returns how many kernels are in use.
    connected : callable
        Says of a kernel whether its page was ever open.
    asleep : callable
        Returns the kernels that make way if somebody waits, the first to go first.
    make_way : callable
        Ends one of them, whose place is free at once.
    clock : callable
        Returns seconds.
    """

    limits: Limits
    visitors: Callable[[], int]
    connected: Callable[[str], bool]
    asleep: Callable[[], Sequence[str]]
    make_way: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _pending: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _on_the_way: int = 0

    def room(self) -> bool:
        """Say whether one more visitor fits, if need be in the place of a page that sleeps.

        Returns
        -------
        bool
        """
        return self._free() or bool(self.asleep())

    def enter(self, address: str) -> bool:
        """Let a visitor in, or not; whoever was let in is reported with `leave`.

        Parameters
        ----------
        address : str
            Where the visitor comes from.

        Returns
        -------
        bool
        """
        if not self.room():
            return False
        waiting = self._pending[address]
        waiting -= {kernel for kernel in waiting if self.connected(kernel)}
        if len(waiting) >= self.limits.pending or not self._bucket(address).take():
            return False
        if not self._free():
            self.make_way(self.asleep()[0])
        self._on_the_way += 1
        return True

    def leave(self, address: str, kernel_id: str | None) -> None:
        """Note that the page of a visitor who was let in has been sent, or failed.

        Parameters
        ----------
        address : str
            As for `enter`.
        kernel_id : str or None
            The kernel of the page; None when there is none.
        """
        self._on_the_way -= 1
        if kernel_id is not None:
            self._pending[address].add(kernel_id)

    def _free(self) -> bool:
        return self.visitors() + self._on_the_way < self.limits.visitors

    def _bucket(self, address: str) -> Bucket:
        """Return the bucket of an address; many addresses push out the oldest."""
        found = self._buckets.get(address)
        if found is None:
            if len(self._buckets) >= _MOST_ADDRESSES:
                oldest = next(iter(self._buckets))
                del self._buckets[oldest]
                self._pending.pop(oldest, None)
            burst, rate = self.limits.pages_burst, self.limits.pages_per_second
            found = self._buckets[address] = Bucket(burst, rate, self.clock)
        return found


def raise_descriptors(needed: int) -> int:
    """Let this process open as many files as a full room needs.

    Parameters
    ----------
    needed : int
        File descriptors.

    Returns
    -------
    int
        How many it may open now; less than needed where the system allows no more.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = max(needed, _WANTED_DESCRIPTORS)
    most = wanted if hard == unlimited else min(wanted, hard)
    if soft != unlimited and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return wanted if soft == unlimited else soft
