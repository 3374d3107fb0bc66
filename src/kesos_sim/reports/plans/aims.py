"""Which indicator tells whether an action does what it is for: never one that gets worse unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.frames import Estimate
from kesos_sim.reports.plans.common import say_plan
from kesos_sim.reports.plans.package import Package
from kesos_sim.reports.values import say
from kesos_sim.units import Month

__all__ = ["Aim", "aim_of", "passed_over"]

_WORSE: Final = {"lower": 1.0, "higher": -1.0, "neutral": 0.0}
"""Sign of a change for the worse, by the direction in which an indicator is better."""
_DOUBLED: Final = "duplicate_service_rate"


@dataclass(frozen=True, slots=True)
class Aim:
    """An indicator of an action, with its value under the whole package.

    Attributes
    ----------
    definition : Indicator
        The indicator.
    estimate : Estimate
        Without and with the package.
    skipped : tuple of (Indicator, Estimate)
        Indicators that are nearer to the action and get worse, though this one does not.
    """

    definition: Indicator
    estimate: Estimate
    skipped: tuple[tuple[Indicator, Estimate], ...] = ()

    @property
    def worse(self) -> bool:
        """Whether the whole package makes it worse, by more than a sentence would show."""
        return _is_worse(self.definition, self.estimate)


def aim_of(package: Package, names: Iterable[str], month: Month | None = None) -> Aim | None:
    """Choose the indicator of an action.

    Parameters
    ----------
    package : Package
        The package.
    names : iterable of str
        Indicators that the action moves, the most direct first.
    month : Month, optional
        Without it the last month.

    Returns
    -------
    Aim or None
        The most direct one that the whole package does not make worse; where it makes all of them
        worse the most direct one; None where none has a value. What counts nothing, neither
        without nor with the package, is no target while another has a value.
    """
    found = [(indicator(name), one) for name in names if (one := package.at(name, month))]
    found = [(name, one) for name, one in found if one.baseline or one.value] or found
    good = next((k for k, one in enumerate(found) if not _is_worse(*one)), None)
    if good is None:
        return Aim(*found[0]) if found else None
    return Aim(*found[good], skipped=tuple(found[:good]))


def passed_over(aims: Sequence[Aim], package: Package) -> str:
    """Say which indicators are no targets because the whole package makes them worse, and why.

    Parameters
    ----------
    aims : sequence of Aim
        Aims of the actions of a table.
    package : Package
        The package.

    Returns
    -------
    str
        One or two sentences; empty where none gets worse.
    """
    lang = package.lang
    worse = [one for aim in aims for one in aim.skipped]
    worse += [(aim.definition, aim.estimate) for aim in aims if aim.worse]
    if not worse:
        return ""
    listed = {
        definition.name: say_plan(
            "target_words",
            lang,
            name=package.context.label(definition, lang),
            before=say(estimate.baseline, definition, lang),
            after=say(estimate.value, definition, lang),
            range="",
        )
        for definition, estimate in worse
    }
    words = say_plan("aims_worse", lang, listed="; ".join(listed.values()))
    return f"{words} {say_plan('aims_doubled', lang)}" if _DOUBLED in listed else words


def _is_worse(definition: Indicator, estimate: Estimate) -> bool:
    return estimate.difference * _WORSE[definition.direction] > definition.negligible
