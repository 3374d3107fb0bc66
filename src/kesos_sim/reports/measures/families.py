"""Ten kinds of families in sentences, stories and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kesos_sim.experiments.families import Families, Family
from kesos_sim.experiments.household_month import HouseholdMonth
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.institutions.rules import Kind
from kesos_sim.reports.measures.parts import caveats, column, say
from kesos_sim.reports.measures.who_serves import need
from kesos_sim.reports.story import chapters_text
from kesos_sim.reports.story_household import household_chapters, household_intro
from kesos_sim.reports.tables import Cell, Column, TableBuilder, TextTable
from kesos_sim.reports.values import say_money
from kesos_sim.scenario.coordination import rests_on_coordination
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["mean", "months_poor", "named", "received", "sentences", "story", "summary", "tables"]

_LEAST: Final = 1.0
Lives = tuple[Sequence[HouseholdMonth], Sequence[HouseholdMonth]]
"""Months without the package and with it."""


def named(kind: str, lang: str) -> str:
    """Name a kind of family, neutrally."""
    return say(f"family.{kind}", lang)


def months_poor(months: Iterable[HouseholdMonth]) -> int:
    """Return the months below the poverty line, without the base month."""
    return sum(month.welfare < 1.0 for month in months if month.row > 0)


def mean(months: Sequence[HouseholdMonth]) -> float:
    """Return mean consumption over the poverty line, without the base month."""
    lived = [month.welfare for month in months if month.row > 0]
    return sum(lived) / len(lived) if lived else float("nan")


def received(months: Iterable[HouseholdMonth]) -> dict[str, float]:
    """Return rupiah that each programme gave, without the base month; premiums as they are paid."""
    found: dict[str, float] = {}
    for month in months:
        if month.row > 0:
            for name, given in month.programmes.items():
                found[name] = found.get(name, 0.0) + given.received
    return found


def sentences(found: Families, lang: str) -> tuple[str, ...]:
    """Say how many families of each kind there are, and what the package brings them.

    Parameters
    ----------
    found : Families
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
    """
    told = [_family(found, one, lang) for one in found.families]
    told += [say("families.one_of_many", lang), say("families.not_held", lang)]
    context = found.package.context()
    guess = rests_on_coordination(found.package.scenario)
    return (*told, *caveats(context, lang, coordination=guess))


def _family(found: Families, family: Family, lang: str) -> str:
    """Say how many families of a kind there are, and what the package brings the one followed."""
    label = named(family.kind, lang)
    if family.without is None:
        return say("families.none", lang, family=label)
    count = say(
        "families.count",
        lang,
        family=label,
        households=numbers.short(family.households, lang),
        found=numbers.number(family.found, lang),
    )
    return f"{count} {summary(found, family, lang)}"


def summary(found: Families, family: Family, lang: str) -> str:
    """Say what the package changes for the family that was followed.

    Parameters
    ----------
    found : Families
        What was found.
    family : Family
        A family that was followed.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A sentence; where the package rests on coordination, the same if coordination did nothing.
    """
    before, after = family.lives
    key = "families.same" if before == after else "families.change"
    told = [say(key, lang, **_change(found, family, (before, after), lang))]
    idle = family.idle_lives
    if idle is not None:
        words = _change(found, family, idle, lang)
        same = words == _change(found, family, (before, after), lang)
        told.append(say("families.idle_same" if same else "families.idle", lang, **words))
    return " ".join(told)


def _change(found: Families, family: Family, lives: Lives, lang: str) -> dict[str, str]:
    """Return what two lives of a family are, in words."""
    before, after = lives
    years = found.package.scenario.months / MONTHS_PER_YEAR
    return {
        "before": numbers.number(mean(before), lang, 2),
        "after": numbers.number(mean(after), lang, 2),
        "poor_before": numbers.number(months_poor(before), lang),
        "poor_after": numbers.number(months_poor(after), lang),
        "months": numbers.number(len(after) - 1, lang),
        "given_before": say_money(round(_hands(family, before) / years), lang),
        "given_after": say_money(round(_hands(family, after) / years), lang),
    }


def _hands(family: Family, months: Sequence[HouseholdMonth]) -> float:
    """Return rupiah that programmes put into the family's hands."""
    premium = _premiums(family)
    return sum(rupiah for name, rupiah in received(months).items() if name not in premium)


def _premiums(family: Family) -> frozenset[str]:
    """Return programmes that pay an insurance and give nothing into hands."""
    if family.with_package is None:
        return frozenset()
    plan = family.with_package.model.schedule
    return frozenset(
        name
        for name, kind in zip(plan.names, plan.kind.tolist(), strict=True)
        if kind == int(Kind.PREMIUM)
    )


def story(found: Families, kind: str, lang: str) -> tuple[str, ...]:
    """Tell the life of a family of a kind with the package, month by month.

    Parameters
    ----------
    found : Families
        What was found.
    kind : str
        One of the kinds that were asked for.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Lines: who it is, then a heading and sentences for each month in which something changed.
    """
    family = next(one for one in found.families if one.kind == kind)
    if family.with_package is None:
        return (say("families.none", lang, family=named(kind, lang)),)
    follower = family.with_package
    rows = range(found.package.scenario.months + 1)
    chapters = household_chapters(follower, rows, lang)
    start = found.package.scenario.start
    return (household_intro(follower, lang), *chapters_text(chapters, start, lang))


def tables(found: Families, lang: str) -> tuple[TextTable, ...]:
    """List the kinds, and month by month what reached each family and from whom.

    Parameters
    ----------
    found : Families
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of TextTable
        The kinds first, then one for each family that was found.
    """
    guess = any(one.idle is not None for one in found.families)
    fields = (
        "family", "households", "simulated", "ratio_without", "ratio_with", "poor_without",
        "poor_with", "given_without", "given_with", *(("ratio_idle", "poor_idle") if guess else ()),
    )  # fmt: skip
    columns = [column(name, lang, numeric=name != "family") for name in fields]
    kinds = TableBuilder("families", say("families.table_title", lang), columns, fields)
    years = found.package.scenario.months / MONTHS_PER_YEAR
    for one in found.families:
        before, after = one.lives
        counted: list[Cell] = [one.households, one.found]
        words = [named(one.kind, lang), numbers.short(one.households, lang), str(one.found)]
        if one.without is None:
            rest = len(fields) - len(words)
            kinds.add([*words, *[numbers.EN_DASH] * rest], [one.kind, *counted, *[None] * rest])
            continue
        ratios = [mean(before), mean(after)]
        poor = [months_poor(before), months_poor(after)]
        given = [_hands(one, months) / years for months in (before, after)]
        idle = [] if one.idle_lives is None else [one.idle_lives[1]]
        kinds.add(
            [
                *words,
                *(numbers.number(value, lang, 2) for value in ratios),
                *(numbers.number(value, lang) for value in poor),
                *(say_money(round(value), lang) for value in given),
                *(numbers.number(mean(months), lang, 2) for months in idle),
                *(numbers.number(months_poor(months), lang) for months in idle),
            ],
            [one.kind, *counted, *ratios, *poor, *given, *map(mean, idle), *map(months_poor, idle)],
        )
    lives = [life_table(found, one, lang) for one in found.families if one.without is not None]
    return kinds.table(), *lives


def life_table(found: Families, family: Family, lang: str) -> TextTable:
    """List a family's months without and with the package: consumption, and what came from whom.

    Parameters
    ----------
    found : Families
        What was found.
    family : Family
        A family that was followed.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Rupiah of the price year in a month, for the whole household.
    """
    before, after = family.lives
    names = sorted(
        {name for months in family.lives for month in months for name in month.programmes}
    )
    columns = [
        column("month", lang, numeric=False),
        column("ratio_without", lang),
        column("ratio_with", lang),
        *([] if family.idle_lives is None else [column("ratio_idle", lang)]),
    ]
    for name in names:
        label = programme_label(name.lower(), lang)
        columns += [
            Column(say(f"column.given_{world}_by", lang, words=label))
            for world in ("without", "with")
        ]
    columns += [column("neighbours", lang), column("services", lang, numeric=False)]
    given = [f"{name}_{world}" for name in names for world in ("without", "with")]
    worlds = ["ratio_without", "ratio_with", *(["ratio_idle"] if family.idle else [])]
    fields = ("month", *worlds, *given, "neighbours", "services")
    title = say("families.life_title", lang, family=named(family.kind, lang))
    builder = TableBuilder(f"family_{family.kind}", title, columns, fields)
    start = found.package.scenario.start
    idle = () if family.idle_lives is None else (family.idle_lives[1],)
    for usual, own, *rest in zip(before, after, *idle, strict=True):
        rupiah = [
            month.programmes[name].received if name in month.programmes else 0.0
            for name in names
            for month in (usual, own)
        ]
        builder.add(
            [
                numbers.month_name(start + own.row, lang),
                *(numbers.number(month.welfare, lang, 2) for month in (usual, own, *rest)),
                *(_rupiah(value, lang) for value in (*rupiah, own.neighbours)),
                _services(own, lang),
            ],
            [
                str(start + own.row),
                *(month.welfare for month in (usual, own, *rest)),
                *rupiah,
                own.neighbours,
                "; ".join(f"{one.kind}:{len(one.servers)}" for one in own.needs),
            ],
        )
    return builder.table()


def _rupiah(value: float, lang: str) -> str:
    """Write rupiah of a month; a dash for nothing."""
    return say_money(round(value), lang) if abs(value) >= _LEAST else numbers.EN_DASH


def _services(month: HouseholdMonth, lang: str) -> str:
    """Say which needs are open, and how many organisations serve them."""
    if not month.needs:
        return numbers.EN_DASH
    return "; ".join(
        say(
            "families.served_by" if one.servers else "families.served_by_nobody",
            lang,
            need=need(one.kind, lang),
            count=numbers.number(len(one.servers), lang),
        )
        for one in month.needs
    )
