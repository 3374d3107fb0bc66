"""From a run or comparison to what its reports have to know beside the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.regions import region_name
from kesos_sim.experiments.base_month import published_rates
from kesos_sim.experiments.tables import shown_regions
from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.context import (
    PublishedPoint,
    ReportContext,
    Words,
)
from kesos_sim.reports.grounds import evidence_of, imputations
from kesos_sim.reports.new_money import money_of, spending, words
from kesos_sim.reports.own_data import own_sources
from kesos_sim.reports.pairing import Pairing
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.streams import yearly_flows
from kesos_sim.scenario.notices import notices

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.experiments.run import Run
    from kesos_sim.experiments.worlds import Pair
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["comparison_context", "region_title", "run_context"]

_RATE: Final = "poverty_rate"
_PUBLISHER: Final = "BPS"


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
    usual = spending(base)
    drawn = {name for pair in comparison.pairs for name in pair.parameters}
    money, evidence = {}, {}
    for alternative in comparison.alternatives:
        name = alternative.scenario.name
        money[name] = money_of(alternative, usual)
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
