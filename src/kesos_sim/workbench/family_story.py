"""A family in several scenarios: what is kept of it, and the same as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.reports.story import Chapter
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.scenario import Scenario
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.experiments.family_traits import Wanted
    from kesos_sim.experiments.run import Progress

__all__ = ["Life", "Lives", "Year", "lives_of", "told", "years_table"]


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a family.

    Attributes
    ----------
    year : int
        The calendar year.
    months : int
        Months of it that were lived.
    welfare : float
        Mean consumption per person over the poverty line.
    poor : int
        Months below the line.
    help : float
        Rupiah of the price year that help and local income gave it.
    """

    year: int
    months: int
    welfare: float
    poor: int
    help: float


@dataclass(frozen=True, slots=True)
class Life:
    """A family in one scenario.

    Attributes
    ----------
    title : mapping of str to str
        Name of the scenario by language.
    years : tuple of Year
        Its years.
    chapters : mapping of str to tuple of Chapter
        Its story by language.
    """

    title: Mapping[str, str]
    years: tuple[Year, ...]
    chapters: Mapping[str, tuple[Chapter, ...]]


@dataclass(frozen=True, slots=True)
class Lives:
    """A family in several scenarios.

    Attributes
    ----------
    intro : mapping of str to str
        Who it is, by language.
    alike : int
        Simulated families with the same traits.
    stands_for : float
        Real families that all of these stand for.
    start : str
        The base month.
    lives : tuple of Life
        What it lives through, without the change first.
    provenance : mapping of str to object
        Where the figures come from.
    """

    intro: Mapping[str, str]
    alike: int
    stands_for: float
    start: str
    lives: tuple[Life, ...]
    provenance: Mapping[str, object]


def lives_of(
    scenarios: Sequence[Scenario],
    wanted: Wanted,
    which: int,
    *,
    progress: Progress | None = None,
) -> Lives:
    """Find a family and tell its years in each scenario; see `family_traits.followed`.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The one without the change first.
    wanted : Wanted
        What the family is like.
    which : int
        Which of those alike.
    progress : callable, optional
        Told what is being done.

    Returns
    -------
    Lives

    Raises
    ------
    InputError
        If no simulated family is like that.
    """
    from kesos_sim.experiments.family_traits import followed
    from kesos_sim.reports.story import years_of
    from kesos_sim.reports.story_household import household_chapters, household_intro

    family, seen, provenance = followed(scenarios, wanted, which, progress=progress)
    start, rows = scenarios[0].start, range(scenarios[0].months + 1)
    lives = []
    for scenario, one in zip(scenarios, seen, strict=True):
        years = tuple(
            Year(
                year=(start + row).year,
                months=len(months),
                welfare=sum(month.welfare for month in months) / len(months),
                poor=sum(month.welfare < 1.0 for month in months),
                help=sum(month.help for month in months),
            )
            for row, months in years_of(one.months, start).items()
        )
        told = {lang: household_chapters(one, rows, lang) for lang in i18n.LANGUAGES}
        lives.append(Life(dict(scenario.title), years, told))
    intro = {lang: household_intro(seen[0], lang) for lang in i18n.LANGUAGES}
    return Lives(intro, family.alike, family.stands_for, str(start), tuple(lives), provenance)


def told(found: Lives, lang: str) -> str:
    """Return a family as HTML: who it is, its years in numbers, its months in words.

    Parameters
    ----------
    found : Lives
        What was seen.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A ``section``, escaped.
    """
    known: Any = found.provenance
    line = required(Provenance(**known)).line(lang)
    columns = "".join(_story(life, Month.parse(found.start), lang) for life in found.lives)
    return (
        f'<section lang="{lang}"><p class="headline">{escape(found.intro[lang])}</p>'
        f"<p>{escape(i18n.text('planner.family_one', lang))}</p>"
        f"{table_html(years_table(found, lang))}"
        f'<div class="beside">{columns}</div>'
        f'<p class="quiet provenance">{escape(line)}</p></section>'
    )


def years_table(found: Lives, lang: str) -> TextTable:
    """Return the years of a family side by side.

    Parameters
    ----------
    found : Lives
        What was seen.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per year; for each scenario ratio to the line, poor months and rupiah of help.
    """
    kinds = ("ratio", "poor_months", "help")
    columns = [Column(i18n.text("planner.year", lang), numeric=False)]
    fields = ["year"]
    for number, life in enumerate(found.lives):
        columns += [
            Column(f"{i18n.text(f'planner.{kind}', lang)}: {life.title[lang]}") for kind in kinds
        ]
        fields += [f"{kind}_{number}" for kind in kinds]
    builder = TableBuilder(
        "family", i18n.text("planner.family_table", lang), columns, tuple(fields)
    )
    for years in zip(*(life.years for life in found.lives), strict=True):
        words, values = [str(years[0].year)], [years[0].year]
        for year in years:
            words += [
                numbers.number(year.welfare, lang, 2),
                numbers.number(year.poor, lang),
                numbers.rupiah(round(year.help), lang),
            ]
            values += [year.welfare, year.poor, year.help]
        builder.add(tuple(words), tuple(values))
    return builder.table()


def _story(life: Life, start: Month, lang: str) -> str:
    """Return the story of a family in one scenario, a year to unfold at a time."""
    years: dict[int, list[str]] = {}
    for chapter in life.chapters[lang]:
        if chapter.sentences:
            month = start + chapter.row
            said = "".join(f"<li>{escape(line)}</li>" for line in chapter.sentences)
            name = escape(numbers.month_name(month, lang))
            years.setdefault(month.year, []).append(f"<h5>{name}</h5><ul>{said}</ul>")
    folded = "".join(
        f"<details><summary>{year}</summary>{''.join(months)}</details>"
        for year, months in years.items()
    )
    return f"<div><h4>{escape(life.title[lang])}</h4>{folded}</div>"
