"""From a path that a planner names to grids: one workbook, one CSV file, or a folder of them."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from kesos_sim.data.own.csv_files import read_csv
from kesos_sim.data.own.grid import Grid
from kesos_sim.data.own.problems import Problems
from kesos_sim.data.own.workbooks import read_workbook

__all__ = ["Limits", "read_grids"]

_MEGABYTE: Final = 1_000_000
_MOST_FILES: Final = 50
_WORKBOOKS: Final = (".xlsx",)
_MACRO_BOOKS: Final = (".xlsm", ".xltm", ".xlam", ".xlsb")


class Limits:
    """What a file may need.

    Attributes
    ----------
    FILE, UNPACKED : int
        Bytes of a file of figures, and of everything in it once unpacked.
    HOUSEHOLD_FILE, HOUSEHOLD_UNPACKED : int
        The same of a list of households.
    """

    FILE: Final = 10 * _MEGABYTE
    UNPACKED: Final = 60 * _MEGABYTE
    HOUSEHOLD_FILE: Final = 200 * _MEGABYTE
    HOUSEHOLD_UNPACKED: Final = 800 * _MEGABYTE


def read_grids(
    path: Path, most_file: int, most_unpacked: int, most_rows: int, problems: Problems
) -> list[Grid]:
    """Read whatever a path names.

    Parameters
    ----------
    path : Path
        An XLSX file, a CSV file or a folder of CSV files; links are not followed in a folder.
    most_file, most_unpacked, most_rows : int
        What is bearable.
    problems : Problems
        Told what is wrong.

    Returns
    -------
    list of Grid
        Empty if nothing can be read.
    """
    kind = _kind(path)
    if kind is None:
        problems.add("missing_file", path.name)
        return []
    if stat.S_ISDIR(kind):
        return _folder(path, most_file, most_rows, problems)
    return _file(path, kind, most_file, most_unpacked, most_rows, problems)


def _kind(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return None


def _file(
    path: Path, kind: int, most_file: int, most_unpacked: int, most_rows: int, problems: Problems
) -> list[Grid]:
    """Read one file by what its name says it is."""
    suffix = path.suffix.casefold()
    if not stat.S_ISREG(kind):
        problems.add("not_a_file", path.name)
    elif suffix in _MACRO_BOOKS:
        problems.add("macros", path.name)
    elif path.stat().st_size > most_file:
        problems.add("too_large", path.name, most=most_file // _MEGABYTE)
    elif suffix in _WORKBOOKS:
        return read_workbook(path, most_unpacked, most_rows, problems) or []
    elif suffix == ".csv":
        grid = read_csv(path, most_file, most_rows, problems)
        return [] if grid is None else [grid]
    else:
        problems.add("not_a_workbook", path.name)
    return []


def _folder(path: Path, most_file: int, most_rows: int, problems: Problems) -> list[Grid]:
    """Read the CSV files of a folder, by name."""
    files = sorted(entry for entry in path.iterdir() if entry.suffix.casefold() == ".csv")
    if len(files) > _MOST_FILES:
        problems.add("no_sheet", path.name, got=str(len(files)))
        return []
    grids = []
    for file in files:
        if file.is_symlink() or not file.is_file():
            problems.add("not_a_file", file.name)
            continue
        grid = read_csv(file, most_file, most_rows, problems)
        if grid is not None:
            grids.append(grid)
    return grids
