"""Lines of budgets that new poverty money may be taken from, and what governments can move at all.

The model takes new money from lines by name and lets no line do more harm than another: measured,
other lines change no figure (`tests/emulator`). Sizes are today's, of what is published: lines of
regional budgets are the nation's composition applied to a place's own spending, the line of the
national budget is a place's part by its poor people, as new money of the nation is divided.
Travel is published nowhere as a line of its own (it is part of goods and services), so it has no
size here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kesos_sim.institutions.budgets import TRILLION, national_budget, province_budgets
from kesos_sim.institutions.fiscal_figures import apbd, apbn
from kesos_sim.institutions.places import province_totals
from kesos_sim.institutions.shares import room_share
from kesos_sim.scenario.format import FUNDING_SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kesos_sim.scenario.scenario import Scenario

__all__ = ["budget_lines"]

_LEVEL: Final = "provinsi_plus_kabkota"
_NATION: Final = 0
_PASSED_ON: Final = (
    "belanja_bagi_hasil_to_lower_levels_realised",
    "belanja_bantuan_keuangan_to_lower_levels_realised",
)
_WHOLE_YEAR: Final = 2019
"""Last year whose composition is published whole and undisturbed by the pandemic."""
_TO_NOVEMBER: Final = 2023
_SUBSIDY_YEAR: Final = 2024


def budget_lines(scenario: Scenario, places: Sequence[str]) -> dict[str, dict[str, object]]:
    """Return the lines of each place.

    Parameters
    ----------
    scenario : Scenario
        Base year and parameters.
    places : sequence of str
        The whole region first, then provinces as two digits.

    Returns
    -------
    dict of str to dict
        By place: ``own``, ``room`` and ``lines``; rupiah per year of the base year by budget
        (``apbd``, ``apbn``) or by line, None for a line whose size is not published.
    """
    year, parameter = scenario.start.year, scenario.parameter
    budgets, nation = province_budgets(year, parameter), national_budget(year)
    poor = {code: totals.poor for code, totals in province_totals(year).items()}
    shares = _composition()
    subsidy = apbn("perlinsos_subsidy_and_compensation")[_SUBSIDY_YEAR] * TRILLION
    found: dict[str, dict[str, object]] = {}
    total: dict[str, float] = {}
    for place in places[1:]:
        code = int(place)
        province, districts = budgets[code]
        own = province.own + (districts.own if districts else 0.0)
        part = poor[code] / poor[_NATION]
        sizes = {
            "own.apbd": own,
            "own.apbn": nation.own * part,
            "room.apbd": own * room_share("district", parameter),
            "room.apbn": nation.own * part * room_share("nation", parameter),
            "subsidi": subsidy * part,
        }
        sizes |= {line: own * share for line, share in shares.items()}
        for name, rupiah in sizes.items():
            total[name] = total.get(name, 0.0) + rupiah
        found[place] = _told(sizes)
    return {places[0]: _told(total), **found}


def _told(sizes: dict[str, float]) -> dict[str, object]:
    """Return sizes as a page wants them."""
    return {
        kind: {name: round(sizes[f"{kind}.{name}"]) for name in ("apbd", "apbn")}
        for kind in ("own", "room")
    } | {
        "lines": [
            {"line": line, "rupiah": round(sizes[line]) if line in sizes else None}
            for line in FUNDING_SOURCES
        ]
    }


def _composition() -> dict[str, float]:
    """Return parts of own spending by line, of all regional budgets of the nation together."""
    known = apbd(_LEVEL)

    def of(measure: str, year: int) -> float:
        return known[_NATION, measure][year][0]

    own = of("total_expenditure_realised", _WHOLE_YEAR) - sum(
        of(measure, _WHOLE_YEAR) for measure in _PASSED_ON
    )
    goods = of("belanja_barang_jasa_realised_to_november", _TO_NOVEMBER)
    return {
        "belanja_barang": goods / of("total_expenditure_realised_to_november", _TO_NOVEMBER),
        "belanja_hibah": of("belanja_hibah_realised", _WHOLE_YEAR) / own,
        "belanja_modal": of("belanja_modal_realised", _WHOLE_YEAR) / own,
    }
