"""The card of the fitted surface behind the forum's instant answers: made of what, how wrong."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import dates, numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.card.markdown import say, table

__all__ = ["emulator_lines"]

_SHOWN: Final = (
    "poverty_rate",
    "poverty_gap",
    "extreme_poverty_rate",
    "gini",
    "exclusion_error",
    "inclusion_error",
    "unmet_need_rate",
    "duplicate_service_rate",
    "days_to_service",
    "coordination_active",
    "bylaw_coverage",
    "budget_spent",
)
_PERCENT: Final = 100.0
_MINUTE: Final = 60.0
_HASH: Final = 8
_POOR: Final = 0.5
"""Part of the variance below which an outcome is called poorly told."""


@cache
def _surface() -> Mapping[str, Any]:
    """Return the shipped surface as it is written."""
    source = files("kesos_sim") / "emulator" / "surfaces" / "mpu.json"
    found: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


def emulator_lines(lang: str) -> Iterator[str]:
    """Yield what is to be known of the surface.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    str
        Lines of Markdown.
    """
    made, errors = _surface()["made"], _surface()["errors"]
    yield (
        say(
            "emulator.text",
            lang,
            on=dates.date(dt.date.fromisoformat(made["on"]), lang),
            runs=numbers.number(made["runs"], lang),
            worlds=numbers.number(made["sample"]["worlds"], lang),
            households=numbers.number(made["households"], lang),
            minutes=numbers.number(made["seconds_of_lives"] / _MINUTE, lang),
            code=made["code"][:_HASH],
            data=made["data"][:_HASH],
        )
    )
    yield ""
    yield from table(
        [say(f"emulator.{name}", lang) for name in ("outcome", "mae", "r2", "coverage")],
        (
            (
                indicator(name).label(lang),
                _error(name, errors[name]["mae"], lang),
                numbers.number(errors[name]["r2"], lang, 2),
                numbers.percent(_PERCENT * errors[name]["coverage"], lang, 0),
            )
            for name in _SHOWN
        ),
    )
    poor = [
        indicator(name).label(lang)
        for name, own in errors.items()
        if own["r2"] < _POOR and not name.startswith("people_")
    ]
    yield from (say("emulator.poor", lang, outcomes="; ".join(poor)), "")
    yield from (say("emulator.limits", lang), "")


def _error(name: str, value: float, lang: str) -> str:
    """Write an error in the unit of its outcome."""
    known = indicator(name)
    if known.unit == "rupiah":
        return numbers.rupiah(value, lang)
    units = {
        "percent": i18n.text("card.emulator.points", lang),
        "days": known.unit_label(lang),
    }
    unit = units.get(known.unit, "")
    return f"{numbers.number(value, lang, max(known.decimals, 2))} {unit}".rstrip()
