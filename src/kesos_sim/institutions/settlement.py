"""Exact arithmetic with whole rupiah: splitting money so that the parts add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.accounts import Stage
from kesos_sim.institutions.channels import Frictions
from kesos_sim.kernels.shares import by_content, by_weight, largest_remainder
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = [
    "SETTLED",
    "Settlement",
    "Spread",
    "draw_by_content",
    "monthly",
    "settle",
    "split_by_share",
]

SETTLED: Final = (Stage.DELIVERED, Stage.LEAKAGE, Stage.RETURNED, Stage.ADMINISTRATION)
"""Where the money of a programme goes in a month."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of the help that is due in a month.

    ``delivered + leakage + undelivered`` is what was due, to the rupiah. The cost of delivery
    comes on top: it is budgeted apart from the help (PMK 228/PMK.05/2016, table laws).

    Attributes
    ----------
    stages : int64[4, k, n_districts], rupiah, in the order of `SETTLED`: what reaches
        households, what is lost on the way, what reaches nobody and returns, and the cost of
        delivery, paid beside the help
    """

    stages: NDArray[np.int64]

    @property
    def delivered(self) -> NDArray[np.int64]:
        """What reaches households: int64[k, n_districts], rupiah."""
        return np.asarray(self.stages[0])

    @property
    def leakage(self) -> NDArray[np.int64]:
        """What is lost on the way: int64[k, n_districts], rupiah."""
        return np.asarray(self.stages[1])

    @property
    def undelivered(self) -> NDArray[np.int64]:
        """What reaches nobody and returns: int64[k, n_districts], rupiah."""
        return np.asarray(self.stages[2])

    @property
    def administration(self) -> NDArray[np.int64]:
        """Cost of delivery: int64[k, n_districts], rupiah."""
        return np.asarray(self.stages[3])

    @property
    def due(self) -> NDArray[np.int64]:
        """Help that was due: int64[k, n_districts], rupiah."""
        return np.asarray(self.stages[:3].sum(axis=0))


def split_by_share(amount: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split amounts into parts by the method of the largest remainder.

    Parameters
    ----------
    amount : int64[...], rupiah to split, 0 or more
    shares : float64[n_parts, ...], share of each part, adding up to 1 over the parts; may have
        fewer elements than the amounts where they are the same

    Returns
    -------
    int64[n_parts, ...], rupiah; the parts add up to the amount exactly and none is negative

    Examples
    --------
    >>> import numpy as np
    >>> split_by_share(np.array([101]), np.array([[0.5], [0.3], [0.2]])).tolist()
    [[51], [30], [20]]
    """
    every = np.array(np.broadcast_to(shares, (shares.shape[0], *amount.shape)))
    parts = np.empty((every.shape[0], amount.size), np.int64)
    largest_remainder(amount.ravel(), every.reshape(parts.shape), parts)
    return parts.reshape(every.shape)


@dataclass(frozen=True, slots=True)
class Spread:
    """How the money of groups is spread over their members.

    Attributes
    ----------
    group : int64[n], index, group of each member
    order : int64[n], index, members with those of a group side by side
    reached : float64[n], share, in this order: what members of the group up to this one get
    """

    group: NDArray[np.int64]
    order: NDArray[np.int64]
    reached: NDArray[np.float64]

    @classmethod
    def by_weight(cls, weight: NDArray[np.float64], group: NDArray[np.int64]) -> Spread:
        """Return a spread by weight; a group without weight spreads evenly.

        Parameters
        ----------
        weight : float64[n], any unit, weight of each member, 0 or more
        group : int64[n], index, group of each member

        Returns
        -------
        Spread
        """
        order = np.argsort(group, kind="stable").astype(np.int64)
        own = group[order]
        total = np.bincount(group, weight)[own]
        counts = np.bincount(group)
        share = np.where(total > 0.0, weight[order] / np.where(total > 0.0, total, 1.0), 0.0)
        share[total <= 0.0] = 1.0 / counts[own[total <= 0.0]]
        last = np.cumsum(counts)[own] - 1
        running = np.concatenate(([0.0], np.cumsum(share)))
        reached = np.clip(running[1:] - running[last + 1 - counts[own]], 0.0, 1.0)
        reached[last] = 1.0
        return cls(group, order, reached)

    def split(self, amount: NDArray[np.int64]) -> NDArray[np.int64]:
        """Split amounts over members.

        Parameters
        ----------
        amount : int64[n_groups], rupiah to split, 0 or more

        Returns
        -------
        int64[n], rupiah; the members of a group add up to its amount exactly

        Raises
        ------
        ValueError
            If a group with members has no amount.
        """
        groups = 1 + int(self.group[self.order[-1]]) if self.order.size else 0
        if amount.ndim != 1 or amount.size < groups:
            raise ValueError(f"expected amount[n_groups] for {groups} groups, got {amount.shape}")
        parts = np.empty(self.group.size, np.int64)
        by_weight(amount, self.group, self.order, self.reached, parts)
        return parts


def draw_by_content(pots: NDArray[np.int64], amount: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take an amount out of several pots, from each by what it holds.

    Parameters
    ----------
    pots : int64[n_pots, n], rupiah, 0 or more
    amount : int64[n], rupiah to take, at most what the pots hold together

    Returns
    -------
    int64[n_pots, n], rupiah; adds up to the amount, and no pot gives more than it holds

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> draw_by_content(np.array([[30], [10]]), np.array([20])).tolist()
    [[15], [5]]
    """
    if pots.ndim != 2 or pots.shape[1:] != amount.shape:  # noqa: PLR2004  # pots by places
        shapes = f"{pots.shape} and {amount.shape}"
        raise ValueError(f"expected pots[n_pots, n] and amount[n], got {shapes}")
    drawn = np.empty_like(pots)
    by_content(pots, amount, drawn)
    return drawn


def monthly(yearly: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return a month of what costs the same in every month of a year.

    Parameters
    ----------
    yearly : float64[...], rupiah per year

    Returns
    -------
    int64[...], rupiah

    Examples
    --------
    >>> import numpy as np
    >>> monthly(np.array([1000.0])).tolist()
    [83]
    """
    return np.rint(yearly / MONTHS_PER_YEAR).astype(np.int64)


def settle(due: NDArray[np.int64], frictions: Frictions) -> Settlement:
    """Split what is due in a month into what reaches households and what does not.

    Parameters
    ----------
    due : int64[k, n_districts], rupiah due to households in this month
    frictions : Frictions
        What happens to the help of each programme on its way.

    Returns
    -------
    Settlement
        Whole rupiah.
    """
    stages = np.zeros((len(SETTLED), *due.shape), np.int64)
    paid = np.flatnonzero(due.any(axis=1))
    arrives, lost = frictions.delivered[paid], frictions.lost[paid]
    shares = np.clip(np.array([arrives, lost, 1.0 - arrives - lost]), 0.0, 1.0)
    stages[:3, paid] = split_by_share(due[paid], shares)
    stages[3] = np.rint(due * frictions.administration[:, None])
    return Settlement(stages)
