"""What is allowed but worth a warning: what its months cannot show, and what is a guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.regions import province_of
from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.scenario.coordination import rests_on_coordination
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.units import Month

# Source: table growth_prices, whose last year with output and prices is 2025; a survey year
# ends in March of the next.
LAST_LINKED: Final = Month(2026, 3)
"""Last month of a backcast whose growth is linked to observed inputs."""


def notices(scenarios: Iterable[Scenario]) -> tuple[Mapping[str, str], ...]:
    """Return warnings about what begins after the last month, and what nobody has measured or seen.

    Parameters
    ----------
    scenarios : iterable of Scenario
        The scenarios of a run or a comparison.

    Returns
    -------
    tuple of mapping of str to str
        Sentences in both languages, each once.
    """
    found: dict[str, Mapping[str, str]] = {}
    for scenario in scenarios:
        late: dict[Month, list[Mapping[str, str]]] = {}
        for names, first in _beginnings(scenario):
            if first is not None and first > scenario.end:
                late.setdefault(first, []).append(names)
        said = [_too_late(scenario, late)] if late else []
        if scenario.own_data is not None and not _touches(scenario):
            said.append(_outside(scenario))
        if rests_on_coordination(scenario):
            said.append(_never_measured(scenario))
        if scenario.growth == "backcast" and scenario.end > LAST_LINKED:
            said.append(_beyond(scenario))
        found |= {sentence["id"]: sentence for sentence in said}
    return tuple(found.values())


def _touches(scenario: Scenario) -> bool:
    """Return whether any own figure is of the scenario's districts or their provinces."""
    year = scenario.start.year
    inside = {*scenario.districts, *(province_of(code, year) for code in scenario.districts)}
    own = scenario.own_data
    return own is not None and any(figure.region in inside for figure in own.figures)


def _outside(scenario: Scenario) -> Mapping[str, str]:
    """Say that own data are of other regions."""
    return {
        lang: i18n.text("own_data.outside", lang, title=scenario.title[lang]) for lang in LANGUAGES
    }


def _never_measured(scenario: Scenario) -> Mapping[str, str]:
    """Say that the effect of coordination is a guess, and how to see the case without it."""
    return {
        lang: i18n.text("scenario.notice_never_measured", lang, title=scenario.title[lang])
        for lang in LANGUAGES
    }


def _beyond(scenario: Scenario) -> Mapping[str, str]:
    """Say that a backcast goes on without observed inputs."""
    return {
        lang: i18n.text(
            "scenario.notice_beyond",
            lang,
            title=scenario.title[lang],
            last=numbers.month_name(LAST_LINKED, lang),
        )
        for lang in LANGUAGES
    }


def _beginnings(scenario: Scenario) -> Iterator[tuple[Mapping[str, str], Month | None]]:
    """Yield the names and first months of everything that has a beginning."""
    for name, setting in scenario.levers.items():
        yield {lang: LEVERS[name].label(lang) for lang in LANGUAGES}, setting.start
    for event in scenario.events:
        key = f"scenario.word_hazard_{event.hazard}"
        yield {lang: i18n.text(key, lang) for lang in LANGUAGES}, event.month
    for programme in scenario.programmes:
        yield {lang: programme.label(lang) for lang in LANGUAGES}, programme.start


def _too_late(
    scenario: Scenario, late: Mapping[Month, Sequence[Mapping[str, str]]]
) -> Mapping[str, str]:
    """Say what has no effect because it begins too late, month by month."""
    return {
        lang: i18n.text(
            "scenario.notice_too_late",
            lang,
            title=scenario.title[lang],
            last=numbers.month_name(scenario.end, lang),
            names=". ".join(
                f"{numbers.month_name(first, lang)}: {'; '.join(names[lang] for names in named)}"
                for first, named in sorted(late.items())
            ),
        )
        for lang in LANGUAGES
    }
