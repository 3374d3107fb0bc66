"""From a run or comparison to what its reports have to know beside the numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.regions import region_name
from kesos_sim.experiments.base_month import published_rates
from kesos_sim.experiments.tables import shown_regions
from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.institutions.accounts import INSTRUMENT_LINES, SERVICES, SPENT, Stage
from kesos_sim.institutions.programmes import TOPUPS
from kesos_sim.institutions.rules import STREAMS as GOVERNMENTS
from kesos_sim.institutions.shares import DEFINITIONS, starting_share
from kesos_sim.reports.context import (
    BudgetShare,
    Money,
    MoneyLine,
    PublishedPoint,
    ReportContext,
    Words,
)
from kesos_sim.reports.grounds import evidence_of, imputations
from kesos_sim.reports.own_data import own_sources
from kesos_sim.reports.pairing import Pairing
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.streams import yearly_flows
from kesos_sim.scenario.notices import notices

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.experiments.run import Run
    from kesos_sim.experiments.worlds import Pair
    from kesos_sim.institutions.government import Plan
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["booked", "comparison_context", "line_words", "run_context"]

_SPENT: Final = tuple(stage.name.lower() for stage in SPENT)
_UNUSABLE: Final = {"stage": (Stage.RETURNED.name.lower(),), "programme": (SERVICES,)}
"""Lines of the books with new money for services that organisations could not use."""
_GENERAL: Final = "GENERAL"
_PERCENT: Final = 100.0
_RATE: Final = "poverty_rate"
_PUBLISHER: Final = "BPS"
_NEW_LINES: Final = frozenset({*INSTRUMENT_LINES, *TOPUPS})
_BUDGETS: Final = {"APBD": ("province", "district"), "APBN": ("nation",)}


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
        provenance=Provenance(**run.provenance),  # type: ignore[arg-type]
        evidence={"": evidence_of(scenario)},
        flows={scenario.name: yearly_flows(run.books)},
        **_surroundings(run, [scenario]),
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
    drawn = {name for pair in comparison.pairs for name in pair.parameters}
    money, evidence = {}, {}
    for alternative in comparison.alternatives:
        name = alternative.scenario.name
        money[name] = _money(alternative, usual)
        evidence[name] = evidence_of(alternative.scenario, drawn, base.scenario)
    scenarios = [r.scenario for r in (base, *comparison.alternatives)]
    return ReportContext(
        titles={scenario.name: scenario.title for scenario in scenarios},
        provenance=Provenance(**comparison.provenance),  # type: ignore[arg-type]
        money=money,
        evidence=evidence,
        without_effect=_without_effect(comparison.without_effect),
        waiting_without_effect=_waiting_without_effect(comparison),
        needed=_needed(comparison),
        flows={r.scenario.name: yearly_flows(r.books) for r in (base, *comparison.alternatives)},
        **_surroundings(base, scenarios),
    )


def _needed(comparison: Comparison) -> dict[str, float]:
    """Return after how many draws the direction of the mean difference in poverty can be told."""
    found: dict[str, float] = {}
    for scenario in (alternative.scenario.name for alternative in comparison.alternatives):
        both = [
            (float(pair.baseline[_RATE][-1, 0]), float(pair.alternatives[scenario][_RATE][-1, 0]))
            for pair in comparison.pairs
        ]
        if len(both) > 1:
            usual, other = np.array(both).T
            worlds = Pairing(_RATE, usual, other).worlds(paired=True)
            found |= {} if np.isnan(worlds) else {scenario: worlds}
    return found


def _without_effect(pair: Pair | None) -> dict[str, dict[str, tuple[float, float]]]:
    """Return the last figures of the whole region in a world without effect of coordination."""
    if pair is None:
        return {}
    return {
        scenario: {
            name: (float(table[-1, 0]), float(pair.baseline[name][-1, 0]))
            for name, table in figures.items()
            if name in pair.baseline
        }
        for scenario, figures in pair.alternatives.items()
    }


def _waiting_without_effect(
    comparison: Comparison,
) -> dict[str, dict[tuple[str, str], tuple[float, float]]]:
    """Return who waits for disaster help in a world without effect of coordination."""
    pair, base = comparison.without_effect, comparison.baseline
    if pair is None:
        return {}
    columns = [base.regions[place] for place in shown_regions(base.regions, "province")]
    usual = pair.baseline["disaster_waiting"]
    return {
        scenario: {
            (code, month): (float(figures["disaster_waiting"][row, column]), float(before))
            for row, month in enumerate(base.months)
            for column, (code, before) in enumerate(zip(columns, usual[row], strict=True))
        }
        for scenario, figures in pair.alternatives.items()
    }


def _surroundings(run: Run, scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return the fields of a context that runs and comparisons share."""
    return {
        "region_name": region_title(run.scenario),
        "provinces": _names(run, "33"),
        "districts": _names(run, "3316"),
        "region": run.regions[0],
        "poverty_line": run.lines,
        "propensity": _propensity(run.scenario),
        "published": _published(run),
        "sources": (
            words("facts.source_bps"),
            words("facts.source_programmes"),
            *own_sources(run.scenario.own_data),
        ),
        "notes": imputations(run.scenario.start.year, run.regions, run.scenario.own_data),
        "own_data": run.scenario.own_data,
        "notices": notices(scenarios),
        "programmes": {
            programme.name: {"id": programme.title_id, "en": programme.title_en}
            for scenario in scenarios
            for programme in scenario.programmes
        },
    }


def region_title(scenario: Scenario) -> Words:
    """Return what the region of a scenario is called.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    mapping of str to str
        By language.
    """
    if isinstance(scenario.region, str):
        return words(f"facts.region_{scenario.region}")
    return {
        lang: ", ".join(region_name(code, lang) for code in scenario.region) for lang in LANGUAGES
    }


def _names(run: Run, like: str) -> dict[str, Words]:
    """Return the names of the places inside the region whose codes are as long as `like`."""
    codes = [code for code in run.regions[1:] if len(code) == len(like) and code.isdigit()]
    return {code: {lang: region_name(code, lang) for lang in LANGUAGES} for code in codes}


def _propensity(scenario: Scenario) -> tuple[float, float, float]:
    row = parameter_table()["household.propensity_to_consume"]
    return scenario.parameter(row.id), row.low, row.high


def _published(run: Run) -> tuple[PublishedPoint, ...]:
    """Return published poverty rates of the months and regions of a run."""
    own, where = run.scenario.own_data, (run.scenario.region, run.months, run.regions)
    official = published_rates(*where)
    rates = official if own is None else published_rates(*where, own)
    points = []
    for (month, region), rate in sorted(rates.items()):
        changed = own is not None and official.get((month, region)) != rate
        source = own.source if own is not None and changed else _PUBLISHER
        points.append(PublishedPoint(month, region, "poverty_rate", rate, source, changed))
    return tuple(points)


def _spending(run: Run) -> pd.DataFrame:
    """Return what poverty programmes cost in the last twelve months, by line and region."""
    paid = [name for name in run.books.words["programme"] if name != _GENERAL]
    return _last_year(run, {"stage": _SPENT, "programme": paid, "stream": GOVERNMENTS})


def _last_year(run: Run, asked: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return some lines of the books in the last twelve months, rupiah per year."""
    last = run.months[-12:]
    frame = booked(run, {"month": last, **asked})
    years = len(last) / 12.0
    frame["rupiah"] = frame["rupiah"] / years
    return frame


def booked(run: Run, asked: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return some lines of the books of a run.

    Parameters
    ----------
    run : Run
        The run.
    asked : mapping of str to collection of str
        Wanted words by column of the ledger, for instance its months.

    Returns
    -------
    pandas.DataFrame
        As `Run.ledger`, the wanted rows only.
    """
    books = run.books
    keep = np.logical_and.reduce(
        [np.isin(books.words[name], list(of))[books.codes[name]] for name, of in asked.items()]
    )
    codes = {name: code[keep] for name, code in books.codes.items()}
    return replace(books, codes=codes, rupiah=books.rupiah[keep]).frame()


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
            MoneyLine(line_words(str(line), run.scenario), float(rupiah))
            for line, rupiah in by_line.items()
            if abs(rupiah) >= 1.0
        ),
        requested=wanted if moved else None,
        feasible=feasible if moved else None,
        unusable=float(_last_year(run, _UNUSABLE)["rupiah"].sum()),
        beyond_room=any(plan.beyond_room for plan in moved),
        existing=float(by_line[[line not in _NEW_LINES for line in by_line.index]].sum()),
        definition=words(f"facts.definition_{_definition(run.scenario)}"),
        definitions=_otherwise(run.scenario, moved),
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


def _otherwise(scenario: Scenario, moved: list[Plan]) -> tuple[MoneyLine, ...]:
    """Return what would be requested by the other ways of counting the poverty share."""
    found = []
    for name in DEFINITIONS:
        if name == _definition(scenario) or not moved:
            continue
        said = words(f"facts.definition_{name}")
        for budget, levels in _BUDGETS.items():
            asked = [plan for plan in moved if plan.level in levels]
            if asked and not any(plan.by_definition[name] > 0.0 for plan in asked):
                share = _PERCENT * starting_share(asked[0].level, scenario.parameter, name)
                said = {lang: _already(said[lang], budget, share, lang) for lang in LANGUAGES}
        rupiah = sum(plan.by_definition[name] * 12.0 / plan.months for plan in moved)
        found.append(MoneyLine(said, rupiah))
    return tuple(found)


def _already(name: str, budget: str, share: float, lang: str) -> str:
    """Say that a budget gives the wanted share today if it is counted in some way."""
    written = numbers.percent(share, lang)
    return i18n.text("facts.definition_met", lang, name=name, budget=budget, share=written)


def _definition(scenario: Scenario) -> str:
    """Return the way of counting the poverty share that the scenario uses."""
    return DEFINITIONS[round(scenario.parameter("fiscal.share_definition")) - 1]


def line_words(line: str, scenario: Scenario) -> Words:
    """Return the name of a programme, for a scenario's own programme its title.

    Parameters
    ----------
    line : str
        Programme in the ledger, for instance ``PKH``.
    scenario : Scenario
        The scenario with its own programmes.

    Returns
    -------
    mapping of str to str
        The name in both languages.
    """
    for programme in scenario.programmes:
        if programme.name == line:
            return {"id": programme.title_id, "en": programme.title_en}
    return {lang: programme_label(line.lower(), lang) for lang in LANGUAGES}
