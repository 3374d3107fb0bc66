"""The outcome in sentences: never a direction that the interval does not support."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.community import community
from kesos_sim.reports.context import ReportContext, in_language
from kesos_sim.reports.disasters import disasters
from kesos_sim.reports.empowering import empowering
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.linking import linking
from kesos_sim.reports.money import money_sentences
from kesos_sim.reports.politics import politics, politics_without_effect
from kesos_sim.reports.services import (
    days_that_rise,
    reports_of_services,
    services,
    services_without_effect,
)
from kesos_sim.reports.unsure import unsure
from kesos_sim.reports.values import Change, band, change, point_decimals, range_words, say
from kesos_sim.reports.welfare import reached, run_reached, transitions, winners

if TYPE_CHECKING:
    import pandas as pd

_WEAK_GRADES: Final = ("D", "C")
_WITHIN: Final = 80.0
"""Percent of the draws that a range holds, see `kesos_sim.experiments.compare`."""
_MANY: Final = 30
"""Draws from which a figure at the end of its range is no accident of a few."""
_LEADING: Final = (
    "level",
    "change",
    "no_effect",
    "weak",
    "people",
    "run_people",
    "cost",
    "per_rupiah",
)
_LEADING_TOO: Final = frozenset(
    {
        "not_feasible",
        "beyond_room",
        "unspent",
        "existing_more",
        "existing_less",
        "politics",
        "politics_bylaw",
        "politics_without_effect",
        "services",
        "reports_of_services",
        "services_without_effect",
        "disasters",
        "disasters_without_effect",
        "community",
        "linking",
        "enterprises",
        "who_gets_what",
        "graduates",
        "unsure_too",
    }
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One outcome sentence.

    Attributes
    ----------
    key : str
        Its key in the catalogue ``sentences``.
    text : str
        The sentence, or a few that belong together.
    scenario : str
        Scenario that it is about; empty when it holds for all or for a run.
    change : str
        The direction that it claims: ``down``, ``up``, ``flat``, ``same``, ``unsure`` or empty.
    """

    key: str
    text: str
    scenario: str = ""
    change: Change | str = ""

    @property
    def leading(self) -> bool:
        """Whether it belongs to the outcome itself: level, change, cost, and what fits."""
        return self.key.startswith(_LEADING) or self.key in _LEADING_TOO

    def __str__(self) -> str:
        """Return the text."""
        return self.text


def sentences(frame: pd.DataFrame, context: ReportContext, lang: str) -> tuple[Sentence, ...]:
    """Say what a run or a comparison found.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame or a comparison frame.
    context : ReportContext
        Titles, places, money and evidence.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Sentence
        For a comparison: scenario by scenario, the outcome first, then the money, then who is
        helped; at the end what holds for all. Sentences whose indicators are not in the frame
        are left out.
    """
    return outcome(Results(frame), context, lang)


def outcome(results: Results, context: ReportContext, lang: str) -> tuple[Sentence, ...]:
    """Say what results found; as `sentences`, on a frame that is already indexed.

    Parameters
    ----------
    results : Results
        The indexed frame.
    context : ReportContext
        Titles, places, money and evidence.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Sentence
        In reading order.
    """
    found: list[Sentence] = []
    for scenario in results.scenarios:
        said = (
            _comparison(results, context, lang, scenario)
            if results.compares
            else _run(results, context, lang)
        )
        found.extend(
            Sentence(key, i18n.text(f"sentences.{key}", lang, **fields), scenario, direction)
            for key, fields, direction in said
        )
    found.extend(_caveats(results, context, lang))
    return tuple(found)


Said = tuple[str, dict[str, str], Change | str]


def _comparison(
    results: Results, context: ReportContext, lang: str, scenario: str
) -> Iterator[Said]:
    """Yield the sentences of one scenario against its baseline."""
    region = context.region
    rate = results.at("poverty_rate", region, scenario=scenario)
    direction: Change | None = None
    if rate is not None:
        yield _level(rate, results, context, lang)
        direction = change(rate, indicator("poverty_rate").negligible)
        yield (*_change(rate, direction, lang), direction)
        if direction in {"flat", "same"}:
            key = "no_effect" if direction == "flat" else "no_effect_same"
            yield key, {"span": numbers.span(results.horizon - results.base, lang)}, direction
        if direction == "unsure":
            yield _weak(rate, lang)
    people = results.at("poor_people", region, scenario=scenario)
    if people is not None and direction not in {"flat", "same"}:
        yield _people(people, lang)
    told: set[str] = set()
    for key, fields in chain(
        money_sentences(results, context, scenario, lang),
        reached(results, region, scenario, lang),
        services(results, region, scenario, lang),
        days_that_rise(results, region, scenario, lang),
        reports_of_services(results, region, scenario, lang),
        politics(results, region, scenario, lang),
        politics_without_effect(results, context, scenario, lang),
        services_without_effect(context, scenario, lang),
        disasters(results, context, scenario, lang),
        community(results, region, scenario, lang),
        linking(results, region, scenario, lang),
        empowering(results, region, scenario, lang),
        winners(results, region, scenario, lang),
    ):
        told.add(key)
        yield key, fields, ""
    for key, fields in unsure(results, region, scenario, told, lang):
        yield key, fields, ""
    losers = context.losers.get(scenario)
    if losers is not None and losers.percent > 0:
        who = in_language(losers.words, lang)
        yield "losers", {"count": numbers.number(losers.percent, lang), "who": who}, ""
    for key, fields in transitions(results, region, scenario, lang):
        yield key, fields, ""
    for grade in _WEAK_GRADES:
        evidence = context.evidence.get(scenario, ())
        names = [in_language(one.words, lang) for one in evidence if one.grade == grade]
        if names:
            yield f"evidence_{grade.lower()}", {"lines": "; ".join(names)}, ""


def _run(results: Results, context: ReportContext, lang: str) -> Iterator[Said]:
    """Yield the sentences of a run by itself."""
    definition, region = indicator("poverty_rate"), context.region
    now, base = (results.at("poverty_rate", region, m) for m in (results.horizon, results.base))
    fields = {
        "month": numbers.month_name(results.horizon, lang),
        "base": numbers.month_name(results.base, lang),
        "region": context.place(region, lang),
    }
    moved = results.horizon != results.base
    if now is not None and base is not None:
        fields["value"] = say(now.value, definition, lang, spoken=True)
        fields["base_value"] = say(base.value, definition, lang, spoken=True)
        yield ("level_run" if moved else "level_start"), fields, ""
    count, before = (results.at("poor_people", region, m) for m in (results.horizon, results.base))
    if count is not None and before is not None and moved:
        fields["people"] = numbers.people(count.value, lang)
        fields["base_people"] = numbers.people(before.value, lang)
        yield "run_people", fields, ""
    for key, said in run_reached(results, region, lang):
        yield key, said, ""
    if moved:
        yield "run_not_effect", {}, ""


def _level(rate: Estimate, results: Results, context: ReportContext, lang: str) -> Said:
    """Say the level with its range and the level without the change."""
    definition = indicator("poverty_rate")
    fields = {
        "month": numbers.month_name(results.horizon, lang),
        "region": context.place(context.region, lang),
        "value": say(rate.value, definition, lang, spoken=True),
        "baseline": say(rate.baseline, definition, lang, spoken=True),
    }
    fields["interval"] = range_words(
        rate.low_value, rate.high_value, lang, "percent", definition.spoken
    )
    return ("level" if fields["interval"] else "level_no_range"), fields, ""


def _change(rate: Estimate, direction: Change, lang: str) -> tuple[str, dict[str, str]]:
    """Say the paired difference of the poverty rate."""
    low, high = band(rate)
    decimals = point_decimals(low, high)
    if direction == "same":
        return "change_same", {}
    if direction == "flat":
        interval = numbers.interval(low, high, lang, "points", 2)
        return "change_flat", {"interval": interval}
    if direction == "unsure":
        return "change_unsure", {
            "down": numbers.points(-low, lang, decimals),
            "up": numbers.points(high, lang, decimals),
            "difference": numbers.points(rate.difference, lang, decimals, signed=True),
        }
    fields = {"difference": numbers.points(abs(rate.difference), lang, decimals)}
    if not rate.has_band:
        return f"change_{direction}_no_range", fields
    near, far = sorted((abs(low), abs(high)))
    fields["interval"] = range_words(near, far, lang, "number", decimals)
    return f"change_{direction}" + ("" if fields["interval"] else "_narrow"), fields


def _weak(rate: Estimate, lang: str) -> Said:
    """Say how unsure the model is, by draws when they were counted."""
    if math.isnan(rate.against) or math.isnan(rate.draws) or rate.against <= 0:
        return "weak_range", {}, "unsure"
    opposite = "worse" if rate.difference < 0 else "better"
    fields = {
        "against": numbers.number(rate.against, lang),
        "draws": numbers.number(rate.draws, lang),
        "opposite": i18n.text(f"sentences.{opposite}", lang),
    }
    return "weak", fields, "unsure"


def _people(people: Estimate, lang: str) -> Said:
    """Say how many people fewer or more are poor."""
    low, high = band(people)
    direction = change(people, indicator("poor_people").negligible)
    if direction == "unsure":
        fields = {"fewer": numbers.people(-low, lang), "more": numbers.people(high, lang)}
        return "people_unsure", fields, direction
    way = "more" if people.difference > 0 else "fewer"
    fields = {"people": numbers.people(abs(people.difference), lang)}
    near, far = sorted((abs(low), abs(high)))
    fields["interval"] = range_words(near, far, lang, "people")
    return f"people_{way}" + ("" if fields["interval"] else "_no_range"), fields, direction


def base_miss(context: ReportContext, lang: str) -> str:
    """Say that the base month misses what is published, where, and what to do.

    Parameters
    ----------
    context : ReportContext
        Places and provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Empty when every published figure is met.
    """
    record = context.provenance
    if record is None or not record.base_misses:
        return ""
    worst, definition = record.base_misses[0], indicator("poverty_rate")
    # Both in as many digits as are published, and the miss in the same.
    return i18n.text(
        "sentences.base_miss" if record.own_data is None else "own_data.result.base_miss",
        lang,
        count=numbers.number(len(record.base_misses), lang),
        place=context.place(worst["region"], lang),
        modelled=say(worst["modelled"], definition, lang),
        published=say(worst["published"], definition, lang),
        miss=numbers.points(abs(worst["modelled"] - worst["published"]), lang, 2),
        tolerance=numbers.points(worst["tolerance"], lang, 1),
        households=numbers.number(record.households, lang),
    )


def _caveats(results: Results, context: ReportContext, lang: str) -> Iterator[Sentence]:
    """Yield what holds for every scenario of the report."""
    if missed := base_miss(context, lang):
        yield Sentence("base_miss", missed)
    record = context.provenance
    if results.compares and record is not None and record.replicates > 1:
        draws = record.replicates - 1
        key = "point_many" if draws >= _MANY else "point"
        share = numbers.percent(_WITHIN, lang, 0)
        told = i18n.text(f"sentences.{key}", lang, draws=numbers.number(draws, lang), share=share)
        yield Sentence("point", told)
    rates = [results.at("poverty_rate", context.region, scenario=s) for s in results.scenarios]
    if not any(rate is not None and rate.has_band for rate in rates):
        yield Sentence("single", i18n.text("sentences.single", lang))
    if results.compares and context.propensity is not None:
        value, low, high = (100 * share for share in context.propensity)
        fields = {
            "value": numbers.percent(value, lang, 0),
            "interval": numbers.interval(low, high, lang, "percent", 0),
        }
        yield Sentence("propensity", i18n.text("sentences.propensity", lang, **fields))
    if context.notes:
        yield Sentence("imputed", i18n.text("sentences.imputed", lang))
    yield Sentence("missing", i18n.text("sentences.missing", lang))
