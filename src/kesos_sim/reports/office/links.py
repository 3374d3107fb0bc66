"""Addresses as pictures that a phone scans."""

from __future__ import annotations

import io
from typing import Final, Literal

__all__ = ["link_picture"]

_ERROR: Final = "m"
_DOTS: Final = 8
"""Pixels of a cell: enough to be printed."""


def link_picture(address: str, kind: Literal["svg", "png"]) -> bytes:
    """Draw an address as a QR code.

    Parameters
    ----------
    address : str
        What a phone shall open.
    kind : str
        ``svg`` or ``png``.

    Returns
    -------
    bytes
        The picture, black on white with its margin; the same for the same address.
    """
    import segno

    drawn = io.BytesIO()
    segno.make(address, error=_ERROR, micro=False).save(drawn, kind=kind, scale=_DOTS)
    return drawn.getvalue()
