"""Checks of disasters and of the response to them; what their sources disagree on."""

from __future__ import annotations

from typing import Final

import numpy as np

from kesos_sim.data.checking import Check, Checker, Tables, compare, known, spread
from kesos_sim.data.poverty_checks import place

_TABLE: Final = "disasters_province"
_SUMMED: Final = (
    "deaths_missing",
    "injured",
    "affected_displaced",
    "houses_heavy",
    "houses_medium",
    "houses_light",
    "houses_flooded",
)
_BY_KIND: Final = ("flood", "landslide", "tidal_wave_abrasion", "extreme_weather")
_OTHER_KINDS: Final = ("drought", "earthquake", "volcanic_eruption")
_YEARS: Final = (2023, 2024)
_BY_KIND_YEAR: Final = 2023
_WITHOUT_DISPLACED: Final = 2020
_HUNDRED: Final = 100.0


def _apart(tables: Tables, kind: str, year: int, column: str) -> tuple[float, float]:
    """Return a column of a full year: the sum of the provinces, and the nation's own figure."""
    rows = tables[_TABLE].where(hazard_type=kind, year=year, period="full_year")
    values, nation = rows[column], rows["bps_code"] == 0
    return float(np.nansum(values[~nation])), float(values[nation].sum())


def disaster_sums(tables: Tables) -> Check:
    """Check that people and houses of the provinces add up to the nation's to the unit."""
    found: dict[str, float] = {}
    for year in _YEARS:
        for column in _SUMMED:
            provinces, nation = _apart(tables, "all", year, column)
            found[place(year, column)] = provinces - nation
    for kind in _BY_KIND:
        provinces, nation = _apart(tables, kind, _BY_KIND_YEAR, "affected_displaced")
        found[place(_BY_KIND_YEAR, kind)] = provinces - nation
    return compare("disaster_sums", (_TABLE,), found, 0.0, "rows")


def disaster_events(tables: Tables) -> Check:
    """Measure: an event that crosses a border is counted in each province."""
    found: dict[str, float] = {}
    for year in _YEARS:
        provinces, nation = _apart(tables, "all", year, "events")
        found[str(year)] = _HUNDRED * (provinces / nation - 1.0)
    return known("disaster_events", (_TABLE,), found, "percent")


def disaster_kinds(tables: Tables) -> Check:
    """Measure: people affected by kind, provinces against the nation's line."""
    found: dict[str, float] = {}
    for kind in _OTHER_KINDS:
        provinces, nation = _apart(tables, kind, _BY_KIND_YEAR, "affected_displaced")
        found[kind] = _HUNDRED * (provinces / nation - 1.0)
    return known("disaster_kinds", (_TABLE,), found, "percent")


def disaster_dates(tables: Tables) -> Check:
    """Measure: events of a year by the day on which they were counted."""
    figures = {
        str(number): (place(int(row["bps_code"]), int(row["year"])), row["events"])
        for number, row in enumerate(tables[_TABLE].where(hazard_type="all").rows())
        if row["events"] > 0
    }
    return known("disaster_dates", (_TABLE,), spread(figures), "percent")


def displaced_or_affected(tables: Tables) -> Check:
    """Measure: people displaced against people affected and displaced of the same year."""
    year = tables[_TABLE].where(hazard_type="all", year=_WITHOUT_DISPLACED, bps_code=0)
    alone = tables["disaster_response"].where(fact="displaced_only")
    share = _HUNDRED * float(alone["value"].sum()) / float(year["affected_displaced"].sum())
    found = {place(0, _WITHOUT_DISPLACED): share - _HUNDRED}
    return known("displaced_or_affected", (_TABLE, "disaster_response"), found, "percent")


def tagana_counts(tables: Tables) -> Check:
    """Measure: members of Tagana of a year by source."""
    table = tables["disaster_response"].where(fact="tagana_members")
    figures = {
        str(number): (place(int(row["bps_code"]), int(row["year"])), row["value"])
        for number, row in enumerate(table.rows())
    }
    return known("tagana_counts", ("disaster_response",), spread(figures), "percent")


def arrival_aims(tables: Tables) -> Check:
    """Measure: times of arrival that are aims of the ministry, not measurements."""
    aims = ["tagana_arrival_time_target", "tagana_arrival_time_aspiration"]
    table = tables["disaster_response"].where(fact=aims)
    found = {place(0, int(row["year"]), row["fact"]): 1.0 for row in table.rows()}
    return known("arrival_aims", ("disaster_response",), found, "rows")


HAZARD_CHECKS: Final[tuple[Checker, ...]] = (disaster_sums,)
HAZARD_DISAGREEMENTS: Final[tuple[Checker, ...]] = (
    disaster_events,
    disaster_kinds,
    disaster_dates,
    displaced_or_affected,
    tagana_counts,
    arrival_aims,
)
