"""Reading a list of households row by row: mapped columns are kept, all others only looked at."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.own.files import Limits
from kesos_sim.data.own.grid import Cell
from kesos_sim.data.own.household_columns import AREA_WORDS, ROLES, Role
from kesos_sim.data.own.identifiers import identifying, sensitive
from kesos_sim.data.own.layout import plain
from kesos_sim.data.own.problems import Problems
from kesos_sim.data.own.tables import place_of
from kesos_sim.data.own.values import Refused, as_number, decimal_sign, expected_words
from kesos_sim.data.own.workbooks import first_sheet
from kesos_sim.data.regions import districts
from kesos_sim.i18n import LANGUAGES, text

__all__ = ["MOST_HOUSEHOLDS", "Listed", "look_at", "read_rows"]

MOST_HOUSEHOLDS: Final = 300_000
_LOOKED_AT: Final = 2_000
"""Values of a column that is not read by which it is judged."""
_LONGEST_CELL: Final = 10_000
_HARMLESS: Final = re.compile(r"[-+]?[0-9.,eE+%]{1,12}")
_TRUE: Final = frozenset({"1", "ya", "y", "yes", "true", "terima", "menerima"})
_FALSE: Final = frozenset({"0", "2", "5", "tidak", "t", "n", "no", "false", "bukan"})
"""Answers of forms; 2 and 5 are the codes for no of Susenas and of the registry."""

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of households as it was read, without what tells who they are.

    Attributes
    ----------
    columns : dict of str to float64[n]
        Values by role; NaN where nothing stands. The area is 0 for urban, 1 for rural.
    numbers : tuple of int
        Rows as the file counts them.
    good : bool[n]
        Rows without a problem.
    dropped : mapping of str to int
        Columns left out because they could tell who somebody is, by kind.
    unused : int
        Other columns that no role asks for.
    """

    columns: dict[str, NDArray[np.float64]]
    numbers: tuple[int, ...]
    good: NDArray[np.bool_]
    dropped: Mapping[str, int]
    unused: int


def look_at(path: Path, problems: Problems) -> tuple[list[str], list[list[object]]]:
    """Return the headings of a list and some values of each column.

    Parameters
    ----------
    path : Path
        An XLSX or CSV file.
    problems : Problems
        Told what is wrong.

    Returns
    -------
    tuple of list of str and list of list
        Headings, and up to 2,000 values that are not empty.
    """
    rows = _rows(path, problems)
    header = next(rows, None)
    if header is None:
        return [], []
    headings = _headings(header[1])
    samples: list[list[object]] = [[] for _ in headings]
    for _, row in rows:
        for sample, value in zip(samples, row, strict=False):
            if len(sample) < _LOOKED_AT and not _empty(value):
                sample.append(value)
        if all(len(sample) >= _LOOKED_AT for sample in samples):
            break
    return headings, samples


def read_rows(
    path: Path, mapping: Mapping[str, str], problems: Problems, lang: str, decimal: str = ""
) -> Listed:
    """Read the mapped columns of a list.

    Parameters
    ----------
    path : Path
        An XLSX or CSV file.
    mapping : mapping of str to str
        Heading by role.
    problems : Problems
        Told what is wrong; content of cells is not repeated unless it is a plain number.
    lang : str
        Language in which problems name columns.
    decimal : str
        Decimal sign of numbers written as text, where the user says so.

    Returns
    -------
    Listed
        Empty if nothing can be read.
    """
    nothing = Listed({}, (), np.zeros(0, np.bool_), {}, 0)
    rows = _rows(path, problems)
    first = next(rows, None)
    if first is None:
        if not problems:
            problems.add("no_header", path.name, wanted=ROLES["size"].label(lang))
        return nothing
    headings = _headings(first[1])
    places = _places(headings, mapping, path.name, problems, lang)
    if problems:
        return nothing
    values: dict[str, list[object]] = {role: [] for role in places}
    others: list[list[object]] = [[] for _ in headings]
    mapped = set(places.values())
    numbers: list[int] = []
    for number, row in rows:
        if len(numbers) >= MOST_HOUSEHOLDS:
            problems.add("too_many_rows", path.name, number, most=MOST_HOUSEHOLDS)
            return nothing
        numbers.append(number)
        for role, place in places.items():
            values[role].append(row[place] if place < len(row) else None)
        for place, (sample, value) in enumerate(zip(others, row, strict=False)):
            if place not in mapped and len(sample) < _LOOKED_AT and not _empty(value):
                sample.append(value)
    if problems:
        return nothing
    kinds = Counter(
        kind
        for place, heading in enumerate(headings)
        if place not in mapped and (kind := identifying(heading, others[place])) is not None
    )
    for role, place in list(places.items()):
        present = [value for value in values[role] if not _empty(value)]
        kind = identifying(headings[place], present)
        if kind is not None:
            kinds[kind] += 1
            what = {one: text(f"own_data.identifier.{kind}", one) for one in LANGUAGES}
            asked = {one: ROLES[role].label(one) for one in LANGUAGES}
            problems.add("personal_column", path.name, first[0], place_of(place, "–"),
                         what=what, role=asked)  # fmt: skip
            del places[role], values[role]
    good = np.ones(len(numbers), np.bool_)
    columns = {
        role: _column(
            ROLES[role], found, numbers, places[role], path.name, problems, good, lang, decimal
        )
        for role, found in values.items()
    }
    unused = len(headings) - len(mapped) - sum(kinds.values())
    return Listed(columns, tuple(numbers), good, dict(kinds), max(unused, 0))


def _rows(path: Path, problems: Problems) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a file that hold something, with their numbers."""
    suffix = path.suffix.casefold()
    if path.is_symlink() or not path.is_file():
        problems.add("missing_file" if not path.exists() else "not_a_file", path.name)
    elif suffix in (".xlsm", ".xltm", ".xlsb"):
        problems.add("macros", path.name)
    elif path.stat().st_size > Limits.HOUSEHOLD_FILE:
        problems.add("too_large", path.name, most=Limits.HOUSEHOLD_FILE // 1_000_000)
    elif suffix == ".xlsx":
        yield from first_sheet(path, Limits.HOUSEHOLD_UNPACKED, problems)
    elif suffix == ".csv":
        yield from _csv_rows(path, problems)
    else:
        problems.add("not_a_workbook", path.name)


def _csv_rows(path: Path, problems: Problems) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV file."""
    line = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline(_LONGEST_CELL)
            separator = max(";,\t", key=head.count)
            stream.seek(0)
            reader = csv.reader(stream, delimiter=separator, strict=True)
            for row in reader:
                line = reader.line_num
                if any("\0" in cell or len(cell) > _LONGEST_CELL for cell in row):
                    problems.add("not_csv", path.name, line)
                    return
                if any(cell.strip() for cell in row):
                    yield line, row
    except UnicodeDecodeError:
        problems.add("not_utf8", path.name, line + 1)
    except csv.Error:
        problems.add("not_csv", path.name, line + 1)
    except OSError as error:
        problems.add("damaged", path.name, reason=error.strerror or "")


def _headings(row: Row) -> list[str]:
    return ["" if value is None else str(value).strip() for value in row]


def _places(
    headings: Sequence[str], mapping: Mapping[str, str], file: str, problems: Problems, lang: str
) -> dict[str, int]:
    """Return where the mapped columns stand."""
    known = {plain(heading): place for place, heading in reversed(list(enumerate(headings)))}
    found: dict[str, int] = {}
    for role, heading in mapping.items():
        place = known.get(plain(heading))
        if role not in ROLES or place is None:
            asked = {one: ROLES[role].label(one) if role in ROLES else role for one in LANGUAGES}
            problems.add("missing_role", file, role=asked)
        elif place in found.values():
            problems.add("double_column", file, column=place_of(place, "–"), got=role)
        else:
            found[role] = place
    if "size" not in mapping:
        problems.add("missing_role", file, role=ROLES["size"].label(lang))
    return found


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _column(
    role: Role,
    values: Sequence[object],
    numbers: Sequence[int],
    place: int,
    file: str,
    problems: Problems,
    good: NDArray[np.bool_],
    lang: str,
    decimal: str,
) -> NDArray[np.float64]:
    """Turn the cells of one column into numbers; rows with a problem are marked, in place."""
    result = np.full(len(values), np.nan)
    known: dict[object, float | Refused] = {}
    sign = decimal or decimal_sign(value for value in values if isinstance(value, str))
    needed = role.name in ("size", "weight", "area", "district")
    for row, value in enumerate(values):
        key = (type(value), value)
        if key not in known:
            try:
                known[key] = _number(role, value, needed, sign)
            except Refused as wrong:
                known[key] = wrong
        found = known[key]
        if isinstance(found, Refused):
            good[row] = False
            problems.add(found.kind, file, numbers[row], place_of(place, role.label(lang)),
                         **_unseen(found.fields))  # fmt: skip
        else:
            result[row] = found
    return result


def _number(role: Role, value: object, needed: bool, sign: str) -> float:
    """Return what one cell means for a role."""
    if _empty(value):
        if needed:
            raise Refused("missing_value", wanted=_wanted(role))
        return float("nan")
    if role.name == "area":
        words = AREA_WORDS.get(_bare(value))
        if words is None:
            raise Refused("unknown_choice", got=value, wanted=_wanted(role), near="–")
        return float(words == "rural")
    if role.name.startswith("receives_"):
        bare = _bare(value)
        if bare not in _TRUE | _FALSE:
            raise Refused("unknown_choice", got=value, wanted=_wanted(role), near="–")
        return float(bare in _TRUE)
    cell = value if isinstance(value, Cell) else Cell(value)
    found = as_number(cell, role.column, sign)
    if role.name == "district" and int(found) not in districts():
        raise Refused("unknown_district")
    return found


def _wanted(role: Role) -> Mapping[str, str]:
    """Say what a column holds."""
    if role.name == "area" or role.name.startswith("receives_"):
        key = "area" if role.name == "area" else "receives"
        return {lang: text(f"own_data.answer.{key}", lang) for lang in LANGUAGES}
    return expected_words(role.column)


def _bare(value: object) -> str:
    """Return an answer in small letters; whole numbers without a point."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().casefold()


def _unseen(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the content of cells out of messages unless it is a short plain number."""
    kept = dict(fields)
    if "got" in kept:
        written = str(kept["got"])
        if not _HARMLESS.fullmatch(written) or sensitive(written):
            kept["got"] = {lang: text("own_data.identifier.hidden", lang) for lang in LANGUAGES}
    return kept
