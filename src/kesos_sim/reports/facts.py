"""From a run or comparison to what its reports have to know beside the numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.data import read_table
from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.regions import provinces, region_name
from kesos_sim.i18n import LANGUAGES
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.reports.context import (
    BudgetShare,
    Evidence,
    Money,
    MoneyLine,
    PublishedPoint,
    ReportContext,
    Words,
)
from kesos_sim.reports.provenance import Provenance
from kesos_sim.units import Month

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.experiments.run import Run
    from kesos_sim.institutions.government import Plan
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["comparison_context", "run_context"]

_SPENT: Final = ("delivered", "services", "administration", "leakage")
_GENERAL: Final = "GENERAL"
_PERCENT: Final = 100.0
_PEOPLE: Final = 1000.0
_LEVER_EVIDENCE: Final = {
    "apbd_poverty_share": ("fiscal.room_movable", "fiscal.start_apbd_deciles"),
    "apbn_poverty_share": ("fiscal.room_movable", "fiscal.start_apbn_deciles"),
}


def words(key: str) -> Words:
    """Return a text of the catalogue in both languages."""
    return {lang: i18n.text(key, lang) for lang in LANGUAGES}


def run_context(run: Run) -> ReportContext:
    """Return the context of one run.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    ReportContext
    """
    scenario = run.scenario
    return ReportContext(
        titles={"": scenario.title, scenario.name: scenario.title},
        region_name=_region_words(scenario),
        provinces=_province_names(run),
        provenance=Provenance(**run.provenance),  # type: ignore[arg-type]
        region=run.regions[0],
        poverty_line=run.lines,
        propensity=_propensity(scenario),
        published=_published(run),
        sources=(words("facts.source_bps"), words("facts.source_programmes")),
    )


def comparison_context(comparison: Comparison) -> ReportContext:
    """Return the context of a comparison.

    Parameters
    ----------
    comparison : Comparison
        The comparison.

    Returns
    -------
    ReportContext
    """
    base = comparison.baseline
    usual = _spending(base)
    money, evidence = {}, {}
    for alternative in comparison.alternatives:
        name = alternative.scenario.name
        money[name] = _money(alternative, usual)
        evidence[name] = _evidence(alternative.scenario)
    everyone = (base, *comparison.alternatives)
    return ReportContext(
        titles={r.scenario.name: r.scenario.title for r in everyone},
        region_name=_region_words(base.scenario),
        provinces=_province_names(base),
        provenance=Provenance(**comparison.provenance),  # type: ignore[arg-type]
        region=base.regions[0],
        money=money,
        poverty_line=base.lines,
        evidence=evidence,
        propensity=_propensity(base.scenario),
        published=_published(base),
        sources=(words("facts.source_bps"), words("facts.source_programmes")),
    )


def _region_words(scenario: Scenario) -> Words:
    if isinstance(scenario.region, str):
        return words(f"facts.region_{scenario.region}")
    return {
        lang: ", ".join(region_name(code, lang) for code in scenario.region) for lang in LANGUAGES
    }


def _province_names(run: Run) -> dict[str, str]:
    known = provinces()
    codes = [code for code in run.regions[1:] if len(code) == len("33")]
    return {code: known[int(code)].name["id"] for code in codes}


def _propensity(scenario: Scenario) -> tuple[float, float, float]:
    row = parameter_table()["household.propensity_to_consume"]
    return scenario.parameter(row.id), row.low, row.high


def _published(run: Run) -> tuple[PublishedPoint, ...]:
    """Return published poverty rates of the months and regions of a run."""
    inside = set(run.months)
    table = read_table("poverty_province").where(area="total")
    codes = {int(code): code for code in run.regions if len(code) == len("33")}
    points = []
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in table.rows():
        month = str(Month(int(row["year"]), int(row["month"])))
        rate, poor, code = row["poverty_rate_p0"], row["poor_thousand"], int(row["bps_code"])
        if month not in inside or code not in codes or not rate > 0.0:
            continue
        points.append(PublishedPoint(month, codes[code], "poverty_rate", float(rate), "BPS"))
        if code:
            sums[month][0] += poor
            sums[month][1] += _PERCENT * poor / rate
    whole = run.regions[0]
    if whole not in codes.values() and len(codes) > 1:
        points += [
            PublishedPoint(month, whole, "poverty_rate", _PERCENT * poor / people, "BPS")
            for month, (poor, people) in sums.items()
        ]
    return tuple(points)


def _spending(run: Run) -> pd.DataFrame:
    """Return what poverty programmes cost in the last twelve months, by line and region."""
    import pandas as pd

    last = set(run.months[-12:])
    keep = (
        np.isin(run.books["month"], list(last))
        & np.isin(run.books["stage"], _SPENT)
        & (run.books["programme"] != _GENERAL)
    )
    frame = pd.DataFrame({name: column[keep] for name, column in run.books.items()})
    years = len(last) / 12.0
    frame["rupiah"] = frame["rupiah"] / years
    return frame


def _money(run: Run, usual: pd.DataFrame) -> Money:
    """Return the new money of an alternative against the spending of the baseline."""
    own = _spending(run)
    plans = _last_plans(run)
    moved = [plan for plan in plans if plan.wanted > 0.0]
    wanted = sum(plan.wanted * 12.0 / plan.months for plan in moved)
    feasible = sum(plan.money * 12.0 / plan.months for plan in moved)
    sources: dict[str, float] = defaultdict(float)
    for plan in moved:
        for line, rupiah in plan.sources.items():
            sources[line] += rupiah * 12.0 / plan.months
    by_line = (
        own.groupby("programme")["rupiah"]
        .sum()
        .subtract(usual.groupby("programme")["rupiah"].sum(), fill_value=0.0)
    )
    province = {
        frame_name: frame.assign(province=frame["region"].str[:2])
        .groupby("province")["rupiah"]
        .sum()
        for frame_name, frame in (("own", own), ("usual", usual))
    }
    by_province = province["own"].subtract(province["usual"], fill_value=0.0)
    per_year = float(own["rupiah"].sum() - usual["rupiah"].sum())
    return Money(
        per_year=per_year,
        share=_share(run, moved, per_year),
        sources=tuple(
            MoneyLine(words(f"scenario.field_source_{line}"), rupiah)
            for line, rupiah in sources.items()
        ),
        uses=tuple(
            MoneyLine(_line_words(str(line)), float(rupiah))
            for line, rupiah in by_line.items()
            if abs(rupiah) >= 1.0
        ),
        requested=wanted if moved else None,
        feasible=feasible if moved else None,
        beyond_room=any(plan.beyond_room for plan in moved),
        by_province={
            str(code): float(rupiah)
            for code, rupiah in by_province.items()
            if str(code) in run.regions
        },
    )


def _last_plans(run: Run) -> list[Plan]:
    """Return each government's plan of its last whole year, else of its last year."""
    best: dict[tuple[str, int], Plan] = {}
    for plan in run.plans:
        key = (plan.level, plan.government)
        if key not in best or plan.months >= best[key].months:
            best[key] = plan
    return list(best.values())


def _share(run: Run, moved: list[Plan], per_year: float) -> BudgetShare | None:
    """Return the new money as a share of the budgets that it comes from."""
    if not moved:
        return None
    levels = {plan.level for plan in moved}
    key = "both" if levels >= {"nation", "district"} else "nation" if "nation" in levels else "apbd"
    return BudgetShare(
        words(f"facts.budget_{key}"),
        _PERCENT * per_year / sum(plan.own_spending for plan in moved),
    )


def _line_words(line: str) -> Words:
    return {lang: programme_label(line.lower(), lang) for lang in LANGUAGES}


def _evidence(scenario: Scenario) -> tuple[Evidence, ...]:
    """Return what the answer to a scenario leans on, weakest knowledge first."""
    names = {"household.propensity_to_consume"}
    for lever in scenario.levers:
        names |= set(_LEVER_EVIDENCE.get(lever, ()))
    table = parameter_table()
    rows = sorted((table[name] for name in names if name in table), key=lambda r: r.grade)
    return tuple(
        Evidence(words(f"facts.parameter_{r.id.replace('.', '_')}"), r.grade) for r in rows[::-1]
    )
