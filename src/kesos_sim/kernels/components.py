"""What a packed composition says about a family, and what PKH pays it."""

from __future__ import annotations

import numba as nb
import numpy as np

from kesos_sim.kernels.composition import FIELDS

__all__ = [
    "AGED",
    "JUNIOR",
    "PREGNANT",
    "PRIMARY",
    "SENIOR",
    "SIZE_MASK",
    "SMALL",
    "UNABLE",
    "component_count",
    "pkh_amount",
]

PREGNANT, SMALL, PRIMARY, JUNIOR, SENIOR, UNABLE, AGED = range(7)
"""Kinds of PKH components: pregnant, aged 0-6, at primary, junior and senior secondary age,
severely disabled, elderly."""

SIZE_MASK = (1 << FIELDS["size"][1]) - 1
"""Bits of the packed composition that hold the household's size."""

_SMALL, _SMALL_MASK = FIELDS["age_0_6"][0], (1 << FIELDS["age_0_6"][1]) - 1
_PRIMARY, _PRIMARY_MASK = FIELDS["primary"][0], (1 << FIELDS["primary"][1]) - 1
_JUNIOR, _JUNIOR_MASK = FIELDS["junior"][0], (1 << FIELDS["junior"][1]) - 1
_SENIOR, _SENIOR_MASK = FIELDS["senior"][0], (1 << FIELDS["senior"][1]) - 1
_ELDERLY, _ELDERLY_MASK = FIELDS["elderly_60"][0], (1 << FIELDS["elderly_60"][1]) - 1
_OLD, _OLD_MASK = FIELDS["elderly_70"][0], (1 << FIELDS["elderly_70"][1]) - 1
_UNABLE, _UNABLE_MASK = FIELDS["disabled_under_60"][0], (1 << FIELDS["disabled_under_60"][1]) - 1
_FRAIL, _FRAIL_MASK = FIELDS["disabled_elderly"][0], (1 << FIELDS["disabled_elderly"][1]) - 1
_PREGNANT = FIELDS["pregnant"][0]


@nb.njit
def component_count(word, kind, elderly70):  # type: ignore[no-untyped-def]
    """Return the members of one PKH kind in a family.

    Parameters
    ----------
    word : uint32, bits, packed composition
    kind : int64, code, from ``PREGNANT`` to ``AGED``
    elderly70 : bool, flag, whether elderly means 70 and over instead of 60 and over

    Returns
    -------
    int64, persons
    """
    if kind == PREGNANT:
        return np.int64((word >> np.uint32(_PREGNANT)) & np.uint32(1))
    if kind == SMALL:
        return np.int64((word >> np.uint32(_SMALL)) & np.uint32(_SMALL_MASK))
    if kind == PRIMARY:
        return np.int64((word >> np.uint32(_PRIMARY)) & np.uint32(_PRIMARY_MASK))
    if kind == JUNIOR:
        return np.int64((word >> np.uint32(_JUNIOR)) & np.uint32(_JUNIOR_MASK))
    if kind == SENIOR:
        return np.int64((word >> np.uint32(_SENIOR)) & np.uint32(_SENIOR_MASK))
    if kind == UNABLE:
        return np.int64((word >> np.uint32(_UNABLE)) & np.uint32(_UNABLE_MASK)) + np.int64(
            (word >> np.uint32(_FRAIL)) & np.uint32(_FRAIL_MASK)
        )
    if elderly70:
        return np.int64((word >> np.uint32(_OLD)) & np.uint32(_OLD_MASK))
    return np.int64((word >> np.uint32(_ELDERLY)) & np.uint32(_ELDERLY_MASK))


@nb.njit
def pkh_amount(word, amount, limit, order, most, elderly70):  # type: ignore[no-untyped-def]
    """Return the yearly PKH amount of one family.

    Parameters
    ----------
    word : uint32, bits, packed composition
    amount : int64[7], rupiah per person and year, pregnant, 0-6, primary, junior, senior,
        severe disability, elderly
    limit : int64[7], persons, most persons of each kind in a family
    order : int64[7], index, kinds from the highest to the lowest amount
    most : int64, persons, most components of a family
    elderly70 : bool, flag, whether elderly means 70 and over instead of 60 and over

    Returns
    -------
    int64, rupiah per family and year
    """
    left = most
    total = np.int64(0)
    for place in range(7):
        kind = order[place]
        count = component_count(word, kind, elderly70)
        taken = min(count, limit[kind], left)
        left -= taken
        total += taken * amount[kind]
    return total
