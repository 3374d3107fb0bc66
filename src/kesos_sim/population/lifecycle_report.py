"""Household composition: published figures beside those of the life cycle, and the fit.

Most figures are for the country; shapes of the size distribution exist only for Jambi (2020) and
for three samples of 2008 and are compared at the mean size of each sample. Rows marked "checked"
were neither fitted nor given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from kesos_sim.data import read_table
from kesos_sim.kernels.composition import ELDERLY, EPOCH, SCHOOL, Rule, compose, field
from kesos_sim.population.lifecycle import (
    AGES,
    expected_ages,
    expected_size,
    read_rule,
    solve_fertility,
)
from kesos_sim.rng import draw_key

__all__ = ["FITTED", "Comparison", "composition_report", "fit_composition"]

Floats = npt.NDArray[np.float64]
Parameters = Callable[[str], float]

NATION: Final = 0
JAMBI: Final = 15
SAMPLES_2008: Final = {33: 2.5, 12: None, 73: 3.5}
"""Provinces with a sample of 2008 and the miss that the fit takes as one; None: checked."""

_LAST_PROVINCE: Final = 99
_REPORT_YEAR: Final = EPOCH + 100
_SIZES: Final = ("1", "2", "3", "4", "5", "6", "7", "8+")
_AGE_BOUNDS: Final = {
    "0-4": (0, 5), "7-12": (7, 13), "13-15": (13, 16), "16-18": (16, 19), "19-59": (19, ELDERLY),
    "60+": (ELDERLY, AGES), "65+": (65, AGES), "60-69": (ELDERLY, 70), "70-79": (70, 80),
    "80+": (80, AGES),
}  # fmt: skip
# Misses that the fit takes as one, in points: age groups that decide about benefits are held
# closest; the size distribution is known from one province only.
_AGE_MISS: Final = {"7-12": 0.1, "13-15": 0.08, "16-18": 0.08, "19-59": 0.2, "60+": 0.1}
_ENDS_MISS: Final = 0.2
_OLD_MISS: Final = {"60-69": 1.5, "70-79": 1.5, "80+": 1.0}
_WITH_ELDERLY_MISS, _HEAD_MISS, _JAMBI_MISS = 0.4, 2.0, 0.7

FITTED: Final = (
    "founding_age_span",
    "partner_loss_share",
    "wish_spread_base",
    "wish_spread_slope",
    "first_birth_span",
    "birth_spacing_span",
    "birth_window",
    "leaving_age_span",
    "elder_share",
    "second_elder_share",
    "elder_entry_span",
    "elder_stay_span",
)
"""Parameters below ``composition.`` that `fit_composition` moves within their ranges."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published figure beside the life cycle's.

    Parameters
    ----------
    indicator, category : str
        As in the table ``household_composition``.
    region : int
        BPS code; 0 is the country.
    year : int
        Year of the published figure.
    published, modelled : float
        The figures, in `unit`.
    unit : str
        Their unit.
    quality : str
        Quality of the published figure.
    miss : float or None
        Difference that the fit takes as one; None if it does not look at the figure.
    use : {"fitted", "given", "checked"}
        In the fit; met by a parameter of its own; or neither, and so a test of the rest.
    """

    indicator: str
    category: str
    region: int
    year: int
    published: float
    modelled: float
    unit: str
    quality: str
    miss: float | None
    use: Literal["fitted", "given", "checked"]


class _Published:
    """Published figures by region, year, indicator and category."""

    def __init__(self) -> None:
        rows = read_table("household_composition").where(area="total").rows()
        self._rows: dict[tuple[int, str, str, int], Mapping[str, Any]] = {
            (row["bps_code"], row["indicator"], row["category"], row["year"]): row for row in rows
        }

    def value(self, region: int, indicator: str, category: str, year: int) -> float:
        return float(self._rows[region, indicator, category, year]["value"])

    def beside(
        self,
        key: tuple[int, str, str, int],
        modelled: float,
        miss: float | None = None,
        *,
        given: bool = False,
    ) -> Comparison:
        row, (region, indicator, category, year) = self._rows[key], key
        return Comparison(
            indicator, category, region, year, float(row["value"]), float(modelled),
            row["unit"], row["quality"], miss,
            "given" if given else "checked" if miss is None else "fitted",
        )  # fmt: skip

    def districts(self, indicator: str, category: str, year: int) -> dict[int, float]:
        return {
            region: float(row["value"])
            for (region, name, kind, when), row in self._rows.items()
            if region > _LAST_PROVINCE and (name, kind, when) == (indicator, category, year)
        }


def _words(rule: Rule, fertility: float, households: int) -> npt.NDArray[np.uint32]:
    """Draw households of one place."""
    from scipy.special import ndtri

    permanent = ndtri((np.arange(households) + 0.5) / households).astype(np.float32)
    word = np.zeros(households, np.uint32)
    compose(
        0, 1, np.uint32(draw_key(0)), _REPORT_YEAR, 0, np.array([0, households]),
        np.array([fertility], np.float32), rule, permanent, word,
    )  # fmt: skip
    return word


def _size_rows(
    published: _Published,
    rule: Rule,
    households: int,
    place: tuple[int, str, int],
    miss: float | None,
) -> list[Comparison]:
    region, indicator, year = place
    mean = published.value(region, "mean_household_size", "all", year)
    word = _words(rule, float(solve_fertility(rule, mean)[0]), households)
    size = np.minimum(field(word, "size").astype(np.int64), len(_SIZES))
    shares = 100.0 * np.bincount(size, minlength=len(_SIZES) + 1)[1:] / households
    return [
        published.beside((region, indicator, category, year), share, miss)
        for category, share in zip(_SIZES, shares, strict=True)
    ]


def _national_rows(published: _Published, rule: Rule, households: int) -> list[Comparison]:
    size = published.value(NATION, "mean_household_size", "all", 2017)
    fertility = float(solve_fertility(rule, size)[0])
    roles = expected_ages(rule, fertility)
    ages = np.sum(list(roles.values()), axis=0)

    def share(category: str, of: Floats) -> float:
        low, high = _AGE_BOUNDS[category]
        return 100.0 * float(ages[low:high].sum() / of.sum())

    word = _words(rule, fertility, households)
    with_elderly = 100.0 * float(np.mean(field(word, "elderly_60") > 0))
    old = ages[ELDERLY:]
    rows = [
        published.beside(
            (NATION, "mean_household_size", "all", 2017),
            float(field(word, "size").mean()),
            given=True,
        )
    ]
    for category, miss in _AGE_MISS.items():
        year = 2023 if category == "60+" else 2022
        key = (NATION, "population_share_by_age", category, year)
        rows.append(published.beside(key, share(category, ages), miss))
    key = (NATION, "population_share_by_age", "0-6 plus 60+", 2022)
    ends = 100.0 * float((ages[:SCHOOL].sum() + old.sum()) / ages.sum())
    rows.append(published.beside(key, ends, _ENDS_MISS))
    for category in ("0-4", "65+"):
        key = (NATION, "population_share_by_age", category, 2017)
        rows.append(published.beside(key, share(category, ages)))
    for category, miss in _OLD_MISS.items():
        key = (NATION, "elderly_by_age", category, 2023)
        rows.append(published.beside(key, share(category, old), miss))
    key = (NATION, "households_with_elderly", "any member 60+", 2023)
    rows.append(published.beside(key, with_elderly, _WITH_ELDERLY_MISS))
    heads = 1e4 * float(roles["head"][ELDERLY:].sum()) / with_elderly
    key = (NATION, "elderly_who_head_household", "head among elderly households", 2023)
    rows.append(published.beside(key, heads, _HEAD_MISS))
    frail = 100.0 * field(word, "disabled_elderly").sum() / field(word, "elderly_60").sum()
    key = (NATION, "severe_disability_share", "60+", 2015)
    rows.append(published.beside(key, float(frail), given=True))
    return rows


def _jambi_pregnancy(published: _Published, rule: Rule, households: int) -> Comparison:
    """Compare pregnancies per child: the sample is younger than the life cycle at its size."""
    mean = published.value(JAMBI, "mean_household_size", "all", 2020)
    word = _words(rule, float(solve_fertility(rule, mean)[0]), households)
    children = published.value(JAMBI, "population_share_by_age", "0-6", 2020)
    ratio = field(word, "pregnant").sum() / field(word, "age_0_6").sum()
    key = (JAMBI, "currently_pregnant_share", "all persons", 2020)
    return published.beside(key, float(ratio) * children, given=True)


def _district_rows(published: _Published, rule: Rule) -> list[Comparison]:
    """Compare the spread of districts: what follows from mean size alone."""
    sizes = published.districts("mean_household_size", "all", 2017)
    grid = np.linspace(min(sizes.values()), max(sizes.values()), 13)
    fertility = solve_fertility(rule, grid).astype(np.float64)
    rows = []
    for category in ("0-4", "65+"):
        low, high = _AGE_BOUNDS[category]
        at = [
            100.0 * sum(float(a[low:high].sum()) for a in expected_ages(rule, f).values()) / size
            for f, size in zip(fertility, expected_size(rule, fertility), strict=True)
        ]
        known = published.districts("population_share_by_age", category, 2017)
        codes = sorted(known.keys() & sizes.keys())
        modelled = np.interp([sizes[code] for code in codes], grid, at)
        found = np.array([known[code] for code in codes])
        rows.append(
            Comparison(
                "population_share_by_age", f"{category}, change per person of mean size", NATION,
                2017, _slope(sizes, codes, found), _slope(sizes, codes, modelled),
                f"points, {len(codes)} districts", "official", None, "checked",
            )
        )  # fmt: skip
    return rows


def _slope(sizes: Mapping[int, float], codes: list[int], values: Floats) -> float:
    return float(np.polyfit([sizes[code] for code in codes], values, 1)[0])


def _comparisons(rule: Rule, households: int, published: _Published) -> list[Comparison]:
    rows = _national_rows(published, rule, households)
    place = (JAMBI, "household_share_by_size", 2020)
    rows += _size_rows(published, rule, households, place, _JAMBI_MISS)
    for region, miss in SAMPLES_2008.items():
        rows += _size_rows(published, rule, households, (region, "households_by_size", 2008), miss)
    return rows


def composition_report(parameters: Parameters, households: int = 200_000) -> list[Comparison]:
    """Compare the life cycle with every published figure it should meet.

    Parameters
    ----------
    parameters : callable from str to float
        Value of a parameter by its id.
    households : int
        Households to draw for figures that are not worked out exactly.

    Returns
    -------
    list of Comparison
        Fitted and checked figures, misses included.
    """
    rule, published = read_rule(parameters), _Published()
    rows = _comparisons(rule, households, published)
    rows.append(_jambi_pregnancy(published, rule, households))
    return rows + _district_rows(published, rule)


def fit_composition(
    parameters: Parameters,
    ranges: Mapping[str, tuple[float, float]],
    households: int = 60_000,
    evaluations: int = 600,
) -> tuple[dict[str, float], float]:
    """Fit the parameters in `FITTED` to the published figures.

    Parameters
    ----------
    parameters : callable from str to float
        Value of a parameter by its id; the fit starts there.
    ranges : mapping of str to (float, float)
        Lowest and highest value of each fitted parameter, by full id.
    households : int
        Households to draw at each step.
    evaluations : int
        Most steps.

    Returns
    -------
    dict of str to float, float
        Fitted values by full id, and the sum of squared misses that is left.
    """
    from scipy.optimize import minimize

    ids = [f"composition.{name}" for name in FITTED]
    low, high = np.array([ranges[name] for name in ids]).T
    start = np.clip((np.array([parameters(name) for name in ids]) - low) / (high - low), 0, 1)
    published = _Published()

    def values(place: Floats) -> dict[str, float]:
        return dict(zip(ids, (low + place * (high - low)).tolist(), strict=True))

    def loss(place: Floats) -> float:
        moved = values(place)
        rule = read_rule(lambda name: moved[name] if name in moved else parameters(name))
        rows = _comparisons(rule, households, published)
        return sum(((r.modelled - r.published) / r.miss) ** 2 for r in rows if r.miss is not None)

    options = {"maxfev": evaluations, "xtol": 1e-3, "ftol": 1e-4}
    bounds = [(0.0, 1.0)] * len(ids)
    best = minimize(loss, start, method="Powell", bounds=bounds, options=options)
    return values(best.x), float(best.fun)
