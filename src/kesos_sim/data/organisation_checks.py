"""Where counts of people in need and of organisations disagree or are thin; left as published."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from kesos_sim.data.checking import Check, Checker, Tables, known, spread
from kesos_sim.data.poverty_checks import place

_TABLES: Final = (
    "pmks_counts",
    "orsos_profile",
    "capacity_needs",
    "wksbm_community",
    "psks_counts",
)
_HOMES: Final = (
    "panti_asuhan_number",
    "panti_with_government_subsidy",
    "lksa_reporting_to_siks_ng",
)
_CHILDREN: Final = ("panti_asuhan_children", "children_in_lksa_care")
_STUDY_CHILDREN: Final = 500_000
_HUNDRED: Final = 100.0
_JAWA_TENGAH: Final = 33
_MALANG: Final = 3573
_BLORA: Final = 3316
_NEWEST: Final = 2024
_JAKARTA: Final = (3171, 3173)
_OTHER_PRINT: Final = re.compile(
    r"still printed ([0-9]+)|headline prints ([0-9]+)|prints ([0-9]+) for 2013"
)
_NEXT_YEAR: Final = re.compile(r"also prints ([0-9]+) for (20[0-9]+)")
_PER_HOME: Final = re.compile(r"about ([0-9]+) per home")


def pmks_persons_or_families(tables: Tables) -> Check:
    """Measure: counts of which the sources do not agree whether they are of persons or families."""
    table = tables["pmks_counts"].where(unit="persons or families")
    found = {_at(row, row["pmks_type"]): 1.0 for row in table.rows()}
    return known("pmks_persons_or_families", ("pmks_counts",), found, "rows")


def neglected_children(tables: Tables) -> Check:
    """Measure: national counts of neglected children, and the count of all children in need."""
    table = tables["pmks_counts"].where(bps_code=0, pmks_type=["anak_terlantar", "anak_all_types"])
    return known("neglected_children", ("pmks_counts",), _together(table.rows()), "percent")


def neglected_elderly(tables: Tables) -> Check:
    """Measure: two national counts of neglected elderly people."""
    table = tables["pmks_counts"].where(bps_code=0, pmks_type="lanjut_usia_terlantar")
    return known("neglected_elderly", ("pmks_counts",), _together(table.rows()), "percent")


def destitute_people(tables: Tables) -> Check:
    """Measure: destitute people of one province against an earlier count of the whole country."""
    table = tables["pmks_counts"]
    nation = table.where(bps_code=0, pmks_type="fakir_miskin_and_wanita_rawan_sosial_ekonomi")
    province = table.where(bps_code=_JAWA_TENGAH, pmks_type="fakir_miskin")
    share = _HUNDRED * (float(province["count"].sum()) / float(nation["count"].sum()) - 1.0)
    return known("destitute_people", ("pmks_counts",), {place(_JAWA_TENGAH): share}, "percent")


def remote_families(tables: Tables) -> Check:
    """Measure: two counts of families in remote communities."""
    table = tables["pmks_counts"].where(bps_code=0, pmks_type="komunitas_adat_terpencil")
    return known("remote_families", ("pmks_counts",), _together(table.rows()), "percent")


def street_children(tables: Tables) -> Check:
    """Measure: counts of street children of the same year in two newspapers."""
    table = tables["pmks_counts"].where(bps_code=0, pmks_type="anak_jalanan")
    figures: list[tuple[str, float]] = []
    for row in table.rows():
        year = str(int(row["year"]))
        figures.append((year, row["count"]))
        figures += [(year, other) for other in _other_prints(row["note"])]
        later = _NEXT_YEAR.search(row["note"])
        if later:
            figures.append((later[2], float(later[1])))
    found = spread({str(number): figure for number, figure in enumerate(figures)})
    return known("street_children", ("pmks_counts",), found, "percent")


def printed_twice(tables: Tables) -> Check:
    """Measure: counts for which the same article, or another one, prints a second figure."""
    found: dict[str, float] = {}
    for row in tables["pmks_counts"].where(pmks_type="all_reached").rows():
        for other in _other_prints(row["note"]):
            found[_at(row, row["pmks_type"])] = _percent(row["count"], other)
    for row in tables["capacity_needs"].where(fact="social_workers_available").rows():
        for other in _other_prints(row["note"]):
            found[_at(row, row["fact"])] = _percent(row["value"], other)
    return known("printed_twice", ("pmks_counts", "capacity_needs"), found, "percent")


def unit_read_into(tables: Tables) -> Check:
    """Measure: counts printed without a unit, which was read into them."""
    rows = tables["pmks_counts"].rows()
    found = {_at(row, row["pmks_type"]): 1.0 for row in rows if "unit read as" in row["note"]}
    return known("unit_read_into", ("pmks_counts",), found, "rows")


def reached_not_stock(tables: Tables) -> Check:
    """Measure: counts of people picked up in some time, which are not how many there are."""
    rows = tables["pmks_counts"].where(bps_code=_JAKARTA).rows()
    found = {_at(row, row["pmks_type"]): 1.0 for row in rows}
    return known("reached_not_stock", ("pmks_counts",), found, "rows")


def childrens_homes(tables: Tables) -> Check:
    """Measure: numbers of children's homes, and of children in them, by register."""
    table = tables["orsos_profile"].where(bps_code=0)
    names = {fact: "homes" for fact in _HOMES} | {fact: "children" for fact in _CHILDREN}
    figures = {
        str(number): (names[row["fact"]], row["value"])
        for number, row in enumerate(table.where(fact=list(names)).rows())
    }
    return known("childrens_homes", ("orsos_profile",), spread(figures), "percent")


def children_per_home(tables: Tables) -> Check:
    """Measure: clients per children's home, three registers against a study and a statement."""
    figures: list[float] = []
    for row in tables["orsos_profile"].where(bps_code=0).rows():
        told = _PER_HOME.search(row["note"])
        if row["unit"] == "children per organisation":
            figures.append(row["value"])
        elif "half a million children" in row["note"]:
            figures.append(_STUDY_CHILDREN / row["value"])
        elif told:
            figures.append(float(told[1]))
    found = spread({str(number): ("panti", figure) for number, figure in enumerate(figures)})
    return known("children_per_home", ("orsos_profile",), found, "percent")


def one_city(tables: Tables) -> Check:
    """Measure: shares of organisations that work and coordinate, known for one city only."""
    rows = tables["orsos_profile"].where(bps_code=_MALANG).rows()
    found = {_at(row, row["fact"]): 1.0 for row in rows}
    return known("one_city", ("orsos_profile",), found, "rows")


def no_year(tables: Tables) -> Check:
    """Measure: rows whose source gives no year."""
    found = {
        place(name, row["region"], row.get("fact", row.get("pmks_type", row.get("psks_type")))): 1.0
        for name in _TABLES
        for row in tables[name].rows()
        if math.isnan(row["year"])
    }
    return known("no_year", _TABLES, found, "rows")


def listed_not_poor(tables: Tables) -> Check:
    """Measure: share of a district in the recipient register against its poverty rate."""
    listed = tables["capacity_needs"].where(fact="dtks_population_share", bps_code=_BLORA)
    poor = tables["poverty_kabupaten"].where(bps_code=_BLORA, year=_NEWEST)["poverty_rate_p0"]
    found = {_at(row, row["fact"]): row["value"] - float(poor.sum()) for row in listed.rows()}
    return known("listed_not_poor", ("capacity_needs", "poverty_kabupaten"), found, "points")


def psks_counted_twice(tables: Tables) -> Check:
    """Measure: counts of helpers of one kind, place and year that sources give differently."""
    figures = {
        str(number): (_at(row, row["psks_type"]), row["count"])
        for number, row in enumerate(tables["psks_counts"].where(bps_code=0).rows())
    }
    return known("psks_counted_twice", ("psks_counts",), spread(figures), "percent")


def psks_stated(tables: Tables) -> Check:
    """Measure: counts of helpers worked out from statements such as one in each village."""
    rows = tables["psks_counts"].where(quality="estimate").rows()
    found = {_at(row, row["psks_type"]): 1.0 for row in rows}
    return known("psks_stated", ("psks_counts",), found, "rows")


def psks_part(tables: Tables) -> Check:
    """Measure: counts of helpers that cover a part of a province under its code."""
    rows = tables["psks_counts"].rows()
    found = {
        place(row["region"], row["psks_type"]): 1.0
        for row in rows
        if "sub-provincial" in row["note"]
    }
    return known("psks_part", ("psks_counts",), found, "rows")


def _together(rows: Iterator[dict[str, Any]]) -> dict[str, float]:
    """Return by how many percent the counts of all these rows differ."""
    figures = {str(number): ("00", row["count"]) for number, row in enumerate(rows)}
    return dict(spread(figures))


def _other_prints(note: str) -> list[float]:
    """Return the figures that a note says are printed too."""
    return [float(other) for found in _OTHER_PRINT.findall(note) for other in found if other]


def _percent(one: float, other: float) -> float:
    """Return by how many percent the larger of two figures exceeds the smaller."""
    return spread({"one": ("", one), "other": ("", other)})[""]


def _at(row: dict[str, Any], what: str) -> str:
    """Write where a row stands."""
    code = int(row["bps_code"])
    return place(code, what) if math.isnan(row["year"]) else place(code, int(row["year"]), what)


ORGANISATION_DISAGREEMENTS: Final[tuple[Checker, ...]] = (
    pmks_persons_or_families,
    neglected_children,
    neglected_elderly,
    destitute_people,
    remote_families,
    street_children,
    printed_twice,
    unit_read_into,
    reached_not_stock,
    childrens_homes,
    children_per_home,
    one_city,
    no_year,
    listed_not_poor,
    psks_counted_twice,
    psks_stated,
    psks_part,
)
