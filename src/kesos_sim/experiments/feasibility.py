"""Whether a package can be paid: what is asked, what fits, what is released, spent and left.

Money is that of the ledger, package less baseline, by fiscal year, payer and region. What may be
asked of a government is its own net spending less what is mandatory, as far as that can be moved;
what a package asks is its new poverty money and what its other levers cost more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.experiments.compare import DRAWS, Comparison, compare
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.fiscal_books import LEVELS, PAYERS, PROVINCE_DIGITS, FiscalBooks
from kesos_sim.experiments.run import Progress, Run
from kesos_sim.experiments.store import Store
from kesos_sim.institutions.shares import room_share

if TYPE_CHECKING:
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["PAYERS", "Feasibility", "YearOfPayer", "feasibility"]

Money = NDArray[np.int64]

_NATION: Final = "00"
_MAIN: Final = 0.01
_ROUNDING: Final = 1000.0
"""Rupiah by which whole rupiah of many accounts may miss a sum."""


@dataclass(frozen=True)
class YearOfPayer:
    """A package in the budget of a payer in a fiscal year; all rupiah, package less baseline.

    Attributes
    ----------
    year, months : fiscal year, and how many of its months the run has
    payer : one of `PAYERS`
    region : BPS code, ``00`` for the whole run
    own : own net spending in these months, of the baseline
    mandatory, room : the part of it that is mandatory, and what can be moved; NaN where the law of
        that money is not modelled
    wanted, planned : new poverty money that is asked for, and that fits
    other : what lines beside it cost more, or less
    feasible : what of both fits into the room of each government
    released, absorbed, returned : money let out, what of it was spent, and what went back
    carried : what is carried into the next year
    """

    year: int
    months: int
    payer: str
    region: str
    own: int
    mandatory: float
    room: float
    wanted: float
    planned: int
    other: int
    feasible: float
    released: int
    absorbed: int
    returned: int
    carried: int

    @property
    def asked(self) -> float:
        """What the package asks for, rupiah."""
        return self.wanted + self.other

    @property
    def absorption(self) -> float:
        """Percent of the released money that is spent; NaN where none is released."""
        return 100.0 * self.absorbed / self.released if self.released > 0 else float("nan")


@dataclass(frozen=True)
class Feasibility:
    """Whether a package can be paid.

    Attributes
    ----------
    comparison : the package against the baseline
    rows : by fiscal year, payer and province; the nation's for the whole run
    district_rows : budgets of the districts, by fiscal year and district
    calendar : int64[12] by payer, rupiah spent in each month of `calendar_year`
    calendar_year : last fiscal year that the run has whole, else its last one
    sources : rupiah by fiscal year and line of the budget that the money is taken from
    """

    comparison: Comparison
    rows: tuple[YearOfPayer, ...]
    district_rows: tuple[YearOfPayer, ...]
    calendar: Mapping[str, Money]
    calendar_year: int
    sources: Mapping[tuple[int, str], float]

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance

    @property
    def package(self) -> Run:
        """The run with the package."""
        return self.comparison.alternatives[0]

    @property
    def main(self) -> tuple[str, ...]:
        """Payers of whom at least a hundredth of everything is asked; all if nothing is asked."""
        asked = dict.fromkeys((row.payer for row in self.rows), 0.0)
        for row in self.rows:
            asked[row.payer] += row.asked
        total = sum(asked.values())
        return tuple(name for name, own in asked.items() if own >= _MAIN * total or total <= 0.0)

    def years(self) -> tuple[YearOfPayer, ...]:
        """Return the `main` payers together, by fiscal year."""
        rows = [row for row in self.rows if row.payer in self.main]
        return tuple(
            _sum([row for row in rows if row.year == year], payer="", region=_NATION)
            for year in dict.fromkeys(row.year for row in rows)
        )

    def payers(self) -> tuple[YearOfPayer, ...]:
        """Return every payer in the whole run, by fiscal year."""
        keys = dict.fromkeys((row.year, row.payer) for row in self.rows)
        return tuple(
            _sum(
                [row for row in self.rows if (row.year, row.payer) == key],
                payer=key[1],
                region=_NATION,
            )
            for key in keys
        )

    @property
    def verdict(self) -> str:
        """``nothing``, ``less``, ``paid``, ``partly`` or ``beyond``.

        It costs nothing more; less than the baseline; all of it fits everywhere; only a part fits;
        more is spent than there is room for.
        """
        asked = sum(row.asked for row in self.rows)
        if not any(row.asked or row.released for row in self.rows):
            return "nothing"
        if asked < 0.0:
            return "less"
        if any(plan.beyond_room for plan in self.package.plans):
            return "beyond"
        short = [row for row in self.rows if row.asked > row.feasible + _ROUNDING]
        if any(row.planned + row.other > row.feasible + _ROUNDING for row in short):
            return "beyond"
        return "partly" if short else "paid"

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Say whether it can be paid, from where, and what is left."""
        from kesos_sim.reports.measures import feasibility as told

        return told.sentences(self, lang)

    def charts(self, lang: str = "id") -> tuple[Chart, ...]:
        """Draw asked, feasible, released and spent money by year, and the months of a year."""
        from kesos_sim.reports.measures import feasibility_charts as told

        return told.charts(self, lang)

    def tables(self, lang: str = "id", by: str = "province") -> tuple[TextTable, ...]:
        """List fiscal years and payers, lines that pay, and the budgets with their sources."""
        from kesos_sim.reports.measures import feasibility as told

        return told.tables(self, lang, by)


def feasibility(
    baseline: Scenario,
    package: Scenario,
    store: Store | None = None,
    progress: Progress | None = None,
    *,
    draws: int = DRAWS,
    executor: Executor | None = None,
) -> Feasibility:
    """Find whether a package can be paid, and what becomes of the money.

    Parameters
    ----------
    baseline : the scenario without the package
    package : the scenario with it
    store : who remembers finished runs
    progress : told what is being done
    draws : pairs behind the range of the cost; 0 for no range
    executor : who lives the draws; processes of this machine when left out

    Returns
    -------
    Feasibility

    Raises
    ------
    InputError
        If the scenarios are not of one world.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 12}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> found = feasibility(today, more, draws=0)
    >>> found.verdict
    'paid'
    >>> print(found.sentences("en")[0].split(":")[0])
    “10% of APBD for poverty” can be paid
    """
    comparison = compare(
        baseline, [package], progress=progress, draws=draws, executor=executor, store=store
    )
    usual, own = FiscalBooks.of(comparison.baseline), FiscalBooks.of(comparison.alternatives[0])
    accounts = _rolled(_rows(usual, own, comparison), _government_of)
    governments = [replace(row, feasible=_fitting(row)) for row in accounts]
    years = usual.whole_years
    year = years[-1] if years else usual.years[-1]
    calendar = own.by_month(year) - usual.by_month(year)
    sources: dict[tuple[int, str], float] = {}
    for plan in comparison.alternatives[0].plans:
        part = own.lived(plan) / plan.months
        for line, rupiah in plan.sources.items():
            sources[plan.year, line] = sources.get((plan.year, line), 0.0) + rupiah * part
    return Feasibility(
        comparison=comparison,
        rows=tuple(_rolled(governments, _province_of)),
        district_rows=tuple(row for row in governments if row.payer == "apbd_district"),
        calendar=dict(zip(PAYERS, calendar, strict=True)),
        calendar_year=year,
        sources={key: rupiah for key, rupiah in sorted(sources.items()) if rupiah > 0.0},
    )


def _rows(usual: FiscalBooks, own: FiscalBooks, comparison: Comparison) -> list[YearOfPayer]:
    """Return every account of the ledger by fiscal year."""
    parameter = comparison.alternatives[0].scenario.parameter
    found = []
    opened = np.zeros((len(PAYERS), len(usual.regions)), np.int64)
    for year in usual.years:
        before, after = usual.planned(year), own.planned(year)
        change = {name: own.yearly(name, year) - usual.yearly(name, year) for name in usual.money}
        kept = change["carried"] - opened
        opened = change["carried"]
        spending = usual.yearly("own", year)
        for p, payer in enumerate(PAYERS):
            room = room_share(LEVELS[payer], parameter) if payer in LEVELS else float("nan")
            movable = parameter("fiscal.room_movable")
            for r, region in enumerate(usual.regions):
                (was, had), (asks, has) = (
                    plans.get((payer, region), (0.0, 0)) for plans in (before, after)
                )
                money = int(spending[p, r])
                found.append(
                    YearOfPayer(
                        year=year,
                        months=int(usual.of_year(year).size),
                        payer=payer,
                        region=region,
                        own=money,
                        mandatory=money * (1.0 - room / movable),
                        room=money * room,
                        wanted=asks - was,
                        planned=has - had,
                        # What is paid or kept beyond the plan is asked by other levers.
                        other=int(change["released"][p, r] + kept[p, r]) - (has - had),
                        feasible=0.0,
                        **{
                            name: int(change[name][p, r])
                            for name in ("released", "absorbed", "returned", "carried")
                        },
                    )
                )
    return found


def _government_of(row: YearOfPayer) -> str:
    """Return whose money an account holds: spending of provinces is booked in districts."""
    if row.payer == "apbn":
        return _NATION
    return row.region[:PROVINCE_DIGITS] if row.payer == "apbd_province" else row.region


def _province_of(row: YearOfPayer) -> str:
    """Return the province of a government, ``00`` for the nation."""
    return row.region[:PROVINCE_DIGITS]


def _fitting(row: YearOfPayer) -> float:
    """Return what of the asked money fits into the room of a government."""
    return row.asked if np.isnan(row.room) else min(row.asked, row.room)


def _rolled(
    rows: Sequence[YearOfPayer], region_of: Callable[[YearOfPayer], str]
) -> list[YearOfPayer]:
    """Add up rows of one fiscal year, payer and region; those without any money are left out."""
    groups: dict[tuple[int, str, str], list[YearOfPayer]] = {}
    for row in rows:
        groups.setdefault((row.year, row.payer, region_of(row)), []).append(row)
    return [
        _sum(group, payer=payer, region=region)
        for (_, payer, region), group in groups.items()
        if any(row.own or row.asked or row.released or row.carried for row in group)
    ]


def _sum(rows: Sequence[YearOfPayer], payer: str, region: str) -> YearOfPayer:
    """Add up rows of one fiscal year; what is not known of some is that of the others."""
    added = {
        name: sum(getattr(row, name) for row in rows)
        for name in (one.name for one in fields(YearOfPayer))
        if name not in {"year", "months", "payer", "region", "mandatory", "room"}
    }
    for name in ("mandatory", "room"):
        known = [value for row in rows if not np.isnan(value := getattr(row, name))]
        added[name] = sum(known) if known else float("nan")
    return replace(rows[0], payer=payer, region=region, **added)
