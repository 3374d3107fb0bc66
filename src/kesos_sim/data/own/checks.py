"""What the figures of a file must satisfy together, and with what is published."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kesos_sim.data.own.figures import OwnFigure
from kesos_sim.data.own.layout import AREAS, LAYOUT, OF_A_YEAR
from kesos_sim.data.own.problems import Problems
from kesos_sim.data.own.published import Known, areas_of, published
from kesos_sim.i18n import LANGUAGES, numbers

__all__ = ["Written", "check_figures"]

_ROUNDING: Final = 0.005
_RATES: Final = ("p0", "p1", "p2")
_OTHER_UNIT: Final = 100.0
"""A budget smaller than published by more than this is in thousands or millions of rupiah."""
_LEAST_BUDGET: Final = 1e10
"""Rupiah below the budget of every district."""
_CLOSE: Final = 0.1
"""Percentage points by which a total may differ from its areas."""
_PARTS: Final = ("passed_on", "poverty", "movable")
_PROVINCES_BELOW: Final = 100


@dataclass(frozen=True, slots=True)
class Written:
    """A figure as it stands in the file, with its place for messages.

    Attributes
    ----------
    figure : OwnFigure
        The figure.
    sheet : str
        Name of the sheet in the file.
    row : int
        Row as the spreadsheet counts it.
    column : str
        Letter and heading.
    same : bool
        Whether it is what is published.
    """

    figure: OwnFigure
    sheet: str
    row: int
    column: str
    same: bool


def check_figures(written: Sequence[Written], base: int, problems: Problems) -> None:
    """Find figures that contradict each other.

    Parameters
    ----------
    written : sequence of Written
        All figures of a file.
    base : int
        Base year.
    problems : Problems
        Told what is wrong.
    """
    years: dict[int, dict[tuple[int, str, str], Written]] = {base: {}}
    for one in written:
        figure, yearly = one.figure, one.figure.measure in OF_A_YEAR
        if one.same:
            continue
        of_year = years.setdefault(figure.year if yearly else base, {})
        of_year[figure.region, figure.measure, figure.part] = one
        if yearly and figure.year != base and figure.part != AREAS[-1]:
            fields = {"got": str(figure.year), "base": str(base)}
            problems.add("area_of_other_year", one.sheet, one.row, one.column, **fields)
        elif (
            yearly
            and figure.region < _PROVINCES_BELOW
            and figure.part not in areas_of(figure.region, base)
        ):
            problems.add("no_such_area", one.sheet, one.row, one.column)
    own, known = years[base], published(base)
    for year, of_year in sorted(years.items()):
        rated = {(region, part) for region, measure, part in of_year if measure in _RATES}
        for region, part in sorted(rated):
            _check_rates(of_year, known if year == base else {}, region, part, problems)
    totals = {region for region, measure, part in own if measure in _RATES and part == AREAS[-1]}
    for region in sorted(totals):
        _check_total(own, known, region, problems)
    budgets = {region for region, measure, _ in own if measure == "amount"}
    for region in sorted(budgets):
        _check_budget(own, known, region, problems)


_Own = Mapping[tuple[int, str, str], Written]
_Published = Mapping[tuple[int, str, str], Known]


def _best(own: _Own, known: _Published, place: tuple[int, str, str]) -> float:
    """Return the own figure, else the published one, else NaN."""
    if place in own:
        return own[place].figure.value
    return known[place].value if place in known else math.nan


def _check_rates(own: _Own, known: _Published, region: int, part: str, problems: Problems) -> None:
    """Refuse rates, gaps and severities that no distribution has."""
    p0, p1, p2 = (_best(own, known, (region, name, part)) for name in _RATES)
    if (region, "p0", part) in own and (region, "p0", part) in known:
        # The model lets gap and severity follow the rate where they are not replaced.
        factor = p0 / known[region, "p0", part].value
        p1 *= 1.0 if (region, "p1", part) in own else factor
        p2 *= 1.0 if (region, "p2", part) in own else factor
    ordered = not (p1 > p0 or p2 > p1)
    # The square of a mean is at most the mean of squares, here over the poor.
    possible = not (p1 - _ROUNDING) ** 2 > (p0 + _ROUNDING) * (p2 + _ROUNDING)
    if ordered and possible:
        return
    one = next(own[region, name, part] for name in _RATES if (region, name, part) in own)
    found = {
        lang: "; ".join(
            f"{LAYOUT['poverty'].columns[3 + i].title(lang)} {numbers.number(value, lang, 2)}"
            for i, value in enumerate((p0, p1, p2))
        )
        for lang in LANGUAGES
    }
    problems.add("impossible", one.sheet, one.row, one.column, got=found)


def _check_total(own: _Own, known: _Published, region: int, problems: Problems) -> None:
    """Refuse a province's total that its own urban and rural figures do not give."""
    for name in _RATES:
        whole = own.get((region, name, AREAS[-1]))
        parts = [area for area in AREAS[:-1] if (region, name, area) in own]
        if whole is None or not parts:
            continue
        people = [_best(own, known, (region, "persons", area)) for area in AREAS[:-1]]
        rates = [_best(own, known, (region, name, area)) for area in AREAS[:-1]]
        pairs = [(n, r) for n, r in zip(people, rates, strict=True) if n > 0.0 and r >= 0.0]
        mean = sum(n * r for n, r in pairs) / sum(n for n, _ in pairs)
        if abs(mean - whole.figure.value) > _CLOSE:
            said = {lang: numbers.percent(mean, lang, 2) for lang in LANGUAGES}
            got = {lang: numbers.percent(whole.figure.value, lang, 2) for lang in LANGUAGES}
            problems.add("other_total", whole.sheet, whole.row, whole.column, got=got, mean=said)


def _check_budget(own: _Own, known: _Published, region: int, problems: Problems) -> None:
    """Refuse a total that is not in full rupiah, and lines larger than what they are part of."""
    whole = own.get((region, "amount", "total"))
    usual = known.get((region, "amount", "total"))
    total = _best(own, known, (region, "amount", "total"))
    least = _LEAST_BUDGET if usual is None else usual.value / _OTHER_UNIT
    if whole is not None and total < least:
        said = {lang: numbers.rupiah(total, lang) for lang in LANGUAGES}
        asked = {lang: numbers.rupiah(least, lang, digits=2) for lang in LANGUAGES}
        problems.add("other_unit", whole.sheet, whole.row, whole.column, got=said, least=asked)
    passed_on = own.get((region, "amount", "passed_on"))
    for part in _PARTS:
        line = own.get((region, "amount", part))
        if line is None:
            continue
        if math.isnan(total):
            problems.add("no_figure", line.sheet, line.row, line.column)
            continue
        most = total
        if part != "passed_on" and passed_on is not None:
            most -= passed_on.figure.value
        if line.figure.value > most:
            got = {lang: numbers.rupiah(line.figure.value, lang) for lang in LANGUAGES}
            left = {lang: numbers.rupiah(most, lang) for lang in LANGUAGES}
            problems.add("more_than_total", line.sheet, line.row, line.column, got=got, most=left)
