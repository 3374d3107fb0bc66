"""The external check: a published simulation of five transfers, re-run without fitting anything.

Alatas et al. (2012, table 5) gave monthly transfers of 50 to 500 thousand rupiah to the 30% of
households that a proxy-means test ranked lowest in 640 sub-villages of three provinces, and
counted who stays below two lines. Here households of the model's own life cycle and welfare
process live in the same three provinces; a proxy-means test with the registry's accuracy ranks
them; everything received is consumed, as in the study.

What is given: sizes of households of the three provinces in 2008, the shape of the national curves
of consumption, and the two headcounts before any transfer (they place the two lines). No parameter
was fitted to a row with a transfer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.data import read_table
from kesos_sim.kernels.composition import compose, field
from kesos_sim.model.sample import ranks, share
from kesos_sim.population.lifecycle import Lifecycle
from kesos_sim.population.quantile import AREAS, rank_grid, reference_curve
from kesos_sim.rng import draw_key

__all__ = ["Study", "study_households", "transfer_figures"]

Floats = NDArray[np.float64]
Parameters = Callable[[str], float]

HOUSEHOLDS: Final = 120_000
"""Simulated households of the study; its headcounts then move by less than 0.1 points."""

_STUDY: Final = "Alatas et al. 2012"
_YEAR: Final = 2008
_THOUSAND: Final = 1000.0
_HALF: Final = 0.5
_QUINTILES: Final = 5
_TRANSFER: Final = re.compile(
    r"(very poor|poor) line, monthly transfer (?:Rp ([\d,]+)|no transfer)"
)
_GAP: Final = re.compile(r"gap with Rp ([\d,]+), poor line: ([\d.]+) PMT.* from ([\d.]+)")


@dataclass(frozen=True)
class Study:
    """Households of the study as the model makes them.

    Attributes
    ----------
    province, area : int64[n], BPS code; 0 urban and 1 rural
    size : float64[n], persons
    welfare : float64[n], ratio to the study's poverty line, consumption
    very_poor : float
        The study's lower line as a ratio to its poverty line.
    score : float64[n], normal score, what the proxy-means test finds
    selected : bool[n], whether the household is among those who receive
    """

    province: NDArray[np.int64]
    area: NDArray[np.int64]
    size: Floats
    welfare: Floats
    very_poor: float
    score: Floats
    selected: NDArray[np.bool_]

    def after(self, rupiah: float, line: float) -> Floats:
        """Return consumption when every selected household gets a monthly transfer.

        Parameters
        ----------
        rupiah : float
            Transfer per household and month.
        line : float
            Poverty line, rupiah per person and month.

        Returns
        -------
        float64[n], ratio to the poverty line
        """
        result: Floats = self.welfare + self.selected * rupiah / self.size / line
        return result


def study_households(parameters: Parameters, seed: int, households: int = HOUSEHOLDS) -> Study:
    """Draw the households of the study and let a proxy-means test select.

    Parameters
    ----------
    parameters : callable
        Value of a parameter by id.
    seed : int
        Seed of the draws.
    households : int
        Households to draw.

    Returns
    -------
    Study
        The headcounts before any transfer are those of the study.
    """
    parts = [
        _cell(parameters, seed, province, area, number, households)
        for number, (province, area) in enumerate(
            (province, area) for province in _sizes() for area in range(len(AREAS))
        )
    ]
    province, area, size, log_level, score = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    before = {line: value for _, line, rupiah, value in _published_headcounts() if rupiah == 0}
    order = np.argsort(log_level, kind="stable")
    rank = (np.arange(order.size) + _HALF) / order.size
    poor, very_poor = (
        float(np.interp(before[line] / 100.0, rank, log_level[order]))
        for line in ("poor", "very poor")
    )
    cell = province * len(AREAS) + area
    own_rank = ranks(score, np.ones(score.size), cell)
    return Study(
        province=province,
        area=area,
        size=size,
        welfare=np.exp(log_level - poor),
        very_poor=float(np.exp(very_poor - poor)),
        score=score,
        selected=own_rank < parameters("validation.study_coverage"),
    )


def _sizes() -> dict[int, float]:
    """Return mean household sizes in the study's provinces."""
    table = read_table("household_composition").where(
        year=_YEAR, indicator="mean_household_size", category="all"
    )
    return {int(row["bps_code"]): float(row["value"]) for row in table.rows()}


def _cell(
    parameters: Parameters, seed: int, province: int, area: int, number: int, households: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats, Floats]:
    """Draw the households of one province in towns or villages; provinces count the same."""
    urban = parameters("validation.study_urban_share")
    part = urban if area == 0 else 1.0 - urban
    n = round(households * part / len(_sizes()))
    draws = np.random.Generator(np.random.Philox(key=[seed, number]))
    permanent, persistent, transitory, noise = draws.standard_normal((4, n))
    life = Lifecycle.of(parameters, [_sizes()[province]])
    word = np.zeros(n, np.uint32)
    compose(
        0,
        1,
        np.uint32(draw_key(seed)),
        _YEAR,
        np.uint32(number * households),
        np.array([0, n], np.int64),
        life.fertility,
        life.rule,
        permanent.astype(np.float32),
        word,
    )
    size = field(word, "size").astype(np.float64)
    fixed, brief = parameters("household.permanent_share"), parameters("household.transitory_share")
    lasting = (
        np.sqrt(fixed) * permanent
        + np.sqrt(1.0 - fixed - brief) * persistent
        - parameters("household.size_score_slope") * np.log(size)
    )
    truth = parameters("registry.truth")
    place = ranks(lasting + np.sqrt(brief) * transitory, size)
    grid = rank_grid(parameters)
    level = np.log(_median(area)) + np.interp(
        ndtri(place), grid.score, reference_curve(area, _curve_year(), grid, parameters)
    )
    score = truth * lasting + np.sqrt(1.0 - truth**2) * noise
    return np.full(n, province, np.int64), np.full(n, area, np.int64), size, level, score


def _curve_year() -> int:
    """Return the year nearest to the study for which curves are published."""
    years = read_table("consumption_percentiles")["year"]
    return int(years[np.argmin(np.abs(years - _YEAR))])


def _median(area: int) -> float:
    """Return median consumption of towns or villages at purchasing power parity."""
    table = read_table("consumption_percentiles").where(year=_curve_year(), area=AREAS[area])
    return float(table["median_2011ppp_day"][0])


def _published_headcounts() -> Iterator[tuple[str, str, int, float]]:
    """Yield row, line, rupiah per household and month, and headcount in percent."""
    table = read_table("targeting_errors").where(study=f"{_STUDY} Table 5", method="PMT")
    for row in table.rows():
        found = _TRANSFER.search(row["metric"])
        if found:
            rupiah = int((found[2] or "0").replace(",", ""))
            yield str(row["id"]), found[1], rupiah, float(row["value"])


def transfer_figures(
    parameters: Parameters, seed: int, households: int = HOUSEHOLDS
) -> list[Figure]:
    """Put the study's figures beside the model's.

    Parameters
    ----------
    parameters : callable
        Value of a parameter by id.
    seed : int
        Seed of the draws.
    households : int
        Households to draw.

    Returns
    -------
    list of Figure
        Headcounts at both lines by transfer, the gap, errors of selection, the rank correlation
        and household sizes by quintile. Households are counted, as in the study.
    """
    study = study_households(parameters, seed, households)
    line = parameters("validation.study_line")
    return [
        *_headcounts(study, line),
        *_gaps(study, line),
        *_errors(study, line),
        _correlation(study),
        *_quintile_sizes(study),
    ]


def _figure(
    measure: str,
    detail: tuple[str | int, ...],
    published: float,
    modelled: float,
    unit: str,
    use: Use,
    row: str,
) -> Figure:
    return Figure(
        "transfer",
        "study",
        "alatas_2012",
        measure,
        detail,
        published,
        modelled,
        unit,
        "read",
        use,
        f"targeting_errors:{row}",
    )


def _headcounts(study: Study, line: float) -> Iterator[Figure]:
    limits = {"poor": 1.0, "very poor": study.very_poor}
    everyone = np.ones(study.size.size)
    for row, name, rupiah, published in _published_headcounts():
        modelled = share(study.after(rupiah, line) < limits[name], everyone)
        use: Use = "set" if rupiah == 0 else "scored"
        detail = (name.replace(" ", "_"), rupiah)
        yield _figure("study_headcount", detail, published, modelled, "percent", use, row)


def _gaps(study: Study, line: float) -> Iterator[Figure]:
    table = read_table("targeting_errors").where(study=f"{_STUDY} Table 5", method="PMT")
    for row in table.rows():
        found = _GAP.search(row["note"])
        if not found:
            continue
        steps = ((0, float(found[3])), (int(found[1].replace(",", "")), float(found[2])))
        for rupiah, published in steps:
            gap = 100.0 * float(np.maximum(1.0 - study.after(rupiah, line), 0.0).mean())
            yield _figure(
                "study_gap", (rupiah,), published, gap, "percent", "scored", str(row["id"])
            )


def _errors(study: Study, line: float) -> Iterator[Figure]:
    """Errors of selection; the groups of the non-poor are not defined in what was read."""
    poor, very = study.welfare < 1.0, study.welfare < study.very_poor
    middle = float(np.median(study.welfare[~poor]))
    chosen, everyone = study.selected, np.ones(study.size.size)
    wrong = np.where(poor, ~chosen, chosen)
    groups: dict[str, tuple[NDArray[np.bool_], Use]] = {
        "error rate all": (np.ones(poor.size, np.bool_), "scored"),
        "inclusion error (non-poor receiving)": (~poor, "scored"),
        "exclusion error (poor not receiving)": (poor, "scored"),
        "error rate near poor": (poor & ~very, "scored"),
        "error rate very poor": (very, "scored"),
        "error rate middle": (~poor & (study.welfare < middle), "shown"),
        "error rate rich": (study.welfare >= middle, "shown"),
    }
    for row in read_table("targeting_errors").where(study=_STUDY, method="PMT").rows():
        if row["metric"] in groups:
            group, use = groups[row["metric"]]
            word = row["metric"].split(" (")[0].replace("error rate ", "").replace(" ", "_")
            yield _figure(
                "study_error",
                (word,),
                100.0 * float(row["value"]),
                share(wrong, everyone, group),
                "percent",
                use,
                str(row["id"]),
            )
        elif row["unit"] == "Rp 1000":
            mean = float(np.average(study.welfare[chosen], weights=study.size[chosen]))
            yield _figure(
                "study_mean_consumption",
                (),
                float(row["value"]),
                mean * line / _THOUSAND,
                "thousand_rupiah",
                "scored",
                str(row["id"]),
            )


def _correlation(study: Study) -> Figure:
    """Rank correlation of the test's score with consumption inside the cells."""
    cell = study.province * len(AREAS) + study.area
    one = np.ones(cell.size)
    by_score, by_welfare = (ranks(value, one, cell) for value in (study.score, study.welfare))
    modelled = float(np.corrcoef(by_score, by_welfare)[0, 1])
    metric = "rank correlation with consumption, PMT"
    row = next(read_table("targeting_errors").where(metric=metric).rows())
    return _figure(
        "rank_correlation", (), float(row["value"]), modelled, "correlation", "set", str(row["id"])
    )


def _quintile_sizes(study: Study) -> Iterator[Figure]:
    """Mean household size by quintile of households, in the study's own sample."""
    table = read_table("household_composition").where(year=_YEAR, category="all")
    for province in _sizes():
        inside = study.province == province
        fifth = ranks(study.welfare[inside], np.ones(int(inside.sum()))) * _QUINTILES
        for number in range(1, _QUINTILES + 1):
            name = f"mean_household_size_quintile_{number}"
            row = next(table.where(bps_code=province, indicator=name).rows())
            mean = float(study.size[inside][fifth.astype(np.int64) == number - 1].mean())
            yield Figure(
                "transfer",
                "province",
                f"{province:02d}",
                "quintile_household_size",
                ("quintile", number),
                float(row["value"]),
                mean,
                "persons",
                str(row["quality"]),
                "set",
                f"household_composition:{name}:{_YEAR}",
            )
