"""What parts add to a whole: Shapley's values of all selections, or of orders drawn by chance.

A selection is a number whose bits say which parts are there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["by_orders", "drawn_orders", "prefixes", "shapley"]


def shapley(values: Mapping[int, NDArray[np.float64]], parts: int) -> NDArray[np.float64]:
    """Return Shapley's values of all selections.

    Parameters
    ----------
    values : float64[...] by selection, bits, of any unit
    parts : number of parts

    Returns
    -------
    float64[n_parts, ...], the mean of what each part adds over all orders; they add up to the
    value of all parts less that of none

    Examples
    --------
    >>> import numpy as np
    >>> alone = {0b00: 0.0, 0b01: 1.0, 0b10: 2.0, 0b11: 5.0}  # together they do 2 more
    >>> shapley({which: np.array(value) for which, value in alone.items()}, 2).tolist()
    [2.0, 3.0]
    """
    found = np.zeros((parts, *values[0].shape))
    for part in range(parts):
        others = [place for place in range(parts) if place != part]
        for size in range(parts):
            weight = 1.0 / (parts * math.comb(parts - 1, size))
            for chosen in combinations(others, size):
                selection = sum(1 << place for place in chosen)
                found[part] += weight * (values[selection | 1 << part] - values[selection])
    return found


def drawn_orders(parts: int, pairs: int, seed: int) -> list[tuple[int, ...]]:
    """Return orders of parts by chance, each followed by its reverse.

    Parameters
    ----------
    parts : number of parts
    pairs : how many orders are drawn
    seed : seed of the draw

    Returns
    -------
    list of tuple of int

    Examples
    --------
    >>> first, second = drawn_orders(4, 1, seed=2008)
    >>> sorted(first), second == first[::-1]
    ([0, 1, 2, 3], True)
    """
    chance = np.random.Generator(np.random.Philox(seed))
    drawn = (tuple(chance.permutation(parts).tolist()) for _ in range(pairs))
    return [order for one in drawn for order in (one, one[::-1])]


def by_orders(
    values: Mapping[int, NDArray[np.float64]], orders: Sequence[tuple[int, ...]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what parts add in the mean of some orders, and how sure that is.

    Parameters
    ----------
    values : float64[...] by selection, of any unit
    orders : pairs of an order and its reverse, one after the other

    Returns
    -------
    tuple of float64[n_parts, ...], the means, which add up to the whole, and their standard errors
    """
    steps = np.zeros((len(orders), len(orders[0]), *values[0].shape))
    for number, order in enumerate(orders):
        for part, (before, after) in zip(order, pairwise(prefixes(order)), strict=True):
            steps[number, part] = values[after] - values[before]
    # An order and its reverse go together: only pairs are independent.
    twos = (steps[0::2] + steps[1::2]) / 2.0
    error = twos.std(axis=0, ddof=1) / np.sqrt(twos.shape[0])
    return twos.mean(axis=0), np.asarray(error)


def prefixes(order: Sequence[int]) -> list[int]:
    """Return the selections through which an order goes.

    Parameters
    ----------
    order : parts, in the order in which they come

    Returns
    -------
    list of int
        Bits of the parts that are there, from none to all.

    Examples
    --------
    >>> prefixes((2, 0, 1))
    [0, 4, 5, 7]
    """
    selection, found = 0, [0]
    for place in order:
        selection |= 1 << place
        found.append(selection)
    return found
