"""What a package does in one budget year: activities, their money by payer and place, their levers.

An activity is a line of the books. Its money is the paired difference between the package and
the baseline; the levers that move the line say how much of it there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim.institutions import accounts
from kesos_sim.institutions.government import District, Nation, Province
from kesos_sim.institutions.programmes import TOPUPS
from kesos_sim.institutions.rules import STREAMS
from kesos_sim.reports.context import in_language
from kesos_sim.reports.new_money import booked, line_words
from kesos_sim.reports.plans.package import Package
from kesos_sim.reports.plans.strategies import STRATEGIES, Strategy, strategy_of_line
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Activity",
    "activities",
    "existing_programmes",
    "lines_of_lever",
    "payers_of_lever",
    "without_money",
]

_SHARE_LINES: Final = (
    *TOPUPS,
    accounts.ENTERPRISE,
    accounts.REGISTRY,
    accounts.SERVICES,
    accounts.NEW_MONEY,
)
"""Lines that money of a higher budget share is spent on."""
_LINES_OF_COST: Final[Mapping[str, tuple[str, ...]]] = {
    "share": _SHARE_LINES,
    "verification": (accounts.REGISTRY,),
    "openness": (accounts.REGISTRY,),
    "matching": (accounts.REGISTRY,),
    "coordination": (accounts.COORDINATION,),
    "member_reports": (accounts.COORDINATION,),
    "bkkks_fundraising": (accounts.COORDINATION,),
    "national_secretariat": (accounts.COORDINATION,),
    "audit": (accounts.NEW_MONEY,),
    "dialogue": (accounts.POLITICS,),
    "outreach": (accounts.POLITICS,),
    "bylaw": (accounts.POLITICS,),
    "training": (accounts.ORSOS_TRAINING,),
    "volunteer_management": (accounts.ORSOS_TRAINING,),
    "certification": (accounts.ORSOS_CERTIFICATION,),
    "marketing": (accounts.SOCIAL_MARKETING,),
    "obligation": (accounts.ORSOS_GRANTS,),
    "aftercare": (accounts.AFTERCARE,),
    "medical_referral": (accounts.AFTERCARE,),
    "adaptive_cash": (accounts.DISASTER,),
    "house_repair": (accounts.HOUSING,),
    "kat_programme": (accounts.KAT,),
    "monitoring": (accounts.MONITORING,),
    "wksbm": (accounts.WKSBM,),
    "women_leaders": (accounts.WKSBM,),
    "linking": (accounts.LINKING,),
    "facilitators": (accounts.LINKING,),
    "youth_groups": (accounts.LINKING,),
    "extension_workers": (accounts.LINKING,),
    "market": (accounts.EMPOWERMENT,),
    "graduation": (accounts.EMPOWERMENT,),
    "cooperation": (
        accounts.DISASTER,
        accounts.PREPAREDNESS,
        accounts.ORSOS_GRANTS,
        accounts.AFTERCARE,
    ),
    "preparedness": (accounts.PREPAREDNESS,),
    "complaint_channel": (accounts.PARTICIPATION,),
    "village_deliberation": (accounts.PARTICIPATION,),
}
"""Lines of the books that a lever's rule of cost writes on."""
_WITHIN_SHARE: Final[Mapping[str, tuple[str, ...]]] = {
    "portfolio_cash": TOPUPS,
    "portfolio_food": TOPUPS,
    "topup_coverage": TOPUPS,
    "portfolio_enterprise": (accounts.ENTERPRISE,),
    "kube_share": (accounts.ENTERPRISE,),
    "enterprise_coaching": (accounts.ENTERPRISE,),
    "portfolio_registry": (accounts.REGISTRY,),
    "portfolio_services": (accounts.SERVICES,),
}
_LEVELS: Final = (Nation, Province, District)
_PROGRAMME_LEVERS: Final = ("pkh", "sembako", "blt_desa", "pbi")
_SPENT: Final = tuple(stage.name.lower() for stage in accounts.SPENT)
_LEAST: Final = 1e6
"""Rupiah per year from which a difference counts as money of an activity."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the books in one year.

    Attributes
    ----------
    line : str
        Programme in the ledger.
    label : str
        Its name.
    strategy : str
        The strategy that it serves.
    rupiah : float
        Added spending in the year, rupiah.
    by_stream : mapping of str to float
        The same by payer, rupiah.
    by_region : mapping of str to float
        The same by region of the books, rupiah.
    first, last : Month
        First and last month of the year with added spending.
    levers : tuple of str
        Levers of the package that move it.
    """

    line: str
    label: str
    strategy: Strategy
    rupiah: float
    by_stream: Mapping[str, float]
    by_region: Mapping[str, float]
    first: Month
    last: Month
    levers: tuple[str, ...]


def lines_of_lever(name: str) -> tuple[str, ...]:
    """Return the lines of the books that a lever's money is written on.

    Parameters
    ----------
    name : str
        A lever of `LEVERS`.

    Returns
    -------
    tuple of str
        Programmes in the ledger; empty for a lever that adds no cost of its own.
    """
    if name in _WITHIN_SHARE:
        return _WITHIN_SHARE[name]
    for programme in _PROGRAMME_LEVERS:
        if name.startswith(f"{programme}_"):
            return (programme.upper(),)
    return _LINES_OF_COST.get(LEVERS[name].cost, ())


def payers_of_lever(name: str) -> tuple[str, ...]:
    """Return the payers whose money a lever moves.

    Parameters
    ----------
    name : str
        A lever of `LEVERS`.

    Returns
    -------
    tuple of str
        Streams of the books: those of its own budget for a share of a budget, else all.

    Examples
    --------
    >>> payers_of_lever("apbd_poverty_share")
    ('apbd_province', 'apbd_district')
    """
    own = tuple(level.stream for level in _LEVELS if level.lever == name)
    return own or STREAMS


def activities(package: Package, year: int) -> list[Activity]:
    """Return what a package does in a year that adds spending.

    Parameters
    ----------
    package : Package
        The package.
    year : int
        Calendar year.

    Returns
    -------
    list of Activity
        By strategy, the most expensive first. Programmes of today whose cost changes only
        because their recipients do are left out; see `existing_programmes`.
    """
    frame = _differences(package, year)
    own = {programme.name for programme in package.scenario.programmes}
    moved = {line for name in package.levers for line in lines_of_lever(name)}
    found = [
        _activity(package, str(line), rows)
        for line, rows in frame.groupby("programme", sort=True)
        if line in own | moved and abs(rows["rupiah"].sum()) >= _LEAST
    ]
    return sorted(found, key=lambda one: (STRATEGIES.index(one.strategy), -one.rupiah))


def existing_programmes(package: Package, year: int) -> float:
    """Return by how much other programmes cost more because their recipients have changed.

    Parameters
    ----------
    package : Package
        The package.
    year : int
        Calendar year.

    Returns
    -------
    float
        Rupiah in the year.
    """
    frame = _differences(package, year)
    listed = {one.line for one in activities(package, year)}
    return float(frame.loc[~frame["programme"].isin(listed), "rupiah"].sum())


def without_money(package: Package, found: Sequence[Activity]) -> tuple[str, ...]:
    """Return the levers of a package that no activity of a year tells about.

    Parameters
    ----------
    package : Package
        The package.
    found : sequence of Activity
        Its activities.

    Returns
    -------
    tuple of str
        Names of levers.
    """
    told = {name for one in found for name in one.levers}
    return tuple(name for name in package.levers if name not in told)


def _differences(package: Package, year: int) -> pd.DataFrame:
    """Return what is spent beyond the baseline: programme, stream, region, month, rupiah."""
    import pandas as pd

    asked = {
        "month": [f"{year}-{month:02d}" for month in range(1, MONTHS_PER_YEAR + 1)],
        "stage": _SPENT,
        "stream": STREAMS,
    }
    usual = booked(package.comparison.baseline, asked)
    both = pd.concat([booked(package.run, asked), usual.assign(rupiah=-usual["rupiah"])])
    both = both[both["programme"] != accounts.GENERAL]
    keys = ["programme", "stream", "region", "month"]
    return both.groupby(keys, observed=True)["rupiah"].sum().reset_index()


def _activity(package: Package, line: str, rows: pd.DataFrame) -> Activity:
    """Return one line of the books as an activity."""
    months = rows.loc[rows["rupiah"].abs() > 0, "month"]
    by_stream = _sums(rows, "stream")
    label = in_language(line_words(line, package.scenario), package.lang)
    return Activity(
        line=line,
        label=label[:1].upper() + label[1:],
        strategy=strategy_of_line(line),
        rupiah=float(rows["rupiah"].sum()),
        by_stream=by_stream,
        by_region=_sums(rows, "region"),
        first=Month.parse(months.min()),
        last=Month.parse(months.max()),
        levers=tuple(
            name
            for name in package.levers
            if line in lines_of_lever(name)
            and not by_stream.keys().isdisjoint(payers_of_lever(name))
        ),
    )


def _sums(rows: pd.DataFrame, by: str) -> dict[str, float]:
    """Add up money by one column, without what is nothing."""
    summed = rows.groupby(by, observed=True)["rupiah"].sum()
    return {str(name): float(rupiah) for name, rupiah in summed.items() if rupiah}
