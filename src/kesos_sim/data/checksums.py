"""Checksums of the table files, and which line was changed.

Besides the SHA-256 of a file, ``tables/checksums.csv`` keeps the sum of its lines' CRC-32 values
and the same sum weighted with the line numbers. If one line was changed, the two sums differ from
the stored ones by d and by d times the number of that line, which names the line.

``python -m kesos_sim.data.checksums`` writes the file again after tables were changed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
import zlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

from kesos_sim.data.reading import FOLDER, path_of, registry
from kesos_sim.errors import InputError

FILE: Final = "checksums.csv"


@dataclass(frozen=True, slots=True)
class Checksum:
    """What identifies the content of a table file.

    Parameters
    ----------
    table : str
        Name of the table.
    lines : int
        Lines of the file, the header included.
    sha256 : str
        SHA-256 of the bytes.
    line_sum : int
        Sum of the CRC-32 of all lines.
    line_moment : int
        Sum of line number times CRC-32.
    """

    table: str
    lines: int
    sha256: str
    line_sum: int
    line_moment: int


def checksum(table: str, content: bytes) -> Checksum:
    """Compute the checksum of a file's content.

    Parameters
    ----------
    table : str
        Name of the table.
    content : bytes
        The file.

    Returns
    -------
    Checksum
        Its checksum.
    """
    codes = [zlib.crc32(line) for line in content.splitlines(keepends=True)]
    moment = sum(number * code for number, code in enumerate(codes, start=1))
    return Checksum(table, len(codes), hashlib.sha256(content).hexdigest(), sum(codes), moment)


def stored_checksums(folder: Path = FOLDER) -> Mapping[str, Checksum]:
    """Read the checksums that belong to a folder of tables.

    Parameters
    ----------
    folder : Path
        Folder of the tables.

    Returns
    -------
    mapping of str to Checksum
        By table name.

    Raises
    ------
    InputError
        If the file of checksums itself is damaged.
    """
    path = folder / FILE
    found: dict[str, Checksum] = {}
    try:
        for table, lines, sha256, line_sum, moment in _rows(path.read_text(encoding="utf-8")):
            found[table] = Checksum(table, int(lines), sha256, int(line_sum), int(moment))
    except (OSError, ValueError, csv.Error):
        raise InputError("KS1111", "data.checksum_file", file=path) from None
    return found


def changed_line(before: Checksum, now: Checksum) -> int | None:
    """Find the line that was changed.

    Parameters
    ----------
    before, now : Checksum
        Stored and computed checksum of the same table.

    Returns
    -------
    int or None
        Number of the line, counted from 1; None if not exactly one line was changed in place.
    """
    difference = now.line_sum - before.line_sum
    moment = now.line_moment - before.line_moment
    if now.lines != before.lines or difference == 0 or moment % difference:
        return None
    line = moment // difference
    return line if 1 <= line <= now.lines else None


@cache
def data_hash() -> str:
    """Identify the content of all tables, for the provenance of results.

    Returns
    -------
    str
        16 hexadecimal digits that change with any byte of any table.
    """
    total = hashlib.sha256()
    for name in sorted(registry()):
        total.update(name.encode() + hashlib.sha256(path_of(name).read_bytes()).digest())
    return total.hexdigest()[:16]


def write_checksums(folder: Path = FOLDER) -> Path:
    """Compute and store the checksums of all tables of the registry.

    Parameters
    ----------
    folder : Path
        Folder of the tables.

    Returns
    -------
    Path
        The file that was written.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Checksum))
    for name in registry():
        writer.writerow(astuple(checksum(name, path_of(name, folder).read_bytes())))
    path = folder / FILE
    path.write_bytes(out.getvalue().encode())
    return path


def _rows(text: str) -> list[list[str]]:
    """Return the lines of the file of checksums without its header."""
    return list(csv.reader(io.StringIO(text), strict=True))[1:]


if __name__ == "__main__":
    sys.stdout.write(f"{write_checksums()}\n")
