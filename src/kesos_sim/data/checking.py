"""What a check of the tables reports, and how one is measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from kesos_sim import i18n
from kesos_sim.data.reading import FOLDER, meta_of, parse, path_of
from kesos_sim.data.table import Table
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers

Status = Literal["ok", "known", "failed", "skipped"]
Unit = Literal["points", "percent", "thousand_people", "people", "rupiah", "rows", "years", "share"]

ALL_TABLES: Final = ("*",)
_HUNDRED: Final = 100.0
_DECIMALS: Final[Mapping[str, int]] = {
    "points": 3,
    "percent": 2,
    "thousand_people": 2,
    "people": 0,
    "rupiah": 0,
    "years": 0,
    "share": 6,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One finding about the tables.

    Parameters
    ----------
    name : str
        Stable name; the catalogue has its words under ``data.check.<name>``.
    status : {"ok", "known", "failed", "skipped"}
        Whether it holds; ``known`` is a disagreement of the sources that is left as published;
        ``skipped`` means that a table it needs could not be read.
    tables : tuple of str
        Tables looked at; `ALL_TABLES` stands for every one.
    compared : int
        Number of comparisons.
    worst : float or None
        Largest difference found, in `unit`.
    unit : str
        Unit of `worst` and `tolerance`.
    tolerance : float or None
        Largest difference allowed.
    where : str
        Where the largest difference is: codes, period, area.
    file : str
        File of a failure; empty otherwise.
    line : int or None
        Line of a failure, counted from 1.
    problem : InputError or None
        What reading the file said.
    """

    name: str
    status: Status
    tables: tuple[str, ...]
    compared: int = 0
    worst: float | None = None
    unit: Unit = "rows"
    tolerance: float | None = None
    where: str = ""
    file: str = ""
    line: int | None = None
    problem: InputError | None = None

    def title(self, lang: str) -> str:
        """Return what is checked, in words.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            One phrase without a full stop.
        """
        return i18n.text(f"data.check.{self.name}", lang)

    def measured(self, lang: str) -> str:
        """Return what was found, in words.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Number of comparisons, largest difference, place; for a failure the file and line.
        """
        if self.problem is not None:
            return self.problem.text(lang)
        parts: list[str] = []
        if self.compared:
            count = numbers.number(self.compared, lang)
            parts.append(i18n.text("data.check_part.compared", lang, count=count))
        if self.worst is not None and self.unit != "rows":
            parts.append(i18n.text("data.check_part.worst", lang, size=self._size(lang)))
        if self.where:
            parts.append(self.where)
        if self.file:
            parts.append(self.file if self.line is None else f"{self.file}:{self.line}")
        return "; ".join(parts)

    def _size(self, lang: str) -> str:
        """Write the largest difference with its unit."""
        size = numbers.number(self.worst, lang, _DECIMALS[self.unit])
        return i18n.text(f"data.check_unit.{self.unit}", lang, size=size)


class Tables(Mapping[str, Table]):
    """The tables of a folder, read when asked for.

    Parameters
    ----------
    folder : Path
        Folder with the table files.
    names : sequence of str
        Tables to offer.
    """

    def __init__(self, names: Sequence[str], folder: Path = FOLDER) -> None:
        self.folder = folder
        self._names = tuple(names)
        self._read: dict[str, Table | InputError] = {}

    def __getitem__(self, name: str) -> Table:
        """Return a table; raise what reading it raised."""
        if name not in self._read:
            try:
                path = path_of(name, self.folder)
                self._read[name] = parse(meta_of(name), path.read_bytes(), path)
            except OSError:
                self._read[name] = InputError("KS1112", "data.unreadable", file=path)
            except InputError as error:
                self._read[name] = error
        found = self._read[name]
        if isinstance(found, InputError):
            raise found
        return found

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self._names)


Checker = Callable[[Tables], Check]


def compare(
    name: str,
    tables: tuple[str, ...],
    differences: Mapping[str, float],
    tolerance: float,
    unit: Unit,
) -> Check:
    """Judge differences by a tolerance.

    Parameters
    ----------
    name : str
        Name of the check.
    tables : tuple of str
        Tables looked at.
    differences : mapping of str to float
        Difference by place, in `unit`; NaN where there is nothing to compare.
    tolerance : float
        Largest absolute difference allowed, in `unit`.
    unit : str
        Unit of the differences.

    Returns
    -------
    Check
        ``ok`` or ``failed`` with the largest difference and its place.
    """
    place, worst, count = largest(differences)
    passed = count > 0 and abs(worst) <= tolerance
    return Check(
        name, "ok" if passed else "failed", tables, count, abs(worst), unit, tolerance, place
    )


def known(
    name: str, tables: tuple[str, ...], differences: Mapping[str, float], unit: Unit
) -> Check:
    """Measure a disagreement that the sources have among themselves.

    Parameters
    ----------
    name : str
        Name of the check.
    tables : tuple of str
        Tables looked at.
    differences : mapping of str to float
        Difference by place, in `unit`.
    unit : str
        Unit of the differences.

    Returns
    -------
    Check
        Status ``known`` with the largest difference and its place.
    """
    place, worst, count = largest(differences)
    return Check(name, "known", tables, count, worst, unit, None, place)


def largest(differences: Mapping[str, float]) -> tuple[str, float, int]:
    """Find the largest absolute difference.

    Parameters
    ----------
    differences : mapping of str to float
        Difference by place; NaN is left out.

    Returns
    -------
    tuple of str, float, int
        Place (empty if nothing differs), difference with its sign, number of comparisons; NaN
        if there are none.
    """
    found = {place: value for place, value in differences.items() if not math.isnan(value)}
    if not found:
        return "", float("nan"), 0
    place = max(found, key=lambda at: abs(found[at]))
    return place if found[place] else "", found[place], len(found)


def spread(figures: Mapping[str, tuple[str, float]]) -> Mapping[str, float]:
    """Return by how much figures for the same thing differ, where there are several.

    Parameters
    ----------
    figures : mapping of str to (str, float)
        What it is a figure for, and the figure, by any name.

    Returns
    -------
    mapping of str to float
        Largest over smallest less one, in percent.
    """
    groups: dict[str, list[float]] = {}
    for at, value in figures.values():
        groups.setdefault(at, []).append(value)
    return {
        at: _HUNDRED * (max(values) / min(values) - 1.0)
        for at, values in groups.items()
        if len(values) > 1
    }


def weighted(values: npt.NDArray[Any], weights: npt.NDArray[Any]) -> float:
    """Return the weighted mean.

    Parameters
    ----------
    values : float64[n], any unit
        What is averaged.
    weights : float64[n], any unit
        Weights, not all zero.

    Returns
    -------
    float
        The mean, NaN if a value or weight is missing.
    """
    return float(np.sum(values * weights) / np.sum(weights))
