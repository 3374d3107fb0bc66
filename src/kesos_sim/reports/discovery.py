"""Boxes of worlds as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.context import in_language
from kesos_sim.reports.influence import factor_name
from kesos_sim.reports.values import say_difference

if TYPE_CHECKING:
    from kesos_sim.experiments.discovery import Discovery, Limit

__all__ = ["sentences"]

_PERCENT: Final = 100.0
_SIGNIFICANT: Final = 2


def sentences(found: Discovery, lang: str) -> tuple[str, ...]:
    """Say in which worlds a package falls short.

    Parameters
    ----------
    found : Discovery
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        What was asked, in how many worlds it is not reached, and what these have in common.
    """
    definition = indicator(found.indicator)
    label = definition.label(lang)
    package = next(
        run.scenario for run in found.ensemble.runs if run.scenario.name == found.scenario
    )
    asked = (
        numbers.points(found.asked, lang, definition.decimals)
        if definition.unit == "percent"
        else say_difference(found.asked, definition, lang).removeprefix("+")
    )
    told = [
        i18n.text(
            f"discovery.asked_{definition.direction}",
            lang,
            package=in_language(package.title, lang),
            indicator=label[:1].lower() + label[1:],
            asked=asked,
        )
    ]
    total, short = found.short.size, int(found.short.sum())
    key = "always" if short == total else "count" if short else "never"
    told.append(i18n.text(f"discovery.{key}", lang, short=short, total=total))
    if 0 < short < total:
        if found.box is None:
            told.append(i18n.text("discovery.no_box", lang))
        else:
            limits = f" {i18n.text('discovery.and', lang)} ".join(
                _limit(limit, lang) for limit in found.box.limits
            )
            told.append(
                i18n.text(
                    "discovery.box",
                    lang,
                    limits=limits,
                    density=numbers.percent(_PERCENT * found.box.density, lang, 0),
                    coverage=numbers.percent(_PERCENT * found.box.coverage, lang, 0),
                )
            )
            told.append(i18n.text("discovery.doubt", lang))
    return tuple(told)


def _limit(limit: Limit, lang: str) -> str:
    """Say one side of a box."""
    if limit.options:
        options = f" {i18n.text('discovery.or', lang)} ".join(
            i18n.text(f"discovery.option_{option}", lang) for option in limit.options
        )
        name = i18n.text(f"ensemble.rule_{limit.name}", lang).partition(" (")[0]
        return i18n.text("discovery.options", lang, name=name, options=options)
    ends = {
        name: numbers.short(end, lang, _SIGNIFICANT)
        for name, end in (("low", limit.low), ("high", limit.high))
        if end is not None
    }
    key = "between" if len(ends) > 1 else "above" if "low" in ends else "below"
    return i18n.text(f"discovery.{key}", lang, name=factor_name(limit.name, lang), **ends)
