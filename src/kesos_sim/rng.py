"""Keys and streams of the counter-based generator.

A draw is addressed by (seed, replicate), process, month and entity. Seed and
replicate are hashed into the key; the entity is the first counter word; month
and stream share the second. Nothing depends on the order of calls.
"""

from __future__ import annotations

from enum import IntEnum, unique
from hashlib import blake2b

import numpy as np

__all__ = ["MONTH_BITS", "Stream", "draw_key", "month_word"]

MONTH_BITS = 16
"""Bits of the second counter word that hold the month or the generation."""


@unique
class Stream(IntEnum):
    """Processes that draw, one number each; never renumber, or old results change."""

    WORLD = 1
    COMPOSITION = 2
    REGISTRY = 3
    SELECTION = 4
    EVENT = 5
    SURVEY = 6
    SYNTHESIS = 7
    ENTERPRISE = 8
    NEED = 9
    NEED_END = 10
    SERVICE = 11
    SEARCH = 12
    COORDINATION = 13
    MEETING = 14
    MONEY = 15
    FUNDS = 16
    TRAINING = 17
    BYLAW = 18
    HAZARD = 19
    HAZARD_HOUSEHOLD = 20
    WKSBM = 21
    MUTUAL_HELP = 22
    GRADUATION = 23
    HOUSING = 24
    MONITORING = 25
    FEDERATION = 26
    VOLUNTEERS = 27
    RETURN = 28
    TURNOVER = 31


def draw_key(seed: int, replicate: int = 0) -> int:
    """Return the 32-bit key of a seed and replicate.

    Parameters
    ----------
    seed : int, seed of the scenario, 0 or more
    replicate : int, number of the replicate, 0 or more

    Returns
    -------
    int, key below 2**32

    Examples
    --------
    >>> draw_key(2008) == draw_key(2008), draw_key(2008) == draw_key(2008, replicate=1)
    (True, False)
    """
    message = f"kesos-sim/{seed}/{replicate}".encode()
    return int.from_bytes(blake2b(message, digest_size=4).digest(), "little")


def month_word(ordinal: int, stream: Stream) -> np.uint32:
    """Return the second counter word of a month and stream.

    Parameters
    ----------
    ordinal : int, number of the month, or of the use of a stream that has no months
    stream : Stream, the process that draws

    Returns
    -------
    uint32, bits

    Examples
    --------
    >>> from kesos_sim.units import Month
    >>> bool(month_word(3, Stream.NEED) == month_word(3, Stream.SEARCH))
    False
    """
    return np.uint32(ordinal | (int(stream) << MONTH_BITS))
