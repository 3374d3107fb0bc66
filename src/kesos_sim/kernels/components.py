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
    "component_bits",
    "component_count",
    "has_earner",
    "pkh_amount",
]

PREGNANT, SMALL, PRIMARY, JUNIOR, SENIOR, UNABLE, AGED = range(7)
"""Kinds of PKH components: pregnant, aged 0-6, at primary, junior and senior secondary age,
severely disabled, elderly."""

SIZE_MASK = (1 << FIELDS["size"][1]) - 1
"""Bits of the packed composition that hold the household's size."""

_FIELDS = (
    "pregnant",
    "age_0_6",
    "primary",
    "junior",
    "senior",
    "disabled_under_60",
    "elderly_60",
    "elderly_70",
)
_SHIFT = np.array([FIELDS[name][0] for name in _FIELDS], np.uint32)
_MASK = np.array([(1 << FIELDS[name][1]) - 1 for name in _FIELDS], np.uint32)
_FRAIL, _FRAIL_MASK = FIELDS["disabled_elderly"][0], (1 << FIELDS["disabled_elderly"][1]) - 1


@nb.njit
def has_earner(word):  # type: ignore[no-untyped-def]
    """Return whether somebody of working age in a family is not severely disabled.

    Parameters
    ----------
    word : uint32, bits, packed composition

    Returns
    -------
    bool, flag; a child's disability counts against the adults, whom the composition does not tell
    apart

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.composition import FIELDS
    >>> alone = np.uint32(1 << FIELDS["size"][0])
    >>> old = np.uint32(1 << FIELDS["elderly_60"][0])
    >>> has_earner(alone), has_earner(alone | old)
    (True, False)
    """
    able = np.int64(word & np.uint32(SIZE_MASK))
    for kind in (SMALL, PRIMARY, JUNIOR, SENIOR, UNABLE, AGED):
        able -= np.int64((word >> _SHIFT[kind]) & _MASK[kind])
    return able > 0


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

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.composition import FIELDS
    >>> from kesos_sim.kernels.components import PRIMARY, SENIOR
    >>> pupils = np.uint32(2 << FIELDS["primary"][0])
    >>> component_count(pupils, PRIMARY, False), component_count(pupils, SENIOR, False)
    (2, 0)
    """
    place = kind + 1 if kind == AGED and elderly70 else kind
    count = np.int64((word >> _SHIFT[place]) & _MASK[place])
    if kind == UNABLE:
        count += np.int64((word >> np.uint32(_FRAIL)) & np.uint32(_FRAIL_MASK))
    return count


@nb.njit
def component_bits(kind, elderly70):  # type: ignore[no-untyped-def]
    """Return the bits of a packed composition that are not all zero where there is a member.

    Parameters
    ----------
    kind : int64, code, from ``PREGNANT`` to ``AGED``
    elderly70 : bool, flag, whether elderly means 70 and over instead of 60 and over

    Returns
    -------
    uint32, bits

    Examples
    --------
    >>> import numpy as np
    >>> from kesos_sim.kernels.composition import FIELDS
    >>> from kesos_sim.kernels.components import PRIMARY, SENIOR
    >>> pupils = np.uint32(2 << FIELDS["primary"][0])
    >>> bool(pupils & component_bits(PRIMARY, False)), bool(pupils & component_bits(SENIOR, False))
    (True, False)
    """
    place = kind + 1 if kind == AGED and elderly70 else kind
    bits = np.uint32(_MASK[place] << _SHIFT[place])
    if kind == UNABLE:
        bits |= np.uint32(_FRAIL_MASK << _FRAIL)
    return bits


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

    Examples
    --------
    Two children at primary school and one at senior school, but money for two members only:

    >>> import numpy as np
    >>> from kesos_sim.kernels.composition import FIELDS
    >>> family = np.uint32((2 << FIELDS["primary"][0]) | (1 << FIELDS["senior"][0]))
    >>> amount = np.array([0, 0, 900_000, 0, 2_000_000, 0, 0])
    >>> limit, order = np.full(7, 4), np.argsort(-amount)
    >>> pkh_amount(family, amount, limit, order, 2, False)
    2900000
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
