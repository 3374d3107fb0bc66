"""Who may get a programme, by the list, the composition of the family, or other programmes."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.components import AGED, UNABLE, component_bits

__all__ = [
    "ANY",
    "COMPONENT",
    "DISABLED",
    "ELDERLY",
    "GRADUATED",
    "LISTED",
    "NOT_REGULAR",
    "PKH_MEMBER",
    "RURAL_NOT_REGULAR",
    "eligible",
]

LISTED, GRADUATED = np.uint8(1), np.uint8(2)
"""Bits of a record: the household is on the list; it has left PKH with support and waits."""

ANY, COMPONENT, NOT_REGULAR, RURAL_NOT_REGULAR, PKH_MEMBER, ELDERLY, DISABLED = range(7)
"""Who may get a programme: everyone listed, families with a PKH component, families in
neither PKH nor Sembako, the same in villages, families in PKH, with an elderly or a
severely disabled member."""


@nb.njit
def eligible(code, elderly70, rural, regular_mask, pkh_mask, word, record, enrolled, may):  # type: ignore[no-untyped-def]
    """Mark with 1 who may get a programme: by list and composition, or by other programmes.

    Parameters
    ----------
    code : int64, code, who may get the programme
    elderly70 : bool, flag, whether elderly means 70 and over instead of 60 and over
    rural : bool, flag, whether the households live in a rural stratum
    regular_mask, pkh_mask : uint16, bits, programmes that make a family one in regular aid
    word : uint32[n], bits, packed composition
    record : uint8[n], bits, listed or not
    enrolled : uint16[n], bits, programmes of the household
    may : uint8[n], flag, written

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.eligibility import ANY, LISTED, NOT_REGULAR
    >>> word, record = np.zeros(3, np.uint32), np.array([LISTED, 0, LISTED], np.uint8)
    >>> enrolled, may = np.array([0, 0, 1], np.uint16), np.zeros(3, np.uint8)
    >>> mask = np.uint16(1)
    >>> eligible(ANY, False, False, mask, mask, word, record, enrolled, may)
    >>> may.tolist()
    [1, 0, 1]
    >>> eligible(NOT_REGULAR, False, False, mask, mask, word, record, enrolled, may)
    >>> may.tolist()
    [1, 1, 0]
    """
    no, yes = np.uint8(0), np.uint8(1)
    n = np.int32(word.size)
    if code in (NOT_REGULAR, RURAL_NOT_REGULAR):
        chance = yes if rural or code == NOT_REGULAR else no
        for i in range(n):
            may[i] = chance if (enrolled[i] & regular_mask) == 0 else no
    elif code == PKH_MEMBER:
        for i in range(n):
            may[i] = yes if (enrolled[i] & pkh_mask) != 0 else no
    else:
        members = np.uint32(0)
        if code == ELDERLY:
            members = component_bits(AGED, elderly70)
        elif code == DISABLED:
            members = component_bits(UNABLE, elderly70)
        elif code == COMPONENT:
            for kind in range(AGED + 1):
                members |= component_bits(kind, elderly70)
        everyone = code == ANY
        # Who has left PKH with support is not taken back at once.
        told = (LISTED | GRADUATED) if code == COMPONENT else LISTED
        for i in range(n):
            fits = everyone | ((word[i] & members) != 0)
            may[i] = yes if fits & ((record[i] & told) == LISTED) else no
