"""The story of a district: what befell it, its body, its services and its money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.data.regions import region_name
from kesos_sim.experiments.following import (
    DistrictFollower,
    DistrictMonth,
)
from kesos_sim.experiments.run import Run
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.institutions.accounts import ARISAN, GENERAL, MUTUAL_HELP, Stage
from kesos_sim.reports.story import Chapter, hundred, school_kept, tell, years_of
from kesos_sim.units import DAYS_PER_MONTH, Month

__all__ = [
    "district_chapters",
    "district_intro",
    "district_money",
]

_NOTABLE: Final = 100
"""People who need or get first help in a month whose disaster is told."""
_FEW: Final = 2_000
"""Simulated households of a district below which its poverty rate moves by chance."""
_NEIGHBOURS: Final = (ARISAN, MUTUAL_HELP)
"""Lines of neighbours' own money, which no programme brings."""
_OUT: Final = ("delivered", "services", "administration", "leakage", "returned")


def district_intro(follower: DistrictFollower, run: Run, lang: str) -> str:
    """Say what the district is.

    Parameters
    ----------
    follower : DistrictFollower
        What was seen.
    run : Run
        The run.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    places, starts = follower.model.places, follower.model.world.layout.district_start
    said = tell(
        "district",
        lang,
        place=region_name(follower.code, lang),
        households=numbers.number(round(float(places.households[follower.place])), lang),
        people=numbers.people(float(places.population[follower.place]), lang),
        poor=numbers.number(_poverty(follower, run, 0), lang, 1),
        month=numbers.month_name(Month.parse(run.months[0]), lang),
    )
    simulated = int(starts[follower.place + 1] - starts[follower.place])
    if simulated >= _FEW:
        return said
    count = numbers.number(simulated, lang)
    return f"{said} {tell('district_few', lang, simulated=count, code=follower.code)}"


def district_chapters(
    follower: DistrictFollower, run: Run, rows: Sequence[int], lang: str
) -> tuple[Chapter, ...]:
    """Tell the months of a district; parameters as for `household_chapters`.

    Parameters
    ----------
    follower : DistrictFollower
        What was seen.
    run : Run
        The run, for its money and indicators.
    rows : sequence of int
        Months to tell, in months since the base month, in order.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chapter
    """
    start = follower.model.scenario.start
    shown = [month for month in follower.months if month.row in set(rows)]
    ends = years_of(shown, start)
    found = []
    for number, month in enumerate(shown):
        told = [] if number else [*_body(follower, month, lang)]
        if number:
            told += _changed(shown[number - 1], month, lang)
        if month.row in ends:
            told += _year(follower, run, ends[month.row], lang)
        found.append(Chapter(month.row, tuple(told)))
    return tuple(found)


def district_money(run: Run, code: int, rows: Sequence[int]) -> Mapping[str, Mapping[str, int]]:
    """Return what poverty programmes and services spent in a district.

    Parameters
    ----------
    run : Run
        The run.
    code : int
        BPS code of the district.
    rows : sequence of int
        Months, in months since the base month.

    Returns
    -------
    mapping of str to mapping of str to int
        Rupiah by stage of the ledger and programme; the general budget is left out.
    """
    books = run.books
    words = {name: np.array(known)[books.codes[name]] for name, known in books.words.items()}
    start = Month.parse(run.months[0])
    inside = np.isin(words["month"], [str(start + row) for row in rows])
    inside &= (words["region"] == f"{code:04d}") & (words["programme"] != GENERAL)
    found: dict[str, dict[str, int]] = {stage: {} for stage in _OUT}
    for stage in _OUT:
        chosen = inside & (words["stage"] == stage)
        for programme in np.unique(words["programme"][chosen]).tolist():
            rupiah = books.rupiah[chosen & (words["programme"] == programme)].sum()
            found[stage][programme] = int(rupiah)
    return found


def _body(follower: DistrictFollower, month: DistrictMonth, lang: str) -> Iterator[str]:
    """Say how body and services stand."""
    key = "body_awake" if month.awake else "body_asleep"
    body = follower.model.parts.serving.bodies.bodies[follower.place].label(lang)
    yield tell(key, lang, body=body, members=month.members, working=month.working)
    yield _services(month, lang)


def _services(month: DistrictMonth, lang: str) -> str:
    """Say who is served."""
    doubled = (month.places - month.served) / month.served if month.served else 0.0
    return tell(
        "services",
        lang,
        served=numbers.number(month.served, lang),
        in_need=numbers.number(month.in_need, lang),
        doubled=hundred(doubled, lang),
    )


def _changed(before: DistrictMonth, month: DistrictMonth, lang: str) -> Iterator[str]:
    """Say what befell the district, and what became of the body and its members."""
    if max(month.needed, month.first_helped) >= _NOTABLE:
        people = ("affected", "needed", "first_helped", "aided", "waiting")
        yield tell(
            "disaster" if month.affected else "disaster_after",
            lang,
            **{name: numbers.number(getattr(month, name), lang) for name in people},
        )
    if month.cash_families:
        yield tell("disaster_cash", lang, families=numbers.number(month.cash_families, lang))
    if month.bylaw and not before.bylaw:
        yield tell("bylaw", lang)
    if month.awake != before.awake:
        yield tell("body_wakes" if month.awake else "body_sleeps", lang)
    if month.joined or month.left:
        yield tell(
            "joins_and_leaves",
            lang,
            joined=month.joined,
            left=month.left,
            members=month.members,
        )


def _year(
    follower: DistrictFollower, run: Run, months: Sequence[DistrictMonth], lang: str
) -> Iterator[str]:
    """Sum up the money and the services of a year, or the part of it that was lived."""
    start = follower.model.scenario.start
    year = (start + months[0].row).year
    money = district_money(run, follower.code, [month.row for month in months])
    ours = {
        stage: {name: rupiah for name, rupiah in lines.items() if name not in _NEIGHBOURS}
        for stage, lines in money.items()
    }
    delivered = Stage.DELIVERED.name.lower()
    totals = {stage: _rupiah(sum(ours[stage].values()), lang) for stage in _OUT}
    span = numbers.months(len(months), lang)
    yield tell("budget", lang, year=year, months=span, **totals)
    if ours[delivered]:
        labels = {programme_label(name.lower(), lang): v for name, v in ours[delivered].items()}
        yield tell("budget_programme", lang, parts=_parts(labels, lang))
    for plan in run.plans:
        if plan.government == follower.code and plan.year == year:
            yield tell(
                "plan",
                lang,
                year=year,
                money=_rupiah(plan.money, lang),
                not_feasible=_rupiah(plan.not_feasible, lang),
            )
    last = months[-1]
    yield tell(
        "mutual_help",
        lang,
        groups=numbers.number(last.groups, lang),
        paid=_rupiah(sum(month.mutual_help for month in months), lang),
        arisan=_rupiah(money[delivered].get(ARISAN, 0), lang),
    )
    if unpaid := sum(month.unpaid for month in months):
        yield tell("year_unpaid", lang, months=numbers.months(unpaid, lang))
    if national := [month.national_money for month in months if month.national_money]:
        paid = {
            "rupiah": _rupiah(sum(national), lang),
            "months": numbers.months(len(national), lang),
        }
        yield tell("year_national", lang, **paid)
    yield _services(last, lang)
    yield from _helpers(months, lang)
    month_name = numbers.month_name(start + last.row, lang)
    poor = numbers.number(_poverty(follower, run, last.row), lang, 1)
    yield tell("poverty", lang, month=month_name, poor=poor)


def _helpers(months: Sequence[DistrictMonth], lang: str) -> Iterator[str]:
    """Sum up how long people waited, the money of organisations and the referral service."""
    reached = sum(month.reached for month in months)
    away = numbers.number(sum(month.sent_away for month in months), lang)
    if reached:
        waited = sum(month.months_waited for month in months)
        days = numbers.number(DAYS_PER_MONTH * waited / reached, lang)
        fields = {"reached": numbers.number(reached, lang), "days": days}
        yield tell("year_reached", lang, sent_away=away, **fields)
    income = {
        i18n.text(f"measures.fund.{source}", lang): sum(m.orsos_income[source] for m in months)
        for source in months[0].orsos_income
    }
    yield tell(
        "year_orsos",
        lang,
        income=_rupiah(sum(income.values()), lang),
        parts=_parts(income, lang),
        spent=_rupiah(sum(month.orsos_spent for month in months), lang),
        reserve=_rupiah(months[-1].orsos_reserve, lang),
    )
    fields = {
        "csr": _rupiah(sum(month.orsos_income["csr"] for month in months), lang),
        "share": hundred(months[-1].csr_routed, lang),
        "routed": _rupiah(sum(month.csr_through_forum for month in months), lang),
    }
    yield tell("year_forum", lang, **fields)
    if youth := round(sum(month.from_youth for month in months)):
        key = "year_youth" if youth > 0 else "year_youth_less"
        yield tell(key, lang, rupiah=_rupiah(abs(youth), lang))
    asking = round(sum(month.asking for month in months))
    if asking > 0:
        yield tell("year_asking", lang, people=numbers.number(asking, lang))
    if counselled := sum(month.counselled for month in months):
        yield tell("year_counselled", lang, cases=numbers.number(counselled, lang))
    yield from school_kept(months[-1].school_kept, lang)
    letters = sum(month.referral_letters for month in months)
    decided = letters + sum(month.referral_refused for month in months)
    counts = {
        "arrived": sum(month.referral_arrived for month in months),
        "letters": letters,
        "backlog": months[-1].referral_backlog,
    }
    if not decided:
        return
    days = numbers.number(sum(month.referral_days for month in months) / decided, lang)
    counted = {name: numbers.number(count, lang) for name, count in counts.items()}
    yield tell("year_referral", lang, days=days, **counted)


def _parts(money: Mapping[str, float], lang: str) -> str:
    """List money by its name."""
    return ", ".join(
        tell("year_part", lang, programme=name, rupiah=_rupiah(rupiah, lang))
        for name, rupiah in money.items()
    )


def _poverty(follower: DistrictFollower, run: Run, row: int) -> float:
    """Return the poverty rate of the district in percent."""
    code = f"{follower.code:04d}"
    column = run.regions.index(code) if code in run.regions else 0
    return float(run.figures["poverty_rate"][row, column])


def _rupiah(value: float, lang: str) -> str:
    return numbers.rupiah(value, lang, digits=3)
