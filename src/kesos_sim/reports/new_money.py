"""What a package costs in the last twelve months, where it is taken from, what it goes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.institutions.accounts import INSTRUMENT_LINES, SERVICES, SPENT, Stage
from kesos_sim.institutions.programmes import TOPUPS
from kesos_sim.institutions.rules import STREAMS as GOVERNMENTS
from kesos_sim.institutions.shares import DEFINITIONS, starting_share
from kesos_sim.reports.context import BudgetShare, Money, MoneyLine, Words
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.experiments.run import Run
    from kesos_sim.institutions.government import Plan
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["booked", "line_words", "money_of", "spending", "words"]

_SPENT: Final = tuple(stage.name.lower() for stage in SPENT)
_UNUSABLE: Final = {"stage": (Stage.RETURNED.name.lower(),), "programme": (SERVICES,)}
"""Lines of the books with new money for services that organisations could not use."""
_GENERAL: Final = "GENERAL"
_PERCENT: Final = 100.0
_NEW_LINES: Final = frozenset({*INSTRUMENT_LINES, *TOPUPS})
_BUDGETS: Final = {"APBD": ("province", "district"), "APBN": ("nation",)}


def words(key: str) -> Words:
    """Return a text of the catalogue in both languages.

    Parameters
    ----------
    key : str
        Its key.

    Returns
    -------
    dict of str to str
        By language.

    Examples
    --------
    >>> words("reports.parameter")["en"]
    'Parameter'
    """
    return {lang: i18n.text(key, lang) for lang in LANGUAGES}


def spending(run: Run) -> pd.DataFrame:
    """Return what poverty programmes cost in the last twelve months, by line and region.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    pandas.DataFrame
        As `booked`, rupiah per year.
    """
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


def money_of(run: Run, usual: pd.DataFrame) -> Money:
    """Return the new money of an alternative against the spending of the baseline.

    Parameters
    ----------
    run : Run
        The alternative.
    usual : pandas.DataFrame
        What `spending` returns of the baseline.

    Returns
    -------
    Money
        Everything of the same twelve months, rupiah per year.
    """
    own = spending(run)
    plans = _last_plans(run)
    moved = [plan for plan in plans if plan.wanted > 0.0]
    wanted = sum(plan.wanted for plan in moved)
    feasible = float(sum(plan.money for plan in moved))
    sources: dict[str, float] = defaultdict(float)
    for plan in moved:
        for line, rupiah in plan.sources.items():
            sources[line] += rupiah
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
        share=_share(plans, moved, per_year),
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
    """Return the part that every plan has in the last twelve months, rupiah per year.

    Governments spend a plan in equal parts over its months.
    """
    last = [Month.parse(month) for month in run.months[-MONTHS_PER_YEAR:]]
    found = []
    for plan in run.plans:
        first = MONTHS_PER_YEAR + 1 - plan.months
        lived = sum(one.year == plan.year and one.month >= first for one in last)
        part = MONTHS_PER_YEAR * lived / (len(last) * plan.months)
        if lived:
            found.append(
                replace(
                    plan,
                    own_spending=plan.own_spending * lived / len(last),
                    wanted=plan.wanted * part,
                    money=round(plan.money * part),
                    sources={line: rupiah * part for line, rupiah in plan.sources.items()},
                    by_definition={
                        name: rupiah * part for name, rupiah in plan.by_definition.items()
                    },
                )
            )
    return found


def _share(plans: list[Plan], moved: list[Plan], per_year: float) -> BudgetShare | None:
    """Return the new money as a share of the budgets that it comes from."""
    if not moved:
        return None
    payers, levels = set(map(_of, moved)), {plan.level for plan in moved}
    key = "both" if levels >= {"nation", "district"} else "nation" if "nation" in levels else "apbd"
    return BudgetShare(
        words(f"facts.budget_{key}"),
        _PERCENT * per_year / sum(plan.own_spending for plan in plans if _of(plan) in payers),
    )


def _of(plan: Plan) -> tuple[str, int]:
    """Return whose plan it is."""
    return plan.level, plan.government


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
        rupiah = sum(plan.by_definition[name] for plan in moved)
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
