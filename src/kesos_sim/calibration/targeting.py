"""Who is on the list and who receives, beside published errors, rates and overlaps.

Two lists stand beside the published experiments: the registry as it is (households that were never
listed, records of their age) and a census (everyone visited in this month). Published errors of
existing lists are compared with the registry, those of full enumeration with the census.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.data import read_table
from kesos_sim.model.sample import Sample, ranks, share
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["aid_of_2020", "targeting_figures"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ERRORS: Final = "targeting_errors"
_INCIDENCE: Final = "targeting_incidence"
_LISTS: Final = {"via UDB": "registry", "full census": "census"}
_COVERAGE: Final = re.compile(r"coverage (\d+)%")
_GROUP: Final = re.compile(r"(richest|poorest) (\d+)%")
_UNIT: Final = re.compile(r"(kabupaten|province)_(\d+)")
_PILOT_COVERAGE: Final = 0.3
_BAND: Final = 0.4
"""Source: table targeting_incidence, assistance is generally for deciles 1-4."""

_THOUSAND: Final = 1e3
_MILLION: Final = 1e6
_TENTH: Final = 0.1
_QUINTILES: Final = 5
_NEWS_OF_2020: Final = Month(2020, 11)
_AID_OF_2020: Final = ("PKH", "SEMBAKO", "BST", "BLT_DESA")
_MOST_IN_2020: Final = 30_000


def targeting_figures(sample: Sample) -> list[Figure]:
    """Compare lists, errors, receipt and overlap with what was published.

    Parameters
    ----------
    sample : Sample
        Households of the base month.

    Returns
    -------
    list of Figure
        What set the registry's parameters, then what tests it.
    """
    return [
        _correlation(sample),
        *_registration(sample),
        *_listed(sample),
        *_overlap(sample),
        *_experiments(sample),
        *_quintiles(sample),
        *_headlines(sample),
        *_receipt(sample),
    ]


def _figure(
    place: tuple[str, str],
    measure: str,
    detail: tuple[str | int, ...],
    numbers: tuple[float, float],
    quality: str,
    use: Use,
    source: str,
    unit: str = "percent",
) -> Figure:
    level, code = place
    return Figure("targeting", level, code, measure, detail, *numbers, unit, quality, use, source)


def _row(table: str, **key: object) -> dict[str, object]:
    return next(read_table(table).where(**key).rows())


def _correlation(sample: Sample) -> Figure:
    """Rank correlation of a visit's score with consumption inside strata."""
    row = _row(_ERRORS, metric="rank correlation with consumption, PMT")
    score, welfare = (
        ranks(value, sample.households, sample.stratum) - 0.5
        for value in (sample.seen_today, sample.welfare)
    )
    weight = sample.households
    modelled = np.average(score * welfare, weights=weight) / np.sqrt(
        np.average(score**2, weights=weight) * np.average(welfare**2, weights=weight)
    )
    numbers = float(str(row["value"])), float(modelled)
    return _figure(
        sample.place,
        "rank_correlation",
        (),
        numbers,
        str(row["status"]),
        "set",
        f"{_ERRORS}:{row['id']}",
        "correlation",
    )


def _registration(sample: Sample) -> Iterator[Figure]:
    """Chance to be on the list at both ends; published as bounds, so not judged."""
    rank = ranks(sample.welfare, sample.households)
    ends = {"poorest": rank < _TENTH, "richest": rank > 1.0 - _TENTH}
    for end, inside in ends.items():
        row = _row(_ERRORS, metric=f"probability of registration, {end} households")
        numbers = 100.0 * float(str(row["value"])), share(sample.listed, sample.households, inside)
        yield _figure(
            sample.place,
            "registered",
            (end,),
            numbers,
            str(row["status"]),
            "shown",
            f"{_ERRORS}:{row['id']}",
        )


def _listed(sample: Sample) -> Iterator[Figure]:
    """Share of people on the list: the nation in 2020, Jawa Tengah in 2025."""
    people = read_table("population_province")
    for row in read_table("dtks").where(register="DTKS").rows():
        measure, year = str(row["measure"]), int(row["year"])
        if measure == "individuals":
            code, nearest = 0, people.where(bps_code=0, year=year)
        elif measure.startswith("individuals_province_"):
            code = int(measure.rsplit("_", 1)[1])
            nearest = people.where(bps_code=code)
        else:
            continue
        inside = sample.inside(code)
        if (code and code not in sample.whole_provinces) or not len(nearest):
            continue
        closest = int(np.argmin(np.abs(nearest["year"] - year)))
        population = float(nearest["population_thousand"][closest]) * _THOUSAND
        place = sample.place if code == 0 else ("province", f"{code:02d}")
        numbers = (
            100.0 * float(row["value"]) / population,
            share(sample.listed, sample.persons, inside),
        )
        use: Use = "shown" if code == 0 else "set"
        yield _figure(
            place, "listed_people", (year,), numbers, str(row["quality"]), use, f"dtks:{measure}"
        )


def _overlap(sample: Sample) -> Iterator[Figure]:
    """PKH and Sembako families in 2022, from the lists of either, of Sembako and of PKH."""
    table = read_table("programme_beneficiaries").where(year=2022, region=0)
    either, food, pkh = (
        float(table.where(programme=name)["beneficiaries"][0])
        for name in ("BLT_MINYAK_GORENG", "SEMBAKO", "PKH")
    )
    in_pkh, in_food = sample.enrolled["PKH"], sample.enrolled["SEMBAKO"]
    origin: tuple[str, Use, str] = ("estimate", "set", "programme_beneficiaries:BLT_MINYAK_GORENG")
    numbers = 100.0 * (food + pkh - either) / pkh, share(in_food, sample.households, in_pkh)
    yield _figure(sample.place, "overlap", (2022,), numbers, *origin)
    if not sample.nation:
        return
    groups = {
        "both": (food + pkh - either, in_pkh & in_food),
        "pkh_only": (either - food, in_pkh & ~in_food),
        "sembako_only": (either - pkh, in_food & ~in_pkh),
    }
    for name, (published, inside) in groups.items():
        millions = published / _MILLION, float(sample.households[inside].sum()) / _MILLION
        yield _figure(
            sample.place, "overlap_families", (name, 2022), millions, *origin, "million_families"
        )


def _chosen(sample: Sample, kind: str, coverage: float) -> Flags:
    """Select a share of the households of every district by one of the two lists."""
    if kind == "census":
        score = sample.seen_today
    else:
        beyond = float(sample.on_record.max()) + 1.0
        score = np.where(sample.listed, sample.on_record, beyond)
    # What is left when the list is exhausted stays empty: nobody unlisted is selected.
    inside = ranks(score, sample.households, sample.district) < coverage
    return inside & (sample.listed | (kind == "census"))


def _experiments(sample: Sample) -> Iterator[Figure]:
    """Undercoverage and leakage of lists whose coverage was published."""
    rank = ranks(sample.before, sample.households)
    own, study = sample.place, "Bah et al. 2019"
    for row in read_table(_ERRORS).where(study=study, unit="percent").rows():
        name = str(row["method"]).partition(" ")[2].removesuffix(" at baseline coverage")
        coverage, group = _COVERAGE.search(row["population"]), _GROUP.search(row["metric"])
        if name not in _LISTS or coverage is None or group is None:
            continue
        yield _error(
            sample,
            rank,
            own,
            _LISTS[name],
            int(coverage[1]),
            group[1],
            int(group[2]),
            float(row["value"]),
            (str(row["status"]), f"{_ERRORS}:{row['id']}"),
        )
    pilot = _row(_ERRORS, metric="poorest 30% excluded")
    coverage_of_pilot = round(100 * _PILOT_COVERAGE)
    yield _error(
        sample,
        rank,
        own,
        "census",
        coverage_of_pilot,
        "poorest",
        30,
        float(str(pilot["value"])),
        (str(pilot["status"]), f"{_ERRORS}:{pilot['id']}"),
    )


def _error(
    sample: Sample,
    rank: Floats,
    own: tuple[str, str],
    kind: str,
    coverage: int,
    end: str,
    percent: int,
    published: float,
    origin: tuple[str, str],
) -> Figure:
    chosen, part = _chosen(sample, kind, coverage / 100.0), percent / 100.0
    poorest = end == "poorest"
    group = rank < part if poorest else rank > 1.0 - part
    modelled = share(~chosen if poorest else chosen, sample.households, group)
    return _figure(
        own,
        "undercoverage" if poorest else "leakage",
        (kind, f"{coverage}%", end, f"{percent}%"),
        (published, modelled),
        origin[0],
        "scored",
        origin[1],
    )


def _quintiles(sample: Sample) -> Iterator[Figure]:
    """Receipt by quintile of the cash transfer of 2005, at its coverage, by the registry."""
    table = read_table(_ERRORS).where(method="BLT 2005 PSE05 scorecard")
    coverage = float(table.where(metric="receipt rate all")["value"][0]) / 100.0
    chosen = _chosen(sample, "registry", coverage)
    fifth = (ranks(sample.before, sample.households) * _QUINTILES).astype(np.int64) + 1
    for number in range(1, _QUINTILES + 1):
        row = next(table.where(metric=f"receipt rate quintile {number}").rows())
        numbers = float(row["value"]), share(chosen, sample.households, fifth == number)
        yield _figure(
            sample.place,
            "quintile_receipt",
            ("quintile", number),
            numbers,
            str(row["status"]),
            "scored",
            f"{_ERRORS}:{row['id']}",
        )


def _headlines(sample: Sample) -> Iterator[Figure]:
    """Share of recipients above the eligible deciles; what was counted was never defined."""
    above = ranks(sample.before, sample.households) > _BAND
    chosen = sample.enrolled["PKH"] | sample.enrolled["SEMBAKO"]
    for name in ("PKH_AND_SEMBAKO", "ALL_SOCIAL_ASSISTANCE"):
        row = _row(_INCIDENCE, programme=name, measure="mistargeted_share")
        numbers = float(str(row["value"])), share(above, sample.households, chosen)
        yield _figure(
            sample.place,
            "above_band",
            (int(str(row["year"])),),
            numbers,
            str(row["quality"]),
            "shown",
            f"{_INCIDENCE}:{name}",
        )


def _receipt(sample: Sample) -> Iterator[Figure]:
    """Receipt rates of districts and provinces; those from counts of families set the quotas."""
    latest: dict[tuple[str, str], Figure] = {}
    for row in read_table(_INCIDENCE).rows():
        unit, name = _UNIT.fullmatch(row["group"]), str(row["programme"])
        if unit is None or name not in ("PKH", "SEMBAKO", "PKH_PLUS_SEMBAKO"):
            continue
        code, year = int(unit[2]), int(row["year"])
        inside = sample.inside(code)
        if not inside.any() or (unit[1] == "province" and code not in sample.whole_provinces):
            continue
        parts = ("PKH", "SEMBAKO") if name == "PKH_PLUS_SEMBAKO" else (name,)
        modelled = sum(share(sample.enrolled[part], sample.households, inside) for part in parts)
        of_district = unit[1] == "kabupaten"
        label = f"{code:04d}" if of_district else f"{code:02d}"
        figure = _figure(
            ("district" if of_district else "province", label),
            "district_receipt" if of_district else "receipt_rate",
            (name, year),
            (float(row["value"]), float(modelled)),
            str(row["quality"]),
            "scored" if of_district else "set",
            f"{_INCIDENCE}:{row['group']}",
        )
        kept = latest.get((label, name))
        if kept is None or int(kept.detail[1]) <= year:
            latest[label, name] = figure
    yield from latest.values()


def aid_of_2020(scenario: Scenario, threads: int) -> Figure:
    """Compare the share of poor people with any assistance in November 2020.

    Parameters
    ----------
    scenario : Scenario
        Its region, parameters and seed are used; the world opens in March 2019.
    threads : int
        Threads of the kernels.

    Returns
    -------
    Figure
        One figure, a test: nothing was fitted to it.
    """
    from kesos_sim.model.opening import open_model

    start = Month(2019, 3)
    world = replace(
        scenario.anchor,
        start=start,
        months=_NEWS_OF_2020 - start,
        growth="forward",
        root=None,
        levers={},
        events=(),
        programmes=(),
        households=min(scenario.households, _MOST_IN_2020),
    )
    model = open_model(world, threads)
    for _ in range(world.months):
        model.step()
    sample = Sample.of(model)
    helped = np.logical_or.reduce([sample.enrolled[name] for name in _AID_OF_2020])
    row = _row(_INCIDENCE, measure="received_any_assistance")
    numbers = float(str(row["value"])), share(helped, sample.persons, sample.before < 1.0)
    return _figure(
        sample.place,
        "aid_of_poor",
        (2020,),
        numbers,
        str(row["quality"]),
        "scored",
        f"{_INCIDENCE}:received_any_assistance",
    )
