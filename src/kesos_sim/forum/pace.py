"""How fast one visitor may send: a bucket that fills with time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Bucket", "Pace"]


@dataclass(slots=True)
class Bucket:
    """A right to send that is used up and comes back.

    Attributes
    ----------
    size : float
        Most entries at once.
    per_second : float
        How many come back each second.
    clock : callable
        Seconds that only grow.
    """

    size: float
    per_second: float
    clock: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin full."""
        self._left, self._at = self.size, self.clock()

    def take(self, count: float = 1.0) -> bool:
        """Use the right, if it is there.

        Parameters
        ----------
        count : float
            How much of it.

        Returns
        -------
        bool
            Whether it was there.
        """
        now = self.clock()
        self._left = min(self.size, self._left + (now - self._at) * self.per_second)
        self._at = now
        if self._left < count:
            return False
        self._left -= count
        return True


class Pace:
    """The buckets of one visitor: one for everything, and narrower ones for what costs more.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        # A phone that was off for ten minutes hands in all it holds at once; then slowly.
        self._all = Bucket(120, 2.0, clock)
        self._kinds = {
            "try": Bucket(40, 1 / 3, clock),
            "full": Bucket(3, 1 / 20, clock),
            "join": Bucket(10, 1 / 5, clock),
            "sign": Bucket(8, 1 / 15, clock),
            "reflect": Bucket(6, 1 / 10, clock),
            "draft": Bucket(6, 1 / 5, clock),
            "hello": Bucket(20, 1 / 2, clock),
        }

    def allows(self, kind: str) -> bool:
        """Return whether a visitor may send one more of a kind now.

        Parameters
        ----------
        kind : str
            Kind of an entry, or ``hello`` or ``draft``.

        Returns
        -------
        bool
            Uses the right up.
        """
        own = self._kinds.get(kind)
        return self._all.take() and (own is None or own.take())
