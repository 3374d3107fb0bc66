"""Office files are zip archives; here they get the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from typing import Final

__all__ = ["packed"]

_EARLIEST: Final = 1980
"""First year that a zip archive can write."""
_PLAIN_FILE: Final = 0o100644 << 16


def packed(
    archive: bytes, moment: dt.datetime, replaced: Mapping[str, bytes] | None = None
) -> bytes:
    """Return an archive whose bytes depend on its content only.

    Parameters
    ----------
    archive : bytes
        What a library wrote.
    moment : datetime.datetime
        When the result was computed; every member carries it.
    replaced : mapping of str to bytes, optional
        Members with other content.

    Returns
    -------
    bytes
        The archive with its members in the same order.
    """
    utc = moment.astimezone(dt.UTC)
    stamp = (max(utc.year, _EARLIEST), utc.month, utc.day, utc.hour, utc.minute, utc.second)
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as writer,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = _PLAIN_FILE
            member.create_system = 3
            writer.writestr(member, (replaced or {}).get(name) or source.read(name))
    return target.getvalue()
