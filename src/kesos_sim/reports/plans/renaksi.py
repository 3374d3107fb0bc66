"""Agreement and Renaksi of a meeting: the nine points of 2008 with their changed intensities."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data.regions import expand_region, mpu_provinces, province_of, region_name
from kesos_sim.i18n import numbers
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    SignatureBoxes,
    Table,
)
from kesos_sim.reports.plans.activities import (
    Activity,
    activities,
    lines_of_lever,
    payers_of_lever,
)
from kesos_sim.reports.plans.again import remade
from kesos_sim.reports.plans.aims import aim_of, passed_over
from kesos_sim.reports.plans.annex import finished
from kesos_sim.reports.plans.common import (
    Said,
    blocks_of,
    columns,
    doubt,
    level_range,
    lever_label,
    opening,
    outcome_blocks,
    say_plan,
)
from kesos_sim.reports.plans.package import Package, chosen
from kesos_sim.reports.tables import Cell, TableBuilder, TextTable, known
from kesos_sim.reports.values import say, unit_words
from kesos_sim.scenario.coordination import rests_on_coordination
from kesos_sim.scenario.levers import LEVERS, POINTS
from kesos_sim.scenario.words import lever_setting, programme_words

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison

__all__ = ["Meeting", "renaksi"]

_FILL: Final = frozenset({2})
_SHARES: Final = (7.0, 24.0, 14.0, 10.0, 18.0, 18.0, 9.0, 14.0, 13.0)
_OF_PROGRAMMES: Final = ("poverty_rate",)
_FIELDS: Final = (
    "point",
    "activity",
    "responsible",
    "years",
    "fund",
    "indicator",
    "target",
    "low_value",
    "high_value",
    "target_zero",
    "baseline",
    "rests",
    "unit",
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is known about a meeting; what is left out is a field to be filled in.

    Attributes
    ----------
    day : datetime.date, optional
        When it was held.
    place : str
        Where.
    parties : tuple of str
        Who agrees and signs; the provinces of the region when left out.
    considering : tuple of str
        Considerations; the customary ones when left out.
    dissent : tuple of str
        Notes and objections, as they were said.

    Examples
    --------
    >>> from kesos_sim.workbench.measures import section
    >>> from kesos_sim import compare, load_scenario
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> held = Meeting(place="Blora", dissent=("One table asks for a slower ramp.",))
    >>> draft = renaksi(compare(today, [more], draws=0), "en", meeting=held)
    >>> [line for line in section(draft, 0).text.splitlines() if line.startswith("Place")]
    ['Place: Blora']
    """

    day: dt.date | None = None
    place: str = ""
    parties: tuple[str, ...] = ()
    considering: tuple[str, ...] = ()
    dissent: tuple[str, ...] = ()


def renaksi(
    comparison: Comparison,
    lang: str = "id",
    *,
    package: str | None = None,
    meeting: Meeting | None = None,
    notes: Said = (),
) -> Document:
    """Make the agreement and the plan of action of a meeting.

    Parameters
    ----------
    comparison : Comparison
        The package beside its baseline.
    lang : str
        ``id`` or ``en``.
    package : str, optional
        Name of the alternative; may be left out when there is only one.
    meeting : Meeting, optional
        Date, place, parties, considerations, dissent.
    notes : sequence of str, Chart, TextTable or Block
        What is added before the signatures.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        If the package is not in the comparison.
    KesosError
        If the provenance is incomplete.

    Examples
    --------
    >>> from kesos_sim import compare, load_scenario
    >>> from kesos_sim.workbench.measures import section
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> early = {"levers.apbd_poverty_share.from": "2024-04"}
    >>> more = load_scenario("scenarios/apbd-10.yaml", world | early)
    >>> draft = renaksi(compare(today, [more], draws=0), "en")
    >>> print(section(draft, 2).text.splitlines()[1])
    Point 1. Standing of the BKKKS in the regional system
    """
    asked, met = chosen(comparison, package, lang), meeting or Meeting()
    parties = met.parties or tuple(
        asked.context.place(code, lang) for code in asked.context.provinces
    )
    parties = parties or (asked.place,)
    fields = tuple(say_plan(f"signature_{name}", lang) for name in ("name", "office", "date"))
    blocks = (
        *_opening(asked, met, parties),
        *_points(asked),
        *_dissent(met, lang),
        Heading(say_plan("outcome", lang)),
        *outcome_blocks(asked),
        Table(
            action_table(asked),
            say_plan("renaksi_note", lang, month=numbers.month_name(asked.results.horizon, lang)),
            fill=_FILL,
            shares=_SHARES,
            wide=True,
        ),
        *_worse(asked),
        *blocks_of(notes, lang),
        *doubt(asked),
        Heading(say_plan("renaksi_signatures", lang)),
        Paragraph(say_plan("renaksi_draft", lang)),
        SignatureBoxes(parties, fields),
    )
    subtitle = f"{say_plan('renaksi_forum', lang)} · {asked.title}"
    title = say_plan("renaksi_title", lang)
    again = remade(asked, "renaksi", sections={"notes": notes})
    return finished(asked, "renaksi", title, blocks, again, subtitle=subtitle)


def _opening(package: Package, met: Meeting, parties: Sequence[str]) -> Iterator[Block]:
    """Yield the statement on top, date, place, parties and considerations."""
    lang = package.lang
    yield from opening(
        lang,
        say_plan("renaksi_draft", lang),
        date="" if met.day is None else numbers.date(met.day, lang, weekday=True),
        place=met.place,
        parties=", ".join(parties),
        region=package.place,
        period=package.period,
    )
    strangers = _strangers(package)
    if strangers:
        yield Paragraph(say_plan("renaksi_outside", lang, places=", ".join(strangers)))
    yield Heading(say_plan("renaksi_considering", lang))
    usual = ["consider_law", "consider_2008", "consider_results"]
    if strangers:
        usual.remove("consider_2008")
    yield Bullets(met.considering or tuple(say_plan(key, lang) for key in usual), numbered=True)


def _strangers(package: Package) -> list[str]:
    """Return the names of provinces of the run that are none of the ten."""
    found = {province_of(district) for district in expand_region(package.scenario.region)}
    return [region_name(code, package.lang) for code in sorted(found - set(mpu_provinces()))]


def _points(package: Package) -> Iterator[Block]:
    """Yield the nine points in their order, with what stays and what changes, then the rest."""
    lang = package.lang
    yield Heading(say_plan("renaksi_points", lang))
    for point in POINTS:
        name = i18n.text(f"forum_page.point_{point}", lang)
        yield Heading(say_plan("point", lang, number=str(point), name=name), 2)
        yield Bullets(
            tuple(_clause(package, lever.name) for lever in LEVERS.values() if lever.point == point)
        )
    own = [name for name in package.levers if LEVERS[name].point is None]
    clauses = [_clause(package, name) for name in own]
    clauses += [programme_words(one, lang) for one in package.programmes]
    if clauses:
        yield Heading(say_plan("point_own", lang), 2)
        yield Bullets(tuple(clauses))


def _clause(package: Package, name: str) -> str:
    """Write what a package does with a lever."""
    lang, label = package.lang, lever_label(name, package.lang)
    old, new = (
        lever_setting(name, one.levers.get(name), lang) for one in (package.usual, package.scenario)
    )
    if name in package.levers:
        return say_plan("point_changed", lang, label=label, old=old, new=new)
    return say_plan("point_same", lang, label=label, old=old)


def _dissent(met: Meeting, lang: str) -> Iterator[Block]:
    """Yield what was objected, or a field for it."""
    yield Heading(say_plan("renaksi_dissent", lang))
    if met.dissent:
        yield Bullets(met.dissent)
    else:
        yield Facts(((say_plan("renaksi_no_dissent", lang), ""),))


def _worse(package: Package) -> Iterator[Block]:
    """Yield which indicators are no targets, behind the table and not on its page."""
    aims = [aim_of(package, LEVERS[name].acts_on) for name in package.levers]
    aims += [aim_of(package, _OF_PROGRAMMES) for _ in package.programmes]
    words = passed_over([aim for aim in aims if aim], package)
    if words:
        yield Paragraph(words, quiet=True)


def action_table(package: Package) -> TextTable:
    """List the action of a package by point: who, when, with which money, towards what.

    Parameters
    ----------
    package : Package
        The package.

    Returns
    -------
    TextTable
        One row per lever that is moved and per programme of the scenario's own.
    """
    lang = package.lang
    heads = columns(
        lang,
        point=False,
        activity=False,
        responsible=False,
        years=False,
        fund=False,
        indicator=False,
        indicator_target=True,
        model_range=True,
        target_zero=True,
    )
    title = say_plan("renaksi_table", lang, period=package.period)
    builder = TableBuilder("renaksi", title, heads, _FIELDS)
    spent = {one.line: one for year in package.years for one in activities(package, year)}
    last = POINTS[-1] + 1
    for name in sorted(package.levers, key=lambda one: LEVERS[one].point or last):
        words, values = _row(package, name, spent)
        builder.add(words, values)
    for programme in package.programmes:
        payer = i18n.text(f"charts.stream_{programme.stream}", lang)
        about = f"{programme.label(lang)}"
        since = str((programme.start or package.scenario.start).year)
        aim, figures = _aim(package, _OF_PROGRAMMES, coordinated=False)
        row = (say_plan("own_point", lang), about, "", _years(package, since), payer)
        builder.add((*row, *aim), (*(word or None for word in row), *figures))
    return builder.table()


def _row(
    package: Package, name: str, spent: dict[str, Activity]
) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Return the row of a lever, in words and as data."""
    lang, lever = package.lang, LEVERS[name]
    setting = package.scenario.levers.get(name)
    start = (setting.start if setting and setting.start else package.scenario.start).year
    paid = [spent[line] for line in lines_of_lever(name) if line in spent]
    found = {stream for one in paid for stream in one.by_stream}
    payers = [stream for stream in payers_of_lever(name) if stream in found]
    fund = ", ".join(i18n.text(f"charts.stream_{stream}", lang) for stream in payers)
    words = say_plan(
        "action", lang, label=lever_label(name, lang), setting=lever_setting(name, setting, lang)
    )
    row = (
        str(lever.point or say_plan("own_point", lang)),
        words,
        "",
        _years(package, str(start)),
        fund or _unspent(package, name, start),
    )
    aim, figures = _aim(package, lever.acts_on, coordinated=bool(lever.strengths))
    return (*row, *aim), (*(word or None for word in row), *figures)


def _unspent(package: Package, name: str, start: int) -> str:
    """Say who pays for a lever without spending: by its rule where no whole year was run."""
    lived = any(year >= start for year in package.years)
    return say_plan("cost_zero", package.lang) if lived else LEVERS[name].cost_rule(package.lang)


def _years(package: Package, first: str) -> str:
    """Write from which year to which the run covers an action."""
    last = str(package.results.horizon.year)
    return first if first == last else f"{first}{numbers.EN_DASH}{last}"


def _aim(
    package: Package, names: Iterable[str], *, coordinated: bool
) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Return indicator, target, range, and the value if coordination changed nothing.

    All are of the whole package, so the last one is there also where the action itself does not
    rest on coordination. First in words, then as data: the value without the package, whether the
    action rests on coordination and the unit come last there.
    """
    lang = package.lang
    weak = package.context.without_effect.get(package.name, {})
    rests = i18n.text(f"reports.{'yes' if coordinated else 'no'}", lang)
    aim = aim_of(package, names)
    if aim is None:
        return (numbers.EN_DASH,) * 4, (numbers.EN_DASH, None, None, None, None, None, rests, None)
    definition, estimate = aim.definition, aim.estimate
    label, value = package.context.label(definition, lang), say(estimate.value, definition, lang)
    if aim.worse:
        before = say(estimate.baseline, definition, lang)
        value = say_plan("target_worse", lang, value=value, before=before)
    zero = weak[definition.name][0] if definition.name in weak else math.nan
    said = say(zero, definition, lang)
    if not rests_on_coordination(package.scenario):
        said = say_plan("not_of_coordination", lang)
    ends = (estimate.low_value, estimate.high_value)
    figures = (known(one) for one in (estimate.value, *ends, zero, estimate.baseline))
    return (
        (label, value, level_range(estimate, definition, lang), said),
        (label, *figures, rests, unit_words(definition, lang)),
    )
