"""The programmes that run in a month, as arrays.

**Which rupiah.** The rule table holds nominal rupiah of each year. A schedule gives amounts in
rupiah of the scenario's price year (the year of the base month): nominal rupiah divided by
`ProgrammeSchedule.price_index`, the national poverty line of the year over that of the price
year. An amount that stays the same on paper therefore falls in a schedule as the line rises.
After the last year of the table the rules stay, and their amounts follow the line by the share
``programme.indexation`` (1: worth the same for ever, 0: the same on paper for ever). Months before
the base year (the burn-in) have the rules and the rupiah of the base year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.rules import (
    COMPONENTS,
    NATIONAL,
    TEMPORARY,
    Channel,
    Definition,
    Eligibility,
    Kind,
    Parameter,
    Rule,
    default_parameter,
    price_index,
    rule_at,
    rule_years,
)
from kesos_sim.scenario import LocalProgramme
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = [
    "REGULAR",
    "TOPUPS",
    "TOPUP_NATIONAL",
    "TOPUP_REGIONAL",
    "ProgrammeSchedule",
    "names",
    "schedule",
]

TOPUP_REGIONAL: Final = "TOPUP_REGIONAL"
TOPUP_NATIONAL: Final = "TOPUP_NATIONAL"
TOPUPS: Final = (TOPUP_REGIONAL, TOPUP_NATIONAL)
"""Cash and food from new poverty money of regional governments and of the nation. Their quota and
amount differ by district and come from the treasury; a schedule has zeros for them."""

REGULAR: Final = ("PKH", "SEMBAKO")
"""Programmes that make a household one "in regular aid"."""

_FACTORS: Final = {
    "PKH": ("pkh_amount", "pkh_quota"),
    "SEMBAKO": ("sembako_amount", "sembako_quota"),
    "BLT_DESA": ("blt_desa_amount", "blt_desa_quota"),
    "PBI": (None, "pbi_quota"),
}
"""Levers that multiply today's amount and quota."""

_LOCAL_ELIGIBILITY: Final = {
    "any": Eligibility.ANY,
    "pkh": Eligibility.PKH_MEMBER,
    "elderly": Eligibility.ELDERLY,
    "disabled": Eligibility.DISABLED,
}
_TOPUP_STREAMS: Final = {TOPUP_REGIONAL: "apbd_province", TOPUP_NATIONAL: "apbn"}


@dataclass(frozen=True, slots=True)
class ProgrammeSchedule:
    """The programmes of one month; the place of a programme is its bit in enrolments.

    Attributes
    ----------
    month : Month
        The month.
    base : Month
        Base month of the scenario; its year is the price year.
    rule_year : int
        Year whose rules are in force.
    price_index : float
        National poverty line of the month's year over that of the price year.
    names : tuple of str
        Programmes: the national ones, the two top-ups, temporary aid if asked for, local ones.
    streams : tuple of str
        Who pays. New regional money comes from two streams; here it stands under the first.
    kind : int64[k], code, see `Kind`
    eligibility : int64[k], code, see `Eligibility`
    by_person : bool[k], flag, whether quota and amount count persons
    active : bool[k], flag, whether the programme runs in this month
    flat : float64[k], rupiah of the price year per household (PBI: person) and month
    pkh_part : float64[k], share, part of the PKH component amounts that the programme pays
    components : int64[7], rupiah of the price year per person and year, PKH amounts
    component_limits : int64[7], persons, most of each kind in a family
    component_most : int
        Most components of a family.
    elderly_age : int
        Age from which a member counts as elderly, 60 or 70.
    national_quota : float64[k], households (PBI: persons), in the whole country; local programmes:
        in their districts together
    due_share : float64[k], share of a year's help, what is paid out in this month
    channel : int64[k], code, see `Channel`
    districts : tuple
        Districts of each programme as a tuple of codes, or None for everywhere.
    """

    month: Month
    base: Month
    rule_year: int
    price_index: float
    names: tuple[str, ...]
    streams: tuple[str, ...]
    kind: NDArray[np.int64]
    eligibility: NDArray[np.int64]
    by_person: NDArray[np.bool_]
    active: NDArray[np.bool_]
    flat: NDArray[np.float64]
    pkh_part: NDArray[np.float64]
    components: NDArray[np.int64]
    component_limits: NDArray[np.int64]
    component_most: int
    elderly_age: int
    national_quota: NDArray[np.float64]
    due_share: NDArray[np.float64]
    channel: NDArray[np.int64]
    districts: tuple[tuple[int, ...] | None, ...]

    def index(self, name: str) -> int:
        """Return the place of a programme, which is also its bit."""
        return self.names.index(name)


@dataclass(frozen=True, slots=True)
class _Row:
    """One programme of a month before it is put into arrays."""

    definition: Definition
    kind: Kind
    eligibility: Eligibility
    active: bool
    flat: float
    pkh_part: float
    quota: float
    months_paid: float
    channel: Channel
    districts: tuple[int, ...] | None = None

    @property
    def tops_up(self) -> bool:
        """Whether it pays a part of what PKH pays."""
        return self.kind is Kind.PKH_TOPUP


def names(local: Sequence[LocalProgramme] = (), temporary: bool = False) -> tuple[str, ...]:
    """Return the programmes in the order of their bits.

    Parameters
    ----------
    local : sequence of LocalProgramme
        Programmes of provinces and districts.
    temporary : bool
        Whether temporary aid has a place.

    Returns
    -------
    tuple of str
        Names.
    """
    extra = (TEMPORARY.name,) if temporary else ()
    return (
        *(definition.name for definition in NATIONAL),
        *TOPUPS,
        *extra,
        *(programme.name for programme in local),
    )


def schedule(
    month: Month,
    lever: Callable[[str], float],
    local: Sequence[LocalProgramme] = (),
    *,
    base: Month | None = None,
    parameter: Parameter = default_parameter,
    temporary: bool = False,
    rules_until: int | None = None,
) -> ProgrammeSchedule:
    """Return the programmes of a month.

    Parameters
    ----------
    month : Month
        The month.
    lever : function
        Setting of a lever in this month by its name.
    local : sequence of LocalProgramme
        Programmes that provinces and districts add; amounts in rupiah of the price year.
    base : Month, optional
        Base month of the scenario; without it the month itself, so that amounts are nominal.
    parameter : function
        Value of a model parameter by id.
    temporary : bool
        Whether temporary aid (rice, cooking oil, fuel) takes part.
    rules_until : int, optional
        Last year whose rules are followed; later months keep them. Without it, the last year of
        the table.

    Returns
    -------
    ProgrammeSchedule
        Arrays over programmes.
    """
    base = month if base is None else base
    last = rule_years()[1] if rules_until is None else min(rules_until, rule_years()[1])
    # Before the base month there is only its burn-in, which keeps the base year's rules.
    now = max(month.year, base.year)
    year = min(max(now, rule_years()[0]), last)
    index = price_index(now, base.year, parameter)
    # An amount set in `year` is worth this much of the price year's rupiah in `month`.
    paper = price_index(now, year, parameter) ** parameter("programme.indexation")
    worth = paper / index
    on = lever("social_assistance")
    pkh: Rule | None = None
    rows: list[_Row] = []
    for definition in (*NATIONAL, *((TEMPORARY,) if temporary else ())):
        rule = rule_at(definition.name, year, month.month, parameter)
        amount, quota = (
            1.0 if name is None else lever(name)
            for name in _FACTORS.get(definition.name, (None, None))
        )
        if definition.name == "PKH":
            pkh = rule
        rows.append(_national_row(definition, rule, worth * amount, on * quota))
    rows[len(NATIONAL) : len(NATIONAL)] = [_topup_row(name, on) for name in TOPUPS]
    rows += [_local_row(programme, month, on) for programme in local]
    amounts = np.array(pkh.components if pkh else (0,) * len(COMPONENTS), np.float64)
    # A top-up pays a part of PKH's flat amount too, where PKH has one.
    flat = [rows[0].flat * row.pkh_part if row.tops_up else row.flat for row in rows]
    return ProgrammeSchedule(
        month=month,
        base=base,
        rule_year=year,
        price_index=index,
        names=tuple(row.definition.name for row in rows),
        streams=tuple(row.definition.stream for row in rows),
        kind=np.array([row.kind for row in rows], np.int64),
        eligibility=np.array([row.eligibility for row in rows], np.int64),
        by_person=np.array([row.definition.by_person for row in rows], np.bool_),
        active=np.array([row.active for row in rows], np.bool_),
        flat=np.array(flat, np.float64),
        pkh_part=np.array([row.pkh_part for row in rows], np.float64),
        components=np.rint(amounts * worth * lever("pkh_amount")).astype(np.int64),
        component_limits=np.array(pkh.limits if pkh else (0,) * len(COMPONENTS), np.int64),
        component_most=pkh.most if pkh else 0,
        elderly_age=pkh.elderly_age if pkh else 0,
        national_quota=np.array([row.quota for row in rows], np.float64),
        due_share=np.array([row.months_paid for row in rows], np.float64) / MONTHS_PER_YEAR,
        channel=np.array([row.channel for row in rows], np.int64),
        districts=tuple(row.districts for row in rows),
    )


def _national_row(definition: Definition, rule: Rule | None, worth: float, quota: float) -> _Row:
    """Turn the rule of a month into a row; a programme without one is there but does not run."""
    if rule is None:
        return _Row(
            definition, Kind.FLAT, definition.eligibility, False, 0.0, 0.0, 0.0, 0.0, Channel.BANK
        )
    kind = Kind.FLAT
    if definition.by_person:
        kind = Kind.PREMIUM
    elif any(rule.components):
        kind = Kind.PKH_COMPONENTS
    return _Row(
        definition,
        kind,
        definition.eligibility if rule.eligibility is None else rule.eligibility,
        quota > 0.0,
        rule.flat * worth,
        1.0 if kind is Kind.PKH_COMPONENTS else 0.0,
        rule.quota * quota,
        rule.months_paid,
        rule.channel,
    )


def _topup_row(name: str, on: float) -> _Row:
    """Make the place of a top-up; the treasury fills it."""
    definition = Definition(name, _TOPUP_STREAMS[name], Eligibility.ANY)
    return _Row(definition, Kind.FLAT, Eligibility.ANY, on > 0.0, 0.0, 0.0, 0.0, 1.0, Channel.BANK)


def _local_row(programme: LocalProgramme, month: Month, on: float) -> _Row:
    """Turn a programme of a scenario file into a row."""
    runs = programme.active(month) and on > 0.0
    tops_up = programme.kind == "pkh_topup"
    eligibility = Eligibility.PKH_MEMBER if tops_up else _LOCAL_ELIGIBILITY[programme.eligibility]
    return _Row(
        Definition(programme.name, programme.stream, eligibility),
        Kind.PKH_TOPUP if tops_up else Kind.FLAT,
        eligibility,
        runs,
        0.0 if tops_up or not runs else programme.amount,
        programme.amount if tops_up and runs else 0.0,
        programme.quota * on if runs else 0.0,
        1.0 if runs else 0.0,
        Channel.BANK,
        programme.districts,
    )
