"""Exact arithmetic with whole rupiah: splitting money so that the parts add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.channels import Frictions
from kesos_sim.kernels.shares import largest_remainder

__all__ = ["Settlement", "draw_by_content", "settle", "split_by_share", "split_by_weight"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of the help that is due in a month.

    ``delivered + leakage + undelivered`` is what was due, to the rupiah. The cost of delivery
    comes on top: it is budgeted apart from the help (PMK 228/PMK.05/2016, table laws).

    Attributes
    ----------
    delivered : int64[k, n_districts], rupiah that reach households
    leakage : int64[k, n_districts], rupiah lost on the way
    undelivered : int64[k, n_districts], rupiah that do not reach anyone and return
    administration : int64[k, n_districts], rupiah, cost of delivery, paid beside the help
    """

    delivered: NDArray[np.int64]
    leakage: NDArray[np.int64]
    undelivered: NDArray[np.int64]
    administration: NDArray[np.int64]

    @property
    def due(self) -> NDArray[np.int64]:
        """Help that was due: int64[k, n_districts], rupiah."""
        return self.delivered + self.leakage + self.undelivered


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
    """
    every = np.array(np.broadcast_to(shares, (shares.shape[0], *amount.shape)))
    parts = np.empty((every.shape[0], amount.size), np.int64)
    largest_remainder(amount.ravel(), every.reshape(parts.shape), parts)
    return parts.reshape(every.shape)


def split_by_weight(
    amount: NDArray[np.int64], weight: NDArray[np.float64], group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Split the amount of each group over its members by weight.

    Parameters
    ----------
    amount : int64[n_groups], rupiah to split, 0 or more
    weight : float64[n], any unit, weight of each member, 0 or more
    group : int64[n], index, group of each member; every group has a member

    Returns
    -------
    int64[n], rupiah; the members of a group add up to its amount exactly
    """
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=amount.size)
    total = np.bincount(group, weight, amount.size)
    even = total <= 0.0
    share = np.where(even[group], 1.0 / counts[group], weight / np.where(even, 1.0, total)[group])
    last = np.cumsum(counts) - 1
    first = last - counts + 1
    # Whole rupiah up to each member, then differences: what is lost in rounding goes on.
    running = np.concatenate(([0.0], np.cumsum(share[order])))
    own = group[order]
    cumulative = np.clip(running[1:] - running[first][own], 0.0, 1.0)
    reached = np.floor(cumulative * amount[own]).astype(np.int64)
    reached[last] = amount
    parts = np.diff(reached, prepend=0)
    parts[first] = reached[first]
    found = np.empty(parts.size, np.int64)
    found[order] = parts
    return found


def draw_by_content(pots: NDArray[np.int64], amount: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take an amount out of several pots, from each by what it holds.

    Parameters
    ----------
    pots : int64[n_pots, n], rupiah, 0 or more
    amount : int64[n], rupiah to take, at most what the pots hold together

    Returns
    -------
    int64[n_pots, n], rupiah; adds up to the amount, and no pot gives more than it holds
    """
    drawn = np.empty_like(pots)
    left, rest = amount, pots.sum(axis=0)
    for number, pot in enumerate(pots):
        part = np.floor(left * (pot / np.maximum(rest, 1))).astype(np.int64)
        drawn[number] = np.clip(part, np.maximum(left - (rest - pot), 0), np.minimum(pot, left))
        left, rest = left - drawn[number], rest - pot
    return drawn


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
    delivered, leakage, undelivered = np.zeros((3, *due.shape), np.int64)
    paid = np.flatnonzero(due.any(axis=1))
    arrives, lost = frictions.delivered[paid], frictions.lost[paid]
    shares = np.clip(np.stack([arrives, lost, 1.0 - arrives - lost]), 0.0, 1.0)
    parts = split_by_share(due[paid], shares)
    delivered[paid], leakage[paid], undelivered[paid] = parts
    administration = np.rint(due * frictions.administration[:, None]).astype(np.int64)
    return Settlement(delivered, leakage, undelivered, administration)
