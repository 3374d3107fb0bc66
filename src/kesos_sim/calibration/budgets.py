"""What programmes cost a year: rule table, quotas and simulated families beside the budgets.

A national total is the national quota times what a family is due in a year under the rules of that
year. For PKH that is the mean over the families who are enrolled in the base month, so the rules of
other years are put on today's families; of what their members would bring under the rules, that
part counts which the model pays in the base month. Budgets from 2021 on set the rules and the part;
those before are tests of families and rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.data import read_table
from kesos_sim.institutions.programmes import ProgrammeSchedule, schedule
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.model.sample import Sample

__all__ = ["budget_figures"]

Parameters = Callable[[str], float]
Floats = NDArray[np.float64]

_TRILLION: Final = 1e12
_MILLION: Final = 1e6
_SET_SINCE: Final = 2021
_OLD_AGE: Final = 70
_FAMILY_YEARS: Final = (2018, 2019, 2021, 2025)

_TOTALS: Final = {
    ("PKH", "PKH"): (2019, 2021, 2023, 2024, 2025),
    ("SEMBAKO", "SEMBAKO"): (2021, 2025),
    ("BLT_DANA_DESA", "BLT_DESA"): (2023, 2024),
    ("PBI_JKN", "PBI"): (2022, 2025),
}
"""Programmes in the budget table and in the model, and full years of one rule."""

_KINDS: Final = (
    ("pregnant",),
    ("age_0_6",),
    ("primary",),
    ("junior",),
    ("senior",),
    ("disabled_under_60", "disabled_elderly"),
)
"""Members of each kind that PKH pays for, in the order of its components; the elderly come last."""


def budget_figures(sample: Sample, parameter: Parameters, year: int) -> list[Figure]:
    """Compare programme money with what was published.

    Parameters
    ----------
    sample : Sample
        Households of the base month.
    parameter : callable
        Value of a parameter by id.
    year : int
        Year of the base month.

    Returns
    -------
    list of Figure
        National totals, mean PKH of a family by year, PKH money of provinces.
    """
    paid = _paid_part(sample, parameter, year)
    return [
        *_totals(sample, parameter, paid),
        *_means(sample, parameter, paid),
        *_provinces(sample, parameter, paid),
    ]


def _paid_part(sample: Sample, parameter: Parameters, year: int) -> float:
    """Return what part of PKH components the model pays in the base month."""
    everyone = sample.inside(0)
    _, with_all = _year("PKH", year, sample, parameter, everyone, 1.0)
    _, with_none = _year("PKH", year, sample, parameter, everyone, 0.0)
    components = with_all - with_none
    return (sample.pkh_rupiah - with_none) / components if components > 0.0 else 1.0


def _figure(
    place: tuple[str, str],
    measure: str,
    detail: tuple[str | int, ...],
    numbers: tuple[float, float],
    unit: str,
    origin: tuple[str, Use, str],
) -> Figure:
    quality, use, source = origin
    return Figure(
        "budgets", place[0], place[1], measure, detail, *numbers, unit, quality, use, source
    )


def _months(year: int, parameter: Parameters) -> Iterator[ProgrammeSchedule]:
    """Yield the programmes of the twelve months of a year, in rupiah of that year."""
    for month in range(1, MONTHS_PER_YEAR + 1):
        yield schedule(
            Month(year, month), lambda name: float(LEVERS[name].default or 0.0), parameter=parameter
        )


def _per_family(sample: Sample, plan: ProgrammeSchedule) -> Floats:
    """Return the PKH components of every household: float64[n], rupiah per year."""
    members = sample.members
    counts = [sum(members[name] for name in names) for names in _KINDS]
    counts.append(members["elderly_70" if plan.elderly_age >= _OLD_AGE else "elderly_60"])
    left = np.full(sample.size.size, float(plan.component_most))
    total = np.zeros(sample.size.size)
    for kind in np.argsort(-plan.components, kind="stable").tolist():
        taken = np.minimum(np.minimum(counts[kind], plan.component_limits[kind]), left)
        left -= taken
        total += taken * float(plan.components[kind])
    return total


def _year(
    name: str,
    year: int,
    sample: Sample,
    parameter: Parameters,
    inside: NDArray[np.bool_],
    paid: float,
) -> tuple[float, float]:
    """Return families at the end of a year, and rupiah due to one of them in the year."""
    families = each = 0.0
    chosen = sample.enrolled["PKH"] & inside
    for plan in _months(year, parameter):
        k = plan.index(name)
        families = float(plan.national_quota[k])
        each += float(plan.flat[k])
        if plan.pkh_part[k] > 0.0 and chosen.any():
            own = _per_family(sample, plan)[chosen]
            mean = float(np.average(own, weights=sample.households[chosen]))
            each += paid * mean / MONTHS_PER_YEAR
    return families, each


def _totals(sample: Sample, parameter: Parameters, paid: float) -> Iterator[Figure]:
    """Compare national totals; a total of a year with several rows is that of the first."""
    table = read_table("programme_beneficiaries").where(region=0)
    everyone = sample.inside(0)
    for (published, name), years in _TOTALS.items():
        for year in years:
            rows = table.where(programme=published, year=year)
            row = next(row for row in rows.rows() if np.isfinite(row["budget_idr_trillion"]))
            families, each = _year(name, year, sample, parameter, everyone, paid)
            use: Use = "set" if name != "PKH" or year >= _SET_SINCE else "scored"
            yield _figure(
                ("nation", "00"),
                "programme_total",
                (name, year),
                (float(row["budget_idr_trillion"]), families * each / _TRILLION),
                "trillion_rupiah",
                (str(row["quality"]), use, f"programme_beneficiaries:{published}"),
            )


def _means(sample: Sample, parameter: Parameters, paid: float) -> Iterator[Figure]:
    """Compare what a PKH family is due in a year."""
    table = read_table("crosschecks").where(item="PKH_MEAN_PER_FAMILY")
    for year in _FAMILY_YEARS:
        row = next(table.where(year=year).rows())
        _, each = _year("PKH", year, sample, parameter, sample.inside(0), paid)
        yield _figure(
            sample.place,
            "mean_per_family",
            ("PKH", year),
            (float(row["computed"]), each / _MILLION),
            "million_rupiah",
            (
                str(row["quality"]),
                "set" if year >= _SET_SINCE else "scored",
                "crosschecks:PKH_MEAN_PER_FAMILY",
            ),
        )


def _provinces(sample: Sample, parameter: Parameters, paid: float) -> Iterator[Figure]:
    """Compare PKH money of provinces that published it; their families are imputed."""
    table = read_table("programme_beneficiaries").where(programme="PKH")
    for row in table.rows():
        code, year = int(row["region"]), int(row["year"])
        if code not in sample.whole_provinces or not np.isfinite(row["budget_idr_trillion"]):
            continue
        inside = sample.inside(code)
        _, each = _year("PKH", year, sample, parameter, inside, paid)
        families = float(sample.households[sample.enrolled["PKH"] & inside].sum())
        use: Use = "shown" if np.isfinite(row["beneficiaries"]) else "scored"
        yield _figure(
            ("province", f"{code:02d}"),
            "programme_total",
            ("PKH", year),
            (float(row["budget_idr_trillion"]), families * each / _TRILLION),
            "trillion_rupiah",
            (str(row["quality"]), use, "programme_beneficiaries:PKH"),
        )
