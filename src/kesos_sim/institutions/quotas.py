"""How a national quota is spread over provinces and districts.

A province with a published number of families gets that number, scaled from its year to the
year of the schedule; the rest of the national quota goes to the other provinces by poor people
and population. Inside a province everything follows poor people and population. Counts that
are not published are imputations of grade D, and `quota_table` shows which is which.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import Table, read_table
from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.regions import province_codes, provinces
from kesos_sim.institutions.places import Places, ProvinceTotals, province_totals
from kesos_sim.institutions.programmes import ProgrammeSchedule
from kesos_sim.institutions.rules import Parameter, default_parameter, yearly_quota

__all__ = ["province_quota", "quota_table", "quotas"]

_COUNTED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"PKH": ("PKH",), "SEMBAKO": ("SEMBAKO", "RASTRA_BPNT")}
)
"""Names under which the table of beneficiaries counts families by province."""

_MEASURES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "BLT_DESA": ("rural_poor", "rural", "programme.quota_poor_weight"),
        "PBI": ("poor", "population", "programme.pbi_poor_weight"),
    }
)
_DEFAULT_MEASURES: Final = ("poor", "population", "programme.quota_poor_weight")
_PROVINCE_DIGITS: Final = 100

Brought = tuple[tuple[int, float, int, str], ...]
"""A planner's own numbers of recipients: region, number, year, source."""


@cache
def _published(programme: str, year: int) -> Mapping[int, tuple[float, int, str, str]]:
    """Return published families by province: number in its year, that year, source, quality."""
    rows = read_table("programme_beneficiaries")
    best: dict[int, tuple[float, int, str, str]] = {}
    for name in _COUNTED.get(programme, ()):
        for row in rows.where(programme=name).rows():
            code, count = int(row["region"]), row["beneficiaries"]
            usable = 0 < code < _PROVINCE_DIGITS and np.isfinite(count)
            if not usable or "lower bound" in row["note"]:
                continue
            found = (float(count), int(row["year"]), row["source"], row["quality"])
            if code not in best or abs(found[1] - year) < abs(best[code][1] - year):
                best[code] = found
    return MappingProxyType(best)


def _mix(programme: str, totals: ProvinceTotals, nation: ProvinceTotals, weight: float) -> float:
    """Return the part of the nation that a province has by poor people and population."""
    poor, people, _ = _MEASURES.get(programme, _DEFAULT_MEASURES)
    by_poor = getattr(totals, poor) / getattr(nation, poor)
    by_people = getattr(totals, people) / getattr(nation, people)
    return float(weight * by_poor + (1.0 - weight) * by_people)


@cache
def _province_shares(
    programme: str, rule_year: int, base_year: int, weight: float, brought: Brought = ()
) -> Mapping[int, tuple[float, str, str]]:
    """Return each province's part of the national quota, with its source and quality."""
    totals = province_totals(base_year)
    nation = totals[0]
    known: dict[int, tuple[float, str, str]] = {}
    for code, (count, year, source, quality) in _published(programme, rule_year).items():
        if code in totals and yearly_quota(programme, year) > 0.0:
            label = quality if year == rule_year else f"{quality}, scaled from {year}"
            known[code] = (count / yearly_quota(programme, year), source, label)
    for code, count, year, source in brought:
        if code in totals and yearly_quota(programme, year) > 0.0:
            known[code] = (count / yearly_quota(programme, year), source, "own")
    rest = 1.0 - sum(share for share, _, _ in known.values())
    mixed = {
        code: _mix(programme, totals[code], nation, weight)
        for code in province_codes(base_year)
        if code not in known
    }
    scale = max(rest, 0.0) / sum(mixed.values())
    shares = dict(known)
    for code, mix in mixed.items():
        shares[code] = (mix * scale, "own_imputation", "imputed, grade D")
    return MappingProxyType(shares)


def _brought(programme: str, own: OwnData | None) -> Brought:
    """Return a planner's own numbers of recipients, in a form that can be remembered."""
    if own is None:
        return ()
    figures = own.of("recipients", programme)
    return tuple(
        (code, one.value, one.year, own.source_of(one)) for code, one in sorted(figures.items())
    )


def _weight(programme: str, parameter: Parameter) -> float:
    """Return how much poor people count against population."""
    return parameter(_MEASURES.get(programme, _DEFAULT_MEASURES)[2])


def province_quota(
    schedule: ProgrammeSchedule,
    programme: str,
    parameter: Parameter = default_parameter,
    year: int | None = None,
    own: OwnData | None = None,
) -> dict[int, float]:
    """Return the quota of a national programme in every province.

    Parameters
    ----------
    schedule : ProgrammeSchedule
        Programmes of a month.
    programme : str
        Name of a national programme.
    parameter : function
        Value of a model parameter by id.
    year : int, optional
        Year whose provinces and poor people count; without it the base year of the schedule.
    own : OwnData, optional
        Figures of a planner, which stand like published ones.

    Returns
    -------
    dict of int to float
        Households (PBI: persons) by province.
    """
    year = schedule.base.year if year is None else year
    weight = _weight(programme, parameter)
    shares = _province_shares(programme, schedule.rule_year, year, weight, _brought(programme, own))
    national = float(schedule.national_quota[schedule.index(programme)])
    return {code: national * share for code, (share, _, _) in shares.items()}


def quotas(
    schedule: ProgrammeSchedule,
    places: Places,
    parameter: Parameter = default_parameter,
    own: OwnData | None = None,
) -> NDArray[np.float64]:
    """Return the quota of each programme in each district.

    Parameters
    ----------
    schedule : ProgrammeSchedule
        Programmes of a month.
    places : Places
        Districts of the run.
    parameter : function
        Value of a model parameter by id.
    own : OwnData, optional
        Figures of a planner, which stand like published ones.

    Returns
    -------
    float64[k, n_districts], households (persons where the programme counts persons)
        Zeros for the two top-ups, whose quota the treasury sets.
    """
    found = np.zeros((len(schedule.names), places.codes.size))
    for k, name in enumerate(schedule.names):
        quota = float(schedule.national_quota[k])
        if quota <= 0.0:
            continue
        inside = schedule.districts[k]
        if inside is not None:
            poor = np.where(np.isin(places.codes, inside), places.poor, 0.0)
            spread = poor / max(poor.sum(), 1.0)
            found[k] = quota * spread
        else:
            by_province = province_quota(schedule, name, parameter, places.year, own)
            here = np.array([by_province[code] for code in places.provinces])
            weight = _weight(name, parameter)
            poor_name, people_name, _ = _MEASURES.get(name, _DEFAULT_MEASURES)
            shares = places.share_of_province
            spread = weight * shares[poor_name] + (1.0 - weight) * shares[people_name]
            found[k] = here[places.province_index] * spread
            for code, count, year, _ in _brought(name, own):
                if code in places.codes:
                    own_part = quota * count / yearly_quota(name, year)
                    _give(found[k], places, code, own_part)
        most = places.population if schedule.by_person[k] else places.households
        np.minimum(found[k], most, out=found[k])
    return found


def _give(found: NDArray[np.float64], places: Places, code: int, quota: float) -> None:
    """Give a district its own quota; the others of its province share what is left, in place."""
    here = places.codes == code
    others = (places.province_index == places.province_index[here][0]) & ~here
    left = max(found[others].sum() + found[here].sum() - quota, 0.0)
    if others.any() and found[others].sum() > 0.0:
        found[others] *= left / found[others].sum()
    found[here] = quota


def quota_table(schedule: ProgrammeSchedule, parameter: Parameter = default_parameter) -> Table:
    """Return the quota of the national programmes by province, with source and quality.

    Parameters
    ----------
    schedule : ProgrammeSchedule
        Programmes of a month.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    Table
        Columns programme, bps_code, province, quota, unit, quality, source.
    """
    columns: dict[str, list[object]] = {
        name: []
        for name in ("programme", "bps_code", "province", "quota", "unit", "quality", "source")
    }
    for k, name in enumerate(schedule.names):
        if schedule.districts[k] is not None or schedule.national_quota[k] <= 0.0:
            continue
        weight = _weight(name, parameter)
        shares = _province_shares(name, schedule.rule_year, schedule.base.year, weight)
        for code in sorted(shares):
            share, source, quality = shares[code]
            row = (
                name,
                code,
                provinces()[code].name["id"],
                share * float(schedule.national_quota[k]),
                "persons" if schedule.by_person[k] else "households",
                quality,
                source,
            )
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return Table.from_columns("quotas", columns)
