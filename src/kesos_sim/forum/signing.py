"""Codes with which tables sign: drawn for the meeting, and kept in events only as seals.

A seal tells whether a code is right but not what it is: it is salted and slow to compute, so that
whoever finds a backup cannot try all codes while the meeting lasts.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["CODE_LENGTH", "drawn_codes", "fits", "sealed"]

CODE_LENGTH: Final = 8
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_BETWEEN: Final = re.compile(r"[\s-]+")
_SEAL: Final = re.compile(r"([0-9a-f]{16}):([0-9a-f]{32})")
_COST, _BLOCK, _BYTES = 2**13, 8, 16


def drawn_codes(tables: Iterable[str]) -> dict[str, str]:
    """Draw a code for every table.

    Parameters
    ----------
    tables : iterable of str
        Codes of the tables.

    Returns
    -------
    dict of str to str
        By table: letters and digits that are not mistaken for each other.
    """
    return {one: "".join(secrets.choice(_SIGNS) for _ in range(CODE_LENGTH)) for one in tables}


def sealed(codes: Mapping[str, str]) -> dict[str, str]:
    """Return the seals of codes.

    Parameters
    ----------
    codes : mapping of str to str
        Codes by table.

    Returns
    -------
    dict of str to str
        By table; other ones each time, because each has a salt of its own.
    """
    salts = {table: secrets.token_bytes(8) for table in codes}
    return {
        table: f"{salt.hex()}:{_digest(codes[table], salt).hex()}" for table, salt in salts.items()
    }


def fits(seal: str, code: str) -> bool:
    """Return whether a code is the one that was sealed.

    Parameters
    ----------
    seal : str
        As `sealed` wrote it; with any other text no code fits.
    code : str
        As somebody typed it: small letters, spaces and hyphens do not matter.

    Returns
    -------
    bool

    Examples
    --------
    >>> seal = sealed({"33": "ABCD2345"})["33"]
    >>> fits(seal, " abcd 23-45 "), fits(seal, "ABCD2346")
    (True, False)
    """
    found = _SEAL.fullmatch(seal)
    if found is None:
        return False
    salt, digest = (bytes.fromhex(part) for part in found.groups())
    return hmac.compare_digest(digest, _digest(code, salt))


def _digest(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        _BETWEEN.sub("", code).upper().encode(), salt=salt, n=_COST, r=_BLOCK, p=1, dklen=_BYTES
    )
