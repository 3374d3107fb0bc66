"""What a sample of households says of its region: totals, poverty and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.own.layout import AREAS
from kesos_sim.data.own.published import published
from kesos_sim.data.own.weighting import Calibrated, calibrate, effective_size
from kesos_sim.data.regions import districts_of, province_of

__all__ = ["Margin", "Summary", "summarised"]

Floats = NDArray[np.float64]

_PROVINCES_BELOW: Final = 100
_NORMAL_95: Final = 1.959964
_PERCENT: Final = 100.0
_TOTAL: Final = AREAS[-1]
_ROUNDING: Final = 0.01


@dataclass(frozen=True, slots=True)
class Margin:
    """A known total and what the sample makes of it.

    Attributes
    ----------
    region : int
        BPS code.
    kind : {"persons", "households"}
        What is counted.
    area : str
        ``urban``, ``rural`` or ``total``.
    published, before, after : float
        Persons or households; before and after weighting to the published total.
    """

    region: int
    kind: str
    area: str
    published: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sample says of its region.

    Attributes
    ----------
    region : int
        BPS code.
    year : int
        Base year of totals, lines and rates.
    households : int
        Households in the sample.
    effective : float
        Equally weighted households that would say as much.
    largest_weight, mean_weight : float
        Households that one of the sample stands for.
    margins : tuple of Margin
        Known totals.
    met : bool
        Whether all of them are met.
    unreachable : tuple of (int, str, str)
        Known totals without a single household in the sample, which cannot be met.
    poverty_rate, low, high : float
        Percent of persons below the line, with the 95 percent interval of sampling; NaN without
        expenditure. The interval takes households as drawn one by one.
    published_rate : float
        Percent, published or, where own data replace it, own; NaN if there is none.
    published_own : bool
        Whether it is own.
    """

    region: int
    year: int
    households: int
    effective: float
    largest_weight: float
    mean_weight: float
    margins: tuple[Margin, ...]
    met: bool
    unreachable: tuple[tuple[int, str, str], ...]
    poverty_rate: float
    low: float
    high: float
    published_rate: float
    published_own: bool


def summarised(
    columns: Mapping[str, Floats], region: int, year: int, own: OwnData | None
) -> tuple[dict[str, Floats], Summary]:
    """Weight a sample to known totals and summarise it.

    Parameters
    ----------
    columns : float64[n] by role, see `household_rows.Listed`
    region : int
        BPS code of the province or district that the sample is of.
    year : int
        Base year.
    own : OwnData or None
        Figures of a planner that replace published ones.

    Returns
    -------
    tuple of dict and Summary
        float64[n] by name, in rupiah, persons or households: the columns with ``weight_before``,
        ``weight``, ``spending``, ``line`` and ``poor``; and what they say.
    """
    size = columns["size"]
    first = columns.get("weight", np.ones_like(size))
    wanted, parts, unreachable = _totals(columns, region, year, own)
    if wanted:
        found = calibrate(first, np.stack(list(parts), axis=1), np.array(list(wanted.values())))
    else:
        nothing = np.zeros(0)
        found = Calibrated(first, nothing, nothing, nothing, met=True)
    spending = _spending(columns)
    line = _lines(columns, region, year, own)
    poor = np.where(np.isfinite(spending), (spending < line).astype(np.float64), np.nan)
    rate, low, high = _rate(found.weight * size, poor, parts, size)
    known, is_own = _figure(region, "p0", _TOTAL, year, own)
    margins = tuple(
        Margin(*key, published=total, before=float(before), after=float(after))
        for (key, total), before, after in zip(
            wanted.items(), found.before, found.after, strict=True
        )
    )
    full = {name: values for name, values in columns.items() if not name.startswith("spending")}
    full |= {
        "weight_before": first,
        "weight": found.weight,
        "spending": spending,
        "line": line,
        "poor": poor,
    }
    return full, Summary(
        region=region,
        year=year,
        households=size.size,
        effective=effective_size(found.weight),
        largest_weight=float(found.weight.max(initial=0.0)),
        mean_weight=float(found.weight.mean()) if size.size else math.nan,
        margins=margins,
        met=found.met,
        unreachable=tuple(unreachable),
        poverty_rate=rate,
        low=low,
        high=high,
        published_rate=known,
        published_own=is_own,
    )


def _figure(
    region: int, measure: str, part: str, year: int, own: OwnData | None
) -> tuple[float, bool]:
    """Return a figure, own before published, and whether it is own; NaN if there is none."""
    brought = None if own is None else own.value(region, measure, part)
    if brought is not None:
        return brought, True
    known = published(year).get((region, measure, part))
    return (math.nan if known is None else known.value), False


def _totals(
    columns: Mapping[str, Floats], region: int, year: int, own: OwnData | None
) -> tuple[dict[tuple[int, str, str], float], list[Floats], list[tuple[int, str, str]]]:
    """Return known totals, what each household adds to them, and those that have no household.

    Persons of urban and rural areas of a province, persons of its districts as far as they are
    known, and households of districts by their mean size. A sample of one district meets its own
    totals only.
    """
    size = columns["size"]
    whole = np.ones_like(size)
    wanted: dict[tuple[int, str, str], float] = {}
    parts: list[Floats] = []
    unreachable: list[tuple[int, str, str]] = []

    def add(code: int, kind: str, area: str, total: float, part: Floats) -> None:
        if not total > 0.0:
            return
        if part.any():
            wanted[code, kind, area] = total
            parts.append(part)
        else:
            unreachable.append((code, kind, area))

    persons, _ = _figure(region, "persons", _TOTAL, year, own)
    if region < _PROVINCES_BELOW and "area" in columns:
        for number, area in enumerate(AREAS[:-1]):
            total, _ = _figure(region, "persons", area, year, own)
            add(region, "persons", area, total, size * (columns["area"] == number))
    else:
        add(region, "persons", _TOTAL, persons, size)
    inner = _districts(columns, region, year)
    scale = _scale(inner, wanted, region, year, own)
    for code in inner:
        inside = whole if code == region else (columns["district"] == code).astype(np.float64)
        people = scale * _figure(code, "persons", _TOTAL, year, own)[0]
        mean, _ = _figure(code, "household_size", _TOTAL, year, own)
        if code != region:
            add(code, "persons", _TOTAL, people, size * inside)
        if mean > 0.0 and people > 0.0:
            add(code, "households", _TOTAL, people / mean, inside)
    return wanted, parts, unreachable


def _scale(
    districts: tuple[int, ...],
    wanted: Mapping[tuple[int, str, str], float],
    region: int,
    year: int,
    own: OwnData | None,
) -> float:
    """Return what lets the people of all districts add up to those of their province.

    Districts are published rounded; a larger gap is not rounding and is left for all to see.
    """
    if districts in ((), (region,)):
        return 1.0
    people = sum(_figure(code, "persons", _TOTAL, year, own)[0] for code in districts)
    total = sum(wanted.values())
    close = math.isfinite(people) and abs(total / people - 1.0) <= _ROUNDING
    return total / people if close else 1.0


def _districts(columns: Mapping[str, Floats], region: int, year: int) -> tuple[int, ...]:
    """Return the districts whose totals the sample can meet."""
    if region >= _PROVINCES_BELOW:
        return (region,)
    return districts_of(region, year) if "district" in columns else ()


def _spending(columns: Mapping[str, Floats]) -> Floats:
    """Return expenditure per person and month: float64[n], rupiah; NaN where it is not known."""
    if "spending_person" in columns:
        return columns["spending_person"]
    if "spending_total" in columns:
        return np.asarray(columns["spending_total"] / columns["size"])
    return np.full_like(columns["size"], np.nan)


def _lines(columns: Mapping[str, Floats], region: int, year: int, own: OwnData | None) -> Floats:
    """Return the poverty line of every household: float64[n], rupiah per person and month.

    That of its district, as published; without one that of its area in the province.
    """
    size = columns["size"]
    province = region if region < _PROVINCES_BELOW else province_of(region, year)
    line = np.full_like(size, _figure(province, "line", _TOTAL, year, own)[0])
    if "area" in columns:
        for number, area in enumerate(AREAS[:-1]):
            value, _ = _figure(province, "line", area, year, own)
            line[columns["area"] == number] = value
    codes = columns.get("district", np.full_like(size, region))
    for code in np.unique(codes[np.isfinite(codes)]).astype(int).tolist():
        value, _ = _figure(code, "line", _TOTAL, year, own)
        if code >= _PROVINCES_BELOW and value > 0.0:
            line[codes == code] = value
    return line


def _rate(
    people: Floats, poor: Floats, parts: list[Floats], size: Floats
) -> tuple[float, float, float]:
    """Return the poverty rate in percent with its interval of sampling.

    The variance is that of the linearised ratio, less what the known totals explain of it; the
    interval is symmetric in the log odds, so that it stays between 0 and 100.
    """
    known = np.isfinite(poor)
    count = int(known.sum())
    total = float(people[known].sum())
    if count < 2 or total <= 0.0:  # noqa: PLR2004  # one household has no variance
        return math.nan, math.nan, math.nan
    rate = float(people[known] @ poor[known]) / total
    score = size[known] * (poor[known] - rate)
    weight = people[known] / size[known]
    if parts:
        explained = np.stack([part[known] for part in parts], axis=1)
        root = np.sqrt(weight)
        slope = np.linalg.lstsq(explained * root[:, None], score * root, rcond=None)[0]
        score = score - explained @ slope
    deviation = math.sqrt(count / (count - 1) * float(((weight * score) ** 2).sum())) / total
    if not 0.0 < rate < 1.0:
        return _PERCENT * rate, math.nan, math.nan
    odds, width = math.log(rate / (1.0 - rate)), _NORMAL_95 * deviation / (rate * (1.0 - rate))
    low, high = (1.0 / (1.0 + math.exp(-(odds + side * width))) for side in (-1.0, 1.0))
    return _PERCENT * rate, _PERCENT * low, _PERCENT * high
