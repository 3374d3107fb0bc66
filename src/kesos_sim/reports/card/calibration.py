"""The card of each set of calibrated parameters: how it was fitted, and how good it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from kesos_sim.data.calibrated import Calibrated, calibrated, calibrated_versions
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import dates, numbers
from kesos_sim.reports.card.markdown import plain, say, table, written

__all__ = ["calibration_lines"]

_PERCENT: Final = 100.0
_HASH: Final = 8


def calibration_lines(lang: str) -> Iterator[str]:
    """Yield what is to be known of calibrated parameters, the newest set first.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    str
        Lines of Markdown.
    """
    yield from (say("calibration.text", lang), "")
    for version in reversed(calibrated_versions()):
        yield from _set_lines(calibrated(version), lang)


def _set_lines(own: Calibrated, lang: str) -> Iterator[str]:
    """Yield the card of one set."""
    known = own.record

    def share(name: str) -> str:
        return numbers.percent(_PERCENT * float(str(known[name])), lang, 0)

    def error(name: str) -> str:
        return numbers.number(float(str(known[name])), lang, 2)

    worse = float(str(known["sealed_after"])) > float(str(known["sealed_before"]))
    yield (
        say(
            "calibration.set",
            lang,
            version=own.version,
            created=dates.date(dt.date.fromisoformat(str(known["created"])), lang),
            scenario=known["scenario"],
            households=numbers.number(int(str(known["households"])), lang),
            lives=numbers.number(int(str(known["lives"])), lang),
            code=str(known["code_hash"])[:_HASH],
            data=str(known["data_hash"])[:_HASH],
        )
    )
    yield ""
    yield (
        say(
            "calibration.errors",
            lang,
            figures=known["figures"],
            before=error("error_before"),
            after=error("error_after"),
            sealed=known["sealed"],
            sealed_before=error("sealed_before"),
            sealed_after=error("sealed_after"),
            verdict=say(f"calibration.verdict_{'worse' if worse else 'better'}", lang),
        )
    )
    yield ""
    yield (
        say(
            "calibration.trust",
            lang,
            within=share("within"),
            plausible=share("plausible"),
            truths=known["truths"],
            low=share("covered_low"),
            high=share("covered_high"),
        )
    )
    yield ""
    rows = parameter_table()
    yield from table(
        [
            say(f"calibration.{name}", lang)
            for name in ("parameter", "before", "value", "interval", "narrower")
        ],
        (
            (
                f"`{name}`",
                " ".join((plain(rows[name].value, lang), f"({rows[name].grade})")),
                *written(fitted.value, fitted.low, fitted.high, lang),
                plain(fitted.narrower, lang),
            )
            for name, fitted in own.parameters.items()
        ),
    )
