"""CSV files of a planner as grids: UTF-8, with semicolon, comma or tab."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from kesos_sim.data.own.grid import Cell, Grid
from kesos_sim.data.own.problems import Problems

__all__ = ["read_csv"]

_SEPARATORS: Final = (";", ",", "\t")
_LONGEST_CELL: Final = 4_000


def read_csv(path: Path, most_bytes: int, most_rows: int, problems: Problems) -> Grid | None:
    """Read one CSV file.

    Parameters
    ----------
    path : Path
        A regular file.
    most_bytes, most_rows : int
        What is bearable.
    problems : Problems
        Told what is wrong.

    Returns
    -------
    Grid or None
        None if it cannot be read.
    """
    name = path.name
    try:
        with path.open("rb") as stream:
            raw = stream.read(most_bytes + 1)
    except OSError as error:
        problems.add("damaged", name, reason=error.strerror or "")
        return None
    if len(raw) > most_bytes:
        problems.add("too_large", name, most=most_bytes // 1_000_000)
        return None
    try:
        text = raw.decode("utf-8-sig")
        if "\0" in text:
            raise UnicodeDecodeError("utf-8", raw, raw.index(b"\0"), raw.index(b"\0") + 1, "NUL")
    except UnicodeDecodeError as error:
        problems.add("not_utf8", name, raw.count(b"\n", 0, error.start) + 1)
        return None
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[Cell]]] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(rows) > most_rows:
                problems.add("too_many_rows", name, reader.line_num, most=most_rows)
                return None
            if max(map(len, row)) > _LONGEST_CELL:
                raise csv.Error
            rows.append((reader.line_num, [Cell(cell) for cell in row]))
    except csv.Error:
        problems.add("not_csv", name, max(reader.line_num, 1))
        return None
    return Grid(path.stem, rows)
