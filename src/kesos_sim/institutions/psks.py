"""People and bodies that link households to help (PSKS): how many in each district.

Counts are published for the nation, for some provinces and for a few districts; what is not
published is spread over the remaining districts by villages, people or poor people, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import Table, read_table
from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.regions import FIRST_YEAR_DIVIDED, districts, region_name
from kesos_sim.institutions.budgets import district_population
from kesos_sim.institutions.places import districts_by_province, province_totals

__all__ = ["PSKS", "PsksCounts", "psks_counts", "psks_table", "villages"]

PSKS: Final = (
    "tksk",
    "psm",
    "pendamping_pkh",
    "penyuluh",
    "pekerja_sosial",
    "karang_taruna",
    "lk3",
)
"""Kinds, in the order of all arrays by kind: subdistrict welfare workers, community social
workers (volunteers), PKH facilitators, extension workers, professional social workers, youth
groups, and institutions that counsel families."""

_NAME_IN_TABLE: Final = {"pekerja_sosial": "pekerja_sosial_profesional"}
_BY: Final = {
    "tksk": "villages",
    "psm": "villages",
    "pendamping_pkh": "poor people",
    "penyuluh": "population",
    "pekerja_sosial": "population",
    "karang_taruna": "villages",
    "lk3": "districts",
}
_NATION: Final = 0
_PART: Final = "sub-provincial"

Parameter = Callable[[str], float]


@dataclass(frozen=True)
class PsksCounts:
    """How many there are in every district of the nation.

    Attributes
    ----------
    codes : int64[n], BPS code, districts, ascending
    count : float64[n_kinds, n], persons or bodies, in the order of `PSKS`
    quality : tuple of tuple of str, by kind and district, quality of the figure or ``imputed``
    method : tuple of tuple of str, by kind and district, where the figure comes from
    """

    codes: NDArray[np.int64]
    count: NDArray[np.float64]
    quality: tuple[tuple[str, ...], ...]
    method: tuple[tuple[str, ...], ...]

    def of(self, codes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the counts of some districts.

        Parameters
        ----------
        codes : int64[n_districts], BPS code

        Returns
        -------
        float64[n_kinds, n_districts], persons or bodies
        """
        return self.count[:, np.searchsorted(self.codes, codes)]


def villages(year: int) -> NDArray[np.float64]:
    """Return the villages of every district, those of a province split by registered people.

    Parameters
    ----------
    year : int
        Base year, for people.

    Returns
    -------
    float64[n], villages and urban villages, by district code; villages by district are not in
    the tables (grade D)
    """
    codes = np.array(sorted(districts()), np.int64)
    people = district_population(year)
    found = dict.fromkeys(codes.tolist(), 0.0)
    number = {row["bps_code"]: row["n_desa_kelurahan"] for row in read_table("provinces").rows()}
    for province, inside in districts_by_province(FIRST_YEAR_DIVIDED).items():
        total = sum(people[code] for code in inside)
        for code in inside:
            found[code] = number[province] * people[code] / total
    return np.array([found[code] for code in codes.tolist()])


def psks_counts(year: int, parameter: Parameter, own: OwnData | None = None) -> PsksCounts:
    """Return how many there are of each kind in every district.

    Parameters
    ----------
    year : int
        Base year, for PKH families, people and poor people.
    parameter : function
        Value of a model parameter by id.
    own : OwnData, optional
        Figures of a planner, which stand like published ones.

    Returns
    -------
    PsksCounts
    """
    codes = np.array(sorted(districts()), np.int64)
    people = district_population(year)
    weight = {
        "villages": villages(year),
        "population": np.array([people[code] for code in codes.tolist()]),
        "poor people": _poor_people(year),
        "districts": np.ones(codes.size),
    }
    here = _provinces(codes)
    rows = [_one_kind(kind, codes, here, weight[_BY[kind]], year, parameter, own) for kind in PSKS]
    return PsksCounts(
        codes,
        np.stack([count for count, _, _ in rows]),
        tuple(quality for _, quality, _ in rows),
        tuple(method for _, _, method in rows),
    )


def _poor_people(year: int) -> NDArray[np.float64]:
    """Return poor people of each district, those of a province split by people: float64[n]."""
    people, totals = district_population(year), province_totals(year)
    found: dict[int, float] = {}
    for province, inside in districts_by_province(year).items():
        whole = sum(people[code] for code in inside)
        found |= {code: totals[province].poor * people[code] / whole for code in inside}
    return np.array([found[code] for code in sorted(found)])


def _provinces(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the province of each district: int64[n], BPS code."""
    found = dict.fromkeys(codes.tolist(), 0)
    for province, inside in districts_by_province(FIRST_YEAR_DIVIDED).items():
        found |= dict.fromkeys(inside, province)
    return np.array([found[code] for code in codes.tolist()], np.int64)


def _one_kind(
    kind: str,
    codes: NDArray[np.int64],
    province: NDArray[np.int64],
    weight: NDArray[np.float64],
    year: int,
    parameter: Parameter,
    own: OwnData | None,
) -> tuple[NDArray[np.float64], tuple[str, ...], tuple[str, ...]]:
    """Return counts, qualities and methods of one kind by district."""
    published = _published(_NAME_IN_TABLE.get(kind, kind))
    if own is not None:
        brought = own.of("number", kind)
        published |= {code: (one.value, "own", str(one.year)) for code, one in brought.items()}
    count, known = np.zeros(codes.size), np.zeros(codes.size, bool)
    quality, method = ["imputed, grade D"] * codes.size, [""] * codes.size
    for place, code in enumerate(codes.tolist()):
        if code in published:
            count[place], quality[place], when = published[code]
            known[place], method[place] = True, _of_year("published count", when)
    for code in sorted(set(province.tolist()) & set(published)):
        inside = province == code
        total, _, when = published[code]
        left = max(total - count[inside & known].sum(), 0.0)
        _spread(count, inside & ~known, weight, left)
        for place in np.flatnonzero(inside & ~known).tolist():
            method[place] = _of_year(f"count of the province by {_BY[kind]}", when)
        known |= inside
    total, words = _national(kind, published, weight, year, parameter)
    left = max(total - count[known].sum(), 0.0)
    _spread(count, ~known, weight, left)
    for place in np.flatnonzero(~known).tolist():
        method[place] = words
    return count, tuple(quality), tuple(method)


def _spread(
    count: NDArray[np.float64], where: NDArray[np.bool_], weight: NDArray[np.float64], total: float
) -> None:
    """Spread a number over districts by weight."""
    if where.any():
        count[where] = total * weight[where] / weight[where].sum()


def _published(name: str) -> dict[int, tuple[float, str, str]]:
    """Return the latest counts of a kind by region: number, quality, year in words."""
    found: dict[int, tuple[float, str, str]] = {}
    rows = read_table("psks_counts").where(psks_type=name).rows()
    # The note tells counts of a part of a province, which stand under its code.
    usable = [row for row in rows if _PART not in row["note"]]
    for row in sorted(usable, key=lambda row: np.nan_to_num(row["year"])):
        when = "" if np.isnan(row["year"]) else str(int(row["year"]))
        found[int(row["bps_code"])] = (row["count"], row["quality"], when)
    return found


def _national(
    kind: str,
    published: dict[int, tuple[float, str, str]],
    weight: NDArray[np.float64],
    year: int,
    parameter: Parameter,
) -> tuple[float, str]:
    """Return the nation's number of a kind, and where it comes from."""
    by = _BY[kind]
    if kind == "pendamping_pkh":
        table = read_table("programme_beneficiaries").where(
            programme="PKH", region=_NATION, unit="households"
        )
        rows = [row for row in table.rows() if row["year"] <= year]
        latest = max(rows, key=lambda row: row["year"])
        ratio = parameter("lever.facilitator_ratio.default")
        return latest[
            "beneficiaries"
        ] / ratio, f"PKH families over families per facilitator, by {by}"
    if kind == "penyuluh":
        return parameter("psks.penyuluh_per_district") * weight.size, f"assumed number by {by}"
    if kind == "lk3":
        return parameter("psks.lk3_per_district") * weight.size, f"assumed number by {by}"
    if kind == "karang_taruna":
        return parameter("psks.youth_groups_per_village") * weight.sum(), f"assumed number by {by}"
    total, _, when = published[_NATION]
    return total, _of_year(f"count of the nation by {by}", when)


def _of_year(words: str, when: str) -> str:
    """Add the year to a method, where it is known."""
    return f"{words} of {when}" if when else words


def psks_table(year: int, parameter: Parameter) -> Table:
    """Return the counts as a table, imputations marked.

    Parameters
    ----------
    year : int
        Base year.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    Table
        Columns bps_code, name, kind, count, quality, method.
    """
    found = psks_counts(year, parameter)
    names = [region_name(code, "id") for code in found.codes.tolist()]
    columns: dict[str, list[Any]] = {
        name: [] for name in ("bps_code", "name", "kind", "count", "quality", "method")
    }
    for kind, count, quality, method in zip(
        PSKS, found.count, found.quality, found.method, strict=True
    ):
        columns["bps_code"] += found.codes.tolist()
        columns["name"] += names
        columns["kind"] += [kind] * len(names)
        columns["count"] += count.tolist()
        columns["quality"] += quality
        columns["method"] += method
    return Table.from_columns("psks", columns)
