"""Own figures of a planner in the place of published ones.

What is replaced has to stay one world: a province is the sum of its areas and of its districts.

* Urban and rural figures of a province replace those published. With own rates the number of
  people stays, and the number of poor people follows.
* A province's own total moves both areas: rates by one shift of their log odds, gaps and
  severities by one factor.
* A district's own poverty rate adds or takes poor people, its own population adds or takes people;
  where the province has no own figures, both its areas follow by the district's part, so that
  the other districts keep theirs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.own.figures import OwnData
from kesos_sim.population.quantile import AREAS, PERCENT
from kesos_sim.population.strata_raking import rates_with_mean
from kesos_sim.population.targets_published import (
    CellFigures,
    DistrictFigures,
    PublishedFigures,
)

__all__ = ["OWN", "with_own"]

OWN: Final = "own"
"""Quality of a figure that a planner brought."""
_TOTAL: Final = "total"
_POVERTY: Final = ("p0", "p1", "p2", "line")
_FACTORS: Final = ("p1", "p2")

Cells = dict[tuple[int, int], CellFigures]


def with_own(known: PublishedFigures, own: OwnData) -> PublishedFigures:
    """Put own figures in the place of published ones.

    Parameters
    ----------
    known : PublishedFigures
        What is published.
    own : OwnData
        What a planner brought, of the same base year.

    Returns
    -------
    PublishedFigures
        With quality ``own`` where a figure is replaced or follows from one that is.
    """
    cells = {key: _own_cell(cell, own) for key, cell in known.cells.items()}
    provinces = {code: dict(total) for code, total in known.provinces.items()}
    for province, total in provinces.items():
        _follow_districts(province, cells, known, own)
        _meet_total(province, cells, own)
        _total_of(province, total, cells, known, own)
    districts = {
        code: _own_district(figure, known, cells, own) for code, figure in known.districts.items()
    }
    return PublishedFigures(known.year, cells, districts, provinces)


def _own_cell(cell: CellFigures, own: OwnData) -> CellFigures:
    """Return an area of a province with its own figures."""
    area = AREAS[cell.area]
    found = {
        name: value
        for name in (*_POVERTY, "gini")
        if (value := own.value(cell.province, name, area)) is not None
    }
    people = own.value(cell.province, "persons", area)
    mean = own.value(cell.province, "mean", area)
    if not found and people is None and mean is None:
        return cell
    quality = dict(cell.quality)
    if people is not None or any(name in found for name in _POVERTY):
        quality["poverty"] = OWN
    if "gini" in found:
        quality["gini"] = OWN
    everyone = cell.population if people is None else people
    if "p0" in found:  # gap and severity keep their share of the rate unless replaced, too
        factor = found["p0"] / cell.p0
        found = {"p1": cell.p1 * factor, "p2": cell.p2 * factor} | found
    changed = replace(cell, **found, quality=quality)  # type: ignore[arg-type]
    changed = replace(changed, poor=everyone * changed.p0 / PERCENT)
    if mean is not None:
        changed = replace(changed, expenditure=mean, grade_expenditure="A")
    return changed


def _keys(province: int, cells: Mapping[tuple[int, int], CellFigures]) -> list[tuple[int, int]]:
    return [key for key in cells if key[0] == province]


def _has_own(province: int, own: OwnData, *measures: str) -> bool:
    """Return whether a province has own figures of some measures, for any area."""
    return any(
        own.value(province, measure, area) is not None
        for measure in measures
        for area in (*AREAS, _TOTAL)
    )


def _follow_districts(province: int, cells: Cells, known: PublishedFigures, own: OwnData) -> None:
    """Let a province follow the own figures of its districts where it has none of its own."""
    keys = _keys(province, cells)
    total = sum(known.cells[key].population for key in keys)
    inside = [figure for figure in known.districts.values() if figure.province == province]
    people = _people_before(inside, total)
    more_people = more_poor = 0.0
    for figure, before in zip(inside, people.tolist(), strict=True):
        now = own.value(figure.code, "persons")
        more_people += 0.0 if now is None else now - before
        rate = own.value(figure.code, "p0")
        if rate is not None and figure.p0 > 0.0:
            more_poor += before * (rate - figure.p0) / PERCENT
    if more_people and not _has_own(province, own, "persons"):
        factor = max(1.0 + more_people / total, 0.0)
        for key in keys:
            cells[key] = _marked(replace(cells[key], poor=cells[key].poor * factor))
    if more_poor and not _has_own(province, own, "p0"):
        now = sum(cells[key].poor for key in keys) / sum(cells[key].population for key in keys)
        _shift(keys, cells, PERCENT * now + PERCENT * more_poor / total)


def _people_before(inside: list[DistrictFigures], total: float) -> NDArray[np.float64]:
    """Return the people of districts before own figures, adding up to their province.

    float64[n], persons
    """
    survey = np.array([figure.population for figure in inside])
    if np.isfinite(survey).all():
        return survey
    older = np.array([figure.population_2017 for figure in inside])
    carved = {figure.carved_from for figure in inside if figure.carved_from}
    families = {
        code: [i for i, one in enumerate(inside) if code in (one.code, one.carved_from)]
        for code in carved
    }
    for code, family in families.items():
        whole = next(older[i] for i in family if inside[i].code == code)
        older[family] = whole / len(family)
    return np.asarray(older * (total / older.sum()))


def _meet_total(province: int, cells: Cells, own: OwnData) -> None:
    """Let both areas of a province meet its own totals, where they have no own figures."""
    keys = _keys(province, cells)
    people = own.value(province, "persons")
    if people is not None and not _areas_own(province, own, "persons"):
        factor = people / sum(cells[key].population for key in keys)
        for key in keys:
            cells[key] = _marked(replace(cells[key], poor=cells[key].poor * factor))
    rate = own.value(province, "p0")
    if rate is not None and not _areas_own(province, own, "p0"):
        _shift(keys, cells, rate)
    for name in _FACTORS:
        value = own.value(province, name)
        if value is not None and not _areas_own(province, own, name):
            weight = np.array([cells[key].population for key in keys])
            now = np.array([getattr(cells[key], name) for key in keys])
            factor = value / float(weight @ now / weight.sum())
            for key in keys:
                changed = {name: getattr(cells[key], name) * factor}
                cells[key] = _marked(replace(cells[key], **changed))


def _areas_own(province: int, own: OwnData, measure: str) -> bool:
    return any(own.value(province, measure, area) is not None for area in AREAS)


def _shift(keys: list[tuple[int, int]], cells: Cells, mean: float) -> None:
    """Shift the poverty rates of a province's areas to a mean, gaps and severities with them."""
    people = np.array([cells[key].population for key in keys])
    before = np.array([cells[key].p0 for key in keys])
    after = PERCENT * rates_with_mean(before / PERCENT, people, mean / PERCENT)
    for key, everyone, old, new in zip(keys, people, before, after.tolist(), strict=True):
        cell, factor = cells[key], new / old
        cells[key] = _marked(
            replace(
                cell,
                p0=new,
                p1=cell.p1 * factor,
                p2=cell.p2 * factor,
                poor=everyone * new / PERCENT,
            )
        )


def _marked(cell: CellFigures) -> CellFigures:
    """Return an area whose poverty rests on own figures."""
    return replace(cell, quality={**cell.quality, "poverty": OWN})


def _total_of(
    province: int,
    total: dict[str, float],
    cells: Cells,
    known: PublishedFigures,
    own: OwnData,
) -> None:
    """Let the figures of a whole province follow from its areas and its own totals."""
    keys = _keys(province, cells)
    if any(cells[key] is not known.cells[key] for key in keys):
        people = np.array([cells[key].population for key in keys])
        for name in ("p0", "p1", "p2"):
            rates = np.array([getattr(cells[key], name) for key in keys])
            total[name] = float(people @ rates / people.sum())
        total["poor"] = sum(cells[key].poor for key in keys)
    for name, measure in (("gini", "gini"), ("expenditure", "mean")):
        value = own.value(province, measure)
        if value is None:
            continue
        if measure == "mean" and total[name] > 0.0:
            _scale_means(keys, cells, value / total[name], own)
        total[name] = value


def _scale_means(keys: list[tuple[int, int]], cells: Cells, factor: float, own: OwnData) -> None:
    """Let mean expenditure of areas follow the province's, where they have no own figure."""
    for key in keys:
        cell = cells[key]
        if own.value(cell.province, "mean", AREAS[cell.area]) is None:
            cells[key] = replace(cell, expenditure=cell.expenditure * factor)


def _relatives_own(figure: DistrictFigures, known: PublishedFigures, own: OwnData) -> bool:
    """Return whether a district that shares its people of 2017 with this one has its own number."""
    origin = figure.carved_from or figure.code
    return any(
        own.value(other.code, "persons") is not None
        for other in known.districts.values()
        if origin in (other.code, other.carved_from)
    )


def _own_district(
    figure: DistrictFigures,
    known: PublishedFigures,
    cells: Mapping[tuple[int, int], CellFigures],
    own: OwnData,
) -> DistrictFigures:
    """Return a district with its own figures."""
    found = {
        name: value
        for name in ("p0", "line", "household_size")
        if (value := own.value(figure.code, name)) is not None
    }
    people = own.value(figure.code, "persons")
    if people is not None or _relatives_own(figure, known, own):
        # Without figures of the survey year the people of 2017 stand for shares of the province;
        # a district and those carved out of it no longer share theirs equally.
        total = sum(known.cells[key].population for key in _keys(figure.province, known.cells))
        inside = [d for d in known.districts.values() if d.province == figure.province]
        older = sum(d.population_2017 for d in inside if math.isfinite(d.population_2017))
        before = _people_before(inside, total)[[d.code for d in inside].index(figure.code)]
        now = float(before) if people is None else people
        found |= {"population_2017": now * older / total, "carved_from": 0}
        if people is not None:
            found["population"] = people
    if not found:
        return figure
    return replace(figure, **found, quality=OWN)  # type: ignore[arg-type]
